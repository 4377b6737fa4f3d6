//! Who has a role in a project. A project's own administrators invite people to it, and to nothing else.

use super::links::{NewLink, made};
use crate::api::access::Access;
use crate::api::door;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{AccessRole, Action, LinkKind, Member};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Somebody to have a role in a project.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct MemberInput {
    /// The e-mail address. Whoever has no account yet gets one.
    email: String,
    /// The name others see, where the account is new; the address where absent.
    #[serde(default)]
    name: String,
    /// The role in this project.
    role: AccessRole,
}

/// Somebody who has a role in a project now.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberPut {
    /// Who.
    member: Member,
    /// The invitation to hand on, where the account is new; its secret is shown this once.
    invitation: Option<NewLink>,
}

/// Everybody with a role in the project, in it alone or everywhere. Needs the role `admin` in it.
#[utoipa::path(get, path = "/projects/{project}/members", operation_id = "list_members", tag = "access", params(("project" = String, Path)),
    responses((status = 200, body = [Member]), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<Member>>, Failure> {
    blocking(move || Ok(Json(app.engine.control.members(&project).map_err(failure)?))).await
}

/// Gives somebody a role in the project, and an account where there is none. Needs the role `admin` in it.
#[utoipa::path(post, path = "/projects/{project}/members", operation_id = "put_member", tag = "access", params(("project" = String, Path)), request_body = MemberInput,
    responses((status = 200, body = MemberPut), (status = 201, body = MemberPut), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn put(
    app: Shared,
    access: Access,
    headers: HeaderMap,
    Path(project): Path<String>,
    Body(input): Body<MemberInput>,
) -> Result<(StatusCode, Json<MemberPut>), Failure> {
    let base = door::base(&app, &headers);
    blocking(move || {
        let control = &app.engine.control;
        let by = access.event(Action::UserChanged);
        let named = (input.email.as_str(), input.name.as_str());
        let put = control.put_member(&project, named, input.role, &by);
        let (member, is_new) = put.map_err(failure)?;
        if !is_new {
            let invitation = None;
            return Ok((StatusCode::OK, Json(MemberPut { member, invitation })));
        }
        let link = control.create_link(&member.id, LinkKind::Invitation, &by);
        let invitation = Some(made(link.map_err(failure)?, &base));
        Ok((StatusCode::CREATED, Json(MemberPut { member, invitation })))
    })
    .await
}

/// Takes somebody's role in the project away; the account stays. Needs the role `admin` in it.
#[utoipa::path(delete, path = "/projects/{project}/members/{id}", operation_id = "remove_member", tag = "access",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn remove(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let by = access.event(Action::UserChanged);
        app.engine
            .control
            .remove_member(&project, &id, &by)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
