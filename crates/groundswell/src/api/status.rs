//! How the installation does.

use super::types::{ApiError, JournalStatus, Refused, Status};
use super::{App, Shared};
use axum::Json;

/// How the installation does.
#[utoipa::path(get, path = "/status", tag = "status", responses((status = 200, body = Status), (status = 401, body = ApiError)))]
pub(super) async fn status(app: Shared) -> Json<Status> {
    Json(of(&app))
}

pub(super) fn of(app: &App) -> Status {
    let engine = &app.engine;
    let span = engine.journal.span();
    Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode: app.mode,
        started_at: app.started_at,
        now: crate::clock::now(),
        sources: app
            .supervisor
            .sources()
            .iter()
            .map(super::types::SourceStatus::of)
            .collect(),
        posts: engine.counters.posts.get(),
        refused: engine
            .counters
            .refused()
            .into_iter()
            .map(|(reason, posts)| Refused { reason, posts })
            .collect(),
        mentions: engine.store.snapshot().total(),
        generation: engine.store.generation(),
        journal: JournalStatus {
            from: span.from,
            to: span.to,
            entries: span.entries,
            bytes: span.bytes,
        },
        blocked: engine.blocked.reason(),
    }
}
