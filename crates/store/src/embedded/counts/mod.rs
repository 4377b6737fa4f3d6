//! Engagement counts that came after the mention was written: beside the documents, by post, so that a new count rewrites
//! no document.
//!
//! Each partition has its own. The writer changes [`Counts`] and makes them durable right after the partition's documents
//! ([`file`]); a snapshot holds them as they were at its commit ([`Later`]); a segment's documents are looked up once and
//! then kept up to date ([`segment`]). Where a post has counts here they stand for its documents' own. An edit writes the
//! newest counts into the new document and takes the entry away.

mod file;
mod later;
mod listed;
mod segment;

pub(super) use self::file::FILE;
use self::file::File;
pub(super) use self::later::{Late, Later};
pub(super) use self::listed::Listed;
pub(super) use self::segment::SegmentCounts;
use crate::Error;
use post::PostKey;
use std::collections::BTreeMap;
use std::path::Path;

/// The counts of a partition as the writing side sees them.
pub(super) struct Counts {
    /// As the last commit left them.
    committed: Later,
    /// What changed since; `None` where a post has no counts here any more.
    changed: BTreeMap<PostKey, Option<Late>>,
    file: File,
}

impl Counts {
    /// Reads the counts of the partition in a folder; there may be none.
    pub(super) fn open(partition: &Path) -> Result<Self, Error> {
        let (file, found) = File::open(partition)?;
        Ok(Self {
            committed: Later::default().with(found),
            changed: BTreeMap::new(),
            file,
        })
    }

    /// The state of the last commit, for readers.
    pub(super) fn committed(&self) -> &Later {
        &self.committed
    }

    /// A post's counts as they are now, committed or not.
    pub(super) fn of(&self, post: PostKey) -> Option<&Late> {
        match self.changed.get(&post) {
            Some(changed) => changed.as_ref(),
            None => self.committed.of(post),
        }
    }

    pub(super) fn set(&mut self, post: PostKey, late: Late) {
        self.changed.insert(post, Some(late));
    }

    /// Takes a post's counts away, if there are any.
    pub(super) fn remove(&mut self, post: PostKey) {
        if self.of(post).is_some() {
            self.changed.insert(post, None);
        }
    }

    /// Makes durable what changed. Called when the partition's documents are: after a crash in between the counts are too
    /// old, and the journal says the newer ones again; were they too new, an edit whose document is lost would have lost
    /// the counts that it took over.
    pub(super) fn commit(&mut self) -> Result<(), Error> {
        if self.changed.is_empty() {
            return Ok(());
        }
        self.file.append(&self.changed)?;
        self.committed = self.committed.with(std::mem::take(&mut self.changed));
        if self.file.is_mostly_outdated(self.committed.len()) {
            self.compact()?;
        }
        Ok(())
    }

    /// Whether the file holds what is not so any more.
    pub(super) fn has_outdated(&self) -> bool {
        self.file.entries() > self.committed.living().count()
    }

    /// Takes away the counts of posts that are not `held`, then everything outdated off the disk.
    pub(super) fn purge(&mut self, held: impl Fn(PostKey) -> Result<bool, Error>) -> Result<(), Error> {
        let mut gone = BTreeMap::new();
        for (post, _) in self.committed.living() {
            if !held(post)? {
                gone.insert(post, None);
            }
        }
        if !gone.is_empty() {
            self.committed = self.committed.with(gone);
        }
        match self.has_outdated() {
            true => self.compact(),
            false => Ok(()),
        }
    }

    fn compact(&mut self) -> Result<(), Error> {
        self.file.replace(self.committed.living())
    }
}
