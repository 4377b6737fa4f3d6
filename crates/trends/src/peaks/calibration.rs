//! How far a series goes by chance.

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

const EULER: f64 = 0.577_215_664_901_532_9;

/// The largest readings of past blocks, as their mean and spread; older ones fade. A Gumbel distribution is fitted by
/// moments (Gumbel 1958, section 6.2.6), begun with pseudo-blocks so that it says something sensible from the start.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Maxima {
    blocks: u16,
    mean: f32,
    variance: f32,
}

/// Pseudo-blocks at the start.
const PRIOR: u16 = 3;

impl Maxima {
    /// Before any block: the mean and the standard deviation that are believed.
    pub fn new(mean: f64, deviation: f64) -> Self {
        Self {
            blocks: PRIOR,
            mean: mean as f32,
            variance: (deviation * deviation) as f32,
        }
    }

    /// Takes in the largest reading of a block; `memory` blocks are remembered.
    pub fn push(&mut self, largest: f64, memory: u16) {
        self.blocks = self.blocks.saturating_add(1).min(memory.max(PRIOR + 1));
        let rate = 1.0 / f32::from(self.blocks);
        let off = largest as f32 - self.mean;
        self.mean += rate * off;
        self.variance = (1.0 - rate) * (self.variance + rate * off * off);
    }

    /// The probability that the largest reading of a block reaches this one.
    pub fn chance(&self, reading: f64) -> f64 {
        let scale = (6.0 * f64::from(self.variance.max(1e-4))).sqrt() / PI;
        let location = f64::from(self.mean) - EULER * scale;
        let g = (reading - location) / scale;
        -(-(-g).exp()).exp_m1()
    }

    /// Blocks taken in, at most those that are remembered.
    pub fn blocks(&self) -> u16 {
        self.blocks - PRIOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn chance_is_the_share_of_blocks_that_go_so_far() {
        let mut random = Random::new(1);
        let mut block = || (0..72).map(|_| -random.share().ln()).fold(0.0, f64::max);
        let mut maxima = Maxima::new(4.0, 1.0);
        for _ in 0..2000 {
            maxima.push(block(), 2000);
        }
        for reading in [5.0, 7.0, 9.0] {
            let share = (0..20_000).filter(|_| block() >= reading).count() as f64 / 20_000.0;
            let chance = maxima.chance(reading);
            assert!((chance / share - 1.0).abs() < 0.35, "{reading}: {chance} {share}");
        }
    }
}
