//! A set that never misses a member.

use crate::hash::mix;
use serde::{Deserialize, Serialize};

/// A Bloom filter (Bloom 1970, CACM 13:422) whose bits of a key lie in one word, so that asking costs one line of cache
/// (Putze, Sanders and Singler 2007).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bloom(Vec<u64>);

impl Bloom {
    /// For so many keys: about one new key in 5,000 is taken for a member when they are in. 5 bytes a key.
    pub(crate) fn new(keys: usize) -> Self {
        Self(vec![0; (keys.max(64) * 40 / 64).next_power_of_two()])
    }

    /// Puts a key in; true where it was not.
    pub(crate) fn insert(&mut self, key: u64) -> bool {
        let (word, bits) = self.place(key);
        let new = self.0[word] & bits != bits;
        self.0[word] |= bits;
        new
    }

    pub(crate) fn contains(&self, key: u64) -> bool {
        let (word, bits) = self.place(key);
        self.0[word] & bits == bits
    }

    pub(crate) fn clear(&mut self) {
        self.0.fill(0);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.0.len() * 8
    }

    fn place(&self, key: u64) -> (usize, u64) {
        let h = mix(key);
        let word = (h >> 32) as usize & (self.0.len() - 1);
        (
            word,
            (0..5).fold(0u64, |bits, i| bits | 1 << ((h >> (6 * i)) & 63)),
        )
    }
}
