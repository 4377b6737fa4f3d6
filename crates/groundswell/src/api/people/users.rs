//! Users and their roles.

use super::links::{NewLink, made};
use crate::api::access::Access;
use crate::api::door;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{AccessRole, Action, Grants, LinkKind, User, UserChange};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A user to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewUserInput {
    /// The e-mail address, which signs in.
    email: String,
    /// The name others see; the address where absent.
    #[serde(default)]
    name: String,
    /// The role in every project, and over the installation.
    role: Option<AccessRole>,
    /// Roles in single projects, besides.
    #[serde(default)]
    projects: BTreeMap<String, AccessRole>,
}

/// A user who was just added.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewUser {
    /// The user.
    user: User,
    /// The invitation to hand on.
    invitation: NewLink,
}

/// What a user is from now on.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct UserInput {
    /// The name others see.
    name: String,
    /// The role in every project, and over the installation.
    role: Option<AccessRole>,
    /// Roles in single projects, besides.
    #[serde(default)]
    projects: BTreeMap<String, AccessRole>,
    /// Whether signing in is refused.
    #[serde(default)]
    disabled: bool,
}

/// Everybody who can sign in. Needs the role `admin`.
#[utoipa::path(get, path = "/users", operation_id = "list_users", tag = "access",
    responses((status = 200, body = [User]), (status = 403, body = ApiError)))]
pub(crate) async fn list(app: Shared) -> Result<Json<Vec<User>>, Failure> {
    blocking(move || Ok(Json(app.engine.control.users().map_err(failure)?))).await
}

/// Adds a user and makes the invitation, whose secret is shown this once. Needs the role `admin`.
#[utoipa::path(post, path = "/users", operation_id = "create_user", tag = "access", request_body = NewUserInput,
    responses((status = 201, body = NewUser), (status = 400, body = ApiError), (status = 403, body = ApiError),
        (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn create(
    app: Shared,
    access: Access,
    headers: HeaderMap,
    Body(input): Body<NewUserInput>,
) -> Result<(StatusCode, Json<NewUser>), Failure> {
    let base = door::base(&app, &headers);
    blocking(move || {
        let control = &app.engine.control;
        let grants = Grants {
            everywhere: input.role,
            projects: input.projects,
        };
        let by = access.event(Action::UserAdded);
        let user = control
            .create_user(&input.email, &input.name, &grants, &by)
            .map_err(failure)?;
        let link = control
            .create_link(&user.id, LinkKind::Invitation, &by)
            .map_err(failure)?;
        let invitation = made(link, &base);
        Ok((StatusCode::CREATED, Json(NewUser { user, invitation })))
    })
    .await
}

/// Changes a user's name, roles and state. Needs the role `admin`.
#[utoipa::path(put, path = "/users/{id}", operation_id = "update_user", tag = "access", params(("id" = String, Path)), request_body = UserInput,
    responses((status = 200, body = User), (status = 400, body = ApiError), (status = 403, body = ApiError),
        (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn update(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(input): Body<UserInput>,
) -> Result<Json<User>, Failure> {
    blocking(move || {
        let change = UserChange {
            name: Some(input.name),
            grants: Some(Grants {
                everywhere: input.role,
                projects: input.projects,
            }),
            disabled: Some(input.disabled),
        };
        let by = access.event(Action::UserChanged);
        let changed = app.engine.control.change_user(&id, &change, &by);
        Ok(Json(changed.map_err(failure)?))
    })
    .await
}

/// Removes a user, with sessions and links. Needs the role `admin`.
#[utoipa::path(delete, path = "/users/{id}", operation_id = "delete_user", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let by = access.event(Action::UserRemoved);
        app.engine.control.delete_user(&id, &by).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
