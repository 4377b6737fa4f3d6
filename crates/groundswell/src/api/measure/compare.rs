//! Two to ten monitors compared, with what of it is beyond chance.

use super::types::MeasureParams;
use super::{answer, ask::Asking};
use crate::analytics::{Value, contrast};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::filter::{self, Asked};
use crate::api::monitors::failure;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{App, Failure, Shared, rules};
use axum::Json;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Choose, Cut, Dimension, Filter, Key, Measures, Question, Snapshot, Table};
use utoipa::{IntoParams, ToSchema};

/// Monitors compared at most.
const MOST: usize = 10;
/// What stands in the table of metrics.
const METRICS: &str = "mentions,authors,texts,engagement,share_of_voice,share_of_authors,share_of_engagement,net_sentiment,negative_share,positive_share,voices";
/// Metrics whose differences are tested.
const TESTED: [&str; 3] = ["net_sentiment", "negative_share", "positive_share"];
/// Words looked at, and shown of each monitor.
const WORDS: usize = 1_000;
const SHOWN: usize = 15;
/// A word needs so many authors.
const FEW: u64 = 3;

/// What to compare by words.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct CompareParams {
    /// What is told apart as topics: `term` (default), `hashtag`, `entity` or `aspect`.
    topics: Option<String>,
}

/// Monitors side by side.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Compared {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The metrics, in the order of the values.
    metrics: Vec<String>,
    /// The monitors, as asked.
    monitors: Vec<ComparedMonitor>,
    /// Every pair and tested measure: differences, and which are beyond chance.
    differences: Vec<Difference>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// One monitor.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ComparedMonitor {
    /// Its id.
    monitor: String,
    /// Its name.
    label: String,
    /// Values by metric.
    values: Vec<Value>,
    /// The share of each emotion among its mentions with one.
    emotions: BTreeMap<String, Value>,
    /// What is said of it more than of the others, most surely first.
    topics: Vec<Topic>,
}

/// A word that sets a monitor apart.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Topic {
    /// The word.
    key: String,
    /// The log-odds ratio against the others, one vote per author, with its 95 % interval.
    odds: Value,
    /// Authors who use it here.
    authors: u64,
    /// Authors who use it of the others, each counted per monitor.
    others: u64,
}

/// A difference of two monitors.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Difference {
    /// A monitor.
    a: String,
    /// Another one.
    b: String,
    /// What differs: a metric, or `emotion:<name>`.
    measure: String,
    /// a − b with its 95 % interval.
    by: Value,
    /// The probability of a difference as large by chance.
    p: f64,
    /// Whether it is beyond chance when all differences of this answer are looked at together (Holm 1979, 5 %).
    beyond_chance: bool,
}

/// Compares two to ten monitors, named by `monitor=`.
#[utoipa::path(get, path = "/compare", operation_id = "compare", tag = "analytics", params(FilterParams, CompareParams),
    responses((status = 200, body = Compared), (status = 400, body = ApiError)))]
pub(in crate::api) async fn compare(
    app: Shared,
    access: Access,
    Params(params): Params<FilterParams>,
    Params(more): Params<CompareParams>,
) -> Result<Json<Compared>, Failure> {
    let asked = filter::ask(&app.engine, &params, crate::clock::now())?;
    let topics = match more.topics.as_deref().filter(|t| !t.is_empty()).unwrap_or("term") {
        "term" => Dimension::Term,
        "hashtag" => Dimension::Hashtag,
        "entity" => Dimension::Entity,
        "aspect" => Dimension::Aspect,
        other => {
            return Err(Failure::Bad(format!(
                "topics are told apart by term, hashtag, entity or aspect, not `{other:.40}`"
            )));
        }
    };
    let count = asked.filter.monitors.include.len();
    if !(2..=MOST).contains(&count) {
        return Err(Failure::Bad(format!(
            "name 2 to {MOST} monitors as monitor=a,b; {count} are named"
        )));
    }
    blocking(move || answered(&app, &access, &asked, topics).map(Json)).await
}

