//! The part that reads the encoder's states.

use super::words::put;
use super::{outputs, spread};
use crate::encoder::{Encoded, Encoder, Scratch};
use crate::train::{Dual, Examples, Labels, Start};

/// The penalty of an error against the size of the weights.
const COST: f32 = 16.0;
/// The variance of the weights.
const VARIANCE: f32 = 30.0;
/// Passes over the rows.
const PASSES: usize = 6;
/// Rows that stand behind the common spread when a value's own is taken: few rows say little of it.
const SHRINK: f64 = 50.0;
/// Posts that are encoded together.
const BATCH: usize = 32;

/// What is read of a post: the mean, the first and the largest of its pieces' states. Replaces the content of `out`.
pub fn states(encoded: &Encoded<'_>, post: usize, out: &mut Vec<f32>) {
    out.clear();
    out.extend_from_slice(encoded.post(post));
    let hidden = out.len();
    let mut pieces = encoded.tokens(post);
    let first = pieces.next().unwrap_or(encoded.post(post));
    out.extend_from_slice(first);
    out.extend_from_slice(first);
    for state in pieces {
        out[2 * hidden..]
            .iter_mut()
            .zip(state)
            .for_each(|(o, s)| *o = o.max(*s));
    }
}

/// The states of many posts, made once.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    /// The encoder they come from.
    pub(super) encoder: String,
    width: usize,
    values: Vec<f32>,
}

impl Embeddings {
    /// Encodes posts; `progress` is told how many are done.
    pub fn of(encoder: &Encoder, texts: &[impl AsRef<str>], progress: &mut dyn FnMut(usize)) -> Self {
        let mut told = |done| {
            progress(done);
            true
        };
        let all = Self::while_told(encoder, texts, &mut told);
        all.unwrap_or_else(|| unreachable!("nobody stops it"))
    }

    /// The same for as long as `progress` says that it is to go on; `None` where it did not.
    pub(super) fn while_told(
        encoder: &Encoder,
        texts: &[impl AsRef<str>],
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Option<Self> {
        let (mut scratch, mut one) = (Scratch::new(), Vec::new());
        let width = 3 * encoder.hidden();
        let mut values = Vec::with_capacity(texts.len() * width);
        for (at, batch) in texts.chunks(BATCH).enumerate() {
            let encoded = encoder.encode(batch, &mut scratch);
            for post in 0..encoded.len() {
                states(&encoded, post, &mut one);
                values.extend_from_slice(&one);
            }
            if !progress(at * BATCH + batch.len()) {
                return None;
            }
        }
        Some(Self {
            encoder: encoder.id().to_owned(),
            width,
            values,
        })
    }

    /// How many posts there are.
    pub fn len(&self) -> usize {
        self.values.len() / self.width.max(1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// What was read of a post.
    pub fn post(&self, post: usize) -> &[f32] {
        &self.values[post * self.width..(post + 1) * self.width]
    }

    /// Those of some posts alone, in the order given.
    pub fn select(&self, posts: impl IntoIterator<Item = usize>) -> Self {
        let values = posts.into_iter().flat_map(|p| self.post(p)).copied().collect();
        Self {
            encoder: self.encoder.clone(),
            width: self.width,
            values,
        }
    }
}

/// Weights of states.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct States {
    /// Of each value: what is taken off it, and by what it is multiplied then.
    pub(super) mean: Vec<f32>,
    pub(super) factor: Vec<f32>,
    /// `outputs` weights for each value.
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl States {
    /// Learns from some rows; `costs` says how much each counts.
    pub(super) fn fit(
        all: &Embeddings,
        rows: &[u32],
        classes: &[u16],
        costs: &[f32],
        labels: usize,
        seed: u64,
    ) -> Self {
        let (mean, factor) = spreads(all, rows);
        let mut out = Self {
            mean,
            factor,
            weights: Vec::new(),
            bias: Vec::new(),
        };
        let (mut examples, mut truth) = (Examples::with_dense(1.0, all.width), Labels::new());
        let mut one = Vec::new();
        for &row in rows {
            out.prepare(all.post(row as usize), &mut one);
            examples.push_rows(&[], &[], [0, 0], &[], 0.0, &one);
            put(
                &mut truth,
                classes[row as usize],
                labels,
                COST * costs[row as usize],
            );
        }
        let width = outputs(labels);
        let start = Start {
            width,
            dense_variance: VARIANCE,
            seed,
            ..Start::default()
        };
        let mut dual = Dual::new(&examples, &truth, start);
        (0..PASSES).for_each(|_| dual.pass());
        out.weights = dual.dense().to_vec();
        out.bias = dual.bias().to_vec();
        out
    }

    /// Replaces `out` by a value for each label. `one` is a buffer.
    pub(super) fn values(&self, states: &[f32], labels: usize, one: &mut Vec<f32>, out: &mut Vec<f32>) {
        self.prepare(states, one);
        out.clear();
        out.extend_from_slice(&self.bias);
        for (value, weights) in one.iter().zip(self.weights.chunks_exact(self.bias.len())) {
            out.iter_mut().zip(weights).for_each(|(o, w)| *o += value * w);
        }
        spread(labels, out);
    }

    /// Each value by its mean and spread, all together of length 1.
    fn prepare(&self, states: &[f32], out: &mut Vec<f32>) {
        out.clear();
        let both = self.mean.iter().zip(&self.factor);
        out.extend(states.iter().zip(both).map(|(v, (m, f))| (v - m) * f));
        let length = out.iter().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
        out.iter_mut().for_each(|v| *v /= length);
    }
}

/// The mean of each value, and one by its standard deviation, drawn toward the common one.
fn spreads(all: &Embeddings, rows: &[u32]) -> (Vec<f32>, Vec<f32>) {
    let n = rows.len().max(1) as f64;
    let (mut sums, mut squares) = (vec![0.0f64; all.width], vec![0.0f64; all.width]);
    for &row in rows {
        let both = sums.iter_mut().zip(&mut squares);
        for (v, (sum, square)) in all.post(row as usize).iter().zip(both) {
            *sum += f64::from(*v);
            *square += f64::from(*v).powi(2);
        }
    }
    let variance = |(sum, square): (&f64, &f64)| (square / n - (sum / n).powi(2)).max(0.0);
    let variances: Vec<f64> = sums.iter().zip(&squares).map(variance).collect();
    let common = variances.iter().sum::<f64>() / variances.len().max(1) as f64;
    let factor = |v: &f64| 1.0 / ((v * n + common * SHRINK) / (n + SHRINK)).sqrt().max(1e-6);
    (
        sums.iter().map(|s| (s / n) as f32).collect(),
        variances.iter().map(|v| factor(v) as f32).collect(),
    )
}
