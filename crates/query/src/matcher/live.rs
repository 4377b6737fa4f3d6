//! A monitor set that changes while posts are matched.
//!
//! A large immutable base, a small delta made anew with each change, and a bit for each monitor that is gone. A change
//! costs what the delta holds, whatever the size of the base. Now and then the base is compiled anew, on another
//! thread, and adopted. (O'Neil et al., *The log-structured merge-tree*, 1996, with two levels.)

use super::builder::Builder;
use super::meter::Observer;
use super::tree::{Context, DocumentFrequency};
use super::{Meter, MonitorSet, Scratch, Work};
use crate::document::Document;
use crate::naive::Pseudonyms;
use crate::query::Query;
use std::sync::Arc;

/// A delta of more monitors is better made part of the base.
const MAX_DELTA: usize = 500;
/// So many monitors may be gone before the base is worth compiling for them.
const MIN_DEAD: usize = 100;

/// The writer's side: there is one, and it publishes [`LiveSnapshot`]s.
///
/// Monitors stand in slots, numbers of the caller's choice that grow: a slot is not used again, and an edited monitor
/// gets a new one.
#[derive(Debug)]
pub struct LiveMonitors {
    builder: Builder,
    current: Arc<LiveSnapshot>,
}

/// A monitor set at one version. Immutable; threads share it.
#[derive(Debug, Clone)]
pub struct LiveSnapshot {
    version: u64,
    base: Side,
    delta: Side,
}

/// A compiled set and which of its monitors are gone.
#[derive(Debug, Clone)]
struct Side {
    set: Arc<MonitorSet>,
    gone: Arc<Vec<u64>>,
    count_gone: usize,
}

impl Side {
    fn new(set: MonitorSet) -> Self {
        Self {
            gone: Arc::new(vec![0; set.len().div_ceil(64)]),
            set: Arc::new(set),
            count_gone: 0,
        }
    }

    /// The number of a slot; slots stand in their order.
    fn number(&self, slot: u32) -> Option<usize> {
        self.set.ids.binary_search(&slot).ok()
    }

    /// Whether the slot was there.
    fn remove(&mut self, slot: u32) -> bool {
        let Some(number) = self.number(slot) else {
            return false;
        };
        let word = &mut Arc::make_mut(&mut self.gone)[number >> 6];
        let bit = 1 << (number & 63);
        self.count_gone += usize::from(*word & bit == 0);
        *word |= bit;
        true
    }

    fn is_alive(&self, number: u32) -> bool {
        self.gone[number as usize >> 6] & 1 << (number & 63) == 0
    }
}

impl LiveMonitors {
    /// Compiles monitors under a version.
    pub fn new<'q>(
        version: u64,
        monitors: impl IntoIterator<Item = (u32, &'q Query)>,
        pseudonyms: Pseudonyms<'_>,
        frequency: Option<DocumentFrequency<'_>>,
    ) -> Self {
        let base = MonitorSet::with_frequencies(version, monitors, pseudonyms, frequency);
        let mut builder = Builder::default();
        Self {
            current: Arc::new(LiveSnapshot {
                version,
                base: Side::new(base),
                delta: Side::new(builder.freeze(version)),
            }),
            builder,
        }
    }

    /// The set as it is now.
    pub fn snapshot(&self) -> Arc<LiveSnapshot> {
        self.current.clone()
    }

    /// Takes monitors out and puts others in, in the order of their slots, which are higher than all before. Snapshots
    /// taken from now on have the new version; those taken before stay as they are.
    pub fn change(
        &mut self,
        version: u64,
        remove: &[u32],
        add: &[(u32, &Query)],
        pseudonyms: Pseudonyms<'_>,
        frequency: Option<DocumentFrequency<'_>>,
    ) {
        let mut next = (*self.current).clone();
        next.version = version;
        if !add.is_empty() {
            let context = Context {
                pseudonyms,
                frequency,
            };
            add.iter()
                .for_each(|(slot, query)| self.builder.add(*slot, query, context));
            let set = self.builder.freeze(version);
            Arc::make_mut(&mut next.delta.gone).resize(set.len().div_ceil(64), 0);
            next.delta.set = Arc::new(set);
        }
        for &slot in remove {
            if !next.base.remove(slot) {
                next.delta.remove(slot);
            }
        }
        self.current = Arc::new(next);
    }

    /// Whether so much has changed that the base should be compiled anew.
    pub fn wants_rebuild(&self) -> bool {
        let now = &self.current;
        let gone = now.base.count_gone + now.delta.count_gone;
        now.delta.set.len() > MAX_DELTA
            || (gone > MIN_DEAD && gone * 10 > now.base.set.len() + now.delta.set.len())
    }

    /// Puts a base in force that was compiled from the monitors of an earlier moment. `since` are the monitors alive now
    /// that it lacks; `is_alive` says which of its slots are.
    pub fn adopt<'q>(
        &mut self,
        base: MonitorSet,
        since: impl IntoIterator<Item = (u32, &'q Query)>,
        is_alive: impl Fn(u32) -> bool,
        pseudonyms: Pseudonyms<'_>,
        frequency: Option<DocumentFrequency<'_>>,
    ) {
        let version = self.current.version;
        let mut base = Side::new(base);
        for slot in base.set.ids.clone() {
            if !is_alive(slot) {
                base.remove(slot);
            }
        }
        let context = Context {
            pseudonyms,
            frequency,
        };
        self.builder = Builder::default();
        let mut since: Vec<(u32, &Query)> = since.into_iter().collect();
        since.sort_by_key(|m| m.0);
        since
            .into_iter()
            .for_each(|(slot, query)| self.builder.add(slot, query, context));
        let delta = Side::new(self.builder.freeze(version));
        self.current = Arc::new(LiveSnapshot { version, base, delta });
    }
}

impl LiveSnapshot {
    /// The version it was published under.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How many monitors are in it.
    pub fn len(&self) -> usize {
        let of = |side: &Side| side.set.len() - side.count_gone;
        of(&self.base) + of(&self.delta)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes it takes.
    pub fn bytes(&self) -> usize {
        let of = |side: &Side| side.set.bytes() + side.gone.len() * 8;
        of(&self.base) + of(&self.delta)
    }

    /// Replaces `out` by the slots of the monitors that match, ascending, each once.
    pub fn matches(&self, document: &Document<'_>, scratch: &mut Scratch, out: &mut Vec<u32>) -> Work {
        self.run(document, scratch, out, &mut ())
    }

    /// The same, noting in `meter` what each monitor costs.
    pub fn matches_metered(
        &self,
        document: &Document<'_>,
        scratch: &mut Scratch,
        out: &mut Vec<u32>,
        meter: &mut Meter,
    ) -> Work {
        self.run(document, scratch, out, meter)
    }

    fn run(
        &self,
        document: &Document<'_>,
        scratch: &mut Scratch,
        out: &mut Vec<u32>,
        observer: &mut impl Observer,
    ) -> Work {
        out.clear();
        let Scratch { words, sides } = scratch;
        words.read(document);
        observer.post();
        let mut work = Work::default();
        for (side, buffers) in [&self.base, &self.delta].into_iter().zip(sides) {
            if !side.set.is_empty() {
                let alive = |number| side.is_alive(number);
                work.candidates += side
                    .set
                    .run(document, words, buffers, out, &alive, observer)
                    .candidates;
            }
        }
        out.sort_unstable();
        out.dedup();
        work
    }
}
