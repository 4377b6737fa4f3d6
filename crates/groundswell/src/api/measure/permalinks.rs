//! Pinned questions: asked again they give the same numbers, or say what happened since.

use super::named::insights::{self, InsightAsked};
use super::named::overview::{self, OverviewPage, OverviewParams};
use super::types::{MeasureParams, Measured};
use super::{answer, ask::Asking};
use crate::analytics::counts;
use crate::api::access::Access;
use crate::api::error::{blocking, to_the_end};
use crate::api::extract::Body;
use crate::api::filter::{self, Asked};
use crate::api::monitors::{failure, writable};
use crate::api::types::{ApiError, FilterParams};
use crate::api::{App, Failure, Shared, rules};
use crate::control::{Action, Permalink};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::{Dimension, Filter, Measures, Snapshot};
use utoipa::openapi::schema::AnyOfBuilder;
use utoipa::openapi::{ObjectBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// Models named in the pins at most.
const MODELS: usize = 50;
/// Pinned questions listed.
const LISTED: usize = 200;

/// A question to be pinned, or that was.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Pinned {
    /// The filter. Its period is pinned as it is now.
    pub(super) filter: FilterParams,
    /// What is measured and how it is cut.
    pub(super) measure: MeasureParams,
    /// The overview is asked for in place of what is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) overview: Option<OverviewParams>,
    /// An insight is asked for in place of what is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) insight: Option<InsightAsked>,
}

/// The answer to a pinned question.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    /// To what was measured.
    Measured(Box<Measured>),
    /// To an overview.
    Overview(Box<OverviewPage>),
    /// To a question for insight, as its own page answers it.
    Insight(serde_json::Value),
}

/// By hand: an insight is any object, so that an answer may be of more than one form, which `oneOf` would refuse.
impl PartialSchema for Answer {
    fn schema() -> RefOr<Schema> {
        let insight =
            ObjectBuilder::new().description(Some("To a question for insight, as its own page answers it."));
        AnyOfBuilder::new()
            .description(Some(
                "The answer to a pinned question: what was measured, an overview, or an insight.",
            ))
            .item(Ref::from_schema_name("Measured"))
            .item(Ref::from_schema_name("OverviewPage"))
            .item(insight)
            .into()
    }
}

impl ToSchema for Answer {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        for (name, schema) in [
            (Measured::name(), Measured::schema()),
            (OverviewPage::name(), OverviewPage::schema()),
        ] {
            schemas.push((name.into_owned(), schema));
        }
        Measured::schemas(schemas);
        OverviewPage::schemas(schemas);
    }
}

/// A pinned question, answered again.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PermalinkView {
    /// Its id.
    id: String,
    /// When it was pinned.
    created_at: i64,
    /// The question, its period set.
    question: Pinned,
    /// The commit generation that answered it then, and answers it now.
    generation: u64,
    /// The versions of the project's monitors then, by id.
    #[schema(value_type = std::collections::BTreeMap<String, u32>)]
    monitors: serde_json::Value,
    /// The models that had scored its mentions then.
    #[schema(value_type = Vec<String>)]
    models: serde_json::Value,
    /// The answer as it is now, of what was there then.
    answer: Answer,
    /// Whether its numbers are those of then.
    same: bool,
    /// The answer as it was then, where they are not.
    #[schema(value_type = Option<Answer>)]
    was: Option<serde_json::Value>,
    /// What happened since to the mentions under its filter.
    since: Since,
}

/// What happened since a question was pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Since {
    /// Mentions of then that were erased, deleted by their platform or expired.
    gone: u64,
    /// Mentions of then that were edited, scored anew or counted anew: they are left out of the answer.
    edited: u64,
    /// Marks changed in the project: tags, status, corrections.
    marked: u64,
    /// Monitors whose query has another version now, or that are gone.
    monitors: Vec<String>,
}

/// A pinned question, without its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PinnedItem {
    /// Its id.
    id: String,
    /// When it was pinned.
    created_at: i64,
    /// Who pinned it, as in the audit log.
    by: String,
    /// The question, its period set.
    #[schema(value_type = Pinned)]
    question: serde_json::Value,
    /// Mentions under its filter then.
    mentions: u64,
}

/// The pinned questions of a project, newest first, at most 200. None is answered again here.
#[utoipa::path(get, path = "/projects/{project}/permalinks", operation_id = "list_permalinks", tag = "analytics",
    params(("project" = String, Path)), responses((status = 200, body = [PinnedItem])))]
