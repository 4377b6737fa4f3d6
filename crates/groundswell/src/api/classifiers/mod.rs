//! Classifiers of one's own: made, labelled, trained, put in force, asked and applied.

pub(super) mod labels;
pub(super) mod types;
pub(super) mod work;

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::monitors::{check_name, failure};
use super::types::ApiError;
use super::{App, Failure, Shared};
use crate::control::{Action, AuditEvent, ClassifierRow};
use crate::scoring::own;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use models::TASKS;
use models::custom::CustomModel;
use types::{ActiveInput, Classifier, ClassifierInput, Version};

/// The classifiers of a project, by name.
#[utoipa::path(get, path = "/projects/{project}/classifiers", operation_id = "list_classifiers", tag = "classifiers", params(("project" = String, Path)),
    responses((status = 200, body = [Classifier])))]
pub(super) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<Classifier>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.classifiers(&project).map_err(failure)?;
        let shown: Result<Vec<_>, Failure> = rows.into_iter().map(|row| shown(&app, row)).collect();
        Ok(Json(shown?))
    })
    .await
}

/// Makes a classifier. It says nothing until it has labels, is trained, and a version is put in force.
#[utoipa::path(post, path = "/projects/{project}/classifiers", operation_id = "create_classifier", tag = "classifiers", params(("project" = String, Path)),
    request_body = ClassifierInput,
    responses((status = 201, body = Classifier), (status = 400, body = ApiError), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<ClassifierInput>,
) -> Result<(StatusCode, Json<Classifier>), Failure> {
    blocking(move || {
        check_task(&input.name)?;
        let control = &app.engine.control;
        let made = control
            .create_classifier(&project, &input.name)
            .map_err(failure)?;
        note(&app, &access, &made, "made")?;
        Ok((StatusCode::CREATED, Json(shown(&app, made)?)))
    })
    .await
}

/// One classifier, with what is under way.
#[utoipa::path(get, path = "/projects/{project}/classifiers/{id}", operation_id = "get_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Classifier), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Classifier>, Failure> {
    blocking(move || Ok(Json(shown(&app, find(&app, &project, &id)?)?))).await
}

/// Deletes a classifier, its labels, versions and job; soon after, stored mentions lose its labels as well.
#[utoipa::path(delete, path = "/projects/{project}/classifiers/{id}", operation_id = "delete_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(super) async fn delete(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    blocking(move || {
        let row = find(&app, &project, &id)?;
        app.engine.control.delete_classifier(&id).map_err(failure)?;
        app.engine.jobs.stop(&id);
        app.engine.own.refresh(&app.engine.control).map_err(failure)?;
        note(&app, &access, &row, "deleted")?;
        own::forget(&app.engine, row.project, row.name);
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// The versions of a classifier, newest first, each with how good it is.
#[utoipa::path(get, path = "/projects/{project}/classifiers/{id}/versions", operation_id = "list_classifier_versions", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = [Version]), (status = 404, body = ApiError)))]
pub(super) async fn versions(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Vec<Version>>, Failure> {
    blocking(move || {
        let active = find(&app, &project, &id)?.active;
        let rows = app.engine.control.classifier_versions(&id).map_err(failure)?;
        let versions: Result<Vec<_>, _> = rows.iter().map(|row| Version::of(row, active)).collect();
        versions.map(Json).map_err(|e| Failure::Internal(e.to_string()))
    })
    .await
}

/// Puts a version in force, an older one as well, or none. Mentions that come from now on are read by it.
#[utoipa::path(put, path = "/projects/{project}/classifiers/{id}/active", operation_id = "activate_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    request_body = ActiveInput,
    responses((status = 200, body = Classifier), (status = 404, body = ApiError)))]
pub(super) async fn activate(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<ActiveInput>,
) -> Result<Json<Classifier>, Failure> {
    blocking(move || {
        find(&app, &project, &id)?;
        put_in_force(&app, &access, &id, input.version)
    })
    .await
}

