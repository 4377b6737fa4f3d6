//! What is said of a brand more, or less, than of its competitors.

use super::Ground;
use crate::analytics::{Value, contrast};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::{Choose, Cut, Dimension, Measures, Question, Table};
use utoipa::{IntoParams, ToSchema};

/// Monitors compared at most.
const MOST: usize = 10;
/// Attributes looked at, and shown of each monitor in each direction.
const LOOKED_AT: usize = 300;
const SHOWN: usize = 15;
/// An attribute needs so many authors.
const FEW: u64 = 3;

/// What attributes are.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct PerceptionParams {
    /// `aspect` (default): what is judged in the texts; or `term`, `hashtag`, `entity`, `class`, `emotion`, `intent`.
    by: Option<String>,
}

/// How brands are seen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct PerceptionsPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// What attributes are.
    by: String,
    /// The monitors, as asked.
    monitors: Vec<Perceived>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// How one brand is seen.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Perceived {
    /// The monitor.
    monitor: String,
    /// Its name.
    label: String,
    /// Its authors.
    authors: u64,
    /// What is said of it more than of the others, beyond chance; most surely first.
    more: Vec<Attribute>,
    /// What is said of it less.
    less: Vec<Attribute>,
}

/// An attribute of a brand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Attribute {
    /// The attribute.
    key: String,
    /// The log-odds ratio against the others, one vote per author, with its 95 % interval.
    odds: Value,
    /// Authors who say it of this brand.
    authors: u64,
    /// Authors who say it of the others, each counted per monitor.
    others: u64,
    /// (Positive − negative) ÷ labelled of the brand's mentions that say it, by counts; not shown below 30.
    net_sentiment: Value,
}

/// Attributes of two to ten monitors, named by `monitor=`, each against the others together.
#[utoipa::path(get, path = "/projects/{project}/perceptions", operation_id = "perceptions", tag = "analytics",
    params(("project" = String, Path), FilterParams, PerceptionParams),
    responses((status = 200, body = PerceptionsPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn perceptions(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<PerceptionParams>,
) -> Result<Json<PerceptionsPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let monitors = g.chosen(2, MOST)?;
        let (by, dimension) = attribute(how.by.as_deref())?;
        let scored = rules::scores_may_be_split(&snapshot, &g.asked.filter, dimension)?;
        let ids = monitors.iter().map(|(id, _)| id.clone()).collect();
        let question = Question {
            filter: g.asked.filter.clone(),
            cuts: vec![
                Cut::Values(Dimension::Monitor, Choose::These(ids)),
                Cut::Values(dimension, Choose::Top(LOOKED_AT)),
            ],
            measures: Measures {
                authors: true,
                sentiment: scored,
                ..Measures::default()
            },
        };
        let table = snapshot.table(&question)?;
        let monitors = monitors.into_iter().enumerate().map(|(row, (monitor, label))| {
            let [more, less] = contrast::apart(&table, row, FEW, SHOWN)
                .map(|list| list.into_iter().map(|a| attribute_of(&table, row, a)).collect());
            Perceived {
                monitor,
                label,
                authors: table.rows[row].authors,
                more,
                less,
            }
        });
        Ok(Json(PerceptionsPage {
            from: g.asked.from,
            to: g.asked.to,
            by: by.to_owned(),
            monitors: monitors.collect(),
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

fn attribute(name: Option<&str>) -> Result<(&'static str, Dimension), Failure> {
    const KNOWN: [(&str, Dimension); 7] = [
        ("aspect", Dimension::Aspect),
        ("term", Dimension::Term),
        ("hashtag", Dimension::Hashtag),
        ("entity", Dimension::Entity),
        ("class", Dimension::Class),
        ("emotion", Dimension::Emotion),
        ("intent", Dimension::Intent),
    ];
    let name = name.filter(|n| !n.is_empty()).unwrap_or("aspect");
    let found = KNOWN.into_iter().find(|(known, _)| *known == name);
    found.ok_or_else(|| {
        Failure::Bad(format!(
            "`{name:.40}` is no attribute; known: {}",
            KNOWN.map(|k| k.0).join(", ")
        ))
    })
}

fn attribute_of(table: &Table, row: usize, apart: contrast::Apart) -> Attribute {
    let cell = table.cell(row, apart.column).copied().unwrap_or_default();
    let [negative, neutral, positive] = cell.sentiment;
    Attribute {
        key: apart.key,
        odds: apart.odds,
        authors: apart.authors,
        others: apart.others,
        net_sentiment: Value::interval(
            trends::net_sentiment(negative, neutral, positive),
            negative + neutral + positive,
        ),
    }
}
