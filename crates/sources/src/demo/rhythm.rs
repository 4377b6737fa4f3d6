//! When people post: the hour of the day and the day of the week where they live.

use super::lang::Lang;
use post::Millis;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// Activity by local hour: asleep at four, a hump at lunch, the peak at nine in the evening. Scaled to a mean of one.
const DAY_PROFILE: [f64; 24] = [
    0.55, 0.35, 0.22, 0.16, 0.15, 0.22, 0.45, 0.80, 1.05, 1.15, 1.20, 1.25, 1.35, 1.25, 1.15, 1.15, 1.20,
    1.30, 1.45, 1.60, 1.70, 1.65, 1.35, 0.90,
];

/// Activity by local weekday, Monday first, with a mean of one.
const WEEK_PROFILE: [f64; 7] = [0.96, 0.97, 0.98, 0.98, 0.97, 1.04, 1.10];

/// Activity at a local time, as a multiple of the weekly mean.
fn local_activity(local: Millis) -> f64 {
    let mean = DAY_PROFILE.iter().sum::<f64>() / 24.0;
    let of_day = local.rem_euclid(DAY);
    let hour = (of_day / HOUR) as usize;
    let part = (of_day % HOUR) as f64 / HOUR as f64;
    let level = DAY_PROFILE[hour] * (1.0 - part) + DAY_PROFILE[(hour + 1) % 24] * part;
    // 1970-01-01 was a Thursday.
    let weekday = (local.div_euclid(DAY) + 3).rem_euclid(7) as usize;
    level / mean * WEEK_PROFILE[weekday]
}

/// The activity of one language's speakers at a moment, as a multiple of their weekly mean. Offsets are those of
/// winter; summer time is left out.
pub(super) fn activity(lang: Lang, at: Millis) -> f64 {
    lang.regions()
        .iter()
        .map(|(hours, share)| share * local_activity(at + (hours * HOUR as f64) as i64))
        .sum()
}

/// The mixture of languages, refreshed every ten simulated minutes.
#[derive(Debug)]
pub(super) struct Rhythm {
    slice: i64,
    weights: [f64; 10],
}

impl Rhythm {
    const SLICE: i64 = 10 * 60_000;

    pub(super) fn new() -> Self {
        Self {
            slice: i64::MIN,
            weights: [0.0; 10],
        }
    }

    /// The weight of every language at a moment, in the order of [`Lang::ALL`]; over a week their sum averages one.
    pub(super) fn weights(&mut self, at: Millis) -> &[f64; 10] {
        let slice = at.div_euclid(Self::SLICE);
        if slice != self.slice {
            self.slice = slice;
            self.weights = Lang::ALL.map(|l| l.share() * activity(l, slice * Self::SLICE));
        }
        &self.weights
    }
}
