//! Signing in at the identity provider: there, and back.

use super::{agent, base, begin};
use crate::api::error::blocking;
use crate::api::guard::Client;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::Vouched;
use crate::oidc::{self, Fault, Person};
use axum::extract::{Extension, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};
use serde::Deserialize;
use std::sync::Arc;
use subtle::ConstantTimeEq;
use utoipa::IntoParams;

/// Where the provider sends browsers back to.
const CALLBACK: &str = "/api/v1/sign-in/oidc/callback";
/// The cookie of a sign-in under way. The provider's page leads back here, so it cannot be `Strict`.
const COOKIE: &str = "groundswell_state";

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Back {
    /// What the sign-in was begun with.
    state: Option<String>,
    /// What the provider gives for its token.
    code: Option<String>,
    /// What the provider says instead.
    error: Option<String>,
}

/// Leads to the identity provider.
#[utoipa::path(get, path = "/sign-in/oidc", operation_id = "begin_single_sign_on", tag = "access",
    responses((status = 303), (status = 404, body = ApiError), (status = 429, body = ApiError)))]
pub(crate) async fn go(
    app: Shared,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let provider = app.single_sign_on.as_ref();
    let provider = provider.ok_or(Failure::NotFound("identity provider"))?;
    app.door.throttle.look(address)?;
    let redirect = format!("{}{CALLBACK}", base(&app, &headers));
    match provider.begin(&redirect).await {
        Ok(begun) => {
            let secure = if app.door.secure { "; Secure" } else { "" };
            let cookie = format!(
                "{COOKIE}={}; Path={CALLBACK}; Max-Age=600; HttpOnly; SameSite=Lax{secure}",
                begun.state
            );
            Ok(lead(&begun.url, vec![cookie]))
        }
        Err(fault) => Ok(refuse(&fault)),
    }
}

/// The identity provider leads back here. Whatever happens, the browser goes on to the web app.
#[utoipa::path(get, path = "/sign-in/oidc/callback", operation_id = "end_single_sign_on", tag = "access", params(Back),
    responses((status = 303), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 429, body = ApiError)))]
pub(crate) async fn back(
    app: Shared,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    back: Result<Query<Back>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, Failure> {
    let Query(back) = back.map_err(|e| Failure::Bad(e.body_text()))?;
    let provider = app.single_sign_on.as_ref();
    let provider = provider.ok_or(Failure::NotFound("identity provider"))?;
    app.door.throttle.look(address)?;
    let (Some(state), Some(code)) = (back.state, back.code) else {
        let why = back.error.unwrap_or_default();
        let why: String = why.chars().filter(char::is_ascii_graphic).take(60).collect();
        return Ok(refuse(&Fault::Provider(format!(
            "it said `{why}` in place of a code"
        ))));
    };
    if !is_begun_here(&headers, &state) {
        app.door.throttle.wrong(address);
        return Ok(refuse(&Fault::State));
    }
    let person = match provider.finish(&state, &code).await {
        Ok(person) => person,
        Err(fault) => {
            app.door.throttle.wrong(address);
            return Ok(refuse(&fault));
        }
    };
    let agent = agent(&headers).map(str::to_owned);
    let app = app.0.clone();
    blocking(move || let_in(&app, &person, agent.as_deref())).await
}

/// Whether this browser began the sign-in.
fn is_begun_here(headers: &HeaderMap, state: &str) -> bool {
    let cookies = headers.get_all(header::COOKIE).iter();
    let mut pairs = cookies
        .filter_map(|c| c.to_str().ok())
        .flat_map(|c| c.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.any(|(name, value)| name == COOKIE && bool::from(value.as_bytes().ct_eq(state.as_bytes())))
}

/// The person as a user with the roles of the groups, and a session.
fn let_in(app: &Arc<App>, person: &Person, agent: Option<&str>) -> Result<Response, Failure> {
    let table = app.single_sign_on.as_ref().map(oidc::Provider::groups);
    let grants = oidc::grants(&person.groups, table.unwrap_or_default());
    if grants == crate::control::Grants::default() {
        return Ok(to_sign_in("no_role"));
    }
    let vouched = Vouched {
        subject: &person.subject,
        email: &person.email,
        email_verified: person.email_verified,
        name: &person.name,
    };
    let user = match app.engine.control.vouched_user(&vouched, &grants) {
        Err(crate::control::Error::NameTaken(_)) => return Ok(to_sign_in("address_taken")),
        user => user.map_err(failure)?,
    };
    if user.disabled {
        return Ok(to_sign_in("disabled"));
    }
    let (_, cookie) = begin(app, Some(user), agent, "single sign-on")?;
    let done = format!("{COOKIE}=; Path={CALLBACK}; Max-Age=0; HttpOnly; SameSite=Lax");
    Ok(lead("/", vec![cookie, done]))
}

fn refuse(fault: &Fault) -> Response {
    tracing::warn!(%fault, "a single sign-on was refused");
    to_sign_in(match fault {
        Fault::State => "state",
        Fault::Provider(_) => "provider",
        Fault::Token(_) => "token",
        Fault::Busy => "busy",
    })
}

/// Back to the sign-in page, which says what this code means.
fn to_sign_in(code: &str) -> Response {
    lead(&format!("/sign-in?error={code}"), Vec::new())
}

fn lead(to: &str, cookies: Vec<String>) -> Response {
    let cookies = AppendHeaders(cookies.into_iter().map(|c| (header::SET_COOKIE, c)));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)], cookies).into_response()
}
