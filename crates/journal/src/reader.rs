//! Reading entries back, while more are appended.

use crate::entry::{Entry, Position};
use crate::error::{At, Error, Result};
use crate::monitors::{InForce, MonitorSet};
use crate::record;
use crate::records::{Fault, Records};
use crate::segment::{HEADER, Segment};
use crate::state::JournalHandle;
use post::Millis;
use std::collections::VecDeque;
use std::fs::File;
use std::path::Path;

/// One entry as it was journaled.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Its position.
    pub position: Position,
    /// When its batch was seen.
    pub seen_at: Millis,
    /// In a cluster, the version of the monitor set it is matched under; 0 in a folder, where its position says that.
    pub monitors: u64,
    /// The entry.
    pub entry: Entry,
}

/// Entries in order, up to the newest durable one. `None` means that there is no more now: once more was appended,
/// the same reader goes on. After an error it gives `None` for good.
///
/// Where [`crate::Journal::trim`] took what a reader had not reached, the reader goes on with the oldest entry kept:
/// compare positions to see it.
pub struct Reader {
    journal: JournalHandle,
    next: Position,
    open: Option<Open>,
    ready: VecDeque<Read>,
    failed: bool,
}

pub(crate) struct Open {
    segment: Segment,
    pub(crate) records: Records,
}

impl Reader {
    pub(crate) fn new(journal: JournalHandle, from: Position) -> Self {
        Self {
            journal,
            next: from,
            open: None,
            ready: VecDeque::new(),
            failed: false,
        }
    }

    /// The position at which it goes on reading.
    pub fn position(&self) -> Position {
        self.ready.front().map_or(self.next, |read| read.position)
    }

    /// What is left of the batch at hand, or the next batch: as many entries as one record holds.
    pub fn next_batch(&mut self) -> Option<Result<Vec<Read>>> {
        if self.ready.is_empty() && !self.failed {
            match self.fill() {
                Ok(()) => {}
                Err(error) => {
                    self.failed = true;
                    return Some(Err(error));
                }
            }
        }
        (!self.ready.is_empty()).then(|| Ok(std::mem::take(&mut self.ready).into()))
    }

    /// Reads records until one holds an entry at or after `next`, or none is left.
    fn fill(&mut self) -> Result<()> {
        while let Some(segment) = self.journal.segment_for(self.next) {
            if self
                .open
                .as_ref()
                .is_none_or(|open| !open.segment.is_same(&segment))
            {
                self.open = self.journal.open_for(self.next)?;
                continue;
            }
            let Some(open) = &mut self.open else { return Ok(()) };
            let Some((head, entries)) = open.next(segment.bytes, self.next)? else {
                return Ok(());
            };
            let skipped = self.next.0.saturating_sub(head.first.0) as usize;
            self.next = head.end();
            let read = |(position, entry)| Read {
                position: Position(position),
                seen_at: head.seen_at,
                monitors: 0,
                entry,
            };
            self.ready = (head.first.0..).zip(entries).skip(skipped).map(read).collect();
            if !self.ready.is_empty() {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Iterator for Reader {
    type Item = Result<Read>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            match self.next_batch()? {
                Ok(batch) => self.ready = batch.into(),
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

impl Open {
    pub(crate) fn new(segment: &Segment) -> Result<Open> {
        let path = &segment.path;
        let file = File::open(path).at("open", path)?;
        let records = Records::new(file, HEADER as u64).at("read", path)?;
        Ok(Open {
            segment: segment.clone(),
            records,
        })
    }

    /// The next record that ends after `from`, before byte `end` of the file.
    fn next(&mut self, end: u64, from: Position) -> Result<Option<(record::Head, Vec<Entry>)>> {
        loop {
            let offset = self.records.offset();
            let path = &self.segment.path;
            let Some((head, payload)) = self.records.next(end).map_err(|f| fault(f, path, offset))? else {
                return Ok(None);
            };
            if head.end() > from && head.count > 0 {
                let entries = record::entries(payload, &head, self.segment.form, &self.segment.key)
                    .ok_or_else(|| fault(Fault::Bad("record cannot be read"), path, offset))?;
                return Ok(Some((head, entries)));
            }
        }
    }
}

pub(crate) fn fault(fault: Fault, path: &Path, offset: u64) -> Error {
    match fault {
        Fault::Read(source) => Error::Io {
            action: "read",
            path: path.to_path_buf(),
            source,
        },
        Fault::Bad(reason) => Error::Damaged {
            path: path.to_path_buf(),
            offset,
            reason,
        },
    }
}

impl JournalHandle {
    /// The segment for a position, opened. One that was trimmed or written anew between the question and the opening
    /// is asked for again.
    fn open_for(&self, position: Position) -> Result<Option<Open>> {
        while let Some(segment) = self.segment_for(position) {
            let opened = Open::new(&segment);
            let is_current = self.read().segments.iter().any(|s| s.is_same(&segment));
            match opened {
                Err(error) if is_current => return Err(error),
                Ok(open) if is_current => return Ok(Some(open)),
                _ => {}
            }
        }
        Ok(None)
    }

    /// The monitor set in force at `position`: the newest one journaled before it with the changes up to there. `None` where there was none yet,
    /// or where `position` is older than what is kept.
    pub fn monitors_at(&self, position: Position) -> Result<Option<MonitorSet>> {
        if position >= self.next_position() {
            return Ok(self.monitors());
        }
        let open = self
            .open_for(position)?
            .filter(|open| open.segment.first <= position);
        let Some(Open { segment, mut records }) = open else {
            return Ok(None);
        };
        let mut set: Option<InForce> = None;
        loop {
            let (path, offset) = (&segment.path, records.offset());
            let bad = || fault(Fault::Bad("record cannot be read"), path, offset);
            let Some((head, payload)) = records.next(segment.bytes).map_err(|f| fault(f, path, offset))?
            else {
                return Ok(set.as_ref().map(InForce::to_set));
            };
            if let Some(carried) = record::context(payload, &head, segment.format)
                .ok_or_else(bad)?
                .monitors
            {
                set = Some(InForce::new(carried, None));
            }
            if head.has_monitors {
                record::monitors(payload, &head, segment.form, position, &mut set).ok_or_else(bad)?;
            }
            if head.end() > position {
                return Ok(set.as_ref().map(InForce::to_set));
            }
        }
    }
}
