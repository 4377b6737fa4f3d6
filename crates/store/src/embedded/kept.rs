//! What was answered and what segments added to it, to be used again.
//!
//! A segment's documents never change and its deletions carry a stamp, so what is kept under both is right for ever; it
//! is only forgotten to bound the memory, the parts used longest ago first. Large segments are kept as they were at an
//! earlier stamp ([`super::base`]). Whole answers are kept for their generation.

use super::base::Bases;
use super::collect::{Partial, ValueCounts};
use super::counts::SegmentCounts;
use super::faults::Faults;
use super::marked::SegmentMarks;
use super::passing::Passing;
use super::rollup::Rollups;
use crate::{Error, Table};
use foldhash::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use tantivy::index::SegmentId;
use tantivy::{DocId, SegmentReader};

/// Bytes kept at most: the people and texts of two periods of millions of mentions, once as a whole and once by segment.
const ROOM: usize = 256 << 20;
/// What one entry takes besides its content.
const ENTRY: usize = 128;
/// Whole answers kept of a generation.
const ANSWERS: usize = 2_000;

/// A question in 128 bits: of two hash functions whose keys nobody knows, so that no two questions can be made to meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Digest(u64, u64);

impl Digest {
    pub(super) fn of(text: &str) -> Self {
        static KEYS: LazyLock<(RandomState, RandomState)> = LazyLock::new(Default::default);
        Self(KEYS.0.hash_one(text), KEYS.1.hash_one(text))
    }
}

/// Under what something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum KeptKey {
    /// Of one segment as it is: its id, the stamp of its deletions, the question.
    Segment(SegmentId, Option<u64>, Digest),
    /// Of several: the digest says of which.
    Together(Digest),
    /// The newest known counts of a segment's documents.
    Counts(SegmentId),
}

impl KeptKey {
    /// What is asked of a segment.
    pub(super) fn segment(segment: &SegmentReader, asked: &str) -> Self {
        Self::at(segment, segment.delete_opstamp(), asked)
    }

    /// What is asked of a segment as it was at a stamp of its deletions.
    pub(super) fn at(segment: &SegmentReader, stamp: Option<u64>, asked: &str) -> Self {
        Self::Segment(segment.segment_id(), stamp, Digest::of(asked))
    }
}

/// A part of an answer.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    /// Sums.
    Partial(Arc<Partial>),
    /// The documents that a query matches.
    Docs(Arc<Vec<DocId>>),
    /// The documents that a filter lets through, deleted ones included.
    Passing(Arc<Passing>),
    /// The documents with marks.
    Marks(Arc<SegmentMarks>),
    /// How often each value of a column is met.
    Counts(Arc<ValueCounts>),
    /// The documents whose engagement came later.
    SegmentCounts(Arc<SegmentCounts>),
}

impl Kept {
    pub(super) fn partial(self) -> Option<Arc<Partial>> {
        match self {
            Kept::Partial(partial) => Some(partial),
            _ => None,
        }
    }

    pub(super) fn docs(self) -> Option<Arc<Vec<DocId>>> {
        match self {
            Kept::Docs(docs) => Some(docs),
            _ => None,
        }
    }

    pub(super) fn passing(self) -> Option<Arc<Passing>> {
        match self {
            Kept::Passing(passing) => Some(passing),
            _ => None,
        }
    }

    pub(super) fn marks(self) -> Option<Arc<SegmentMarks>> {
        match self {
            Kept::Marks(marks) => Some(marks),
            _ => None,
        }
    }

    pub(super) fn counts(self) -> Option<Arc<ValueCounts>> {
        match self {
            Kept::Counts(counts) => Some(counts),
            _ => None,
        }
    }

    pub(super) fn segment_counts(self) -> Option<Arc<SegmentCounts>> {
        match self {
            Kept::SegmentCounts(counts) => Some(counts),
            _ => None,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Kept::Partial(partial) => partial.bytes(),
            Kept::Docs(docs) => docs.len() * size_of::<DocId>(),
            Kept::Passing(passing) => passing.bytes(),
            Kept::Marks(marks) => marks.bytes(),
            Kept::Counts(counts) => counts.bytes(),
            Kept::SegmentCounts(counts) => counts.bytes(),
        }
    }
}

/// All that is kept, shared by the snapshots of a store.
#[derive(Default)]
pub(super) struct Keep {
    /// What answers leave out.
    pub(super) faults: Faults,
    parts: Mutex<Parts>,
    answers: Mutex<Answers>,
    bases: Bases,
    rollups: Rollups,
    /// Segments with more documents are large.
    pub(super) large: u32,
    /// Distinct values of a cell that are counted exactly.
    pub(super) exact_distinct: usize,
}

