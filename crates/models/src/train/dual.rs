//! Logistic regressions with L2 penalty over shared features, by coordinate descent on their dual.
//!
//! The method is that of Yu, Huang and Lin (2011), "Dual coordinate descent methods for logistic regression and
//! maximum entropy models", Machine Learning 85: per text and output a one-dimensional problem is solved by Newton
//! steps. It has no learning rate, converges in about ten passes and is deterministic for a seed.
//!
//! Three things are added to it. A label may be a probability: with it, the dual variable merely starts elsewhere. A
//! row's penalty may differ (its *variance*): the weights of words that are rare are let loose, those of words that are
//! everywhere are held. And a text may have labels for some outputs only.

use crate::train::examples::Examples;

/// The labels of texts: for each, blocks of neighbouring outputs.
#[derive(Debug)]
pub struct Labels {
    starts: Vec<usize>,
    blocks: Vec<Block>,
    soft: Vec<f32>,
}

#[derive(Debug, Clone, Copy)]
struct Block {
    /// The first output, and how many.
    at: u32,
    len: u32,
    cost: f32,
    truth: Truth,
}

#[derive(Debug, Clone, Copy)]
enum Truth {
    Class(u32),
    /// Where its probabilities begin.
    Soft(usize),
}

impl Default for Labels {
    fn default() -> Self {
        Self::new()
    }
}

impl Labels {
    /// None yet.
    pub fn new() -> Self {
        Self {
            starts: vec![0],
            blocks: Vec::new(),
            soft: Vec::new(),
        }
    }

    /// The text being added is of `class` among the `len` outputs from `at` on; `cost` is the penalty of an error.
    pub fn class(&mut self, at: usize, len: usize, class: usize, cost: f32) {
        self.blocks.push(Block {
            at: at as u32,
            len: len as u32,
            cost,
            truth: Truth::Class(class as u32),
        });
    }

    /// The text being added has these probabilities for the outputs from `at` on, each on its own.
    pub fn soft(&mut self, at: usize, probabilities: &[f32], cost: f32) {
        self.blocks.push(Block {
            at: at as u32,
            len: probabilities.len() as u32,
            cost,
            truth: Truth::Soft(self.soft.len()),
        });
        self.soft.extend_from_slice(probabilities);
    }

    /// The text being added is complete.
    pub fn end(&mut self) {
        self.starts.push(self.blocks.len());
    }

    fn of(&self, i: usize) -> &[Block] {
        &self.blocks[self.starts[i]..self.starts[i + 1]]
    }

    fn target(&self, block: &Block, k: usize) -> f32 {
        match block.truth {
            Truth::Class(c) => f32::from(u8::from(c as usize == k)),
            Truth::Soft(at) => self.soft[at + k],
        }
    }
}

/// What a training run starts from.
#[derive(Debug, Default)]
pub struct Start {
    /// Rows of the table.
    pub rows: usize,
    /// Outputs: weights of a row.
    pub width: usize,
    /// The variance of each row's weights; 1 for all where empty. A row of 0 stays as it is.
    pub variance: Vec<f32>,
    /// The variance of the weights of dense values.
    pub dense_variance: f32,
    /// The weights from which to depart; 0 where empty.
    pub weights: Vec<f32>,
    /// Seed of the order.
    pub seed: u64,
}

/// The state of a training run: pass by pass, so that the caller can stop when validation says so.
#[derive(Debug)]
pub struct Dual<'e> {
    examples: &'e Examples,
    labels: &'e Labels,
    start: Start,
    dense: Vec<f32>,
    bias: Vec<f32>,
    /// Per output of each block the dual variable of its error, from the nearer end of its interval.
    alpha: Vec<f32>,
    /// Where each text's dual variables begin.
    alpha_at: Vec<usize>,
    /// Squared length of each text's vector, by the variances.
    squares: Vec<f32>,
    order: Vec<u32>,
    random: u64,
}

