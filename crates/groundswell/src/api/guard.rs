//! Every request comes by here: who asks, whether they may, how often, and whether another page slipped it in.

use super::access::Access;
use super::door::{self, Given};
use super::error::blocking;
use super::monitors::failure;
use super::routes::{self, Log, Need, Place, Route};
use super::types::ApiError;
use super::{App, Failure, sessions};
use crate::control::{self, Action, Scope};
use axum::Json;
use axum::body::to_bytes;
use axum::extract::{MatchedPath, Query, RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use std::net::IpAddr;
use std::sync::Arc;
use subtle::ConstantTimeEq;

/// What protects the page; that it needs no inline script is what makes it strong.
const HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
];

/// The most that is read of what the framework says.
const MAX_SAID: usize = 16 << 10;

/// Browsers that came over TLS come over TLS for a year.
const HSTS: &str = "max-age=31536000";

/// Checks every request, says who asks, puts changes down, and sets the headers that protect the page.
pub(super) async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let secure = app.door.secure;
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = match admit(&app, &mut request).await {
        Err(refusal) => refusal.into_response(),
        Ok(change) => {
            let response = super::repeats::once(&app, request, next).await;
            match change.filter(|_| response.status().is_success()) {
                Some(event) => put_down(&app, event)
                    .await
                    .map_or_else(IntoResponse::into_response, |()| response),
                None => response,
            }
        }
    };
    if is_api {
        response = in_our_words(response).await;
        say_what_is_left_out(&app, &mut response);
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(HSTS));
    }
    if is_api && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Names in an answer the parts of the store that no answer has by now.
fn say_what_is_left_out(app: &App, response: &mut Response) {
    let left = app.engine.store.snapshot().left_out();
    if left.is_empty() || !response.status().is_success() {
        return;
    }
    let names: Vec<String> = left.into_iter().map(|part| part.partition).collect();
    if let Ok(value) = HeaderValue::from_str(&names.join(", ")) {
        response.headers_mut().insert("groundswell-left-out", value);
    }
}

/// Refusals by the framework itself (a path or a body it cannot read) in the form of all others.
async fn in_our_words(response: Response) -> Response {
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let is_ours = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    if is_ours || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let said = to_bytes(body, MAX_SAID).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    let message = match (said.is_empty(), status.canonical_reason()) {
        (true, Some(reason)) => reason.to_lowercase(),
        _ => said,
    };
    let code = match status {
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "media_type",
        StatusCode::METHOD_NOT_ALLOWED => "method",
        _ => "bad_request",
    };
    let body = ApiError {
        code: code.to_owned(),
        message,
        hint: None,
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.remove(header::CONTENT_TYPE);
    let mut answer = Json(body).into_response();
    *answer.status_mut() = status;
    for (name, value) in &parts.headers {
        answer.headers_mut().insert(name.clone(), value.clone());
    }
    answer
}

/// Lets a request in, or says why not. Gives what is to be put down if it succeeds.
async fn admit(app: &Arc<App>, request: &mut Request) -> Result<Option<control::AuditEvent>, Failure> {
    let Some(path) = request.extensions().get::<MatchedPath>().cloned() else {
        // The web app's files say nothing of anybody.
        return Ok(None);
    };
    let route = match routes::find(request.method(), path.as_str()) {
        Some(route) => route,
        None => match routes::methods(path.as_str()) {
            none if none.is_empty() => return Err(Failure::NotFound("path")),
            allowed => return Err(Failure::Method(allowed)),
        },
    };
    let address = app.door.address(door::peer(request), request.headers());
    request.extensions_mut().insert(Client(address));
    let known = match route.need {
        Need::Open => None,
        Need::Known | Need::Scope(..) => Some(known(app, request.headers(), address).await?),
    };
    from_our_page(app, request, known.as_ref())?;
    limit(app, known.as_ref(), address)?;
    let Some(access) = known else {
        return Ok(None);
    };
    let access = match route.need {
        Need::Scope(scope, place) => placed(app, request, access, scope, place).await?,
        Need::Open | Need::Known => access,
    };
    let change = (route.log == Log::Guard).then(|| changed(route, &access, request.uri()));
    request.extensions_mut().insert(access);
    Ok(change)
}

/// The address a request comes from, for the handlers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client(pub(super) Option<IpAddr>);

/// Who asks: by API key, by the installation's password, by a session, or as the user of this machine.
async fn known(app: &Arc<App>, headers: &HeaderMap, address: Option<IpAddr>) -> Result<Access, Failure> {
    let cookies: Vec<&str> = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|c| c.to_str().ok())
        .collect();
    let cookies = cookies.join("; ");
    let app = app.clone();
    match door::given(headers) {
        Given::Key(token) => {
            let found = blocking(move || app.engine.control.api_key(&token).map_err(failure));
            match found.await? {
                Some(key) => Ok(Access::key(&key)),
                None => Err(Failure::Unknown {
                    code: "api_key",
                    message: "there is no such API key, or it has ended",
                }),
            }
        }
        Given::Password(given) => {
            let Some(password) = &app.password else {
                // Without a password nobody has a wrong one.
                return blocking(move || of_the_machine(&app, &cookies)).await;
            };
            app.door.throttle.look(address)?;
            if bool::from(given.ct_eq(password.0.as_bytes())) {
                return Ok(Access::owner(
                    true,
                    sessions::of_cookies(&cookies).map(str::to_owned),
                ));
            }
            app.door.throttle.wrong(address);
            Err(Failure::Unknown {
                code: "password",
                message: "the password is wrong",
            })
        }
        Given::Nothing => blocking(move || signed_in(&app, &cookies)).await,
    }
}

