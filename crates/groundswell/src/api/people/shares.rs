//! Share links: made, listed and withdrawn.

use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::{ApiError, FilterParams};
use crate::api::{App, Failure, Shared, door, filter, rules};
use crate::control::{Action, NewShare, Share, ShareLevel};
use axum::Json;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, StatusCode, Uri};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest that a share link holds, in days.
const MAX_DAYS: u32 = 366;
const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// A share link to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ShareInput {
    /// What it is for.
    name: String,
    /// What it shows.
    level: ShareLevel,
    /// The filter, as the query string of `GET /api/v1/overview`. It is fixed: whoever has the link cannot change it.
    #[serde(default)]
    filter: String,
    /// Shows a dashboard, and answers its questions alone.
    #[serde(default)]
    dashboard: Option<String>,
    /// Shows the last hours, whenever it is looked at, in place of a fixed period.
    hours: Option<u32>,
    /// Days until it ends, 366 at most.
    days: u32,
}

/// A share link.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ShareView {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// The project.
    project: String,
    /// What it shows.
    level: ShareLevel,
    /// The filter.
    filter: FilterParams,
    /// The dashboard that it shows, where it shows one.
    dashboard: Option<String>,
    /// The last hours that it shows, where it is not a fixed period.
    hours: Option<u32>,
    /// Who made it.
    actor: String,
    /// When it was made.
    created_at: i64,
    /// When it ends.
    expires_at: i64,
    /// When it was last used, to the minute.
    last_used_at: Option<i64>,
}

/// A share link that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewShareView {
    /// The link.
    share: ShareView,
    /// Its secret, shown this once: `GET /api/v1/share/<token>/overview`.
    token: String,
    /// The page to hand on.
    url: String,
}

/// What a share link is fixed to, as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Fixed {
    pub(super) filter: FilterParams,
    pub(super) hours: Option<u32>,
}

impl Fixed {
    /// The filter of now.
    pub(super) fn at(&self, now: i64) -> FilterParams {
        match self.hours {
            None => self.filter.clone(),
            Some(hours) => FilterParams {
                from: Some(now + 1 - i64::from(hours) * HOUR),
                to: Some(now + 1),
                ..self.filter.clone()
            },
        }
    }
}

/// Makes a share link for figures of a project under a fixed filter. What could be about very few people is refused here, or
/// left out of its answers. Needs the role `analyst`.
#[utoipa::path(post, path = "/projects/{project}/shares", operation_id = "create_share", tag = "access", params(("project" = String, Path)), request_body = ShareInput,
    responses((status = 201, body = NewShareView), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn create(
    app: Shared,
    access: Access,
    headers: HeaderMap,
    Path(project): Path<String>,
    Body(input): Body<ShareInput>,
) -> Result<(StatusCode, Json<NewShareView>), Failure> {
    let base = door::base(&app, &headers);
    blocking(move || {
        if let Some(id) = &input.dashboard {
            app.engine.control.dashboard(&project, id).map_err(failure)?;
        }
        let fixed = fixed(&app, &project, &input)?;
        let kept = serde_json::to_string(&fixed).map_err(|e| Failure::Internal(e.to_string()))?;
        let new = NewShare {
            name: &input.name,
            project: &project,
            level: input.level,
            filter: &kept,
            dashboard: input.dashboard.as_deref(),
            expires_at: crate::clock::now() + i64::from(input.days) * DAY,
        };
        let by = access.event(Action::ShareMade);
        let (share, token) = app.engine.control.create_share(&new, &by).map_err(failure)?;
        let made = NewShareView {
            url: format!("{base}/shared#{token}"),
            share: view(share)?,
            token,
        };
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

/// Reads what a link is to be fixed to, and refuses what those who may only see sums may not ask.
fn fixed(app: &App, project: &str, input: &ShareInput) -> Result<Fixed, Failure> {
    if !(1..=MAX_DAYS).contains(&input.days) {
        return Err(Failure::Bad(format!(
            "a share link holds for 1 to {MAX_DAYS} days"
        )));
    }
    if input.hours.is_some_and(|h| !(1..=24 * MAX_DAYS).contains(&h)) {
        return Err(Failure::Bad("hours go from 1 to 8784".to_owned()));
    }
    let text = input.filter.trim_start_matches('?');
    let uri: Uri = format!("/?{text}")
        .parse()
        .map_err(|e| Failure::Bad(format!("the filter is no query string: {e}")))?;
    let Query(params) = Query::<FilterParams>::try_from_uri(&uri).map_err(|e| Failure::Bad(e.body_text()))?;
    if params.project.as_deref().is_some_and(|p| p != project) {
        return Err(Failure::Bad("the filter names another project".to_owned()));
    }
    if input.hours.is_some() && (params.from.is_some() || params.to.is_some()) {
        return Err(Failure::Bad(
            "a filter has a period, or the link has hours, not both".to_owned(),
        ));
    }
    let fixed = Fixed {
        filter: FilterParams {
            project: Some(project.to_owned()),
            ..params
        },
        hours: input.hours,
    };
    let now = crate::clock::now();
    let asked = filter::read(&fixed.at(now), now, app.engine.admission.pseudonyms())?;
    rules::check(&Access::share("new", project), &asked.filter)?;
    Ok(fixed)
}

fn view(share: Share) -> Result<ShareView, Failure> {
    let fixed: Fixed = serde_json::from_str(&share.filter).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(ShareView {
        id: share.id,
        name: share.name,
        project: share.project,
        level: share.level,
        filter: fixed.filter,
        dashboard: share.dashboard,
        hours: fixed.hours,
        actor: share.actor,
        created_at: share.created_at,
        expires_at: share.expires_at,
        last_used_at: share.last_used_at,
    })
}

/// The share links of a project that have not ended.
#[utoipa::path(get, path = "/projects/{project}/shares", operation_id = "list_shares", tag = "access", params(("project" = String, Path)),
    responses((status = 200, body = [ShareView]), (status = 403, body = ApiError)))]
pub(crate) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<ShareView>>, Failure> {
    blocking(move || {
        let all = app.engine.control.shares(&project).map_err(failure)?;
        Ok(Json(all.into_iter().map(view).collect::<Result<_, _>>()?))
    })
    .await
}

/// Withdraws a share link.
#[utoipa::path(delete, path = "/shares/{id}", operation_id = "delete_share", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let by = access.event(Action::ShareRevoked);
        app.engine.control.revoke_share(&id, &by).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
