//! What a project is for, how far it got, and what it is shown and told of first.

use super::error::{blocking, to_the_end};
use super::extract::{Body, Params};
use super::filter;
use super::monitors::{failure, writable};
use super::types::{ApiError, FilterParams, Objective};
use super::{App, Failure, Shared};
use crate::insight::Ground;
use crate::insight::objective::{
    AlertDraft, ObjectiveTarget, Progress, TargetMetric, alerts, cards, progress,
};
use axum::Json;
use axum::extract::Path;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A project's objective.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ObjectiveView {
    /// What the project is for.
    objective: Objective,
    /// What such a project is measured by where nothing else is chosen.
    metric: TargetMetric,
    /// What it wants to reach; `null` where that is not said.
    target: Option<ObjectiveTarget>,
    /// How far it got; `null` without a target.
    progress: Option<Progress>,
    /// The cards of the overview in the order that suits the objective.
    cards: Vec<String>,
    /// Alerts that go with it, as drafts.
    alerts: Vec<AlertDraft>,
}

/// What to change of an objective.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObjectiveInput {
    /// What the project is for; stays as it is where absent.
    #[serde(default)]
    objective: Option<Objective>,
    /// What it wants to reach; none where `null` or absent.
    #[serde(default)]
    target: Option<ObjectiveTarget>,
}

/// How an objective is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(super) struct ObjectiveParams {
    /// Whether only the objective, the cards and the target are asked for, without the work of progress.
    brief: bool,
}

/// What a project is for, what it wants to reach and how far it got.
#[utoipa::path(get, path = "/projects/{project}/objective", operation_id = "get_objective", tag = "insights",
    params(("project" = String, Path), ObjectiveParams),
    responses((status = 200, body = ObjectiveView), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<ObjectiveParams>,
) -> Result<Json<ObjectiveView>, Failure> {
    blocking(move || view(&app, &project, params.brief).map(Json)).await
}

/// Says what a project is for and what it wants to reach.
#[utoipa::path(put, path = "/projects/{project}/objective", operation_id = "put_objective", tag = "insights",
    params(("project" = String, Path)), request_body = ObjectiveInput,
    responses((status = 200, body = ObjectiveView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn put(
    app: Shared,
    Path(project): Path<String>,
    Body(input): Body<ObjectiveInput>,
) -> Result<Json<ObjectiveView>, Failure> {
    writable(&app)?;
    if let Some(target) = &input.target {
        target.check().map_err(|e| Failure::Bad(format!("target.{e}")))?;
    }
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        if let Some(objective) = input.objective {
            control.set_objective(&project, objective).map_err(failure)?;
        }
        control.set_target(&project, input.target).map_err(failure)?;
        view(&app, &project, false).map(Json)
    }))
    .await
}

fn view(app: &App, project: &str, brief: bool) -> Result<ObjectiveView, Failure> {
    let control = &app.engine.control;
    let objective = control.project(project).map_err(failure)?.objective;
    let target = control.target(project).map_err(failure)?;
    let now = crate::clock::now();
    let params = FilterParams {
        project: Some(project.to_owned()),
        ..FilterParams::default()
    };
    let asked = filter::ask(&app.engine, &params, now)?;
    let snapshot = app.engine.store.snapshot();
    let ground = Ground {
        control,
        snapshot: &snapshot,
        project: project.to_owned(),
        filter: asked.filter,
        params,
        from: asked.from,
        to: asked.to,
        zone: TimeZone::UTC,
        now,
    };
    let progress = match &target {
        Some(target) if !brief => Some(progress(&ground, target)?),
        _ => None,
    };
    Ok(ObjectiveView {
        objective,
        metric: TargetMetric::of(objective),
        progress,
        target,
        cards: cards(objective).into_iter().map(str::to_owned).collect(),
        alerts: alerts(&ground, objective)?,
    })
}