pub(in crate::api) async fn list(
    app: Shared,
    Path(project): Path<String>,
) -> Result<Json<Vec<PinnedItem>>, Failure> {
    blocking(move || {
        let rows = app.engine.control.permalinks(&project, LISTED).map_err(failure)?;
        let items = rows.into_iter().map(|row| PinnedItem {
            id: row.id,
            created_at: row.created_at,
            by: row.actor,
            question: row.question,
            mentions: row.mentions,
        });
        Ok(Json(items.collect()))
    })
    .await
}

/// Pins a question with its answer.
#[utoipa::path(post, path = "/projects/{project}/permalinks", operation_id = "create_permalink", tag = "analytics", params(("project" = String, Path)),
    request_body = Pinned,
    responses((status = 200, body = PermalinkView), (status = 400, body = ApiError)))]
pub(in crate::api) async fn create(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Body(pinned): Body<Pinned>,
) -> Result<Json<PermalinkView>, Failure> {
    writable(&app)?;
    to_the_end(blocking(move || {
        let mut pinned = pinned;
        pinned.filter.project = Some(project.clone());
        let (asked, asking) = read(&app, &pinned)?;
        (pinned.filter.from, pinned.filter.to) = (Some(asked.from), Some(asked.to));
        let snapshot = app.engine.store.snapshot();
        let asked = at_generation(asked, snapshot.generation());
        rules::check(&access, &asked.filter)?;
        asking.check(&access)?;
        let filter = asked.filter.clone();
        let answer = answered(&app, &access, &snapshot, (asked, asking), &pinned)?;
        let link = Permalink {
            id: String::new(),
            project: project.clone(),
            created_at: crate::clock::now(),
            actor: access.event(Action::Purpose).actor,
            question: serde_json::json!(pinned),
            generation: snapshot.generation(),
            pins: serde_json::json!({
                "monitors": monitors(&app, &project)?,
                "models": models(&snapshot, &filter)?,
            }),
            mentions: snapshot.count(&filter)?,
            answer: serde_json::json!(answer),
        };
        let id = app.engine.control.put_permalink(&link).map_err(failure)?;
        view(&app, &access, Permalink { id, ..link }).map(Json)
    }))
    .await
}

/// Asks a pinned question again.
#[utoipa::path(get, path = "/projects/{project}/permalinks/{id}", operation_id = "get_permalink", tag = "analytics",
    params(("project" = String, Path), ("id" = String, Path)),
    responses((status = 200, body = PermalinkView), (status = 404, body = ApiError)))]
pub(in crate::api) async fn get(
    app: Shared,
    access: Access,
    Path((project, id)): Path<(String, String)>,
) -> Result<Json<PermalinkView>, Failure> {
    blocking(move || {
        let link = app.engine.control.permalink(&project, &id).map_err(failure)?;
        view(&app, &access, link).map(Json)
    })
    .await
}

fn view(app: &App, access: &Access, link: Permalink) -> Result<PermalinkView, Failure> {
    let damaged =
        |e: serde_json::Error| Failure::Internal(format!("the permalink {} cannot be read: {e}", link.id));
    let question: Pinned = serde_json::from_value(link.question.clone()).map_err(damaged)?;
    let (asked, asking) = read(app, &question)?;
    let asked = at_generation(asked, link.generation);
    let snapshot = app.engine.store.snapshot();
    let filter = asked.filter.clone();
    let answer = answered(app, access, &snapshot, (asked, asking), &question)?;
    let same = same(&numbers(&link.answer), &serde_json::json!(answer));
    Ok(PermalinkView {
        since: since(app, &snapshot, &filter, &link)?,
        id: link.id,
        created_at: link.created_at,
        question,
        generation: link.generation,
        monitors: link.pins["monitors"].clone(),
        models: link.pins["models"].clone(),
        answer,
        same,
        was: (!same).then_some(link.answer),
    })
}

fn answered(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    (asked, asking): (Asked, Asking),
    pinned: &Pinned,
) -> Result<Answer, Failure> {
    if let Some(insight) = &pinned.insight {
        let answer = insights::of(app, access, snapshot, asked, pinned, insight)?;
        return Ok(Answer::Insight(answer));
    }
    Ok(match &pinned.overview {
        Some(how) => Answer::Overview(Box::new(overview::of(app, access, snapshot, asked, pinned, how)?)),
        None => Answer::Measured(Box::new(answer::measured(
            app, access, snapshot, &asked, &asking,
        )?)),
    })
}

