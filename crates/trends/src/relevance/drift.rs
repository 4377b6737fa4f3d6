//! Whether the stream is still what the classifier learned on.

use serde::{Deserialize, Serialize};

const BINS: usize = 10;
/// Mentions on either side before anything is said.
const ENOUGH: f64 = 200.0;

/// The population stability index of probabilities, now against when the classifier was trained: Σ (a − e) ln(a ÷ e) over
/// tenths (Siddiqi 2006). Above 0.2 is an alarm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    then: [f64; BINS],
    now: [f64; BINS],
}

impl Drift {
    /// From this index on it is time for new labels.
    pub const ALARM: f64 = 0.2;

    /// Nothing seen.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a mention of the time of training.
    pub fn expect(&mut self, probability: f64) {
        self.then[bin(probability)] += 1.0;
    }

    /// Counts a mention of now; the last two thousand or so matter.
    pub fn observe(&mut self, probability: f64) {
        self.now.iter_mut().for_each(|n| *n *= 1.0 - 1.0 / 2000.0);
        self.now[bin(probability)] += 1.0;
    }

    /// The index; `None` while either side has too few mentions.
    pub fn index(&self) -> Option<f64> {
        let (then, now): (f64, f64) = (self.then.iter().sum(), self.now.iter().sum());
        if then < ENOUGH || now < ENOUGH {
            return None;
        }
        let share = |n: f64, all: f64| (n + 0.5) / (all + 0.5 * BINS as f64);
        let pairs = self.then.iter().zip(&self.now);
        Some(
            pairs
                .map(|(t, n)| (share(*t, then), share(*n, now)))
                .map(|(e, a)| (a - e) * (a / e).ln())
                .sum(),
        )
    }

    /// Whether it is time for new labels.
    pub fn alarm(&self) -> bool {
        self.index().is_some_and(|i| i > Self::ALARM)
    }
}

fn bin(probability: f64) -> usize {
    ((probability.clamp(0.0, 1.0) * BINS as f64) as usize).min(BINS - 1)
}
