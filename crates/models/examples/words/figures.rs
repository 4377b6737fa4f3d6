//! Figures with intervals by resampling posts (Efron 1979).

use std::iter::Sum;

const ROUNDS: usize = 1000;

/// Spans of a post, or of many.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) right: usize,
    pub(crate) found: usize,
    pub(crate) gold: usize,
}

impl<'c> Sum<&'c Counts> for Counts {
    fn sum<I: Iterator<Item = &'c Counts>>(all: I) -> Self {
        all.fold(Self::default(), |sum, c| Self {
            right: sum.right + c.right,
            found: sum.found + c.found,
            gold: sum.gold + c.gold,
        })
    }
}

impl Counts {
    pub(crate) fn f1(self) -> f64 {
        2.0 * self.right as f64 / (self.found + self.gold).max(1) as f64
    }
}

pub(crate) fn accuracy(right: &[bool]) -> String {
    let share = |some: &[bool]| some.iter().filter(|&&r| r).count() as f64 / some.len().max(1) as f64;
    let [low, high] = interval(right, share);
    let (count, value) = (right.len(), 100.0 * share(right));
    format!("accuracy {value:.1} [{low:.1}, {high:.1}] of {count}")
}

pub(crate) fn report(posts: &[Counts]) -> String {
    let all: Counts = posts.iter().sum();
    let [low, high] = interval(posts, |some| some.iter().sum::<Counts>().f1());
    let share = |of: usize| 100.0 * all.right as f64 / of.max(1) as f64;
    format!(
        "F1 {:.1} [{low:.1}, {high:.1}], precision {:.1}, recall {:.1}, {} spans in {} posts",
        100.0 * all.f1(),
        share(all.found),
        share(all.gold),
        all.gold,
        posts.len()
    )
}

/// The range, in per cent, into which a figure falls in 95 of 100 resamplings.
fn interval<T: Copy>(all: &[T], figure: impl Fn(&[T]) -> f64) -> [f64; 2] {
    let mut state = 21u64;
    let mut below = |n: usize| {
        // SplitMix64 (Steele, Lea and Flood 2014)
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((u128::from(z ^ (z >> 31)) * n as u128) >> 64) as usize
    };
    let mut values = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let sample: Vec<T> = (0..all.len()).map(|_| all[below(all.len())]).collect();
        values.push(100.0 * figure(&sample));
    }
    values.sort_unstable_by(f64::total_cmp);
    [values[ROUNDS / 40], values[ROUNDS - 1 - ROUNDS / 40]]
}
