//! What is counted since the start of the process.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Counts of the pipeline. Cheap to update from any thread.
#[derive(Debug, Default)]
pub struct Counters {
    /// Posts admitted and journaled.
    pub posts: Count,
    /// Posts whose uid was already there.
    pub duplicates: Count,
    /// Edits, deletes and counts journaled.
    pub events: Count,
    /// Mentions handed to the store.
    pub mentions: Count,
    /// Findings of the detectors, each once.
    pub findings: Count,
    /// Alerts made.
    pub alerts: Count,
    /// Messages of the outbox that were taken.
    pub messages_sent: Count,
    /// Tries to send one that came to nothing.
    pub messages_untaken: Count,
    refused: Mutex<BTreeMap<String, u64>>,
    mended: Mutex<BTreeMap<&'static str, u64>>,
}

/// A number that only grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds to it.
    pub fn add(&self, n: usize) {
        self.0.fetch_add(n as u64, Ordering::Relaxed);
    }

    /// Its value.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    /// Counts a refused post.
    pub fn refuse(&self, reason: &str) {
        let mut map = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        match map.get_mut(reason) {
            Some(n) => *n += 1,
            None => {
                map.insert(reason.to_owned(), 1);
            }
        }
    }

    /// Counts something mended on the way in.
    pub fn mend(&self, note: &'static str) {
        *self
            .mended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(note)
            .or_default() += 1;
    }

    /// Refused posts by reason.
    pub fn refused(&self) -> BTreeMap<String, u64> {
        self.refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Mended posts by what was mended.
    pub fn mended(&self) -> BTreeMap<&'static str, u64> {
        self.mended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
