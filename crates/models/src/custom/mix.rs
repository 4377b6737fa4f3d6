//! From the values of both parts to probabilities, and to a score of how well a text belongs to any label at all.

use crate::calibrate::fit_temperature;
use crate::linear::softmax;
use serde::{Deserialize, Serialize};

/// Rows by which weight and temperatures are chosen, at most.
const ENOUGH: usize = 4_000;
/// Steps of the weight.
const STEPS: u8 = 10;

/// How the parts are put together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Mix {
    /// The share of the states' values, 0 to 1.
    pub(super) weight: f32,
    /// Divides the mixed values.
    pub(super) temperature: f32,
    /// Divides the values of words alone.
    pub(super) words_temperature: f32,
}

/// Values of rows by models that had not seen them.
#[derive(Debug, Default)]
pub(super) struct Values {
    pub(super) words: Vec<Vec<f32>>,
    pub(super) states: Option<Vec<Vec<f32>>>,
}

impl Values {
    /// The values of a row, mixed.
    pub(super) fn mixed(&self, row: usize, weight: f32) -> Vec<f32> {
        let mut out = self.words[row].clone();
        if let Some(states) = &self.states {
            mix(&mut out, &states[row], weight);
        }
        out
    }
}

impl Mix {
    /// What makes the truth likeliest among some rows.
    pub(super) fn fit(values: &Values, truth: &[u16], rows: &[usize]) -> Self {
        let step = rows.len().div_ceil(ENOUGH).max(1);
        let rows: Vec<usize> = rows.iter().copied().step_by(step).collect();
        let truth: Vec<u16> = rows.iter().map(|&r| truth[r]).collect();
        let fit = |weight: f32| {
            let mixed: Vec<Vec<f32>> = rows.iter().map(|&r| values.mixed(r, weight)).collect();
            let temperature = fit_temperature(&mixed, &truth);
            (loss(&mixed, &truth, temperature), weight, temperature)
        };
        let words = fit(0.0);
        let steps = if values.states.is_some() { STEPS } else { 0 };
        let best = (1..=steps)
            .map(|s| fit(f32::from(s) / f32::from(STEPS)))
            .fold(words, |a, b| if b.0 < a.0 { b } else { a });
        Self {
            weight: best.1,
            temperature: best.2,
            words_temperature: words.2,
        }
    }

    pub(super) fn is_valid(&self) -> bool {
        let temperature = |t: f32| t.is_finite() && t > 0.0;
        (0.0..=1.0).contains(&self.weight)
            && temperature(self.temperature)
            && temperature(self.words_temperature)
    }
}

/// Mixes the values of states into those of words.
pub(super) fn mix(words: &mut [f32], states: &[f32], weight: f32) {
    words
        .iter_mut()
        .zip(states)
        .for_each(|(w, s)| *w += weight * (s - *w));
}

/// How well a text belongs to any label: the largest value, each label's being told against all others. Two labels are
/// told against each other only; there it is how clearly.
pub(super) fn belonging(values: &[f32]) -> f32 {
    match values {
        [a, b] => (a - b).abs(),
        _ => values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
    }
}

fn loss(values: &[Vec<f32>], truth: &[u16], temperature: f32) -> f64 {
    let mut probabilities = Vec::new();
    let one = |(v, &t): (&Vec<f32>, &u16)| {
        softmax(v, temperature, &mut probabilities);
        -f64::from(
            probabilities
                .get(usize::from(t))
                .copied()
                .unwrap_or(0.0)
                .max(1e-9)
                .ln(),
        )
    };
    values.iter().zip(truth).map(one).sum()
}
