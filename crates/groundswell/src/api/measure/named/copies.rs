//! Copies of the same text, and how they spread.

use super::Ground;
use crate::api::access::Access;
use crate::api::error::blocking;
use crate::api::extract::Params;
use crate::api::responding::mention_of;
use crate::api::types::{ApiError, FilterParams, MentionView, PolicyLabel};
use crate::api::{App, Failure, Shared, rules};
use crate::detect::group_name;
use axum::Json;
use axum::extract::Path;
use post::Millis;
use serde::{Deserialize, Serialize};
use store::{Choice, Choose, Cut, Dimension, Filter, Key, Measures, Question, Snapshot};
use utoipa::{IntoParams, ToSchema};

/// Groups listed at most, and where nothing is said.
const MOST: usize = 50;
const LISTED: usize = 20;
/// Platforms of a group that are named.
const PLATFORMS: usize = 20;
/// Lengths of a bucket of the spread, and how many there are at most.
const INTERVALS: [Millis; 9] = [
    60_000,
    5 * 60_000,
    15 * 60_000,
    HOUR,
    3 * HOUR,
    6 * HOUR,
    24 * HOUR,
    7 * 24 * HOUR,
    28 * 24 * HOUR,
];
const HOUR: Millis = 3_600_000;
const BUCKETS: Millis = 60;

/// How many groups.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct CopiesParams {
    /// Groups, those with most copies in the period first (default 20, at most 50).
    limit: Option<usize>,
}

/// The texts that were copied most.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CopiesPage {
    /// Begin of the period.
    from: i64,
    /// End of the period, exclusive.
    to: i64,
    /// The groups, those with most copies in the period first.
    groups: Vec<Cascade>,
    /// Posts of the period that are copies of an earlier one.
    copies: u64,
    /// All posts of the period.
    total: u64,
    /// Commit generation the answer belongs to.
    generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    policy_labels: Vec<PolicyLabel>,
}

/// Posts of a project with the same text, or nearly, over all time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Cascade {
    /// Its name, for `copies_of`.
    group: String,
    /// The earliest of its posts; `null` where none is left.
    first: Option<MentionView>,
    /// Posts, the first included.
    posts: u64,
    /// Authors.
    authors: u64,
    /// When the first was published.
    from: i64,
    /// When the last was published.
    to: i64,
    /// Posts by platform, most first.
    platforms: Vec<CascadePlatform>,
    /// How it spread.
    spread: CascadeSpread,
}

/// A platform of a cascade.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CascadePlatform {
    /// The platform.
    source: String,
    /// Posts there.
    posts: u64,
    /// Authors there.
    authors: u64,
}

/// Posts over time.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(crate) struct CascadeSpread {
    /// Length of a bucket in milliseconds.
    interval_ms: i64,
    /// Begins of the buckets.
    times: Vec<i64>,
    /// Posts by bucket, a line per platform.
    lines: Vec<CascadeLine>,
}

/// Posts of one platform over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CascadeLine {
    /// The platform.
    source: String,
    /// Posts by bucket.
    counts: Vec<u64>,
}

/// The texts that were copied most in a period.
#[utoipa::path(get, path = "/projects/{project}/copies", operation_id = "copies", tag = "analytics",
    params(("project" = String, Path), FilterParams, CopiesParams),
    responses((status = 200, body = CopiesPage), (status = 400, body = ApiError), (status = 403, body = ApiError)))]
pub(in crate::api) async fn list(
    app: Shared,
    access: Access,
    Path(project): Path<String>,
    Params(filter): Params<FilterParams>,
    Params(how): Params<CopiesParams>,
) -> Result<Json<CopiesPage>, Failure> {
    blocking(move || {
        let snapshot = app.engine.store.snapshot();
        let g = Ground::new(&app, &access, &snapshot, &project, &filter)?;
        let limit = how.limit.unwrap_or(LISTED).clamp(1, MOST);
        let question = Question {
            filter: g.asked.filter.clone(),
            cuts: vec![Cut::Values(Dimension::Copies, Choose::Top(limit))],
            measures: Measures::default(),
        };
        let table = snapshot.table(&question)?;
        let keys = table.axes.iter().flat_map(|axis| &axis.keys);
        let groups = keys.filter_map(|key| match key {
            Key::Value(group) => u64::from_str_radix(group, 16).ok(),
            _ => None,
        });
        let groups = groups.map(|group| cascade(&app, &snapshot, &project, group));
        Ok(Json(CopiesPage {
            from: g.asked.from,
            to: g.asked.to,
            groups: groups.collect::<Result<_, _>>()?,
            copies: table.cells.iter().map(|c| c.mentions).sum(),
            total: table.total.mentions,
            generation: snapshot.generation(),
            policy_labels: rules::labels(&snapshot, &g.asked.filter)?,
        }))
    })
    .await
}

