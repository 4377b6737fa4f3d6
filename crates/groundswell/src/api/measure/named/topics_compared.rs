//! Which topics set two brands, or two periods, apart.

use super::Ground;
use super::topic_words::labels;
use super::topics::found;
use crate::analytics::{Value, contrast};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Choice, Filter, Measures, Question};
use utoipa::{IntoParams, ToSchema};

/// Topics looked at on each side, and shown of each.
const LOOKED_AT: usize = 150;
const SHOWN: usize = 10;
/// A topic needs so many authors.
const FEW: u64 = 3;

/// What is compared.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct TopicCompareParams {
    /// `monitors` (default): the two that `monitor=` names; `previous`: the period with the one of equal length before.
    against: Option<String>,
}

/// Two sides.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicsCompared {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The two, as asked; of periods the later one first.
    sides: Vec<TopicSide>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// One side.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicSide {
    /// The monitor's id; `now` or `before` of periods.
    key: String,
    /// The monitor's name, or the same.
    label: String,
    /// Begin of its period.
    from: i64,
    /// End of its period, exclusive.
    to: i64,
    /// Its authors.
    authors: u64,
    /// Topics that more of its authors write about than of the other's, beyond chance; most surely first.
    more: Vec<TopicApart>,
}

/// A topic that sets a side apart.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TopicApart {
    /// Its number.
    id: String,
    /// The words that tell it from the others.
    words: Vec<String>,
    /// The log-odds ratio against the other side, one vote per author, with its 95 % interval.
    odds: Value,
    /// Authors on this side.
    authors: u64,
    /// Authors on the other.
    others: u64,
}

/// Topics that are written about more on one side than on the other.
#[utoipa::path(get, path = "/projects/{project}/topics/compare", operation_id = "compare_topics", tag = "analytics",
    params(("project" = String, Path), FilterParams, TopicCompareParams),
    responses((status = 200, body = TopicsCompared), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn compare(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<TopicCompareParams>,
) -> Result<Json<TopicsCompared>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let sides = match how
            .against
            .as_deref()
            .filter(|a| !a.is_empty())
            .unwrap_or("monitors")
        {
            "monitors" => brands(&g)?,
            "previous" => periods(&g),
            other => {
                return Err(Failure::Bad(format!(
                    "`{other:.40}` is nothing to compare with; known: monitors, previous"
                )));
            }
        };
        Ok(Json(TopicsCompared {
            from: g.asked.from,
            to: g.asked.to,
            sides: compared(&g, &sides)?,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

struct Side {
    key: String,
    label: String,
    filter: Filter,
}

fn brands(g: &Ground<'_>) -> Result<Vec<Side>, Failure> {
    let side = |(id, name): (String, String)| Side {
        filter: Filter {
            monitors: Choice::only([id.clone()]),
            ..g.asked.filter.clone()
        },
        key: id,
        label: name,
    };
    Ok(g.chosen(2, 2)?.into_iter().map(side).collect())
}

fn periods(g: &Ground<'_>) -> Vec<Side> {
    let length = g.asked.to - g.asked.from;
    let side = |name: &str, back: i64| Side {
        key: name.to_owned(),
        label: name.to_owned(),
        filter: Filter {
            from: Some(g.asked.from - back),
            to: Some(g.asked.to - back),
            ..g.asked.filter.clone()
        },
    };
    vec![side("now", 0), side("before", length)]
}

fn compared(g: &Ground<'_>, sides: &[Side]) -> Result<Vec<TopicSide>, Failure> {
    let measures = Measures {
        authors: true,
        ..Measures::default()
    };
    // Authors of each side, by topic.
    let mut topics: BTreeMap<u64, (Vec<u64>, [u64; 2])> = BTreeMap::new();
    let mut people = [0; 2];
    for (i, side) in sides.iter().enumerate().take(2) {
        let question = Question {
            filter: side.filter.clone(),
            cuts: Vec::new(),
            measures,
        };
        people[i] = g.snapshot.table(&question)?.total.authors;
        for topic in found(g, &side.filter, LOOKED_AT, measures)?.topics {
            let known = topics.entry(topic.id).or_insert((topic.ids, [0; 2]));
            known.1[i] = topic.cell.authors;
        }
    }
    let mut out = Vec::new();
    for (i, side) in sides.iter().enumerate().take(2) {
        let said = topics.iter().map(|(id, (_, authors))| contrast::Apart {
            key: id.to_string(),
            column: 0,
            odds: contrast::log_odds(authors[i], people[i], authors[1 - i], people[1 - i]),
            authors: authors[i],
            others: authors[1 - i],
        });
        let [more, _] = contrast::beyond_chance(said, FEW, SHOWN);
        let ids = more.iter().map(|a| {
            let known = a.key.parse().ok().and_then(|id: u64| topics.get(&id));
            known.map(|(ids, _)| ids.clone()).unwrap_or_default()
        });
        let words = labels(g.snapshot, &side.filter, &ids.collect::<Vec<_>>())?;
        out.push(TopicSide {
            key: side.key.clone(),
            label: side.label.clone(),
            from: side.filter.from.unwrap_or(g.asked.from),
            to: side.filter.to.unwrap_or(g.asked.to),
            authors: people[i],
            more: more.into_iter().zip(words).map(apart).collect(),
        });
    }
    Ok(out)
}

fn apart((apart, words): (contrast::Apart, Vec<String>)) -> TopicApart {
    TopicApart {
        id: apart.key,
        words,
        odds: apart.odds,
        authors: apart.authors,
        others: apart.others,
    }
}
