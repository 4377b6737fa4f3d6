//! Sums of soft answers: what a stream keeps of its posts so that shares can be told at any time.

use super::QuantifyError;
use super::calibration::check;
use crate::linear::argmax;
use serde::{Deserialize, Serialize};

/// Sums of soft answers and counts of the likeliest classes over some posts. Adding a post is one addition per class,
/// two values merge by addition, and what was added can be taken out again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SoftSums {
    /// Posts.
    pub n: u64,
    /// Sum of the probabilities of each class.
    pub sums: Vec<f64>,
    /// Posts for which each class is the likeliest.
    pub counts: Vec<u64>,
}

impl SoftSums {
    /// Nothing yet, for this number of classes.
    pub fn new(classes: usize) -> Self {
        Self {
            n: 0,
            sums: vec![0.0; classes],
            counts: vec![0; classes],
        }
    }

    /// Adds a post. Probabilities that are none are refused.
    pub fn add(&mut self, probabilities: &[f32]) -> Result<(), QuantifyError> {
        self.fits(probabilities)?;
        self.n += 1;
        self.counts[argmax(probabilities)] += 1;
        for (s, &p) in self.sums.iter_mut().zip(probabilities) {
            *s += f64::from(p);
        }
        Ok(())
    }

    /// Takes a post out that was added: one that was deleted.
    pub fn remove(&mut self, probabilities: &[f32]) -> Result<(), QuantifyError> {
        self.fits(probabilities)?;
        let count = &mut self.counts[argmax(probabilities)];
        *count = count.saturating_sub(1);
        self.n = self.n.saturating_sub(1);
        for (s, &p) in self.sums.iter_mut().zip(probabilities) {
            *s = (*s - f64::from(p)).max(0.0);
        }
        Ok(())
    }

    /// Adds what another value holds.
    pub fn merge(&mut self, other: &Self) -> Result<(), QuantifyError> {
        if other.sums.len() != self.sums.len() || other.counts.len() != self.counts.len() {
            return Err(QuantifyError::Classes(other.sums.len()));
        }
        self.n += other.n;
        self.sums.iter_mut().zip(&other.sums).for_each(|(a, b)| *a += b);
        self.counts
            .iter_mut()
            .zip(&other.counts)
            .for_each(|(a, b)| *a += b);
        Ok(())
    }

    fn fits(&self, probabilities: &[f32]) -> Result<(), QuantifyError> {
        if probabilities.len() != self.sums.len() || self.sums.is_empty() {
            return Err(QuantifyError::Classes(probabilities.len()));
        }
        check(probabilities, probabilities.len())
    }
}
