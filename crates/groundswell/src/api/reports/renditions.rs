//! Reports made: drafts, approved ones, their files.

use super::super::access::Access;
use super::super::error::blocking;
use super::super::extract::Params;
use super::super::monitors::failure;
use super::super::types::ApiError;
use super::super::{Failure, Shared};
use crate::control::{Action, NewRendition, Rendition as Row};
use crate::report::{self, Form};
use axum::Json;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A report that was made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct Rendition {
    /// Its id.
    pub id: String,
    /// The definition it was made of.
    pub report: String,
    /// `html`, `pdf`, `pptx`, `xlsx`.
    pub form: Form,
    /// Begin of its days.
    pub from: i64,
    /// End of its days, exclusive.
    pub to: i64,
    /// When it was made.
    pub made_at: i64,
    /// Who made it, or `schedule`.
    pub made_by: String,
    /// `draft`, or `approved`: it goes to its recipients, see the outbox.
    pub state: String,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<i64>,
    /// Who is to get it.
    pub recipients: Vec<String>,
    /// Where its file is.
    pub download: String,
}

impl From<Row> for Rendition {
    fn from(row: Row) -> Self {
        Self {
            download: format!("/api/v1/projects/{}/renditions/{}", row.project, row.id),
            state: if row.approved_at.is_some() {
                "approved"
            } else {
                "draft"
            }
            .to_owned(),
            id: row.id,
            report: row.report,
            form: row.form,
            from: row.from,
            to: row.to,
            made_at: row.made_at,
            made_by: row.made_by,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            recipients: row.recipients,
        }
    }
}

/// In which form.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct RenderParams {
    /// `pdf` (default), `html`, `pptx`, `xlsx`.
    pub format: Option<String>,
}

/// Which of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(in crate::api) struct RenditionParams {
    /// `draft` or `approved`; both where absent.
    pub state: Option<String>,
}

/// Makes a report now, as a draft. It says so on every page until it is approved.
#[utoipa::path(post, path = "/projects/{project}/reports/{id}/render", operation_id = "render_report", tag = "reports",
    params(("project" = String, Path), ("id" = String, Path), RenderParams),
    responses((status = 201, body = Rendition), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in super::super) async fn render(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Params(how): Params<RenderParams>,
) -> Result<(StatusCode, Json<Rendition>), Failure> {
    let form = match how.format.as_deref() {
        None => Form::Pdf,
        Some(name) => Form::from_name(name).ok_or_else(|| {
            Failure::Bad(format!(
                "`{name}` is no format; known: {}",
                Form::ALL.map(Form::name).join(", ")
            ))
        })?,
    };
    blocking(move || {
        let engine = &app.engine;
        let row = engine.control.report(&project, &id).map_err(failure)?;
        let snapshot = engine.store.snapshot();
        let (small_cell, now) = (app.policy.small_cell, crate::clock::now());
        let made = report::make(
            &engine.control,
            &snapshot,
            &row.definition,
            &project,
            small_cell,
            now,
        )?;
        let new = NewRendition {
            report: &row.id,
            project: &project,
            form,
            span: &made.span,
            by: &access.actor,
            recipients: &row.definition.recipients,
        };
        let rendition = engine.control.add_rendition(&new).map_err(failure)?;
        report::write(&engine.data, &rendition.id, form, &made.report)
            .map_err(|e| Failure::Internal(format!("{e:#}")))?;
        note(&app, &access, Action::ReportMade, &rendition)?;
        Ok((StatusCode::CREATED, Json(rendition.into())))
    })
    .await
}

/// What was made in a project, newest first.
#[utoipa::path(get, path = "/projects/{project}/renditions", operation_id = "list_renditions", tag = "reports", params(("project" = String, Path), RenditionParams),
    responses((status = 200, body = [Rendition]), (status = 400, body = ApiError)))]
pub(in super::super) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(which): Params<RenditionParams>,
) -> Result<Json<Vec<Rendition>>, Failure> {
    let approved = match which.state.as_deref() {
        None => None,
        Some("draft") => Some(false),
        Some("approved") => Some(true),
        Some(other) => {
            return Err(Failure::Bad(format!(
                "`{other}` is no state; known: draft, approved"
            )));
        }
    };
    blocking(move || {
        let rows = app
            .engine
            .control
            .renditions(&project, approved)
            .map_err(failure)?;
        Ok(Json(rows.into_iter().map(Rendition::from).collect()))
    })
    .await
}

/// The file, as a draft until it is approved.
#[utoipa::path(get, path = "/projects/{project}/renditions/{id}", operation_id = "download_rendition", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, description = "The file"), (status = 404, body = ApiError)))]
pub(in super::super) async fn download(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    blocking(move || {
        let row = app.engine.control.rendition(&project, &id).map_err(failure)?;
        let draft = row.approved_at.is_none();
        let bytes = report::open(&app.engine.data, &row.id, row.form, draft)
            .map_err(|e| Failure::Internal(e.to_string()))?;
        // An erasure takes files away that hold, or may hold, the person.
        let bytes = bytes.ok_or(Failure::NotFound(
            "file any more: an erasure took it away; make the report again",
        ))?;
        note(&app, &access, Action::ReportDownloaded, &row)?;
        let mark = if draft { "-draft" } else { "" };
        let headers = [
            (header::CONTENT_TYPE, row.form.media_type().to_owned()),
            (
                header::CONTENT_DISPOSITION,
                format!(
                    "attachment; filename=\"report-{}{mark}.{}\"",
                    row.id,
                    row.form.name()
                ),
            ),
        ];
        Ok((headers, bytes).into_response())
    })
    .await
}

/// Approves a draft: from now on its file does not call itself a draft, and a letter with it goes to each recipient.
#[utoipa::path(post, path = "/projects/{project}/renditions/{id}/approve", operation_id = "approve_rendition", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Rendition), (status = 404, body = ApiError)))]
pub(in super::super) async fn approve(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Rendition>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let draft = control.rendition(&project, &id).map_err(failure)?;
        let letters = report::letters(control, &draft).map_err(failure)?;
        let row = control
            .approve_rendition(&project, &id, &access.actor, &letters)
            .map_err(failure)?;
        note(&app, &access, Action::ReportApproved, &row)?;
        Ok(Json(row.into()))
    })
    .await
}

/// Takes a rendition and its file away.
#[utoipa::path(delete, path = "/projects/{project}/renditions/{id}", operation_id = "delete_rendition", tag = "reports", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204, description = "Gone"), (status = 404, body = ApiError)))]
pub(in super::super) async fn delete(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let row = app
            .engine
            .control
            .delete_rendition(&project, &id)
            .map_err(failure)?;
        report::remove(&app.engine.data, &row.id, row.form).map_err(|e| Failure::Internal(e.to_string()))?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

fn note(app: &super::super::App, access: &Access, action: Action, row: &Row) -> Result<(), Failure> {
    let event = access
        .event(action)
        .within(&row.project)
        .with(serde_json::json!({"report": row.report, "rendition": row.id, "form": row.form.name()}));
    app.engine.control.audit(&event).map(drop).map_err(failure)
}