fn answered(app: &App, access: &Access, asked: &Asked, topics: Dimension) -> Result<Compared, Failure> {
    let snapshot = app.engine.store.snapshot();
    rules::check(access, &asked.filter)?;
    let names = app.engine.control.monitors(&asked.project).map_err(failure)?;
    let names: BTreeMap<String, String> = names.into_iter().map(|m| (m.id, m.name)).collect();
    let ids = &asked.filter.monitors.include;
    if let Some(unknown) = ids.iter().find(|id| !names.contains_key(*id)) {
        return Err(Failure::Bad(format!(
            "the project has no monitor `{unknown:.64}`"
        )));
    }
    let params = MeasureParams {
        metric: Some(METRICS.to_owned()),
        by: Some("monitor".to_owned()),
        limit: Some(MOST),
        ..MeasureParams::default()
    };
    let asking = Asking::read(&params, asked)?;
    asking.check(access)?;
    let measured = answer::measured(app, access, &snapshot, asked, &asking)?;
    let row_of = |id: &String| {
        measured.axes[0]
            .keys
            .iter()
            .position(|k| !k.other && k.key == *id)
    };
    let scored = rules::check_person(&snapshot, &asked.filter)?;
    let emotions = match scored {
        true => emotions(&snapshot, &asked.filter, ids)?,
        false => vec![BTreeMap::new(); ids.len()],
    };
    let mut words = topics_of(&snapshot, &asked.filter, ids, topics)?;
    let monitors: Vec<ComparedMonitor> = ids
        .iter()
        .enumerate()
        .map(|(i, id)| ComparedMonitor {
            monitor: id.clone(),
            label: names.get(id).cloned().unwrap_or_default(),
            values: row_of(id).map_or_else(Vec::new, |row| measured.rows[row].clone()),
            emotions: emotions[i].clone(),
            topics: std::mem::take(&mut words[i]),
        })
        .collect();
    Ok(Compared {
        from: asked.from,
        to: asked.to,
        differences: differences(&measured.metrics, &monitors),
        metrics: measured.metrics,
        monitors,
        generation: snapshot.generation(),
        policy_labels: measured.policy_labels,
    })
}

/// Monitors by the values of a dimension.
fn by_monitor(
    snapshot: &Snapshot,
    filter: &Filter,
    ids: &[String],
    dimension: Dimension,
    values: usize,
) -> Result<std::sync::Arc<Table>, Failure> {
    let question = Question {
        filter: filter.clone(),
        cuts: vec![
            Cut::Values(Dimension::Monitor, Choose::These(ids.to_vec())),
            Cut::Values(dimension, Choose::Top(values)),
        ],
        measures: Measures {
            authors: true,
            ..Measures::default()
        },
    };
    Ok(snapshot.table(&question)?)
}

fn emotions(
    snapshot: &Snapshot,
    filter: &Filter,
    ids: &[String],
) -> Result<Vec<BTreeMap<String, Value>>, Failure> {
    let table = by_monitor(snapshot, filter, ids, Dimension::Emotion, 20)?;
    let keys = &table.axes[1].keys;
    let row = |row: &[store::Cell]| {
        let labelled: u64 = row.iter().map(|cell| cell.mentions).sum();
        let share = |(key, cell): (&Key, &store::Cell)| match key {
            Key::Value(name) => Some((name.clone(), Value::share(cell.mentions, labelled))),
            _ => None,
        };
        keys.iter().zip(row).filter_map(share).collect()
    };
    Ok(table.cells.chunks(keys.len().max(1)).map(row).collect())
}

/// The words that set each monitor apart from the others together.
fn topics_of(
    snapshot: &Snapshot,
    filter: &Filter,
    ids: &[String],
    dimension: Dimension,
) -> Result<Vec<Vec<Topic>>, Failure> {
    let table = by_monitor(snapshot, filter, ids, dimension, WORDS / ids.len())?;
    let more = |row: usize| {
        let [more, _] = contrast::apart(&table, row, FEW, SHOWN);
        let topic = |apart: contrast::Apart| Topic {
            key: apart.key,
            odds: apart.odds,
            authors: apart.authors,
            others: apart.others,
        };
        more.into_iter().map(topic).collect()
    };
    Ok((0..ids.len()).map(more).collect())
}

fn differences(metrics: &[String], monitors: &[ComparedMonitor]) -> Vec<Difference> {
    let mut out = Vec::new();
    for (i, a) in monitors.iter().enumerate() {
        for b in &monitors[i + 1..] {
            let tested = metrics
                .iter()
                .enumerate()
                .filter(|(_, name)| TESTED.contains(&name.as_str()))
                .filter_map(|(at, name)| Some((name.clone(), a.values.get(at)?, b.values.get(at)?)));
            let emotions = a
                .emotions
                .iter()
                .filter_map(|(name, value)| Some((format!("emotion:{name}"), value, b.emotions.get(name)?)));
            for (measure, x, y) in tested.chain(emotions) {
                if let Some((by, p)) = contrast::difference(x, y) {
                    out.push(Difference {
                        a: a.monitor.clone(),
                        b: b.monitor.clone(),
                        measure,
                        by,
                        p,
                        beyond_chance: false,
                    });
                }
            }
        }
    }
    let beyond = contrast::holm(&out.iter().map(|d| d.p).collect::<Vec<_>>());
    out.iter_mut()
        .zip(beyond)
        .for_each(|(d, beyond)| d.beyond_chance = beyond);
    out
}
