//! The kernel for x86-64 processors with AVX2 and FMA.
//!
//! `vpmaddubsw` multiplies unsigned 8-bit activations by signed 8-bit weights and adds pairs in 16 bits; two of its results
//! are added there too, which [`LARGEST_FOUR`](super::LARGEST_FOUR) keeps from overflowing. `vpmaddwd` by ones adds pairs
//! of those in 32 bits.

#![allow(
    unsafe_code,
    reason = "vector instructions read through pointers and need a processor that has them"
)]

use super::{Block, COLUMNS, Kernel, Lane, PANEL, RANGE, ROWS, STEP, Values, Weights};
use crate::encoder::pass::{Pass, forward};
use std::arch::x86_64::*;

/// Proof that the processor has AVX2 and FMA: made by [`Avx2::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Avx2(());

/// Vectors of 8 channels in a panel.
const VECTORS: usize = PANEL / 8;

impl Avx2 {
    pub(super) fn detect() -> Option<Self> {
        (is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")).then_some(Self(()))
    }

    pub(super) fn forward(self, pass: Pass<'_>) {
        #[target_feature(enable = "avx2,fma")]
        fn compiled(kernel: Avx2, pass: Pass<'_>) {
            forward(kernel, pass);
        }
        // SAFETY: `self` proves that the processor has the features.
        unsafe { compiled(self, pass) }
    }
}

impl Kernel for Avx2 {
    #[inline(always)]
    fn multiply(self, block: Block<'_>, out: [&mut Lane; ROWS]) {
        // SAFETY: `self` proves that the processor has the features.
        unsafe { multiply(block, out) }
    }

    #[inline(always)]
    fn product(self, a: [&[f32]; ROWS], b: &[f32], stride: usize) -> [[f32; COLUMNS]; ROWS] {
        // SAFETY: `self` proves that the processor has the features.
        unsafe { product(a, b, stride) }
    }

    #[inline(always)]
    fn fma(self, a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn multiply(block: Block<'_>, out: [&mut Lane; ROWS]) {
    let mut total = [[_mm256_setzero_ps(); VECTORS]; ROWS];
    let parts = block
        .weights
        .chunks(RANGE / STEP)
        .zip(block.values.chunks(RANGE / STEP));
    for ((weights, values), (sums, ranges)) in parts.zip(block.sums.iter().zip(block.ranges)) {
        let exact = dots(weights, values);
        let sums = load_lane(sums);
        for r in 0..ROWS {
            let (scale, low) = (_mm256_set1_ps(ranges[0][r]), _mm256_set1_ps(ranges[1][r]));
            for v in 0..VECTORS {
                let t = _mm256_fmadd_ps(sums[v], low, total[r][v]);
                total[r][v] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(exact[r][v]), scale, t);
            }
        }
    }
    let (scale, bias) = (load_lane(block.scale), load_lane(block.bias));
    for (row, out) in total.into_iter().zip(out) {
        for (v, part) in out.as_chunks_mut::<8>().0.iter_mut().enumerate() {
            let value = _mm256_fmadd_ps(row[v], scale[v], bias[v]);
            // SAFETY: the reference covers the 8 floats that are written; the instruction asks for no alignment.
            unsafe { _mm256_storeu_ps(part.as_mut_ptr(), value) }
        }
    }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn product(a: [&[f32]; ROWS], b: &[f32], stride: usize) -> [[f32; COLUMNS]; ROWS] {
    let mut sums = [[_mm256_setzero_ps(); VECTORS]; ROWS];
    let depth = a[0].len();
    let a = a.map(|row| &row[..depth]);
    for (i, row) in b.chunks(stride).take(depth).enumerate() {
        let Some(row) = row.first_chunk::<COLUMNS>() else {
            break;
        };
        let row = load_lane(row);
        for r in 0..ROWS {
            let weight = _mm256_set1_ps(a[r][i]);
            for v in 0..VECTORS {
                sums[r][v] = _mm256_fmadd_ps(weight, row[v], sums[r][v]);
            }
        }
    }
    let mut out = [[0.0; COLUMNS]; ROWS];
    for (out, sums) in out.iter_mut().zip(sums) {
        for (part, sum) in out.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            // SAFETY: the reference covers the 8 floats that are written; the instruction asks for no alignment.
            unsafe { _mm256_storeu_ps(part.as_mut_ptr(), sum) }
        }
    }
    out
}

/// The integer sums over one range of input channels.
#[target_feature(enable = "avx2,fma")]
#[inline]
fn dots(weights: &[Weights], values: &[Values]) -> [[__m256i; VECTORS]; ROWS] {
    let ones = _mm256_set1_epi32(0x0001_0001);
    let mut sums = [[_mm256_setzero_si256(); VECTORS]; ROWS];
    for (weights, [first, second]) in weights.iter().zip(values) {
        let (near, far) = (weights[0].as_chunks::<32>().0, weights[1].as_chunks::<32>().0);
        for r in 0..ROWS {
            let first = _mm256_set1_epi32(i32::from_le_bytes(first[r]));
            let second = _mm256_set1_epi32(i32::from_le_bytes(second[r]));
            for c in 0..VECTORS {
                let near = _mm256_maddubs_epi16(first, load(&near[c]));
                let far = _mm256_maddubs_epi16(second, load(&far[c]));
                let fours = _mm256_add_epi16(near, far);
                sums[r][c] = _mm256_add_epi32(sums[r][c], _mm256_madd_epi16(fours, ones));
            }
        }
    }
    sums
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn load(bytes: &[i8; 32]) -> __m256i {
    // SAFETY: the reference covers the 32 bytes that are read; the instruction asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(bytes).cast()) }
}

#[target_feature(enable = "avx2,fma")]
#[inline]
fn load_lane(lane: &Lane) -> [__m256; VECTORS] {
    let mut vectors = [_mm256_setzero_ps(); VECTORS];
    for (v, part) in vectors.iter_mut().zip(lane.as_chunks::<8>().0) {
        // SAFETY: the reference covers the 8 floats that are read; the instruction asks for no alignment.
        *v = unsafe { _mm256_loadu_ps(part.as_ptr()) };
    }
    vectors
}
