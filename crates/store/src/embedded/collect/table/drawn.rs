//! Which values of a cell are held where it has too many to hold them all.
//!
//! Whether a value is drawn follows from its own number and the cell's level: at level *l* one in 2^l is, so that every
//! segment and every question draws the same values, and what is drawn at a level is also drawn at those before. A cell's
//! level rises where more are drawn than it has room for (adaptive sampling: Wegman, in Flajolet 1990), and so many
//! distinct values as stand for 2^l others each are a fair estimate of how many there are. What is summed over values that
//! weigh differently is drawn by weight (threshold sampling: Duffield, Lund and Thorup 2005): at level *l* all that weigh
//! 2^l and more, and of those that weigh less, *w* in 2^l, each of which then stands for 2^l.

use super::distinct::Met;
use std::sync::atomic::{AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// The highest level. At 0 everything is drawn.
const LAST: u8 = 63;

/// What a value weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum By {
    /// As much as any other.
    #[default]
    Number,
    /// By its followers. Who has none, or none that are known, adds nothing and is never drawn.
    Followers,
}

impl By {
    pub(super) fn weight(self, met: &Met) -> u32 {
        match self {
            By::Number => 1,
            By::Followers => met.value.saturating_sub(1),
        }
    }
}

/// Whether a number of this weight is drawn.
#[inline]
pub(super) fn is_drawn(number: u64, weight: u32, level: u8) -> bool {
    match level {
        0 => weight > 0,
        _ => spread(number) >> (64 - u32::from(level)) < u64::from(weight),
    }
}

/// The highest level at which a number of this weight, which is not 0, is drawn.
fn last_level(number: u64, weight: u32) -> u8 {
    let sure = (spread(number).leading_zeros() + weight.max(1).ilog2()).min(u32::from(LAST)) as u8;
    match sure < LAST && is_drawn(number, weight, sure + 1) {
        true => sure + 1,
        false => sure,
    }
}

/// The lowest level at which no more of these are drawn than there is room for.
pub(super) fn level_of(all: impl Iterator<Item = (u64, u32)>, room: usize) -> u8 {
    let mut last = [0usize; LAST as usize + 1];
    let mut drawn = 0;
    for (number, weight) in all.filter(|(_, weight)| *weight > 0) {
        last[usize::from(last_level(number, weight))] += 1;
        drawn += 1;
    }
    let mut level = 0;
    while drawn > room && level < LAST {
        drawn -= last[usize::from(level)];
        level += 1;
    }
    level
}

