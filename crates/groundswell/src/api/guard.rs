//! Who may ask: the password, and requests that another page slipped in.

use super::access::Access;
use super::error::blocking;
use super::monitors::failure;
use super::types::ApiError;
use super::{App, sessions};
use crate::control::API_KEY_PREFIX;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use subtle::ConstantTimeEq;

const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                   connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// Checks every request, says who asks, and sets the headers that protect the page.
pub(super) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A platform's call is let in by its signature.
    let open = matches!(path, "/health" | "/health/ready" | "/health/live")
        || path.starts_with(super::sources::hooks::PREFIX);
    let refusal = if open {
        None
    } else {
        admit(&app, &mut request).await.err()
    };
    let mut response = match refusal {
        Some(refusal) => refusal,
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn admit(app: &Arc<App>, request: &mut Request) -> Result<(), Response> {
    if let Some(refusal) = foreign(app, request) {
        return Err(refusal);
    }
    let access = access(app, request.headers()).await?;
    access
        .check(request.method(), request.uri())
        .map_err(IntoResponse::into_response)?;
    request.extensions_mut().insert(access);
    Ok(())
}

/// Refuses what another page slipped in.
fn foreign(app: &App, request: &Request) -> Option<Response> {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    // Without a password, only this machine's own names are answered: a foreign name that resolves to loopback (DNS
    // rebinding) would let any web page read the installation.
    if app.password.is_none() && !host.is_some_and(is_loopback_name) {
        return Some(error(
            StatusCode::FORBIDDEN,
            "foreign_host",
            "this server answers to localhost only",
        ));
    }
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !same_origin(headers, host) {
        return Some(error(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            "another site's page cannot change anything here",
        ));
    }
    None
}

/// Who asks: the holder of an API key or of the password, or without a password the user of this machine.
async fn access(app: &Arc<App>, headers: &HeaderMap) -> Result<Access, Response> {
    let given = credential(headers);
    if let Some(token) = given
        .as_deref()
        .filter(|t| t.starts_with(API_KEY_PREFIX.as_bytes()))
    {
        let (app, token) = (app.clone(), String::from_utf8_lossy(token).into_owned());
        let found = blocking(move || app.engine.control.api_key(&token).map_err(failure)).await;
        return match found.map_err(IntoResponse::into_response)? {
            Some(key) => Ok(Access::key(key)),
            None => Err(unauthorised("api_key", "there is no such API key")),
        };
    }
    if let Some(password) = &app.password {
        let right = given.is_some_and(|given| bool::from(given.ct_eq(password.0.as_bytes())));
        if !right {
            return Err(unauthorised("password", "the password is missing or wrong"));
        }
    }
    let cookies = headers.get(header::COOKIE).and_then(|c| c.to_str().ok());
    let session = cookies.and_then(sessions::of_cookies).map(str::to_owned);
    Ok(Access::owner(app.password.is_some(), session))
}

fn unauthorised(code: &str, message: &str) -> Response {
    let mut response = error(StatusCode::UNAUTHORIZED, code, message);
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"Groundswell\", charset=\"UTF-8\""),
    );
    response
}

fn is_loopback_name(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Programs send no `Origin`; browsers do, and it must be ours.
fn same_origin(headers: &HeaderMap, host: Option<&str>) -> bool {
    match headers.get(header::ORIGIN).map(|o| o.to_str().unwrap_or("?")) {
        None => true,
        Some(origin) => origin.split_once("://").map(|o| o.1) == host,
    }
}

/// What is shown to be let in: the password of HTTP Basic (RFC 7617) with any user name, or a bearer token (RFC 6750).
fn credential(headers: &HeaderMap) -> Option<Vec<u8>> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    match value.split_once(' ')? {
        (scheme, token) if scheme.eq_ignore_ascii_case("bearer") => Some(token.trim().as_bytes().to_vec()),
        (scheme, code) if scheme.eq_ignore_ascii_case("basic") => {
            let pair = base64(code)?;
            pair.splitn(2, |&b| b == b':').nth(1).map(<[u8]>::to_vec)
        }
        _ => None,
    }
}

/// Standard base64 (RFC 4648, section 4), padding optional.
fn base64(code: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(code.len() * 3 / 4);
    let (mut bits, mut have) = (0u32, 0);
    for b in code.trim_end_matches('=').bytes() {
        let v = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(v);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
        }
    }
    Some(out)
}

fn error(status: StatusCode, code: &str, message: &str) -> Response {
    (
        status,
        Json(ApiError {
            code: code.to_owned(),
            message: message.to_owned(),
            hint: None,
        }),
    )
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_names_are_ours_and_no_other() {
        for name in [
            "localhost",
            "localhost:8080",
            "127.0.0.1",
            "127.0.0.1:80",
            "[::1]:8080",
            "LOCALHOST:1",
        ] {
            assert!(is_loopback_name(name), "{name}");
        }
        for name in [
            "example.com",
            "localhost.example.com:8080",
            "10.0.0.1",
            "127.0.0.1.example.com",
            "",
        ] {
            assert!(!is_loopback_name(name), "{name}");
        }
    }

    #[test]
    fn the_password_comes_as_basic_or_bearer() {
        let with = |value: &str| {
            let mut h = HeaderMap::new();
            h.insert(
                header::AUTHORIZATION,
                HeaderValue::from_str(value).expect("a header"),
            );
            credential(&h).is_some_and(|given| given == b"open:sesame")
        };
        assert!(with("Basic YW55Om9wZW46c2VzYW1l"));
        assert!(with("bearer open:sesame"));
        assert!(!with("Basic YW55Om90aGVy"));
        assert!(!with("Basic ???"));
        assert!(!with("open:sesame"));
        assert!(credential(&HeaderMap::new()).is_none());
    }

    #[test]
    fn another_sites_page_is_refused() {
        let mut h = HeaderMap::new();
        assert!(same_origin(&h, Some("localhost:8080")));
        h.insert(header::ORIGIN, HeaderValue::from_static("http://localhost:8080"));
        assert!(same_origin(&h, Some("localhost:8080")));
        h.insert(header::ORIGIN, HeaderValue::from_static("http://evil.example"));
        assert!(!same_origin(&h, Some("localhost:8080")));
        h.insert(header::ORIGIN, HeaderValue::from_static("null"));
        assert!(!same_origin(&h, Some("localhost:8080")));
    }
}
