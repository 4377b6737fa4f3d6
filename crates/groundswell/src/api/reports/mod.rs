//! Definitions of reports. What is made of them is in [`renditions`].

pub(super) mod renditions;

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::monitors::failure;
use super::types::ApiError;
use super::{Failure, Shared};
use crate::control::ReportRow;
use crate::report::Definition;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A report as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct Report {
    /// Its id.
    pub id: String,
    /// What is to be in it, and when it is made by itself.
    pub definition: Definition,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

impl From<ReportRow> for Report {
    fn from(row: ReportRow) -> Self {
        Self {
            id: row.id,
            definition: row.definition,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A project's reports, oldest first.
#[utoipa::path(get, path = "/projects/{project}/reports", operation_id = "list_reports", tag = "reports", params(("project" = String, Path)),
    responses((status = 200, body = [Report])))]
pub(super) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<Report>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.reports(&project).map_err(failure)?;
        Ok(Json(rows.into_iter().map(Report::from).collect()))
    })
    .await
}

/// Keeps a definition. Its schedule, if any, begins now.
#[utoipa::path(post, path = "/projects/{project}/reports", operation_id = "create_report", tag = "reports", params(("project" = String, Path)),
    request_body = Definition, responses((status = 201, body = Report), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    _: Access,
    Path(project): Path<String>,
    Body(definition): Body<Definition>,
) -> Result<(StatusCode, Json<Report>), Failure> {
    definition.check().map_err(Failure::Bad)?;
    blocking(move || {
        let made = app
            .engine
            .control
            .create_report(&project, &definition)
            .map_err(failure)?;
        Ok((StatusCode::CREATED, Json(made.into())))
    })
    .await
}

/// One report.
#[utoipa::path(get, path = "/projects/{project}/reports/{id}", operation_id = "get_report", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Report), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Report>, Failure> {
    blocking(move || {
        Ok(Json(
            app.engine.control.report(&project, &id).map_err(failure)?.into(),
        ))
    })
    .await
}

/// Changes a definition. What was made of it before stays as it is; its schedule begins anew.
#[utoipa::path(put, path = "/projects/{project}/reports/{id}", operation_id = "update_report", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    request_body = Definition, responses((status = 200, body = Report), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn put(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Body(definition): Body<Definition>,
) -> Result<Json<Report>, Failure> {
    definition.check().map_err(Failure::Bad)?;
    blocking(move || {
        let changed = app
            .engine
            .control
            .update_report(&project, &id, &definition)
            .map_err(failure)?;
        Ok(Json(changed.into()))
    })
    .await
}

/// Deletes a definition and its schedule. What was made of it stays.
#[utoipa::path(delete, path = "/projects/{project}/reports/{id}", operation_id = "delete_report", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204, description = "Gone"), (status = 404, body = ApiError)))]
pub(super) async fn delete(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        app.engine.control.delete_report(&project, &id).map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}