/// What of an answer must be the same: all but the generation, which is that of the last commit, and the mentions, whose
/// marks are those of now.
fn numbers(answer: &serde_json::Value) -> serde_json::Value {
    let mut numbers = answer.clone();
    if let Some(fields) = numbers.as_object_mut() {
        for other in [
            "generation",
            "newest",
            "policy_labels",
            "permalink",
            "followed",
            "examples",
        ] {
            fields.remove(other);
        }
    }
    numbers
}

/// Whether everything that an answer said then it says now, but for the last digits of a number, which may change where it
/// is written down and read again.
fn same(then: &serde_json::Value, now: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (then, now) {
        (Number(x), Number(y)) => {
            let near = |(x, y): (f64, f64)| (x - y).abs() <= 1e-12 * x.abs().max(y.abs());
            x == y || x.as_f64().zip(y.as_f64()).is_some_and(near)
        }
        (Array(x), Array(y)) => x.len() == y.len() && x.iter().zip(y).all(|(x, y)| same(x, y)),
        // A later version may say more.
        (Object(x), Object(y)) => x.iter().all(|(key, x)| y.get(key).is_some_and(|y| same(x, y))),
        _ => then == now,
    }
}

fn since(app: &App, snapshot: &Snapshot, filter: &Filter, link: &Permalink) -> Result<Since, Failure> {
    let missing = link.mentions.saturating_sub(snapshot.count(filter)?);
    let edited = missing.min(snapshot.rewritten_since(filter, link.generation)?);
    let now = monitors(app, &link.project)?;
    let then = link.pins["monitors"].as_object().into_iter().flatten();
    let other =
        then.filter(|(id, version)| now.get(*id).map(|v| serde_json::json!(v)).as_ref() != Some(*version));
    Ok(Since {
        gone: missing - edited,
        edited,
        marked: app
            .engine
            .control
            .marks_changed_since(&link.project, link.created_at)
            .map_err(failure)?,
        monitors: other.map(|(id, _)| id.clone()).collect(),
    })
}

fn read(app: &App, pinned: &Pinned) -> Result<(Asked, Asking), Failure> {
    let asked = filter::ask(&app.engine, &pinned.filter, crate::clock::now())?;
    let asking = Asking::read(&pinned.measure, &asked)?;
    Ok((asked, asking))
}

fn at_generation(asked: Asked, generation: u64) -> Asked {
    Asked {
        filter: Filter {
            upto: Some(generation),
            ..asked.filter
        },
        ..asked
    }
}

fn monitors(app: &App, project: &str) -> Result<std::collections::BTreeMap<String, u32>, Failure> {
    let monitors = app.engine.control.monitors(project).map_err(failure)?;
    Ok(monitors.into_iter().map(|m| (m.id, m.version)).collect())
}

fn models(snapshot: &Snapshot, filter: &Filter) -> Result<Vec<String>, Failure> {
    let models = counts::breakdown(snapshot, filter, Dimension::Model, MODELS, Measures::default())?;
    Ok(models.items.into_iter().map(|item| item.key).collect())
}

#[cfg(test)]
mod tests {
    use super::same;
    use serde_json::json;

    #[test]
    fn answers_are_the_same_but_for_the_last_digit() {
        let then = json!({"rows": [[0.441_373_370_714_371_2, 30.0, null]], "axes": ["a"]});
        assert!(same(
            &then,
            &json!({"rows": [[0.441_373_370_714_371_16, 30, null]], "axes": ["a"]})
        ));
        for other in [
            json!({"rows": [[0.441_373_370_71, 30.0, null]], "axes": ["a"]}),
            json!({"rows": [[0.441_373_370_714_371_2, 31.0, null]], "axes": ["a"]}),
            json!({"rows": [[0.441_373_370_714_371_2, 30.0, 0.0]], "axes": ["a"]}),
            json!({"rows": [[0.441_373_370_714_371_2, 30.0]], "axes": ["a"]}),
            json!({"rows": [[0.441_373_370_714_371_2, 30.0, null]]}),
        ] {
            assert!(!same(&then, &other), "{other}");
        }
    }
}
