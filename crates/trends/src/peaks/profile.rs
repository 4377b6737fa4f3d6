//! The shape of a week.

use super::config::{HOUR, WEEK};
use serde::{Deserialize, Serialize};

const HOURS: usize = 168;
/// So many weeks stand behind an hour of the week at most: older ones fade.
const MEMORY: u8 = 8;
/// Observations that a finer cell must outweigh before it is believed over the coarser one.
const SHRINK: f32 = 4.0;

/// How each hour of the week lies above or below the level: the hour of the day, then whether it is the weekend, then the
/// hour of the week, each shrunk towards the one before it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Profile {
    /// Upper halves of floats: three digits are more than an hour's mean deserves.
    mean: Box<[u16]>,
    weeks: Box<[u8]>,
    hour: i64,
    sum: f32,
    bins: u16,
    offset: f32,
}

/// A float's upper half, rounded.
fn half(value: f32) -> u16 {
    (value.to_bits().saturating_add(0x8000) >> 16) as u16
}

impl Profile {
    /// Bytes behind pointers.
    pub(super) const HEAP: usize = HOURS * 3;

    pub(super) fn new() -> Self {
        Self {
            mean: vec![0; HOURS].into(),
            weeks: vec![0; HOURS].into(),
            hour: i64::MIN,
            sum: 0.0,
            bins: 0,
            offset: 0.0,
        }
    }

    /// What a bin that starts then lies above the level.
    pub(super) fn offset(&mut self, at: i64) -> f64 {
        let hour = at.div_euclid(HOUR);
        if hour != self.hour {
            self.close();
            self.hour = hour;
            self.offset = self.estimate(hour_of_week(at));
        }
        f64::from(self.offset)
    }

    /// Takes in what the bin lay above the level.
    pub(super) fn learn(&mut self, above: f64) {
        self.sum += above as f32;
        self.bins = self.bins.saturating_add(1);
    }

    fn mean(&self, cell: usize) -> f32 {
        f32::from_bits(u32::from(self.mean[cell]) << 16)
    }

    fn close(&mut self) {
        if self.bins > 0 && self.hour != i64::MIN {
            let cell = hour_of_week(self.hour * HOUR);
            let weeks = &mut self.weeks[cell];
            *weeks = (*weeks + 1).min(MEMORY);
            let rate = 1.0 / f32::from(*weeks);
            let mean = self.mean(cell);
            self.mean[cell] = half(mean + rate * (self.sum / f32::from(self.bins) - mean));
        }
        self.sum = 0.0;
        self.bins = 0;
    }

    fn estimate(&self, cell: usize) -> f32 {
        let (day, hour) = (cell / 24, cell % 24);
        let over = |keep: &dyn Fn(usize) -> bool, base: f32| {
            let (mut sum, mut weight) = (0.0, 0.0);
            for d in (0..7).filter(|d| keep(*d)) {
                let c = d * 24 + hour;
                let w = f32::from(self.weeks[c]);
                sum += w * (self.mean(c) - base);
                weight += w;
            }
            base + sum / (weight + SHRINK)
        };
        let daily = over(&|_| true, 0.0);
        let weekend = over(&|d| is_weekend(d) == is_weekend(day), daily);
        if self.weeks[cell] < 4 {
            return weekend;
        }
        over(&|d| d == day, weekend)
    }
}

/// The hour of the week in UTC, Monday's first is 0. 1970 began on a Thursday.
pub(super) fn hour_of_week(at: i64) -> usize {
    ((at + 3 * 24 * HOUR).rem_euclid(WEEK) / HOUR) as usize
}

fn is_weekend(day: usize) -> bool {
    day >= 5
}
