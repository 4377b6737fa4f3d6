//! Actions on the time axis, and what was measured before and after them.

use super::answer;
use super::ask::Asking;
use super::types::{MeasureParams, Measured};
use crate::analytics::Value;
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::{Body, Params};
use crate::api::filter;
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, FilterParams};
use crate::api::{App, Failure, Shared};
use crate::control::Annotation;
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use store::Snapshot;
use utoipa::{IntoParams, ToSchema};

const DAY: i64 = 24 * 3_600_000;
/// Days looked at on either side, where none are said, and at most.
const DAYS: u32 = 7;
const MOST_DAYS: u32 = 366;

/// A period.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct PeriodParams {
    /// From this time, inclusive (default: all).
    from: Option<i64>,
    /// To this time, exclusive (default: all).
    to: Option<i64>,
}

/// The annotations of a project that touch a period, oldest first.
#[utoipa::path(get, path = "/projects/{project}/annotations", operation_id = "list_annotations", tag = "annotations",
    params(("project" = String, Path), PeriodParams),
    responses((status = 200, body = [Annotation])))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(period): Params<PeriodParams>,
) -> Result<Json<Vec<Annotation>>, Failure> {
    blocking(move || {
        let (from, to) = (period.from.unwrap_or(i64::MIN), period.to.unwrap_or(i64::MAX));
        let annotations = app
            .engine
            .control
            .annotations(&project, from, to)
            .map_err(failure)?;
        Ok(Json(annotations))
    })
    .await
}

/// Puts an action down: a campaign, a fix, an outage.
#[utoipa::path(post, path = "/projects/{project}/annotations", operation_id = "create_annotation", tag = "annotations", params(("project" = String, Path)),
    request_body = Annotation,
    responses((status = 200, body = Annotation), (status = 400, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    Path(project): Path<String>,
    Body(annotation): Body<Annotation>,
) -> Result<Json<Annotation>, Failure> {
    let new = Annotation {
        id: String::new(),
        ..annotation
    };
    put(app, project, new).await
}

/// Changes an annotation.
#[utoipa::path(put, path = "/projects/{project}/annotations/{id}", operation_id = "update_annotation", tag = "annotations",
    params(("project" = String, Path), ("id" = String, Path)),
    request_body = Annotation,
    responses((status = 200, body = Annotation), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn update(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
    Body(annotation): Body<Annotation>,
) -> Result<Json<Annotation>, Failure> {
    let (store, within, of) = (app.0.clone(), project.clone(), id.clone());
    let known = blocking(move || store.engine.control.annotation(&within, &of).map_err(failure)).await?;
    let changed = Annotation {
        id,
        created_at: known.created_at,
        ..annotation
    };
    put(app, project, changed).await
}

async fn put(app: Shared, project: String, annotation: Annotation) -> Result<Json<Annotation>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let kept = app
            .engine
            .control
            .put_annotation(&project, annotation)
            .map_err(failure)?;
        Ok(Json(kept))
    }))
    .await
}

