//! Invitations and resets.

use crate::api::access::Access;
use crate::api::door;
use crate::api::error::blocking;
use crate::api::extract::Body;
use crate::api::monitors::failure;
use crate::api::types::ApiError;
use crate::api::{Failure, Shared};
use crate::control::{Action, Link, LinkKind};
use axum::Json;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A link to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct LinkMade {
    /// An invitation holds for a week, a reset for an hour.
    kind: LinkKind,
}

/// A link that was just made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NewLink {
    /// The link.
    link: Link,
    /// Its secret, shown this once.
    token: String,
    /// The address to hand on. The secret stands behind `#`, which browsers send nowhere.
    url: String,
}

/// A link that was just made, with its address.
pub(super) fn made((link, token): (Link, String), base: &str) -> NewLink {
    NewLink {
        url: format!("{base}/sign-in#{token}"),
        link,
        token,
    }
}

/// Makes an invitation or a reset for a user; those made before for the user are void. Needs the role `admin`.
#[utoipa::path(post, path = "/users/{id}/links", operation_id = "create_link", tag = "access", params(("id" = String, Path)), request_body = LinkMade,
    responses((status = 201, body = NewLink), (status = 400, body = ApiError), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn create(
    app: Shared,
    access: Access,
    headers: HeaderMap,
    Path(id): Path<String>,
    Body(input): Body<LinkMade>,
) -> Result<(StatusCode, Json<NewLink>), Failure> {
    let base = door::base(&app, &headers);
    blocking(move || {
        let by = access.event(Action::LinkMade);
        let link = app.engine.control.create_link(&id, input.kind, &by);
        Ok((StatusCode::CREATED, Json(made(link.map_err(failure)?, &base))))
    })
    .await
}

/// Invitations and resets that can still be used. Needs the role `admin`.
#[utoipa::path(get, path = "/links", operation_id = "list_links", tag = "access",
    responses((status = 200, body = [Link]), (status = 403, body = ApiError)))]
pub(crate) async fn list(app: Shared) -> Result<Json<Vec<Link>>, Failure> {
    blocking(move || Ok(Json(app.engine.control.links().map_err(failure)?))).await
}

/// Makes a link void. Needs the role `admin`.
#[utoipa::path(delete, path = "/links/{id}", operation_id = "delete_link", tag = "access", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn delete(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let by = access.event(Action::LinkRevoked);
        app.engine.control.revoke_link(&id, &by).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
