//! The monitors of a set by id and by slot, so kept that a changed set shares with the one before it all but what
//! changed: pieces behind [`Arc`], of which a change copies only those it touches.

use super::costs::Cost;
use journal::MonitorDef;
use query::Query;
use std::hash::BuildHasher;
use std::sync::Arc;

/// Slots in a piece.
const CHUNK: usize = 256;
/// Pieces of the index by id. At 100,000 monitors a piece holds a hundred.
const SHARDS: usize = 1024;

/// A monitor of a set.
pub struct Watched {
    /// Its definition.
    pub def: MonitorDef,
    /// Its query, where it is matched.
    pub query: Option<Query>,
    /// Its number in the matcher, where it is matched. No other monitor, and no other version of this one, has or had
    /// it in this process.
    pub(super) slot: u32,
    /// What it costs.
    pub(super) cost: Cost,
}

#[derive(Clone)]
pub(super) struct Table {
    by_slot: Vec<Arc<Vec<Option<Arc<Watched>>>>>,
    /// Each in the order of the ids.
    by_id: Vec<Arc<Vec<Arc<Watched>>>>,
    /// How many monitors are matched.
    pub(super) matched: usize,
    /// How many of them ask for the language of a post.
    pub(super) asking_language: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            by_slot: Vec::new(),
            by_id: vec![Arc::default(); SHARDS],
            matched: 0,
            asking_language: 0,
        }
    }
}

impl Table {
    pub(super) fn get(&self, id: &str) -> Option<&Arc<Watched>> {
        let shard = &self.by_id[shard(id)];
        shard
            .binary_search_by(|w| w.def.id.as_str().cmp(id))
            .ok()
            .map(|at| &shard[at])
    }

    pub(super) fn at(&self, slot: u32) -> Option<&Arc<Watched>> {
        self.by_slot.get(slot as usize / CHUNK)?[slot as usize % CHUNK].as_ref()
    }

    /// All monitors, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Arc<Watched>> {
        self.by_id.iter().flat_map(|shard| shard.iter())
    }

    /// Puts a monitor in; one of its id must have been taken out.
    pub(super) fn put(&mut self, watched: Arc<Watched>) {
        if let Some(query) = &watched.query {
            let (chunk, place) = (watched.slot as usize / CHUNK, watched.slot as usize % CHUNK);
            while self.by_slot.len() <= chunk {
                self.by_slot.push(Arc::new(vec![None; CHUNK]));
            }
            Arc::make_mut(&mut self.by_slot[chunk])[place] = Some(watched.clone());
            self.matched += 1;
            self.asking_language += usize::from(super::snapshot::tests_language(query.ast()));
        }
        let shard = Arc::make_mut(&mut self.by_id[shard(&watched.def.id)]);
        let at = shard.partition_point(|w| w.def.id < watched.def.id);
        shard.insert(at, watched);
    }

    /// Takes a monitor out.
    pub(super) fn take(&mut self, id: &str) -> Option<Arc<Watched>> {
        let old = self.get(id)?.clone();
        if let Some(query) = &old.query {
            let chunk = Arc::make_mut(&mut self.by_slot[old.slot as usize / CHUNK]);
            chunk[old.slot as usize % CHUNK] = None;
            self.matched -= 1;
            self.asking_language -= usize::from(super::snapshot::tests_language(query.ast()));
        }
        Arc::make_mut(&mut self.by_id[shard(id)]).retain(|w| w.def.id != id);
        Some(old)
    }
}

fn shard(id: &str) -> usize {
    foldhash::fast::FixedState::default().hash_one(id) as usize % SHARDS
}
