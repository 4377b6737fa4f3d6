//! What would make a monitor's query better.

use super::types::{AddingView, ExcludingView, Refinements};
use super::{find, read};
use crate::api::error::blocking;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::relevance;
use axum::Json;
use axum::extract::Path;

/// Words that would make the query better: to exclude, by what was judged, each judged mention weighing for those not
/// judged; and to add, by what the model says of recent posts that the query does not match. Each comes with the query it
/// would make, which `PUT /api/v1/monitors/{id}` puts in force.
#[utoipa::path(get, path = "/monitors/{id}/relevance/refinements", operation_id = "list_refinements", tag = "relevance", params(("id" = String, Path)),
    responses((status = 200, body = Refinements), (status = 404, body = ApiError)))]
pub(in crate::api) async fn list(app: Shared, Path(id): Path<String>) -> Result<Json<Refinements>, Failure> {
    blocking(move || {
        let monitor = find(&app, &id)?;
        let pool = read(&app, &monitor)?;
        let found = relevance::refinements(&app.engine, &monitor.project, &id, &monitor.query, &pool);
        let (excluding, adding) = found.map_err(|e| Failure::Internal(format!("{e:#}")))?;
        let excluding = excluding.into_iter().map(|e| ExcludingView {
            term: e.candidate.text,
            judged: e.candidate.judged,
            authors: e.candidate.authors,
            before: e.candidate.before.into(),
            after: e.candidate.after.into(),
            lost: e.candidate.lost.into(),
            query: e.query,
        });
        let adding = adding.into_iter().map(|a| AddingView {
            term: a.text,
            posts: a.posts,
            relevant: a.relevant.map(Into::into),
            samples: a.samples,
            query: a.query,
        });
        Ok(Json(Refinements {
            excluding: excluding.collect(),
            adding: adding.collect(),
        }))
    })
    .await
}
