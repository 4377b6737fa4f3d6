//! Alerts: definitions, what they would have told, what they told, and where that goes.

pub(super) mod backtest;
pub(super) mod destinations;
pub(super) mod events;

use super::access::Access;
use super::error::{blocking, to_the_end};
use super::extract::Body;
use super::monitors::{failure, writable};
use super::types::{ApiError, Estimate};
use super::{App, Failure, Shared, filter, rules};
use crate::alerting::{self, Definition, Ground, State};
use crate::control::{AlertRow, Answered};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest time that nobody is told: four weeks, in milliseconds.
const LONGEST_MUTE: Millis = 28 * 24 * 3_600_000;

/// A definition and what became of its alerts.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AlertView {
    /// Its id.
    id: String,
    /// What is told, when, and whom.
    definition: Definition,
    /// Until when nobody is told; `null` where people are.
    muted_until: Option<i64>,
    /// Why it could not be evaluated the last time.
    fault: Option<String>,
    /// Alerts made.
    alerts: u64,
    /// Of those nobody took note of.
    open: u64,
    /// When the last one was made.
    last_at: Option<i64>,
    /// How often somebody said that one was useful.
    useful: u64,
    /// How often somebody said that one was not.
    useless: u64,
    /// The share that was useful of those that somebody judged, with its interval; `null` before anybody did.
    precision: Option<Estimate>,
    /// Findings that came within the cooldown and were not told.
    cooled: u64,
    /// When it was made.
    created_at: i64,
    /// When it was last changed.
    updated_at: i64,
}

fn view(row: AlertRow, answered: Answered) -> AlertView {
    let judged = answered.useful + answered.useless;
    AlertView {
        id: row.id,
        definition: row.definition,
        muted_until: row.muted_until.filter(|until| *until > crate::clock::now()),
        fault: row.fault,
        alerts: answered.alerts,
        open: answered.open,
        last_at: answered.last_at,
        useful: answered.useful,
        useless: answered.useless,
        precision: trends::share(answered.useful, judged).map(Estimate::from),
        cooled: row.state.cooled,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn viewed(app: &App, row: AlertRow) -> Result<AlertView, Failure> {
    let answered = app
        .engine
        .control
        .alerts_answered(&row.project)
        .map_err(failure)?;
    let of = answered.get(&row.id).copied().unwrap_or_default();
    Ok(view(row, of))
}

fn ground(app: &App) -> Ground<'_> {
    Ground {
        engine: &app.engine,
        supervisor: Some(&app.supervisor),
        public_url: app.public_url.as_deref(),
    }
}

/// Refuses a definition that cannot be used, with every fault and its place.
fn check(app: &App, access: &Access, project: &str, definition: &Definition) -> Result<(), Failure> {
    let control = &app.engine.control;
    control.project(project).map_err(failure)?;
    let faults = alerting::faults(&ground(app), project, definition).map_err(failure)?;
    if !faults.is_empty() {
        return Err(Failure::Bad(faults.join("; ")));
    }
    let asked = filter::ask(&app.engine, &definition.filter, crate::clock::now())?;
    rules::check(access, &asked.filter)
}

/// A project's alerts, oldest first.
#[utoipa::path(get, path = "/projects/{project}/alerts", operation_id = "list_alerts", tag = "alerts", params(("project" = String, Path)),
    responses((status = 200, body = [AlertView]), (status = 404, body = ApiError)))]
pub(super) async fn list(app: Shared, Path(project): Path<String>) -> Result<Json<Vec<AlertView>>, Failure> {
    blocking(move || {
        let control = &app.engine.control;
        control.project(&project).map_err(failure)?;
        let answered = control.alerts_answered(&project).map_err(failure)?;
        let rows = control.alerts(&project).map_err(failure)?;
        let of = |id: &str| answered.get(id).copied().unwrap_or_default();
        Ok(Json(
            rows.into_iter()
                .map(|r| {
                    let a = of(&r.id);
                    view(r, a)
                })
                .collect(),
        ))
    })
    .await
}