#[derive(Debug, Default)]
struct Parts {
    entries: HashMap<KeptKey, Entry>,
    bytes: usize,
    clock: u64,
}

#[derive(Debug)]
struct Entry {
    kept: Kept,
    bytes: usize,
    used: u64,
}

/// An answer; locked while it is made, so that whoever asks the same meanwhile waits for it instead of making it too.
type Answer = Arc<Mutex<Option<Arc<Table>>>>;

#[derive(Debug, Default)]
struct Answers {
    generation: u64,
    by_question: HashMap<Digest, Answer>,
}

impl Keep {
    pub(super) fn new(large: u32, exact_distinct: usize) -> Self {
        Self {
            large,
            exact_distinct,
            ..Self::default()
        }
    }

    /// What is kept under a key, or else what `make` makes, kept from now on. `read` takes out the kind wanted.
    pub(super) fn get_or<T>(
        &self,
        key: KeptKey,
        read: fn(Kept) -> Option<T>,
        make: impl FnOnce() -> Result<Kept, Error>,
    ) -> Result<T, Error> {
        self.get_or_if(key, |_| true, read, make)
    }

    /// The same, but only what `keeps` says is kept.
    pub(super) fn get_or_if<T>(
        &self,
        key: KeptKey,
        keeps: impl Fn(&Kept) -> bool,
        read: fn(Kept) -> Option<T>,
        make: impl FnOnce() -> Result<Kept, Error>,
    ) -> Result<T, Error> {
        if let Some(found) = self.find(&key, read) {
            return Ok(found);
        }
        let made = make()?;
        if keeps(&made) {
            self.keep(key, made.clone());
        }
        read(made).ok_or_else(|| Error::Question("an answer of another kind was made".to_owned()))
    }

    /// The answer to a question in a generation, made by `make` where it is not kept.
    pub(super) fn answer(
        &self,
        generation: u64,
        asked: Digest,
        make: impl FnOnce() -> Result<Table, Error>,
    ) -> Result<Arc<Table>, Error> {
        let Some(answer) = self.place_of(generation, asked) else {
            return make().map(Arc::new);
        };
        let mut answer = locked(&answer);
        if let Some(table) = answer.as_ref() {
            return Ok(table.clone());
        }
        let table = Arc::new(make()?);
        *answer = Some(table.clone());
        Ok(table)
    }

    /// Where an answer stands; `None` for an older generation than the newest asked about.
    fn place_of(&self, generation: u64, asked: Digest) -> Option<Answer> {
        let mut answers = locked(&self.answers);
        if generation > answers.generation || answers.by_question.len() >= ANSWERS {
            answers.generation = generation;
            answers.by_question.clear();
        }
        let is_now = answers.generation == generation;
        is_now.then(|| answers.by_question.entry(asked).or_default().clone())
    }

    /// Forgets everything but the bases.
    pub(super) fn clear(&self) {
        *locked(&self.parts) = Parts::default();
        locked(&self.answers).by_question.clear();
    }

    pub(super) fn rollups(&self) -> &Rollups {
        &self.rollups
    }

    pub(super) fn bases(&self) -> &Bases {
        &self.bases
    }

    /// What is kept under a key.
    pub(super) fn find<T>(&self, key: &KeptKey, read: fn(Kept) -> Option<T>) -> Option<T> {
        self.get(key).and_then(read)
    }

    fn get(&self, key: &KeptKey) -> Option<Kept> {
        let mut parts = locked(&self.parts);
        parts.clock += 1;
        let now = parts.clock;
        let entry = parts.entries.get_mut(key)?;
        entry.used = now;
        Some(entry.kept.clone())
    }

    /// Keeps something from now on.
    pub(super) fn keep(&self, key: KeptKey, kept: Kept) {
        let bytes = kept.bytes() + ENTRY;
        if bytes > ROOM / 2 {
            return;
        }
        let mut parts = locked(&self.parts);
        parts.clock += 1;
        parts.bytes += bytes;
        let used = parts.clock;
        if let Some(old) = parts.entries.insert(key, Entry { kept, bytes, used }) {
            parts.bytes -= old.bytes;
        }
        if parts.bytes > ROOM {
            parts.forget();
        }
    }
}

impl Parts {
    /// Forgets the half that was used longest ago.
    fn forget(&mut self) {
        let mut used: Vec<u64> = self.entries.values().map(|e| e.used).collect();
        let middle = used.len() / 2;
        let border = *used.select_nth_unstable(middle).1;
        self.entries.retain(|_, e| e.used >= border);
        self.bytes = self.entries.values().map(|e| e.bytes).sum();
    }
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
