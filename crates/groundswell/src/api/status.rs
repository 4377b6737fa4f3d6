//! How the installation does.

use super::types::{ApiError, JournalStatus, LeftOutPart, Refused, Status};
use super::{App, Shared};
use crate::pipeline::Engine;
use axum::Json;

/// How the installation does.
#[utoipa::path(get, path = "/status", tag = "status", responses((status = 200, body = Status), (status = 401, body = ApiError)))]
pub(super) async fn status(app: Shared) -> Json<Status> {
    Json(of(&app))
}

/// The parts of the store that answers leave out.
pub(super) fn left_out(engine: &Engine) -> Vec<LeftOutPart> {
    let left = engine.store.snapshot().left_out().into_iter();
    left.map(|left| LeftOutPart {
        partition: left.partition,
        reason: left.reason,
    })
    .collect()
}

/// All mentions; 0 where the cluster that keeps them does not answer, which questions then say.
fn mentions(engine: &Engine) -> u64 {
    engine.store.snapshot().total().unwrap_or_else(|error| {
        tracing::warn!(%error, "mentions cannot be counted");
        0
    })
}

/// What the journal keeps; nothing where the brokers that keep it do not answer, which `blocked` says.
pub(super) fn span(engine: &Engine) -> journal::Span {
    engine.journal.span().unwrap_or_else(|error| {
        tracing::warn!(%error, "what the journal keeps cannot be asked");
        journal::Span::default()
    })
}

pub(super) fn of(app: &App) -> Status {
    let engine = &app.engine;
    let span = span(engine);
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
        mentions: mentions(engine),
        generation: engine.store.generation(),
        journal: JournalStatus {
            from: span.from,
            to: span.to,
            entries: span.entries,
            bytes: span.bytes,
        },
        blocked: engine.blocked.reason(),
        left_out: left_out(engine),
        clock: engine.age.jump(crate::clock::now()),
    }
}
