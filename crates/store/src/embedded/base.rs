//! Large segments as they were when what is kept of them was counted.
//!
//! Counting a large segment is dear, and a single deletion in it would make it necessary again. So what is kept stays that
//! of an earlier state, its base; what was deleted since, or has other engagement by now, is few documents, which are
//! counted at each question and taken off ([`super::collect`]). Where they become many, or taking off cannot be exact,
//! the segment is counted anew as it is.

use super::counts::SegmentCounts;
use super::kept::{Digest, Keep, Kept, KeptKey, locked};
use foldhash::HashMap;
use std::sync::{Arc, Mutex};
use tantivy::directory::OwnedBytes;
use tantivy::fastfield::{AliveBitSet, write_alive_bitset};
use tantivy::index::SegmentId;
use tantivy::{BitSet, DocId, SegmentReader};

/// Of so many documents one may differ from the base.
const SHARE: usize = 16;
/// So many may in any case.
const FEW: usize = 64;
/// Bases remembered at most; they are forgotten together.
const MOST: usize = 20_000;

/// Documents of a segment that stand at some time.
#[derive(Clone)]
pub(super) struct View {
    /// That of the last deletion.
    pub(super) stamp: Option<u64>,
    alive: Option<AliveBitSet>,
    /// What was deleted since, ascending.
    pub(super) gone: Arc<Vec<DocId>>,
}

impl View {
    /// As they are now.
    pub(super) fn now(segment: &SegmentReader) -> Self {
        Self::at(segment.delete_opstamp(), segment.alive_bitset().cloned())
    }

    pub(super) fn at(stamp: Option<u64>, alive: Option<AliveBitSet>) -> Self {
        Self {
            stamp,
            alive,
            gone: Arc::default(),
        }
    }

    /// As they were when these were deleted.
    pub(super) fn of_deleted(stamp: Option<u64>, deleted: &[DocId], max_doc: u32) -> Self {
        if deleted.is_empty() {
            return Self::at(stamp, None);
        }
        let mut alive = BitSet::with_max_value_and_full(max_doc);
        deleted
            .iter()
            .filter(|doc| **doc < max_doc)
            .for_each(|doc| alive.remove(*doc));
        let mut bytes = Vec::new();
        // Writing to memory does not fail.
        let written = write_alive_bitset(&alive, &mut bytes);
        Self::at(
            stamp,
            written.ok().map(|()| AliveBitSet::open(OwnedBytes::new(bytes))),
        )
    }

    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        self.alive.as_ref().is_none_or(|alive| alive.is_alive(doc))
    }

    /// Whether all documents stand.
    pub(super) fn is_whole(&self) -> bool {
        self.alive.is_none()
    }

    fn living(&self, segment: &SegmentReader) -> usize {
        let all = segment.max_doc() as usize;
        self.alive.as_ref().map_or(all, AliveBitSet::num_alive_docs)
    }

    /// What stands here and not in `now`.
    fn without(&self, now: &Self, segment: &SegmentReader) -> Vec<DocId> {
        let count = self.living(segment).saturating_sub(now.living(segment));
        let mut gone = Vec::with_capacity(count);
        let mut next = 0;
        let mut until = |end: DocId| {
            gone.extend((next..end).filter(|doc| self.is_alive(*doc)));
            next = end + 1;
        };
        if let Some(alive) = &now.alive {
            alive.iter_alive().for_each(&mut until);
            until(segment.max_doc());
        }
        gone
    }
}

/// The bases of all segments.
#[derive(Default)]
pub(super) struct Bases {
    /// Of a segment, and where that did not do for a question, of the two.
    views: Mutex<HashMap<(SegmentId, Option<Digest>), View>>,
    counts: Mutex<HashMap<SegmentId, Arc<SegmentCounts>>>,
}

fn are_many(docs: &[DocId], segment: &SegmentReader) -> bool {
    docs.len() > FEW && docs.len() * SHARE > segment.max_doc() as usize
}

impl Keep {
    /// Whether what a segment adds is kept: it is large, and merged rarely.
    pub(super) fn is_large(&self, segment: &SegmentReader) -> bool {
        segment.max_doc() > self.large
    }

    /// The base of a segment, for a question if one is given, with what was deleted since.
    pub(super) fn view(&self, segment: &SegmentReader, asked: Option<Digest>) -> View {
        let now = View::now(segment);
        if !self.is_large(segment) {
            return now;
        }
        let id = segment.segment_id();
        let found = {
            let mut views = locked(&self.bases().views);
            if views.len() > MOST {
                views.clear();
            }
            let common = views.entry((id, None)).or_insert_with(|| now.clone()).clone();
            let own = asked.and_then(|asked| views.get(&(id, Some(asked))));
            own.filter(|own| own.stamp >= common.stamp)
                .cloned()
                .unwrap_or(common)
        };
        // A snapshot may be older than the base.
        if found.stamp >= now.stamp {
            return now;
        }
        let key = KeptKey::segment(segment, &format!("gone {:?}", found.stamp));
        let gone = match self.find(&key, Kept::docs) {
            Some(gone) => gone,
            None => {
                let gone = Arc::new(found.without(&now, segment));
                self.keep(key, Kept::Docs(gone.clone()));
                gone
            }
        };
        if are_many(&gone, segment) {
            locked(&self.bases().views).insert((id, None), now.clone());
            return now;
        }
        View { gone, ..found }
    }

    /// Makes a known state the base of a segment that has none yet.
    pub(super) fn begin_with(&self, segment: SegmentId, view: View) {
        locked(&self.bases().views).entry((segment, None)).or_insert(view);
    }

    /// Makes the segment as it is now the base for a question.
    pub(super) fn rebase(&self, segment: &SegmentReader, asked: Digest) {
        let key = (segment.segment_id(), Some(asked));
        locked(&self.bases().views).insert(key, View::now(segment));
    }

    /// The engagement that is kept in sums of a segment, and the documents that have other by now.
    pub(super) fn counts_base(
        &self,
        segment: &SegmentReader,
        now: &Arc<SegmentCounts>,
    ) -> (Arc<SegmentCounts>, Vec<DocId>) {
        if !self.is_large(segment) {
            return (now.clone(), Vec::new());
        }
        let id = segment.segment_id();
        let mut counts = locked(&self.bases().counts);
        if counts.len() > MOST {
            counts.clear();
        }
        let base = counts.entry(id).or_insert_with(|| now.clone()).clone();
        if base.version >= now.version {
            return (now.clone(), Vec::new());
        }
        let changed = base.differing(now);
        if are_many(&changed, segment) {
            counts.insert(id, now.clone());
            return (now.clone(), Vec::new());
        }
        (base, changed)
    }
}
