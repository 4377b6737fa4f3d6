//! Checking and trying a query before it is saved.

use super::error::blocking;
use super::extract::Body;
use super::types::{ApiError, PostView, QueryCheck, QueryInput, QueryPreview, QueryProblem, QuerySpan};
use super::{App, Failure, Shared};
use axum::Json;
use journal::{Entry, MonitorDef, MonitorSet, Position};
use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::pipeline::Snapshot;

/// Journal entries a preview reads at most, from the end backwards.
const PREVIEW_ENTRIES: u64 = 50_000;
/// Time a preview takes at most.
const PREVIEW_TIME: Duration = Duration::from_millis(1500);

/// Says whether a query can be saved, names every fault with its place and, where one is obvious, its fix.
#[utoipa::path(post, path = "/queries/check", operation_id = "check_query", tag = "queries", request_body = QueryInput, responses((status = 200, body = QueryCheck)))]
pub(super) async fn check(Body(input): Body<QueryInput>) -> Json<QueryCheck> {
    let parsed = query::parse(&input.query);
    let problems = match &parsed {
        Ok(query) => query.problems(),
        Err(problems) => problems,
    };
    let spans = query::spans(&input.query);
    Json(QueryCheck {
        ok: parsed.is_ok(),
        canonical: parsed.as_ref().ok().map(ToString::to_string),
        problems: problems.iter().map(problem).collect(),
        spans: spans
            .into_iter()
            .map(|s| QuerySpan {
                start: s.at.start,
                end: s.at.end,
                kind: s.kind.name().to_owned(),
            })
            .collect(),
    })
}

fn problem(p: &query::Problem) -> QueryProblem {
    QueryProblem {
        severity: p.severity.name().to_owned(),
        code: p.code.to_owned(),
        start: p.at.start,
        end: p.at.end,
        message: p.message.clone(),
        fix: p.fix.clone(),
    }
}

/// The errors among problems, in one line.
pub(super) fn in_words(problems: &[query::Problem]) -> String {
    let errors = problems.iter().filter(|p| p.is_error());
    errors
        .map(|p| format!("{} (at {})", p.message, p.at.start))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Posts of the recent past that a query would have matched, newest first.
#[utoipa::path(post, path = "/queries/preview", operation_id = "preview_query", tag = "queries", request_body = QueryInput,
    responses((status = 200, body = QueryPreview), (status = 422, body = ApiError)))]
pub(super) async fn preview(
    app: Shared,
    Body(input): Body<QueryInput>,
) -> Result<Json<QueryPreview>, Failure> {
    query::parse(&input.query).map_err(|p| Failure::BadQuery(in_words(&p)))?;
    let limit = input.limit.unwrap_or(20).clamp(1, 100);
    blocking(move || search(&app, input.query, limit).map(Json)).await
}

fn search(app: &App, query: String, limit: usize) -> Result<QueryPreview, Failure> {
    let def = MonitorDef {
        id: "preview".into(),
        project: String::new(),
        version: 1,
        query,
        active: true,
    };
    let set = MonitorSet {
        version: 0,
        monitors: vec![def],
    };
    let snapshot = Snapshot::compile(set, app.engine.admission.pseudonyms());
    let until = app.engine.journal.next_position().0;
    let from = until.saturating_sub(PREVIEW_ENTRIES);
    let mut reader = app.engine.journal.reader(Position(from));
    let started = Instant::now();
    let mut out = QueryPreview {
        posts: Vec::new(),
        searched: 0,
        matched: 0,
        from: None,
        to: None,
        per_day: None,
    };
    let mut found: Vec<PostView> = Vec::new();
    while let Some(batch) = reader.next_batch() {
        let batch = batch.map_err(|e| Failure::Internal(e.to_string()))?;
        let mut gone: HashSet<String> = HashSet::new();
        let posts: Vec<_> = batch
            .into_iter()
            .filter(|r| r.position.0 >= from)
            .filter_map(|r| match r.entry {
                Entry::Post { post, .. } => Some(post),
                Entry::Delete { key, .. } => {
                    gone.insert(key.to_string());
                    None
                }
                Entry::AuthorGone { author, .. } => {
                    gone.insert(author.to_string());
                    None
                }
                _ => None,
            })
            .collect();
        let mentions = crate::pipeline::match_part(&snapshot, &app.engine.models, posts.iter().map(|p| &**p));
        out.searched += posts.len() as u64;
        out.from = out.from.or(posts.first().map(|p| p.seen_at));
        out.to = posts.last().map(|p| p.seen_at).or(out.to);
        for mention in mentions.into_iter().flatten() {
            out.matched += 1;
            found.push(crate::view::post(
                &mention.post,
                &mention.lang,
                snapshot.monitor("preview").map(|a| &a.query),
                &snapshot,
            ));
        }
        // What was deleted since is not shown again.
        found.retain(|p| !gone.contains(&p.key) && !p.author.as_ref().is_some_and(|a| gone.contains(&a.key)));
        // Only the newest are shown; the rest is counted.
        let surplus = found.len().saturating_sub(limit);
        found.drain(..surplus);
        if started.elapsed() > PREVIEW_TIME {
            break;
        }
    }
    found.reverse();
    out.posts = found;
    out.per_day = per_day(&out);
    Ok(out)
}

/// Matches a day at the rate of the interval searched; unknown under ten minutes.
fn per_day(p: &QueryPreview) -> Option<f64> {
    let length = p.to? - p.from?;
    (length >= 600_000).then(|| p.matched as f64 * 86_400_000.0 / length as f64)
}
