//! How many of what is shown are meant.

use crate::intervals::{Estimate, Z};

/// A judged mention with the probability by which it was chosen to be judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The classifier's probability.
    pub probability: f64,
    /// Whether it is meant.
    pub relevant: bool,
    /// The probability of its being chosen, above 0.
    pub chosen: f64,
}

/// The precision of what reaches the threshold, with its 95 % interval: each mention counts for those that were not judged
/// (Horvitz and Thompson 1952; the ratio's variance by linearisation, Särndal et al. 1992, 5.6; the ends by Wilson's
/// interval at the effective number of mentions, which holds them within 0 and 1). `None` below five mentions.
pub fn precision(judged: &[Judged], threshold: f64) -> Option<Estimate> {
    let shown: Vec<(f64, f64)> = judged
        .iter()
        .filter(|j| j.probability >= threshold && j.chosen > 0.0)
        .map(|j| (1.0 / j.chosen, f64::from(u8::from(j.relevant))))
        .collect();
    weighted_share(&shown)
}

/// A weighted share with its interval, of (weight, 0 or 1); as [`precision`] has it. `None` below five.
pub fn weighted_share(weighted: &[(f64, f64)]) -> Option<Estimate> {
    if weighted.len() < 5 {
        return None;
    }
    let all: f64 = weighted.iter().map(|(w, _)| w).sum();
    let squares: f64 = weighted.iter().map(|(w, _)| w * w).sum();
    let p = weighted.iter().map(|(w, y)| w * y).sum::<f64>() / all;
    let n = all * all / squares;
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(Estimate {
        value: p,
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    })
}

/// The lowest threshold at which what is shown of `stream` (calibrated probabilities) is meant to the wanted share, as far
/// as the probabilities can be believed. `None` where no threshold reaches it.
pub fn threshold(stream: &[f64], wanted: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = stream.iter().copied().filter(|p| p.is_finite()).collect();
    sorted.sort_by(|a, b| b.total_cmp(a));
    let (mut sum, mut best) = (0.0, None);
    for (i, p) in sorted.iter().enumerate() {
        sum += p;
        if sum / (i + 1) as f64 >= wanted {
            best = Some(*p);
        }
    }
    best
}
