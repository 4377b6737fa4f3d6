//! Partitions that cannot be read: they are set aside, answers leave them out, and say so.
//!
//! A damaged folder is never changed and never removed: it is renamed to `<partition>.damaged-<n>`, and what comes later
//! for its time goes into a new one. What is left out stands in `partitions.json` until it was made anew
//! ([`crate::Rebuild`]), so that it is not forgotten over a restart. The same file names every partition there is, so
//! that one whose folder is gone is missed.

use super::files::{self, Fault};
use super::partition::Partition;
use super::snapshot::{Part, Snapshot};
use super::store::Store;
use crate::Error;
use crate::format;
use crate::period::Span;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The register's name in the store's folder.
const FILE: &str = "partitions.json";
/// Where damaged folders go once their partition was made anew.
pub(super) const SET_ASIDE: &str = "set-aside";

/// A partition that answers leave out, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its name, such as `month-2026-01-01`.
    pub partition: String,
    /// What is wrong with it.
    pub reason: String,
    /// The folder beside it that holds what is left of it; `None` where its folder was gone.
    pub aside: Option<String>,
}

/// What is known of a store's partitions beside their folders.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Register {
    known: BTreeSet<String>,
    pub(super) left_out: Vec<LeftOut>,
}

impl Register {
    /// Reads it. One that cannot be read is made anew from the folders, which is all that is lost with it.
    pub(super) fn load(store: &Path) -> Result<Self, Error> {
        let path = store.join(FILE);
        match fs::read(&path) {
            Ok(json) => Ok(serde_json::from_slice(&json).unwrap_or_else(|error| {
                tracing::warn!(path = %path.display(), %error, "cannot be read; it is written anew");
                Self::default()
            })),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(e) => Err(Error::io("read", &path)(e)),
        }
    }

    pub(super) fn save(&self, store: &Path) -> Result<(), Error> {
        let json = serde_json::json!(self).to_string();
        format::replace(&store.join(FILE), json.as_bytes())
    }

    pub(super) fn knows(&self, span: Span) -> bool {
        self.known.contains(&span.folder())
    }

    /// Adds these; whether one of them is new.
    pub(super) fn add(&mut self, spans: impl Iterator<Item = Span>) -> bool {
        let before = self.known.len();
        self.known.extend(spans.map(Span::folder));
        self.known.len() > before
    }

    /// Forgets a partition that goes on purpose.
    pub(super) fn forget(&mut self, span: Span) -> bool {
        self.known.remove(&span.folder())
    }

    /// Those known whose folder is not there, as left out from now on; whether there are any.
    pub(super) fn miss(&mut self, store: &Path) -> bool {
        let is_noted = |name: &String| self.left_out.iter().any(|l| l.partition == *name);
        let gone: Vec<LeftOut> = self
            .known
            .iter()
            .filter(|name| !store.join(name).exists() && !is_noted(name))
            .map(|name| LeftOut {
                partition: name.clone(),
                reason: "its folder is gone".to_owned(),
                aside: None,
            })
            .collect();
        for left in &gone {
            tracing::error!(partition = %store.join(&left.partition).display(), "a partition is left out: its folder is gone");
        }
        let any = !gone.is_empty();
        self.left_out.extend(gone);
        any
    }

    /// Gives a damaged folder another name and notes it.
    pub(super) fn set_aside(&mut self, store: &Path, span: Span, reason: String) -> Result<(), Error> {
        let name = span.folder();
        let path = store.join(&name);
        let free = (1..).map(|n| format!("{name}.damaged-{n}"));
        let aside = free.into_iter().find(|aside| !store.join(aside).exists());
        let aside = aside.unwrap_or_default();
        fs::rename(&path, store.join(&aside)).map_err(Error::io("rename", &path))?;
        tracing::error!(partition = %path.display(), %aside, %reason,
            "a partition is damaged: it was set aside, and answers leave it out; `groundswell store check --repair` makes it anew");
        self.known.insert(name.clone());
        self.left_out.push(LeftOut {
            partition: name,
            reason,
            aside: Some(aside),
        });
        self.save(store)
    }
}

/// What the writer and all snapshots know of faults.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    left_out: Vec<LeftOut>,
    /// Partitions, by number, found damaged since the last commit.
    failed: Vec<(u64, LeftOut)>,
}

impl Faults {
    pub(super) fn show(&self, left_out: &[LeftOut]) {
        self.known().left_out = left_out.to_vec();
    }

    /// The numbers of the partitions found damaged.
    pub(super) fn failed(&self) -> Vec<u64> {
        self.known().failed.iter().map(|(number, _)| *number).collect()
    }

    fn fail(&self, number: u64, partition: String, reason: String) {
        let mut known = self.known();
        if known.failed.iter().all(|(n, _)| *n != number) {
            let left = LeftOut {
                partition,
                reason,
                aside: None,
            };
            known.failed.push((number, left));
        }
    }

