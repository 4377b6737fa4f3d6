//! What was told: the list of alerts, taking note of them, and whether they were useful.

use crate::alerting::Fired;
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::{Body, Params};
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, MentionView};
use crate::api::{App, Failure, Shared};
use crate::control::{AlertEvent, EventFilter};
use crate::view;
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Alerts of one page, where none is said, and at most.
const PAGE: usize = 50;
const MOST: usize = 200;

/// Which alerts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParams {
    /// Only those of this definition.
    alert: Option<String>,
    /// Only those that nobody took note of.
    #[serde(default)]
    open: bool,
    /// Only those before this number: `next` of the page before.
    before: Option<u64>,
    /// So many (default 50, at most 200).
    limit: Option<usize>,
}

/// Alerts, the newest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlertEventPage)]
pub(crate) struct EventPage {
    /// The alerts.
    items: Vec<EventView>,
    /// Where the next page begins; `null` at the end.
    next: Option<u64>,
}

/// An alert.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertEvent)]
pub(crate) struct EventView {
    /// Its id.
    id: String,
    /// Its definition.
    alert: String,
    /// What happened.
    fired: Fired,
    /// `told`; `held` in quiet hours; `muted` where nobody was told.
    told: String,
    /// Of one that is held: when it is told.
    held_until: Option<i64>,
    /// Who took note of it first, as in the audit log.
    acknowledged_by: Option<String>,
    /// When.
    acknowledged_at: Option<i64>,
    /// Whether it was useful, where somebody said so.
    useful: Option<bool>,
}

/// An alert with its evidence.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertEventWhole)]
pub(crate) struct EventWhole {
    /// The alert.
    event: EventView,
    /// Mentions that are its evidence, those that are still there.
    mentions: Vec<MentionView>,
}

fn event_view(event: AlertEvent) -> EventView {
    EventView {
        id: event.id,
        alert: event.alert,
        fired: event.fired,
        told: event.told,
        held_until: event.held_until,
        acknowledged_by: event.acknowledged_by,
        acknowledged_at: event.acknowledged_at,
        useful: event.useful,
    }
}

/// A project's alerts, the newest first.
#[utoipa::path(get, path = "/projects/{project}/alert-events", operation_id = "list_alert_events", tag = "alerts",
    params(("project" = String, Path), EventParams),
    responses((status = 200, body = EventPage), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
    Params(params): Params<EventParams>,
) -> Result<Json<EventPage>, Failure> {
    let limit = params.limit.unwrap_or(PAGE).clamp(1, MOST);
    let filter = EventFilter {
        alert: params.alert,
        open: params.open,
    };
    blocking(move || {
        let control = &app.engine.control;
        control.project(&project).map_err(failure)?;
        let mut items = control
            .alert_events(&project, &filter, params.before, limit + 1)
            .map_err(failure)?;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|e| e.number);
        let items = items.into_iter().map(event_view).collect();
        Ok(Json(EventPage { items, next }))
    })
    .await
}

/// One alert with its evidence.
#[utoipa::path(get, path = "/projects/{project}/alert-events/{event}", operation_id = "get_alert_event", tag = "alerts",
    params(("project" = String, Path), ("event" = String, Path)),
    responses((status = 200, body = EventWhole), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(
    app: Shared,
    Path((project, event)): Path<(String, String)>,
) -> Result<Json<EventWhole>, Failure> {
    blocking(move || {
        let event = app
            .engine
            .control
            .alert_event(&project, &event)
            .map_err(failure)?;
        let mentions = mentions(&app, &project, &event.fired.mentions)?;
        Ok(Json(EventWhole {
            event: event_view(event),
            mentions,
        }))
    })
    .await
}

fn mentions(app: &App, project: &str, numbers: &[String]) -> Result<Vec<MentionView>, Failure> {
    let (snapshot, live) = (app.engine.store.snapshot(), app.engine.live.load());
    let mut views = Vec::new();
    for number in numbers.iter().filter_map(|n| u64::from_str_radix(n, 16).ok()) {
        let found = snapshot
            .numbered(number)
            .map_err(|e| Failure::Internal(e.to_string()))?;
        if let Some(mention) = found.filter(|m| m.project == project) {
            views.push(view::mention(&mention, snapshot.marks().by_number(number), &live));
        }
    }
    Ok(views)
}

/// Takes note of an alert.
#[utoipa::path(post, path = "/projects/{project}/alert-events/{event}/acknowledge", operation_id = "acknowledge_alert_event", tag = "alerts",
    params(("project" = String, Path), ("event" = String, Path)),
    responses((status = 200, body = EventView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn acknowledge(
    app: Shared,
    access: Access,
    Path((project, event)): Path<(String, String)>,
) -> Result<Json<EventView>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let event = app
            .engine
            .control
            .acknowledge_event(&project, &event, &access.actor);
        Ok(Json(event_view(event.map_err(failure)?)))
    }))
    .await
}

/// Whether an alert was useful.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Usefulness {
    /// Yes or no; `null` takes back what was said.
    useful: Option<bool>,
}

/// Says whether an alert was useful: the precision of its definition is taken from that.
#[utoipa::path(put, path = "/projects/{project}/alert-events/{event}/useful", operation_id = "rate_alert_event", tag = "alerts",
    params(("project" = String, Path), ("event" = String, Path)), request_body = Usefulness,
    responses((status = 200, body = EventView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn rate(
    app: Shared,
    access: Access,
    Path((project, event)): Path<(String, String)>,
    Body(said): Body<Usefulness>,
) -> Result<Json<EventView>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let control = &app.engine.control;
        let event = control.rate_event(&project, &event, said.useful, &access.actor);
        Ok(Json(event_view(event.map_err(failure)?)))
    }))
    .await
}