impl<'e> Dual<'e> {
    /// A run over `examples` with their `labels`.
    pub fn new(examples: &'e Examples, labels: &'e Labels, mut start: Start) -> Self {
        start.weights.resize(start.rows * start.width, 0.0);
        start.variance.resize(start.rows, 1.0);
        let (mut alpha, mut alpha_at) = (Vec::new(), Vec::with_capacity(examples.len()));
        for i in 0..examples.len() {
            alpha_at.push(alpha.len());
            for block in labels.of(i) {
                alpha.extend((0..block.len as usize).map(|k| {
                    let p = labels.target(block, k);
                    let least = (0.001 * block.cost).min(1e-8);
                    (p.min(1.0 - p) * block.cost).max(least)
                }));
            }
        }
        let square = |i: usize| -> f32 {
            let sparse: f32 = examples
                .summed(i)
                .map(|(row, value)| value * value * start.variance[row])
                .sum();
            let dense: f32 = examples.dense(i).iter().map(|v| v * v).sum();
            sparse + start.dense_variance * dense
        };
        Self {
            squares: (0..examples.len()).map(square).collect(),
            dense: vec![0.0; examples.dense_width() * start.width],
            bias: vec![0.0; start.width],
            order: (0..examples.len() as u32)
                .filter(|&i| !labels.of(i as usize).is_empty())
                .collect(),
            random: start.seed ^ 0x9E37_79B9_7F4A_7C15,
            examples,
            labels,
            start,
            alpha,
            alpha_at,
        }
    }

    /// One pass over all texts in a new order.
    pub fn pass(&mut self) {
        self.shuffle();
        let mut values = vec![0.0f32; self.start.width];
        for n in 0..self.order.len() {
            let i = self.order[n] as usize;
            let blocks = self.labels.of(i);
            let from = blocks.iter().map(|b| b.at).min().unwrap_or(0) as usize;
            let to = blocks.iter().map(|b| b.at + b.len).max().unwrap_or(0) as usize;
            let values = &mut values[from..to];
            self.values(i, from, values);
            if self.solve(i, from, values) {
                self.add(i, from, values);
            }
        }
    }

    /// Rows of weights.
    pub fn weights(&self) -> &[f32] {
        &self.start.weights
    }

    /// Rows of the weights of dense values.
    pub fn dense(&self) -> &[f32] {
        &self.dense
    }

    /// The bias of each output.
    pub fn bias(&self) -> &[f32] {
        &self.bias
    }

    /// The values of the outputs from `from` on for text `i`.
    fn values(&self, i: usize, from: usize, out: &mut [f32]) {
        let width = self.start.width;
        out.copy_from_slice(&self.bias[from..from + out.len()]);
        for (row, value) in self.examples.features(i) {
            let at = row * width + from;
            let weights = &self.start.weights[at..at + out.len()];
            out.iter_mut().zip(weights).for_each(|(o, w)| *o += value * w);
        }
        for (d, value) in self.examples.dense(i).iter().enumerate() {
            let at = d * width + from;
            let weights = &self.dense[at..at + out.len()];
            out.iter_mut().zip(weights).for_each(|(o, w)| *o += value * w);
        }
    }

    /// Solves each output's problem for text `i`, given its values; leaves in `values` what to add to the weights. Says
    /// whether anything is to be added.
    fn solve(&mut self, i: usize, from: usize, values: &mut [f32]) -> bool {
        let square = f64::from(self.squares[i]) + 1.0;
        let mut alpha = self.alpha[self.alpha_at[i]..].iter_mut();
        let mut any = false;
        let mut changes = [0.0f32; 64];
        let mut wide = Vec::new();
        let changes: &mut [f32] = match changes.get_mut(..values.len()) {
            Some(small) => small,
            None => {
                wide.resize(values.len(), 0.0);
                &mut wide
            }
        };
        for block in self.labels.of(i) {
            let cost = f64::from(block.cost);
            let at = block.at as usize - from;
            for k in 0..block.len as usize {
                let Some(alpha) = alpha.next() else { continue };
                let sign = if self.labels.target(block, k) >= 0.5 {
                    1.0
                } else {
                    -1.0
                };
                let old = f64::from(*alpha);
                let new = minimise(cost, square, sign * f64::from(values[at + k]), old);
                *alpha = new as f32;
                let change = (new - old) * sign;
                changes[at + k] = change as f32;
                any |= change.abs() > 1e-6 * cost;
            }
        }
        values.copy_from_slice(changes);
        any
    }

    fn add(&mut self, i: usize, from: usize, changes: &[f32]) {
        let width = self.start.width;
        for (row, value) in self.examples.features(i) {
            let value = value * self.start.variance[row];
            let at = row * width + from;
            let weights = &mut self.start.weights[at..at + changes.len()];
            weights.iter_mut().zip(changes).for_each(|(w, c)| *w += value * c);
        }
        for (d, value) in self.examples.dense(i).iter().enumerate() {
            let value = value * self.start.dense_variance;
            let at = d * width + from;
            let weights = &mut self.dense[at..at + changes.len()];
            weights.iter_mut().zip(changes).for_each(|(w, c)| *w += value * c);
        }
        let bias = &mut self.bias[from..from + changes.len()];
        bias.iter_mut().zip(changes).for_each(|(b, c)| *b += c);
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