/// The numbers are hash values of several makers, some of them plain: none of their bits is left to chance.
#[inline]
pub(super) fn spread(number: u64) -> u64 {
    let n = (number ^ (number >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let n = (n ^ (n >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    n ^ (n >> 33)
}

/// Of so many cells at most what is drawn is counted over all segments.
const FEW: usize = 32;
/// Bits by which numbers are told apart there, a cell: 128 kB. Where two share one, a level rises later than it might.
const BITS: usize = 1 << 20;

/// The levels of cells in all segments of a question. What the values of some segments need together they need at least in
/// all, so nobody need hold more than that of the others.
#[derive(Debug, Clone, Default)]
pub(super) struct Levels(Arc<[Shared]>);

/// What segments say of one cell.
#[derive(Debug)]
struct Shared {
    level: AtomicU8,
    room: usize,
    /// Which numbers were drawn; empty until some are.
    bits: OnceLock<Box<[AtomicU64]>>,
    /// How many of them are drawn up to each level and not beyond.
    last: [AtomicUsize; LAST as usize + 1],
}

impl Shared {
    fn new(room: usize) -> Self {
        Self {
            level: AtomicU8::new(0),
            room,
            bits: OnceLock::new(),
            last: std::array::from_fn(|_| AtomicUsize::new(0)),
        }
    }

    /// Whether a number was not drawn before.
    fn is_new(&self, number: u64) -> bool {
        let bits = self
            .bits
            .get_or_init(|| (0..BITS / 64).map(|_| AtomicU64::new(0)).collect());
        let at = spread(number) as usize % BITS;
        let bit = 1 << (at % 64);
        let word = &bits[at / 64];
        word.load(Ordering::Relaxed) & bit == 0 && word.fetch_or(bit, Ordering::Relaxed) & bit == 0
    }

    fn raise_if_full(&self) {
        let level = self.level.load(Ordering::Relaxed);
        let last = self.last.iter().skip(usize::from(level));
        let drawn: usize = last.map(|n| n.load(Ordering::Relaxed)).sum();
        if drawn > self.room {
            self.level.fetch_max(level + 1, Ordering::Relaxed);
        }
    }
}

impl Levels {
    /// Of so many cells with so much room each.
    pub(super) fn new(cells: usize, room: usize) -> Self {
        Self((0..cells).map(|_| Shared::new(room)).collect())
    }

    /// 0 where nothing is known of a cell.
    pub(super) fn of(&self, cell: usize) -> u8 {
        self.0
            .get(cell)
            .map_or(0, |one| one.level.load(Ordering::Relaxed))
    }

    pub(super) fn raise(&self, cell: usize, level: u8) {
        if let Some(one) = self.0.get(cell) {
            one.level.fetch_max(level, Ordering::Relaxed);
        }
    }

    /// Counts a number of this weight, drawn in a cell that draws, and gives the cell's level from now on.
    pub(super) fn count(&self, cell: usize, number: u64, weight: u32) -> u8 {
        let Some(one) = self.0.get(cell) else {
            return 0;
        };
        if self.0.len() <= FEW && one.is_new(number) {
            let level = last_level(number, weight);
            let so_many = one.last[usize::from(level)].fetch_add(1, Ordering::Relaxed);
            if so_many % 64 == 63 {
                one.raise_if_full();
            }
        }
        one.level.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_drawn_at_a_level_is_drawn_at_those_before(number: u64, weight in 1u32.., level in 0u8..63) {
            prop_assert!(is_drawn(number, weight, 0));
            prop_assert!(!is_drawn(number, weight, level + 1) || is_drawn(number, weight, level));
            prop_assert_eq!(is_drawn(number, weight, level), level <= last_level(number, weight));
        }

        #[test]
        fn a_level_is_the_lowest_that_has_room(
            all in proptest::collection::vec((any::<u64>(), 0u32..2_000), 0..400),
            room in 1usize..100,
        ) {
            let level = level_of(all.iter().copied(), room);
            let drawn = |level| all.iter().filter(|(n, w)| is_drawn(*n, *w, level)).count();
            prop_assert!(drawn(level) <= room);
            prop_assert!(level == 0 || drawn(level - 1) > room);
        }
    }

    /// The sum over what is drawn, each for itself or for what it stands for, is the sum over all, give or take four
    /// standard errors.
    #[test]
    fn what_is_drawn_by_weight_adds_up_to_all() {
        let all: Vec<(u64, u32)> = (0..200_000u64)
            .map(|n| (n, (2_000_000 / (n + 1)) as u32 + n as u32 % 7))
            .collect();
        let exact: f64 = all.iter().map(|(_, w)| f64::from(*w)).sum();
        let level = level_of(all.iter().copied(), 4_000);
        assert!(level > 0);
        let most = f64::from(1 << level);
        let drawn = all
            .iter()
            .filter(|(n, w)| is_drawn(*n, *w, level))
            .map(|(_, w)| f64::from(*w));
        let (mut sum, mut variance) = (0.0, 0.0);
        for weight in drawn {
            sum += weight.max(most);
            variance += most * (most - weight).max(0.0);
        }
        assert!(
            (sum - exact).abs() < 4.0 * variance.sqrt(),
            "{sum} for {exact} ± {}",
            variance.sqrt()
        );
        assert!(variance.sqrt() < exact * 0.02);
    }
}
