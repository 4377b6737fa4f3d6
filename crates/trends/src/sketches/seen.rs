//! Whether a key was met lately: two Bloom filters, of which the older is forgotten.

use super::bloom::Bloom;
use serde::{Deserialize, Serialize};

/// Remembers keys for at least one period and at most two. A new key is taken for a known one with a probability of at
/// most about 1 in 2,500 while no more keys than `capacity` come in a period; a known one never for a new one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    now: Bloom,
    before: Bloom,
    period: i64,
    started: i64,
    held: usize,
    capacity: usize,
}

impl Seen {
    /// Room for `capacity` keys in each period of so many seconds: 10 bytes a key.
    pub fn new(capacity: usize, period: i64) -> Self {
        Self {
            now: Bloom::new(capacity),
            before: Bloom::new(capacity),
            period: period.max(1),
            started: i64::MIN,
            held: 0,
            capacity: capacity.max(64),
        }
    }

    /// Notes a key at a time in Unix seconds; true where it was not known. Keys of the past are noted like others.
    pub fn insert(&mut self, key: u64, at: i64) -> bool {
        self.turn(at);
        let new = self.now.insert(key);
        self.held += usize::from(new);
        new && !self.before.contains(key)
    }

    /// Whether a key was noted lately.
    pub fn contains(&self, key: u64) -> bool {
        self.now.contains(key) || self.before.contains(key)
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.now.bytes() + self.before.bytes()
    }

    /// A clock that jumps ahead and back turns the filters once; keys without end turn them early.
    fn turn(&mut self, at: i64) {
        if self.started == i64::MIN {
            self.started = at;
        }
        if at >= self.started.saturating_add(self.period) || self.held >= self.capacity {
            std::mem::swap(&mut self.now, &mut self.before);
            self.now.clear();
            self.held = 0;
            self.started = at.max(self.started);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_key_is_known_and_a_new_one_nearly_always_new() {
        let mut seen = Seen::new(10_000, 3600);
        assert!((0..9_999).filter(|k| !seen.insert(*k, 0)).count() < 10);
        assert!((0..9_999).all(|k| !seen.insert(k, 10)));
    }

    #[test]
    fn keys_are_forgotten_after_two_periods() {
        let mut seen = Seen::new(1000, 100);
        seen.insert(7, 0);
        seen.insert(8, 150);
        assert!(seen.contains(7));
        seen.insert(9, 260);
        assert!(!seen.contains(7) && seen.contains(8));
    }
}
