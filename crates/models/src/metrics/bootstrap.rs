//! Intervals by resampling (Efron 1979).

use crate::metrics::Confusion;

/// The range a figure falls into in 95 of 100 resamplings.
pub type Interval = [f64; 2];

/// The 2.5th and 97.5th percentile of each of `figures` over `rounds` resamplings of the pairs of true and given
/// class. The same seed gives the same intervals.
pub fn bootstrap<const N: usize>(
    classes: usize,
    pairs: &[(u16, u16)],
    rounds: usize,
    seed: u64,
    figures: impl Fn(&Confusion) -> [f64; N],
) -> [Interval; N] {
    if pairs.is_empty() || rounds == 0 {
        return [[0.0, 0.0]; N];
    }
    let mut state = seed ^ 0x9E37_79B9_7F4A_7C15;
    let mut next = || {
        // SplitMix64 (Steele, Lea and Flood 2014)
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    let mut values: Vec<Vec<f64>> = vec![Vec::with_capacity(rounds); N];
    for _ in 0..rounds {
        let sample = (0..pairs.len()).map(|_| {
            let r = (u128::from(next()) * pairs.len() as u128) >> 64;
            pairs[r as usize]
        });
        for (list, value) in values.iter_mut().zip(figures(&Confusion::of(classes, sample))) {
            list.push(value);
        }
    }
    let mut out = [[0.0, 0.0]; N];
    for (interval, list) in out.iter_mut().zip(&mut values) {
        list.sort_unstable_by(f64::total_cmp);
        let at = |q: f64| list[((rounds - 1) as f64 * q).round() as usize];
        *interval = [at(0.025), at(0.975)];
    }
    out
}
