//! The kernel for x86-64 processors with AVX-512 and its neural network instructions (VNNI).
//!
//! `vpdpbusd` multiplies four unsigned 8-bit activations by four signed 8-bit weights and adds all of them to a 32-bit sum:
//! one instruction for the sixteen channels of a panel and a quad of inputs.

#![allow(
    unsafe_code,
    reason = "vector instructions read through pointers and need a processor that has them"
)]

use super::{Block, Kernel, Lane, PANEL, QUAD, RANGE, ROWS, STEP, Values, Weights};
use crate::encoder::pass::{Pass, forward};
use std::arch::x86_64::*;

/// Proof that the processor has what the kernel uses: made by [`Vnni::detect`] only.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Vnni(());

impl Vnni {
    pub(super) fn detect() -> Option<Self> {
        let found = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512vnni")
            && is_x86_feature_detected!("fma");
        found.then_some(Self(()))
    }

    pub(super) fn forward(self, pass: Pass<'_>) {
        #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,fma")]
        fn compiled(kernel: Vnni, pass: Pass<'_>) {
            forward(kernel, pass);
        }
        // SAFETY: `self` proves that the processor has the features.
        unsafe { compiled(self, pass) }
    }
}

impl Kernel for Vnni {
    #[inline(always)]
    fn multiply(self, block: Block<'_>, out: [&mut Lane; ROWS]) {
        // SAFETY: `self` proves that the processor has the features.
        unsafe { multiply(block, out) }
    }

    #[inline(always)]
    fn fma(self, a: f32, b: f32, c: f32) -> f32 {
        a.mul_add(b, c)
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,fma")]
#[inline]
fn multiply(block: Block<'_>, out: [&mut Lane; ROWS]) {
    let mut total = [_mm512_setzero_ps(); ROWS];
    let parts = block
        .weights
        .chunks(RANGE / STEP)
        .zip(block.values.chunks(RANGE / STEP));
    for ((weights, values), (sums, ranges)) in parts.zip(block.sums.iter().zip(block.ranges)) {
        let exact = dots(weights, values);
        let sums = load_lane(sums);
        for r in 0..ROWS {
            let (scale, low) = (_mm512_set1_ps(ranges[0][r]), _mm512_set1_ps(ranges[1][r]));
            let t = _mm512_fmadd_ps(sums, low, total[r]);
            total[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(exact[r]), scale, t);
        }
    }
    let (scale, bias) = (load_lane(block.scale), load_lane(block.bias));
    for (row, out) in total.into_iter().zip(out) {
        let value = _mm512_fmadd_ps(row, scale, bias);
        // SAFETY: the reference covers the 16 floats that are written; the instruction asks for no alignment.
        unsafe { _mm512_storeu_ps(out.as_mut_ptr(), value) }
    }
}

/// The integer sums over one range of input channels. Each quad of a step has sums of its own, so that an instruction
/// need not wait for the one before it.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,fma")]
#[inline]
fn dots(weights: &[Weights], values: &[Values]) -> [__m512i; ROWS] {
    let mut sums = [[_mm512_setzero_si512(); STEP / QUAD]; ROWS];
    for (weights, values) in weights.iter().zip(values) {
        for q in 0..STEP / QUAD {
            let weights = load(&weights[q]);
            for r in 0..ROWS {
                let value = _mm512_set1_epi32(i32::from_le_bytes(values[q][r]));
                sums[r][q] = _mm512_dpbusd_epi32(sums[r][q], value, weights);
            }
        }
    }
    sums.map(|[a, b]| _mm512_add_epi32(a, b))
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,fma")]
#[inline]
fn load(bytes: &[i8; PANEL * QUAD]) -> __m512i {
    // SAFETY: the reference covers the 64 bytes that are read; the instruction asks for no alignment.
    unsafe { _mm512_loadu_si512(std::ptr::from_ref(bytes).cast()) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512vnni,fma")]
#[inline]
fn load_lane(lane: &Lane) -> __m512 {
    // SAFETY: the reference covers the 16 floats that are read; the instruction asks for no alignment.
    unsafe { _mm512_loadu_ps(lane.as_ptr()) }
}
