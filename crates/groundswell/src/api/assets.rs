//! The web app: its files, and its one page for every path of it.

use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

/// Serves a file of the build, or says how to get one.
pub(super) async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some(file) = web::asset(path, takes_brotli(&headers)) else {
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
        (header::VARY, "accept-encoding".to_owned()),
    ];
    let encoding = file.encoding.map(|name| [(header::CONTENT_ENCODING, name)]);
    (headers, encoding, file.bytes).into_response()
}

/// Whether a reader says that it takes Brotli: named, and not with a weight of nought.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let refused = |part: &str| {
        let weight = part.strip_prefix("q=").and_then(|text| text.parse::<f32>().ok());
        weight.is_some_and(|weight| weight <= 0.0)
    };
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    let mut named = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','));
    named.any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("br")) && !parts.any(refused)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_sent_only_to_those_who_take_it() {
        let takes = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, text.parse().expect("a header"));
            takes_brotli(&headers)
        };
        assert!(takes("gzip, deflate, br, zstd"));
        assert!(takes("BR;q=0.5"));
        assert!(!takes("gzip, deflate"));
        assert!(!takes("gzip, br;q=0"));
        assert!(!takes("brotli"));
        assert!(!takes_brotli(&HeaderMap::new()));
    }
}
