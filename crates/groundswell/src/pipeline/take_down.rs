//! The matching stage where workers match: takes down what they found.
//!
//! What this process appended itself (monitors, deletions) it acts on at once; the word of it comes round through the
//! workers once more, which changes nothing. A worker matches under the version that stands on a post, so what comes
//! after a monitor changed may still be of its old query: that is left out, for the search of the past finds it anew.

use super::findings;
use super::ingest::Work;
use super::process::{Outcome, Processor};
use super::snapshot::Snapshot;
use super::stage::Stage;
use super::{Blocked, writer::Written};
use foldhash::HashMap;
use journal::Entry;
use journal::kafka::{Matched, MatchedReader};
use post::{Admission, PostKey};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::{Duration, Instant};
use store::Mention;

/// How long it waits for news before it looks what this process appended.
const WAIT: Duration = Duration::from_millis(100);
/// How often what is written down is deleted from the topic.
const DELETE_EVERY: Duration = Duration::from_secs(30);
/// After a fault of the brokers.
const AGAIN: Duration = Duration::from_secs(1);
/// Posts whose newest word is remembered, in two halves of which the older goes.
const HALF: usize = 200_000;

/// What it hears and tells besides.
pub(super) struct Beside {
    /// Who was erased.
    pub admission: Arc<Admission>,
    /// The next position the store has not absorbed.
    pub stored: Arc<AtomicU64>,
    /// Told how far it is with what this process appended itself.
    pub heard: Arc<AtomicU64>,
}

impl Stage {
    /// Takes down what arrives until the process ends.
    pub(super) fn take_down(mut self, mut reader: MatchedReader, beside: &Beside, work: &Receiver<Work>) {
        self.replayed.send_replace(true);
        let mut order = Order::default();
        let mut deleted = Instant::now();
        loop {
            match work.try_recv() {
                Ok(own) => {
                    if !self.step(own.entries, reader.next()) {
                        return;
                    }
                    beside.heard.store(own.end.0, Ordering::Relaxed);
                    continue;
                }
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) => {}
            }
            let arrived = match reader.arrived(WAIT) {
                Ok(arrived) => arrived,
                Err(error) if self.waits(&error) => continue,
                Err(_) => return,
            };
            self.blocked.clear(WHAT);
            if arrived.put_aside > 0 {
                tracing::error!(
                    records = arrived.put_aside,
                    "what workers found cannot be read and was put aside"
                );
            }
            let news = arrived.matched.into_iter().filter(|m| order.is_news(m)).collect();
            let outcome = match self.processor.take_down(news, &beside.admission) {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::error!(%error, "what workers found cannot be read");
                    return self.blocked.set(WHAT, error.to_string());
                }
            };
            let written = Written::Live(outcome, arrived.next, self.processor.snapshot().clone());
            if self.written.send(written).is_err() {
                return;
            }
            if deleted.elapsed() > DELETE_EVERY {
                deleted = Instant::now();
                if let Err(error) = reader.delete_below(beside.stored.load(Ordering::Relaxed)) {
                    tracing::warn!(%error, "what is written down was not deleted from its topic");
                }
            }
        }
    }

    /// Whether a fault of the brokers passes: waits where it does, says so where it does not.
    fn waits(&self, error: &journal::kafka::Error) -> bool {
        fault(&self.blocked, error)
    }
}

const WHAT: &str = "what workers found";

/// Says that the brokers failed, and waits where that passes; `false` where nothing will help, or the process ends.
pub(super) fn fault(blocked: &Blocked, error: &journal::kafka::Error) -> bool {
    tracing::error!(%error, "the brokers do not do what was asked");
    blocked.set(WHAT, error.to_string());
    if !error.is_passing() || blocked.ending() {
        return false;
    }
    std::thread::sleep(AGAIN);
    true
}

impl Processor {
    /// Turns what workers found into changes.
    fn take_down(&mut self, all: Vec<Matched>, admission: &Admission) -> anyhow::Result<Outcome> {
        let mut out = Outcome::default();
        let (mut posts, mut found) = (Vec::new(), Vec::new());
        for matched in all {
            let Entry::Post { post, identity } = matched.entry else {
                self.settle(&mut posts, &mut found, &mut out);
                self.take_event(matched.entry, &mut out);
                continue;
            };
            // Collectors hear of an erasure a moment later than this process.
            let mentions = match admission.refuses(&post) {
                true => Vec::new(),
                false => findings::read(&post, &matched.findings)?,
            };
            let snapshot = self.snapshot();
            let mentions: Vec<Mention> = mentions.into_iter().filter(|m| stands(snapshot, m)).collect();
            let matching = mentions.iter().filter(|m| !m.is_context());
            let monitors: Vec<&str> = matching.map(|m| m.monitor.as_str()).collect();
            self.kept().hear(&post, &monitors);
            posts.push((post, identity));
            found.push(mentions);
        }
        self.settle(&mut posts, &mut found, &mut out);
        Ok(out)
    }
}

/// Whether a mention is of a monitor as it is now.
fn stands(snapshot: &Snapshot, mention: &Mention) -> bool {
    let now = snapshot.monitor(&mention.monitor).filter(|w| w.query.is_some());
    now.is_some_and(|w| mention.is_context() || w.def.version == mention.monitor_version)
}

/// What was the newest word of each post: a worker that was thought dead may forward what another has overtaken.
#[derive(Default)]
struct Order {
    young: HashMap<(u8, PostKey), i64>,
    old: HashMap<(u8, PostKey), i64>,
}

impl Order {
    /// Whether nothing as new was seen of the same. What was seen is remembered.
    fn is_news(&mut self, matched: &Matched) -> bool {
        // Counts do not unsay the post, nor the post its counts.
        let key = match &matched.entry {
            Entry::Post { post, .. } => (0, post.key),
            Entry::Delete { key, .. } => (0, *key),
            Entry::Engagement { key, .. } => (1, *key),
            _ => return true,
        };
        let offset = matched.place.offset;
        let seen = self.young.get(&key).or_else(|| self.old.get(&key));
        if seen.is_some_and(|&seen| seen >= offset) {
            return false;
        }
        if self.young.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, offset);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use journal::kafka::Place;

    fn deleted(n: u8, offset: i64) -> Matched {
        Matched {
            place: Place { partition: 0, offset },
            seen_at: 0,
            monitors: 0,
            entry: Entry::Delete {
                key: PostKey([n; 16]),
                at: 0,
            },
            findings: Vec::new(),
        }
    }

    #[test]
    fn what_was_overtaken_or_comes_again_is_no_news() {
        let mut order = Order::default();
        assert!(order.is_news(&deleted(1, 10)));
        assert!(!order.is_news(&deleted(1, 9)), "overtaken");
        assert!(!order.is_news(&deleted(1, 10)), "again");
        assert!(order.is_news(&deleted(1, 11)));
        assert!(order.is_news(&deleted(2, 3)), "another post");
    }
}
