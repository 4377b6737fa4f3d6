//! The curved functions of the encoder, as polynomials that compile to vector instructions.

// Coefficients of a fit may look like constants of mathematics, and are not.
#![allow(clippy::approx_constant, clippy::excessive_precision)]

use super::kernel::Kernel;

/// `2^x` for x in -1/2..1/2 (a Chebyshev fit); relative error below 3e-7.
const EXP2: [f32; 6] = [
    1.000_000_1,
    0.693_147_2,
    0.240_221_07,
    0.055_503_272,
    0.009_676_037,
    0.001_340_043_2,
];
/// Adding and taking away this rounds to a whole number.
const ROUND: f32 = 12_582_912.0;

/// `u · (1 - Φ(u))` for u in 0..[`END`], in powers of `2u / END - 1` (a Chebyshev fit); error below 1.6e-5.
const TAIL: [f32; 11] = [
    0.027_499_035,
    -0.133_017_06,
    0.246_478_56,
    -0.147_540_8,
    -0.201_935_13,
    0.436_025_23,
    -0.208_082_44,
    -0.178_053_23,
    0.180_277_76,
    0.022_584_05,
    -0.044_236_016,
];
const END: f32 = 4.5;

/// `e^x`, with a relative error below 1e-6, for x in -87..88; numbers outside are taken as these.
#[inline(always)]
pub(super) fn exp<K: Kernel>(kernel: K, x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    let power = x * std::f32::consts::LOG2_E;
    let shifted = power + ROUND;
    let rest = power - (shifted - ROUND);
    let value = polynomial(kernel, &EXP2, rest);
    // The lowest bits of `shifted` are the whole number; moved up they are an exponent.
    f32::from_bits(value.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The Gaussian error linear unit `x · Φ(x)` (Hendrycks and Gimpel 2016), with an error below 4e-5.
///
/// It is `max(x, 0)` less an even function that vanishes far from 0.
#[inline(always)]
pub(super) fn gelu<K: Kernel>(kernel: K, x: f32) -> f32 {
    let size = x.abs();
    let size = if size > END { END } else { size };
    let tail = polynomial(kernel, &TAIL, kernel.fma(size, 2.0 / END, -1.0));
    (if x > 0.0 { x } else { 0.0 }) - tail
}

#[inline(always)]
fn polynomial<K: Kernel, const N: usize>(kernel: K, coefficients: &[f32; N], x: f32) -> f32 {
    let mut value = coefficients[N - 1];
    for i in (0..N - 1).rev() {
        value = kernel.fma(value, x, coefficients[i]);
    }
    value
}
