//! What people and rules do with mentions: tags, categories, status, who answers, corrections.
//!
//! Marks stand in the control database and, for questions, in memory beside the store ([`store::Marks`]). Every change
//! keeps what was there before, so that it can be undone; a rule is a filter and a change, made to each new mention that
//! passes the filter, and to the past where that is asked for.

mod change;
mod rules;

pub use change::MarkChange;
pub use rules::{Run, Runs};
pub(crate) use rules::{fault, run};

use crate::control::{AuditEvent, Control, Error, MarkRow, MarksChanged};
use post::Millis;
use std::sync::{Mutex, PoisonError};
use store::{Filter, Mark, Marked, Snapshot, StoreReader, mention_number};

/// Mentions by their numbers, with the times of their posts.
pub type Numbered = Vec<(u64, Millis)>;

/// Mentions that one change may touch.
pub const MOST: usize = 1_000_000;

/// The marks of an installation.
pub struct Marking {
    store: StoreReader,
    /// One change at a time: each reads what was there before.
    changing: Mutex<()>,
    /// Rules that are being applied to the past.
    pub runs: Runs,
}

impl Marking {
    /// Reads the marks and puts them beside the store.
    pub fn open(control: &Control, store: StoreReader) -> Result<Self, Error> {
        let rows = control.marks()?;
        store.mark(rows.into_iter().map(marked));
        Ok(Self {
            store,
            changing: Mutex::default(),
            runs: Runs::default(),
        })
    }

    /// Makes a change to mentions of a project, by number and time, and says what it is to be undone by; `None` where it
    /// changed nothing.
    pub fn apply(
        &self,
        control: &Control,
        project: &str,
        mentions: &[(u64, Millis)],
        change: &MarkChange,
        by: &AuditEvent,
    ) -> Result<Option<MarksChanged>, Error> {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = self.store.snapshot();
        let mut rows = Vec::new();
        for &(number, created_at) in mentions {
            let before = snapshot.marks().by_number(number).cloned().unwrap_or_default();
            let after = change.of(&before);
            if after != before {
                rows.push(MarkRow {
                    number,
                    project: project.to_owned(),
                    created_at,
                    before,
                    after,
                });
            }
        }
        if rows.is_empty() {
            return Ok(None);
        }
        let made = control.put_marks(project, &rows, change, by)?;
        self.store.mark(rows.into_iter().map(marked));
        Ok(Some(made))
    }

    /// Undoes a change: mentions that were changed again since stay as they are. Says how many were put back.
    pub fn undo(
        &self,
        control: &Control,
        project: &str,
        change: &str,
        by: &AuditEvent,
    ) -> Result<u64, Error> {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = control.undo_marks(project, change, by)?;
        let count = rows.len() as u64;
        self.store.mark(rows.into_iter().map(marked));
        Ok(count)
    }

    /// Lets go of the marks of mentions that are no more.
    pub fn forget_gone(&self, control: &Control) -> Result<u64, Error> {
        let _one = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let snapshot = self.store.snapshot();
        let numbers = control.marked_numbers()?;
        let gone = snapshot
            .missing(&numbers)
            .map_err(|e| Error::Store(e.to_string()))?;
        control.forget_marks(&gone)?;
        if !gone.is_empty() {
            // Notes and tickets may hold words of who is gone.
            control.truncate_log()?;
        }
        let empty = |&number: &u64| Marked {
            number,
            created_at: 0,
            mark: Mark::default(),
        };
        self.store.mark(gone.iter().map(empty));
        Ok(gone.len() as u64)
    }
}

fn marked(row: MarkRow) -> Marked {
    Marked {
        number: row.number,
        created_at: row.created_at,
        mark: row.after,
    }
}

/// The numbers and times of mentions of a project with these ids; the ids of those that are not there.
pub(crate) fn numbers_of(
    snapshot: &Snapshot,
    project: &str,
    ids: &[post::MentionId],
) -> Result<(Numbered, Vec<post::MentionId>), store::Error> {
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for id in ids {
        match snapshot.mention(*id)?.filter(|m| m.project == project) {
            Some(mention) => found.push((mention_number(*id), mention.post.created_at)),
            None => missing.push(*id),
        }
    }
    Ok((found, missing))
}

/// The numbers and times of the mentions under a filter; `None` where they are too many.
pub(crate) fn numbers_under(snapshot: &Snapshot, filter: &Filter) -> Result<Option<Numbered>, store::Error> {
    if snapshot.count(filter)? > MOST as u64 {
        return Ok(None);
    }
    snapshot.numbers(filter).map(Some)
}
