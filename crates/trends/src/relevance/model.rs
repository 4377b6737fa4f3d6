//! The classifier of one monitor.

use super::calibrate::Calibration;
use super::features::{PLAIN, Vector};
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
            penalty: 0.001,
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
    /// Whether it was drawn at random: such labels stand for the stream when probabilities are calibrated.
    pub at_random: bool,
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
    const VERSION: u16 = 2;
}

/// The first step's length.
const RATE: f32 = 0.3;
/// Mentions from which on features that stand in one alone are left out.
const SOME: f32 = 50.0;
/// How much more than others a label drawn at random counts when probabilities are calibrated.
const AT_RANDOM: f64 = 6.0;
/// Times the labels are parted anew for the cross-validation.
const REPEATS: usize = 3;
/// Parts of the cross-validation by which probabilities are calibrated.
const FOLDS: usize = 5;

impl Model {
    /// A classifier that knows nothing and says one half.
    pub fn new(config: Config) -> Self {
        let places = 1usize << config.bits.clamp(8, 20);
        Self {
            config,
            weights: vec![0.0; places + PLAIN],
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
        if is_of_one_kind(labels) {
            let yes = labels.iter().filter(|l| l.relevant).count();
            self.weights.fill(0.0);
            self.bias = ((yes as f32 + 1.0) / ((labels.len() - yes) as f32 + 1.0)).ln();
            self.calibration = Calibration::default();
            return;
        }
        let labels = self.all_scaled(labels);
        let held_out = self.scores_held_out(&labels).into_iter().map(|s| s.1);
        self.calibration = Calibration::fit(&held_out.collect::<Vec<_>>());
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

    /// What the weights stand for: the features by rarity, and what is taken as it is.
    fn scaled(&self, vector: &Vector) -> Vector {
        let mut out = self.sparse(vector);
        let places = self.seen.len() as u32;
        out.extend(
            vector
                .iter()
                .filter(|(place, _)| (places..places + PLAIN as u32).contains(place)),
        );
        out
    }

    /// Each feature by its rarity in the stream, of unit length. What stands in one mention alone tells nothing of others.
    pub(super) fn sparse(&self, vector: &Vector) -> Vector {
        let least = if self.mentions >= SOME { 2.0 } else { 0.0 };
        let mut out: Vector = vector
            .iter()
            .filter(|(place, _)| self.seen.get(*place as usize).is_some_and(|seen| *seen >= least))
            .map(|(place, weight)| {
                let seen = self.seen[*place as usize];
                (*place, weight * ((self.mentions + 1.0) / (seen + 1.0)).ln_1p())
            })
            .collect();
        let norm = out.iter().map(|(_, w)| w * w).sum::<f32>().sqrt().max(1e-6);
        out.iter_mut().for_each(|(_, w)| *w /= norm);
        out
    }

    /// The probability of each label by classifiers that did not see it.
    pub fn held_out(&self, labels: &[Label]) -> Vec<f64> {
        if is_of_one_kind(labels) {
            return labels.iter().map(|l| self.probability(&l.vector)).collect();
        }
        let scaled = self.all_scaled(labels);
        let calibration = Calibration::fit(
            &self
                .scores_held_out(&scaled)
                .into_iter()
                .map(|s| s.1)
                .collect::<Vec<_>>(),
        );
        let mut sums = vec![(0.0, 0.0); labels.len()];
        for (place, (score, ..)) in self.scores_held_out(&scaled) {
            sums[place] = (
                sums[place].0 + calibration.probability(score),
                sums[place].1 + 1.0,
            );
        }
        let one = |(place, (sum, n)): (usize, (f64, f64))| match n > 0.0 {
            true => sum / n,
            false => self.probability(&labels[place].vector),
        };
        sums.into_iter().enumerate().map(one).collect()
    }

    fn all_scaled(&self, labels: &[Label]) -> Vec<Label> {
        let scaled = |l: &Label| Label {
            vector: self.scaled(&l.vector),
            ..l.clone()
        };
        labels.iter().map(scaled).collect()
    }

    /// By place, the scores of people's labels by classifiers that did not see them, whether they are relevant, and how much
    /// they count; each several times.
    fn scores_held_out(&self, labels: &[Label]) -> Vec<(usize, (f64, bool, f64))> {
        let mut order: Vec<usize> = (0..labels.len()).filter(|i| labels[*i].weight >= 0.99).collect();
        let mut random = Random::new(11);
        let mut out = Vec::new();
        for _ in 0..REPEATS {
            random.shuffle(&mut order);
            for fold in 0..FOLDS {
                let held: Vec<usize> = order.iter().skip(fold).step_by(FOLDS).copied().collect();
                let rest = (0..labels.len()).filter(|i| !held.contains(i));
                let rest: Vec<Label> = rest.map(|i| labels[i].clone()).collect();
                let (weights, bias) = self.fit(&rest);
                out.extend(held.into_iter().map(|i| {
                    let label = &labels[i];
                    let score = f64::from(dot(&weights, bias, &label.vector));
                    let counts = if label.at_random { AT_RANDOM } else { 1.0 };
                    (i, (score, label.relevant, counts / REPEATS as f64))
                }));
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

fn is_of_one_kind(labels: &[Label]) -> bool {
    let yes = labels.iter().filter(|l| l.relevant).count();
    yes == 0 || yes == labels.len()
}
