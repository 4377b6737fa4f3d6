//! How a metric is looked at.

use serde::{Deserialize, Serialize};

/// Seconds of an hour and of a week.
pub(super) const HOUR: i64 = 3600;
pub(super) const WEEK: i64 = 7 * 24 * HOUR;

/// The scale on which a metric's noise is about the same at every level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// Counts of mentions or authors: the square root (Bartlett 1936), below five a bin the negative binomial itself.
    Count,
    /// Sums with heavy tails, as engagement: the logarithm of 1 + value.
    Sum,
    /// Any other figure: the square root of its size with its sign.
    Figure,
}

/// Which way is worth an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// Above what is expected.
    Up,
    /// Either way.
    Both,
}

/// What all series of a metric have in common.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Seconds of a bin.
    pub bin: u32,
    /// The metric's scale.
    pub scale: Scale,
    /// Which way is worth an alarm.
    pub direction: Direction,
    /// Seconds of a block: chance is told by the largest reading of each.
    pub block: u32,
    /// How many blocks are remembered.
    pub blocks: u16,
    /// After an alarm, so many seconds pass before a weaker one.
    pub refractory: u32,
    /// Seconds in which the level forgets half.
    pub half_life: u32,
    /// Seconds before a new series may alarm.
    pub warm_up: u32,
    /// How many times as much a reading counts whose value lies beyond all before it by a twentieth of their range.
    pub record: f32,
    /// Whether sums of several bins are read too, for bursts longer than a bin.
    pub windows: bool,
}

impl Config {
    /// For a metric on bins of so many seconds.
    pub fn new(scale: Scale, direction: Direction, bin: u32) -> Self {
        Self {
            bin: bin.max(1),
            scale,
            direction,
            block: 6 * 3600,
            blocks: 112,
            refractory: 24 * 3600,
            half_life: 3 * 24 * 3600,
            warm_up: 24 * 3600,
            record: 6.0,
            windows: true,
        }
    }

    /// So many blocks make a week.
    pub(super) fn blocks_of_a_week(&self) -> f64 {
        WEEK as f64 / f64::from(self.block.max(1))
    }

    /// How many of the asked false alarms a series of so many bins is given, up to all of them after two weeks: few blocks
    /// say little of what is rarer than they are many.
    pub(super) fn trusted(&self, per_week: f64, seen: u32) -> f64 {
        const TRUSTED: f64 = 14.0 * 86_400.0;
        per_week * (f64::from(seen) * f64::from(self.bin) / TRUSTED).min(1.0)
    }

    /// The probability below which a reading is an alarm, at so many expected false alarms per week.
    pub fn threshold(&self, per_week: f64) -> f64 {
        // While an alarm rests, none is given: chance is asked for as many more.
        let resting = (per_week * f64::from(self.refractory) / WEEK as f64).min(0.8);
        -(-per_week / (1.0 - resting) / self.blocks_of_a_week()).exp_m1()
    }
}

impl Scale {
    /// The value on the scale.
    pub(super) fn of(self, value: f64) -> f64 {
        match self {
            Self::Count => value.max(0.0).sqrt(),
            Self::Sum => value.max(0.0).ln_1p(),
            Self::Figure => value.abs().sqrt().copysign(value),
        }
    }

    /// Back from the scale, for display.
    pub(super) fn back(self, y: f64) -> f64 {
        match self {
            Self::Count => y.max(0.0).powi(2),
            Self::Sum => y.max(0.0).exp_m1(),
            Self::Figure => (y * y).copysign(y),
        }
    }

    /// The least noise that is believed, at a level on the scale: a count is never steadier than a Poisson one.
    pub(super) fn floor(self, level: f64) -> f64 {
        match self {
            Self::Count => 0.5,
            Self::Sum => 0.1,
            Self::Figure => 1e-9 + 0.005 * level.abs(),
        }
    }
}
