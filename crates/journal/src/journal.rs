//! The writer.

use crate::entry::{Batch, Cursor, Entry, Position};
use crate::error::{At, Error, Result};
use crate::monitors::InForce;
use crate::reader::Reader;
use crate::record::{self, Context};
use crate::scan::{self, Recovery};
use crate::segment;
use crate::state::{JournalHandle, Span};
use post::POST_VERSION;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How a journal is kept.
#[derive(Clone)]
pub struct Options {
    /// Above this many bytes [`Journal::trim`] drops the oldest segments.
    pub max_bytes: u64,
    /// Segments whose newest entry is older than this many milliseconds are dropped.
    pub max_age_ms: i64,
    /// A segment of this many bytes is closed and the next one begun.
    pub segment_bytes: u64,
    /// Whether `append` waits for the disk. Without it a crash of the machine, though not of the process, loses
    /// batches of the last seconds.
    pub sync: bool,
    /// The installation key that wraps the segments' keys.
    pub key: [u8; 32],
}

impl Options {
    /// 7 days or 5 GB, in segments of 64 MB, each batch synced.
    pub fn new(key: [u8; 32]) -> Self {
        Self {
            max_bytes: 5_000_000_000,
            max_age_ms: 7 * 24 * 3_600_000,
            segment_bytes: 64_000_000,
            sync: true,
            key,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("max_bytes", &self.max_bytes)
            .field("max_age_ms", &self.max_age_ms)
            .field("segment_bytes", &self.segment_bytes)
            .field("sync", &self.sync)
            .finish_non_exhaustive()
    }
}

/// The one writer of a journal's folder.
pub struct Journal {
    pub(crate) dir: PathBuf,
    pub(crate) options: Options,
    pub(crate) shared: JournalHandle,
    active: File,
    /// Whether a failed append may have left bytes behind the last whole record.
    dirty: bool,
    record: Vec<u8>,
    /// Held for as long as this process writes the folder.
    _lock: File,
    /// Tests: once this many bytes were written, the disk is full.
    #[cfg(test)]
    pub(crate) space: Option<usize>,
}

impl Journal {
    /// Opens the journal in `dir`, making it if it is not there, and cuts a torn tail.
    ///
    /// Reads every record to check it, at the speed of the disk. Refuses a folder that another process writes, a
    /// damaged or missing segment, another installation's key and newer formats, each with the file's name.
    pub fn open(dir: &Path, options: Options) -> Result<(Journal, Recovery)> {
        fs::create_dir_all(dir).at("create folder", dir)?;
        let lock = lock(dir)?;
        let (mut state, cut, destroyed) = scan::scan(dir, &options.key)?;
        scan::repair(dir, cut.as_ref(), &destroyed)?;
        let active = match state.segments.back() {
            Some(last) => File::options()
                .write(true)
                .open(&last.path)
                .at("open", &last.path)?,
            None => {
                let start = Position(0);
                let (segment, file) = segment::create(dir, start, start, &Context::default(), &options.key)?;
                state.segments.push_back(segment);
                file
            }
        };
        let (segments, first, next) = (state.segments.len(), state.first(), state.next());
        let mut journal = Journal {
            dir: dir.to_path_buf(),
            options,
            shared: JournalHandle::new(state),
            active,
            dirty: true,
            record: Vec::new(),
            _lock: lock,
            #[cfg(test)]
            space: None,
        };
        journal.leave_old_format()?;
        Ok((
            journal,
            Recovery {
                segments,
                first,
                next,
                cut,
            },
        ))
    }

    /// Makes `batch` durable and says which positions its entries got. A batch without entries still moves its
    /// cursors.
    ///
    /// After an error nothing of the batch is kept and the same call can be made again, for example once a full
    /// disk has space ([`Error::is_disk_full`]).
    pub fn append(&mut self, batch: &Batch) -> Result<Range<Position>> {
        let first = self.next_position();
        let end = Position(first.0 + batch.entries.len() as u64);
        if batch.entries.is_empty() && batch.cursors.is_empty() {
            return Ok(first..end);
        }
        self.cut_leftovers()?;
        if self.is_segment_due(batch.seen_at) {
            self.start_segment(first)?;
        }
        let key = self.shared.read().segments.back().map(|s| s.key.clone());
        let key = key.ok_or(Error::Seal)?;
        record::encode(batch, first, &key, &mut self.record)?;
        if let Err(error) = self.write_record() {
            // Leave the disk as it was now if that works; the next append makes sure of it.
            let _ = self.cut_leftovers();
            return Err(error);
        }
        let mut state = self.shared.write();
        state.note_cursors(&batch.cursors);
        for (position, entry) in (first.0..).zip(&batch.entries) {
            let since = Some((Position(position), batch.seen_at));
            match entry {
                Entry::MonitorSet(set) => state.monitors = Some(InForce::new(set.clone(), since)),
                Entry::MonitorChange(change) => {
                    state
                        .monitors
                        .get_or_insert_default()
                        .apply(change.clone(), since);
                }
                _ => {}
            }
        }
        let bytes = self.record.len() as u64;
        if let Some(segment) = state.segments.back_mut() {
            segment.extend(end, bytes, batch.seen_at);
        }
        Ok(first..end)
    }

