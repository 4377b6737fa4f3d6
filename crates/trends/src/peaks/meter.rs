//! From mentions to bins.

use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// What became of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It is counted in its bin.
    Counted,
    /// Its bin is closed: it comes from the past, and is history but no news.
    Late,
    /// It claims to come from the future.
    Ahead,
}

/// A closed bin: its begin, and its value, or `None` where nobody listened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Begin, Unix seconds.
    pub at: i64,
    /// The sum of what was added.
    pub value: Option<f64>,
}

/// Sums what happens by the time it happened, in bins that stay open for a while after their end. A month that is filled
/// in at once lies in closed bins and changes none; a clock that jumps makes unknown bins, not empty ones.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    bin: i64,
    open: u8,
    first: i64,
    sums: VecDeque<f32>,
    ticked: i64,
}

impl Meter {
    /// Bins of `bin` seconds, of which `open` stay open behind the running one.
    pub fn new(bin: u32, open: u8) -> Self {
        Self {
            bin: i64::from(bin.max(1)),
            open,
            first: i64::MIN,
            sums: VecDeque::new(),
            ticked: i64::MIN,
        }
    }

    /// Adds what happened at `at`, heard of at `now` (Unix seconds).
    pub fn add(&mut self, at: i64, amount: f64, now: i64) -> Placed {
        if at > now.saturating_add(self.bin) {
            return Placed::Ahead;
        }
        let begin = at.div_euclid(self.bin) * self.bin;
        if self.first == i64::MIN {
            self.first = self.oldest_open(now);
        }
        if begin < self.first {
            return Placed::Late;
        }
        let place = ((begin - self.first) / self.bin) as usize;
        if place > usize::from(self.open) + 8 {
            // Nobody has ticked for so long that the clock has to be asked first.
            return Placed::Ahead;
        }
        if self.sums.len() <= place {
            self.sums.resize(place + 1, 0.0);
        }
        self.sums[place] += amount as f32;
        Placed::Counted
    }

    /// Closes the bins that have been open long enough at `now`, the oldest first, and gives them to `take`. `listened`
    /// says whether the sources were heard since the last tick; where they were not, and where no tick came for longer
    /// than bins stay open, bins are unknown.
    pub fn tick(&mut self, now: i64, listened: bool, mut take: impl FnMut(Bin)) {
        let oldest = self.oldest_open(now);
        let slept =
            self.ticked != i64::MIN && (now - self.ticked).abs() > self.bin * (i64::from(self.open) + 1);
        self.ticked = now;
        if self.first == i64::MIN || oldest < self.first - self.bin * i64::from(self.open) {
            // The first tick, or a clock that was set back.
            self.first = oldest;
            self.sums.clear();
            return;
        }
        if slept {
            // What is summed up is only part of what there was.
            self.sums.clear();
            if self.first < oldest {
                take(Bin {
                    at: oldest - self.bin,
                    value: None,
                });
            }
            self.first = oldest;
            return;
        }
        while self.first < oldest {
            let sum = f64::from(self.sums.pop_front().unwrap_or(0.0));
            take(Bin {
                at: self.first,
                value: listened.then_some(sum),
            });
            self.first += self.bin;
        }
    }

    fn oldest_open(&self, now: i64) -> i64 {
        (now.div_euclid(self.bin) - i64::from(self.open)) * self.bin
    }
}
