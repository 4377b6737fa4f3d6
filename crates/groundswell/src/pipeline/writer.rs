//! The one writer of the store and the vault: commits about once a second, then tells the live clients.

use super::Blocked;
use super::process::Outcome;
use super::snapshot::Snapshot;
use crate::control::{Control, OwnReply, VaultItem};
use crate::spans::SPANS;
use post::Admission;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use store::{Change, Mention, Store};
use tracing::field::Empty;

/// Mentions become visible at most this long after they were written.
const COMMIT_EVERY: Duration = Duration::from_millis(1000);
/// Under load the store commits earlier, so that a commit stays short.
const COMMIT_AT: usize = 30_000;
/// When nothing matches, the journal position alone is committed this often.
const IDLE_COMMIT_EVERY: Duration = Duration::from_secs(15);

/// What the writer is handed.
pub(super) enum Written {
    /// Matched entries; the store then has absorbed everything below this position, and this set is in force.
    Live(Outcome, u64, Arc<Snapshot>),
    /// Mentions a backfill found, and what to record of it once they are committed.
    Backfill(Outcome, BackfillStep),
    /// Work on the store itself, after what came before is committed; what it applies is committed with what follows.
    Upkeep(Box<dyn FnOnce(&mut Store) + Send + Sync>),
}

/// How far a backfill has come, recorded after the commit that holds its mentions.
#[derive(Debug, Clone)]
pub struct BackfillStep {
    /// The monitor.
    pub monitor: String,
    /// The version searched for.
    pub version: u32,
    /// The next position to search.
    pub next: u64,
    /// Mentions found by this step.
    pub found: u64,
    /// Whether it has reached its end.
    pub done: bool,
}

/// What a commit made visible.
pub struct Committed {
    /// The store's generation.
    pub generation: u64,
    /// New mentions, in the order they were written.
    pub mentions: Vec<Mention>,
    /// Whether mentions also went away or were replaced, so that figures cannot just be added to.
    pub removed: bool,
}

/// What the thread owns.
pub(super) struct Writer {
    /// The store.
    pub store: Store,
    /// Control state and the vault.
    pub control: Arc<Control>,
    /// What is counted.
    pub counters: Arc<super::Counters>,
    /// Why nothing can be written.
    pub blocked: Blocked,
    /// The next journal position the store has not absorbed, for those who trim the journal.
    pub stored: Arc<AtomicU64>,
    /// The monitor set of the newest live entries written.
    pub in_force: Arc<Snapshot>,
    /// Set when the process ends while nothing can be written: what follows is left to the replay.
    pub gave_up: bool,
    /// Knows who was erased: a search of the past under way must not bring them back.
    pub admission: Arc<Admission>,
    /// Told of every commit.
    pub committed: Box<dyn Fn(Committed) + Send>,
}

#[derive(Default)]
struct Pending {
    changes: usize,
    upto: Option<u64>,
    identities: Vec<VaultItem>,
    forgotten: Vec<post::PostKey>,
    forgotten_authors: Vec<post::AuthorKey>,
    replies: Vec<OwnReply>,
    steps: HashMap<String, BackfillStep>,
    mentions: Vec<Mention>,
}

impl Writer {
    /// Runs until every sender is gone, then commits a last time.
    pub(super) fn run(mut self, incoming: Receiver<Written>) {
        let mut pending = Pending::default();
        let mut last = Instant::now();
        loop {
            let period = if pending.changes > 0 || !pending.steps.is_empty() {
                COMMIT_EVERY
            } else {
                IDLE_COMMIT_EVERY
            };
            let wait = period.saturating_sub(last.elapsed());
            let end = match incoming.recv_timeout(wait) {
                Ok(written) => {
                    self.take(written, &mut pending);
                    false
                }
                Err(RecvTimeoutError::Timeout) => false,
                Err(RecvTimeoutError::Disconnected) => true,
            };
            let due = last.elapsed() >= period || pending.changes >= COMMIT_AT || end;
            if due {
                if pending.upto.is_some() || pending.changes > 0 || !pending.steps.is_empty() {
                    self.commit(&mut pending, end);
                }
                last = Instant::now();
            }
            if end {
                return;
            }
        }
    }

