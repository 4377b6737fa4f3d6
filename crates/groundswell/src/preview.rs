//! What a query would have matched in the recent past.

use crate::api::Failure;
use crate::api::types::QueryPreview;
use crate::history;
use crate::pipeline::{Engine, Snapshot, match_part};
use journal::{MonitorDef, MonitorSet};
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
    let snapshot = Snapshot::compile(set, engine.admission.pseudonyms());
    let query = snapshot.query("preview");
    let posts = history::newest(&engine.journal, ENTRIES).map_err(|e| Failure::Internal(e.to_string()))?;
    let started = Instant::now();
    let mut out = QueryPreview {
        posts: Vec::new(),
        searched: 0,
        matched: 0,
        from: None,
        to: None,
        per_day: None,
    };
    for chunk in posts.rchunks(CHUNK) {
        let mentions = match_part(&snapshot, &engine.models, chunk.iter());
        out.searched += chunk.len() as u64;
        out.from = chunk.first().map(|p| p.seen_at);
        out.to = out.to.or(chunk.last().map(|p| p.seen_at));
        for mention in mentions.into_iter().flatten().rev() {
            out.matched += 1;
            if out.posts.len() < limit {
                out.posts
                    .push(crate::view::post(&mention.post, &mention.lang, query, &snapshot));
            }
        }
        if started.elapsed() > PATIENCE {
            break;
        }
    }
    out.per_day = per_day(&out);
    Ok(out)
}

/// Matches a day at the rate of the interval searched; unknown under ten minutes.
fn per_day(p: &QueryPreview) -> Option<f64> {
    let length = p.to? - p.from?;
    (length >= 600_000).then(|| p.matched as f64 * 86_400_000.0 / length as f64)
}
