//! What detectors found: `/projects/{project}/findings`, and how sensitive they are.

pub(super) mod accounts;
pub(super) mod explanation;
pub(super) mod rephrasing;

use super::access::Access;
use super::error::{blocking, to_the_end};
use super::extract::{Body, Params};
use super::monitors::{failure, writable};
use super::types::ApiError;
use super::{Failure, Shared};
use crate::control::{FindingFilter, FindingRow};
use crate::detect::{FindingKind, Sensitivity};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Findings of a page, where nothing is said, and at most.
const SOME: usize = 50;
const MOST: usize = 200;

/// Which findings are asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct FindingParams {
    /// Only those about this monitor.
    monitor: Option<String>,
    /// Only these kinds, separated by commas.
    kinds: Option<String>,
    /// Only those that end after this time, in milliseconds since 1970.
    from: Option<i64>,
    /// Only those that begin before this time.
    to: Option<i64>,
    /// Whether those that were put aside come too.
    dismissed: Option<bool>,
    /// Only those with a number below this one: the next page.
    before: Option<u64>,
    /// How many, 1 to 200 (default 50).
    limit: Option<usize>,
}

/// A page of findings, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FindingPage {
    /// The findings.
    findings: Vec<FindingRow>,
    /// Ask for the next page with `before` set to this; `null` at the end.
    next: Option<u64>,
    /// Detectors have read the project up to this time; `null` before they began.
    read_up_to: Option<i64>,
}

/// What becomes of a finding.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct FindingChange {
    /// Whether it is put aside as of no use.
    dismissed: bool,
}

/// What detectors found in a project, the newest first.
#[utoipa::path(get, path = "/projects/{project}/findings", operation_id = "list_findings", tag = "findings",
    params(("project" = String, Path), FindingParams),
    responses((status = 200, body = FindingPage), (status = 400, body = ApiError)))]
pub(super) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(p): Params<FindingParams>,
) -> Result<Json<FindingPage>, Failure> {
    let limit = p.limit.unwrap_or(SOME).clamp(1, MOST);
    let filter = FindingFilter {
        monitor: p.monitor.filter(|m| !m.is_empty()),
        kinds: kinds(p.kinds.as_deref().unwrap_or_default())?,
        from: p.from,
        to: p.to,
        dismissed: p.dismissed.unwrap_or(false),
    };
    blocking(move || {
        let control = &app.engine.control;
        let found = control
            .findings(&project, &filter, p.before, limit + 1)
            .map_err(failure)?;
        let more = found.len() > limit;
        let findings: Vec<FindingRow> = found.into_iter().take(limit).collect();
        Ok(Json(FindingPage {
            next: findings.last().filter(|_| more).map(|f| f.number),
            findings,
            read_up_to: app.detectors.read_up_to(&project).map(|at| at * 1000),
        }))
    })
    .await
}

fn kinds(text: &str) -> Result<Vec<FindingKind>, Failure> {
    let names = text.split(',').map(str::trim).filter(|n| !n.is_empty());
    names
        .map(|name| {
            FindingKind::from_name(name).ok_or_else(|| {
                let known: Vec<&str> = FindingKind::ALL.iter().map(|k| k.name()).collect();
                Failure::Bad(format!(
                    "`{name:.40}` is no kind of finding; known: {}",
                    known.join(", ")
                ))
            })
        })
        .collect()
}

/// One finding.
#[utoipa::path(get, path = "/projects/{project}/findings/{id}", operation_id = "get_finding", tag = "findings",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = FindingRow), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<FindingRow>, Failure> {
    blocking(move || Ok(Json(app.engine.control.finding(&project, &id).map_err(failure)?))).await
}

/// Notes that somebody looked at a finding, and whether it is put aside.
#[utoipa::path(put, path = "/projects/{project}/findings/{id}", operation_id = "mark_finding", tag = "findings",
    params(("project" = String, Path), ("id" = String, Path)), request_body = FindingChange,
    responses((status = 200, body = FindingRow), (status = 404, body = ApiError)))]
pub(super) async fn put(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(change): Body<FindingChange>,
) -> Result<Json<FindingRow>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let marked = control.mark_finding(&project, &id, change.dismissed, &access.actor);
        Ok(Json(marked.map_err(failure)?))
    }))
    .await
}

/// How sensitive a project's detectors are, in expected false alarms per week.
#[utoipa::path(get, path = "/projects/{project}/detection", operation_id = "get_detection", tag = "findings",
    params(("project" = String, Path)), responses((status = 200, body = Sensitivity)))]
pub(super) async fn sensitivity(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Sensitivity>, Failure> {
    blocking(move || {
        Ok(Json(
            Sensitivity::of(&app.engine.control, &project).map_err(failure)?,
        ))
    })
    .await
}

/// Sets how sensitive a project's detectors are, from the next bin on.
#[utoipa::path(put, path = "/projects/{project}/detection", operation_id = "set_detection", tag = "findings",
    params(("project" = String, Path)), request_body = Sensitivity,
    responses((status = 200, body = Sensitivity), (status = 400, body = ApiError)))]
pub(super) async fn set_sensitivity(
    app: Shared,
    Path(project): Path<String>,
    Body(input): Body<Sensitivity>,
) -> Result<Json<Sensitivity>, Failure> {
    writable(&app)?;
    if let Some(fault) = input.fault() {
        return Err(Failure::Bad(fault));
    }
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let of_project: Vec<String> = control
            .monitors(&project)
            .map_err(failure)?
            .into_iter()
            .map(|m| m.id)
            .collect();
        if let Some(unknown) = input.monitors.keys().find(|id| !of_project.contains(id)) {
            return Err(Failure::Bad(format!(
                "`{unknown:.64}` is no monitor of this project"
            )));
        }
        input.keep(control, &project).map_err(failure)?;
        Ok(Json(input))
    }))
    .await
}
