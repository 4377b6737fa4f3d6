//! How many matches a day a query brings, from what it brought.

use super::{DAY, Interval};
use post::Millis;
use std::collections::BTreeMap;
use trends::Z;

const HOUR: Millis = 3_600_000;
/// Under this interval nothing is said.
const LEAST: Millis = 600_000;

/// Matches a day with their 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rate {
    /// The estimate.
    pub(crate) per_day: f64,
    /// Lower end.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

/// Matches by hour.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hours(BTreeMap<i64, u64>);

impl Hours {
    /// Takes note of a match.
    pub(crate) fn note(&mut self, at: Millis) {
        *self.0.entry(at.div_euclid(HOUR)).or_default() += 1;
    }

    /// Matches noted.
    pub(crate) fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The rate over an interval; `None` where it is shorter than ten minutes.
    ///
    /// The interval is Byar's approximation to the exact one of a Poisson count (Breslow and Day 1987, vol. II, eq.
    /// 2.13), widened by how much more the hours differ than a Poisson count's would (variance ÷ mean, at least 1). It
    /// takes hours as independent and the future as like the past: a campaign to come is not in it.
    pub(crate) fn rate(&self, interval: &Interval) -> Option<Rate> {
        let (from, to) = (interval.from?, interval.to?);
        if to - from < LEAST {
            return None;
        }
        let hours = (to.div_euclid(HOUR) - from.div_euclid(HOUR) + 1) as f64;
        let excess = self.dispersion(hours);
        let n = self.total() as f64 / excess;
        let scale = excess * DAY as f64 / (to - from) as f64;
        let low = if n > 0.0 {
            n * (1.0 - 1.0 / (9.0 * n) - Z / (3.0 * n.sqrt())).max(0.0).powi(3)
        } else {
            0.0
        };
        let m = n + 1.0;
        let high = m * (1.0 - 1.0 / (9.0 * m) + Z / (3.0 * m.sqrt())).powi(3);
        Some(Rate {
            per_day: n * scale,
            low: low * scale,
            high: high * scale,
        })
    }

    /// Variance ÷ mean of the matches of an hour, at least 1.
    fn dispersion(&self, hours: f64) -> f64 {
        let mean = self.total() as f64 / hours;
        if hours < 2.0 || mean == 0.0 {
            return 1.0;
        }
        let squares: f64 = self.0.values().map(|&n| (n as f64 - mean).powi(2)).sum();
        let empty = (hours - self.0.len() as f64).max(0.0) * mean * mean;
        ((squares + empty) / (hours - 1.0) / mean).max(1.0)
    }
}
