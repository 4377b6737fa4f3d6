//! API keys.

use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{AccessRole, Action, ApiKey, NewKey, Scope};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An API key to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct ApiKeyInput {
    /// What it is for.
    name: String,
    /// What it may do.
    role: AccessRole,
    /// Of what the role may do, only this; all of it where absent.
    #[serde(default)]
    scopes: Vec<Scope>,
    /// The one project it is for; all where absent.
    project: Option<String>,
    /// When it ends, milliseconds since 1970; never where absent.
    expires_at: Option<i64>,
}

/// An API key that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewApiKey {
    /// The key.
    key: ApiKey,
    /// The secret, shown this once: `Authorization: Bearer <token>`.
    token: String,
}

/// Makes an API key. Its secret is shown in this answer and never again. Needs the role `admin`.
#[utoipa::path(post, path = "/keys", operation_id = "create_key", tag = "access", request_body = ApiKeyInput,
    responses((status = 201, body = NewApiKey), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(crate) async fn create(
    app: Shared,
    access: Access,
    Body(input): Body<ApiKeyInput>,
) -> Result<(StatusCode, Json<NewApiKey>), Failure> {
    blocking(move || {
        let by = access.event(Action::ApiKeyMade);
        let new = NewKey {
            name: &input.name,
            role: input.role,
            scopes: &input.scopes,
            project: input.project.as_deref(),
            expires_at: input.expires_at,
        };
        let made = app.engine.control.create_api_key(&new, &by);
        let (key, token) = made.map_err(failure)?;
        Ok((StatusCode::CREATED, Json(NewApiKey { key, token })))
    })
    .await
}

/// All API keys, without their secrets. Needs the role `admin`.
#[utoipa::path(get, path = "/keys", operation_id = "list_keys", tag = "access",
    responses((status = 200, body = [ApiKey]), (status = 403, body = ApiError)))]
pub(crate) async fn list(app: Shared) -> Result<Json<Vec<ApiKey>>, Failure> {
    blocking(move || Ok(Json(app.engine.control.api_keys().map_err(failure)?))).await
}

/// Withdraws an API key. Needs the role `admin`.
#[utoipa::path(delete, path = "/keys/{id}", operation_id = "delete_key", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let by = access.event(Action::ApiKeyRevoked);
        app.engine.control.revoke_api_key(&id, &by).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
