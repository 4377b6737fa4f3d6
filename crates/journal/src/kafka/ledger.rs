//! What was handed out and what of it is acknowledged: the part of the consumer that knows no Kafka.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// A stretch of one partition, as it was handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    /// The partition.
    pub partition: i32,
    /// The first offset.
    pub first: i64,
    /// One past the last offset.
    pub end: i64,
    /// Which time it is that this consumer has the partition: ranges of an earlier time are not acknowledged.
    pub(crate) tenure: u64,
}

/// A range cannot be acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotInFlight {
    /// The partition went to another consumer meanwhile, which gets the range again.
    #[error("partition {0} was taken away: its range goes to another consumer")]
    Revoked(i32),
    /// It was acknowledged before, or never handed out.
    #[error("offsets {first}..{end} of partition {partition} are not in flight", partition = .0.partition, first = .0.first, end = .0.end)]
    Unknown(Range),
}

/// How far behind a partition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// The partition.
    pub partition: i32,
    /// All before this offset is acknowledged; `None` before the first acknowledgement.
    pub acknowledged: Option<i64>,
    /// The oldest offset that is kept.
    pub low: i64,
    /// The offset that the next record gets.
    pub high: i64,
}

impl Lag {
    /// Records that are not acknowledged. Compaction may have taken some of them.
    pub fn records(&self) -> u64 {
        let from = self.acknowledged.unwrap_or(self.low).max(self.low);
        self.high.saturating_sub(from).max(0) as u64
    }

    /// Records that were not acknowledged before retention took them.
    pub fn lost(&self) -> u64 {
        let behind = |acknowledged| self.low.saturating_sub(acknowledged).max(0) as u64;
        self.acknowledged.map_or(0, behind)
    }
}

/// What is handed out and not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Entries.
    pub entries: usize,
    /// Bytes of their records.
    pub bytes: usize,
}

struct Open {
    end: i64,
    load: Load,
    acknowledged: bool,
}

struct Part {
    tenure: u64,
    /// Where the next range begins: the end of the last one.
    next: Option<i64>,
    /// All before is acknowledged.
    prefix: Option<i64>,
    /// What the brokers were told, and what they confirmed.
    told: Option<i64>,
    confirmed: Option<i64>,
    open: BTreeMap<i64, Open>,
    ends: Option<(i64, i64)>,
}

#[derive(Default)]
struct State {
    parts: HashMap<i32, Part>,
    tenures: u64,
    load: Load,
}

/// Shared by the thread that polls and those that acknowledge.
#[derive(Default)]
pub(crate) struct Ledger {
    state: Mutex<State>,
    acknowledged: Condvar,
}

impl Ledger {
    // Each change under the lock is whole before the next can fail.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// These partitions are this consumer's from now on.
    pub(crate) fn assign(&self, partitions: &[i32]) {
        let mut state = self.lock();
        for &partition in partitions {
            state.tenures += 1;
            let part = Part {
                tenure: state.tenures,
                next: None,
                prefix: None,
                told: None,
                confirmed: None,
                open: BTreeMap::new(),
                ends: None,
            };
            state.parts.insert(partition, part);
        }
    }

    /// These partitions are another's from now on. Says what of them was in flight.
    pub(crate) fn revoke(&self, partitions: &[i32]) -> Load {
        let mut state = self.lock();
        let mut dropped = Load::default();
        for partition in partitions {
            let Some(part) = state.parts.remove(partition) else {
                continue;
            };
            for open in part.open.values().filter(|open| !open.acknowledged) {
                dropped.add(open.load);
                state.load.subtract(open.load);
            }
        }
        dropped
    }

    /// The partitions this consumer has.
    pub(crate) fn partitions(&self) -> Vec<i32> {
        let mut partitions: Vec<i32> = self.lock().parts.keys().copied().collect();
        partitions.sort_unstable();
        partitions
    }

    /// Which time it is that this consumer has the partition.
    pub(crate) fn tenure(&self, partition: i32) -> Option<u64> {
        self.lock().parts.get(&partition).map(|part| part.tenure)
    }

    /// Takes note of a range handed out: from where the last one ended to `end`, so that offsets which compaction
    /// took leave no gap. `None` where the partition is not this consumer's.
    pub(crate) fn hand_out(&self, partition: i32, first: i64, end: i64, load: Load) -> Option<Range> {
        let mut state = self.lock();
        let part = state.parts.get_mut(&partition)?;
        let first = part.next.unwrap_or(first).min(first);
        part.next = Some(end);
        part.prefix.get_or_insert(first);
        part.told.get_or_insert(first);
        part.confirmed.get_or_insert(first);
        let tenure = part.tenure;
        let open = Open {
            end,
            load,
            acknowledged: false,
        };
        part.open.insert(first, open);
        state.load.add(load);
        Some(Range {
            partition,
            first,
            end,
            tenure,
        })
    }

