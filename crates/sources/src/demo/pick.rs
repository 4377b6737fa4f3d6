//! Small random choices.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// An index, each as likely as its weight says. Zero where every weight is zero.
pub(super) fn weighted(weights: &[f64], rng: &mut ChaCha8Rng) -> usize {
    let mut left = rng.random_range(0.0..1.0) * weights.iter().sum::<f64>();
    for (i, w) in weights.iter().enumerate() {
        left -= w;
        if left < 0.0 {
            return i;
        }
    }
    0
}

/// A waiting time with the given mean.
pub(super) fn exponential(mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    -mean * (1.0 - rng.random_range(0.0..1.0f64)).ln()
}
