//! Monitors that change while posts are matched: a large compiled base, a small compiled delta, and the slots of the base
//! that hold no more. One writer; readers take [`LiveSnapshot`]s.

use crate::document::Document;
use crate::matcher::{DocumentFrequency, MonitorSet, Scratch, Work};
use crate::naive::Pseudonyms;
use crate::query::Query;
use std::collections::HashMap;
use std::sync::Arc;

/// The writer's side. A slot is a number the caller gives a query, and never gives another.
#[derive(Debug)]
pub struct LiveMonitors {
    current: Arc<LiveSnapshot>,
    /// What the delta holds, each with the version it came with.
    added: Vec<(u32, Query, u64)>,
}

/// The monitors of one version.
#[derive(Debug, Clone)]
pub struct LiveSnapshot {
    version: u64,
    base: Arc<MonitorSet>,
    delta: Arc<MonitorSet>,
    /// Slots of the base that hold no more, each with the version it went with.
    dead: HashMap<u32, u64>,
}

impl LiveMonitors {
    /// Compiles monitors under a version.
    pub fn new<'q>(
        version: u64,
        monitors: impl Iterator<Item = (u32, &'q Query)>,
        pseudonyms: Pseudonyms<'_>,
        frequency: Option<DocumentFrequency<'_>>,
    ) -> Self {
        let base = MonitorSet::with_frequencies(version, monitors, pseudonyms, frequency);
        let current = Arc::new(LiveSnapshot {
            version,
            base: Arc::new(base),
            delta: Arc::new(MonitorSet::new(version, [], None)),
            dead: HashMap::new(),
        });
        Self {
            current,
            added: Vec::new(),
        }
    }

    /// The monitors in force.
    pub fn snapshot(&self) -> Arc<LiveSnapshot> {
        self.current.clone()
    }

    /// Takes slots out and puts slots in, in force under `version`.
    pub fn change(
        &mut self,
        version: u64,
        remove: &[u32],
        add: &[(u32, &Query)],
        pseudonyms: Pseudonyms<'_>,
    ) {
        self.added.retain(|(slot, ..)| !remove.contains(slot));
        let mut next = (*self.current).clone();
        // Those of the delta, too: a base that holds them may be under way.
        next.dead.extend(remove.iter().map(|&slot| (slot, version)));
        self.added
            .extend(add.iter().map(|&(slot, query)| (slot, query.clone(), version)));
        next.version = version;
        self.publish(next, pseudonyms);
    }

    /// Whether so much changed that a new base is worth its compilation.
    pub fn wants_rebuild(&self) -> bool {
        // Small sets are not worth the trouble.
        let base = self.current.base.len().max(1_000);
        self.added.len() * 50 > base || self.current.dead.len() * 10 > base
    }

    /// Takes a base compiled elsewhere from the slots that were alive at `of_version`; later changes stay.
    pub fn adopt(&mut self, base: MonitorSet, of_version: u64, pseudonyms: Pseudonyms<'_>) {
        self.added.retain(|&(.., since)| since > of_version);
        let mut next = (*self.current).clone();
        next.base = Arc::new(base);
        next.dead.retain(|_, since| *since > of_version);
        self.publish(next, pseudonyms);
    }

    fn publish(&mut self, mut next: LiveSnapshot, pseudonyms: Pseudonyms<'_>) {
        let added = self.added.iter().map(|(slot, query, _)| (*slot, query));
        next.delta = Arc::new(MonitorSet::new(next.version, added, pseudonyms));
        self.current = Arc::new(next);
    }
}

impl LiveSnapshot {
    /// The version in force.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Replaces `out` by the slots whose queries match, ascending, each once.
    pub fn matches(&self, document: &Document<'_>, scratch: &mut Scratch, out: &mut Vec<u32>) -> Work {
        let mut work = self.base.matches(document, scratch, out);
        out.retain(|slot| !self.dead.contains_key(slot));
        if !self.delta.is_empty() {
            let mut more = Vec::new();
            work.candidates += self.delta.matches(document, scratch, &mut more).candidates;
            out.append(&mut more);
            out.sort_unstable();
        }
        work
    }
}
