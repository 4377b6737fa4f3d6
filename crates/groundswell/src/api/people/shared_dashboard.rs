//! What a share link shows that was made for a dashboard: its widgets and their answers, nothing else.

use super::shared::{Opened, SharedPage, opened, shown};
use crate::api::access::Access;
use crate::api::dashboards::{self, Dashboard, Widget, WidgetKind};
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::measure::{self, Measured};
use crate::api::monitors::failure;
use crate::api::types::{ApiError, FilterParams, PageParams};
use crate::api::{App, Failure, Shared, filter, mentions, rules};
use crate::control::{Share, ShareLevel};
use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A dashboard as a share link shows it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedDashboard {
    /// Its name.
    name: String,
    /// What it is for.
    description: String,
    /// Begin of the period.
    from: i64,
    /// Its end, exclusive.
    to: i64,
    /// The widgets that a link may show.
    widgets: Vec<Widget>,
    /// How many it may not.
    left_out: usize,
    /// The project's monitors: what figures cut by monitor are named and coloured by.
    monitors: Vec<SharedMonitor>,
}

/// A monitor's name and colour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SharedMonitor {
    /// Its id.
    id: String,
    /// Its name.
    name: String,
    /// Its colour, 0 to 7.
    color: u8,
}

/// What a widget shows. All absent where it and the link have no mention in common.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct SharedAnswer {
    /// The answer to its question.
    measured: Option<Measured>,
    /// Its mentions: no text, no author, no key.
    mentions: Option<SharedPage>,
}

/// How a widget is asked for.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct WidgetParams {
    /// Time zone of days and hours where the widget has none of its own (default `UTC`).
    zone: Option<String>,
}

/// The dashboard of a link that shows one.
fn dashboard(app: &App, share: &Share) -> Result<Dashboard, Failure> {
    let id = share
        .dashboard
        .as_deref()
        .ok_or(Failure::NotFound("dashboard: this link shows figures"))?;
    dashboards::read(app, &share.project, id)
}

/// The filter of a widget under a link, unless the two have nothing in common. Refuses what no link may show.
fn asked(
    app: &App,
    Opened { share, filter: fixed }: &Opened,
    widget: &Widget,
) -> Result<Option<FilterParams>, Failure> {
    let kept_back = |message: String| Failure::Forbidden {
        code: "widget",
        message,
        hint: "a link shows figures; GET /api/v1/share/{token}/dashboard lists the widgets that it shows",
    };
    let may = match widget.kind {
        WidgetKind::Note => true,
        WidgetKind::Mentions => share.level == ShareLevel::Mentions,
        kind => kind.is_measured(),
    };
    if !may || widget.filter.assignee.is_some() {
        return Err(kept_back(format!(
            "the widget `{}` of the kind `{}` is not shown by this link",
            widget.id,
            widget.kind.name()
        )));
    }
    let access = Access::share(&share.id, &share.project);
    // What is the widget's own decides, whatever the link adds.
    let own = FilterParams {
        project: Some(share.project.clone()),
        ..widget.filter.clone()
    };
    let own = filter::ask(&app.engine, &own, crate::clock::now())?;
    rules::check(&access, &own.filter)?;
    if widget.kind.is_measured() {
        measure::check(Some(&access), &widget.measure, &own)?;
    }
    Ok(dashboards::both(fixed, &widget.filter))
}

/// The dashboard that a share link shows, with those of its widgets that a link may show.
#[utoipa::path(get, path = "/share/{token}/dashboard", operation_id = "shared_dashboard", tag = "share", params(("token" = String, Path)),
    responses((status = 200, body = SharedDashboard), (status = 404, body = ApiError)))]
pub(crate) async fn get(app: Shared, Path(token): Path<String>) -> Result<Json<SharedDashboard>, Failure> {
    let link = opened(&app, token).await?;
    blocking(move || {
        let found = dashboard(&app, &link.share)?;
        let all = found.widgets.len();
        let widgets: Vec<Widget> = found
            .widgets
            .into_iter()
            .filter(|widget| asked(&app, &link, widget).is_ok())
            .collect();
        let now = crate::clock::now();
        let period = filter::ask(&app.engine, &link.filter, now)?;
        let monitors = app
            .engine
            .control
            .monitors(&link.share.project)
            .map_err(failure)?;
        Ok(Json(SharedDashboard {
            name: found.name,
            description: found.description,
            from: period.from,
            to: period.to,
            left_out: all - widgets.len(),
            widgets,
            monitors: monitors
                .into_iter()
                .map(|m| SharedMonitor {
                    id: m.id,
                    name: m.name,
                    color: m.color,
                })
                .collect(),
        }))
    })
    .await
}

/// The answer to a widget of the dashboard that a share link shows, under the link's filter.
#[utoipa::path(get, path = "/share/{token}/widgets/{widget}", operation_id = "shared_widget", tag = "share",
    params(("token" = String, Path), ("widget" = String, Path), WidgetParams),
    responses((status = 200, body = SharedAnswer), (status = 403, body = ApiError), (status = 404, body = ApiError)))]
pub(crate) async fn widget(
    app: Shared,
    Path((token, id)): Path<(String, String)>,
    Params(params): Params<WidgetParams>,
) -> Result<Json<SharedAnswer>, Failure> {
    let link = opened(&app, token).await?;
    let access = Access::share(&link.share.id, &link.share.project);
    let state = app.0.clone();
    let (widget, filter) = blocking(move || {
        let mut all = dashboard(&state, &link.share)?.widgets.into_iter();
        let widget = all
            .find(|widget| widget.id == id)
            .ok_or(Failure::NotFound("widget"))?;
        let filter = asked(&state, &link, &widget)?;
        Ok((widget, filter))
    })
    .await?;
    let Some(filter) = filter else {
        return Ok(Json(SharedAnswer::default()));
    };
    if widget.kind.is_measured() {
        let mut question = widget.measure;
        question.zone = question.zone.or(params.zone);
        let Json(measured) = measure::measure(app, access, Params(filter), Params(question)).await?;
        return Ok(Json(SharedAnswer {
            measured: Some(measured),
            mentions: None,
        }));
    }
    if widget.kind == WidgetKind::Mentions {
        let paging = PageParams {
            limit: Some(widget.limit.map_or(20, |limit| limit as usize)),
            ..PageParams::default()
        };
        let Json(page) = mentions::page(State(app.0), Params(filter), Params(paging)).await?;
        return Ok(Json(SharedAnswer {
            measured: None,
            mentions: Some(shown(page)),
        }));
    }
    Ok(Json(SharedAnswer::default()))
}
