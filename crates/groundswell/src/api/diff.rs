//! Comparing two queries on the recent past.

use super::access::Access;
use super::error::blocking;
use super::extract::Body;
use super::queries::in_words;
use super::types::ApiError;
use super::{App, Failure, Shared};
use crate::control::{DEFAULT_PROJECT, Scope};
use crate::lab::DAY;
use crate::lab::diff::{Counts, Diff, Sample};
use crate::lists::parse_monitor;
use crate::pipeline::tests_language;
use crate::preview;
use axum::Json;
use query::Query;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Samples of each kind at most.
const SAMPLES: usize = 50;

/// Two queries: `POST /api/v1/queries/diff`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QueryDiffInput {
    /// The older query.
    old: String,
    /// The newer query.
    new: String,
    /// The project whose keyword lists they may name; the default project where absent.
    project: Option<String>,
    /// Posts shown of those gained, and of those lost; 5 where absent, 50 at most.
    samples: Option<usize>,
}

/// What each query matches of the recent past.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct QueryDiff {
    /// Posts searched: the newest, each at its latest version, without those that are gone.
    searched: u64,
    /// Arrival of the oldest post searched. What came before is not covered.
    from: Option<i64>,
    /// Arrival of the newest.
    to: Option<i64>,
    /// Over all posts searched.
    total: DiffCounts,
    /// By day of arrival, UTC; days without a match of either query are absent.
    days: Vec<DiffDay>,
    /// A sample of the posts that the newer query alone matches.
    gained: Vec<DiffSample>,
    /// A sample of the posts that the older query alone matches.
    lost: Vec<DiffSample>,
}

/// Matches of two queries.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct DiffCounts {
    /// Matches of the older query.
    old: u64,
    /// Matches of the newer.
    new: u64,
    /// Matches of the newer alone.
    gained: u64,
    /// Matches of the older alone.
    lost: u64,
}

/// Matches of two queries on a day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct DiffDay {
    /// When the day begins.
    at: i64,
    /// Its counts.
    #[serde(flatten)]
    counts: DiffCounts,
}

/// A post that one query alone matches.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct DiffSample {
    /// Its key (32 hexadecimal digits).
    key: String,
    /// Its arrival.
    seen_at: Option<i64>,
    /// Its headline.
    title: Option<String>,
    /// Its text.
    text: String,
    /// What the query that matches it found, in bytes of the text.
    highlights: Vec<[usize; 2]>,
    /// Why the other query does not match it, a sentence a clause.
    why_not: Vec<String>,
}

/// What a newer query gains and loses against an older one, on the recent past.
#[utoipa::path(post, path = "/queries/diff", operation_id = "diff_queries", tag = "queries", request_body = QueryDiffInput,
    responses((status = 200, body = QueryDiff), (status = 422, body = ApiError)))]
pub(super) async fn diff(
    app: Shared,
    access: Access,
    Body(input): Body<QueryDiffInput>,
) -> Result<Json<QueryDiff>, Failure> {
    let project = input.project.as_deref().unwrap_or(DEFAULT_PROJECT);
    access.need_in(Some(project), Scope::Read)?;
    blocking(move || {
        let project = input.project.as_deref().unwrap_or(DEFAULT_PROJECT);
        let lists = app
            .engine
            .control
            .lists(project)
            .map_err(super::monitors::failure)?;
        let parsed = |name: &str, q: &str| {
            parse_monitor(q, &lists).map_err(|p| Failure::BadQuery(format!("{name}: {}", in_words(&p))))
        };
        let (old, new) = (parsed("old", &input.old)?, parsed("new", &input.new)?);
        let samples = input.samples.unwrap_or(5).min(SAMPLES);
        search(&app, &old, &new, samples).map(Json)
    })
    .await
}

fn search(app: &App, old: &Query, new: &Query, samples: usize) -> Result<QueryDiff, Failure> {
    let engine = &app.engine;
    let posts = preview::recent(engine)?;
    let pseudonyms = engine.admission.pseudonyms();
    let token = |handle: &str| pseudonyms.handle(handle);
    let mut diff = Diff::new(old, new, Some(&token), samples);
    let language = [old, new].iter().any(|q| tests_language(q.ast()));
    preview::each_seen(engine, &posts, language, |seen| diff.see(seen));
    let report = diff.finish();
    Ok(QueryDiff {
        searched: report.interval.posts,
        from: report.interval.from,
        to: report.interval.to,
        total: report.total.into(),
        days: report
            .days
            .into_iter()
            .map(|(day, counts)| DiffDay {
                at: day * DAY,
                counts: counts.into(),
            })
            .collect(),
        gained: report.gained.into_iter().map(DiffSample::from).collect(),
        lost: report.lost.into_iter().map(DiffSample::from).collect(),
    })
}

impl From<Counts> for DiffCounts {
    fn from(c: Counts) -> Self {
        Self {
            old: c.old,
            new: c.new,
            gained: c.gained,
            lost: c.lost,
        }
    }
}

impl From<Sample> for DiffSample {
    fn from(s: Sample) -> Self {
        Self {
            key: s.id,
            seen_at: s.at,
            title: s.title,
            text: s.text,
            highlights: s.highlights.into_iter().map(|r| [r.start, r.end]).collect(),
            why_not: s.why_not,
        }
    }
}
