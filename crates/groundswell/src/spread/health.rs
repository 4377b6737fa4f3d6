//! What a process that does not serve tells those who run it: whether it is well, and its counts.

use crate::pipeline::{Blocked, Counters};
use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use journal::kafka::Lag;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

/// What is told.
#[derive(Clone)]
pub(super) struct Facts {
    /// What is counted.
    pub(super) counters: Arc<Counters>,
    /// Why it does not go on, if so.
    pub(super) blocked: Blocked,
    /// How far behind each partition is, of a worker.
    pub(super) lag: Option<Arc<dyn Fn() -> Vec<Lag> + Send + Sync>>,
}

pub(super) async fn bind(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}: set --listen to another port"))
}

/// Answers until it is dropped.
pub(super) async fn answer(listener: TcpListener, facts: Facts) {
    let app = Router::new()
        .route("/health", get(ready))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/metrics", get(metrics))
        .with_state(facts);
    if let Err(error) = axum::serve(listener, app).await {
        tracing::error!(%error, "health is answered no more");
    }
}

async fn ready(State(facts): State<Facts>) -> Response {
    match facts.blocked.reason() {
        None => "ready\n".into_response(),
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("blocked: {reason}\n")).into_response(),
    }
}

/// Prometheus' text format, version 0.0.4; the names are those of a server.
async fn metrics(State(facts): State<Facts>) -> Response {
    let (counters, mut out) = (&facts.counters, String::new());
    let mut family = |name: &str, kind: &str, help: &str, value: u64| {
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "# HELP groundswell_{name} {help}\n# TYPE groundswell_{name} {kind}\ngroundswell_{name} {value}\n"
        );
    };
    family(
        "posts_admitted_total",
        "counter",
        "Posts admitted, or read by a worker.",
        counters.posts.get(),
    );
    family(
        "events_total",
        "counter",
        "Edits, deletes and counts admitted.",
        counters.events.get(),
    );
    family(
        "posts_matched_total",
        "counter",
        "Posts that a worker forwarded.",
        counters.mentions.get(),
    );
    family(
        "blocked",
        "gauge",
        "Whether it does not go on.",
        u64::from(facts.blocked.reason().is_some()),
    );
    if let Some(lag) = &facts.lag {
        out.push_str("# HELP groundswell_lag_records Posts of a partition not yet worked through.\n");
        out.push_str("# TYPE groundswell_lag_records gauge\n");
        for lag in lag() {
            let _ = writeln!(
                out,
                "groundswell_lag_records{{partition=\"{}\"}} {}",
                lag.partition,
                lag.records()
            );
        }
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], out).into_response()
}
