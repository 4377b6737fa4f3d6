//! A category and the brands in it: which of them people name when they speak of it, and what moves in it.

use super::{Ground, ROWS, known};
use crate::analytics::voices::{self, Aware, Said};
use crate::analytics::{Value, around, contrast};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::measure::interval;
use crate::api::measure::types::{MeasureParams, Part};
use crate::api::types::{ApiError, FilterParams, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use store::{Calendar, Choice, Choose, Cut, Dimension, Key, Measures, Question};
use utoipa::{IntoParams, ToSchema};

/// Brands at most.
const BRANDS: usize = 20;
/// Buckets at most.
const BUCKETS: usize = 400;
/// Words looked at, and shown in each direction.
const WORDS: usize = 500;
const SHOWN: usize = 15;
/// A word needs so many authors.
const FEW: u64 = 3;

/// The category.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct CategoryParams {
    /// The id of the category's monitor: its query names what is spoken of and no brand.
    within: String,
    /// Time zone of days, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
    /// Length of a bucket; chosen where absent.
    interval: Option<String>,
}

/// Which brands are named where the category is spoken of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AwarenessPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its days.
    zone: String,
    /// The name of the category's monitor.
    category: String,
    /// Over the whole period.
    total: AwareView,
    /// The brands, in the order of the shares.
    brands: Vec<Brand>,
    /// Over time: a text counts when it was first published.
    series: Vec<AwareBucket>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// A brand.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Brand {
    /// The monitor.
    monitor: String,
    /// Its name.
    label: String,
}

/// Awareness in a period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AwareView {
    /// Authors who speak of the category.
    authors: u64,
    /// Distinct texts about it.
    texts: u64,
    /// By brand: the share of the authors who name it in the same text.
    named: Vec<Value>,
    /// The share of the authors who name none of the brands.
    no_brand: Value,
}

/// Awareness in a bucket of time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AwareBucket {
    /// Its begin.
    from: i64,
    /// Its end, exclusive.
    to: i64,
    /// What is measured in it.
    #[serde(flatten)]
    aware: AwareView,
}

/// Of those who speak of a category the share who name each brand; the brands are named by `monitor=`.
#[utoipa::path(get, path = "/projects/{project}/awareness", operation_id = "awareness", tag = "analytics",
    params(("project" = String, Path), FilterParams, CategoryParams),
    responses((status = 200, body = AwarenessPage), (status = 400, body = ApiError)))]
pub(in crate::api) async fn awareness(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<CategoryParams>,
) -> Result<Json<AwarenessPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let (category, label) = known(&g.monitors()?, &how.within)?;
        let brands = g.chosen(1, BRANDS)?;
        let (from, to) = (g.asked.from, g.asked.to);
        let calendar = calendar(&g, &how)?;
        let ids: Vec<String> = std::iter::once(category)
            .chain(brands.iter().map(|(id, _)| id.clone()))
            .collect();
        let rows = snapshot.rows(&g.asked.filter, &ids, ROWS)?;
        let texts = voices::texts(&rows);
        let borders = calendar.borders(from, to, BUCKETS)?;
        let bucket = |ends: &[i64]| {
            let within = |said: &&Said| (ends[0]..ends[1]).contains(&said.at);
            AwareBucket {
                from: ends[0],
                to: ends[1],
                aware: shown(&voices::aware(texts.iter().filter(within), brands.len())),
            }
        };
        Ok(Json(AwarenessPage {
            from,
            to,
            zone: super::named(&how.zone).unwrap_or_else(|| "UTC".to_owned()),
            category: label,
            total: shown(&voices::aware(&texts, brands.len())),
            series: borders.windows(2).map(bucket).collect(),
            brands: brands
                .into_iter()
                .map(|(monitor, label)| Brand { monitor, label })
                .collect(),
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

fn calendar(g: &Ground<'_>, how: &CategoryParams) -> Result<Calendar, Failure> {
    let (_, step, _) = interval(how.interval.as_deref(), &g.asked)?;
    let name = super::named(&how.zone).unwrap_or_else(|| "UTC".to_owned());
    let zone = TimeZone::get(&name)
        .map_err(|_| Failure::Bad(format!("`{name:.64}` is no time zone; say it as Europe/Berlin")))?;
    Ok(Calendar { step, zone })
}

fn shown(aware: &Aware) -> AwareView {
    let share = |n: u64| Value::share(n, aware.authors);
    AwareView {
        authors: aware.authors,
        texts: aware.texts,
        named: aware.by_brand.iter().map(|n| share(*n)).collect(),
        no_brand: share(aware.no_brand),
    }
}

/// What moves in a category.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MarketPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its days.
    zone: String,
    /// The name of the category's monitor.
    category: String,
    /// The category's figures, beside those of the period before.
    figures: Part,
    /// What changed of them, by metric, as in the overview.
    change: Vec<Value>,
    /// The category over time.
    series: Part,
    /// Words said by more of its people than in the period before, beyond chance; most surely first. Empty where the
    /// store does not reach back.
    rising: Vec<Moved>,
    /// Words said by fewer.
    falling: Vec<Moved>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// A word that moved.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Moved {
    /// The word.
    key: String,
    /// The log-odds ratio of this period against the one before, one vote per author, with its 95 % interval.
    odds: Value,
    /// Authors who say it now.
    authors: u64,
    /// Authors who said it before.
    before: u64,
}

/// A category without its brands: volume, people and sentiment over time, and the words that rise and fall in it.
#[utoipa::path(get, path = "/projects/{project}/market", operation_id = "market", tag = "analytics",
    params(("project" = String, Path), FilterParams, CategoryParams),
    responses((status = 200, body = MarketPage), (status = 400, body = ApiError)))]
