//! The sum of the squares of how often each of very many authors is met.
//!
//! Every author pulls one of many counters up or down, as their number says, once for each mention; the squares of the
//! counters add up to an unbiased estimate of the sum of squares with a relative standard error of at most
//! √(2 ÷ counters), whatever few loud authors there are among them (Alon, Matias and Szegedy 1996, in the form of Charikar,
//! Chen and Farach-Colton 2002). Counters add up over segments, and what is gone is pulled back.

use super::drawn::spread;

/// Counters: 256 kB for a cell with so many people that it has them.
const COUNTERS: usize = 1 << 16;
/// Keeps the counters' hash apart from that by which values are drawn.
const OTHER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The relative standard error, in millionths: √(2 ÷ 65,536).
pub(super) const ERROR: u32 = 5_524;

/// Counters that authors pull.
#[derive(Debug, Clone)]
pub(super) struct Tug(Box<[i32]>);

impl Default for Tug {
    fn default() -> Self {
        Self(vec![0; COUNTERS].into_boxed_slice())
    }
}

/// The counter of an author, and the way it is pulled.
pub(super) fn counter(author: u64) -> (usize, i64) {
    let hash = spread(author ^ OTHER);
    let sign = 1 - 2 * (hash & 1) as i64;
    ((hash >> 48) as usize % COUNTERS, sign)
}

impl Tug {
    #[inline]
    pub(super) fn pull(&mut self, author: u64, times: u32) {
        let (at, sign) = counter(author);
        let pull = i32::try_from(sign * i64::from(times)).unwrap_or(i32::MAX);
        self.0[at] = self.0[at].saturating_add(pull);
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (sum, n) in self.0.iter_mut().zip(&other.0) {
            *sum = sum.saturating_add(*n);
        }
    }

    pub(super) fn at(&self, counter: usize) -> i64 {
        self.0.get(counter).map_or(0, |n| i64::from(*n))
    }

    /// The estimate.
    pub(super) fn squares(&self) -> u64 {
        let square = |n: &i32| i64::from(*n).unsigned_abs().pow(2);
        self.0.iter().map(square).fold(0, u64::saturating_add)
    }

    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn squares_are_met_within_four_standard_errors_and_add_up() {
        let times = |author: u64| match author {
            0..3 => 200_000 / (author as u32 + 1),
            _ => 1 + (author % 5) as u32,
        };
        let (mut one, mut other, mut whole) = (Tug::default(), Tug::default(), Tug::default());
        let mut exact = 0.0;
        for author in 0..300_000u64 {
            let n = times(author);
            exact += f64::from(n).powi(2);
            whole.pull(author, n);
            one.pull(author, n / 2);
            other.pull(author, n - n / 2);
        }
        one.add(&other);
        assert_eq!(one.squares(), whole.squares());
        let error = f64::from(ERROR) / 1e6;
        assert!((error - (2.0 / COUNTERS as f64).sqrt()).abs() < 1e-6);
        let off = whole.squares() as f64 / exact - 1.0;
        assert!(off.abs() < 4.0 * error, "{off}");
    }
}
