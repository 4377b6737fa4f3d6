//! Admission and the journal: one thread, so that there is one order.
//!
//! What waits in the channel is taken together and made durable with one write: under load batches grow and the disk
//! is asked less often; when it is quiet a post waits for nobody.

use super::counters::Counters;
use super::recent::Recent;
use crate::spans::SPANS;
use journal::{Appender, Batch, Cursor, Entry, MonitorChange, Position};
use post::{Admission, Admitted, AuthorKey, Event, Millis, Mode, PostKey, RawPost};
use sources::{Health, SourceEvent};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Posts taken together at most.
const MAX_BATCH: usize = 5_000;

/// Something to be made durable.
pub enum Incoming {
    /// What a source delivered.
    Delivery {
        /// The source's name.
        source: String,
        /// What its posts keep of who wrote them.
        mode: Mode,
        /// Where refusals are counted as the source's, too.
        health: Option<Arc<Health>>,
        /// What happened, in order.
        events: Vec<SourceEvent>,
        /// Where the source resumes after this.
        cursor: Option<String>,
        /// Answered when it is on disk.
        reply: Option<oneshot::Sender<Receipt>>,
    },
    /// Authors and posts that are to go; answered with the position behind the last entry.
    Gone {
        /// All that these authors wrote.
        authors: Vec<AuthorKey>,
        /// These posts.
        posts: Vec<PostKey>,
        /// Answered when it is on disk.
        reply: oneshot::Sender<Position>,
    },
    /// Work on the journal itself, after what came before is on disk.
    Upkeep(OnJournal),
    /// A change of the monitor set; answered with the position from which on it is in force. In a cluster that is its
    /// version: posts say under which version they are to be matched.
    Monitors(MonitorChange, oneshot::Sender<Position>),
}

/// What became of a delivery, now on disk.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Posts and events journaled.
    pub accepted: usize,
    /// Posts already known.
    pub duplicates: usize,
    /// Refused posts: place in the delivery, code, message.
    pub refused: Vec<(usize, &'static str, String)>,
}

/// Durable entries on their way to matching.
pub(super) struct Work {
    /// Position of the first entry.
    pub first: Position,
    /// The position behind the last one.
    pub end: Position,
    /// The entries; in a cluster those alone that this process acts on itself.
    pub entries: Vec<Entry>,
}

/// What the thread owns.
pub(super) struct Ingest {
    /// The rules of admission.
    pub admission: Arc<Admission>,
    /// The journal.
    pub journal: Appender,
    /// Known posts.
    pub recent: Recent,
    /// What is counted.
    pub counters: Arc<Counters>,
    /// Why nothing can be written, for `status`.
    pub blocked: super::Blocked,
    /// The next position the store has not absorbed; segments below may be dropped.
    pub stored: Arc<AtomicU64>,
    /// The clock.
    pub now: fn() -> Millis,
    /// The time by which segments grow old.
    pub age: Arc<super::Age>,
    /// Work on the journal that waits for the batch at hand.
    pub upkeep: Vec<OnJournal>,
}

/// Work on the journal itself.
pub(super) type OnJournal = Box<dyn FnOnce(&mut Appender) + Send>;

type Reply = Box<dyn FnOnce(Position) + Send>;

impl Ingest {
    /// Runs until every sender is gone.
    pub(super) fn run(mut self, mut incoming: mpsc::Receiver<Incoming>, work: SyncSender<Work>) {
        let mut batches = 0u32;
        while let Some(first) = incoming.blocking_recv() {
            let mut batch = Batch {
                seen_at: (self.now)(),
                ..Batch::default()
            };
            let mut replies: Vec<Reply> = Vec::new();
            self.take(first, &mut batch, &mut replies);
            while batch.entries.len() < MAX_BATCH {
                let Ok(next) = incoming.try_recv() else { break };
                self.take(next, &mut batch, &mut replies);
            }
            let span = tracing::info_span!(target: SPANS, "journal", entries = batch.entries.len());
            let Some(first) = span.in_scope(|| self.append(&batch, &incoming)) else {
                return;
            };
            for reply in replies {
                reply(first);
            }
            for work in std::mem::take(&mut self.upkeep) {
                work(&mut self.journal);
            }
            if !batch.entries.is_empty() && work.send(self.work(first, batch.entries)).is_err() {
                return;
            }
            // From the first on, so that short runs trim, too.
            if batches.is_multiple_of(256) {
                self.trim();
            }
            batches = batches.wrapping_add(1);
        }
    }

    /// What the matching stage gets. Where workers match the posts, it hears at once of monitors and of what is gone, so
    /// that who asked need not wait until the word came round.
    fn work(&self, first: Position, mut entries: Vec<Entry>) -> Work {
        let end = Position(first.0 + entries.len() as u64);
        if self.journal.is_shared() {
            entries.retain(|entry| !matches!(entry, Entry::Post { .. } | Entry::Engagement { .. }));
        }
        Work { first, end, entries }
    }

