//! Policy profiles with the settings in force, acceptances, limits of projects, and the authors' notice.

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::types::{
    AcceptanceInput, ApiError, Policy, PolicyAmendment, PolicyLimit, PolicyModel, PolicyRule,
    ProjectRetention,
};
use super::{App, Failure, Shared, monitors::failure};
use crate::control::Action;
use crate::policy::{Days, Retention, notice};
use axum::Json;
use axum::extract::Path;
use axum::response::Html;
use post::profile::{self, Keep, Profile, Rule, Task};

/// Every policy profile, with what is in force here.
#[utoipa::path(get, path = "/policies", operation_id = "list_policies", tag = "policies",
    responses((status = 200, body = [Policy])))]
pub(super) async fn list(app: Shared) -> Result<Json<Vec<Policy>>, Failure> {
    blocking(move || {
        let accepted = app.engine.control.acceptances().map_err(failure)?;
        let view = |p: &'static Profile| Policy {
            accepted: accepted.iter().rev().find(|a| a.platform == p.platform).cloned(),
            ..view(&app, p)
        };
        Ok(Json(profile::ALL.iter().map(view).collect()))
    })
    .await
}

fn view(app: &App, p: &'static Profile) -> Policy {
    let none = Retention::default();
    let limits = crate::retention::limits_of(&app.engine.gate, &app.policy.retention, &none, p.platform);
    let words = |rule: Rule<&'static str>| PolicyRule {
        rule: rule.value.to_owned(),
        source: rule.source.to_owned(),
    };
    let said = |rule: String, source: &str| PolicyRule {
        rule,
        source: source.to_owned(),
    };
    let limit = |rule: Rule<Keep>, days: Option<u32>| PolicyLimit {
        days,
        most_days: rule.value.most_days(),
        source: rule.source.to_owned(),
    };
    let model = |task: Task| PolicyModel {
        task: task.name().to_owned(),
        rule: p.use_of(task).value.name().to_owned(),
        allowed: app.engine.gate.allows(task, p.platform),
        source: p.use_of(task).source.to_owned(),
    };
    Policy {
        platform: p.platform.to_owned(),
        also: p.also.iter().map(|name| (*name).to_owned()).collect(),
        name: p.name.to_owned(),
        text: limit(p.text, limits.text_days),
        features: limit(p.features, limits.features_days),
        profile: limit(p.profile, p.profile.value.default_days()),
        aggregates_days: limits.aggregates_days,
        deletion: words(p.deletion),
        recheck_hours: p.recheck.value.every_hours,
        recheck: said(p.recheck.value.how.to_owned(), p.recheck.source),
        per_person: said(p.per_person.value.name().to_owned(), p.per_person.source),
        models: Task::ALL.map(model).into(),
        export: said(p.export.value.words(), p.export.source),
        passing_on: said(p.passing_on_words().to_owned(), p.passing_on.source),
        attribution: words(p.attribution),
        label: p.label.map(words),
        amendment: p.amendment.map(|a| PolicyAmendment {
            name: a.value.name.to_owned(),
            version: a.value.version.to_owned(),
            opens: a.value.opens.to_owned(),
            source: a.source.to_owned(),
        }),
        accepted: None,
    }
}

/// Records that the operator accepted a platform's amendment.
#[utoipa::path(post, path = "/policies/{platform}/acceptance", operation_id = "accept_policy", tag = "policies",
    params(("platform" = String, Path)), request_body = AcceptanceInput,
    responses((status = 200, body = Policy), (status = 400, body = ApiError), (status = 403, body = ApiError),
        (status = 404, body = ApiError)))]
pub(super) async fn accept(
    app: Shared,
    access: Access,
    Path(platform): Path<String>,
    Body(input): Body<AcceptanceInput>,
) -> Result<Json<Policy>, Failure> {
    let found = profile::of(&platform);
    let amendment = found.amendment.filter(|_| found.platform == platform);
    let amendment = amendment.ok_or(Failure::NotFound("amendment to accept"))?.value;
    if input.version != amendment.version {
        return Err(Failure::Bad(format!(
            "`{}` is not the text this program knows: read the one of {} and accept that",
            input.version, amendment.version
        )));
    }
    blocking(move || {
        let control = &app.engine.control;
        control
            .accept_policy(
                &platform,
                &input.version,
                &input.who,
                &access.event(Action::PolicyAccepted),
            )
            .map_err(failure)?;
        app.engine.gate.refresh(control).map_err(failure)?;
        let accepted = control.acceptances().map_err(failure)?;
        Ok(Json(Policy {
            accepted: accepted.into_iter().rfind(|a| a.platform == platform),
            ..view(&app, found)
        }))
    })
    .await
}

/// The limits of a project's own, and what they come to.
#[utoipa::path(get, path = "/projects/{id}/retention", operation_id = "get_retention", tag = "policies",
    params(("id" = String, Path)), responses((status = 200, body = ProjectRetention), (status = 404, body = ApiError)))]
pub(super) async fn retention(
    app: Shared,
    Path(id): Path<String>,
) -> Result<Json<ProjectRetention>, Failure> {
    blocking(move || Ok(Json(retention_of(&app, &id)?))).await
}

/// Sets the limits of a project's own. They shorten what profiles and configuration allow.
#[utoipa::path(put, path = "/projects/{id}/retention", operation_id = "set_retention", tag = "policies",
    params(("id" = String, Path)), request_body = Retention,
    responses((status = 200, body = ProjectRetention), (status = 400, body = ApiError), (status = 404, body = ApiError)))]
pub(super) async fn set_retention(
    app: Shared,
    access: Access,
    Path(id): Path<String>,
    Body(limits): Body<Retention>,
) -> Result<Json<ProjectRetention>, Failure> {
    let mut faults = limits.faults();
    let zero = |d: &Days| [d.text_days, d.features_days, d.aggregates_days].contains(&Some(0));
    if std::iter::once(&limits.all)
        .chain(limits.platforms.values())
        .any(zero)
    {
        faults.push(("days".to_owned(), "a limit is a day at least".to_owned()));
    }
    if !faults.is_empty() {
        let all: Vec<String> = faults
            .into_iter()
            .map(|(key, message)| format!("{key}: {message}"))
            .collect();
        return Err(Failure::Bad(all.join("; ")));
    }
    blocking(move || {
        app.engine
            .control
            .set_project_retention(&id, &limits, &access.event(Action::RetentionChanged))
            .map_err(failure)?;
        Ok(Json(retention_of(&app, &id)?))
    })
    .await
}

fn retention_of(app: &App, project: &str) -> Result<ProjectRetention, Failure> {
    let own = app.engine.control.project_retention(project).map_err(failure)?;
    let limits = |p: &Profile| {
        let of = crate::retention::limits_of(&app.engine.gate, &app.policy.retention, &own, p.platform);
        (p.platform.to_owned(), of)
    };
    Ok(ProjectRetention {
        in_force: profile::ALL.iter().map(limits).collect(),
        own,
    })
}

/// The authors' notice as a page to publish, made from the settings in force.
#[utoipa::path(get, path = "/notice", operation_id = "get_notice", tag = "policies",
    responses((status = 200, body = String, content_type = "text/html")))]
pub(super) async fn notice(app: Shared) -> Html<String> {
    let sources = app
        .supervisor
        .sources()
        .into_iter()
        .map(|s| (s.name, s.connector.to_owned()));
    let facts = notice::Facts {
        sources: sources.collect(),
        ..app.notice.clone()
    };
    Html(notice::page(&facts, &app.engine.gate, crate::clock::now()))
}