    fn take(&mut self, written: Written, pending: &mut Pending) {
        if self.gave_up {
            return;
        }
        let mut outcome = match written {
            Written::Upkeep(work) => {
                self.commit(pending, false);
                if !self.gave_up {
                    work(&mut self.store);
                    pending.changes += 1;
                }
                return;
            }
            Written::Live(outcome, upto, in_force) => {
                self.in_force = in_force;
                pending.upto = Some(upto);
                outcome
            }
            Written::Backfill(outcome, step) => {
                let now = self.in_force.monitor(&step.monitor).map(|m| m.def.version);
                // A search under way when its monitor went or changed must not bring back what was dropped with it.
                if now != Some(step.version) {
                    return;
                }
                let entry = pending
                    .steps
                    .entry(step.monitor.clone())
                    .or_insert_with(|| BackfillStep {
                        found: 0,
                        ..step.clone()
                    });
                *entry = BackfillStep {
                    found: entry.found + step.found,
                    ..step
                };
                self.without_erased(outcome)
            }
        };
        pending.identities.append(&mut outcome.identities);
        pending.forgotten.append(&mut outcome.forgotten);
        pending.forgotten_authors.append(&mut outcome.forgotten_authors);
        // A reply that matched nothing is not to wait for the next mention.
        pending.changes += outcome.replies.len();
        pending.replies.append(&mut outcome.replies);
        for change in &outcome.changes {
            match change {
                // Context is counted apart, and so is not told of.
                Change::Put { mentions, .. } => pending
                    .mentions
                    .extend(mentions.iter().filter(|m| !m.is_context()).cloned()),
                Change::PutBackfill(mention) => pending
                    .mentions
                    .extend((!mention.is_context()).then(|| (**mention).clone())),
                Change::Engagement { .. }
                | Change::Delete(_)
                | Change::DeleteAuthor(_)
                | Change::DropMonitor { .. } => {}
            }
        }
        pending.changes += outcome.changes.len();
        self.until_it_works("the store", |w| {
            w.store
                .apply(outcome.changes.iter().cloned(), pending.upto.unwrap_or(0))
        });
    }

    fn without_erased(&self, mut outcome: Outcome) -> Outcome {
        let mut refused = Vec::new();
        outcome.changes.retain(|change| match change {
            Change::PutBackfill(m) if self.admission.refuses(&m.post) => {
                refused.push(m.post.key);
                false
            }
            _ => true,
        });
        outcome.identities.retain(|i| !refused.contains(&i.post));
        outcome
    }

    /// The vault first: an identity without a mention is harmless, a mention without its identity is not.
    fn commit(&mut self, pending: &mut Pending, last: bool) {
        let done = std::mem::take(pending);
        if self.gave_up {
            return;
        }
        let span =
            tracing::info_span!(target: SPANS, "commit", mentions = done.mentions.len(), generation = Empty);
        let _entered = span.enter();
        self.until_it_works("the vault", |w| {
            w.control.vault_put(&done.identities)?;
            w.control.note_replies(&done.replies)?;
            w.control.vault_forget(&done.forgotten, &done.forgotten_authors)
        });
        if self.gave_up {
            return;
        }
        let commit = self.until_it_works("the store", |w| w.store.commit());
        let Some(commit) = commit else { return };
        span.record("generation", commit.generation);
        self.stored.store(commit.position, Ordering::Relaxed);
        for step in done.steps.values() {
            self.until_it_works("the settings", |w| w.control.backfill_step(step));
        }
        self.counters.mentions.add(done.mentions.len());
        if !last {
            (self.committed)(Committed {
                generation: commit.generation,
                mentions: done.mentions,
                removed: commit.replaced,
            });
        }
    }

    /// Tries until a full disk or a like fault is gone; says so meanwhile. Gives up when the process wants to end: a
    /// step left out must not be followed by a commit, which would carry the position past it.
    fn until_it_works<T, E: std::fmt::Display>(
        &mut self,
        what: &str,
        mut work: impl FnMut(&mut Self) -> Result<T, E>,
    ) -> Option<T> {
        let mut wait = Duration::from_millis(250);
        loop {
            match work(self) {
                Ok(value) => {
                    self.blocked.clear(what);
                    return Some(value);
                }
                Err(error) => {
                    tracing::error!(%error, what, "cannot be written; waiting");
                    self.blocked
                        .set(what, format!("{what} cannot be written: {error}"));
                    if self.blocked.ending() {
                        self.gave_up = true;
                        return None;
                    }
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
            }
        }
    }
}
