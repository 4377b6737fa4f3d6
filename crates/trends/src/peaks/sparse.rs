//! Recent bins, and how unlikely they are where counts are small.

use super::config::Config;
use crate::tails::negative_binomial;
use serde::{Deserialize, Serialize};

/// Bins that are kept one by one.
const BINS: usize = 12;
/// How many bins are looked at together.
pub(super) const WINDOWS: [usize; 4] = [1, 3, 6, 12];
const DAY: f64 = 86_400.0;

/// What the last bins brought and what was expected of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Values, expected values and residuals of the last bins, one after another.
    kept: Box<[f32]>,
    next: u8,
    /// Sums over about a day, forgotten evenly: value and expected.
    day: [f32; 2],
}

impl Recent {
    /// Bytes behind pointers.
    pub(super) const HEAP: usize = 3 * BINS * 4;

    pub(super) fn new() -> Self {
        Self {
            kept: vec![0.0; 3 * BINS].into(),
            next: 0,
            day: [0.0; 2],
        }
    }

    pub(super) fn push(&mut self, value: f64, expected: f64, residual: f64, config: &Config) {
        let at = usize::from(self.next);
        self.kept[at] = value as f32;
        self.kept[BINS + at] = expected as f32;
        self.kept[2 * BINS + at] = residual as f32;
        self.next = ((at + 1) % BINS) as u8;
        let keep = (1.0 - f64::from(config.bin) / DAY).max(0.0) as f32;
        self.day[0] = self.day[0] * keep + value as f32;
        self.day[1] = self.day[1] * keep + expected as f32;
    }

    /// What is unknown neither counts for nor against a burst.
    pub(super) fn skip(&mut self) {
        *self = Self::new();
    }

    /// Sums of value, expected and residual over the last bins, for each window.
    pub(super) fn windows(&self) -> [[f64; 3]; WINDOWS.len()] {
        let mut sums = [0.0f64; 3];
        let mut out = [[0.0; 3]; WINDOWS.len()];
        let mut at = usize::from(self.next);
        let mut window = 0;
        for back in 1..=BINS {
            at = (at + BINS - 1) % BINS;
            for (kind, sum) in sums.iter_mut().enumerate() {
                *sum += f64::from(self.kept[kind * BINS + at]);
            }
            if back == WINDOWS[window] {
                out[window] = sums;
                window = (window + 1).min(WINDOWS.len() - 1);
            }
        }
        out
    }

    /// The least likely of the windows and of the day, as −log10 of the probability of so many, where a count varies
    /// `fano` times as much as a Poisson one; and how many bins it holds.
    pub(super) fn surprise(&self, fano: f64, config: &Config) -> (f64, usize) {
        let size = |mean: f64| mean / (fano - 1.0).max(1e-3);
        let mut best = (0.0, 1);
        for (sums, bins) in self.windows().into_iter().zip(WINDOWS) {
            // The tail is at its deepest at the end of a burst: a window whose last bin is empty was seen before.
            let surprise = match sums[0] > sums[1] {
                true => negative_binomial(sums[0], sums[1], size(sums[1])),
                false => 0.0,
            };
            if surprise > best.0 {
                best = (surprise, bins);
            }
        }
        let day = f64::from(self.day[1]);
        if f64::from(self.day[0]) > day && day > 0.0 {
            let surprise = negative_binomial(f64::from(self.day[0]), day, size(day));
            if surprise > best.0 {
                best = (surprise, (DAY / f64::from(config.bin)) as usize);
            }
        }
        best
    }
}
