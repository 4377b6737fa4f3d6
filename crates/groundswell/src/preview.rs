//! What a query would have matched in the recent past.

use crate::api::Failure;
use crate::api::types::{QueryEstimate, QueryPreview};
use crate::history;
use crate::lab::Seen;
use crate::lab::counter::{Counter, lints};
use crate::pipeline::{Engine, Matching, Scorer, Snapshot, match_part, tests_language};
use journal::{MonitorDef, MonitorSet};
use post::Post;
use query::Document;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Journal entries read at most.
const ENTRIES: u64 = 50_000;
/// Posts matched between two looks at the clock.
const CHUNK: usize = 1_000;
/// After this long, what is older is left out.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Searches the end of the journal for what a query of a project, which must parse, matches; newest first, at most
/// `limit` shown.
pub(crate) fn search(
    engine: &Engine,
    project: &str,
    query: String,
    limit: usize,
) -> Result<QueryPreview, Failure> {
    let snapshot = alone(engine, project, query);
    let query = snapshot.query("preview");
    let posts = recent(engine)?;
    let mut out = QueryPreview {
        posts: Vec::new(),
        searched: 0,
        matched: 0,
        from: None,
        to: None,
        per_day: None,
    };
    let span = backwards(&posts, |chunk| {
        out.searched += chunk.len() as u64;
        let mentions = match_part(&snapshot, &engine.glance, chunk.iter());
        for mention in mentions.into_iter().flatten().rev() {
            out.matched += 1;
            if out.posts.len() < limit {
                out.posts
                    .push(crate::view::post(&mention.post, &mention.lang, query, &snapshot));
            }
        }
    });
    (out.from, out.to) = (span.map(|s| s.0), span.map(|s| s.1));
    out.per_day = span.and_then(|(from, to)| per_day(out.matched, to - from));
    Ok(out)
}

/// What a query of a project, which must parse, would find and cost, by the newest posts ([`recent`]).
pub(crate) fn estimate(engine: &Engine, project: &str, query: String, posts: &[Post]) -> QueryEstimate {
    let snapshot = alone(engine, project, query);
    let mut matching = Matching::new(&snapshot, &engine.models);
    let (mut searched, mut matched, mut candidates) = (0, 0, 0);
    let span = backwards(posts, |chunk| {
        searched += chunk.len() as u64;
        for post in chunk {
            let (hits, run) = matching.count(post);
            matched += hits as u64;
            candidates += u64::from(run);
        }
    });
    let rate = |count| span.and_then(|(from, to)| per_day(count, to - from));
    QueryEstimate {
        searched,
        matched,
        candidates,
        from: span.map(|s| s.0),
        to: span.map(|s| s.1),
        matches_per_day: rate(matched),
        candidates_per_day: rate(candidates),
    }
}

/// A side of an OR with more matches a day is remarked.
const HOT: u64 = 10_000;

/// What the newest posts say of the clauses of a query, which must parse: those that match nothing, and those that match
/// very much.
pub(crate) fn remarks(
    engine: &Engine,
    source: &str,
    lists: &query::Lists,
    posts: &[Post],
) -> Vec<query::Problem> {
    let branches = query::branches(source, lists).unwrap_or_default();
    let pseudonyms = engine.admission.pseudonyms();
    let token = |handle: &str| pseudonyms.handle(handle);
    let mut counter = Counter::new(branches.iter().map(|b| &b.query), Some(&token));
    let language = branches.iter().any(|b| tests_language(b.query.ast()));
    each_seen(engine, posts, language, |seen| counter.see(seen));
    let (hits, interval) = counter.finish();
    lints(source, lists, &branches, &hits, &interval, HOT)
}

/// Gives posts as the lab sees them, newest first, while patience lasts. Where `language` is asked for and a post does not
/// tell, the model does.
pub(crate) fn each_seen(engine: &Engine, posts: &[Post], language: bool, mut each: impl FnMut(&Seen<'_>)) {
    let mut scorer = language.then(|| Scorer::new(&engine.models));
    backwards(posts, |chunk| {
        for post in chunk {
            let lang = post.lang.clone();
            let lang = lang.or_else(|| scorer.as_mut().map(|s| s.language(post)));
            each(&Seen {
                id: &post.key.to_string(),
                at: Some(post.seen_at),
                document: Document::from_post(post, lang.as_deref().unwrap_or("und")),
            });
        }
    });
}

/// The query as the only monitor, `preview`.
fn alone(engine: &Engine, project: &str, query: String) -> Arc<Snapshot> {
    let def = MonitorDef {
        id: "preview".to_owned(),
        project: project.to_owned(),
        version: 1,
        query,
        active: true,
    };
    let set = MonitorSet {
        version: 0,
        monitors: vec![def],
        lists: engine.live.load().keyword_lists(project),
    };
    Snapshot::compile(set, engine.admission.pseudonyms())
}

/// The newest posts of the journal in their order.
pub(crate) fn recent(engine: &Engine) -> Result<Vec<Post>, Failure> {
    history::newest(&engine.journal, ENTRIES).map_err(|e| Failure::Internal(e.to_string()))
}

/// Gives posts in chunks, newest first, while patience lasts; arrivals of the oldest and the newest given.
fn backwards(posts: &[Post], mut look: impl FnMut(&[Post])) -> Option<(i64, i64)> {
    let started = Instant::now();
    let mut oldest = None;
    for chunk in posts.rchunks(CHUNK) {
        look(chunk);
        oldest = chunk.first().map(|p| p.seen_at);
        if started.elapsed() > PATIENCE {
            break;
        }
    }
    Some((oldest?, posts.last()?.seen_at))
}

/// A count of an interval in milliseconds as a rate a day; unknown under ten minutes.
pub(crate) fn per_day(count: u64, length: i64) -> Option<f64> {
    (length >= 600_000).then(|| count as f64 * 86_400_000.0 / length as f64)
}
