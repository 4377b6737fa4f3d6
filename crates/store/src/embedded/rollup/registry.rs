//! The rollups that are in memory.

use super::{Rolled, Rollup, file};
use crate::embedded::kept::{Keep, locked};
use crate::embedded::snapshot::Snapshot;
use foldhash::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use tantivy::SegmentReader;
use tantivy::index::SegmentId;

/// Segments remembered at most; they are forgotten together, and read again.
const MOST: usize = 4_000;

#[derive(Clone)]
enum Known {
    Rollup(Arc<Rolled>),
    /// There is no file, or none that can be read.
    Absent,
    /// None can be made of this state.
    Impossible(Option<u64>),
}

/// What is known of the rollups of large segments.
#[derive(Default)]
pub(in crate::embedded) struct Rollups(Mutex<HashMap<SegmentId, Known>>);

impl Keep {
    /// The rollup of a large segment of a partition, read where it is not yet; what it is about becomes the segment's base
    /// where that has none yet.
    pub(in crate::embedded) fn rollup(
        &self,
        segment: &SegmentReader,
        partition: &Path,
    ) -> Option<Arc<Rolled>> {
        if !self.is_large(segment) {
            return None;
        }
        let id = segment.segment_id();
        let mut all = locked(&self.rollups().0);
        if all.len() > MOST {
            all.clear();
        }
        let known = all.entry(id).or_insert_with(|| {
            let read = file::read(partition, id, segment.max_doc());
            read.map_or(Known::Absent, |rollup| {
                self.begin_with(id, rollup.view());
                Known::Rollup(Arc::new(Rolled::new(rollup)))
            })
        });
        match known {
            Known::Rollup(rollup) => Some(rollup.clone()),
            Known::Absent | Known::Impossible(_) => None,
        }
    }

    pub(super) fn has_no_rollup(&self, segment: SegmentId, stamp: Option<u64>) -> bool {
        matches!(locked(&self.rollups().0).get(&segment), Some(Known::Impossible(of)) if *of == stamp)
    }

    /// Forgets the rollups of segments that a snapshot, the newest, does not have.
    pub(super) fn forget_rollups_but(&self, snapshot: &Snapshot) {
        let parts = snapshot.parts();
        let segments = parts.flat_map(|part| part.searcher.segment_readers());
        let living: HashSet<SegmentId> = segments.map(SegmentReader::segment_id).collect();
        locked(&self.rollups().0).retain(|segment, _| living.contains(segment));
    }

    pub(super) fn note_rollup(&self, segment: SegmentId, rollup: Rollup) {
        let rolled = Arc::new(Rolled::new(rollup));
        locked(&self.rollups().0).insert(segment, Known::Rollup(rolled));
    }

    pub(super) fn note_none(&self, segment: SegmentId, stamp: Option<u64>) {
        locked(&self.rollups().0).insert(segment, Known::Impossible(stamp));
    }
}