/// Puts the newest version before the one in force in force again.
#[utoipa::path(post, path = "/projects/{project}/classifiers/{id}/rollback", operation_id = "rollback_classifier", tag = "classifiers", params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = Classifier), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(super) async fn rollback(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<Classifier>, Failure> {
    blocking(move || {
        let active = find(&app, &project, &id)?.active;
        let versions = app.engine.control.classifier_versions(&id).map_err(failure)?;
        let earlier = versions
            .iter()
            .map(|v| v.version)
            .filter(|&v| active.is_some_and(|a| v < a))
            .max();
        let Some(earlier) = earlier else {
            return Err(Failure::Conflict(
                "there is no version before the one in force".to_owned(),
            ));
        };
        put_in_force(&app, &access, &id, Some(earlier))
    })
    .await
}

fn put_in_force(
    app: &App,
    access: &Access,
    id: &str,
    version: Option<u32>,
) -> Result<Json<Classifier>, Failure> {
    let control = &app.engine.control;
    if let Some(version) = version {
        // What cannot be read is not put in force.
        model(app, id, version)?;
    }
    control.activate_classifier(id, version).map_err(failure)?;
    app.engine.own.refresh(control).map_err(failure)?;
    let row = control.classifier(id).map_err(failure)?;
    let what = version.map_or("out of use".to_owned(), |v| format!("version {v} in force"));
    note(app, access, &row, &what)?;
    Ok(Json(shown(app, row)?))
}

/// A classifier of this project.
fn find(app: &App, project: &str, id: &str) -> Result<ClassifierRow, Failure> {
    let row = app.engine.control.classifier(id).map_err(failure)?;
    match row.project == project {
        true => Ok(row),
        false => Err(Failure::NotFound("classifier")),
    }
}

fn shown(app: &App, row: ClassifierRow) -> Result<Classifier, Failure> {
    let labels = app.engine.control.label_counts(&row.id).map_err(failure)?;
    let job = app.engine.jobs.get(&row.id);
    Ok(Classifier::of(row, labels, job))
}

/// The model of a version.
fn model(app: &App, id: &str, version: u32) -> Result<CustomModel, Failure> {
    let file = app
        .engine
        .control
        .classifier_artefact(id, version)
        .map_err(failure)?;
    CustomModel::load(&file).map_err(|e| Failure::Conflict(e.to_string()))
}

/// The version asked for, else the one in force, else the newest.
fn chosen(app: &App, row: &ClassifierRow, asked: Option<u32>) -> Result<Option<u32>, Failure> {
    if let Some(version) = asked.or(row.active) {
        return Ok(Some(version));
    }
    let versions = app.engine.control.classifier_versions(&row.id).map_err(failure)?;
    Ok(versions.first().map(|v| v.version))
}

/// Puts down what was done to a classifier.
fn note(app: &App, access: &Access, row: &ClassifierRow, what: &str) -> Result<(), Failure> {
    let event: AuditEvent = access
        .event(Action::ClassifierChanged)
        .on(&row.id)
        .within(&row.project);
    let event = event.with(serde_json::json!({"name": row.name, "change": what}));
    app.engine.control.audit(&event).map_err(failure)
}

/// Whether a name can be that of a task: none of the built-in ones, and nothing that a filter could not name.
fn check_task(name: &str) -> Result<(), Failure> {
    check_name(name)?;
    let name = name.trim();
    let mut built_in =
        TASKS
            .iter()
            .map(|t| t.0)
            .chain(["sentiment", "target", "language", "intent", "spam", "relevance"]);
    if built_in.any(|task| task.eq_ignore_ascii_case(name)) {
        return Err(Failure::Conflict(format!(
            "`{name}` is a task that comes with the program; choose another name"
        )));
    }
    if name
        .chars()
        .any(|c| matches!(c, ':' | ',' | '@') || c.is_control())
    {
        return Err(Failure::Bad(
            "a classifier's name has no colon, comma, @ or control character".to_owned(),
        ));
    }
    Ok(())
}
