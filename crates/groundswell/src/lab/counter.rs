//! How many posts of the past each of many queries matches, and what that says of the clauses of one.

use super::rate::{Hours, Rate};
use super::{Interval, Once, Probe, Seen};
use query::{Branch, Lists, Problem, Pseudonyms, Query};

/// Counts the matches of queries and of their clauses.
pub(crate) struct Counter {
    probe: Probe,
    hits: Vec<Hits>,
    once: Once,
    interval: Interval,
}

/// The matches of one query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hits {
    /// Posts matched.
    pub(crate) posts: u64,
    hours: Hours,
}

impl Hits {
    /// Matches a day over the interval read.
    pub(crate) fn rate(&self, interval: &Interval) -> Option<Rate> {
        self.hours.rate(interval)
    }
}

impl Counter {
    /// A counter for queries by their numbers.
    pub(crate) fn new<'q>(queries: impl Iterator<Item = &'q Query>, pseudonyms: Pseudonyms<'_>) -> Self {
        let queries: Vec<&Query> = queries.collect();
        Self {
            hits: vec![Hits::default(); queries.len()],
            probe: Probe::new(queries.into_iter(), pseudonyms),
            once: Once::default(),
            interval: Interval::default(),
        }
    }

    /// Takes note of a post; one that came before is not counted again.
    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        if !self.once.is_new(seen.id) {
            return;
        }
        self.interval.note(seen.at);
        for &i in self.probe.matches(&seen.document) {
            let hits = &mut self.hits[i as usize];
            hits.posts += 1;
            if let Some(at) = seen.at {
                hits.hours.note(at);
            }
        }
    }

    /// The matches of each query, and what was read.
    pub(crate) fn finish(self) -> (Vec<Hits>, Interval) {
        (self.hits, self.interval)
    }
}

/// What the past says of the clauses of a query, which must parse: `branches` are its own, `hits` theirs. A side of an
/// OR with more matches a day than `hot` is hot.
pub(crate) fn lints(
    source: &str,
    lists: &Lists,
    branches: &[Branch],
    hits: &[Hits],
    interval: &Interval,
    hot: u64,
) -> Vec<Problem> {
    let days = hits
        .first()
        .and_then(|h| h.rate(interval))
        .and_then(|_| interval.days());
    let seen = |branch: &Branch| {
        let number = branches.iter().position(|b| b == branch)?;
        Some(query::Seen {
            matches: hits.get(number)?.posts,
            days,
        })
    };
    query::lint_against(source, lists, &seen, hot as f64).unwrap_or_default()
}
