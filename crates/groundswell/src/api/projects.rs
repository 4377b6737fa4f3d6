//! Projects.

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::types::{ApiError, Project, ProjectInput};
use super::{Failure, Shared, monitors::failure};
use crate::control::Scope;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;

/// The projects of whoever asks.
#[utoipa::path(get, path = "/projects", operation_id = "list_projects", tag = "projects", responses((status = 200, body = [Project])))]
pub(super) async fn list(app: Shared, access: Access) -> Result<Json<Vec<Project>>, Failure> {
    blocking(move || {
        let mut all = app.engine.control.projects().map_err(failure)?;
        all.retain(|p| access.may(Some(&p.id), Scope::Sums));
        Ok(Json(all))
    })
    .await
}

/// A new project.
#[utoipa::path(post, path = "/projects", operation_id = "create_project", tag = "projects", request_body = ProjectInput,
    responses((status = 201, body = Project), (status = 400, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    Body(input): Body<ProjectInput>,
) -> Result<(StatusCode, Json<Project>), Failure> {
    check(&input)?;
    blocking(move || {
        Ok((
            StatusCode::CREATED,
            Json(app.engine.control.create_project(&input).map_err(failure)?),
        ))
    })
    .await
}

/// A project's new name and objective.
#[utoipa::path(put, path = "/projects/{id}", operation_id = "update_project", tag = "projects", params(("id" = String, Path)), request_body = ProjectInput,
    responses((status = 200, body = Project), (status = 404, body = ApiError)))]
pub(super) async fn update(
    app: Shared,
    Path(id): Path<String>,
    Body(input): Body<ProjectInput>,
) -> Result<Json<Project>, Failure> {
    check(&input)?;
    blocking(move || {
        Ok(Json(
            app.engine.control.update_project(&id, &input).map_err(failure)?,
        ))
    })
    .await
}

fn check(input: &ProjectInput) -> Result<(), Failure> {
    super::monitors::check_name(&input.name)
}
