//! Dashboards: named grids of widgets, each a question of its own.

mod check;
mod combine;
mod templates;
mod types;

pub(super) use combine::both;
pub(super) use types::{Dashboard, Widget, WidgetKind};

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::monitors::failure;
use super::types::ApiError;
use super::{App, Failure, Shared};
use crate::control::{Action, DashboardRow, DashboardText};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use templates::Template;
use types::{DashboardInput, DashboardItem, FORM, NewDashboard, TemplateView};

/// A project's dashboards, oldest first.
#[utoipa::path(get, path = "/projects/{project}/dashboards", operation_id = "list_dashboards", tag = "dashboards",
    params(("project" = String, Path)), responses((status = 200, body = [DashboardItem])))]
pub(super) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<DashboardItem>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.dashboards(&project).map_err(failure)?;
        let items = rows.into_iter().map(|row| Ok(view(row)?.into()));
        Ok(Json(items.collect::<Result<_, Failure>>()?))
    })
    .await
}

/// The templates there are; the one that suits the project's objective comes first.
#[utoipa::path(get, path = "/projects/{project}/dashboard-templates", operation_id = "list_dashboard_templates",
    tag = "dashboards", params(("project" = String, Path)), responses((status = 200, body = [TemplateView])))]
pub(super) async fn templates(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<TemplateView>>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        let suited = Template::of(control.project(&project).map_err(failure)?.objective);
        let monitors = control.monitors(&project).map_err(failure)?;
        let mut all: Vec<TemplateView> = Template::ALL
            .into_iter()
            .map(|template| TemplateView {
                template,
                suggested: template == suited,
                outline: template.widgets(&monitors).iter().map(Into::into).collect(),
            })
            .collect();
        all.sort_by_key(|view| !view.suggested);
        Ok(Json(all))
    })
    .await
}

/// Makes a dashboard: from a template, of given widgets, or empty. A project has at most 100.
#[utoipa::path(post, path = "/projects/{project}/dashboards", operation_id = "create_dashboard", tag = "dashboards",
    params(("project" = String, Path)), request_body = NewDashboard,
    responses((status = 201, body = Dashboard), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(new): Body<NewDashboard>,
) -> Result<(StatusCode, Json<Dashboard>), Failure> {
    blocking(move || {
        let widgets = match new.template {
            Some(_) if !new.widgets.is_empty() => {
                return Err(Failure::Bad(
                    "a dashboard is made from a template or of widgets, not of both".to_owned(),
                ));
            }
            Some(template) => template.widgets(&app.engine.control.monitors(&project).map_err(failure)?),
            None => new.widgets,
        };
        let text = (&new.name[..], &new.description[..]);
        Ok((
            StatusCode::CREATED,
            Json(keep(&app, &access, &project, text, &widgets)?),
        ))
    })
    .await
}

/// Keeps a new dashboard of widgets that are looked at first.
fn keep(
    app: &App,
    access: &Access,
    project: &str,
    (name, description): (&str, &str),
    widgets: &[Widget],
) -> Result<Dashboard, Failure> {
    check::widgets(app, project, widgets)?;
    let text = DashboardText {
        name,
        description,
        body: &written(widgets)?,
    };
    let made = app.engine.control.create_dashboard(project, text, &actor(access));
    view(made.map_err(failure)?)
}

/// One dashboard.
#[utoipa::path(get, path = "/projects/{project}/dashboards/{id}", operation_id = "get_dashboard", tag = "dashboards",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Dashboard), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Dashboard>, Failure> {
    blocking(move || read(&app, &project, &id).map(Json)).await
}

/// The dashboard as it is kept.
pub(super) fn read(app: &App, project: &str, id: &str) -> Result<Dashboard, Failure> {
    view(app.engine.control.dashboard(project, id).map_err(failure)?)
}

