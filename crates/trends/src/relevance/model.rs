//! The classifier of one monitor.

use super::calibrate::Calibration;
use super::features::Vector;
use crate::random::Random;
use crate::snapshot::State;
use serde::{Deserialize, Serialize};

/// How a classifier is made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// 2 ^ bits places; each takes 4 bytes.
    pub bits: u32,
    /// Weight of the penalty on large weights.
    pub penalty: f32,
    /// Rounds over the labels.
    pub rounds: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            bits: 14,
            penalty: 0.0003,
            rounds: 40,
        }
    }
}

/// A mention that somebody, or the query, has judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Its features.
    pub vector: Vector,
    /// Whether it is meant.
    pub relevant: bool,
    /// 1 for a person's word; less for what only the query suggests.
    pub weight: f32,
}

/// Logistic regression on hashed features, with its calibration and how rare its features are in the stream.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    config: Config,
    weights: Vec<f32>,
    bias: f32,
    calibration: Calibration,
    /// Mentions by feature, and all.
    seen: Vec<f32>,
    mentions: f32,
}

impl State for Model {
    const KIND: [u8; 4] = *b"rele";
    const VERSION: u16 = 1;
}

/// The first step's length.
const RATE: f32 = 0.3;
/// Parts of the cross-validation by which probabilities are calibrated.
const FOLDS: usize = 5;

impl Model {
    /// A classifier that knows nothing and says one half.
    pub fn new(config: Config) -> Self {
        let places = 1usize << config.bits.clamp(8, 20);
        Self {
            config,
            weights: vec![0.0; places],
            bias: 0.0,
            calibration: Calibration::default(),
            seen: vec![0.0; places],
            mentions: 0.0,
        }
    }

    /// Counts a mention of the stream, labelled or not: what stands in many tells little.
    pub fn see(&mut self, vector: &Vector) {
        self.mentions += 1.0;
        for (place, _) in vector {
            if let Some(seen) = self.seen.get_mut(*place as usize) {
                *seen += 1.0;
            }
        }
    }

    /// Learns from all labels anew. With labels of one kind only, all mentions are taken for that kind.
    pub fn train(&mut self, labels: &[Label]) {
        let yes = labels.iter().filter(|l| l.relevant).count();
        if yes == 0 || yes == labels.len() {
            self.weights.fill(0.0);
            self.bias = ((yes as f32 + 1.0) / ((labels.len() - yes) as f32 + 1.0)).ln();
            self.calibration = Calibration::default();
            return;
        }
        let labels: Vec<Label> = labels
            .iter()
            .map(|l| Label {
                vector: self.scaled(&l.vector),
                ..l.clone()
            })
            .collect();
        self.calibration = Calibration::fit(&self.held_out(&labels));
        (self.weights, self.bias) = self.fit(&labels);
    }

    /// The calibrated probability that a mention is meant.
    pub fn probability(&self, vector: &Vector) -> f64 {
        self.calibration.probability(self.score(vector))
    }

    /// The log-odds before calibration.
    pub fn score(&self, vector: &Vector) -> f64 {
        f64::from(dot(&self.weights, self.bias, &self.scaled(vector)))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        (self.weights.len() + self.seen.len()) * 4
    }

    /// Each feature by its rarity in the stream, of unit length.
    fn scaled(&self, vector: &Vector) -> Vector {
        let mut out: Vector = vector
            .iter()
            .filter(|(place, _)| (*place as usize) < self.seen.len())
            .map(|(place, weight)| {
                let seen = self.seen[*place as usize];
                (*place, weight * ((self.mentions + 1.0) / (seen + 1.0)).ln_1p())
            })
            .collect();
        let norm = out.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
        out.iter_mut().for_each(|(_, w)| *w /= norm);
        out
    }

    /// Scores of labels by classifiers that did not see them, with whether they are relevant.
    fn held_out(&self, labels: &[Label]) -> Vec<(f64, bool)> {
        let mut order: Vec<usize> = (0..labels.len()).filter(|i| labels[*i].weight >= 0.99).collect();
        Random::new(11).shuffle(&mut order);
        let mut out = Vec::new();
        for fold in 0..FOLDS {
            let held = |i: &usize| {
                order
                    .iter()
                    .position(|o| o == i)
                    .is_some_and(|at| at % FOLDS == fold)
            };
            let rest: Vec<Label> = (0..labels.len())
                .filter(|i| !held(i))
                .map(|i| labels[i].clone())
                .collect();
            let (weights, bias) = self.fit(&rest);
            for i in order.iter().skip(fold).step_by(FOLDS) {
                out.push((
                    f64::from(dot(&weights, bias, &labels[*i].vector)),
                    labels[*i].relevant,
                ));
            }
        }
        out
    }

    /// Weights by AdaGrad (Duchi, Hazan and Singer 2011) on the logistic loss with a quadratic penalty.
    fn fit(&self, labels: &[Label]) -> (Vec<f32>, f32) {
        let mut weights = vec![0.0f32; self.weights.len()];
        let mut squares = vec![1e-4f32; self.weights.len()];
        let all: f32 = labels.iter().map(|l| l.weight).sum();
        let share: f32 = labels.iter().filter(|l| l.relevant).map(|l| l.weight).sum();
        let mut bias = ((share + 1.0) / (all - share + 1.0)).ln();
        let mut bias_square = 1.0f32;
        let mut order: Vec<usize> = (0..labels.len()).collect();
        let mut random = Random::new(3);
        for _ in 0..self.config.rounds {
            random.shuffle(&mut order);
            for &i in &order {
                let label = &labels[i];
                let p = 1.0 / (1.0 + (-dot(&weights, bias, &label.vector)).exp());
                let error = (p - f32::from(u8::from(label.relevant))) * label.weight;
                for &(place, value) in &label.vector {
                    let place = place as usize;
                    let slope = error * value + self.config.penalty * weights[place];
                    squares[place] += slope * slope;
                    weights[place] -= RATE * slope / squares[place].sqrt();
                }
                bias_square += error * error;
                bias -= 0.1 * error / bias_square.sqrt();
            }
        }
        (weights, bias)
    }
}

fn dot(weights: &[f32], bias: f32, vector: &Vector) -> f32 {
    vector
        .iter()
        .fold(bias, |sum, (place, value)| sum + weights[*place as usize] * value)
}
