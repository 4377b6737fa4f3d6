//! What a share link shows: the figures of its project under its filter, as those see them who may only see sums.

use super::shares::Fixed;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::monitors::failure;
use crate::api::types::{
    ApiError, Breakdown, BreakdownParams, FilterParams, MentionPage, MentionView, Overview, PageParams,
    Series, SeriesParams,
};
use crate::api::{Failure, Shared, analytics, mentions};
use crate::control::{Share, ShareLevel};
use axum::Json;
use axum::extract::{Path, State};
use serde::Serialize;
use utoipa::ToSchema;

/// What a share link is about.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedView {
    /// What it is for.
    name: String,
    /// The project's name.
    project: String,
    /// What it shows.
    level: ShareLevel,
    /// Whether it shows a dashboard: `GET /api/v1/share/{token}/dashboard`.
    is_dashboard: bool,
    /// When it ends.
    expires_at: i64,
}

/// A mention without what leads to a text or a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedMention {
    /// When it was published.
    created_at: i64,
    /// The platform.
    source: String,
    /// The monitor's id.
    monitor: String,
    /// The language.
    lang: String,
    /// The kind of post.
    kind: String,
    /// `negative`, `neutral` or `positive`, where it was scored.
    sentiment: Option<String>,
}

/// A page of mentions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedPage {
    /// The mentions.
    items: Vec<SharedMention>,
    /// Give this as `cursor` for those that follow; `null` at the end.
    next: Option<String>,
    /// Mentions in all.
    total: u64,
}

/// A link, and its filter of now.
pub(super) struct Opened {
    pub(super) share: Share,
    pub(super) filter: FilterParams,
}

pub(super) async fn opened(app: &Shared, token: String) -> Result<Opened, Failure> {
    let app = app.0.clone();
    blocking(move || {
        let share = app.engine.control.shared(&token).map_err(failure)?;
        let fixed: Fixed =
            serde_json::from_str(&share.filter).map_err(|e| Failure::Internal(e.to_string()))?;
        let filter = fixed.at(crate::clock::now());
        Ok(Opened { share, filter })
    })
    .await
}

/// The same of a link that shows figures; one that shows a dashboard answers its questions alone.
async fn of_figures(app: &Shared, token: String) -> Result<Opened, Failure> {
    let link = opened(app, token).await?;
    match link.share.dashboard {
        None => Ok(link),
        Some(_) => Err(Failure::Forbidden {
            code: "dashboard",
            message: "this link shows a dashboard and nothing else".to_owned(),
            hint: "GET /api/v1/share/{token}/dashboard lists its widgets",
        }),
    }
}

fn access(share: &Share) -> Access {
    Access::share(&share.id, &share.project)
}

/// What a share link is about.
#[utoipa::path(get, path = "/share/{token}", operation_id = "get_shared", tag = "share", params(("token" = String, Path)),
    responses((status = 200, body = SharedView), (status = 404, body = ApiError)))]
pub(crate) async fn about(app: Shared, Path(token): Path<String>) -> Result<Json<SharedView>, Failure> {
    let Opened { share, .. } = opened(&app, token).await?;
    blocking(move || {
        let control = &app.engine.control;
        let project = control.project(&share.project).map_err(failure)?;
        if let Some(id) = &share.dashboard {
            control.dashboard(&share.project, id).map_err(failure)?;
        }
        Ok(Json(SharedView {
            name: share.name,
            project: project.name,
            level: share.level,
            is_dashboard: share.dashboard.is_some(),
            expires_at: share.expires_at,
        }))
    })
    .await
}

/// The headline figures that a share link shows.
#[utoipa::path(get, path = "/share/{token}/overview", operation_id = "shared_overview", tag = "share", params(("token" = String, Path)),
    responses((status = 200, body = Overview), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn overview(app: Shared, Path(token): Path<String>) -> Result<Json<Overview>, Failure> {
    let Opened { share, filter } = of_figures(&app, token).await?;
    analytics::overview(app, access(&share), Params(filter)).await
}

/// The series that a share link shows.
#[utoipa::path(get, path = "/share/{token}/series", operation_id = "shared_series", tag = "share", params(("token" = String, Path), SeriesParams),
    responses((status = 200, body = Series), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn series(
    app: Shared,
    Path(token): Path<String>,
    cut: Params<SeriesParams>,
) -> Result<Json<Series>, Failure> {
    let Opened { share, filter } = of_figures(&app, token).await?;
    analytics::series(app, access(&share), Params(filter), cut).await
}

/// The breakdowns that a share link shows, without small cells.
#[utoipa::path(get, path = "/share/{token}/breakdown", operation_id = "shared_breakdown", tag = "share", params(("token" = String, Path), BreakdownParams),
    responses((status = 200, body = Breakdown), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn breakdown(
    app: Shared,
    Path(token): Path<String>,
    by: Params<BreakdownParams>,
) -> Result<Json<Breakdown>, Failure> {
    let Opened { share, filter } = of_figures(&app, token).await?;
    analytics::breakdown(app, access(&share), Params(filter), by).await
}

/// Single mentions that a share link of the level `mentions` shows: no text, no author, no key.
#[utoipa::path(get, path = "/share/{token}/mentions", operation_id = "shared_mentions", tag = "share", params(("token" = String, Path), PageParams),
    responses((status = 200, body = SharedPage), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn page(
    app: Shared,
    Path(token): Path<String>,
    paging: Params<PageParams>,
) -> Result<Json<SharedPage>, Failure> {
    let Opened { share, filter } = of_figures(&app, token).await?;
    if share.level != ShareLevel::Mentions {
        return Err(Failure::Forbidden {
            code: "level",
            message: "this link shows sums only".to_owned(),
            hint: "ask whoever made it for one of the level `mentions`",
        });
    }
    let Json(page) = mentions::page(State(app.0), Params(filter), paging).await?;
    Ok(Json(shown(page)))
}

/// Mentions without what leads to a text or a person.
pub(super) fn shown(page: MentionPage) -> SharedPage {
    let mention = |m: MentionView| SharedMention {
        created_at: m.post.created_at,
        source: m.post.source,
        monitor: m.monitor,
        lang: m.post.lang,
        kind: m.post.kind,
        sentiment: m.sentiment.map(|s| s.label),
    };
    SharedPage {
        items: page.items.into_iter().map(mention).collect(),
        next: page.next,
        total: page.total,
    }
}
