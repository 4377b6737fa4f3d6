//! The web app: its files, and its one page for every path of it.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Serves a file of the build, or says how to get one.
pub(super) async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some(file) = web::asset(path) else {
        if web::built() {
            return StatusCode::NOT_FOUND.into_response();
        }
        return ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], web::MISSING).into_response();
    };
    let tag = format!("\"{}\"", file.etag);
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|t| t.as_bytes() == tag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let cache = if file.immutable {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, file.mime),
        (header::CACHE_CONTROL, cache.to_owned()),
        (header::ETAG, tag),
    ];
    (headers, file.bytes).into_response()
}