fn signed_in(app: &App, cookies: &str) -> Result<Access, Failure> {
    if let Some(token) = door::cookie_of(cookies, app.door.secure)
        && let Some(signed_in) = app.engine.control.session(token).map_err(failure)?
    {
        return Ok(Access::signed_in(signed_in, door::csrf_of(token)));
    }
    of_the_machine(app, cookies)
}

fn of_the_machine(app: &App, cookies: &str) -> Result<Access, Failure> {
    if door::is_open_to_the_machine(app)? {
        return Ok(Access::owner(
            false,
            sessions::of_cookies(cookies).map(str::to_owned),
        ));
    }
    Err(Failure::Unknown {
        code: if app.password.is_some() {
            "password"
        } else {
            "signed_out"
        },
        message: "nobody is signed in",
    })
}

/// Refuses what another page slipped in.
fn from_our_page(app: &Arc<App>, request: &Request, access: Option<&Access>) -> Result<(), Failure> {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok());
    // Where nobody signs in, only this machine's own names are answered: a foreign name that resolves to loopback (DNS
    // rebinding) would let any web page read the installation.
    if access.is_some_and(Access::is_single_user) && !host.is_some_and(is_loopback_name) {
        return Err(refused("foreign_host", "this server answers to localhost only"));
    }
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    if !same_origin(headers, host, app.public_url.as_deref()) {
        return Err(refused(
            "foreign_origin",
            "another site's page cannot change anything here",
        ));
    }
    // A cookie comes along with whatever a page sends, so it needs what no other page knows.
    if let Some(expected) = access.and_then(|a| a.csrf.as_deref()) {
        let sent = headers
            .get(door::CSRF_HEADER)
            .map(HeaderValue::as_bytes)
            .unwrap_or_default();
        if !bool::from(sent.ct_eq(expected.as_bytes())) {
            return Err(Failure::Forbidden {
                code: "csrf",
                message: "a change by a signed-in browser carries the session's token".to_owned(),
                hint: "send `csrf` of GET /api/v1/session as X-CSRF-Token",
            });
        }
    }
    Ok(())
}

fn refused(code: &'static str, message: &str) -> Failure {
    Failure::Forbidden {
        code,
        message: message.to_owned(),
        hint: "programs use an API key and send no Origin",
    }
}

/// Bounds how often somebody asks. The one user of a machine is not counted.
fn limit(app: &App, access: Option<&Access>, address: Option<IpAddr>) -> Result<(), Failure> {
    let name = match (access, address) {
        (Some(access), _) if access.is_single_user() => return Ok(()),
        (Some(access), _) => access.actor.clone(),
        (None, Some(address)) => address.to_string(),
        (None, None) => return Ok(()),
    };
    let taken = app.door.requests.take(&name, crate::clock::now());
    taken.map_err(|seconds| Failure::TooMany {
        message: "too many requests in a short time",
        seconds,
    })
}