/// Takes an annotation off.
#[utoipa::path(delete, path = "/projects/{project}/annotations/{id}", operation_id = "delete_annotation", tag = "annotations",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn delete(
    app: Shared,
    Path((project, id)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    blocking(move || {
        app.engine
            .control
            .delete_annotation(&project, &id)
            .map_err(failure)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What to measure before and after.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct AroundParams {
    /// Names of metrics, as in `GET /api/v1/measure` (default: `mentions,authors,net_sentiment`).
    pub(super) metric: Option<String>,
    /// Days before and after (default 7).
    pub(super) days: Option<u32>,
    /// Monitor ids of what is looked at; the whole project where absent.
    pub(super) monitor: Option<String>,
    /// Monitor ids of a control, such as competitors: what moved there alike is not owed to the action.
    pub(super) control: Option<String>,
    /// Time zone of days.
    pub(super) zone: Option<String>,
}

/// Before and after an action. What is seen coincided with it; that it was caused by it is not said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Around {
    /// The action.
    annotation: Annotation,
    /// The metrics.
    metrics: Vec<String>,
    /// What is looked at.
    subject: BeforeAfter,
    /// The control, where one was named.
    control: Option<BeforeAfter>,
    /// By metric: how much more the subject changed than the control, as a factor (of rates) or a difference (of shares).
    beyond_control: Vec<Value>,
    /// The sentence that may be said of it.
    words: Vec<String>,
}

/// Values of as many days before as after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BeforeAfter {
    /// Begin of the days before.
    from: i64,
    /// End of the days after, exclusive: now, where those are not over.
    to: i64,
    /// Values before, by metric.
    before: Vec<Value>,
    /// Values after. Where the days are not over, counts are of fewer hours, and `before` of as many.
    after: Vec<Value>,
    /// Change by metric: for counts after ÷ before with the 95 % interval that chance alone
    /// would give, for shares and balances after − before.
    change: Vec<Value>,
}

/// Compares the days before an action with those after.
#[utoipa::path(get, path = "/projects/{project}/annotations/{id}/around", operation_id = "around_annotation", tag = "annotations",
    params(("project" = String, Path), ("id" = String, Path), AroundParams),
    responses((status = 200, body = Around), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn around(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Params(params): Params<AroundParams>,
) -> Result<Json<Around>, Failure> {
    blocking(move || {
        let annotation = app.engine.control.annotation(&project, &id).map_err(failure)?;
        let snapshot = app.engine.store.snapshot();
        around_of(&app, &access, &snapshot, &project, annotation, &params).map(Json)
    })
    .await
}

/// Before and after an annotation of a project.
pub(super) fn around_of(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    project: &str,
    annotation: Annotation,
    params: &AroundParams,
) -> Result<Around, Failure> {
    let measure =
        |monitors: &Option<String>| sides(app, access, snapshot, project, &annotation, params, monitors);
    let (metrics, subject) = measure(&params.monitor)?;
    let control = match &params.control {
        Some(_) => Some(measure(&params.control)?.1),
        None => None,
    };
    let beyond_control = match &control {
        Some(control) => crate::analytics::around::beyond(&metrics, &subject.change, &control.change),
        None => Vec::new(),
    };
    let words =
        crate::analytics::around::words(&metrics, &annotation.title, &subject.change, &beyond_control);
    Ok(Around {
        annotation,
        metrics,
        subject,
        control,
        beyond_control,
        words,
    })
}

fn sides(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    project: &str,
    annotation: &Annotation,
    params: &AroundParams,
    monitors: &Option<String>,
) -> Result<(Vec<String>, BeforeAfter), Failure> {
    let length = i64::from(params.days.unwrap_or(DAYS).clamp(1, MOST_DAYS)) * DAY;
    let end = annotation.until.unwrap_or(annotation.at);
    let now = crate::clock::now();
    if end >= now {
        return Err(Failure::Bad(
            "it is not over yet: there is nothing after it".to_owned(),
        ));
    }
    let length = length.min(now - end);
    let of = |from: i64, to: i64| -> Result<Measured, Failure> {
        let filter = FilterParams {
            project: Some(project.to_owned()),
            monitor: monitors.clone(),
            from: Some(from),
            to: Some(to),
            ..FilterParams::default()
        };
        let asked = filter::ask(&app.engine, &filter, now)?;
        let metric = params.metric.clone().filter(|m| !m.is_empty());
        let asking = Asking::read(
            &MeasureParams {
                metric: metric.or_else(|| Some("mentions,authors,net_sentiment".to_owned())),
                zone: params.zone.clone(),
                ..MeasureParams::default()
            },
            &asked,
        )?;
        crate::api::rules::check(access, &asked.filter)?;
        answer::measured(app, access, snapshot, &asked, &asking)
    };
    let before = of(annotation.at - length, annotation.at)?;
    let after = of(end, end + length)?;
    let change = crate::analytics::around::change(&before.metrics, &before.total, &after.total);
    Ok((
        before.metrics,
        BeforeAfter {
            from: annotation.at - length,
            to: end + length,
            before: before.total,
            after: after.total,
            change,
        },
    ))
}