    /// Everything in the range is done with.
    pub(crate) fn acknowledge(&self, range: &Range) -> Result<(), NotInFlight> {
        let mut state = self.lock();
        let part = state.parts.get_mut(&range.partition);
        let part = part.filter(|part| part.tenure == range.tenure);
        let part = part.ok_or(NotInFlight::Revoked(range.partition))?;
        let open = part.open.get_mut(&range.first);
        let open = open.filter(|open| open.end == range.end && !open.acknowledged);
        let open = open.ok_or(NotInFlight::Unknown(*range))?;
        open.acknowledged = true;
        let load = open.load;
        while let Some(first) = part.open.first_entry().filter(|open| open.get().acknowledged) {
            part.prefix = Some(first.remove().end);
        }
        state.load.subtract(load);
        self.acknowledged.notify_all();
        Ok(())
    }

    pub(crate) fn load(&self) -> Load {
        self.lock().load
    }

    /// Waits until nothing of these partitions is in flight, or the time is over.
    pub(crate) fn wait_for(&self, partitions: &[i32], within: Duration) {
        let until = Instant::now() + within;
        let mut state = self.lock();
        let in_flight = |state: &State| {
            let parts = partitions.iter().filter_map(|p| state.parts.get(p));
            parts.into_iter().any(|part| !part.open.is_empty())
        };
        while in_flight(&state) {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.acknowledged.wait_timeout(state, left);
            state = waited.unwrap_or_else(|poisoned| poisoned.into_inner()).0;
        }
    }

    /// The acknowledged prefixes that the brokers were not told of; they are told of now.
    pub(crate) fn to_commit(&self) -> Vec<(i32, i64)> {
        let mut commits = Vec::new();
        for (partition, part) in &mut self.lock().parts {
            if let Some(prefix) = part.prefix.filter(|prefix| Some(*prefix) > part.told) {
                part.told = Some(prefix);
                commits.push((*partition, prefix));
            }
        }
        commits
    }

    /// The acknowledged prefixes of these partitions that the brokers have not confirmed.
    pub(crate) fn unconfirmed(&self, partitions: &[i32]) -> Vec<(i32, i64)> {
        let state = self.lock();
        let unconfirmed = |partition: &i32| {
            let part = state.parts.get(partition)?;
            let prefix = part.prefix.filter(|prefix| Some(*prefix) > part.confirmed)?;
            Some((*partition, prefix))
        };
        partitions.iter().filter_map(unconfirmed).collect()
    }

    /// The partitions of which the brokers were told more than they confirmed.
    pub(crate) fn to_confirm(&self) -> Vec<i32> {
        let state = self.lock();
        let open = state.parts.iter().filter(|(_, part)| part.told > part.confirmed);
        open.map(|(partition, _)| *partition).collect()
    }

    /// What the brokers say is committed of a partition, if anything. What they do not know they are told again.
    pub(crate) fn confirm(&self, partition: i32, committed: Option<i64>) {
        if let Some(part) = self.lock().parts.get_mut(&partition) {
            part.confirmed = part.confirmed.max(committed);
            part.told = part.confirmed;
        }
    }

    /// Where the group left a partition, before the first range of it.
    pub(crate) fn resumes(&self, partition: i32, offset: i64) {
        let mut state = self.lock();
        if let Some(part) = state.parts.get_mut(&partition) {
            for place in [&mut part.prefix, &mut part.told, &mut part.confirmed] {
                place.get_or_insert(offset);
            }
        }
    }

    /// Takes note of the oldest and the next offset of a partition.
    pub(crate) fn note_ends(&self, partition: i32, low: i64, high: i64) {
        if let Some(part) = self.lock().parts.get_mut(&partition) {
            part.ends = Some((low, high));
        }
    }

    pub(crate) fn lag(&self) -> Vec<Lag> {
        let state = self.lock();
        let lag = |(&partition, part): (&i32, &Part)| {
            part.ends.map(|(low, high)| Lag {
                partition,
                acknowledged: part.prefix,
                low,
                high,
            })
        };
        let mut lags: Vec<Lag> = state.parts.iter().filter_map(lag).collect();
        lags.sort_unstable_by_key(|lag| lag.partition);
        lags
    }
}

impl Load {
    pub(crate) fn add(&mut self, more: Load) {
        self.entries += more.entries;
        self.bytes += more.bytes;
    }

    fn subtract(&mut self, less: Load) {
        self.entries = self.entries.saturating_sub(less.entries);
        self.bytes = self.bytes.saturating_sub(less.bytes);
    }
}

/// The acknowledging end of a consumer: cheap to clone, for any thread.
#[derive(Clone)]
pub struct Acks(pub(crate) Arc<Ledger>);

impl Acks {
    /// Everything in the range is done with, for good: every bulk item was acknowledged, or put into the dead-letter
    /// topic. Ranges may be acknowledged in any order; committed is what is acknowledged without a gap before it.
    pub fn acknowledge(&self, range: &Range) -> Result<(), NotInFlight> {
        self.0.acknowledge(range)
    }

    /// What is handed out and not acknowledged.
    pub fn in_flight(&self) -> Load {
        self.0.load()
    }

    /// How far behind each partition of this consumer is, as of some seconds ago at most.
    pub fn lag(&self) -> Vec<Lag> {
        self.0.lag()
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
