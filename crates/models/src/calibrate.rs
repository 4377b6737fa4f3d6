//! Making probabilities mean what they say.

use crate::linear::{argmax, softmax};

/// Bins of the reliability diagram and of the expected calibration error.
pub const BINS: usize = 15;

/// The temperature under which the true classes are likeliest (Guo and others 2017, "On calibration of modern neural
/// networks"). The likelihood has one optimum in the temperature; it is found by golden section between 0.05 and 20
/// on a logarithmic scale. 1 where there is nothing to fit on.
pub fn fit_temperature(values: &[Vec<f32>], truth: &[u16]) -> f32 {
    if values.is_empty() {
        return 1.0;
    }
    let mut probabilities = Vec::new();
    let mut loss = |log_t: f32| -> f64 {
        let sum = |(v, &t): (&Vec<f32>, &u16)| {
            softmax(v, log_t.exp(), &mut probabilities);
            -f64::from(
                probabilities
                    .get(usize::from(t))
                    .copied()
                    .unwrap_or(0.0)
                    .max(1e-9)
                    .ln(),
            )
        };
        values.iter().zip(truth).map(sum).sum()
    };
    let ratio = (5.0f32.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05f32.ln(), 20.0f32.ln());
    for _ in 0..24 {
        let span = ratio * (high - low);
        let (a, b) = (high - span, low + span);
        if loss(a) < loss(b) { high = b } else { low = a }
    }
    ((low + high) / 2.0).exp()
}

/// Expected calibration error: the mean gap between confidence and accuracy over [`BINS`] equal bins of confidence,
/// weighted by their share of the answers (Naeini and others 2015). 0 to 1.
pub fn ece(probabilities: &[Vec<f32>], truth: &[u16]) -> f64 {
    let n = probabilities.len().max(1) as f64;
    reliability(probabilities, truth)
        .iter()
        .map(|b| b.n as f64 / n * (b.accuracy - b.confidence).abs())
        .sum()
}

/// The expected calibration error that answers of these confidences would show by chance if each were right exactly as
/// often as it says: the mean gap of a bin of n answers is `√(2/π · Σ p(1−p)) / n`, its error being nearly normal. What an
/// error has above this is what can be told from chance.
pub fn ece_by_chance(probabilities: &[Vec<f32>]) -> f64 {
    let mut variance = [0.0f64; BINS];
    for p in probabilities {
        let confidence = f64::from(p.get(argmax(p)).copied().unwrap_or(0.0));
        variance[bin(confidence)] += confidence * (1.0 - confidence);
    }
    let gaps = variance.iter().map(|v| (2.0 / std::f64::consts::PI * v).sqrt());
    gaps.sum::<f64>() / probabilities.len().max(1) as f64
}

fn bin(confidence: f64) -> usize {
    ((confidence * BINS as f64) as usize).min(BINS - 1)
}

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Copy, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bin {
    /// Answers in it.
    pub n: usize,
    /// Their mean confidence.
    pub confidence: f64,
    /// The share of them that is right.
    pub accuracy: f64,
}

/// The reliability diagram: [`BINS`] bins of confidence from 0 to 1.
pub fn reliability(probabilities: &[Vec<f32>], truth: &[u16]) -> Vec<Bin> {
    let mut bins = vec![Bin::default(); BINS];
    for (p, &t) in probabilities.iter().zip(truth) {
        let best = argmax(p);
        let confidence = f64::from(p.get(best).copied().unwrap_or(0.0));
        let to = &mut bins[bin(confidence)];
        to.n += 1;
        to.confidence += confidence;
        to.accuracy += f64::from(u8::from(best == usize::from(t)));
    }
    for bin in &mut bins {
        let n = bin.n.max(1) as f64;
        bin.confidence /= n;
        bin.accuracy /= n;
    }
    bins
}

/// Brier score: the mean squared distance between the probabilities and the truth, summed over classes (0 to 2).
pub fn brier(probabilities: &[Vec<f32>], truth: &[u16]) -> f64 {
    let one = |(p, &t): (&Vec<f32>, &u16)| -> f64 {
        let gap = |(k, &v): (usize, &f32)| (f64::from(v) - f64::from(u8::from(k == usize::from(t)))).powi(2);
        // A truth the model has no class for costs as a class of probability 0.
        let unknown = f64::from(u8::from(usize::from(t) >= p.len()));
        p.iter().enumerate().map(gap).sum::<f64>() + unknown
    };
    probabilities.iter().zip(truth).map(one).sum::<f64>() / probabilities.len().max(1) as f64
}
