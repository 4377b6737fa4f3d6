//! From the square root back to counts.

use serde::{Deserialize, Serialize};

/// Steps of the centre on the scale of roots, by factors of √2 from an eighth up.
const STEPS: usize = 14;
/// Bins that a step must outweigh before it is believed over the rule.
const SHRINK: f32 = 30.0;
/// Bins that a step remembers: about two weeks of five minutes.
const MEMORY: f32 = 4000.0;
/// No count is believed to be rarer than one in twice as many bins as are remembered.
const RAREST: f64 = 0.5 / MEMORY as f64;
/// A bin counts for no more than so many times the usual scatter: a peak is not to become the rule.
const CUT: f32 = 25.0;

/// What counts come to where the mean of their roots lies at some height: their mean, and how many times as much as
/// Poisson counts they vary. Learned per step of height, since both change with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Levels {
    /// Weight, mean ÷ rule, and Fano factor of each step.
    steps: Box<[[f32; 3]]>,
}

impl Levels {
    /// Bytes behind pointers.
    pub(super) const HEAP: usize = STEPS * 12;

    pub(super) fn new() -> Self {
        Self {
            steps: vec![[0.0, 1.0, 1.0]; STEPS].into(),
        }
    }

    /// The mean count where the mean of roots is `centre`.
    pub(super) fn mean(&self, centre: f64) -> f64 {
        let [weight, ratio, _] = self.steps[step(centre)];
        let mean = rule(centre) * f64::from((weight * ratio + SHRINK) / (weight + SHRINK));
        mean.max(RAREST)
    }

    /// Variance ÷ mean there.
    pub(super) fn fano(&self, centre: f64) -> f64 {
        let own = self.steps[step(centre)];
        // What the neighbours say stands in while a step is new.
        let (sum, weight) = self
            .steps
            .iter()
            .fold((0.0, 0.0), |(sum, all), [w, _, f]| (sum + w * f, all + w));
        let common = (sum + SHRINK) / (weight + SHRINK);
        f64::from((own[0] * own[2] + SHRINK * common) / (own[0] + SHRINK)).max(1.0)
    }

    pub(super) fn learn(&mut self, centre: f64, value: f64) {
        let mean = self.mean(centre).max(0.01) as f32;
        let expected = rule(centre).max(0.01) as f32;
        let fano = self.fano(centre) as f32;
        let [weight, ratio, own] = &mut self.steps[step(centre)];
        *weight = (*weight + 1.0).min(MEMORY);
        let value = value as f32;
        let most = mean + 5.0 * (fano * mean).sqrt() + 5.0;
        *ratio += (value.min(most) / expected - *ratio) / *weight;
        *own += (((value - mean).powi(2) / mean).min(CUT * fano.max(1.0)) - *own) / *weight;
    }
}

fn step(centre: f64) -> usize {
    let height = 2.0 * (centre.max(0.125) * 8.0).log2();
    (height as usize).min(STEPS - 1)
}

/// For Poisson counts: the square of the mean of roots and their variance, which is a quarter for large counts and goes
/// to the mean itself for small ones.
fn rule(centre: f64) -> f64 {
    let m = centre.max(0.0);
    m * m + 0.25 * -(-4.0 * m).exp_m1() + 1e-3
}