#[derive(Deserialize)]
struct Asked {
    project: Option<String>,
}

/// Whoever asks, let in for the project that the request is about.
async fn placed(
    app: &Arc<App>,
    request: &mut Request,
    access: Access,
    scope: Scope,
    place: Place,
) -> Result<Access, Failure> {
    match place {
        Place::All => access.within(None, scope),
        Place::Any | Place::Handler => access.anywhere(scope),
        Place::Query => {
            let Query(asked) =
                Query::<Asked>::try_from_uri(request.uri()).map_err(|e| Failure::Bad(e.body_text()))?;
            let project = asked
                .project
                .unwrap_or_else(|| control::DEFAULT_PROJECT.to_owned());
            access.within(Some(&project), scope)
        }
        Place::Path(name) => {
            let project = path_param(request, name).await?;
            access.within(Some(&project), scope)
        }
        Place::Monitor | Place::Share => {
            let id = path_param(request, "id").await?;
            // Somebody without the scope anywhere is told so, whatever there is.
            let access = access.anywhere(scope)?;
            let app = app.clone();
            let project = blocking(move || {
                let control = &app.engine.control;
                match place {
                    Place::Share => Ok(control.share(&id).map_err(failure)?.project),
                    _ => Ok(control.monitor(&id).map_err(failure)?.project),
                }
            });
            // What is another project's is not there.
            let missing = if place == Place::Share {
                "share link"
            } else {
                "monitor"
            };
            access
                .within(Some(&project.await?), scope)
                .map_err(|_| Failure::NotFound(missing))
        }
    }
}

/// A part of the path, decoded as the handler gets it.
async fn path_param(request: &mut Request, name: &str) -> Result<String, Failure> {
    use axum::RequestExt;
    let params = request
        .extract_parts::<RawPathParams>()
        .await
        .map_err(|e| Failure::Bad(e.body_text()))?;
    let found = params.iter().find(|(key, _)| *key == name);
    let (_, value) = found.ok_or_else(|| Failure::Internal(format!("a route has no {{{name}}}")))?;
    Ok(value.to_owned())
}

/// What is put down of a change: the route, and the path with its ids.
fn changed(route: &Route, access: &Access, uri: &Uri) -> control::AuditEvent {
    let path = uri.path().trim_start_matches("/api/v1/");
    let mut event = access
        .event(Action::Changed)
        .with(serde_json::json!({"method": route.method, "path": path}));
    event.project.clone_from(&access.project);
    event
}

async fn put_down(app: &Arc<App>, event: control::AuditEvent) -> Result<(), Failure> {
    let app = app.clone();
    blocking(move || app.engine.control.audit(&event).map_err(failure)).await
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

/// Programs send neither `Origin` nor `Sec-Fetch-Site`; browsers do, and they must name us. A proxy may change the host,
/// so the address that the operator gave counts as well.
fn same_origin(headers: &HeaderMap, host: Option<&str>, public_url: Option<&str>) -> bool {
    let text = |value: &HeaderValue| value.to_str().unwrap_or("?").to_owned();
    let site = headers.get("sec-fetch-site").map(text);
    if site.is_some_and(|s| s != "same-origin" && s != "none") {
        return false;
    }
    match headers.get(header::ORIGIN).map(text) {
        None => true,
        Some(origin) if Some(origin.as_str()) == public_url => true,
        Some(origin) => origin.split_once("://").map(|o| o.1) == host,
    }
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
    fn another_sites_page_is_refused() {
        let (host, public) = (Some("localhost:8080"), Some("https://listen.example"));
        let with = |name: &'static str, value: &'static str| {
            let mut h = HeaderMap::new();
            h.insert(name, HeaderValue::from_static(value));
            same_origin(&h, host, public)
        };
        assert!(same_origin(&HeaderMap::new(), host, public));
        assert!(with("origin", "http://localhost:8080") && with("origin", "https://listen.example"));
        assert!(!with("origin", "http://evil.example") && !with("origin", "null"));
        assert!(with("sec-fetch-site", "same-origin"));
        assert!(!with("sec-fetch-site", "cross-site") && !with("sec-fetch-site", "same-site"));
    }
}
