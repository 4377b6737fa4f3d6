//! The kernel for any processor.

use super::{Block, COLUMNS, Kernel, Lane, PANEL, QUAD, RANGE, ROWS, STEP, Values, Weights};

/// Plain Rust.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Portable;

impl Kernel for Portable {
    #[inline(always)]
    fn multiply(self, block: Block<'_>, out: [&mut Lane; ROWS]) {
        for (r, out) in out.into_iter().enumerate() {
            let mut total = [0.0; PANEL];
            let parts = block
                .weights
                .chunks(RANGE / STEP)
                .zip(block.values.chunks(RANGE / STEP));
            for ((weights, values), (sums, ranges)) in parts.zip(block.sums.iter().zip(block.ranges)) {
                let exact = dots(weights, values, r);
                for (c, t) in total.iter_mut().enumerate() {
                    *t += ranges[0][r] * exact[c] as f32 + ranges[1][r] * sums[c];
                }
            }
            for (c, t) in total.into_iter().enumerate() {
                out[c] = t * block.scale[c] + block.bias[c];
            }
        }
    }

    #[inline(always)]
    fn product(self, a: [&[f32]; ROWS], b: &[f32], stride: usize) -> [[f32; COLUMNS]; ROWS] {
        product(a, b, stride)
    }

    #[inline(always)]
    fn fma(self, a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }
}

/// A product of floats in plain Rust.
#[inline(always)]
pub(super) fn product(a: [&[f32]; ROWS], b: &[f32], stride: usize) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[0.0; COLUMNS]; ROWS];
    for (i, row) in b.chunks(stride).take(a[0].len()).enumerate() {
        for (sums, a) in sums.iter_mut().zip(a) {
            for (sum, b) in sums.iter_mut().zip(row) {
                *sum += a[i] * b;
            }
        }
    }
    sums
}

/// The integer sums of a row over one range of input channels.
#[inline(always)]
fn dots(weights: &[Weights], values: &[Values], row: usize) -> [i32; PANEL] {
    let mut sums = [0i32; PANEL];
    for (weights, values) in weights.as_flattened().iter().zip(values.as_flattened()) {
        let v = values[row].map(i32::from);
        for (sum, w) in sums.iter_mut().zip(weights.as_chunks::<QUAD>().0) {
            for i in 0..QUAD {
                *sum += v[i] * i32::from(w[i]);
            }
        }
    }
    sums
}
