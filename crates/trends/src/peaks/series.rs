//! One metric of one monitor.

use super::calibration::Maxima;
use super::config::{Config, Direction, Scale};
use super::levels::Levels;
use super::profile::Profile;
use super::sparse::{Recent, WINDOWS};
use crate::snapshot::State;
use serde::{Deserialize, Serialize};

/// Residuals are cut at so many times their spread before they are learned from: a peak is not to become the rule.
const CUT: f64 = 5.0;
/// −log10 of the probability of so many empty bins, from which on nothing is learned: the series is not quiet, it is cut
/// off, and will come back as it was.
const CUT_OFF: f64 = 4.0;
/// A silence of so many seconds is the rule from then on.
const GIVEN_UP: i64 = 7 * 86_400;
/// Larger values are taken for this one.
const LARGEST: f64 = 1e12;
/// Observations over which the spread is averaged before its own half-life takes over.
const FIRST: f64 = 12.0;

/// What is in the way of chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// More than expected.
    Rise,
    /// Less than expected.
    Drop,
    /// Nothing at all, though something was to be expected.
    Silence,
}

/// What one bin says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Begin of the bin, Unix seconds.
    pub at: i64,
    /// Its value.
    pub value: f64,
    /// The value that was to be expected.
    pub expected: f64,
    /// What it would be.
    pub kind: Kind,
    /// The probability that the largest reading of a block of time goes so far by chance; 1 during warm-up.
    pub p: f64,
    /// Bins that are out of the ordinary together, of which this is the last.
    pub bins: usize,
}

/// A reading that nobody has to be told twice about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alarm {
    /// The reading.
    pub reading: Reading,
    /// False alarms per week that asking for one like this would bring.
    pub per_week: f64,
}

/// The state of one series: what is expected, how much it varies, how far it goes by chance. About 1 kB.
///
/// Bins are pushed in order of time. An unknown bin (nobody listened) is pushed as `None`, or left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    last: i64,
    seen: u32,
    level: f32,
    spread: f32,
    levels: Levels,
    profile: Profile,
    recent: Recent,
    maxima: Maxima,
    block: i64,
    largest: f32,
    low: f32,
    high: f32,
    /// −log10 of the probability of the empty bins up to now.
    empty: f32,
    /// Begin of the first of them.
    quiet: i64,
    alarmed: i64,
    strength: f32,
}

impl State for Series {
    const KIND: [u8; 4] = *b"peak";
    const VERSION: u16 = 1;
}

impl Default for Series {
    fn default() -> Self {
        Self::new()
    }
}

impl Series {
    /// A series of which nothing is known.
    pub fn new() -> Self {
        Self {
            last: i64::MIN,
            seen: 0,
            level: 0.0,
            spread: 0.0,
            levels: Levels::new(),
            profile: Profile::new(),
            recent: Recent::new(),
            maxima: Maxima::new(2.0, 0.6),
            block: i64::MIN,
            largest: 0.0,
            low: f32::INFINITY,
            high: f32::NEG_INFINITY,
            empty: 0.0,
            quiet: i64::MIN,
            alarmed: i64::MIN,
            strength: 0.0,
        }
    }

    /// Takes in the bin that begins at `at` (Unix seconds), and says how it stands out. `None` where the bin is unknown
    /// or was there before. A begin before the last one by more than a block means that the clock was set: the series
    /// goes on from there.
    pub fn push(&mut self, at: i64, value: Option<f64>, config: &Config) -> Option<Reading> {
        let known = self.last != i64::MIN;
        let jumped = known && at.saturating_add(i64::from(config.block)) < self.last;
        if known && at <= self.last && !jumped {
            return None;
        }
        let gap = known && at.saturating_sub(self.last) > i64::from(config.bin) * 3 / 2;
        self.last = at;
        if gap || jumped {
            self.recent.skip();
            self.empty = 0.0;
        }
        self.turn(at, config);
        let Some(value) = value
            .filter(|v| v.is_finite())
            .map(|v| v.clamp(-LARGEST, LARGEST))
        else {
            self.recent.skip();
            self.empty = 0.0;
            return None;
        };
        Some(self.read(at, value, config))
    }

