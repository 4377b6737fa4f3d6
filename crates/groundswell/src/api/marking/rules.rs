//! Rules: if a filter, then a change of marks; live and on the past.

use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, FilterParams};
use crate::api::{App, Failure, Shared};
use crate::control::{Action, Rule};
use crate::marking::{self, MarkChange};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A rule to be made or changed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleInput {
    /// What it is for.
    name: String,
    /// Which mentions: the parameters of any question; its period is ignored.
    filter: FilterParams,
    /// What to change of their marks.
    change: MarkChange,
    /// Whether new mentions are changed (default: yes).
    active: Option<bool>,
}

/// A rule and how far it has come with the past.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RuleView {
    /// Its id.
    id: String,
    /// What it is for.
    name: String,
    /// Which mentions.
    #[schema(value_type = FilterParams)]
    filter: serde_json::Value,
    /// What is changed.
    change: MarkChange,
    /// Whether new mentions are changed.
    active: bool,
    /// When it was made.
    created_at: i64,
    /// The last application to the past by this process.
    run: Option<RunView>,
}

/// An application of a rule to the past.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunView {
    /// Mentions looked at.
    done: u64,
    /// Mentions under the filter.
    total: u64,
    /// Mentions changed.
    changed: u64,
    /// The changes made, each of which can be undone.
    changes: Vec<String>,
    /// Whether it has ended.
    ended: bool,
    /// Why it stopped before its end.
    fault: Option<String>,
    /// Whether somebody stopped it, or asked for that: the step under way is done first.
    stopped: bool,
}

fn view(app: &App, rule: Rule) -> RuleView {
    let run = app.engine.marking.runs.of(&rule.id).map(|run| RunView {
        done: run.done,
        total: run.total,
        changed: run.changed,
        changes: run.changes,
        ended: run.ended,
        fault: run.fault,
        stopped: run.stopped,
    });
    RuleView {
        id: rule.id,
        name: rule.name,
        filter: rule.filter,
        change: rule.change,
        active: rule.active,
        created_at: rule.created_at,
        run,
    }
}

/// The rules of a project, oldest first.
#[utoipa::path(get, path = "/projects/{project}/rules", operation_id = "list_rules", tag = "rules", params(("project" = String, Path)),
    responses((status = 200, body = [RuleView])))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<RuleView>>, Failure> {
    blocking(move || {
        let rules = app.engine.control.rules(&project).map_err(failure)?;
        Ok(Json(rules.into_iter().map(|rule| view(&app, rule)).collect()))
    })
    .await
}

/// Makes a rule.
#[utoipa::path(post, path = "/projects/{project}/rules", operation_id = "create_rule", tag = "rules", params(("project" = String, Path)),
    request_body = RuleInput,
    responses((status = 200, body = RuleView), (status = 400, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(input): Body<RuleInput>,
) -> Result<Json<RuleView>, Failure> {
    let rule = Rule {
        id: String::new(),
        project,
        created_at: crate::clock::now(),
        ..rule(input)
    };
    put(app, access, rule).await
}

/// Changes a rule.
#[utoipa::path(put, path = "/projects/{project}/rules/{rule}", operation_id = "update_rule", tag = "rules",
    params(("project" = String, Path), ("rule" = String, Path)),
    request_body = RuleInput,
    responses((status = 200, body = RuleView), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(in crate::api) async fn update(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
    Body(input): Body<RuleInput>,
) -> Result<Json<RuleView>, Failure> {
    let store = app.0.clone();
    let (within, of) = (project.clone(), id.clone());
    let known = blocking(move || store.engine.control.rule(&within, &of).map_err(failure)).await?;
    let rule = Rule {
        id,
        project,
        created_at: known.created_at,
        ..rule(input)
    };
    put(app, access, rule).await
}

fn rule(input: RuleInput) -> Rule {
    Rule {
        id: String::new(),
        project: String::new(),
        name: input.name,
        filter: serde_json::json!(input.filter),
        change: input.change,
        active: input.active.unwrap_or(true),
        created_at: 0,
        since: 0,
    }
}

async fn put(app: Shared, access: Access, rule: Rule) -> Result<Json<RuleView>, Failure> {
    writable(&app)?;
    let by = access.event(Action::RuleChanged);
    to_the_end(blocking(move || {
        let fault = rule.change.fault().or_else(|| marking::fault(&app.engine, &rule));
        if let Some(fault) = fault {
            return Err(Failure::Bad(fault));
        }
        let rule = Rule {
            since: app.engine.store.generation(),
            ..rule
        };
        let kept = app.engine.control.put_rule(rule, &by).map_err(failure)?;
        Ok(Json(view(&app, kept)))
    }))
    .await
}

/// Removes a rule. What it changed stays.
#[utoipa::path(delete, path = "/projects/{project}/rules/{rule}", operation_id = "delete_rule", tag = "rules",
    params(("project" = String, Path), ("rule" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub(in crate::api) async fn delete(
    app: Shared,
    access: Access,
    Path((project, rule)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    writable(&app)?;
    let by = access.event(Action::RuleChanged);
    blocking(move || {
        app.engine
            .control
            .delete_rule(&project, &rule, &by)
            .map_err(failure)
    })
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Applies a rule to all mentions there are; its progress stands with the rule.
#[utoipa::path(post, path = "/projects/{project}/rules/{rule}/apply", operation_id = "apply_rule", tag = "rules",
    params(("project" = String, Path), ("rule" = String, Path)),
    responses((status = 200, body = RuleView), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn apply(
    app: Shared,
    Path((project, rule)): Path<(String, String)>,
) -> Result<Json<RuleView>, Failure> {
    writable(&app)?;
    blocking(move || {
        let rule = app.engine.control.rule(&project, &rule).map_err(failure)?;
        if !app.engine.marking.apply_to_the_past(&app.engine, rule.clone()) {
            return Err(Failure::Conflict(
                "the rule is being applied to the past already".to_owned(),
            ));
        }
        Ok(Json(view(&app, rule)))
    })
    .await
}

/// Stops applying a rule to the past. What it has changed so far stays, and can be undone.
#[utoipa::path(delete, path = "/projects/{project}/rules/{rule}/run", operation_id = "stop_rule", tag = "rules",
    params(("project" = String, Path), ("rule" = String, Path)),
    responses((status = 200, body = RuleView), (status = 404, body = ApiError), (status = 409, body = ApiError)))]
pub(in crate::api) async fn stop(
    app: Shared,
    access: Access,
    Path((project, rule)): Path<(String, String)>,
) -> Result<Json<RuleView>, Failure> {
    writable(&app)?;
    let by = access.event(Action::RuleChanged);
    blocking(move || {
        let control = &app.engine.control;
        let rule = control.rule(&project, &rule).map_err(failure)?;
        if !app.engine.marking.runs.stop(&rule.id) {
            return Err(Failure::Conflict(
                "the rule is not being applied to the past".to_owned(),
            ));
        }
        let details = serde_json::json!({"rule": rule.id, "run": "stopped"});
        control
            .audit(&by.within(&project).with(details))
            .map_err(failure)?;
        Ok(Json(view(&app, rule)))
    })
    .await
}
