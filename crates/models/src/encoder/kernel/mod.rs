//! What the processor does best: products of 8-bit integers, on the instructions that are there.
//!
//! All kernels give the same integer sums; floating-point results may differ in the last bits.

#[cfg(target_arch = "x86_64")]
mod avx2;
mod exact;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vnni;

use super::pass::{Pass, forward};

/// Rows of activations that are multiplied together.
pub(super) const ROWS: usize = 4;
/// Output channels that are multiplied together.
pub(super) const PANEL: usize = 16;
/// Input channels that lie together.
pub(super) const QUAD: usize = 4;
/// Input channels of one step, two quads.
pub(super) const STEP: usize = 2 * QUAD;
/// Input channels that have a range of their own when a row of activations is quantised.
pub(super) const RANGE: usize = 128;
/// The largest quantised activation.
pub(super) const LARGEST: f32 = 127.0;
/// The products of a step are added in fours in 16 bits, those of the inputs 0, 1, 4, 5 and of 2, 3, 6, 7. So that these
/// sums fit, neither the positive nor the negative weights of a four may add up to more: 127 · 258 < 2^15.
pub(super) const LARGEST_FOUR: i32 = 258;

/// The weights of [`PANEL`] output channels for [`STEP`] input channels: for each quad of them, quads of channels.
pub(super) type Weights = [[i8; PANEL * QUAD]; STEP / QUAD];
/// The activations of [`ROWS`] rows for [`STEP`] input channels: for each quad of them, quads of rows.
pub(super) type Values = [[[u8; QUAD]; ROWS]; STEP / QUAD];
/// For [`ROWS`] rows and one range of input channels: what an activation of 1 stands for, then what 0 stands for.
pub(super) type Ranges = [[f32; ROWS]; 2];
/// A value for each output channel of a panel.
pub(super) type Lane = [f32; PANEL];

/// The weights and activations of one block of outputs.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    /// One per step.
    pub(super) weights: &'a [Weights],
    /// For each range of input channels, the sums of the weights.
    pub(super) sums: &'a [Lane],
    /// What a weight of 1 stands for.
    pub(super) scale: &'a Lane,
    pub(super) bias: &'a Lane,
    /// One per step.
    pub(super) values: &'a [Values],
    /// One per range of input channels.
    pub(super) ranges: &'a [Ranges],
}

/// An implementation for one kind of processor.
pub(super) trait Kernel: Copy {
    /// Whether activations stay as they are, instead of being quantised; then [`Kernel::multiply`] is never asked.
    const EXACT: bool = false;

    /// Writes `bias(channel) + scale(channel) · Σ_k activation(row, k) · weight(channel, k)` for each row and channel of
    /// the block.
    fn multiply(self, block: Block<'_>, out: [&mut Lane; ROWS]);

    /// `a · b + c`, rounded once or twice.
    fn fma(self, a: f32, b: f32, c: f32) -> f32;
}

/// Instructions of a processor, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Instructions {
    /// AVX-512 with its neural network instructions.
    Vnni,
    /// AVX2 and FMA.
    Avx2,
    /// What every processor has.
    Portable,
    /// The same with activations that are not quantised: slow, to be held against the training's own figures.
    Exact,
}

/// The kernel that is used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level {
    #[cfg(target_arch = "x86_64")]
    Vnni(vnni::Vnni),
    #[cfg(target_arch = "x86_64")]
    Avx2(avx2::Avx2),
    Portable,
    Exact,
}

impl Level {
    /// The best for the processor at hand.
    pub(super) fn detect() -> Self {
        Self::at_most(Instructions::Vnni)
    }

    /// The best that needs no better instructions than these.
    #[cfg(target_arch = "x86_64")]
    pub(super) fn at_most(limit: Instructions) -> Self {
        let vnni = || (limit == Instructions::Vnni).then(vnni::Vnni::detect).flatten();
        let has_avx2 = matches!(limit, Instructions::Vnni | Instructions::Avx2);
        let avx2 = || has_avx2.then(avx2::Avx2::detect).flatten();
        let best = vnni().map(Self::Vnni).or_else(|| avx2().map(Self::Avx2));
        best.unwrap_or(Self::plain(limit))
    }

    /// The best that needs no better instructions than these.
    #[cfg(not(target_arch = "x86_64"))]
    pub(super) fn at_most(limit: Instructions) -> Self {
        Self::plain(limit)
    }

    fn plain(limit: Instructions) -> Self {
        match limit {
            Instructions::Exact => Self::Exact,
            _ => Self::Portable,
        }
    }

    pub(super) fn instructions(self) -> Instructions {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(_) => Instructions::Vnni,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(_) => Instructions::Avx2,
            Self::Portable => Instructions::Portable,
            Self::Exact => Instructions::Exact,
        }
    }

    /// Runs a group of posts through all layers.
    pub(super) fn forward(self, pass: Pass<'_>) {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Vnni(kernel) => kernel.forward(pass),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2(kernel) => kernel.forward(pass),
            Self::Portable => forward(portable::Portable, pass),
            Self::Exact => forward(exact::Exact, pass),
        }
    }
}
