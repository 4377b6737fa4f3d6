//! Layer normalisation (Ba, Kiros and Hinton 2016).

/// The scale and shift of each channel.
#[derive(Debug)]
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) epsilon: f32,
}

/// Sums are made in so many lanes, which fill vector registers.
pub(super) const LANES: usize = 16;

impl Norm {
    /// Brings a row to mean 0 and variance 1, then scales and shifts it. Rows are a multiple of 16 long.
    #[inline(always)]
    pub(super) fn apply(&self, row: &mut [f32]) {
        let n = row.len() as f32;
        let mut sums = [0.0; LANES];
        for chunk in row.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                sums[i] += chunk[i];
            }
        }
        let mean = total(sums) / n;
        let mut sums = [0.0; LANES];
        for chunk in row.as_chunks::<LANES>().0 {
            for i in 0..LANES {
                sums[i] += (chunk[i] - mean) * (chunk[i] - mean);
            }
        }
        let factor = 1.0 / (total(sums) / n + self.epsilon).sqrt();
        for ((v, w), b) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *v = (*v - mean) * factor * w + b;
        }
    }
}

/// The sum of all lanes.
#[inline(always)]
pub(super) fn total(lanes: [f32; LANES]) -> f32 {
    let mut sum = 0.0;
    for lane in lanes {
        sum += lane;
    }
    sum
}
