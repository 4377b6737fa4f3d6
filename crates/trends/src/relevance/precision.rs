//! Weighted shares, and the threshold that a wanted precision asks for.

use crate::intervals::{self, Estimate};

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

/// A weighted share with its 95 % interval, of (weight, 0 or 1): each counts for as many as its weight says (Horvitz and
/// Thompson 1952; the ratio's variance by linearisation, Särndal et al. 1992, 5.6; the ends by Wilson's interval at the
/// effective number, which holds them within 0 and 1). `None` below five.
pub fn weighted_share(weighted: &[(f64, f64)]) -> Option<Estimate> {
    if weighted.len() < 5 {
        return None;
    }
    let all: f64 = weighted.iter().map(|(w, _)| w).sum();
    let squares: f64 = weighted.iter().map(|(w, _)| w * w).sum();
    let p = weighted.iter().map(|(w, y)| w * y).sum::<f64>() / all;
    let n = all * all / squares;
    Some(intervals::weighted_share(p, n))
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
