//! Monitors: made, changed and removed while the stream runs.

pub(super) mod accounts;
pub(super) mod context;

use super::error::{blocking, to_the_end};
use super::extract::Body;
use super::types::{ApiError, Monitor, MonitorCost, MonitorInput, MonitorVersion, Rollback};
use super::{App, Failure, Shared};
use crate::lists::parse_monitor;
use crate::pipeline::{EVERY, Snapshot, Tally};
use crate::preview::per_day;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use std::collections::HashMap;
use std::sync::Arc;

/// The monitors of a project.
#[utoipa::path(get, path = "/projects/{project}/monitors", operation_id = "list_monitors", tag = "monitors", params(("project" = String, Path)),
    responses((status = 200, body = [Monitor])))]
pub(super) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<Monitor>>, Failure> {
    blocking(move || {
        let counts = counts(&app)?;
        let monitors = app.engine.control.monitors(&project).map_err(failure)?;
        let live = app.engine.live.load();
        Ok(Json(
            monitors.into_iter().map(|m| counted(m, &counts, &live)).collect(),
        ))
    })
    .await
}

/// A new monitor. It is matched from now on; the journal's past is searched for it.
#[utoipa::path(post, path = "/projects/{project}/monitors", operation_id = "create_monitor", tag = "monitors", params(("project" = String, Path)),
    request_body = MonitorInput,
    responses((status = 201, body = Monitor), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    Path(project): Path<String>,
    Body(input): Body<MonitorInput>,
) -> Result<(StatusCode, Json<Monitor>), Failure> {
    to_the_end(async move {
        writable(&app)?;
        let store = app.0.clone();
        let made = blocking(move || {
            check(&store, &project, &input)?;
            store
                .engine
                .control
                .create_monitor(&project, &input)
                .map_err(failure)
        })
        .await?;
        publish(&app, std::slice::from_ref(&made.id)).await?;
        Ok((StatusCode::CREATED, Json(one(app.0, made.id).await?)))
    })
    .await
}

/// One monitor.
#[utoipa::path(get, path = "/monitors/{id}", operation_id = "get_monitor", tag = "monitors", params(("id" = String, Path)),
    responses((status = 200, body = Monitor), (status = 404, body = ApiError)))]
pub(super) async fn get(app: Shared, Path(id): Path<String>) -> Result<Json<Monitor>, Failure> {
    Ok(Json(one(app.0, id).await?))
}

/// Changes a monitor. A changed query drops what the old one found, and the journal's past is searched anew.
#[utoipa::path(put, path = "/monitors/{id}", operation_id = "update_monitor", tag = "monitors", params(("id" = String, Path)), request_body = MonitorInput,
    responses((status = 200, body = Monitor), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError)))]
pub(super) async fn update(
    app: Shared,
    Path(id): Path<String>,
    Body(input): Body<MonitorInput>,
) -> Result<Json<Monitor>, Failure> {
    to_the_end(async move {
        writable(&app)?;
        let (store, key) = (app.0.clone(), id.clone());
        let (before, after) = blocking(move || {
            let control = &store.engine.control;
            let before = control.monitor(&key).map_err(failure)?;
            check(&store, &before.project, &input)?;
            Ok((before, control.update_monitor(&key, &input).map_err(failure)?))
        })
        .await?;
        // What was published while a monitor was paused is found when it goes on.
        let search = after.active && (after.version != before.version || !before.active);
        if !search && !after.active {
            app.engine.cancel_backfill(&id);
        }
        publish(&app, if search { std::slice::from_ref(&id) } else { &[] }).await?;
        Ok(Json(one(app.0, id).await?))
    })
    .await
}

/// Removes a monitor and its mentions.
#[utoipa::path(delete, path = "/monitors/{id}", operation_id = "delete_monitor", tag = "monitors", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(super) async fn delete(app: Shared, Path(id): Path<String>) -> Result<StatusCode, Failure> {
    to_the_end(async move {
        writable(&app)?;
        let (store, key) = (app.0.clone(), id.clone());
        blocking(move || store.engine.control.delete_monitor(&key).map_err(failure)).await?;
        app.engine.cancel_backfill(&id);
        publish(&app, &[]).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The versions of a monitor's query, newest first.
#[utoipa::path(get, path = "/monitors/{id}/versions", operation_id = "list_versions", tag = "monitors", params(("id" = String, Path)),
    responses((status = 200, body = [MonitorVersion]), (status = 404, body = ApiError)))]
pub(super) async fn versions(
    app: Shared,
    Path(id): Path<String>,
) -> Result<Json<Vec<MonitorVersion>>, Failure> {
    blocking(move || {
        let versions = app.engine.control.monitor_versions(&id).map_err(failure)?;
        Ok(Json(versions))
    })
    .await
}