    /// The reading as an alarm, where chance goes so far less often than `per_week` times a week, and no alarm as strong
    /// was given in the refractory period. Without a call, no alarm counts as given.
    pub fn alarm(&mut self, reading: &Reading, per_week: f64, config: &Config) -> Option<Alarm> {
        // A silence is told once.
        let told = reading.kind == Kind::Silence && self.alarmed >= self.quiet;
        let asked = config.trusted(per_week, self.seen);
        if told || reading.p > config.threshold(asked) || self.is_resting(reading, config) {
            return None;
        }
        self.alarmed = reading.at;
        self.strength = strength(reading.p);
        Some(Alarm {
            reading: *reading,
            per_week: -(-reading.p.min(1.0 - 1e-12)).ln_1p() * config.blocks_of_a_week(),
        })
    }

    /// The monitor was edited: how much it brings is learned anew and alarms rest for the warm-up; the shape of the week
    /// and how far chance goes stay.
    pub fn edited(&mut self) {
        self.seen = 0;
        self.empty = 0.0;
        self.recent.skip();
        (self.low, self.high) = (f32::INFINITY, f32::NEG_INFINITY);
    }

    /// Bytes held, its own and those it points to.
    pub fn bytes(&self) -> usize {
        std::mem::size_of::<Self>() + Profile::HEAP + Recent::HEAP + Levels::HEAP
    }

    fn is_resting(&self, reading: &Reading, config: &Config) -> bool {
        self.alarmed != i64::MIN
            && reading.at >= self.alarmed
            && reading.at < self.alarmed.saturating_add(i64::from(config.refractory))
            // Far out, a little stronger is the same peak going on.
            && strength(reading.p) <= self.strength.max(1.0) * 1.5
    }

    fn turn(&mut self, at: i64, config: &Config) {
        let block = at.div_euclid(i64::from(config.block.max(1)));
        if block != self.block {
            // Blocks of a warm-up, and unknown ones, say nothing.
            if self.block != i64::MIN && self.largest > 0.0 {
                self.maxima.push(f64::from(self.largest), config.blocks);
            }
            self.largest = 0.0;
            self.block = block;
        }
    }

    fn read(&mut self, at: i64, value: f64, config: &Config) -> Reading {
        let y = config.scale.of(value);
        if self.seen == 0 {
            self.level = y as f32;
        }
        let centre = f64::from(self.level) + self.profile.offset(at);
        let spread = f64::from(self.spread).max(config.scale.floor(centre));
        let expected = self.back(centre, config);
        let residual = y - centre;
        self.recent.push(value, expected, residual, config);
        let reading = self.judge(at, value, centre, expected, spread, config);
        let cut_off =
            value == 0.0 && self.empty >= CUT_OFF as f32 && at.saturating_sub(self.quiet) < GIVEN_UP;
        if !cut_off {
            self.learn(y, centre, spread, value, config);
        }
        reading
    }

    fn judge(
        &mut self,
        at: i64,
        value: f64,
        centre: f64,
        expected: f64,
        spread: f64,
        config: &Config,
    ) -> Reading {
        let (mut v, mut kind, mut bins) = match config.scale {
            Scale::Count => self.counted(centre, config),
            _ => self.dense(spread, config),
        };
        let plain = v;
        v *= self.record(value, config);
        if config.scale == Scale::Count {
            if value > 0.0 || self.empty == 0.0 {
                self.quiet = at;
            }
            let silence = self.silence(value, expected, centre);
            if silence > v {
                (v, kind, bins) = (silence, Kind::Silence, 1);
            }
        }
        // Records are news whenever they come: they are not to become what is usual.
        let usual = if kind == Kind::Silence { v } else { plain };
        let warm = i64::from(self.seen) * i64::from(config.bin) >= i64::from(config.warm_up);
        if warm {
            self.largest = self.largest.max(usual as f32);
        }
        let p = match warm {
            true if config.scale == Scale::Count => self.chance(v, usual, expected, config),
            true => self.maxima.chance(v),
            false => 1.0,
        };
        Reading {
            at,
            value,
            expected,
            kind,
            p,
            bins,
        }
    }

