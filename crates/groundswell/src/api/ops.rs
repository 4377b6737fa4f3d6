//! For those who run it: health.

use super::{App, Shared};
use axum::Router;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(ready))
        .route("/health/ready", get(ready))
        .route("/health/live", get(|| async { "alive\n" }))
        .route("/metrics", get(super::metrics::metrics))
}

/// Ready means: what arrives can be written.
async fn ready(app: Shared) -> Response {
    match app.engine.blocked.reason() {
        None => {
            let left = super::status::left_out(&app.engine).into_iter();
            let left: String = left
                .map(|p| format!("left out: {}: {}\n", p.partition, p.reason))
                .collect();
            let clock = app.engine.age.jump(crate::clock::now());
            format!(
                "ready\n{left}{}",
                clock.map_or(String::new(), |c| format!("{c}\n"))
            )
            .into_response()
        }
        Some(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("blocked: {reason}\n")).into_response(),
    }
}
