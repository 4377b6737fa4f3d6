//! Whether a count changed by more than it changes anyway.

use crate::intervals::{Estimate, Z, two_sided};

/// Fewer things than this in both periods together say nothing.
const FEW: f64 = 10.0;

/// How a count changed from one period to the next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed {
    /// After ÷ before, per bucket, with its 95 % interval.
    pub ratio: Estimate,
    /// How many times more the buckets vary than a Poisson process does; at least 1.
    pub dispersion: f64,
    /// The probability of a change as large without one (two-sided).
    pub p: f64,
}

/// The change of a count per bucket (of days, say) between two periods. Mentions come in bursts: the interval is that of two
/// Poisson counts × the root of the dispersion of the buckets around the mean of their period (quasi-Poisson, McCullagh and
/// Nelder 1989, Generalized Linear Models, 6.2). `None` for fewer than two buckets in either, nothing before, or fewer
/// than ten in all.
pub fn changed(before: &[u64], now: &[u64]) -> Option<Changed> {
    if before.len() < 2 || now.len() < 2 {
        return None;
    }
    let (b, a) = (sum(before), sum(now));
    if b < 1.0 || a + b < FEW {
        return None;
    }
    let dispersion = dispersion(&[before, now]);
    let rate = |sum: f64, buckets: &[u64]| sum / buckets.len() as f64;
    let value = rate(a, now) / rate(b, before);
    // Half a count more, so that nothing after has an interval, too.
    let centre = (rate(a + 0.5, now) / rate(b + 0.5, before)).ln();
    let spread = (dispersion * (1.0 / (a + 0.5) + 1.0 / (b + 0.5))).sqrt();
    Some(Changed {
        ratio: Estimate {
            value,
            low: (centre - Z * spread).exp().min(value),
            high: (centre + Z * spread).exp().max(value),
        },
        dispersion,
        p: two_sided(centre.abs() / spread),
    })
}

/// The sum of a count over buckets, with the 95 % interval of what as many buckets like these would bring (as for [`changed`]).
pub fn total(buckets: &[u64]) -> Estimate {
    let value = sum(buckets);
    let half = Z * (dispersion(&[buckets]) * value.max(1.0)).sqrt();
    Estimate {
        value,
        low: (value - half).max(0.0),
        high: value + half,
    }
}

fn sum(buckets: &[u64]) -> f64 {
    buckets.iter().sum::<u64>() as f64
}

/// Pearson's statistic ÷ its degrees of freedom.
fn dispersion(periods: &[&[u64]]) -> f64 {
    let (mut squares, mut freedom) = (0.0, 0.0);
    for buckets in periods {
        let mean = sum(buckets) / buckets.len().max(1) as f64;
        if mean > 0.0 {
            squares += buckets
                .iter()
                .map(|n| (*n as f64 - mean).powi(2) / mean)
                .sum::<f64>();
            freedom += buckets.len() as f64 - 1.0;
        }
    }
    if freedom > 0.0 {
        (squares / freedom).max(1.0)
    } else {
        1.0
    }
}
