//! Upper tails of counts, as −log10 of the probability, exact far out where the probability itself is 0 in a float.

use std::f64::consts::{LN_10, PI};

/// ln Γ(x) for x > 0 (Lanczos 1964, with the coefficients of Godfrey for g = 7).
pub fn ln_gamma(x: f64) -> f64 {
    const C: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    if x < 0.5 {
        return (PI / (PI * x).sin()).ln() - ln_gamma(1.0 - x);
    }
    let x = x - 1.0;
    let t = x + 7.5;
    let sum = C
        .iter()
        .enumerate()
        .skip(1)
        .fold(C[0], |sum, (i, c)| sum + c / (x + i as f64));
    0.5 * (2.0 * PI).ln() + (x + 0.5) * t.ln() - t + sum.ln()
}

/// ln of the regularised incomplete beta function I_x(a, b), by its continued fraction (Lentz's method; Abramowitz and
/// Stegun 26.5.8).
fn ln_beta_tail(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if x >= 1.0 {
        return 0.0;
    }
    let front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    if x < (a + 1.0) / (a + b + 2.0) {
        front + fraction(x, a, b).ln() - a.ln()
    } else {
        let other = (front + fraction(1.0 - x, b, a).ln() - b.ln()).exp();
        (-other.min(1.0)).ln_1p()
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let floor = |v: f64| if v.abs() < TINY { TINY } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / floor(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for m in 1..500 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / floor(1.0 + even * d);
        c = floor(1.0 + even / c);
        value *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / floor(1.0 + odd * d);
        c = floor(1.0 + odd / c);
        value *= d * c;
        if (d * c - 1.0).abs() < 1e-12 {
            break;
        }
    }
    value
}

/// −log10 P(X ≥ n) where X is negative binomial with mean `mean` and size `size` (variance mean + mean²/size). 0 for
/// n = 0.
pub fn negative_binomial(n: f64, mean: f64, size: f64) -> f64 {
    if n <= 0.0 || mean.is_nan() || size.is_nan() {
        return 0.0;
    }
    let mean = mean.max(1e-9);
    let size = size.clamp(1e-3, 1e7);
    (-ln_beta_tail(mean / (mean + size), n, size) / LN_10).max(0.0)
}

/// −log10 P(X ≥ n) where X is a Poisson count of that mean. 0 for n = 0.
pub fn poisson(n: f64, mean: f64) -> f64 {
    negative_binomial(n, mean, 1e7)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By adding up the probabilities.
    fn summed(n: u32, mean: f64, size: f64) -> f64 {
        let p = size / (size + mean);
        let mass = |k: f64| {
            (ln_gamma(k + size) - ln_gamma(size) - ln_gamma(k + 1.0) + size * p.ln() + k * (1.0 - p).ln())
                .exp()
        };
        -(n..n + 4000).map(|k| mass(f64::from(k))).sum::<f64>().log10()
    }

    #[test]
    fn tails_are_the_sums_of_their_probabilities() {
        for (n, mean, size) in [
            (1, 0.3, 1.0),
            (5, 2.0, 0.7),
            (9, 5.0, 30.0),
            (40, 10.0, 3.0),
            (3, 10.0, 2.0),
        ] {
            let (fast, slow) = (negative_binomial(f64::from(n), mean, size), summed(n, mean, size));
            assert!(
                (fast - slow).abs() < 1e-6 * slow.max(1.0),
                "{n} {mean} {size}: {fast} {slow}"
            );
        }
        // P(X ≥ 9) for a mean of 5 is 0.06809.
        assert!((poisson(9.0, 5.0) + 0.068_094_f64.log10()).abs() < 1e-4);
        assert!(
            poisson(10_000.0, 1.0) > 30_000.0,
            "far out there is still an order"
        );
    }

    #[test]
    fn gamma_is_the_factorial() {
        assert!((ln_gamma(11.0) - 3_628_800_f64.ln()).abs() < 1e-10);
        assert!((ln_gamma(0.5) - PI.sqrt().ln()).abs() < 1e-10);
    }
}