/// Makes an alert. What happened before is not told.
#[utoipa::path(post, path = "/projects/{project}/alerts", operation_id = "create_alert", tag = "alerts", params(("project" = String, Path)),
    request_body = Definition,
    responses((status = 201, body = AlertView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(definition): Body<Definition>,
) -> Result<(StatusCode, Json<AlertView>), Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        check(&app, &access, &project, &definition)?;
        let begin = State::beginning(&ground(&app), crate::clock::now()).map_err(failure)?;
        let row = app.engine.control.create_alert(&project, &definition, &begin);
        Ok((StatusCode::CREATED, Json(viewed(&app, row.map_err(failure)?)?)))
    }))
    .await
}

/// One alert.
#[utoipa::path(get, path = "/projects/{project}/alerts/{alert}", operation_id = "get_alert", tag = "alerts",
    params(("project" = String, Path), ("alert" = String, Path)),
    responses((status = 200, body = AlertView), (status = 404, body = ApiError)))]
pub(super) async fn get(
    app: Shared,
    Path((project, alert)): Path<(String, String)>,
) -> Result<Json<AlertView>, Failure> {
    blocking(move || {
        let row = app.engine.control.alert(&project, &alert).map_err(failure)?;
        viewed(&app, row).map(Json)
    })
    .await
}

/// Changes an alert. Where what it watches for changes, it begins anew: what happened before is not told.
#[utoipa::path(put, path = "/projects/{project}/alerts/{alert}", operation_id = "update_alert", tag = "alerts",
    params(("project" = String, Path), ("alert" = String, Path)), request_body = Definition,
    responses((status = 200, body = AlertView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn update(
    app: Shared,
    access: Access,
    Path((project, alert)): Path<(String, String)>,
    Body(definition): Body<Definition>,
) -> Result<Json<AlertView>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let known = control.alert(&project, &alert).map_err(failure)?;
        check(&app, &access, &project, &definition)?;
        let state = match watches_the_same(&known.definition, &definition) {
            true => known.state,
            false => State::beginning(&ground(&app), crate::clock::now()).map_err(failure)?,
        };
        let row = control.update_alert(&project, &alert, &definition, &state);
        viewed(&app, row.map_err(failure)?).map(Json)
    }))
    .await
}

/// Whether only whom it tells, and when, differs.
fn watches_the_same(a: &Definition, b: &Definition) -> bool {
    let what = |d: &Definition| {
        (
            d.when.clone(),
            d.monitors.clone(),
            serde_json::json!(d.filter),
            d.enabled,
        )
    };
    what(a) == what(b)
}

/// Deletes an alert with what it told.
#[utoipa::path(delete, path = "/projects/{project}/alerts/{alert}", operation_id = "delete_alert", tag = "alerts",
    params(("project" = String, Path), ("alert" = String, Path)),
    responses((status = 204, description = "Gone"), (status = 404, body = ApiError)))]
pub(super) async fn delete(
    app: Shared,
    Path((project, alert)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        app.engine
            .control
            .delete_alert(&project, &alert)
            .map_err(failure)?;
        Ok(StatusCode::NO_CONTENT)
    }))
    .await
}

/// Until when nobody is to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertMute)]
pub(crate) struct Mute {
    /// Milliseconds since 1970, at most four weeks from now; `null` ends it.
    until: Option<i64>,
}

/// Has nobody told for a while. Alerts are made and listed meanwhile, and not sent afterwards.
#[utoipa::path(put, path = "/projects/{project}/alerts/{alert}/mute", operation_id = "mute_alert", tag = "alerts",
    params(("project" = String, Path), ("alert" = String, Path)), request_body = Mute,
    responses((status = 200, body = AlertView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn mute(
    app: Shared,
    Path((project, alert)): Path<(String, String)>,
    Body(mute): Body<Mute>,
) -> Result<Json<AlertView>, Failure> {
    writable(&app)?;
    let now = crate::clock::now();
    if mute
        .until
        .is_some_and(|until| until > now.saturating_add(LONGEST_MUTE))
    {
        return Err(Failure::Bad("until: at most four weeks from now".to_owned()));
    }
    to_the_end(blocking(move || {
        let row = app.engine.control.mute_alert(&project, &alert, mute.until);
        viewed(&app, row.map_err(failure)?).map(Json)
    }))
    .await
}
