//! Versions of a monitor's model: trained, put in force, rolled back, applied.

use super::types::{RelevanceActiveInput, RelevanceState, RelevanceVersionView};
use super::{find, shown};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::Action;
use crate::relevance::{self, Artefact, Card};
use crate::scoring::own::Job;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;

/// The versions of a monitor's model that are kept, newest first.
#[utoipa::path(get, path = "/monitors/{id}/relevance/versions", operation_id = "list_relevance_versions", tag = "relevance", params(("id" = String, Path)),
    responses((status = 200, body = [RelevanceVersionView]), (status = 404, body = ApiError)))]
pub(in crate::api) async fn versions(
    app: Shared,
    Path(id): Path<String>,
) -> Result<Json<Vec<RelevanceVersionView>>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let active = control.relevance(&id).map_err(failure)?.active;
        let rows = control.relevance_versions(&id).map_err(failure)?;
        let view = |row: crate::control::RelevanceVersion| {
            let card: Card = serde_json::from_str(&row.card).map_err(|e| Failure::Internal(e.to_string()))?;
            Ok(RelevanceVersionView {
                version: row.version,
                active: active == Some(row.version),
                created_at: row.created_at,
                judged: card.judged,
                relevant: card.relevant,
                bytes: card.bytes,
            })
        };
        let views: Result<Vec<_>, Failure> = rows.into_iter().map(view).collect();
        views.map(Json)
    })
    .await
}

/// Puts a version in force, an older one as well, or none. What comes is read by it; what is stored keeps its labels until
/// it is applied.
#[utoipa::path(put, path = "/monitors/{id}/relevance/active", operation_id = "activate_relevance", tag = "relevance", params(("id" = String, Path)),
    request_body = RelevanceActiveInput,
    responses((status = 200, body = RelevanceState), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn activate(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<RelevanceActiveInput>,
) -> Result<Json<RelevanceState>, Failure> {
    writable(&app)?;
    let by = access.event(Action::RelevanceChanged);
    blocking(move || {
        let monitor = find(&app, &id)?;
        let control = &app.engine.control;
        if let Some(version) = input.version {
            // What cannot be read is not put in force.
            let file = control.relevance_artefact(&id, version).map_err(failure)?;
            Artefact::load(&file).map_err(|e| Failure::Conflict(e.to_string()))?;
        }
        control.activate_relevance(&id, input.version).map_err(failure)?;
        app.engine.relevance.refresh(control).map_err(failure)?;
        let event = by.on(&id).within(&monitor.project);
        let event = event.with(serde_json::json!({"version": input.version}));
        control.audit(&event).map_err(failure)?;
        shown(&app, &monitor).map(Json)
    })
    .await
}

/// Trains a version from what was judged so far and puts it in force, whether or not one is due.
#[utoipa::path(post, path = "/monitors/{id}/relevance/train", operation_id = "train_relevance", tag = "relevance", params(("id" = String, Path)),
    responses((status = 202, body = Job), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn train(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), Failure> {
    writable(&app)?;
    let by = access.event(Action::RelevanceChanged);
    blocking(move || {
        let monitor = find(&app, &id)?;
        let job = relevance::train(&app.engine, &monitor.project, &id);
        let job = job
            .map_err(|e| Failure::Internal(e.to_string()))?
            .ok_or_else(busy)?;
        let event = by.on(&id).within(&monitor.project);
        let event = event.with(serde_json::json!({"trained": job.version}));
        app.engine.control.audit(&event).map_err(failure)?;
        Ok((StatusCode::ACCEPTED, Json(job)))
    })
    .await
}

/// Applies the version in force to the monitor's stored mentions; where none is in force, takes the labels off.
#[utoipa::path(post, path = "/monitors/{id}/relevance/apply", operation_id = "apply_relevance", tag = "relevance", params(("id" = String, Path)),
    responses((status = 202, body = Job), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn apply(
    app: Shared,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<Job>), Failure> {
    writable(&app)?;
    let (state, key) = (app.0.clone(), id.clone());
    blocking(move || find(&state, &key)).await?;
    let job = relevance::apply(&app.engine, &id).ok_or_else(busy)?;
    Ok((StatusCode::ACCEPTED, Json(job)))
}

/// Stops training, of which nothing is kept, or applying, of which what was labelled stays.
#[utoipa::path(delete, path = "/monitors/{id}/relevance/job", operation_id = "stop_relevance_job", tag = "relevance", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn stop(app: Shared, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    blocking(move || {
        find(&app, &id)?;
        match app.engine.jobs.stop(&id) {
            true => Ok(StatusCode::NO_CONTENT),
            false => Err(Failure::NotFound("job that could be stopped")),
        }
    })
    .await
}

fn busy() -> Failure {
    Failure::Conflict("this monitor's model is being trained or applied already".to_owned())
}
