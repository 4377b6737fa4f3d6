//! A linear layer with 8-bit weights, packed so that the kernel reads them in one stream.

use super::kernel::{Block, Kernel, LARGEST_FOUR, Lane, PANEL, QUAD, RANGE, ROWS, STEP, Weights};
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

    /// Writes the outputs of all rows into `out`, [`Linear::width`] values for each row and for those that fill up the
    /// last block of [`ROWS`]. `quantised` is a buffer.
    #[inline(always)]
    pub(super) fn apply<'r, K: Kernel>(
        &self,
        kernel: K,
        rows: impl ExactSizeIterator<Item = &'r [f32]>,
        quantised: &mut Quantised,
        out: &mut [f32],
    ) {
        if K::EXACT {
            for (row, out) in rows.zip(out.chunks_exact_mut(self.width())) {
                self.exact(row, out);
            }
        } else {
            quantised.read(rows, self.inputs);
            self.blocks(kernel, quantised, out);
        }
    }

    /// The outputs of one row, without quantising it.
    fn exact(&self, row: &[f32], out: &mut [f32]) {
        for (panel, out) in self.panels.iter().zip(out.chunks_exact_mut(PANEL)) {
            for (c, out) in out.iter_mut().enumerate() {
                let mut sum = 0.0;
                for (values, weights) in row.chunks(QUAD).zip(panel.weights.as_flattened()) {
                    for (v, &w) in values.iter().zip(&weights[c * QUAD..]) {
                        sum += v * f32::from(w);
                    }
                }
                *out = sum * panel.scale[c] + panel.bias[c];
            }
        }
    }

    #[inline(always)]
    fn blocks<K: Kernel>(&self, kernel: K, input: &Quantised, out: &mut [f32]) {
        let width = self.width();
        for (p, panel) in self.panels.iter().enumerate() {
            for (rows, (values, ranges)) in out.chunks_exact_mut(ROWS * width).zip(input.blocks(self.inputs))
            {
                let block = Block {
                    weights: &panel.weights,
                    sums: &panel.sums,
                    scale: &panel.scale,
                    bias: &panel.bias,
                    values,
                    ranges,
                };
                let mut rows = rows.chunks_exact_mut(width);
                let mut next = || rows.next()?[p * PANEL..].first_chunk_mut::<PANEL>();
                if let (Some(a), Some(b), Some(c), Some(d)) = (next(), next(), next(), next()) {
                    kernel.multiply(block, [a, b, c, d]);
                }
            }
        }
    }
}

impl Panel {
    fn pack(inputs: usize, channels: &[(&[u8], (f32, f32))]) -> Self {
        let mut panel = Self {
            weights: vec![[[0; PANEL * QUAD]; STEP / QUAD]; inputs.div_ceil(STEP)],
            sums: vec![[0.0; PANEL]; inputs.div_ceil(RANGE)],
            scale: [0.0; PANEL],
            bias: [0.0; PANEL],
        };
        for (c, &(row, (scale, bias))) in channels.iter().enumerate() {
            (panel.scale[c], panel.bias[c]) = (scale, bias);
            let ranges = panel.weights.chunks_mut(RANGE / STEP).zip(&mut panel.sums);
            for (range, (steps, sum)) in row.chunks(RANGE).zip(ranges) {
                let mut total = 0;
                for (inputs, step) in range.as_chunks::<STEP>().0.iter().zip(steps) {
                    let inputs = bounded(inputs.map(|w| w as i8));
                    total += inputs.iter().map(|&w| i32::from(w)).sum::<i32>();
                    for (quad, to) in inputs.as_chunks::<QUAD>().0.iter().zip(step) {
                        to[c * QUAD..][..QUAD].copy_from_slice(quad);
                    }
                }
                sum[c] = total as f32;
            }
        }
        panel
    }
}

/// Makes the largest weights of each four smaller until the four keeps to [`LARGEST_FOUR`]. Weights quantised to at most
/// 104 nearly always do.
fn bounded(mut step: [i8; STEP]) -> [i8; STEP] {
    for four in [[0, 1, 4, 5], [2, 3, 6, 7]] {
        for sign in [1, -1] {
            let excess = |step: &[i8; STEP]| {
                four.iter()
                    .map(|&i| (sign * i32::from(step[i])).max(0))
                    .sum::<i32>()
                    - LARGEST_FOUR
            };
            while excess(&step) > 0 {
                let largest = four
                    .into_iter()
                    .max_by_key(|&i| sign * i32::from(step[i]))
                    .unwrap_or(0);
                step[largest] = (i32::from(step[largest]) - sign) as i8;
            }
        }
    }
    step
}