    /// Makes sure that no position below `position` is given out again: for a store that remembers more than a
    /// journal that was lost or set aside. Does nothing where the journal is already there.
    pub fn advance_to(&mut self, position: Position) -> Result<()> {
        self.cut_leftovers()?;
        if position > self.next_position() {
            self.start_segment(position)
        } else {
            Ok(())
        }
    }

    /// A view for readers in other threads.
    pub fn handle(&self) -> JournalHandle {
        self.shared.clone()
    }

    /// Entries at and after `from`: see [`JournalHandle::reader`].
    pub fn reader(&self, from: Position) -> Reader {
        self.shared.reader(from)
    }

    /// The position of the next entry.
    pub fn next_position(&self) -> Position {
        self.shared.next_position()
    }

    /// The oldest position kept.
    pub fn first_position(&self) -> Position {
        self.shared.first_position()
    }

    /// The newest cursor of each source.
    pub fn cursors(&self) -> Vec<Cursor> {
        self.shared.cursors()
    }

    /// What is kept.
    pub fn span(&self) -> Span {
        self.shared.span()
    }

    /// Segments also end by time, an eighth of the age limit, so that a quiet journal can be trimmed by age.
    fn is_segment_due(&self, seen_at: i64) -> bool {
        let state = self.shared.read();
        state.segments.back().is_some_and(|s| {
            let (Some((from, _)), true) = (s.span, s.end > s.first) else {
                return false;
            };
            s.bytes >= self.options.segment_bytes
                || seen_at.saturating_sub(from) >= (self.options.max_age_ms / 8).max(1)
        })
    }

    /// Begins a segment of the newest format where the active one is older: a segment has one format.
    fn leave_old_format(&mut self) -> Result<()> {
        let Some(last) = self.shared.read().segments.back().cloned() else {
            return Ok(());
        };
        if last.format == segment::FORMAT && last.form == POST_VERSION {
            return Ok(());
        }
        if last.first == last.end {
            // Without entries it has the name of the one that takes its place, which carries on what it carried.
            self.shared.write().segments.pop_back();
        }
        self.start_segment(last.end)
    }

    /// Ends the active segment and begins one at `first`.
    pub(crate) fn start_segment(&mut self, first: Position) -> Result<()> {
        let (ended, follows, context) = {
            let state = self.shared.read();
            let ended = state.segments.back().map(|s| s.path.clone()).unwrap_or_default();
            let context = Context {
                cursors: state.cursors.clone(),
                monitors: state.monitors.as_ref().map(InForce::to_set),
            };
            (ended, state.next(), context)
        };
        self.active.sync_all().at("sync", &ended)?;
        let (segment, file) = segment::create(&self.dir, first, follows, &context, &self.options.key)?;
        self.shared.write().segments.push_back(segment);
        self.active = file;
        self.dirty = true;
        Ok(())
    }

    /// Sets the active file back to its last whole record, and writing to its end.
    fn cut_leftovers(&mut self) -> Result<()> {
        if self.dirty {
            let (path, bytes) = self.active_place();
            self.active
                .set_len(bytes)
                .and_then(|()| self.active.seek(SeekFrom::Start(bytes)))
                .at("cut a failed append off", &path)?;
            self.dirty = false;
        }
        Ok(())
    }

    fn write_record(&mut self) -> Result<()> {
        let (path, _) = self.active_place();
        self.dirty = true;
        self.write_bytes().at("append to", &path)?;
        if self.options.sync {
            self.active.sync_data().at("sync", &path)?;
        }
        self.dirty = false;
        Ok(())
    }

    #[cfg(not(test))]
    fn write_bytes(&mut self) -> io::Result<()> {
        self.active.write_all(&self.record)
    }

    #[cfg(test)]
    fn write_bytes(&mut self) -> io::Result<()> {
        let fits = self.record.len().min(self.space.unwrap_or(usize::MAX));
        self.active.write_all(&self.record[..fits])?;
        self.space = self.space.map(|space| space - fits);
        if fits < self.record.len() {
            Err(io::ErrorKind::StorageFull.into())
        } else {
            Ok(())
        }
    }

    fn active_place(&self) -> (PathBuf, u64) {
        let state = self.shared.read();
        state
            .segments
            .back()
            .map(|s| (s.path.clone(), s.bytes))
            .unwrap_or_default()
    }
}

/// Holds a journal's folder while something is done to it that no writer may see half done. It also tells whether a
/// server runs: taking it fails with [`Error::Locked`] then.
pub struct Lock {
    pub(crate) dir: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the folder, making it if it is not there.
    pub fn take(dir: &Path) -> Result<Lock> {
        fs::create_dir_all(dir).at("create folder", dir)?;
        Ok(Lock {
            dir: dir.to_path_buf(),
            _file: lock(dir)?,
        })
    }
}

fn lock(dir: &Path) -> Result<File> {
    let path = dir.join("LOCK");
    let file = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let file = file.at("open", &path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::Locked {
            path: dir.to_path_buf(),
        }),
        Err(TryLockError::Error(source)) => Err(Error::Io {
            action: "lock",
            path,
            source,
        }),
    }
}
