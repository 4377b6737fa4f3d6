//! How often the frequent terms are said at each hour of the day.

use super::slot::Slot;
use crate::hash::KeyMap;
use serde::{Deserialize, Serialize};

/// Weight of the newest day: about a week is in the mean.
const RATE: f32 = 0.1;

/// Means by hour, of a fixed number of terms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Hours {
    means: KeyMap<u64, Vec<f32>>,
    room: usize,
}

impl Hours {
    pub(super) fn new(room: usize) -> Self {
        Self {
            means: KeyMap::default(),
            room,
        }
    }

    pub(super) fn mean(&self, key: u64, hour: usize) -> f32 {
        self.means.get(&key).map_or(0.0, |m| m[hour])
    }

    pub(super) fn learn(&mut self, hour: usize, slot: &Slot) {
        for (key, means) in &mut self.means {
            let votes = slot.exact.get(key).map_or(0, |e| e.votes);
            means[hour] += RATE * (votes as f32 - means[hour]);
        }
        for (key, entry) in &slot.exact {
            if !self.means.contains_key(key) {
                let mut means = vec![0.0; 24];
                means[hour] = RATE * entry.votes as f32;
                self.means.insert(*key, means);
            }
        }
        self.forget();
    }

    /// Keeps the terms that are said most.
    fn forget(&mut self) {
        if self.means.len() <= self.room {
            return;
        }
        let total = |means: &[f32]| means.iter().sum::<f32>();
        let mut totals: Vec<f32> = self.means.values().map(|m| total(m)).collect();
        let cut = totals.len() - self.room * 3 / 4;
        let (_, least, _) = totals.select_nth_unstable_by(cut, f32::total_cmp);
        let least = *least;
        self.means.retain(|_, m| total(m) > least);
    }

    pub(super) fn bytes(&self) -> usize {
        self.means.len() * (24 * 4 + 48)
    }
}
