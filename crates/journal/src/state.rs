//! What the writer and its readers share.

use crate::entry::{Cursor, Position};
use crate::error::Result;
use crate::monitors::{InForce, MonitorSet};
use crate::reader::Reader;
use crate::scan;
use crate::segment::Segment;
use post::Millis;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// All that is durable.
#[derive(Default)]
pub(crate) struct State {
    /// Oldest first; the last one is written.
    pub(crate) segments: VecDeque<Segment>,
    pub(crate) cursors: Vec<Cursor>,
    pub(crate) monitors: Option<InForce>,
}

impl State {
    pub(crate) fn next(&self) -> Position {
        self.segments.back().map_or(Position(0), |s| s.end)
    }

    pub(crate) fn first(&self) -> Position {
        self.segments.front().map_or(Position(0), |s| s.first)
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.segments.iter().map(|s| s.bytes).sum()
    }
}

/// What the journal covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The earliest `seen_at` kept.
    pub from: Option<Millis>,
    /// The latest.
    pub to: Option<Millis>,
    /// Entries kept.
    pub entries: u64,
    /// Bytes on disk.
    pub bytes: u64,
}

/// A view of the journal for other threads; cheap to clone.
#[derive(Clone)]
pub struct JournalHandle(Arc<RwLock<State>>);

impl JournalHandle {
    pub(crate) fn new(state: State) -> Self {
        Self(Arc::new(RwLock::new(state)))
    }

    /// What `dir` holds now, for a program that does not write it. It takes no lock and changes nothing; what is
    /// appended later is not seen.
    pub fn open(dir: &Path, key: [u8; 32]) -> Result<JournalHandle> {
        scan::scan(dir, &key).map(|(state, ..)| Self::new(state))
    }

    /// Entries at and after `from`, or after the oldest one kept if that is later.
    pub fn reader(&self, from: Position) -> Reader {
        Reader::new(self.clone(), from)
    }

    /// The position of the next entry.
    pub fn next_position(&self) -> Position {
        self.read().next()
    }

    /// The oldest position kept.
    pub fn first_position(&self) -> Position {
        self.read().first()
    }

    /// The newest cursor of each source.
    pub fn cursors(&self) -> Vec<Cursor> {
        self.read().cursors.clone()
    }

    /// The newest monitor set, kept even where the segment it came in is gone; monitors are in the order of their ids.
    pub fn monitors(&self) -> Option<MonitorSet> {
        self.read().monitors.as_ref().map(InForce::to_set)
    }

    /// Position and time of the change that put a monitor into the newest set as it is there; `None` where it is not in
    /// the set, or that change is not kept any more.
    pub fn in_force_since(&self, monitor: &str) -> Option<(Position, Millis)> {
        self.read().monitors.as_ref()?.since(monitor)
    }

    /// What is kept.
    pub fn span(&self) -> Span {
        let state = self.read();
        Span {
            from: state
                .segments
                .iter()
                .filter_map(|s| s.span)
                .map(|(from, _)| from)
                .min(),
            to: state
                .segments
                .iter()
                .filter_map(|s| s.span)
                .map(|(_, to)| to)
                .max(),
            entries: state.segments.iter().map(|s| s.end.0 - s.first.0).sum(),
            bytes: state.bytes(),
        }
    }

    /// The oldest segment that ends after `position`, or the last one.
    pub(crate) fn segment_for(&self, position: Position) -> Option<Segment> {
        let state = self.read();
        let index = state.segments.partition_point(|s| s.end <= position);
        state.segments.get(index).or(state.segments.back()).cloned()
    }

    // A panic elsewhere leaves the state whole: each change under the lock is complete before the next can fail.
    pub(crate) fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub(crate) fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}
