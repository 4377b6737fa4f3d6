//! Mentions, newest first.

use super::error::blocking;
use super::extract::Params;
use super::types::{ApiError, FilterParams, MentionPage, PageParams};
use super::{Failure, Shared, filter, measure, rules};
use axum::Json;
use store::Cursor;

/// A page of mentions under a filter, newest first. Paging stays right while new mentions come in.
#[utoipa::path(get, path = "/mentions", operation_id = "list_mentions", tag = "mentions", params(FilterParams, PageParams),
    responses((status = 200, body = MentionPage), (status = 400, body = ApiError)))]
pub(super) async fn page(
    app: Shared,
    Params(params): Params<FilterParams>,
    Params(paging): Params<PageParams>,
) -> Result<Json<MentionPage>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let limit = paging.limit.unwrap_or(50).clamp(1, 500);
    let cursor = match &paging.cursor {
        Some(text) => Some(
            text.parse::<Cursor>()
                .map_err(|_| Failure::Bad(format!("`{text}` is no cursor")))?,
        ),
        None => None,
    };
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let page = snapshot.mentions(&asked.filter, cursor, limit)?;
        let live = app.engine.live.load();
        let mut items: Vec<_> = page
            .items
            .iter()
            .map(|m| crate::view::mention(m, snapshot.marks().of(m.id), &live))
            .collect();
        measure::named::copies::count(&snapshot, &asked.project, &mut items)?;
        Ok(Json(MentionPage {
            items,
            next: page.next.map(|c| c.to_string()),
            total: page.total,
            policy_labels: rules::labels(&snapshot, &asked.filter)?,
        }))
    })
    .await
}
