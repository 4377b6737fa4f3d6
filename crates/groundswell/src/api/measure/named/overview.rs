//! The Overview page in one round trip.

use super::Ground;
use crate::analytics::{Value, around};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::filter::Asked;
use crate::api::measure::permalinks::Pinned;
use crate::api::measure::types::{MeasureParams, Part};
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel};
use crate::api::{App, Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::Snapshot;
use utoipa::{IntoParams, ToSchema};

const FIGURES: &str = "mentions,authors,texts,copies,engagement,audience,net_sentiment,negative_share,neutral_share,positive_share,scored,voices";
const VOICE: &str =
    "mentions,authors,engagement,share_of_voice,share_of_authors,share_of_engagement,net_sentiment";
const COUNTED: &str = "mentions,authors,share";
const LABELLED: &str = "mentions,share,negative,neutral,positive";
/// Values of a list, where no number is said, and at most.
const LIMIT: usize = 10;
const MOST: usize = 50;
/// Of more mentions than that, the people behind each word, link or country of a list are not counted: telling them apart
/// for every value takes longer than anybody waits for a page. A list asked for by itself (`/measure`) counts them.
const COUNTED_OF: u64 = 200_000;
/// Brands whose voices are weighed.
const BRANDS: usize = 20;

/// How the overview is made.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct OverviewParams {
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
    /// Length of a bucket of the series; chosen where absent.
    interval: Option<String>,
    /// Compare with `previous` (default) or `year`; `none` for neither.
    compare: Option<String>,
    /// Values of each list (default 10, at most 50).
    limit: Option<usize>,
    /// Newest mentions (default 10, at most 50).
    newest: Option<usize>,
}

/// Everything the Overview page shows, of one state of the store.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OverviewPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The time zone of its days.
    zone: String,
    /// The headline figures, beside those of the period compared with.
    figures: Part,
    /// What changed of them, by metric: after ÷ before for counts, with the interval that chance alone would give,
    /// after − before for shares and balances. Empty where there is nothing to compare with.
    change: Vec<Value>,
    /// Mentions over time, with how they are labelled.
    series: Part,
    /// Share of voice of the monitors, three ways, with their sentiment.
    voice: Part,
    /// Mentions by platform.
    sources: Part,
    /// By language.
    langs: Part,
    /// By country.
    countries: Part,
    /// By kind of post.
    kinds: Part,
    /// By emotion; `null` where a platform does not let people be scored.
    emotions: Option<Part>,
    /// Loudest authors, by pseudonym; `null` for those who may only see sums.
    authors: Option<Part>,
    /// Hashtags. Of more than 200,000 mentions the lists of hashtags, terms, sites, links and countries are without authors.
    hashtags: Part,
    /// Words that stand for topics.
    terms: Part,
    /// Sites linked to and communities.
    sites: Part,
    /// Links; `null` for those who may only see sums.
    links: Option<Part>,
    /// Mentions by hour of the week, Monday's first hour first, in the zone.
    week: Part,
    /// Newest mentions; `null` for those who may only see sums.
    newest: Option<Vec<MentionView>>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
    /// The question with its period fixed: `POST /api/v1/projects/{project}/permalinks` keeps it with its answer.
    permalink: Pinned,
}

/// What the Overview page shows: figures beside those of the period before, series, shares of voice, sentiment, lists,
/// the heat map of the week, newest mentions.
#[utoipa::path(get, path = "/projects/{project}/overview", operation_id = "project_overview", tag = "analytics",
    params(("project" = String, Path), FilterParams, OverviewParams),
    responses((status = 200, body = OverviewPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn overview(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<OverviewParams>,
) -> Result<Json<OverviewPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let ground = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        answered(ground, filter, how).map(Json)
    })
    .await
}

/// The overview under a filter that was read.
pub(in crate::api::measure) fn of(
    app: &App,
    access: &Access,
    snapshot: &Snapshot,
    asked: Asked,
    pinned: &Pinned,
    how: &OverviewParams,
) -> Result<OverviewPage, Failure> {
    rules::check(access, &asked.filter)?;
    let ground = Ground {
        app,
        access,
        snapshot,
        asked,
        zone: None,
        interval: None,
    };
    answered(ground, pinned.filter.clone(), how.clone())
}

fn answered(ground: Ground<'_>, filter: FilterParams, how: OverviewParams) -> Result<OverviewPage, Failure> {
    let ground = ground.cut(&how.zone, &how.interval);
    let g = &ground;
    let limit = how.limit.unwrap_or(LIMIT).clamp(1, MOST);
    let scored = rules::check_person(g.snapshot, &g.asked.filter)?;
    let people = !g.access.aggregate_only();
    let compare = match how
        .compare
        .as_deref()
        .filter(|c| !c.is_empty())
        .unwrap_or("previous")
    {
        "none" => None,
        other => Some(other.to_owned()),
    };
    let figures = g.part(MeasureParams {
        metric: Some(FIGURES.to_owned()),
        compare,
        ..MeasureParams::default()
    })?;
    let mentions = figures.total.first().and_then(|value| value.value).unwrap_or(0.0);
    let counted = match mentions > COUNTED_OF as f64 {
        true => "mentions,share",
        false => COUNTED,
    };
    let change = match &figures.before {
        Some(before) => around::change(&figures.metrics, &before.total, &figures.total),
        None => Vec::new(),
    };
    let series = MeasureParams {
        metric: Some("mentions,negative,neutral,positive".to_owned()),
        by: Some("time".to_owned()),
        ..MeasureParams::default()
    };
    let newest = match people {
        true => Some(newest(g, how.newest.unwrap_or(LIMIT).min(MOST))?),
        false => None,
    };
    let (from, to) = (g.asked.from, g.asked.to);
    Ok(OverviewPage {
        from,
        to,
        zone: g.zone.clone().unwrap_or_else(|| "UTC".to_owned()),
        change,
        series: g.part(series)?,
        voice: g.by("monitor", VOICE, BRANDS)?,
        sources: g.by("source", LABELLED, limit)?,
        langs: g.by("lang", LABELLED, limit)?,
        countries: g.by("country", counted, limit)?,
        kinds: g.by("kind", "mentions,share", limit)?,
        emotions: scored.then(|| g.by("emotion", "mentions", limit)).transpose()?,
        authors: people
            .then(|| g.by("author", "mentions,engagement", limit))
            .transpose()?,
        hashtags: g.by("hashtag", counted, limit)?,
        terms: g.by("term", counted, limit)?,
        sites: g.by("site", counted, limit)?,
        links: people.then(|| g.by("link", counted, limit)).transpose()?,
        week: g.by("week_hour", "mentions", limit)?,
        newest,
        generation: g.snapshot.generation(),
        policy_labels: rules::labels(g.snapshot, &g.asked.filter)?,
        permalink: Pinned {
            filter: FilterParams {
                project: Some(g.asked.project.clone()),
                from: Some(from),
                to: Some(to),
                ..filter
            },
            overview: Some(how),
            ..Pinned::default()
        },
        figures,
    })
}

fn newest(g: &Ground<'_>, count: usize) -> Result<Vec<MentionView>, Failure> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let page = g.snapshot.mentions(&g.asked.filter, None, count)?;
    let live = g.app.engine.live.load();
    let view = |m: &store::Mention| crate::view::mention(m, g.snapshot.marks().of(m.id), &live);
    Ok(page.items.iter().map(view).collect())
}
