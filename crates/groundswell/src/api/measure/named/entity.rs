//! One author, site, link or kind of medium: its figures, its company, and when it was first and last seen.

use super::Ground;
use crate::analytics::{Value, around};
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::measure::types::{MeasureParams, Part};
use crate::api::types::{ApiError, AuthorView, FilterParams, MentionView, PolicyLabel};
use crate::api::{Failure, Shared, rules};
use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use store::Filter;
use utoipa::{IntoParams, ToSchema};

const FIGURES: &str = "mentions,authors,texts,engagement,engagement_per_mention,audience,net_sentiment,negative_share,positive_share";
const COUNTED: &str = "mentions,authors,share";
/// Values of each list, and newest mentions.
const LIMIT: usize = 10;

/// How the page is made.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct EntityParams {
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    zone: Option<String>,
    /// Length of a bucket of the series; chosen where absent.
    interval: Option<String>,
}

/// One author, site, link or kind of medium.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct EntityPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// `author`, `site`, `link` or `media`.
    kind: String,
    /// What it is, as asked.
    key: String,
    /// What is known of an author: a pseudonym, and names of accounts that act in public alone.
    author: Option<AuthorView>,
    /// When its first mention kept under the rest of the filter was published, whatever the period; `null` where none is.
    first_seen: Option<i64>,
    /// When its last was.
    last_seen: Option<i64>,
    /// Its figures beside those of the period before. Sentiment is `null` where a platform does not let people be scored.
    figures: Part,
    /// What changed of them, by metric, as in the overview.
    change: Vec<Value>,
    /// Mentions over time.
    series: Part,
    /// Which monitors it is met in.
    monitors: Part,
    /// Its platforms.
    sources: Part,
    /// Its languages.
    langs: Part,
    /// Authors met with it; `null` for an author.
    authors: Option<Part>,
    /// What else is met with it, and its hours.
    company: Option<Company>,
    /// Newest mentions.
    newest: Vec<MentionView>,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// What is met with it. Of an author this would be a profile: `null` where a platform that is part of the answer forbids
/// to sum up people.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Company {
    /// Hashtags.
    hashtags: Part,
    /// Words.
    terms: Part,
    /// Sites and communities.
    sites: Part,
    /// Links.
    links: Part,
    /// Mentions by hour of the week.
    week: Part,
}

/// One author, site, link or kind of medium: name it by `author=`, `site=`, `link=` or `media=`, one value of one of them.
#[utoipa::path(get, path = "/projects/{project}/entity", operation_id = "entity", tag = "analytics",
    params(("project" = String, Path), FilterParams, EntityParams),
    responses((status = 200, body = EntityPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn entity(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<EntityParams>,
) -> Result<Json<EntityPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?.cut(&how.zone, &how.interval);
        let (kind, key) = one(&g.asked.filter)?;
        answered(&g, kind, key).map(Json)
    })
    .await
}

/// The one thing that the filter is about.
fn one(filter: &Filter) -> Result<(&'static str, String), Failure> {
    let named = [
        (
            "author",
            filter
                .authors
                .include
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
        ),
        ("site", filter.sites.include.clone()),
        ("link", filter.links.include.clone()),
        ("media", filter.media.include.clone()),
    ];
    let mut named = named.into_iter().filter(|(_, values)| !values.is_empty());
    match (named.next(), named.next()) {
        (Some((kind, mut values)), None) if values.len() == 1 => Ok((kind, values.remove(0))),
        _ => Err(Failure::Bad(
            "name one thing: one value of author=, site=, link= or media=".to_owned(),
        )),
    }
}

fn answered(g: &Ground<'_>, kind: &'static str, key: String) -> Result<EntityPage, Failure> {
    let is_author = kind == "author";
    let may_profile = rules::check_person(g.snapshot, &g.asked.filter)?;
    let figures = g.part(MeasureParams {
        metric: Some(FIGURES.to_owned()),
        compare: Some("previous".to_owned()),
        ..MeasureParams::default()
    })?;
    let change = match &figures.before {
        Some(before) => around::change(&figures.metrics, &before.total, &figures.total),
        None => Vec::new(),
    };
    let ever = g.with(|f| (f.from, f.to) = (None, None)).asked.filter;
    let seen = g.snapshot.extent(&ever)?;
    let newest = g.snapshot.mentions(&g.asked.filter, None, LIMIT)?;
    let live = g.app.engine.live.load();
    let view = |m: &store::Mention| crate::view::mention(m, g.snapshot.marks().of(m.id), &live);
    let newest: Vec<MentionView> = newest.items.iter().map(view).collect();
    let author = match (is_author, newest.first()) {
        (false, _) => None,
        (true, Some(mention)) => mention.post.author.clone(),
        // Outside the period, what was said last.
        (true, None) => {
            let last = g.snapshot.mentions(&ever, None, 1)?;
            last.items.first().and_then(|m| view(m).post.author)
        }
    };
    let series = MeasureParams {
        metric: Some("mentions".to_owned()),
        by: Some("time".to_owned()),
        ..MeasureParams::default()
    };
    Ok(EntityPage {
        from: g.asked.from,
        to: g.asked.to,
        kind: kind.to_owned(),
        key,
        author,
        first_seen: seen.map(|(first, _)| first),
        last_seen: seen.map(|(_, last)| last),
        figures,
        change,
        series: g.part(series)?,
        monitors: g.by("monitor", "mentions,share", LIMIT)?,
        sources: g.by("source", "mentions,share", LIMIT)?,
        langs: g.by("lang", "mentions,share", LIMIT)?,
        authors: (!is_author)
            .then(|| g.by("author", "mentions,engagement", LIMIT))
            .transpose()?,
        company: may_profile.then(|| company(g)).transpose()?,
        newest,
        generation: g.snapshot.generation(),
        policy_labels: rules::labels(g.snapshot, &g.asked.filter)?,
    })
}

fn company(g: &Ground<'_>) -> Result<Company, Failure> {
    Ok(Company {
        hashtags: g.by("hashtag", COUNTED, LIMIT)?,
        terms: g.by("term", COUNTED, LIMIT)?,
        sites: g.by("site", COUNTED, LIMIT)?,
        links: g.by("link", COUNTED, LIMIT)?,
        week: g.by("week_hour", "mentions", LIMIT)?,
    })
}
