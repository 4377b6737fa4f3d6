//! The same answers, before anything is timed.

use crate::ours::Ours;
use crate::workload::{Post, Workload};
use anyhow::ensure;
use query::{Scratch, naive};
use std::collections::BTreeSet;

/// Post and query of a match.
pub(crate) type Pairs = BTreeSet<(u32, u32)>;

/// Differences that are printed, of each kind.
const SHOWN: usize = 20;

/// Ours on some posts.
pub(crate) fn pairs(ours: &Ours, posts: &[Post]) -> Pairs {
    let mut out = Pairs::new();
    ours.run(posts, &mut Scratch::new(), |post, query| {
        out.insert((post.id, query));
    });
    out
}

/// Ends the run with the differing pairs where there are any.
pub(crate) fn equal(what: &str, ours: &Pairs, theirs: &Pairs) -> anyhow::Result<()> {
    let show =
        |missing: Vec<&(u32, u32)>| format!("{}: {:?}", missing.len(), &missing[..missing.len().min(SHOWN)]);
    ensure!(
        ours == theirs,
        "answers differ from {what} (post, query): only ours {}; only theirs {}",
        show(ours.difference(theirs).collect()),
        show(theirs.difference(ours).collect())
    );
    println!("  answers equal {what}: {} matches", ours.len());
    Ok(())
}

/// Compares with the answers that came with the workload.
pub(crate) fn known_answers(ours: &Ours, workload: &Workload) -> anyhow::Result<()> {
    for a in &workload.answers {
        let posts = &workload.posts[..workload.posts.len().min(a.posts as usize)];
        let queries = a.queries.min(workload.queries.len() as u32);
        let mut found = pairs(ours, posts);
        found.retain(|p| p.1 < queries);
        let known = a.pairs.iter().copied();
        let known = known.filter(|p| p.1 < queries && (p.0 as usize) < posts.len());
        equal(a.file, &found, &known.collect())?;
    }
    Ok(())
}

/// Compares with the plain evaluator: half of the posts are ones that match something.
pub(crate) fn plain_meaning(ours: &Ours, workload: &Workload) -> anyhow::Result<()> {
    let n = workload.plain_posts;
    if n == 0 {
        return Ok(());
    }
    let all = &workload.posts;
    let matching: BTreeSet<u32> = pairs(ours, &all[..all.len().min(20 * n)])
        .into_iter()
        .map(|p| p.0)
        .collect();
    let matched = all.iter().filter(|p| matching.contains(&p.id)).take(n / 2);
    let posts: Vec<Post> = matched.chain(all.iter().rev().take(n / 2)).cloned().collect();
    let mut plain = Pairs::new();
    for post in &posts {
        let document = post.document();
        let holds = |q: &&(u32, query::Query)| naive::matches(q.1.ast(), &document, None);
        plain.extend(workload.queries.iter().filter(holds).map(|q| (post.id, q.0)));
    }
    let what = format!(
        "the plain evaluator on {} posts x {} queries",
        posts.len(),
        workload.queries.len()
    );
    equal(&what, &pairs(ours, &posts), &plain)
}
