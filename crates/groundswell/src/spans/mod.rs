//! Spans: what a trace shows of the stages, the API and the outbox, and how it gets to a collector.

mod collect;
mod send;

pub(crate) use collect::Sender;
pub(crate) use send::Traces;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use tracing::field::Empty;

/// The target of every span that goes to a collector. Its fields are counts, ids and names of routes, never a text.
pub(crate) const SPANS: &str = "groundswell::spans";

/// One span a request, named by its route: the address itself may hold a secret or a search.
pub(crate) async fn of_request(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or("asset", MatchedPath::as_str).to_owned();
    let method = request.method().as_str().to_owned();
    let span = tracing::info_span!(
        target: SPANS,
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        http.response.status_code = Empty,
    );
    let response = next.run(request).instrument(span.clone()).await;
    span.record("http.response.status_code", response.status().as_u16());
    response
}
