//! How people behave: who is new, when they speak, what they name together.

use super::{Ground, ROWS};
use crate::analytics::{Value, voices};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::measure::types::Part;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::{Measures, Question};
use utoipa::{IntoParams, ToSchema};

/// Monitors whose company is looked at.
const MOST: usize = 20;

/// How behaviour is looked at.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct BehaviourParams {
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
}

/// How people behave.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct BehaviourPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its hours.
    zone: String,
    /// Who is new.
    people: People,
    /// The same of the period of equal length before; `null` where the history does not reach back to its begin.
    people_before: Option<People>,
    /// When mentions under this filter begin: who is new is told against the history since then. `null` where nothing
    /// is kept.
    history_since: Option<i64>,
    /// Mentions and people by hour of the week, Monday's first hour first.
    week: Part,
    /// Monitors named together in one text.
    together: TogetherView,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// New and returning authors.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct People {
    /// Distinct authors of the period.
    authors: u64,
    /// Those of whom nothing earlier is kept.
    new: u64,
    /// The others.
    returning: u64,
    /// New ÷ all.
    share_new: Value,
}

/// What is named together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TogetherView {
    /// The monitors, in the order of the authors who name them.
    monitors: Vec<Named>,
    /// Every pair of them that somebody names in one text, most authors first.
    pairs: Vec<PairView>,
    /// Votes in all: each author once for each set of monitors that one of their texts names, those of the rest of the
    /// project included.
    votes: u64,
}

/// A monitor and who names it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Named {
    /// Its id.
    monitor: String,
    /// Its name.
    label: String,
    /// Authors who name it, each text counted for whoever published it first.
    authors: u64,
}

/// Two monitors named together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PairView {
    /// The id of one.
    a: String,
    /// The id of the other.
    b: String,
    /// Authors who name both in one text.
    authors: u64,
    /// Of the authors who name `a`, the share who name `b` in the same text.
    of_a: Value,
    /// Of the authors who name `b`, the share who name `a` in the same text.
    of_b: Value,
    /// How many times more votes name both than chance would have it, against everybody in the project; `n` are the votes
    /// for both.
    lift: Value,
}

/// New and returning authors against the history kept, hours, and which monitors are named together.
#[utoipa::path(get, path = "/projects/{project}/behaviour", operation_id = "behaviour", tag = "analytics",
    params(("project" = String, Path), FilterParams, BehaviourParams),
    responses((status = 200, body = BehaviourPage), (status = 400, body = ApiError)))]
pub(in crate::api) async fn behaviour(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<BehaviourParams>,
) -> Result<Json<BehaviourPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground {
            zone: super::named(&how.zone),
            ..Ground::new(&app, &access, &snapshot, &project, &filter)?
        };
        let (from, to) = (g.asked.from, g.asked.to);
        let history = g.with(|f| (f.from, f.to) = (None, Some(to)));
        let history_since = snapshot.extent(&history.asked.filter)?.map(|(first, _)| first);
        let begin = from - (to - from);
        let reaches = history_since.is_some_and(|since| since < begin);
        Ok(Json(BehaviourPage {
            from,
            to,
            zone: g.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            people: people(&g, from, to)?,
            people_before: reaches.then(|| people(&g, begin, from)).transpose()?,
            history_since,
            week: g.by("week_hour", "mentions,authors", 1)?,
            together: together(&g)?,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

fn people(g: &Ground<'_>, from: i64, to: i64) -> Result<People, Failure> {
    let authors = |from: Option<i64>, to: i64| -> Result<u64, Failure> {
        let question = Question {
            filter: g.with(|f| (f.from, f.to) = (from, Some(to))).asked.filter,
            cuts: Vec::new(),
            measures: Measures {
                authors: true,
                ..Measures::default()
            },
        };
        Ok(g.snapshot.table(&question)?.total.authors)
    };
    let period = authors(Some(from), to)?;
    let (new, returning) = voices::new_and_returning(authors(None, to)?, authors(None, from)?, period);
    Ok(People {
        authors: period,
        new,
        returning,
        share_new: Value::share(new, period),
    })
}

/// The monitors under the filter, or all of the project: those with most mentions.
fn together(g: &Ground<'_>) -> Result<TogetherView, Failure> {
    let names = g.monitors()?;
    let by = g.with(|f| f.q = None).by("monitor", "mentions", MOST)?;
    let keys = by.axes.iter().flat_map(|axis| &axis.keys);
    let ids: Vec<String> = keys
        .filter(|key| !key.other)
        .map(|key| key.key.clone())
        .filter(|id| names.contains_key(id))
        .collect();
    // The rest of the project has votes, too: what lift is measured against.
    let rest = names.keys().filter(|id| !ids.contains(id)).cloned();
    let all: Vec<String> = ids.iter().cloned().chain(rest).collect();
    let rows = g.snapshot.rows(&g.asked.filter, &all, ROWS)?;
    let found = voices::together(&voices::texts(&rows), ids.len());
    let mut monitors: Vec<Named> = ids
        .iter()
        .zip(&found.authors)
        .map(|(id, authors)| Named {
            label: names.get(id).cloned().unwrap_or_default(),
            monitor: id.clone(),
            authors: *authors,
        })
        .collect();
    monitors.sort_by_key(|m| std::cmp::Reverse(m.authors));
    let pair = |p: &voices::Pair| PairView {
        a: ids[p.a].clone(),
        b: ids[p.b].clone(),
        authors: p.authors,
        of_a: Value::share(p.authors, found.authors[p.a]),
        of_b: Value::share(p.authors, found.authors[p.b]),
        lift: Value::interval(p.lift, p.votes),
    };
    let mut pairs: Vec<PairView> = found.pairs.iter().filter(|p| p.authors > 0).map(pair).collect();
    pairs.sort_by_key(|p| std::cmp::Reverse(p.authors));
    Ok(TogetherView {
        monitors,
        pairs,
        votes: found.votes,
    })
}
