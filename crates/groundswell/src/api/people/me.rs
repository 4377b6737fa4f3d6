//! Who is signed in, and what is said once a session.

use crate::api::access::Access;
use crate::api::door;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::guard::Client;
use crate::api::monitors::failure;
use crate::api::privacy::reason;
use crate::api::sessions::COOKIE;
use crate::api::types::ApiError;
use crate::api::{App, Failure, Shared};
use crate::control::{self, AccessRole, Action, Scope};
use axum::Json;
use axum::extract::Extension;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who asks, what may be done, and what was said in this session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// As the audit log names whoever asks.
    actor: String,
    /// The user who is signed in, where it is one.
    user: Option<Me>,
    /// The role in every project, and over the installation.
    role: Option<AccessRole>,
    /// Roles in single projects, besides.
    projects: BTreeMap<String, AccessRole>,
    /// What may be done over the whole installation.
    scopes: Vec<Scope>,
    /// What a browser that is signed in sends as `X-CSRF-Token` with each change.
    csrf: Option<String>,
    /// Why originals are opened, by project.
    purposes: BTreeMap<String, String>,
    /// Why people are looked up, where that was said for the whole session.
    reveal_reason: Option<String>,
}

/// The user who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// The id.
    id: String,
    /// The name others see.
    name: String,
    /// The e-mail address.
    email: String,
    /// Whether the user has a password here, which can be changed.
    has_password: bool,
}

impl SessionView {
    /// What is said of whoever asks.
    pub(crate) fn of(app: &App, access: Access) -> Self {
        let said = access
            .session
            .as_deref()
            .map(|s| app.sessions.said(s))
            .unwrap_or_default();
        let scopes = Scope::ALL.into_iter().filter(|s| access.may(None, *s)).collect();
        Self {
            scopes,
            actor: access.actor,
            user: access.user.map(|u| Me {
                id: u.id,
                name: u.name,
                email: u.email,
                has_password: u.has_password,
            }),
            role: access.grants.everywhere,
            projects: access.grants.projects,
            csrf: access.csrf,
            purposes: said.purposes,
            reveal_reason: said.reveal_reason,
        }
    }
}

/// A new password in place of the old one.
#[derive(Deserialize, ToSchema)]
pub(crate) struct PasswordInput {
    /// The one in force.
    old: String,
    /// The new one, 12 characters at least.
    new: String,
}

/// Why originals are opened.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PurposeInput {
    /// The project.
    project: String,
    /// In the operator's words, such as `customer care`.
    purpose: String,
}

/// Who asks, what may be done, and what was said in this session.
#[utoipa::path(get, path = "/session", operation_id = "get_session", tag = "access",
    responses((status = 200, body = SessionView), (status = 401, body = ApiError)))]
pub(crate) async fn get(app: Shared, access: Access) -> Json<SessionView> {
    Json(SessionView::of(&app, access))
}

/// Changes the password of whoever is signed in. All sessions of the user end, and this browser gets a new one.
#[utoipa::path(put, path = "/session/password", operation_id = "change_password", tag = "access", request_body = PasswordInput,
    responses((status = 200, body = SessionView), (status = 400, body = ApiError), (status = 401, body = ApiError),
        (status = 409, body = ApiError), (status = 429, body = ApiError)))]
pub(crate) async fn change_password(
    app: Shared,
    access: Access,
    Extension(Client(address)): Extension<Client>,
    headers: HeaderMap,
    Body(input): Body<PasswordInput>,
) -> Result<Response, Failure> {
    let Some(user) = access.user.clone() else {
        return Err(Failure::Conflict(
            "only a signed-in user has a password here".to_owned(),
        ));
    };
    app.door.throttle.attempt(address, &user.email)?;
    let permit = app.door.hashing.acquire().await;
    let permit = permit.map_err(|e| Failure::Internal(e.to_string()))?;
    let agent = door::agent(&headers).map(str::to_owned);
    let inner = app.0.clone();
    let response = blocking(move || {
        let control = &inner.engine.control;
        let known = control.check_password(&user.email, &input.old).map_err(failure)?;
        if known.is_none() {
            return Err(Failure::Forbidden {
                code: "password",
                message: "the old password is wrong".to_owned(),
                hint: "an administrator can make a link to reset it",
            });
        }
        inner.door.throttle.succeeded(address, &user.email);
        let by = access.event(Action::PasswordSet);
        let user = control.set_password(&user.id, &input.new, &by).map_err(failure)?;
        let (access, cookie) = door::begin(&inner, Some(user), agent.as_deref(), "password")?;
        Ok(([(SET_COOKIE, cookie)], Json(SessionView::of(&inner, access))).into_response())
    })
    .await;
    drop(permit);
    response
}

/// Says for which purpose originals of a project are opened in this session. A browser gets the session's cookie; the
/// session of an API key is the key itself. Needs the role `analyst`.
#[utoipa::path(post, path = "/session/purpose", operation_id = "set_purpose", tag = "privacy", request_body = PurposeInput,
    responses((status = 200, body = SessionView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn set_purpose(
    app: Shared,
    mut access: Access,
    Body(input): Body<PurposeInput>,
) -> Result<Response, Failure> {
    access.need_in(Some(&input.project), Scope::Open)?;
    let purpose = reason(&input.purpose)?;
    let made = match access.session {
        Some(_) => None,
        None => Some(new_session()?),
    };
    let session = access
        .session
        .get_or_insert_with(|| made.clone().unwrap_or_default())
        .clone();
    let event = access
        .event(Action::Purpose)
        .within(&input.project)
        .because(&purpose);
    let control = app.engine.control.clone();
    let project = input.project.clone();
    blocking(move || {
        control.project(&project).map_err(failure)?;
        control.audit(&event).map_err(failure)
    })
    .await?;
    app.sessions.set_purpose(&session, &input.project, &purpose);
    Ok(with_cookie(made, get(app, access).await))
}

/// A session for a browser that has none.
pub(in crate::api) fn new_session() -> Result<String, Failure> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(control::hex(&random))
}

/// The answer, with the cookie of a session that was just made. Another site's page cannot make the browser send it.
pub(in crate::api) fn with_cookie(made: Option<String>, answer: impl IntoResponse) -> Response {
    let cookie = made.map(|id| {
        [(
            SET_COOKIE,
            format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict"),
        )]
    });
    match cookie {
        Some(cookie) => (cookie, answer).into_response(),
        None => answer.into_response(),
    }
}
