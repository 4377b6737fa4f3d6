//! The handle that hands out snapshots.

use super::snapshot::Snapshot;
use crate::{Error, Marked};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

/// What the writer and its readers share.
pub(super) struct Shared {
    dir: PathBuf,
    current: RwLock<Snapshot>,
}

impl Shared {
    pub(super) fn new(dir: &Path, first: Snapshot) -> Arc<Self> {
        Arc::new(Self {
            dir: dir.to_owned(),
            current: RwLock::new(first),
        })
    }

    /// The newest state.
    pub(super) fn snapshot(&self) -> Snapshot {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }

    /// Shows the documents of `next`, with the marks as they are by now.
    pub(super) fn publish(&self, next: Snapshot) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = next.marked(current.marks_shared());
    }
}

/// A handle for questions; cheap to clone, for any thread.
#[derive(Clone)]
pub struct StoreReader {
    shared: Arc<Shared>,
}

impl StoreReader {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared }
    }

    /// The state of the newest commit. It does not change, however long it is kept; what it keeps alive is disk space.
    pub fn snapshot(&self) -> Snapshot {
        self.shared.snapshot()
    }

    /// Changes what people and rules did with mentions, for every snapshot from now on, and gives its version. Marks are
    /// kept in memory alone: whoever changes them keeps them.
    pub fn mark(&self, changes: impl IntoIterator<Item = Marked>) -> u64 {
        let mut current = self
            .shared
            .current
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let marks = Arc::new(current.marks().with(changes));
        let version = marks.version();
        *current = current.marked(marks);
        version
    }

    /// The generation of the newest commit.
    pub fn generation(&self) -> u64 {
        self.snapshot().generation()
    }

    /// Forgets what is kept of earlier answers, to measure what they cost without.
    pub fn forget(&self) {
        self.snapshot().kept().clear();
    }

    /// Bytes on disk.
    pub fn bytes(&self) -> Result<u64, Error> {
        bytes_under(&self.shared.dir)
    }
}

/// The sizes of all files under a folder. What vanishes meanwhile (merges do that) counts nothing.
fn bytes_under(dir: &Path) -> Result<u64, Error> {
    let mut sum = 0;
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let entry = entry.map_err(Error::io("read", dir))?;
        match entry.metadata() {
            Ok(meta) if meta.is_dir() => sum += bytes_under(&entry.path())?,
            Ok(meta) => sum += meta.len(),
            Err(e) if e.kind() == ErrorKind::NotFound => {}
            Err(e) => return Err(Error::io("read", &entry.path())(e)),
        }
    }
    Ok(sum)
}