/// Makes a new version with the query of an old one; the journal's past is searched anew, as for any edit. Keyword lists
/// are those of now.
#[utoipa::path(post, path = "/monitors/{id}/rollback", operation_id = "rollback_monitor", tag = "monitors", params(("id" = String, Path)), request_body = Rollback,
    responses((status = 200, body = Monitor), (status = 404, body = ApiError), (status = 409, body = ApiError), (status = 422, body = ApiError)))]
pub(super) async fn rollback(
    app: Shared,
    Path(id): Path<String>,
    Body(wanted): Body<Rollback>,
) -> Result<Json<Monitor>, Failure> {
    to_the_end(async move {
        writable(&app)?;
        let (store, key) = (app.0.clone(), id.clone());
        let restored = blocking(move || {
            let control = &store.engine.control;
            let now = control.monitor(&key).map_err(failure)?;
            let versions = control.monitor_versions(&key).map_err(failure)?;
            let old = versions.iter().find(|v| v.version == wanted.version);
            // The language may have changed, and lists may be gone.
            parses(
                &store,
                &now.project,
                &old.ok_or(Failure::NotFound("version"))?.query,
            )?;
            control.restore_version(&key, wanted.version).map_err(failure)
        })
        .await?;
        publish(
            &app,
            if restored.active {
                std::slice::from_ref(&id)
            } else {
                &[]
            },
        )
        .await?;
        Ok(Json(one(app.0, id).await?))
    })
    .await
}

/// Asked before the control state is changed, so that the same request can be made again.
pub(super) fn writable(app: &App) -> Result<(), Failure> {
    app.engine
        .blocked
        .reason()
        .map_or(Ok(()), |reason| Err(Failure::Blocked(reason)))
}

/// Puts changes in force; `search` are the monitors whose past is to be found, here and at the platforms.
pub(super) async fn publish(app: &App, search: &[String]) -> Result<(), Failure> {
    app.engine
        .publish_monitors(search)
        .await
        .map_err(|e| Failure::Internal(format!("{e:#}")))?;
    app.supervisor.ask_past_of(search.to_vec());
    Ok(())
}

async fn one(app: Arc<App>, id: String) -> Result<Monitor, Failure> {
    blocking(move || {
        let found = app.engine.control.monitor(&id).map_err(failure)?;
        Ok(counted(found, &counts(&app)?, &app.engine.live.load()))
    })
    .await
}

fn counts(app: &App) -> Result<HashMap<String, u64>, Failure> {
    Ok(app
        .engine
        .store
        .snapshot()
        .count_by_monitor()?
        .into_iter()
        .collect())
}

fn counted(mut monitor: Monitor, counts: &HashMap<String, u64>, live: &Snapshot) -> Monitor {
    monitor.mentions = counts.get(&monitor.id).copied().unwrap_or(0);
    monitor.cost = live.tally(&monitor.id).map(cost);
    monitor
}

fn cost(tally: Tally) -> MonitorCost {
    let length = crate::clock::now() - tally.since;
    let per_day = |metered: u64| per_day(metered * EVERY, length);
    MonitorCost {
        since: tally.since,
        posts: tally.posts,
        matches_per_day: per_day(tally.matches),
        candidates_per_day: per_day(tally.candidates).filter(|&n| n > 0.0),
        microseconds_per_post: (tally.posts > 0 && tally.candidates > 0)
            .then(|| tally.nanoseconds as f64 / 1000.0 / tally.posts as f64),
    }
}

fn check(app: &App, project: &str, input: &MonitorInput) -> Result<(), Failure> {
    check_name(&input.name)?;
    if input.color.is_some_and(|c| c > 7) {
        return Err(Failure::Bad("color goes from 0 to 7".to_owned()));
    }
    parses(app, project, &input.query)
}

fn parses(app: &App, project: &str, query: &str) -> Result<(), Failure> {
    let lists = app.engine.control.lists(project).map_err(failure)?;
    parse_monitor(query, &lists).map_err(|p| Failure::BadQuery(super::queries::in_words(&p)))?;
    Ok(())
}

pub(super) fn check_name(name: &str) -> Result<(), Failure> {
    let length = name.trim().chars().count();
    if (1..=100).contains(&length) {
        Ok(())
    } else {
        Err(Failure::Bad("a name has 1 to 100 characters".to_owned()))
    }
}

/// What the control state's faults mean to a caller.
pub(crate) fn failure(error: crate::control::Error) -> Failure {
    use crate::control::Error;
    match error {
        Error::NotFound(what) => Failure::NotFound(what),
        Error::Invalid(message) => Failure::Bad(message.to_owned()),
        Error::NameTaken(_)
        | Error::FromFile(_)
        | Error::InForce(_)
        | Error::OtherVersion(_)
        | Error::ListInUse(..)
        | Error::DefaultProject
        | Error::LastAdministrator => Failure::Conflict(error.to_string()),
        away if away.is_away() => {
            tracing::error!(error = %away, "a request failed");
            Failure::Blocked("the database of the control state cannot be reached".to_owned())
        }
        other => Failure::Internal(other.to_string()),
    }
}
