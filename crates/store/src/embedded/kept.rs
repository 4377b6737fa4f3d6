//! What segments added to earlier answers, to be used again.
//!
//! A segment's documents never change and its deletions carry a stamp, so what is kept under both is right for ever; it
//! is only forgotten to bound the memory, the parts used longest ago first.

use super::collect::Partial;
use crate::Error;
use foldhash::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// Bytes kept at most.
const ROOM: usize = 96 << 20;
/// What one entry takes besides its content.
const ENTRY: usize = 256;

/// A segment as it is, and a question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct SegmentKey {
    segment: SegmentId,
    deletions: Option<u64>,
    asked: String,
}

impl SegmentKey {
    pub(super) fn new(segment: &SegmentReader, asked: String) -> Self {
        Self {
            segment: segment.segment_id(),
            deletions: segment.delete_opstamp(),
            asked,
        }
    }
}

/// A part of an answer.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    /// Sums.
    Partial(Arc<Partial>),
    /// The documents that a query matches.
    Docs(Arc<Vec<DocId>>),
}

impl Kept {
    pub(super) fn partial(self) -> Option<Arc<Partial>> {
        match self {
            Kept::Partial(partial) => Some(partial),
            Kept::Docs(_) => None,
        }
    }

    pub(super) fn docs(self) -> Option<Arc<Vec<DocId>>> {
        match self {
            Kept::Docs(docs) => Some(docs),
            Kept::Partial(_) => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Kept::Partial(partial) => partial.bytes(),
            Kept::Docs(docs) => docs.len() * size_of::<DocId>(),
        }
    }
}

/// All that is kept, shared by the snapshots of a store.
#[derive(Debug, Default)]
pub(super) struct Keep(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    entries: HashMap<SegmentKey, Entry>,
    bytes: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    kept: Kept,
    bytes: usize,
    used: u64,
}

impl Keep {
    /// What is kept under a key, or else what `make` makes, kept from now on. `read` takes out the kind wanted.
    pub(super) fn get_or<T>(
        &self,
        key: SegmentKey,
        read: fn(Kept) -> Option<T>,
        make: impl FnOnce() -> Result<Kept, Error>,
    ) -> Result<T, Error> {
        if let Some(found) = self.get(&key).and_then(read) {
            return Ok(found);
        }
        let made = make()?;
        self.put(key, made.clone());
        read(made).ok_or_else(|| Error::Question("an answer of another kind was made".to_owned()))
    }

    fn get(&self, key: &SegmentKey) -> Option<Kept> {
        let mut inner = self.inner();
        inner.clock += 1;
        let now = inner.clock;
        let entry = inner.entries.get_mut(key)?;
        entry.used = now;
        Some(entry.kept.clone())
    }

    fn put(&self, key: SegmentKey, kept: Kept) {
        let bytes = kept.bytes() + key.asked.len() + ENTRY;
        if bytes > ROOM / 4 {
            return;
        }
        let mut inner = self.inner();
        inner.clock += 1;
        inner.bytes += bytes;
        let used = inner.clock;
        if let Some(old) = inner.entries.insert(key, Entry { kept, bytes, used }) {
            inner.bytes -= old.bytes;
        }
        if inner.bytes > ROOM {
            inner.forget();
        }
    }

    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Forgets the half that was used longest ago.
    fn forget(&mut self) {
        let mut used: Vec<u64> = self.entries.values().map(|e| e.used).collect();
        let middle = used.len() / 2;
        let border = *used.select_nth_unstable(middle).1;
        self.entries.retain(|_, e| e.used >= border);
        self.bytes = self.entries.values().map(|e| e.bytes).sum();
    }
}