    /// The probability that the largest reading of a block goes so far, where the counts alone have one of 10^−`surprise`.
    /// Blocks of a rare series tell little: it is not believed to be less than the counts have in as many tries as a block
    /// has bins; and where less than one a day is expected, it is at most the fourth root, for dozens out of nothing are
    /// news.
    fn chance(&self, v: f64, surprise: f64, expected: f64, config: &Config) -> f64 {
        let tries = f64::from(config.block) / f64::from(config.bin);
        let fitted = self
            .maxima
            .chance(v)
            .max((tries * 10f64.powf(-surprise)).min(1.0));
        let is_rare = expected * 86_400.0 / f64::from(config.bin) < 1.0;
        match is_rare {
            true => fitted.min(10f64.powf(-surprise / 4.0)),
            false => fitted,
        }
    }

    /// −log10 of the probability of the least likely window.
    fn counted(&self, centre: f64, config: &Config) -> (f64, Kind, usize) {
        let (s, bins) = self.recent.surprise(self.levels.fano(centre), config);
        (s, Kind::Rise, bins)
    }

    /// ln(1 + z) of the window that lies farthest out.
    fn dense(&self, spread: f64, config: &Config) -> (f64, Kind, usize) {
        let way = |z: f64| match config.direction {
            Direction::Up => z.max(0.0),
            Direction::Both => z.abs(),
        };
        let mut best = (0.0f64, 1);
        for (sums, bins) in self.recent.windows().into_iter().zip(WINDOWS) {
            let z = sums[2] / (spread * (bins as f64).sqrt());
            if way(z) > way(best.0) {
                best = (z, bins);
            }
            if !config.windows {
                break;
            }
        }
        let kind = if best.0 < 0.0 { Kind::Drop } else { Kind::Rise };
        (way(best.0).ln_1p(), kind, best.1)
    }

    /// By how much a reading counts more because its value lies beyond all before it.
    fn record(&mut self, value: f64, config: &Config) -> f64 {
        let range = f64::from(self.high - self.low).max(0.0);
        let record = value > f64::from(self.high) + 0.05 * range
            || (config.direction == Direction::Both && value < f64::from(self.low) - 0.05 * range);
        self.low = self.low.min(value as f32);
        self.high = self.high.max(value as f32);
        match record && self.seen > 0 {
            true => f64::from(config.record),
            false => 1.0,
        }
    }

    /// −log10 of the probability of so many empty bins, up to this one.
    fn silence(&mut self, value: f64, expected: f64, centre: f64) -> f64 {
        if value > 0.0 {
            self.empty = 0.0;
            return 0.0;
        }
        let fano = self.levels.fano(centre).max(1.0 + 1e-6);
        // P(0) of a negative binomial: (1 + mean / size) ^ −size.
        let mean = expected.max(1e-9);
        let size = mean / (fano - 1.0);
        self.empty += (size * (mean / size).ln_1p() / std::f64::consts::LN_10) as f32;
        f64::from(self.empty)
    }

    fn back(&self, centre: f64, config: &Config) -> f64 {
        match config.scale {
            Scale::Count => self.levels.mean(centre),
            scale => scale.back(centre),
        }
    }

    fn learn(&mut self, y: f64, centre: f64, spread: f64, value: f64, config: &Config) {
        self.seen = self.seen.saturating_add(1);
        let seen = f64::from(self.seen);
        let usual = 1.0 - 0.5f64.powf(f64::from(config.bin) / f64::from(config.half_life.max(1)));
        // The first day is averaged evenly, so that the first bin does not weigh for days.
        let rate = usual.max(1.0 / seen);
        let limit = CUT * if seen < FIRST { f64::INFINITY } else { spread };
        let cut = (y - centre).clamp(-limit, limit);
        self.profile.learn(centre + cut - f64::from(self.level));
        self.level += (rate * cut) as f32;
        let slow = usual.max(1.0 / (seen + FIRST));
        // The mean distance of a normal variable is 0.798 of its deviation.
        self.spread += (slow * (cut.abs() * 1.2533 - f64::from(self.spread))) as f32;
        if config.scale == Scale::Count {
            self.levels.learn(centre, value);
        }
    }

    /// How the week looks: what is expected in the bin that begins at `at`.
    pub fn expected(&self, at: i64, config: &Config) -> f64 {
        let centre = f64::from(self.level) + self.profile.clone().offset(at);
        self.back(centre, config)
    }
}

/// How strong a reading is: −log10 of its probability.
fn strength(p: f64) -> f32 {
    -(p.max(1e-300).log10()) as f32
}
