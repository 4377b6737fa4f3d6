//! Asking platforms for their past.

use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::queries::in_words;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::connections::{PastFault, PastSearch};
use crate::control::{PastRow, PastState};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is to be searched for in a platform's past.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PastInput {
    /// The monitor; all, where absent.
    monitor: Option<String>,
    /// From, milliseconds since 1970.
    from: i64,
    /// To; now where absent.
    to: Option<i64>,
    /// Only say what it would take.
    #[serde(default)]
    estimate: bool,
    /// A query instead of a monitor, to know before there is one what a platform holds of it: only with `estimate`.
    query: Option<String>,
}

/// A search of a platform's past.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PastAnswer {
    /// Its id; none of an estimate.
    id: Option<String>,
    /// The source.
    source: String,
    /// The monitor it is for; all, where `null`.
    monitor: Option<String>,
    /// From.
    from: i64,
    /// To.
    to: i64,
    /// How far it is.
    state: PastState,
    /// Posts delivered.
    posts: u64,
    /// Posts it would read, where known.
    estimated_posts: Option<u64>,
    /// Requests it would send, where known.
    estimated_requests: Option<u64>,
    /// US dollars, where known.
    estimated_money: Option<f64>,
    /// What the source says.
    lines: Vec<String>,
    /// Why it could not go on.
    error: Option<String>,
}

/// Estimates a search of a platform's past, or starts it. Needs the role `admin`.
#[utoipa::path(post, path = "/sources/{name}/past", operation_id = "search_past", tag = "sources", params(("name" = String, Path)),
    request_body = PastInput,
    responses((status = 200, body = PastAnswer), (status = 400, body = ApiError), (status = 409, body = ApiError),
        (status = 422, body = ApiError, description = "The query is none")))]
pub(crate) async fn search(
    app: Shared,
    Path(name): Path<String>,
    Body(input): Body<PastInput>,
) -> Result<Json<PastAnswer>, Failure> {
    if input.query.is_some() && (!input.estimate || input.monitor.is_some()) {
        return Err(Failure::Bad(
            "query goes with estimate, and without monitor".to_owned(),
        ));
    }
    let query = input.query.as_deref().map(query::parse).transpose();
    let search = PastSearch {
        source: name,
        monitor: input.monitor,
        query: query.map_err(|problems| Failure::BadQuery(in_words(&problems)))?,
        from: input.from,
        until: input.to.unwrap_or_else(crate::clock::now),
    };
    if search.from >= search.until {
        return Err(Failure::Bad("from is not before to".to_owned()));
    }
    to_the_end(async move {
        if input.estimate {
            let report = app.supervisor.estimate_past(&search).await?;
            let mut row = search.row(PastState::Estimated);
            row.report = serde_json::to_string(&report).unwrap_or_default();
            return Ok(Json(answer(None, row)));
        }
        let mut row = search.row(PastState::Running);
        row.id = app.supervisor.search_past(search)?;
        Ok(Json(answer(Some(row.id.clone()), row)))
    })
    .await
}

/// The newest searches of platforms' pasts. What costs money waits as `estimated` until somebody starts it.
#[utoipa::path(get, path = "/past-searches", operation_id = "list_past_searches", tag = "sources", responses((status = 200, body = [PastAnswer])))]
pub(crate) async fn list(app: Shared) -> Result<Json<Vec<PastAnswer>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.pasts().map_err(failure)?;
        Ok(Json(
            rows.into_iter().map(|r| answer(Some(r.id.clone()), r)).collect(),
        ))
    })
    .await
}

/// Stops a running search; what it found stays. Needs the role `admin`.
#[utoipa::path(delete, path = "/past-searches/{id}", operation_id = "stop_past_search", tag = "sources", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(crate) async fn stop(app: Shared, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    if app.supervisor.stop_past(&id) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Failure::NotFound("running search"))
    }
}

fn answer(id: Option<String>, row: PastRow) -> PastAnswer {
    let report: sources::ReportSnapshot = serde_json::from_str(&row.report).unwrap_or_default();
    let estimate = report.estimate.unwrap_or_default();
    PastAnswer {
        id,
        source: row.source,
        monitor: row.monitor,
        from: row.from,
        to: row.until,
        state: row.state,
        posts: row.posts,
        estimated_posts: estimate.posts,
        estimated_requests: estimate.requests,
        estimated_money: estimate.money,
        lines: report.lines,
        error: row.error,
    }
}

impl From<PastFault> for Failure {
    fn from(fault: PastFault) -> Self {
        match fault {
            PastFault::Cannot(message) => Failure::Conflict(message),
            PastFault::Control(error) => failure(error),
        }
    }
}
