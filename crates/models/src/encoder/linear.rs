//! A linear layer with 8-bit weights, packed so that the kernel reads them in one stream.

use super::kernel::{Block, Kernel, Lane, PANEL, RANGE, ROWS, STEP, Weights};
use super::quantise::Quantised;

/// `y = W x + b`, with `W` as 8-bit integers times a scale for each output channel.
///
/// Channels are grouped in panels of [`PANEL`]; the last is filled up with channels that give 0.
#[derive(Debug, Default)]
pub(super) struct Linear {
    inputs: usize,
    panels: Vec<Panel>,
}

#[derive(Debug)]
struct Panel {
    /// One per step of input channels.
    weights: Vec<Weights>,
    /// The sums of the weights over each range of input channels.
    sums: Vec<Lane>,
    scale: Lane,
    bias: Lane,
}

/// A matrix as it lies in the file.
#[derive(Clone)]
pub(super) struct Matrix<'b> {
    /// Row-major `i8`, a row of `inputs` per output channel.
    pub(super) weights: &'b [u8],
    /// Per output channel, what a weight of 1 stands for.
    pub(super) scale: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Linear {
    /// Packs matrices with the same inputs; their outputs follow one another.
    pub(super) fn pack(inputs: usize, matrices: &[Matrix<'_>]) -> Self {
        let rows = |m: &Matrix<'_>| m.scale.iter().copied().zip(m.bias.clone()).collect::<Vec<_>>();
        let rows = matrices
            .iter()
            .flat_map(|m| m.weights.chunks(inputs).zip(rows(m)));
        let rows: Vec<_> = rows.collect();
        Self {
            inputs,
            panels: rows
                .chunks(PANEL)
                .map(|channels| Panel::pack(inputs, channels))
                .collect(),
        }
    }

    /// The length of a row of outputs: the channels, filled up to whole panels.
    pub(super) fn width(&self) -> usize {
        self.panels.len() * PANEL
    }

    /// Writes the outputs of all rows of `input` into `out`, [`Linear::width`] values for each row and for those that
    /// fill up the last block of [`ROWS`].
    #[inline(always)]
    pub(super) fn apply<K: Kernel>(&self, kernel: K, input: &Quantised, out: &mut [f32]) {
        let width = self.width();
        for (p, panel) in self.panels.iter().enumerate() {
            for (rows, (values, ranges)) in out.chunks_exact_mut(ROWS * width).zip(input.blocks(self.inputs))
            {
                let product = kernel.multiply(Block {
                    weights: &panel.weights,
                    sums: &panel.sums,
                    values,
                    ranges,
                });
                for (row, product) in rows.chunks_exact_mut(width).zip(product) {
                    let to = &mut row[p * PANEL..][..PANEL];
                    for (i, to) in to.iter_mut().enumerate() {
                        *to = kernel.fma(product[i], panel.scale[i], panel.bias[i]);
                    }
                }
            }
        }
    }
}

impl Panel {
    fn pack(inputs: usize, channels: &[(&[u8], (f32, f32))]) -> Self {
        let mut panel = Self {
            weights: vec![[0; PANEL * STEP]; inputs.div_ceil(STEP)],
            sums: vec![[0.0; PANEL]; inputs.div_ceil(RANGE)],
            scale: [0.0; PANEL],
            bias: [0.0; PANEL],
        };
        for (c, &(row, (scale, bias))) in channels.iter().enumerate() {
            (panel.scale[c], panel.bias[c]) = (scale, bias);
            for (step, four) in panel.weights.iter_mut().zip(row.chunks(STEP)) {
                for (to, &w) in step[c * STEP..].iter_mut().zip(four) {
                    *to = w as i8;
                }
            }
            for (sum, range) in panel.sums.iter_mut().zip(row.chunks(RANGE)) {
                sum[c] = range.iter().map(|&w| i32::from(w as i8)).sum::<i32>() as f32;
            }
        }
        panel
    }
}
