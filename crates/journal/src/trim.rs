//! Bounds in time and size.

use crate::entry::Position;
use crate::error::Result;
use crate::journal::Journal;
use crate::segment;
use post::Millis;

/// What [`Journal::trim`] dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Trimmed {
    /// Segment files.
    pub segments: usize,
    /// Their entries.
    pub entries: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Journal {
    /// Drops the oldest segments that are over the bounds of age or size at `now`, as long as all their entries lie
    /// below `clean_below`, the position from which the store would replay. Each segment's key is destroyed before
    /// its file is removed. Cursors and monitors are kept: the segments that stay carry them.
    pub fn trim(&mut self, clean_below: Position, now: Millis) -> Result<Trimmed> {
        let mut trimmed = Trimmed::default();
        while let Some((bytes, entries)) = self.droppable(clean_below, now) {
            if self.shared.read().segments.len() == 1 {
                self.start_segment(self.next_position())?;
            }
            let path = self.shared.write().segments.pop_front().map(|s| s.path);
            if let Some(path) = path {
                segment::destroy(&path)?;
            }
            trimmed.segments += 1;
            trimmed.entries += entries;
            trimmed.bytes += bytes;
        }
        if trimmed.segments > 0 {
            segment::sync_folder(&self.dir)?;
        }
        Ok(trimmed)
    }

    /// Size and entries of the oldest segment, if it is to go.
    fn droppable(&self, clean_below: Position, now: Millis) -> Option<(u64, u64)> {
        let state = self.shared.read();
        let oldest = state.segments.front()?;
        let entries = oldest.end.0 - oldest.first.0;
        if oldest.end > clean_below || (entries == 0 && state.segments.len() == 1) {
            return None;
        }
        let limit = now.saturating_sub(self.options.max_age_ms);
        let too_old = oldest.span.is_none_or(|(_, to)| to < limit);
        let too_big = state.segments.len() > 1 && state.bytes() > self.options.max_bytes;
        (too_old || too_big).then_some((oldest.bytes, entries))
    }
}
