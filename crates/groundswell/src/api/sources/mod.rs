//! Sources: what they are and how they do, adding and changing them while others run, trying them out, signing in at
//! their platforms, asking for the past, and how well they cover it.

pub(super) mod change;
pub(super) mod coverage;
pub(super) mod hooks;
pub(super) mod past;
pub(super) mod sign_in;
mod types;

use super::error::blocking;
use super::types::ApiError;
use super::{Failure, Shared};
use crate::connections::{Change, Origin, Running};
use axum::Json;
use axum::extract::Path;
use types::{Connector, Source};

/// Every connector there is and what its configuration may hold.
#[utoipa::path(get, path = "/connectors", operation_id = "list_connectors", tag = "sources", responses((status = 200, body = [Connector])))]
pub(super) async fn connectors() -> Json<Vec<Connector>> {
    Json(sources::registry().iter().map(Connector::of).collect())
}

/// Every source and how it does.
#[utoipa::path(get, path = "/sources", operation_id = "list_sources", tag = "sources", responses((status = 200, body = [Source])))]
pub(super) async fn list(app: Shared) -> Json<Vec<Source>> {
    Json(app.supervisor.sources().iter().map(|r| source(&app, r)).collect())
}

/// One source and how it does. Its secrets are never shown: only which are set.
#[utoipa::path(get, path = "/sources/{name}", operation_id = "get_source", tag = "sources", params(("name" = String, Path)),
    responses((status = 200, body = Source), (status = 404, body = ApiError)))]
pub(super) async fn get(app: Shared, Path(name): Path<String>) -> Result<Json<Source>, Failure> {
    blocking(move || {
        let running = app.supervisor.find(&name)?;
        Ok(Json(source(&app, &running)))
    })
    .await
}

fn source(app: &super::App, running: &Running) -> Source {
    let hook = running
        .definition
        .as_ref()
        .is_some_and(|d| d.connector.hook.is_some());
    let base = app.public_url.as_deref().unwrap_or_default();
    Source::of(running, hook.then(|| format!("{base}/hooks/{}", running.name)))
}

impl From<Change> for Failure {
    fn from(change: Change) -> Self {
        match change {
            Change::NotFound(_) => Failure::NotFound("source"),
            other => Failure::Conflict(other.to_string()),
        }
    }
}

/// `file` or `api`; the program's own sources are `own`.
fn origin(running: &Running) -> &'static str {
    match running.definition.as_ref().map(|d| &d.origin) {
        Some(Origin::File(_)) => "file",
        Some(Origin::Api) => "api",
        None => "own",
    }
}
