//! Where platforms call: `/hooks/{source}`. The signature that the source checks is what lets a call in; password and
//! roles are for people.

use crate::api::{App, Shared};
use crate::connections::Called;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, RawQuery};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sources::webhook::HookRequest;
use std::sync::Arc;

/// The largest call.
const MAX_CALL: usize = 4 << 20;

pub(in crate::api) fn routes() -> Router<Arc<App>> {
    let route = Router::new().route("/hooks/{source}", get(called).post(called));
    route.layer(DefaultBodyLimit::max(MAX_CALL))
}

async fn called(
    app: Shared,
    Path(source): Path<String>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let request = HookRequest {
        method: method.as_str(),
        query: query.as_deref().unwrap_or_default(),
        headers: &headers,
        body: &body,
        now: crate::clock::now(),
    };
    match app.supervisor.called(&source, &request).await {
        Called::Answer(answer) => {
            let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, answer.content_type)], answer.body).into_response()
        }
        Called::Nobody => StatusCode::NOT_FOUND.into_response(),
        Called::Later(error) => {
            tracing::warn!(%source, %error, "a call cannot be taken now");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")]).into_response()
        }
    }
}
