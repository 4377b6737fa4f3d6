//! From scores to probabilities.

use serde::{Deserialize, Serialize};

/// From so many labels on, the shape of the curve is learned; before, only its place and steepness.
const ISOTONIC: f64 = 50.0;

/// Probabilities by score: a logistic curve (Platt 1999, with his prior on the targets), from 50 labels on mixed half and
/// half with an isotonic one (Zadrozny and Elkan 2002), which bends where the curve does but overfits alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    slope: f64,
    shift: f64,
    /// Score and probability, ascending.
    steps: Vec<(f64, f64)>,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            slope: 1.0,
            shift: 0.0,
            steps: Vec::new(),
        }
    }
}

impl Calibration {
    /// From scores of mentions that were not trained on, whether they are relevant, and how much each counts.
    pub fn fit(scored: &[(f64, bool, f64)]) -> Self {
        let yes: f64 = scored.iter().filter(|s| s.1).map(|s| s.2).sum();
        let no: f64 = scored.iter().filter(|s| !s.1).map(|s| s.2).sum();
        if yes == 0.0 || no == 0.0 {
            return Self::default();
        }
        let (high, low) = ((yes + 1.0) / (yes + 2.0), 1.0 / (no + 2.0));
        let (mut slope, mut shift) = (1.0f64, 0.0f64);
        for _ in 0..100 {
            // Newton's method, with a weak pull to a slope of 1 that keeps separable labels finite.
            let (mut g, mut h) = ([0.2 * (slope - 1.0), 0.0], [[0.2, 0.0], [0.0, 1e-6]]);
            for (score, relevant, weight) in scored {
                let p = logistic(slope * score + shift);
                let error = weight * (p - if *relevant { high } else { low });
                let w = weight * p * (1.0 - p);
                g[0] += error * score;
                g[1] += error;
                h[0][0] += w * score * score;
                h[0][1] += w * score;
                h[1][1] += w;
            }
            let det = h[0][0] * h[1][1] - h[0][1] * h[0][1];
            if det.abs() < 1e-12 {
                break;
            }
            let step = [
                (g[0] * h[1][1] - g[1] * h[0][1]) / det,
                (g[1] * h[0][0] - g[0] * h[0][1]) / det,
            ];
            slope = (slope - step[0].clamp(-1.0, 1.0)).max(0.01);
            shift -= step[1].clamp(-1.0, 1.0);
            if step[0].abs() + step[1].abs() < 1e-9 {
                break;
            }
        }
        let steps = if yes + no >= ISOTONIC {
            isotonic(scored)
        } else {
            Vec::new()
        };
        Self { slope, shift, steps }
    }

    /// The probability of a score.
    pub fn probability(&self, score: f64) -> f64 {
        let curve = logistic(self.slope * score + self.shift);
        if self.steps.is_empty() {
            return curve;
        }
        let at = self.steps.partition_point(|(s, _)| *s <= score).max(1) - 1;
        (curve + self.steps[at].1) / 2.0
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Pools adjacent violators (Ayer et al. 1955); each block is pulled a little to one half.
fn isotonic(scored: &[(f64, bool, f64)]) -> Vec<(f64, f64)> {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut blocks: Vec<(f64, f64, f64)> = Vec::new();
    for (score, relevant, weight) in sorted {
        blocks.push((score, weight * f64::from(u8::from(relevant)), weight));
        while let [.., (_, a, n), (_, b, m)] = blocks[..] {
            if a / n < b / m {
                break;
            }
            blocks.pop();
            if let Some(last) = blocks.last_mut() {
                *last = (last.0, a + b, n + m);
            }
        }
    }
    blocks
        .iter()
        .map(|(score, yes, n)| (*score, (yes + 0.5) / (n + 1.0)))
        .collect()
}
