//! Activations as 7-bit integers, each range of channels of each row with its own scale.

use super::kernel::{LARGEST, QUAD, RANGE, ROWS, Ranges, STEP, Values};

/// Adding this to a small positive number leaves the number, rounded, in the lowest bits.
const ROUND: f32 = 8_388_608.0;

/// Rows in blocks of [`ROWS`], as the kernel reads them: a value `v` in a range stands for `low + scale · v`.
#[derive(Debug, Default)]
pub(super) struct Quantised {
    values: Vec<Values>,
    ranges: Vec<Ranges>,
}

impl Quantised {
    /// Reads rows of `length` values, a multiple of [`STEP`]. Rows that fill up the last block are zero.
    #[inline(always)]
    pub(super) fn read<'r>(&mut self, rows: impl ExactSizeIterator<Item = &'r [f32]>, length: usize) {
        let (steps, ranges) = (length.div_ceil(STEP), length.div_ceil(RANGE));
        let blocks = rows.len().div_ceil(ROWS);
        self.values.clear();
        self.values.resize(blocks * steps, Values::default());
        self.ranges.clear();
        self.ranges.resize(blocks * ranges, Ranges::default());
        for (i, row) in rows.enumerate() {
            let (block, lane) = (i / ROWS, i % ROWS);
            let values = self.values[block * steps..][..steps].chunks_mut(RANGE / STEP);
            let places = self.ranges[block * ranges..][..ranges].iter_mut();
            for ((part, values), place) in row.chunks(RANGE).zip(values).zip(places) {
                (place[0][lane], place[1][lane]) = quantise(part, lane, values);
            }
        }
    }

    /// The blocks of rows of `length` values.
    #[inline(always)]
    pub(super) fn blocks(&self, length: usize) -> impl Iterator<Item = (&[Values], &[Ranges])> {
        let values = self.values.chunks_exact(length.div_ceil(STEP).max(1));
        values.zip(self.ranges.chunks_exact(length.div_ceil(RANGE).max(1)))
    }
}

/// Writes a range of a row into its lane of the block and returns its scale and low end.
#[inline(always)]
fn quantise(part: &[f32], lane: usize, out: &mut [Values]) -> (f32, f32) {
    let (low, high) = ends(part);
    let scale = (high - low) / LARGEST;
    let factor = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let mut small = [0u8; RANGE];
    for (s, &v) in small.iter_mut().zip(part) {
        *s = ((v - low) * factor + ROUND).to_bits() as u8;
    }
    for (to, quad) in out.as_flattened_mut().iter_mut().zip(small.as_chunks::<QUAD>().0) {
        to[lane] = *quad;
    }
    (scale, low)
}

/// The least and the largest value.
#[inline(always)]
fn ends(part: &[f32]) -> (f32, f32) {
    const LANES: usize = 8;
    let first = part.first().copied().unwrap_or(0.0);
    let (mut low, mut high) = ([first; LANES], [first; LANES]);
    let (chunks, rest) = part.as_chunks::<LANES>();
    for chunk in chunks {
        for i in 0..LANES {
            low[i] = if chunk[i] < low[i] { chunk[i] } else { low[i] };
            high[i] = if chunk[i] > high[i] { chunk[i] } else { high[i] };
        }
    }
    let (mut least, mut most) = (first, first);
    for i in 0..LANES {
        least = if low[i] < least { low[i] } else { least };
        most = if high[i] > most { high[i] } else { most };
    }
    for &v in rest {
        least = if v < least { v } else { least };
        most = if v > most { v } else { most };
    }
    (least, most)
}