/// The copies of a mention's post over all time: the first of them, and how they spread. Empty of copies where there are
/// none; not found where nobody looked for them.
#[utoipa::path(get, path = "/projects/{project}/mentions/{mention}/copies", operation_id = "copies_of_mention", tag = "analytics",
    params(("project" = String, Path), ("mention" = String, Path)),
    responses((status = 200, body = Cascade), (status = 404, body = ApiError)))]
pub(in crate::api) async fn of_mention(
    app: Shared,
    Path((project, mention)): Path<(String, String)>,
) -> Result<Json<Cascade>, Failure> {
    blocking(move || {
        let mention = mention_of(&app, &project, &mention)?;
        let group = mention.group.ok_or(Failure::NotFound("group of copies"))?;
        cascade(&app, &app.engine.store.snapshot(), &project, group).map(Json)
    })
    .await
}

fn cascade(app: &App, snapshot: &Snapshot, project: &str, group: u64) -> Result<Cascade, Failure> {
    let filter = Filter {
        project: Some(project.to_owned()),
        copies: Choice::only([group]),
        ..Filter::default()
    };
    let question = Question {
        filter: filter.clone(),
        cuts: vec![Cut::Values(Dimension::Source, Choose::Top(PLATFORMS))],
        measures: Measures {
            authors: true,
            ..Measures::default()
        },
    };
    let table = snapshot.table(&question)?;
    let keys = table.axes.iter().flat_map(|axis| &axis.keys);
    let platforms = keys.zip(&table.cells).filter_map(|(key, cell)| match key {
        Key::Value(source) => Some(CascadePlatform {
            source: source.clone(),
            posts: cell.mentions,
            authors: cell.authors,
        }),
        _ => None,
    });
    let platforms = platforms.collect();
    let (from, to) = snapshot.extent(&filter)?.unwrap_or_default();
    Ok(Cascade {
        group: group_name(group),
        first: first(app, snapshot, &filter, from)?,
        posts: table.total.mentions,
        authors: table.total.authors,
        from,
        to,
        platforms,
        spread: spread(snapshot, &filter, from, to)?,
    })
}

/// The mention that was published at the begin of the cascade.
fn first(
    app: &App,
    snapshot: &Snapshot,
    filter: &Filter,
    at: Millis,
) -> Result<Option<MentionView>, Failure> {
    let filter = Filter {
        from: Some(at),
        to: Some(at + 1),
        ..filter.clone()
    };
    let page = snapshot.mentions(&filter, None, MOST)?;
    // Of several at the same moment the one that was seen first.
    let first = page.items.iter().min_by_key(|m| (m.copy_of().is_some(), m.id));
    let live = app.engine.live.load();
    Ok(first.map(|m| crate::view::mention(m, snapshot.marks().of(m.id), &live)))
}

fn spread(snapshot: &Snapshot, filter: &Filter, from: Millis, to: Millis) -> Result<CascadeSpread, Failure> {
    let fits = |interval: &Millis| (to - from) / interval < BUCKETS;
    let longest = INTERVALS[INTERVALS.len() - 1];
    let interval = INTERVALS.into_iter().find(fits).unwrap_or(longest);
    let series = snapshot.series(filter, Some(Dimension::Source), interval, 0)?;
    Ok(CascadeSpread {
        interval_ms: interval,
        times: series.times,
        lines: series
            .lines
            .into_iter()
            .map(|line| CascadeLine {
                source: line.key,
                counts: line.counts,
            })
            .collect(),
    })
}

/// Tells of each mention how many copies its text has in the project, over all time.
pub(in crate::api) fn count(
    snapshot: &Snapshot,
    project: &str,
    mentions: &mut [MentionView],
) -> Result<(), Failure> {
    let mut groups: Vec<u64> = mentions
        .iter()
        .filter_map(|m| u64::from_str_radix(m.group.as_deref()?, 16).ok())
        .collect();
    groups.sort_unstable();
    groups.dedup();
    if groups.is_empty() {
        return Ok(());
    }
    let names: Vec<String> = groups.iter().map(|group| group_name(*group)).collect();
    let question = Question {
        filter: Filter {
            project: Some(project.to_owned()),
            copies: Choice::only(groups),
            ..Filter::default()
        },
        cuts: vec![Cut::Values(Dimension::Copies, Choose::These(names.clone()))],
        measures: Measures::default(),
    };
    let table = snapshot.table(&question)?;
    for mention in mentions {
        let place = mention
            .group
            .as_ref()
            .and_then(|group| names.iter().position(|n| n == group));
        mention.copies = place.and_then(|i| table.cells.get(i)).map(|c| c.mentions);
    }
    Ok(())
}