/// Replaces a dashboard. It must be at the version that is sent along: what somebody else changed meanwhile is not lost.
#[utoipa::path(put, path = "/projects/{project}/dashboards/{id}", operation_id = "replace_dashboard", tag = "dashboards",
    params(("project" = String, Path), ("id" = String, Path)), request_body = DashboardInput,
    responses((status = 200, body = Dashboard), (status = 400, body = ApiError), (status = 404, body = ApiError),
        (status = 409, body = ApiError, description = "It is at another version")))]
pub(super) async fn replace(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<DashboardInput>,
) -> Result<Json<Dashboard>, Failure> {
    blocking(move || {
        check::widgets(&app, &project, &input.widgets)?;
        let text = DashboardText {
            name: &input.name,
            description: &input.description,
            body: &written(&input.widgets)?,
        };
        let control = &app.engine.control;
        let changed = control.replace_dashboard(&project, &id, input.version, text, &actor(&access));
        view(changed.map_err(failure)?).map(Json)
    })
    .await
}

/// Deletes a dashboard; `…/restore` puts it back, for thirty days. Share links to it show nothing meanwhile.
#[utoipa::path(delete, path = "/projects/{project}/dashboards/{id}", operation_id = "delete_dashboard", tag = "dashboards",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204, description = "Gone, for now"), (status = 404, body = ApiError)))]
pub(super) async fn delete(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        app.engine
            .control
            .delete_dashboard(&project, &id)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Puts a deleted dashboard back.
#[utoipa::path(post, path = "/projects/{project}/dashboards/{id}/restore", operation_id = "restore_dashboard", tag = "dashboards",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Dashboard), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn restore(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Dashboard>, Failure> {
    blocking(move || {
        let restored = app.engine.control.restore_dashboard(&project, &id);
        view(restored.map_err(failure)?).map(Json)
    })
    .await
}

/// A name for a copy.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CopyInput {
    /// The copy's name.
    name: String,
}

/// Makes a copy of a dashboard.
#[utoipa::path(post, path = "/projects/{project}/dashboards/{id}/duplicate", operation_id = "duplicate_dashboard",
    tag = "dashboards", params(("project" = String, Path), ("id" = String, Path)), request_body = CopyInput,
    responses((status = 201, body = Dashboard), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn duplicate(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(copy): Body<CopyInput>,
) -> Result<(StatusCode, Json<Dashboard>), Failure> {
    blocking(move || {
        let first = read(&app, &project, &id)?;
        let text = (&copy.name[..], &first.description[..]);
        let made = keep(&app, &access, &project, text, &first.widgets)?;
        Ok((StatusCode::CREATED, Json(made)))
    })
    .await
}

fn actor(access: &Access) -> String {
    access.event(Action::Changed).actor
}

/// Widgets as they are kept: their form's number, and no absent field.
fn written(widgets: &[Widget]) -> Result<String, Failure> {
    let internal = |e: serde_json::Error| Failure::Internal(e.to_string());
    let mut body = json!({"form": FORM, "widgets": serde_json::to_value(widgets).map_err(internal)?});
    drop_absent(&mut body);
    Ok(body.to_string())
}

fn drop_absent(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_absent);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_absent),
        _ => {}
    }
}

#[derive(Deserialize)]
struct Kept {
    form: u32,
    widgets: Value,
}

fn view(row: DashboardRow) -> Result<Dashboard, Failure> {
    let damaged =
        |e: serde_json::Error| Failure::Internal(format!("the dashboard {} cannot be read: {e}", row.id));
    let kept: Kept = serde_json::from_str(&row.body).map_err(damaged)?;
    if kept.form > FORM {
        return Err(Failure::Conflict(format!(
            "the dashboard `{}` has form {}, this program knows up to {FORM}: use a newer groundswell",
            row.name, kept.form
        )));
    }
    Ok(Dashboard {
        widgets: serde_json::from_value(kept.widgets).map_err(damaged)?,
        id: row.id,
        name: row.name,
        description: row.description,
        version: row.version,
        by: row.actor,
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
