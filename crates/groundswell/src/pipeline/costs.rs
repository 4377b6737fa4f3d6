//! What each monitor costs: one post in sixteen is metered, since the monitor's version came into force.
//!
//! The tallies stand in the monitors themselves, so that a new version begins at nothing and no table is locked.

use query::{Document, FrequencySketch, Scratch};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// One post in this many is metered.
pub const EVERY: u64 = 16;

/// Posts that were matched, how many of them were metered, and what words those hold.
#[derive(Debug, Default)]
pub(super) struct Metered {
    matched: AtomicU64,
    metered: AtomicU64,
    words: Mutex<FrequencySketch>,
}

impl Metered {
    /// Counts posts about to be matched; the first of them that is to be metered, as its place among them.
    pub(super) fn begin(&self, posts: usize) -> usize {
        let posts = posts as u64;
        let before = self.matched.fetch_add(posts, Ordering::Relaxed);
        let first = before.next_multiple_of(EVERY) - before;
        let metered = posts.saturating_sub(first).div_ceil(EVERY);
        self.metered.fetch_add(metered, Ordering::Relaxed);
        first as usize
    }

    /// Counts the words of the metered post that `scratch` was last used for. While another thread counts its own, or a
    /// set is compiled, they go uncounted: a sample it is anyway.
    pub(super) fn count_words(&self, document: &Document<'_>, scratch: &Scratch) {
        if let Ok(mut words) = self.words.try_lock() {
            words.observe(document, scratch);
        }
    }

    /// How frequent words are.
    pub(super) fn words(&self) -> MutexGuard<'_, FrequencySketch> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Posts metered so far.
    pub(super) fn posts(&self) -> u64 {
        self.metered.load(Ordering::Relaxed)
    }
}

/// The tally of one version of a monitor.
#[derive(Debug)]
pub(super) struct Cost {
    /// When it began, and how many posts had been metered then.
    since: i64,
    posts_before: u64,
    candidates: AtomicU64,
    matches: AtomicU64,
    nanoseconds: AtomicU64,
}

impl Cost {
    pub(super) fn begin(posts_before: u64) -> Self {
        Self {
            since: crate::clock::now(),
            posts_before,
            candidates: AtomicU64::default(),
            matches: AtomicU64::default(),
            nanoseconds: AtomicU64::default(),
        }
    }

    /// Adds what a metered post made of it.
    pub(super) fn add(&self, spent: query::Cost) {
        self.candidates.fetch_add(spent.candidates, Ordering::Relaxed);
        self.matches.fetch_add(spent.matches, Ordering::Relaxed);
        self.nanoseconds.fetch_add(spent.nanoseconds, Ordering::Relaxed);
    }

    /// The tally as it is now; `posts` is how many posts were metered in all.
    pub(super) fn read(&self, posts: u64) -> Tally {
        Tally {
            since: self.since,
            posts: posts.saturating_sub(self.posts_before),
            candidates: self.candidates.load(Ordering::Relaxed),
            matches: self.matches.load(Ordering::Relaxed),
            nanoseconds: self.nanoseconds.load(Ordering::Relaxed),
        }
    }
}

/// What was metered of a monitor since a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// When it began.
    pub since: i64,
    /// Posts metered since.
    pub posts: u64,
    /// Of them, those for which the query was run.
    pub candidates: u64,
    /// Of them, those that matched.
    pub matches: u64,
    /// How long the query was run for them.
    pub nanoseconds: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_post_in_sixteen_is_metered_however_they_come() {
        let metered = Metered::default();
        let mut seen = 0;
        for posts in [1, 1, 1, 30, 0, 5, 64, 100, 3, 51] {
            seen += (metered.begin(posts)..posts).step_by(EVERY as usize).count();
            assert_eq!(metered.posts(), seen as u64);
        }
        assert_eq!(seen, 256 / EVERY as usize);
    }
}
