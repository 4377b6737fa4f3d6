//! What a commit of deletions or of new engagement costs, and the answers after it.

use crate::clock::{line, process_time, quantile};
use crate::made::Numbers;
use crate::questions::{self, all, median};
use anyhow::Result;
use post::{Counts, PostKey};
use std::time::Instant;
use store::{Change, Question, Store};

/// Posts deleted in a commit.
const DELETED: usize = 30;
/// Posts with new counts in a commit.
const COUNTED: usize = 900;
/// Commits of new counts.
const COMMITS: usize = 20;

/// Deletes and counts.
pub(crate) fn make(store: &mut Store) -> Result<()> {
    // From all over the time, so that every large segment is touched.
    let reader = store.reader();
    let mut posts: Vec<PostKey> = reader
        .snapshot()
        .mentions(&all(), None, 60_000)?
        .items
        .iter()
        .map(|m| m.post.key)
        .collect();
    let mut numbers = Numbers(77);
    posts.sort_by_cached_key(|_| numbers.next());
    let mut next = posts.into_iter().cycle();
    let mut new_counts = |likes: u64| -> Vec<Change> {
        let change = |post| Change::Engagement {
            post,
            counts: Counts {
                likes: Some(likes),
                ..Counts::default()
            },
        };
        next.by_ref().take(COUNTED).map(change).collect()
    };
    println!("\nEngagement of {COUNTED} posts a commit");
    let (before, mut commits) = (process_time(), Vec::new());
    for i in 0..COMMITS {
        let begin = Instant::now();
        store.apply(new_counts(5_000 + i as u64), 0)?;
        store.commit()?;
        commits.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    let busy = process_time().saturating_sub(before).as_secs_f64();
    commits.sort_by(f64::total_cmp);
    let each = busy * 1e6 / (COMMITS * COUNTED) as f64;
    line(
        "processor µs a post",
        &format!("{each:.1}"),
        "no document rewritten",
    );
    let commit = format!(
        "{:.0} / {:.0} ms",
        quantile(&commits, 0.5),
        quantile(&commits, 0.95)
    );
    line("apply and commit, median / 95th", &commit, "p95 ≤ 150 ms");
    println!(
        "\nmedian ms, processor (wall), after a commit that deletes {DELETED} posts, and that counts {COUNTED}"
    );
    let mut deleted = reader
        .snapshot()
        .mentions(&all(), None, 20_000)?
        .items
        .into_iter()
        .map(|m| m.post.key);
    for (name, cuts, measures) in questions::charts().into_iter().chain(questions::measured()) {
        let question = Question {
            filter: all(),
            cuts,
            measures,
        };
        let asked: questions::Asked = Box::new(move |snapshot| Ok(snapshot.table(&question)?.total.mentions));
        let cold = median(
            || {
                reader.forget();
                Ok(reader.snapshot())
            },
            &asked,
        )?;
        let less = median(
            || {
                let some: Vec<Change> = deleted.by_ref().take(DELETED).map(Change::Delete).collect();
                store.apply(some, 0)?;
                store.commit()?;
                Ok(reader.snapshot())
            },
            &asked,
        )?;
        let mut likes = 9_000;
        let other = median(
            || {
                likes += 1;
                store.apply(new_counts(likes), 0)?;
                store.commit()?;
                Ok(reader.snapshot())
            },
            &asked,
        )?;
        let both = format!(
            "{:.1} ({:.1}) and {:.1} ({:.1})",
            less.0, less.1, other.0, other.1
        );
        line(
            name,
            &both,
            &format!("≤ 20 ms    nothing kept {:.1} ({:.1})", cold.0, cold.1),
        );
    }
    Ok(())
}
