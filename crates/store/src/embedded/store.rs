//! The writing side: one [`Store`] per folder.

use super::faults::Register;
use super::kept::Keep;
use super::open::{self, Options, Recovery};
use super::partition::Partition;
use super::reader::{Shared, StoreReader};
use super::rollup;
use super::schema::Fields;
use super::snapshot::Snapshot;
use crate::format::Stamp;
use crate::period::Span;
use crate::{Error, Mention};
use foldhash::{HashMap, HashSet};
use post::PostKey;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use text::Tokens;

/// The one writer of a folder of mentions.
///
/// After an error of [`Store::apply`] or [`Store::commit`], call it again with the same arguments once the fault is
/// gone: the store then goes back to its last commit and repeats by itself what was applied since.
pub struct Store {
    pub(super) dir: PathBuf,
    pub(super) options: Options,
    pub(super) fields: Arc<Fields>,
    /// What readers keep of earlier answers.
    pub(super) kept: Arc<Keep>,
    pub(super) partitions: BTreeMap<Span, Partition>,
    /// The mentions of each post written since the last commit: the index does not show them yet.
    pub(super) pending: HashMap<PostKey, Vec<Mention>>,
    /// Posts that came since the last [`Store::commit`].
    pub(super) new: HashSet<PostKey>,
    /// Until the first commit: the generation that `store.json` said. What a killed process wrote after it comes again from
    /// the journal.
    pub(super) sealed: Option<u64>,
    pub(super) tokens: Tokens,
    /// Counts uses of writers.
    pub(super) clock: u64,
    /// What `store.json` says.
    pub(super) stamp: Stamp,
    /// Which partitions there are, and which are left out.
    pub(super) register: Register,
    /// The journal position of what was applied.
    pub(super) applied: u64,
    /// Whether anything was written since the last [`Store::commit`].
    pub(super) changed: bool,
    /// Whether mentions were replaced or went since the last [`Store::commit`].
    pub(super) replaced: bool,
    /// Mentions carried here since they were committed last.
    pub(super) uncommitted: usize,
    /// Whether something failed: the writers cannot be trusted then.
    faulted: bool,
    shared: Arc<Shared>,
    /// Makes rollups.
    rolling: Option<JoinHandle<()>>,
    _lock: File,
}

impl Drop for Store {
    /// The folder must not be written to by a thread that goes on.
    fn drop(&mut self) {
        self.join_rolling();
    }
}

/// A commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Commit {
    /// Its generation: grows by one whenever something new can be seen, over restarts too.
    pub generation: u64,
    /// The next journal position that is not absorbed yet.
    pub position: u64,
    /// Whether mentions that were there were replaced or went, so that figures cannot just be added to.
    pub replaced: bool,
}

impl Store {
    /// Opens the store in this folder, making it where there is none.
    pub fn open(dir: &Path, options: Options) -> Result<(Self, Recovery), Error> {
        match super::carry::closed(dir)? {
            Some(why) => Err(Error::Closed {
                place: dir.display().to_string(),
                why,
            }),
            None => Self::open_closed(dir, options),
        }
    }

    /// The same for one that may be closed.
    pub(crate) fn open_closed(dir: &Path, options: Options) -> Result<(Self, Recovery), Error> {
        let fields = Arc::new(Fields::new());
        let found = open::read(dir, &fields)?;
        let kept = Arc::new(Keep::new(options.large_segment, options.exact_distinct));
        kept.faults.show(&found.register.left_out);
        let first = Snapshot::new(
            found.stamp.generation,
            &fields,
            &kept,
            Arc::default(),
            &found.partitions,
        );
        let store = Self {
            dir: dir.to_owned(),
            options,
            shared: Shared::new(dir, first),
            fields,
            kept,
            partitions: found.partitions,
            pending: HashMap::default(),
            new: HashSet::default(),
            sealed: Some(found.sealed),
            tokens: Tokens::new(),
            clock: 0,
            stamp: found.stamp,
            register: found.register,
            applied: found.stamp.position,
            changed: false,
            replaced: false,
            uncommitted: 0,
            faulted: false,
            rolling: None,
            _lock: found.lock,
        };
        Ok((store, found.recovery))
    }

    /// The next journal position that the last commit does not hold: replay from here.
    pub fn position(&self) -> u64 {
        self.stamp.position
    }

    /// Posts changed since the last commit. Commit about every second, and before this passes some ten thousand.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// A handle for questions, for any thread.
    pub fn reader(&self) -> StoreReader {
        StoreReader::new(self.shared.clone())
    }

