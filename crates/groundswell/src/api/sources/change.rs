//! Adding, changing, pausing, removing and trying out sources. Sources of the configuration file are read-only here.

use super::types::{Source, SourceInput, SourceTrial};
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::connections::{Definition, Faults, Kept, Origin, in_words, try_out};
use crate::control::{Action, KeptSource};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde_json::json;
use std::sync::Arc;

/// Makes a source, or changes one that was made here. It runs at once. Needs the role `admin`.
#[utoipa::path(put, path = "/sources/{name}", operation_id = "put_source", tag = "sources", params(("name" = String, Path)),
    request_body = SourceInput,
    responses((status = 200, body = Source), (status = 400, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn put(
    app: Shared,
    access: Access,
    Path(name): Path<String>,
    Body(input): Body<SourceInput>,
) -> Result<Json<Source>, Failure> {
    to_the_end(async move {
        let known = app.supervisor.find(&name).is_ok();
        if known {
            app.supervisor.changeable(&name)?;
        }
        let definition = read(&app, &name, input)?;
        let (kept, to_keep) = (definition.clone(), app.0.clone());
        let action = if known {
            Action::SourceChanged
        } else {
            Action::SourceAdded
        };
        let mut event = access.event(action);
        event.details = json!({"source": name, "connector": definition.connector.name});
        blocking(move || keep(&to_keep, &kept, &event)).await?;
        if known {
            app.supervisor.replace(definition).await?;
        } else {
            app.supervisor.add(definition)?;
        }
        let running = app.supervisor.find(&name)?;
        Ok(Json(super::source(&app, &running)))
    })
    .await
}

/// Removes a source that was made here. What it brought stays. Needs the role `admin`.
#[utoipa::path(delete, path = "/sources/{name}", operation_id = "delete_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(name): Path<String>,
) -> Result<StatusCode, Failure> {
    to_the_end(async move {
        app.supervisor.remove(&name).await?;
        let mut event = access.event(Action::SourceRemoved);
        event.details = json!({"source": name});
        blocking(move || {
            app.engine.control.forget_source(&name).map_err(failure)?;
            app.engine.control.audit(&event).map_err(failure)
        })
        .await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Stops a source until it is resumed. It then goes on where it stopped, as far as the platform allows. Needs the role
/// `admin`.
#[utoipa::path(post, path = "/sources/{name}/pause", operation_id = "pause_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 200, body = Source), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn pause(
    app: Shared,
    access: Access,
    Path(name): Path<String>,
) -> Result<Json<Source>, Failure> {
    hold(app, access, name, true).await
}

/// Lets a paused source go on. Needs the role `admin`.
#[utoipa::path(post, path = "/sources/{name}/resume", operation_id = "resume_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 200, body = Source), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn resume(
    app: Shared,
    access: Access,
    Path(name): Path<String>,
) -> Result<Json<Source>, Failure> {
    hold(app, access, name, false).await
}

async fn hold(app: Shared, access: Access, name: String, paused: bool) -> Result<Json<Source>, Failure> {
    to_the_end(async move {
        app.supervisor.pause(&name, paused).await?;
        let mut event = access.event(Action::SourceChanged);
        event.details = json!({"source": name, "paused": paused});
        let (noting, noted) = (app.0.clone(), name.clone());
        blocking(move || {
            noting
                .engine
                .control
                .pause_source(&noted, paused)
                .map_err(failure)?;
            noting.engine.control.audit(&event).map_err(failure)
        })
        .await?;
        let running = app.supervisor.find(&name)?;
        Ok(Json(super::source(&app, &running)))
    })
    .await
}

/// Tries a source out as it runs: connects, says what is seen, delivers nothing and spends nothing. Needs the role
/// `admin`.
#[utoipa::path(post, path = "/sources/{name}/test", operation_id = "test_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 200, body = SourceTrial), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn test(app: Shared, Path(name): Path<String>) -> Result<Json<SourceTrial>, Failure> {
    let running = app.supervisor.find(&name)?;
    let definition = running.definition.ok_or_else(|| {
        Failure::Conflict(format!("`{name}` is the program's own: there is nothing to try"))
    })?;
    let keep = Arc::new(Kept::new(&app.engine.control, &name));
    let trial = try_out(&definition, keep).await.map_err(bad)?;
    Ok(Json(SourceTrial {
        works: trial.works,
        lines: trial.lines,
    }))
}

/// The definition of an input. A secret that is not given stays what it was.
fn read(app: &App, name: &str, input: SourceInput) -> Result<Definition, Failure> {
    let mut options = toml::Table::new();
    for (key, value) in input.options {
        if value.is_null() {
            continue;
        }
        let value = toml::Value::try_from(value).map_err(|e| Failure::Bad(format!("{key}: {e}")))?;
        options.insert(key, value);
    }
    let before = app.supervisor.find(name).ok().and_then(|r| r.definition);
    let same = before.filter(|d| d.connector.name == input.connector);
    let known = same.map(|d| d.split().1).unwrap_or_default();
    for (key, secret) in known.into_iter().chain(input.secrets) {
        options.insert(key, toml::Value::String(secret));
    }
    Definition::read(name, &input.connector, options, Origin::Api).map_err(bad)
}

fn bad(faults: Faults) -> Failure {
    Failure::Bad(in_words(&faults))
}

fn keep(app: &App, definition: &Definition, event: &crate::control::AuditEvent) -> Result<(), Failure> {
    let (mut options, secrets) = definition.split();
    let shared = toml::Table::try_from(definition.shared()).map_err(|e| Failure::Internal(e.to_string()))?;
    options.extend(shared);
    let kept = KeptSource {
        name: definition.name.clone(),
        connector: definition.connector.name.to_owned(),
        options: options.to_string(),
        secrets,
    };
    app.engine.control.keep_source(&kept).map_err(failure)?;
    app.engine.control.audit(event).map_err(failure)
}
