//! Taking what is gone off the disk.
//!
//! A deleted document stays in its segment, text and terms and all, until the segment is merged. Purging merges each
//! such segment with itself: what comes out holds the living documents and their terms alone.

use super::partition::Partition;
use super::rollup;
use super::snapshot::Snapshot;
use super::store::Store;
use crate::Error;
use crate::period::Span;
use std::collections::HashSet;
use std::fs;
use tantivy::Term;
use tantivy::index::SegmentId;
use tantivy::merge_policy::NoMergePolicy;

/// What a purge did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    /// Segments written anew.
    pub segments: usize,
    /// Deleted mentions they held.
    pub mentions: u64,
}

/// A part of the store that holds what was deleted.
#[derive(Debug, Clone)]
pub struct Stale {
    span: Span,
    /// `None` for what stands beside the segments: files of those that are no more, counts that are outdated.
    segment: Option<SegmentId>,
}

impl Store {
    /// Takes every byte of what was deleted or replaced off the disk. It writes anew what holds such bytes and waits
    /// for it. Readers go on; what they still hold open has no name any more.
    pub fn purge(&mut self) -> Result<Purged, Error> {
        let mut purged = Purged::default();
        for stale in self.stale()? {
            let mentions = self.purge_one(&stale)?;
            purged.segments += usize::from(mentions > 0);
            purged.mentions += mentions;
        }
        Ok(purged)
    }

    /// Commits what was applied and says what holds bytes of what is gone by then. Once [`Store::purge_one`] was called
    /// for each, whatever was applied in between, none of these bytes is left.
    pub fn stale(&mut self) -> Result<Vec<Stale>, Error> {
        self.commit()?;
        self.guarded(|store| {
            let mut stale = Vec::new();
            for (span, partition) in &mut store.partitions {
                // A merge that began before a deletion brings the deleted documents along: let it end first. One that
                // begins later leaves them behind.
                partition.close()?;
                partition.join_closing()?;
                let segments = partition
                    .with_deletions()
                    .map_err(Error::index(partition.path()))?;
                let more = match segments.is_empty() {
                    true => partition.has_leftovers()? || partition.counts.has_outdated(),
                    false => !partition.counts.committed().is_empty() || partition.counts.has_outdated(),
                };
                let segments = segments.into_iter().map(Some).chain(more.then_some(None));
                stale.extend(segments.map(|segment| Stale { span: *span, segment }));
            }
            Ok(stale)
        })
    }

    /// Writes one stale part anew and says how many deleted mentions it held.
    pub fn purge_one(&mut self, stale: &Stale) -> Result<u64, Error> {
        self.commit()?;
        // A rollup of what is to go would be written after it went.
        self.join_rolling();
        let mentions = self.guarded(|store| match store.partitions.get_mut(&stale.span) {
            Some(partition) => partition.purge(stale.segment, store.options.writer_memory),
            None => Ok(0),
        })?;
        // The same mentions, read from the new files, so that the old ones are let go of.
        self.publish(Snapshot::new(
            self.generation(),
            &self.fields,
            &self.kept,
            std::sync::Arc::default(),
            &self.partitions,
        ));
        Ok(mentions)
    }
}

impl Partition {
    fn purge(&mut self, segment: Option<SegmentId>, memory: usize) -> Result<u64, Error> {
        let failed = Error::index(self.path());
        self.close()?;
        self.join_closing()?;
        let deleted = self.deleted_in(segment).map_err(&failed)?;
        if deleted > 0 || segment.is_none() {
            self.open_writer(memory)?;
            let merged = self.merge_alone(segment).map_err(&failed);
            self.close()?;
            self.join_closing()?;
            merged?;
        }
        rollup::sweep(self.path(), &self.living()?)?;
        if segment.is_none() {
            self.purge_counts()?;
        }
        Ok(deleted)
    }

    /// Counts of posts that are gone, which a crash in the midst of a deletion can leave, and outdated ones.
    fn purge_counts(&mut self) -> Result<(), Error> {
        let (searcher, of_post) = (self.searcher(), self.fields().post);
        let failed = Error::index(self.path());
        self.counts.purge(|post| {
            let term = Term::from_field_bytes(of_post, &post.0);
            Ok(searcher.doc_freq(&term).map_err(&failed)? > 0)
        })
    }

    /// The files of a segment stay for as long as its description is held: this lets go of it.
    fn deleted_in(&self, segment: Option<SegmentId>) -> tantivy::Result<u64> {
        let metas = self.index().searchable_segment_metas()?;
        let found = metas.iter().find(|m| Some(m.id()) == segment);
        Ok(found.map_or(0, |m| u64::from(m.num_deleted_docs())))
    }

    fn with_deletions(&self) -> tantivy::Result<Vec<SegmentId>> {
        let metas = self.index().searchable_segment_metas()?;
        let with = metas.iter().filter(|m| m.num_deleted_docs() > 0);
        Ok(with.map(|m| m.id()).collect())
    }

    /// The names of its segments.
    pub(super) fn living(&self) -> Result<HashSet<String>, Error> {
        let living = self.index().searchable_segment_metas();
        let living = living.map_err(Error::index(self.path()))?;
        Ok(living.iter().map(|m| m.id().uuid_string()).collect())
    }

    /// Whether a crash left files of segments that are no more.
    fn has_leftovers(&self) -> Result<bool, Error> {
        let living = self.living()?;
        for entry in fs::read_dir(self.path()).map_err(Error::io("read", self.path()))? {
            let name = entry.map_err(Error::io("read", self.path()))?.file_name();
            let name = name.to_string_lossy();
            let id = name.split('.').next().filter(|id| id.len() == 32);
            if id.is_some_and(|id| !living.contains(id)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn merge_alone(&mut self, segment: Option<SegmentId>) -> tantivy::Result<()> {
        let reader = self.reader();
        let Some(writer) = self.writer() else {
            return Ok(());
        };
        writer.set_merge_policy(Box::new(NoMergePolicy));
        if let Some(segment) = segment {
            writer.merge(&[segment]).wait()?;
        }
        // The old files can go once the reader has turned to the new ones.
        reader.reload()?;
        writer.garbage_collect_files().wait()?;
        Ok(())
    }
}
