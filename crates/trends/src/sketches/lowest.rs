//! A sample of a set from which the overlap with another can be told.

use crate::hash::mix;
use serde::{Deserialize, Serialize};

/// How many are kept.
const KEPT: usize = 48;

/// The keys of a set with the lowest hashes (bottom-k; Cohen and Kaplan 2007, PODC): the whole set while it is small,
/// else a sample that is the same for whoever holds the same keys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Lowest {
    /// Hashes, ascending, each once.
    hashes: Vec<u64>,
}

impl Lowest {
    /// Puts a key in.
    pub fn insert(&mut self, key: u64) {
        let h = mix(key);
        if self.hashes.len() == KEPT && self.hashes.last().is_some_and(|last| h > *last) {
            return;
        }
        if let Err(at) = self.hashes.binary_search(&h) {
            self.hashes.insert(at, h);
            self.hashes.truncate(KEPT);
        }
    }

    /// How many keys the set has: exact below 48, then within about 15 % (Bar-Yossef et al. 2002).
    pub fn distinct(&self) -> u64 {
        match self.hashes.len() {
            KEPT => {
                let share = self.hashes[KEPT - 1] as f64 / u64::MAX as f64;
                ((KEPT - 1) as f64 / share) as u64
            }
            n => n as u64,
        }
    }

    /// Which share of the smaller set is in the other, about: exact while both are whole.
    pub fn overlap(&self, other: &Self) -> f64 {
        let limit = |set: &Self| match set.hashes.len() {
            KEPT => set.hashes[KEPT - 1],
            _ => u64::MAX,
        };
        let limit = limit(self).min(limit(other));
        let within = |set: &Self| set.hashes.partition_point(|h| *h <= limit);
        let (mine, theirs) = (within(self), within(other));
        let both = self.hashes[..mine]
            .iter()
            .filter(|h| other.hashes[..theirs].binary_search(h).is_ok())
            .count();
        both as f64 / mine.min(theirs).max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_exact_when_small_and_near_when_large() {
        let set = |keys: std::ops::Range<u64>| {
            let mut set = Lowest::default();
            keys.for_each(|k| set.insert(k));
            set
        };
        assert_eq!(set(0..10).overlap(&set(5..25)), 0.5);
        assert!((set(0..3000).overlap(&set(1500..4500)) - 0.5).abs() < 0.2);
    }
}