    fn reason(&self, number: u64) -> Option<String> {
        let known = self.known();
        let found = known.failed.iter().find(|(n, _)| *n == number)?;
        Some(found.1.reason.clone())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Snapshot {
    /// The partitions that answers leave out, wholly or in part: each is named once.
    pub fn left_out(&self) -> Vec<LeftOut> {
        let known = self.kept().faults.known();
        let mut all = known.left_out.clone();
        for (_, failed) in &known.failed {
            if all.iter().all(|l| l.partition != failed.partition) {
                all.push(failed.clone());
            }
        }
        all
    }

    /// Asks; where a partition turns out to be damaged, asks again without it.
    ///
    /// Tantivy answers damaged bytes with an error or a panic, and so does a system out of memory or files: the
    /// checksums tell one from the other.
    pub(super) fn surviving<T>(&self, ask: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
        loop {
            match catch_unwind(AssertUnwindSafe(&ask)) {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => match error.path() {
                    Some(path) if self.leave_out_damaged(Some(path)) => {}
                    _ => return Err(error),
                },
                Err(panic) => {
                    if !self.leave_out_damaged(None) {
                        resume_unwind(panic);
                    }
                }
            }
        }
    }

    /// Leaves out what is damaged of the partition at `path`, or of all; whether anything was.
    fn leave_out_damaged(&self, path: Option<&Path>) -> bool {
        let is_meant = |part: &&Part| path.is_none_or(|path| path.starts_with(&part.path));
        let mut any = false;
        for part in self.parts().filter(is_meant) {
            let Some(reason) = changed_bytes(part.searcher.index(), &part.path) else {
                continue;
            };
            tracing::error!(partition = %part.path.display(), %reason, "a partition is damaged: answers leave it out");
            self.kept().faults.fail(part.number, part.span.folder(), reason);
            self.kept().clear();
            any = true;
        }
        any
    }
}

impl Store {
    /// What answers leave out.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.register.left_out
    }

    /// Sets aside what readers found damaged since the last commit; whether there was any.
    pub(super) fn set_failed_aside(&mut self) -> Result<bool, Error> {
        let mut found = Vec::new();
        for (span, partition) in &self.partitions {
            if let Some(reason) = self.kept.faults.reason(partition.number) {
                found.push((*span, reason));
            }
        }
        for (span, reason) in &found {
            self.set_aside(*span, reason.clone())?;
        }
        Ok(!found.is_empty())
    }

    /// Sets the partition aside that an error is about, if it is damaged: what is done again then goes round it.
    pub(super) fn set_damaged_aside(&mut self, error: &Error) {
        let Some(path) = error.path().filter(|_| !error.is_disk_full()) else {
            return;
        };
        let about = self.partitions.iter().find(|(_, p)| path.starts_with(p.path()));
        let Some((&span, partition)) = about else { return };
        if let Some(reason) = changed_bytes(partition.index(), partition.path())
            && let Err(error) = self.set_aside(span, reason)
        {
            tracing::error!(%error, "a damaged partition cannot be set aside");
        }
    }

    fn set_aside(&mut self, span: Span, reason: String) -> Result<(), Error> {
        if let Some(partition) = self.partitions.get_mut(&span) {
            // Its writer is of no use any more, whatever it says.
            let _ = partition.roll_back();
        }
        self.register.set_aside(&self.dir, span, reason)?;
        self.partitions.remove(&span);
        self.kept.faults.show(&self.register.left_out);
        self.kept.clear();
        (self.changed, self.replaced) = (true, true);
        Ok(())
    }
}

/// What changed after it was written, if something did. A file that is gone may come back (a disk that is not mounted).
fn changed_bytes(index: &tantivy::Index, path: &Path) -> Option<String> {
    let found = files::faults(index, path).into_iter();
    let changed = found.filter(|(_, fault)| *fault == Fault::Changed);
    changed
        .map(|(file, _)| format!("{} has another checksum", file.display()))
        .next()
}

/// Opens a partition; damage that makes Tantivy panic is an error.
pub(super) fn opened<T>(path: &Path, open: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(open)).unwrap_or_else(|panic| {
        Err(Error::Damaged {
            path: path.to_owned(),
            reason: in_words(&*panic),
        })
    })
}

/// What a panic says.
pub(super) fn in_words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("reading it fails: {}", text.unwrap_or_default())
}

/// For [`Partition`]s that are opened: no two of a process have the same.
pub(super) fn next_number() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Partition {
    /// As a snapshot sees it.
    pub(super) fn part(&self) -> Part {
        Part {
            number: self.number,
            span: self.span,
            path: self.path().to_owned(),
            searcher: self.searcher(),
            counts: self.counts.committed().clone(),
        }
    }
}
