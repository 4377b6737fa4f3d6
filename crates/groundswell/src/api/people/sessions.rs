//! Sessions that have not ended: one's own; all of them for an administrator.

use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Scope, UserSession};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;

/// Sessions that have not ended: one's own, and everybody's with the role `admin`.
#[utoipa::path(get, path = "/sessions", operation_id = "list_sessions", tag = "access",
    responses((status = 200, body = [UserSession]), (status = 401, body = ApiError)))]
pub(crate) async fn list(app: Shared, access: Access) -> Result<Json<Vec<UserSession>>, Failure> {
    blocking(move || {
        let mut all = app.engine.control.sessions().map_err(failure)?;
        all.retain(|s| is_visible(&access, s));
        Ok(Json(all))
    })
    .await
}

fn is_visible(access: &Access, session: &UserSession) -> bool {
    let own = access.user.as_ref().map(|u| &u.id);
    access.may(None, Scope::Admin) || (own.is_some() && own == session.user.as_ref())
}

/// Ends a session.
#[utoipa::path(delete, path = "/sessions/{id}", operation_id = "delete_session", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 401, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let all = control.sessions().map_err(failure)?;
        let found = all.iter().find(|s| s.id == id && is_visible(&access, s));
        found.ok_or(Failure::NotFound("session"))?;
        control.end_session(&id).map_err(failure)?;
        let event = access
            .event(Action::SignedOut)
            .with(serde_json::json!({"session": id}));
        control.audit(&event).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
