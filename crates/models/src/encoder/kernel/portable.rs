//! The kernel for any processor.

use super::{Block, Kernel, Lane, PANEL, RANGE, ROWS, STEP};

/// Plain Rust.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Portable;

impl Kernel for Portable {
    #[inline(always)]
    fn multiply(self, block: Block<'_>) -> [Lane; ROWS] {
        let mut total = [[0.0; PANEL]; ROWS];
        let parts = block
            .weights
            .chunks(RANGE / STEP)
            .zip(block.values.chunks(RANGE / STEP));
        for ((weights, values), (sums, ranges)) in parts.zip(block.sums.iter().zip(block.ranges)) {
            let mut exact = [[0i32; PANEL]; ROWS];
            for (w, v) in weights.iter().zip(values) {
                for (row, v) in exact.iter_mut().zip(v.as_chunks::<STEP>().0) {
                    for (e, w) in row.iter_mut().zip(w.as_chunks::<STEP>().0) {
                        *e += (0..STEP).map(|i| i32::from(v[i]) * i32::from(w[i])).sum::<i32>();
                    }
                }
            }
            for (r, row) in total.iter_mut().enumerate() {
                for (c, t) in row.iter_mut().enumerate() {
                    *t += ranges[r] * exact[r][c] as f32 + ranges[ROWS + r] * sums[c];
                }
            }
        }
        total
    }

    #[inline(always)]
    fn fma(self, a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }
}
