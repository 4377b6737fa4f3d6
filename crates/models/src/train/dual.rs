//! One-vs-rest logistic regression with L2 penalty, by coordinate descent on its dual.
//!
//! The method is that of Yu, Huang and Lin (2011), "Dual coordinate descent methods for logistic regression and
//! maximum entropy models", Machine Learning 85: per text and class a one-dimensional problem is solved by Newton
//! steps. It has no learning rate, converges in about ten passes and is deterministic for a seed.

use crate::features::{FeatureSpec, Features};
use crate::linear::norm;

/// Marks a word feature among a text's features.
const WORD: u32 = 1 << 31;

/// Texts as the trainer sees them.
#[derive(Debug, Default)]
pub struct Examples {
    starts: Vec<usize>,
    /// Buckets, sorted, so that what recurs within a text is together.
    buckets: Vec<u32>,
    norms: Vec<f32>,
    /// Squared length of each text's vector.
    squares: Vec<f32>,
    word_weight: f32,
}

impl Examples {
    /// None yet; word features will count `word_weight` times a character feature.
    pub fn new(word_weight: f32) -> Self {
        Self {
            starts: vec![0],
            word_weight,
            ..Self::default()
        }
    }

    /// Adds a text.
    pub fn push(&mut self, features: &Features) {
        let at = self.buckets.len();
        self.buckets.extend(features.words().iter().map(|b| b | WORD));
        self.buckets.extend_from_slice(features.chars());
        self.buckets[at..].sort_unstable_by_key(|b| (b & !WORD, *b));
        let norm = norm(features.words().len(), features.chars().len(), self.word_weight);
        let mut square = 0.0;
        for run in self.buckets[at..].chunk_by(|a, b| a & !WORD == b & !WORD) {
            let value: f32 = run
                .iter()
                .map(|b| if b & WORD != 0 { self.word_weight } else { 1.0 })
                .sum();
            square += (value / norm).powi(2);
        }
        self.starts.push(self.buckets.len());
        self.norms.push(norm);
        self.squares.push(square);
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.norms.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.norms.is_empty()
    }

    fn of(&self, i: usize) -> &[u32] {
        &self.buckets[self.starts[i]..self.starts[i + 1]]
    }
}

/// The state of a training run: pass by pass, so that the caller can stop when validation says so.
#[derive(Debug)]
pub struct Dual<'e> {
    examples: &'e Examples,
    /// The class of each text.
    classes: &'e [u16],
    /// The penalty of a wrong answer for each text.
    costs: Vec<f32>,
    count: usize,
    /// Rows of `count` weights.
    weights: Vec<f32>,
    bias: Vec<f32>,
    /// Per text and class the dual variable of its error.
    alpha: Vec<f32>,
    order: Vec<u32>,
    random: u64,
}

impl<'e> Dual<'e> {
    /// A run over `examples` of `classes` (numbers below `count`), with a cost for each.
    pub fn new(
        spec: &FeatureSpec,
        examples: &'e Examples,
        classes: &'e [u16],
        costs: Vec<f32>,
        count: usize,
        seed: u64,
    ) -> Self {
        let alpha = costs
            .iter()
            .flat_map(|c| std::iter::repeat_n((0.001 * c).min(1e-8), count))
            .collect();
        Self {
            examples,
            classes,
            costs,
            count,
            weights: vec![0.0; count << spec.bits],
            bias: vec![0.0; count],
            alpha,
            order: (0..examples.len() as u32).collect(),
            random: seed ^ 0x9E37_79B9_7F4A_7C15,
        }
    }

    /// One pass over all texts in a new order.
    pub fn pass(&mut self) {
        self.shuffle();
        let mut values = vec![0.0f32; self.count];
        for n in 0..self.order.len() {
            let i = self.order[n] as usize;
            self.dot(i, &mut values);
            if self.solve(i, &mut values) {
                self.add(i, &values);
            }
        }
    }

    /// Rows of weights, one per bucket.
    pub fn weights(&self) -> &[f32] {
        &self.weights
    }

    /// The bias of each class.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    fn dot(&self, i: usize, out: &mut [f32]) {
        out.fill(0.0);
        let omega = self.examples.word_weight;
        for &b in self.examples.of(i) {
            let value = if b & WORD != 0 { omega } else { 1.0 };
            let at = (b & !WORD) as usize * self.count;
            for (o, w) in out.iter_mut().zip(&self.weights[at..at + self.count]) {
                *o += value * w;
            }
        }
        let norm = self.examples.norms[i];
        for (o, b) in out.iter_mut().zip(&self.bias) {
            *o = *o / norm + b;
        }
    }

    /// Solves each class's problem for text `i`, given its decision values; leaves in `values` what to add to the
    /// weights. Says whether anything is to be added.
    fn solve(&mut self, i: usize, values: &mut [f32]) -> bool {
        let square = f64::from(self.examples.squares[i]) + 1.0;
        let cost = f64::from(self.costs[i]);
        let mut any = false;
        for (k, value) in values.iter_mut().enumerate() {
            let sign = if usize::from(self.classes[i]) == k {
                1.0
            } else {
                -1.0
            };
            let alpha = &mut self.alpha[i * self.count + k];
            let old = f64::from(*alpha);
            let new = minimise(cost, square, sign * f64::from(*value), old);
            let change = new - old;
            *alpha = new as f32;
            *value = (change * sign) as f32;
            any |= change.abs() > 1e-9;
        }
        any
    }

    fn add(&mut self, i: usize, changes: &[f32]) {
        let (omega, norm) = (self.examples.word_weight, self.examples.norms[i]);
        for &b in self.examples.of(i) {
            let value = if b & WORD != 0 { omega / norm } else { 1.0 / norm };
            let at = (b & !WORD) as usize * self.count;
            for (w, c) in self.weights[at..at + self.count].iter_mut().zip(changes) {
                *w += value * c;
            }
        }
        for (b, c) in self.bias.iter_mut().zip(changes) {
            *b += c;
        }
    }

    fn shuffle(&mut self) {
        for i in (1..self.order.len()).rev() {
            // xorshift64* (Vigna 2016)
            self.random ^= self.random >> 12;
            self.random ^= self.random << 25;
            self.random ^= self.random >> 27;
            let r = self.random.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32;
            self.order.swap(i, (r as usize * (i + 1)) >> 32);
        }
    }
}

/// The `z` in (0, cost) that minimises `z ln z + (cost-z) ln(cost-z) + square/2 (z-old)² + margin (z-old)`.
fn minimise(cost: f64, square: f64, margin: f64, old: f64) -> f64 {
    // Solved from the end of the interval nearer to the solution, where Newton's steps stay inside it.
    let flipped = 0.5 * square * (cost - 2.0 * old) + margin < 0.0;
    let (start, slope) = if flipped {
        (cost - old, -margin)
    } else {
        (old, margin)
    };
    let mut z = start.clamp(1e-12 * cost, (1.0 - 1e-12) * cost);
    let start = z;
    if z > 0.5 * cost {
        z *= 0.1;
    }
    for _ in 0..30 {
        let gradient = square * (z - start) + slope + (z / (cost - z)).ln();
        if gradient.abs() < 1e-4 {
            break;
        }
        let next = z - gradient / (square + cost / ((cost - z) * z));
        z = if next <= 0.0 {
            z * 0.1
        } else if next >= cost {
            0.5 * (z + cost)
        } else {
            next
        };
    }
    if flipped { cost - z } else { z }
}
