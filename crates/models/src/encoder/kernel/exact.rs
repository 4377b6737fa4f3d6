//! The kernel that leaves activations as they are: slow, and as exact as 32-bit floats.

use super::{Block, Kernel, Lane, ROWS};

/// Plain Rust without quantised activations.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Exact;

impl Kernel for Exact {
    const EXACT: bool = true;

    fn multiply(self, _: Block<'_>, out: [&mut Lane; ROWS]) {
        debug_assert!(false, "exact layers are not multiplied in blocks");
        out.into_iter().for_each(|lane| lane.fill(0.0));
    }

    #[inline(always)]
    fn fma(self, a: f32, b: f32, c: f32) -> f32 {
        a * b + c
    }
}
