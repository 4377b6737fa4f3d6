//! The share of mentions that are of a kind, as the negative ones.

use super::calibration::Maxima;
use super::config::Config;
use super::series::{Kind, Reading};
use crate::intervals::{Estimate, MIN_SAMPLE, share};
use crate::snapshot::State;
use serde::{Deserialize, Serialize};

/// Seconds in which the baseline forgets half: 28 days are in it.
const HALF_LIFE: f64 = 14.0 * 86_400.0;
/// Seconds in which the running window forgets half.
const WINDOW: f64 = 2.0 * 3600.0;

/// A reading of a share, with both shares and their intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareReading {
    /// How it stands out; its value and what was expected are shares.
    pub reading: Reading,
    /// The share in the running window.
    pub now: Estimate,
    /// The share in the baseline.
    pub usual: Estimate,
}

/// A share over the last hours beside that of the last weeks. It says nothing before both rest on 30 mentions, and
/// calibrates itself as [`super::Series`] does: mentions of one event are not independent, so that a test for independent
/// ones would alarm far too often.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShareSeries {
    next: i64,
    seen: u32,
    window: [f64; 2],
    usual: [f64; 2],
    maxima: Maxima,
    block: i64,
    largest: f32,
    alarmed: i64,
}

impl State for ShareSeries {
    const KIND: [u8; 4] = *b"shar";
    const VERSION: u16 = 1;
}

impl Default for ShareSeries {
    fn default() -> Self {
        Self {
            next: i64::MIN,
            seen: 0,
            window: [0.0; 2],
            usual: [0.0; 2],
            maxima: Maxima::new(2.5, 0.8),
            block: i64::MIN,
            largest: 0.0,
            alarmed: i64::MIN,
        }
    }
}

impl ShareSeries {
    /// A share of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in a bin: so many of the kind, of so many. `None` where the bin was there before or too little is known.
    pub fn push(&mut self, at: i64, part: u64, whole: u64, config: &Config) -> Option<ShareReading> {
        let jumped = self.next != i64::MIN && at.saturating_add(i64::from(config.block)) < self.next;
        if at < self.next && !jumped {
            return None;
        }
        let since = match self.next == i64::MIN || jumped {
            true => f64::from(config.bin),
            false => (at - self.next) as f64 + f64::from(config.bin),
        };
        self.next = at.saturating_add(i64::from(config.bin));
        self.turn(at, config);
        let part = part.min(whole);
        let fade = |sums: &mut [f64; 2], half_life: f64| {
            let keep = 0.5f64.powf(since / half_life);
            sums.iter_mut().for_each(|s| *s *= keep);
            sums[0] += part as f64;
            sums[1] += whole as f64;
        };
        fade(&mut self.window, WINDOW);
        let reading = self.read(at, config);
        fade(&mut self.usual, HALF_LIFE);
        self.seen = self.seen.saturating_add(1);
        reading
    }

    /// Whether the reading is an alarm at so many expected false ones per week; then none follows in the refractory
    /// period. Its interval must exclude the usual share as well.
    pub fn alarm(&mut self, reading: &ShareReading, per_week: f64, config: &Config) -> bool {
        let r = &reading.reading;
        let resting = self.alarmed != i64::MIN
            && r.at >= self.alarmed
            && r.at < self.alarmed.saturating_add(i64::from(config.refractory));
        let excludes = reading.now.low > reading.usual.high || reading.now.high < reading.usual.low;
        let asked = config.trusted(per_week, self.seen);
        let alarm = !resting && excludes && r.p <= config.threshold(asked);
        if alarm {
            self.alarmed = r.at;
        }
        alarm
    }

    fn read(&mut self, at: i64, config: &Config) -> Option<ShareReading> {
        // A faded count is that of a window with the same information.
        let estimate = |[part, whole]: [f64; 2]| share(part.round() as u64, whole.round() as u64);
        let (now, usual) = (estimate(self.window)?, estimate(self.usual)?);
        let pooled = ((self.usual[0] + 1.0) / (self.usual[1] + 2.0)).clamp(1e-6, 1.0 - 1e-6);
        let noise = (pooled * (1.0 - pooled) * (1.0 / self.window[1] + 1.0 / self.usual[1])).sqrt();
        let z = (now.value - usual.value) / noise;
        self.largest = self.largest.max(z.abs() as f32);
        let warm = i64::from(self.seen) * i64::from(config.bin) >= i64::from(config.warm_up);
        let reading = Reading {
            at,
            value: now.value,
            expected: usual.value,
            kind: if z < 0.0 { Kind::Drop } else { Kind::Rise },
            p: if warm { self.maxima.chance(z.abs()) } else { 1.0 },
            bins: (WINDOW / f64::from(config.bin)).max(1.0) as usize,
        };
        Some(ShareReading { reading, now, usual })
    }

    fn turn(&mut self, at: i64, config: &Config) {
        let block = at.div_euclid(i64::from(config.block.max(1)));
        if block != self.block {
            if self.block != i64::MIN && self.usual[1] >= MIN_SAMPLE as f64 && self.largest > 0.0 {
                self.maxima.push(f64::from(self.largest), config.blocks);
            }
            self.largest = 0.0;
            self.block = block;
        }
    }
}
