//! The matching stage: from journal entries to what the writer takes.

use super::Blocked;
use super::ingest::Work;
use super::process::Processor;
use super::snapshot::Snapshot;
use super::writer::Written;
use crate::spans::SPANS;
use arc_swap::ArcSwap;
use journal::{Entry, Position};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};
use tokio::sync::watch;

/// The matching stage: first what the store missed, then what comes.
pub(super) struct Stage {
    pub processor: Processor,
    /// The monitor set in force, for others.
    pub live: Arc<ArcSwap<Snapshot>>,
    /// Its version.
    pub in_force: watch::Sender<u64>,
    /// Told once what the store had missed is replayed.
    pub replayed: watch::Sender<bool>,
    /// Why nothing can be taken up.
    pub blocked: Blocked,
    /// The writer.
    pub written: SyncSender<Written>,
}

impl Stage {
    /// Matches the journal's entries: first what is replayed, then what comes.
    pub(super) fn run(mut self, mut replay: journal::Reader, from: Position, work: Receiver<Work>) {
        let mut upto = from;
        while let Some(batch) = replay.next_batch() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    // Going on would commit a position behind entries nobody has seen: stop instead, and say so.
                    tracing::error!(%error, "the journal cannot be replayed");
                    self.blocked
                        .set("replay", format!("the journal cannot be replayed: {error}"));
                    return;
                }
            };
            let entries: Vec<_> = batch.into_iter().filter(|r| r.position >= upto).collect();
            let Some(last) = entries.last().map(|r| r.position.0 + 1) else {
                continue;
            };
            if !self.step(entries.into_iter().map(|r| r.entry).collect(), last) {
                return;
            }
            upto = Position(last);
        }
        self.replayed.send_replace(true);
        for mut item in work {
            let end = item.end.0;
            // The replay may have run into what was appended since the start.
            let done = upto.0.saturating_sub(item.first.0) as usize;
            if done >= item.entries.len() {
                continue;
            }
            item.entries.drain(..done);
            if !self.step(item.entries, end) {
                return;
            }
            upto = Position(end);
        }
    }

    pub(super) fn step(&mut self, entries: Vec<Entry>, upto: u64) -> bool {
        let span = tracing::info_span!(target: SPANS, "match and score", entries = entries.len(), changes = tracing::field::Empty);
        let outcome = span.in_scope(|| self.processor.process(entries));
        span.record("changes", outcome.changes.len());
        let snapshot = self.processor.snapshot();
        if self
            .written
            .send(Written::Live(outcome, upto, snapshot.clone()))
            .is_err()
        {
            return false;
        }
        if !Arc::ptr_eq(snapshot, &self.live.load()) {
            self.live.store(snapshot.clone());
            self.in_force.send_replace(snapshot.version);
        }
        true
    }
}
