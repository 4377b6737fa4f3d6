//! Opening a store: the lock, the sweep, the check of what is there.

use super::faults::{Register, opened};
use super::partition::Partition;
use super::schema::Fields;
use super::{rebuild, reindex, rollup};
use crate::format::Stamp;
use crate::period::{Period, Span};
use crate::{Error, Mention};
use post::{Millis, Post};
use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long a lock that somebody has is waited for.
const FORKED: Duration = Duration::from_millis(200);

/// How a store is laid out and what it may use.
#[derive(Debug, Clone)]
pub struct Options {
    /// Length of the partitions of live posts.
    pub period: Period,
    /// Length of the partitions of old posts.
    pub archive_period: Period,
    /// Posts that were older than this many milliseconds when they were seen are old.
    pub archive_after_ms: Millis,
    /// Writers kept open between commits; more are opened within a commit where its posts need them.
    pub open_writers: usize,
    /// Bytes a writer may buffer before it writes a segment: 15 MB at least.
    pub writer_memory: usize,
    /// Segments with more documents are large: what they add to answers is kept over deletions, and rolled up by hour.
    pub large_segment: u32,
    /// Distinct authors or texts of a cell of a table that are counted exactly. Of more, between a half and all of so many
    /// are drawn, and the number is an estimate with a relative standard error of 1 ÷ √(those drawn), at most.
    pub exact_distinct: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            period: Period::Month,
            archive_period: Period::Year,
            archive_after_ms: 62 * 24 * 3_600_000,
            open_writers: 4,
            writer_memory: 64 << 20,
            large_segment: 20_000,
            exact_distinct: 1 << 16,
        }
    }
}

impl Options {
    /// The partition of a mention.
    pub(super) fn span(&self, mention: &Mention) -> Span {
        self.span_of(&mention.post)
    }

    /// The partition of a post's mentions.
    pub(super) fn span_of(&self, post: &Post) -> Span {
        let archive = (self.archive_period, self.archive_after_ms);
        Span::of_post(post, self.period, archive)
    }
}

/// What was found on opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Recovery {
    /// The journal position to replay from.
    pub position: u64,
    /// Partitions.
    pub partitions: usize,
    /// Mentions.
    pub mentions: u64,
    /// Leftovers of an unclean end that were removed.
    pub swept: usize,
    /// Partitions that are left out: damaged, or gone.
    pub left_out: usize,
}

/// What [`read`] found.
pub(super) struct Found {
    pub(super) lock: File,
    pub(super) partitions: BTreeMap<Span, Partition>,
    pub(super) stamp: Stamp,
    /// The generation of the last whole commit.
    pub(super) sealed: u64,
    pub(super) register: Register,
    pub(super) recovery: Recovery,
}

/// Locks the folder, sweeps it and opens its partitions.
pub(super) fn read(dir: &Path, fields: &Arc<Fields>) -> Result<Found, Error> {
    fs::create_dir_all(dir).map_err(Error::io("create", dir))?;
    let lock = lock(dir)?;
    let stored = Stamp::load(dir)?;
    let mut recovery = Recovery {
        swept: reindex::resume(dir)?,
        ..Recovery::default()
    };
    recovery.swept += usize::from(rebuild::sweep(dir)?);
    let before = Register::load(dir)?;
    let mut register = before.clone();
    let (mut partitions, mut stamps) = (BTreeMap::new(), Vec::new());
    for entry in fs::read_dir(dir).map_err(Error::io("read", dir))? {
        let path = entry.map_err(Error::io("read", dir))?.path();
        let Some(span) = path
            .file_name()
            .and_then(|n| n.to_str())
            .and_then(Span::of_folder)
        else {
            continue;
        };
        if !path.join("meta.json").exists() && register.knows(span) {
            let reason = format!("{} is gone", path.join("meta.json").display());
            register.set_aside(dir, span, reason)?;
            continue;
        }
        if !path.join("meta.json").exists() {
            // Its making was cut short before anything was committed to it.
            fs::remove_dir_all(&path).map_err(Error::io("remove", &path))?;
            recovery.swept += 1;
            continue;
        }
        recovery.swept += sweep(&path)?;
        let read = || {
            let (partition, stamp) = Partition::open(&path, span, fields)?;
            rollup::sweep(&path, &partition.living()?)?;
            Ok((partition, stamp))
        };
        let (partition, stamp) = match opened(&path, read) {
            Err(error) if error.is_damage() => {
                register.set_aside(dir, span, error.to_string())?;
                continue;
            }
            opened => opened?,
        };
        recovery.mentions += partition.searcher().num_docs();
        stamps.push(stamp.unwrap_or(Stamp::at(0, 0)));
        partitions.insert(span, partition);
    }
    register.add(partitions.keys().copied());
    register.miss(dir);
    if register != before {
        register.save(dir)?;
    }
    recovery.left_out = register.left_out.len();
    // Without the store's own stamp only what every partition has absorbed is sure.
    let least = stamps.iter().map(|s| s.position).min().unwrap_or(0);
    let newest = stamps.iter().map(|s| s.generation).max().unwrap_or(0);
    let stamp = Stamp::at(
        stored.map_or(least, |s| s.position),
        stored.map_or(0, |s| s.generation).max(newest),
    );
    recovery.position = stamp.position;
    recovery.partitions = partitions.len();
    Ok(Found {
        lock,
        partitions,
        stamp,
        sealed: stored.map_or(0, |s| s.generation),
        register,
        recovery,
    })
}

pub(super) fn lock(dir: &Path) -> Result<File, Error> {
    let path = dir.join("store.lock");
    let file = File::create(&path).map_err(Error::io("create", &path))?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // A process that this one is just starting holds copies of its open files, until it has become another program.
            Err(TryLockError::WouldBlock) if begun.elapsed() < FORKED => std::thread::sleep(FORKED / 20),
            Err(TryLockError::WouldBlock) => return Err(Error::InUse { path: dir.to_owned() }),
            Err(TryLockError::Error(e)) => return Err(Error::io("lock", &path)(e)),
        }
    }
}

/// Removes the temporary files that a killed process left.
fn sweep(partition: &Path) -> Result<usize, Error> {
    let mut swept = 0;
    for entry in fs::read_dir(partition).map_err(Error::io("read", partition))? {
        let path = entry.map_err(Error::io("read", partition))?.path();
        if path
            .file_name()
            .is_some_and(|n| n.to_string_lossy().starts_with(".tmp"))
        {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            swept += 1;
        }
    }
    Ok(swept)
}
