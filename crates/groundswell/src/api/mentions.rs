//! Mentions, page by page.

use super::error::blocking;
use super::extract::Params;
use super::types::{ApiError, FilterParams, MentionPage, PageParams};
use super::{Failure, Shared, filter, measure, rules};
use axum::Json;
use std::str::FromStr;
use store::{Filter, Mention, Snapshot, Sort};

/// A page of mentions under a filter, newest first or in another order. Paging stays right while new mentions come in.
#[utoipa::path(get, path = "/mentions", operation_id = "list_mentions", tag = "mentions", params(FilterParams, PageParams),
    responses((status = 200, body = MentionPage), (status = 400, body = ApiError)))]
pub(super) async fn page(
    app: Shared,
    Params(params): Params<FilterParams>,
    Params(paging): Params<PageParams>,
) -> Result<Json<MentionPage>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let limit = paging.limit.unwrap_or(50).clamp(1, 500);
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let page = listed(&snapshot, &asked.filter, &paging, limit)?;
        let live = app.engine.live.load();
        let mut items: Vec<_> = page
            .items
            .iter()
            .map(|m| crate::view::mention(m, snapshot.marks().of(m.id), &live))
            .collect();
        measure::named::copies::count(&snapshot, &asked.project, &mut items)?;
        Ok(Json(MentionPage {
            items,
            next: page.next,
            total: page.total,
            policy_labels: rules::labels(&snapshot, &asked.filter)?,
        }))
    })
    .await
}

/// Mentions in an order.
struct Listed {
    items: Vec<Mention>,
    next: Option<String>,
    total: u64,
}

fn listed(
    snapshot: &Snapshot,
    filter: &Filter,
    paging: &PageParams,
    limit: usize,
) -> Result<Listed, Failure> {
    let sort = match paging.sort.as_deref().unwrap_or_default() {
        "" | "newest" => None,
        name => Some(Sort::from_name(name).ok_or_else(|| {
            let known = Sort::ALL.map(Sort::name).join(", ");
            Failure::Bad(format!("`{name:.40}` is no order; known: newest, {known}"))
        })?),
    };
    if sort == Some(Sort::Relevance) && filter.q.is_none() {
        let why = "`relevance` is how well mentions answer a search: it needs `q`";
        return Err(Failure::Bad(why.to_owned()));
    }
    Ok(match sort {
        None => {
            let page = snapshot.mentions(filter, place(paging)?, limit)?;
            Listed {
                items: page.items,
                next: page.next.map(|at| at.to_string()),
                total: page.total,
            }
        }
        Some(sort) => {
            let page = snapshot.sorted(filter, sort, place(paging)?, limit)?;
            Listed {
                items: page.items,
                next: page.next.map(|at| at.to_string()),
                total: page.total,
            }
        }
    })
}

/// Where a page begins.
fn place<P: FromStr>(paging: &PageParams) -> Result<Option<P>, Failure> {
    let read = |text: &String| {
        text.parse()
            .map_err(|_| Failure::Bad(format!("`{text:.64}` is no cursor of this order")))
    };
    paging.cursor.as_ref().map(read).transpose()
}