pub(in crate::api) async fn market(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<CategoryParams>,
) -> Result<Json<MarketPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let (category, label) = known(&g.monitors()?, &how.within)?;
        let g = g
            .with(|f| f.monitors = Choice::only([category]))
            .cut(&how.zone, &how.interval);
        let figures = g.part(MeasureParams {
            metric: Some("mentions,authors,texts,engagement,net_sentiment,voices".to_owned()),
            compare: Some("previous".to_owned()),
            ..MeasureParams::default()
        })?;
        let series = g.part(MeasureParams {
            metric: Some("mentions,authors,negative,neutral,positive".to_owned()),
            by: Some("time".to_owned()),
            ..MeasureParams::default()
        })?;
        let (change, [rising, falling]) = match &figures.before {
            Some(before) => (
                around::change(&figures.metrics, &before.total, &figures.total),
                moved(&g, (before.from, before.to))?,
            ),
            None => (Vec::new(), Default::default()),
        };
        Ok(Json(MarketPage {
            from: g.asked.from,
            to: g.asked.to,
            zone: g.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
            category: label,
            figures,
            change,
            series,
            rising,
            falling,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

/// Words that rose and words that fell.
fn moved(g: &Ground<'_>, (from, to): (i64, i64)) -> Result<[Vec<Moved>; 2], Failure> {
    let earlier = g.with(|f| (f.from, f.to) = (Some(from), Some(to)));
    let table = |g: &Ground<'_>, choose: Choose| {
        let question = Question {
            filter: g.asked.filter.clone(),
            cuts: vec![Cut::Values(Dimension::Term, choose)],
            measures: Measures {
                authors: true,
                ..Measures::default()
            },
        };
        g.snapshot.table(&question).map_err(Failure::from)
    };
    // Words of either period: what is no longer said at all fell, too.
    let mut words: Vec<String> = Vec::new();
    for g in [g, &earlier] {
        let found = table(g, Choose::Top(WORDS / 2))?;
        words.extend(found.axes[0].keys.iter().filter_map(|key| match key {
            Key::Value(word) => Some(word.clone()),
            _ => None,
        }));
    }
    words.sort();
    words.dedup();
    let now = table(g, Choose::These(words.clone()))?;
    let then = table(&earlier, Choose::These(words.clone()))?;
    let said = words.into_iter().enumerate().map(|(column, key)| {
        let (authors, others) = (now.cells[column].authors, then.cells[column].authors);
        contrast::Apart {
            key,
            column,
            odds: contrast::log_odds(authors, now.total.authors, others, then.total.authors),
            authors,
            others,
        }
    });
    let moved = |apart: contrast::Apart| Moved {
        key: apart.key,
        odds: apart.odds,
        authors: apart.authors,
        before: apart.others,
    };
    Ok(contrast::beyond_chance(said, FEW, SHOWN).map(|list| list.into_iter().map(moved).collect()))
}