    fn take(&mut self, incoming: Incoming, batch: &mut Batch, replies: &mut Vec<Reply>) {
        match incoming {
            Incoming::Monitors(change, reply) => {
                let offset = batch.entries.len() as u64;
                let version = self.journal.is_shared().then_some(Position(change.version));
                batch.entries.push(Entry::MonitorChange(change));
                replies.push(Box::new(move |first| {
                    // Nobody waits any more: the set is in force all the same.
                    let _ = reply.send(version.unwrap_or(Position(first.0 + offset)));
                }));
            }
            Incoming::Gone {
                authors,
                posts,
                reply,
            } => {
                let at = batch.seen_at;
                posts.iter().for_each(|key| {
                    self.recent.insert(*key);
                });
                let authors = authors.into_iter().map(|author| Entry::AuthorGone { author, at });
                let posts = posts.into_iter().map(|key| Entry::Delete { key, at });
                batch.entries.extend(authors.chain(posts));
                let end = batch.entries.len() as u64;
                replies.push(Box::new(move |first| {
                    let _ = reply.send(Position(first.0 + end));
                }));
            }
            Incoming::Upkeep(work) => self.upkeep.push(work),
            Incoming::Delivery {
                source,
                mode,
                health,
                events,
                cursor,
                reply,
            } => {
                let receipt = self.admit(events, mode, batch.seen_at, &mut batch.entries);
                if let Some(health) = health {
                    receipt
                        .refused
                        .iter()
                        .for_each(|(_, code, _)| health.refused(code));
                }
                if let Some(value) = cursor {
                    batch.cursors.retain(|c| c.source != source);
                    batch.cursors.push(Cursor { source, value });
                }
                if let Some(reply) = reply {
                    replies.push(Box::new(move |_| drop(reply.send(receipt))));
                }
            }
        }
    }

    fn admit(
        &mut self,
        events: Vec<SourceEvent>,
        mode: Mode,
        seen_at: Millis,
        entries: &mut Vec<Entry>,
    ) -> Receipt {
        let mut receipt = Receipt::default();
        for (index, event) in events.into_iter().enumerate() {
            match event {
                SourceEvent::Post(raw) => self.admit_post(*raw, mode, index, seen_at, entries, &mut receipt),
                SourceEvent::AuthorGone { platform, author_id } => {
                    let author = self.admission.author_key(platform, &author_id);
                    entries.push(Entry::AuthorGone { author, at: seen_at });
                    receipt.accepted += 1;
                    self.counters.events.add(1);
                }
            }
        }
        receipt
    }

    fn admit_post(
        &mut self,
        raw: RawPost,
        mode: Mode,
        index: usize,
        seen_at: Millis,
        entries: &mut Vec<Entry>,
        receipt: &mut Receipt,
    ) {
        // A recorded or simulated past brings its own arrival; nobody's arrival is later than now.
        let recorded = raw.seen_at.as_deref().and_then(post::parse_time);
        let entry = match self
            .admission
            .admit(raw, mode, recorded.map_or(seen_at, |t| t.min(seen_at)))
        {
            Err(refusal) => {
                self.counters.refuse(refusal.code());
                receipt.refused.push((index, refusal.code(), refusal.to_string()));
                return;
            }
            Ok(Admitted::Post(post, identity, notes)) => {
                notes.into_iter().for_each(|n| self.counters.mend(n.code()));
                let known = !self.recent.insert(post.key);
                if post.event != Event::Create {
                    self.counters.events.add(1);
                } else if known {
                    self.counters.duplicates.add(1);
                    receipt.duplicates += 1;
                    return;
                } else {
                    self.counters.posts.add(1);
                }
                Entry::Post { post, identity }
            }
            Ok(Admitted::Delete(key, at)) => {
                // A create that arrives after its delete, when a source resumes, must not bring the post back.
                self.recent.insert(key);
                self.counters.events.add(1);
                Entry::Delete { key, at }
            }
            Ok(Admitted::Engagement(key, counts, at)) => {
                self.counters.events.add(1);
                Entry::Engagement { key, counts, at }
            }
        };
        receipt.accepted += 1;
        entries.push(entry);
    }

    /// Appends, waiting out a full disk: what was taken from a source is not dropped. `None` when the process ends
    /// while waiting.
    fn append(&mut self, batch: &Batch, incoming: &mpsc::Receiver<Incoming>) -> Option<Position> {
        let mut wait = Duration::from_millis(250);
        loop {
            match self.journal.append(batch) {
                Ok(first) => {
                    self.blocked.clear("journal");
                    return Some(first);
                }
                Err(error) => {
                    tracing::error!(%error, "the journal cannot be written; waiting");
                    self.blocked
                        .set("journal", format!("the journal cannot be written: {error}"));
                    if incoming.is_closed() || self.blocked.ending() {
                        return None;
                    }
                    std::thread::sleep(wait);
                    wait = (wait * 2).min(Duration::from_secs(5));
                }
            }
        }
    }

    fn trim(&mut self) {
        let upto = self.age.upto((self.now)());
        let stored = Position(self.stored.load(Ordering::Relaxed));
        if let Err(error) = self.journal.trim(stored, upto) {
            tracing::warn!(%error, "old journal segments cannot be dropped");
        }
    }
}
