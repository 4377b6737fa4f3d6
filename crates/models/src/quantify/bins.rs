//! Soft answers counted in bins: small enough to be kept for millions of posts, fine enough for EMQ.

use super::{QuantifyError, SoftSums};
use std::collections::BTreeMap;

/// Bins along one class.
const STEPS: f32 = 100.0;

/// Soft answers by their probabilities in hundredths. Each bin keeps the mean of what fell into it, so that sums stay
/// exact; what EMQ makes of the bins differs from what it makes of the single answers by less than a thousandth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SoftBins {
    /// What the bins add up to.
    pub sums: SoftSums,
    bins: BTreeMap<Vec<u8>, (u64, Vec<f64>)>,
}

impl SoftBins {
    /// Nothing yet, for this number of classes.
    pub fn new(classes: usize) -> Self {
        Self {
            sums: SoftSums::new(classes),
            bins: BTreeMap::new(),
        }
    }

    /// Adds posts that all have these probabilities.
    pub fn add(&mut self, probabilities: &[f32], posts: u64) -> Result<(), QuantifyError> {
        if posts == 0 {
            return Ok(());
        }
        let mut one = SoftSums::new(probabilities.len());
        one.add(probabilities)?;
        one.n = posts;
        one.sums.iter_mut().for_each(|s| *s *= posts as f64);
        one.counts.iter_mut().for_each(|c| *c *= posts);
        self.sums.merge(&one)?;
        // The last class is what is left of one.
        let last = probabilities.len().saturating_sub(1);
        let key = probabilities[..last]
            .iter()
            .map(|p| (p * STEPS).round() as u8)
            .collect();
        let (n, sums) = self
            .bins
            .entry(key)
            .or_insert_with(|| (0, vec![0.0; probabilities.len()]));
        *n += posts;
        sums.iter_mut().zip(&one.sums).for_each(|(a, b)| *a += b);
        Ok(())
    }

    /// Adds what another value holds.
    pub fn merge(&mut self, other: &Self) -> Result<(), QuantifyError> {
        self.sums.merge(&other.sums)?;
        for (key, (n, sums)) in &other.bins {
            let (to, into) = self
                .bins
                .entry(key.clone())
                .or_insert_with(|| (0, vec![0.0; sums.len()]));
            *to += n;
            into.iter_mut().zip(sums).for_each(|(a, b)| *a += b);
        }
        Ok(())
    }

    /// The mean of each bin, row by row, and how many posts each stands for.
    pub(super) fn rows(&self) -> (Vec<f32>, Vec<u64>) {
        let means = self
            .bins
            .values()
            .flat_map(|(n, sums)| sums.iter().map(|s| (s / *n as f64) as f32));
        (means.collect(), self.bins.values().map(|b| b.0).collect())
    }
}
