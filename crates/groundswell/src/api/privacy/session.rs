//! What is said once a session.

use super::reason;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::sessions::COOKIE;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{self, AccessRole, Action};
use axum::Json;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Who asks, and what was said in this session.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// As the audit log names whoever asks.
    actor: String,
    /// What may be done.
    role: AccessRole,
    /// The only project that may be asked about; any where `null`.
    project: Option<String>,
    /// Why originals are opened, by project.
    purposes: BTreeMap<String, String>,
    /// Why people are looked up, where that was said for the whole session.
    reveal_reason: Option<String>,
}

/// Why originals are opened.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct PurposeInput {
    /// The project.
    project: String,
    /// In the operator's words, such as `customer care`.
    purpose: String,
}

/// Who asks, and what was said in this session.
#[utoipa::path(get, path = "/session", operation_id = "get_session", tag = "privacy", responses((status = 200, body = SessionView)))]
pub(crate) async fn get(app: Shared, access: Access) -> Json<SessionView> {
    let said = access
        .session
        .as_deref()
        .map(|s| app.sessions.said(s))
        .unwrap_or_default();
    Json(SessionView {
        actor: access.actor,
        role: access.role,
        project: access.project,
        purposes: said.purposes,
        reveal_reason: said.reveal_reason,
    })
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
    access.need_project(&input.project)?;
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
pub(super) fn new_session() -> Result<String, Failure> {
    let mut random = [0u8; 16];
    getrandom::fill(&mut random).map_err(|e| Failure::Internal(e.to_string()))?;
    Ok(control::hex(&random))
}

/// The answer, with the cookie of a session that was just made. Another site's page cannot make the browser send it.
pub(super) fn with_cookie(made: Option<String>, answer: impl IntoResponse) -> Response {
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
