//! Attention within one post, in floating point: at the length of a post it costs little beside the linear layers.

use super::curves::exp;
use super::kernel::{COLUMNS, Kernel, ROWS};
use super::norm::total;

/// The score of what is not there.
const ABSENT: f32 = -1e30;

/// Buffers of attention.
#[derive(Debug, Default)]
pub(super) struct Attending {
    /// The keys of one head, transposed: a row per dimension, a column per token.
    keys: Vec<f32>,
    /// For [`ROWS`] queries, the weight of each token.
    weights: Vec<f32>,
}

/// The queries, keys and values of a post's tokens.
pub(super) struct Projected<'a> {
    /// Rows of `width`, each with the queries, keys and values (`hidden` each); [`ROWS`] - 1 more rows than tokens.
    pub(super) rows: &'a [f32],
    pub(super) width: usize,
    pub(super) tokens: usize,
    pub(super) hidden: usize,
    pub(super) heads: usize,
}

/// Writes `softmax(Q Kᵀ) V` of all heads to `out`, a row of `hidden` per token. The queries are scaled already.
#[inline(always)]
pub(super) fn attend<K: Kernel>(kernel: K, post: &Projected<'_>, buffers: &mut Attending, out: &mut [f32]) {
    let size = post.hidden / post.heads;
    let padded = post.tokens.next_multiple_of(COLUMNS);
    buffers.keys.clear();
    buffers.keys.resize(size * padded, 0.0);
    buffers.weights.clear();
    buffers.weights.resize(ROWS * padded, 0.0);
    for head in 0..post.heads {
        let at = head * size;
        for token in 0..post.tokens {
            let key = &post.rows[token * post.width + post.hidden + at..][..size];
            for (d, &k) in key.iter().enumerate() {
                buffers.keys[d * padded + token] = k;
            }
        }
        let values = &post.rows[2 * post.hidden + at..];
        for first in (0..post.tokens).step_by(ROWS) {
            let query = |r| &post.rows[(first + r) * post.width + at..][..size];
            let queries: [&[f32]; ROWS] = std::array::from_fn(query);
            for column in (0..padded).step_by(COLUMNS) {
                let scores = kernel.product(queries, &buffers.keys[column..], padded);
                for (row, scores) in buffers.weights.chunks_exact_mut(padded).zip(scores) {
                    row[column..][..COLUMNS].copy_from_slice(&scores);
                }
            }
            let mut share = [0.0; ROWS];
            for (row, share) in buffers.weights.chunks_exact_mut(padded).zip(&mut share) {
                *share = 1.0 / weigh(kernel, row, post.tokens);
            }
            let weight = |r| &buffers.weights[r * padded..][..post.tokens];
            let weights: [&[f32]; ROWS] = std::array::from_fn(weight);
            for column in (0..size).step_by(COLUMNS) {
                let sums = kernel.product(weights, &values[column..], post.width);
                let rows = out.chunks_exact_mut(post.hidden).skip(first);
                for (row, (sums, share)) in rows.zip(sums.iter().zip(share)) {
                    let to = &mut row[at + column..][..COLUMNS];
                    for (to, sum) in to.iter_mut().zip(sums) {
                        *to = sum * share;
                    }
                }
            }
        }
    }
}

/// Turns the scores of `tokens` columns into weights (the others into nearly 0) and returns their sum.
#[inline(always)]
fn weigh<K: Kernel>(kernel: K, row: &mut [f32], tokens: usize) -> f32 {
    row[tokens..].fill(ABSENT);
    let row = row.as_chunks_mut::<COLUMNS>().0;
    let mut top = [ABSENT; COLUMNS];
    for chunk in row.iter() {
        for i in 0..COLUMNS {
            top[i] = if chunk[i] > top[i] { chunk[i] } else { top[i] };
        }
    }
    let mut most = ABSENT;
    for v in top {
        most = if v > most { v } else { most };
    }
    let mut sum = [0.0; COLUMNS];
    for chunk in row {
        for i in 0..COLUMNS {
            chunk[i] = exp(kernel, chunk[i] - most);
            sum[i] += chunk[i];
        }
    }
    total(sum)
}