    /// Makes durable and visible what was applied.
    ///
    /// Partitions are committed one after the other and the store's position last, so that a crash in between leaves a
    /// position that is too low, never one that is too high.
    pub fn commit(&mut self) -> Result<Commit, Error> {
        self.guarded(Self::commit_all)
    }

    fn commit_all(&mut self) -> Result<Commit, Error> {
        if self.set_failed_aside()? {
            self.repair()?;
        }
        let stamp = Stamp::at(self.applied, self.stamp.generation + u64::from(self.changed));
        self.flush_as(stamp)?;
        if self.register.add(self.partitions.keys().copied()) {
            self.register.save(&self.dir)?;
        }
        if stamp != self.stamp {
            stamp.save(&self.dir)?;
            self.stamp = stamp;
        }
        self.new.clear();
        self.sealed = None;
        if std::mem::take(&mut self.changed) {
            let snapshot = Snapshot::new(
                stamp.generation,
                &self.fields,
                &self.kept,
                Arc::default(),
                &self.partitions,
            );
            self.publish(snapshot);
            self.roll_up_aside();
        }
        Ok(Commit {
            generation: stamp.generation,
            position: stamp.position,
            replaced: std::mem::take(&mut self.replaced),
        })
    }

    /// Makes the hourly rollups that large segments lack, and says how many. Every commit does that aside; this waits.
    pub fn roll_up(&mut self) -> Result<usize, Error> {
        self.join_rolling();
        rollup::make_missing(&self.shared.snapshot())
    }

    /// Begins to make rollups on a thread of its own, where the one before has ended.
    fn roll_up_aside(&mut self) {
        if self.rolling.as_ref().is_some_and(|thread| !thread.is_finished()) {
            return;
        }
        self.join_rolling();
        let snapshot = self.shared.snapshot();
        self.rolling = rollup::lacks_any(&snapshot).then(|| {
            std::thread::spawn(move || {
                // The segments may be merged away meanwhile; the next commit tries again.
                if let Err(error) = rollup::make_missing(&snapshot) {
                    tracing::debug!(%error, "a rollup was not made");
                }
            })
        });
    }

    /// Waits until no rollup is being made.
    pub(super) fn join_rolling(&mut self) {
        if self.rolling.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::warn!("making rollups panicked");
        }
    }

    /// The generation of the last commit.
    pub(super) fn generation(&self) -> u64 {
        self.stamp.generation
    }

    pub(super) fn publish(&self, snapshot: Snapshot) {
        self.shared.publish(snapshot);
    }

    /// Runs work that writes; after an earlier fault, once that is repaired.
    pub(super) fn guarded<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.faulted {
            self.repair()?;
        }
        let done = work(self);
        self.faulted = done.is_err();
        if let Err(error) = &done {
            self.set_damaged_aside(error);
        }
        done
    }

    /// Back to the last commit, then again what was written since.
    fn repair(&mut self) -> Result<(), Error> {
        self.partitions.values_mut().try_for_each(Partition::roll_back)?;
        let mut todo: Vec<_> = std::mem::take(&mut self.pending).into_iter().collect();
        while let Some((post, mentions)) = todo.last().cloned() {
            if let Err(error) = self.replace(post, mentions) {
                self.pending.extend(todo);
                return Err(error);
            }
            todo.pop();
        }
        self.faulted = false;
        Ok(())
    }

    /// Ends merges that run and closes the store. What is not committed is lost.
    pub fn close(mut self) -> Result<(), Error> {
        self.partitions.values_mut().try_for_each(Partition::close)?;
        self.partitions.values_mut().try_for_each(Partition::join_closing)
    }

    /// Commits the partitions, without showing it to readers: they go on with the generation they know.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        self.flush_as(Stamp::at(self.stamp.position, self.stamp.generation))
    }

    fn flush_as(&mut self, stamp: Stamp) -> Result<(), Error> {
        for partition in self.partitions.values_mut().filter(|p| p.is_dirty()) {
            partition.commit(stamp)?;
        }
        // The documents of all partitions first, see [`super::counts::Counts::commit`].
        for partition in self.partitions.values_mut() {
            partition.counts.commit()?;
        }
        self.pending.clear();
        self.close_idle(self.options.open_writers)
    }

    /// Closes the writers used longest ago, down to `keep`. Nothing may be uncommitted.
    pub(super) fn close_idle(&mut self, keep: usize) -> Result<(), Error> {
        let mut open: Vec<_> = self.partitions.values_mut().filter(|p| p.has_writer()).collect();
        open.sort_by_key(|p| p.used);
        let surplus = open.len().saturating_sub(keep);
        open.into_iter().take(surplus).try_for_each(Partition::close)
    }
}
