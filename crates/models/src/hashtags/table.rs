//! The words and the pairs of words, with their costs.

use super::letters::Letters;
use std::ops::Range;

/// A byte of a word's cost counts tenths of a nat.
const WORD_STEP: f32 = 0.1;
/// One of a pair's counts sixteenths.
const PAIR_STEP: f32 = 1.0 / 16.0;

/// Words in the order of their bytes, and after each those that were seen after it.
#[derive(Debug)]
pub(super) struct Table {
    /// All words, one after the other.
    pub(super) text: String,
    /// The end of each.
    pub(super) ends: Vec<u32>,
    pub(super) costs: Vec<u8>,
    /// Where the followers of each word end in `seconds`.
    pub(super) rows: Vec<u32>,
    pub(super) seconds: Vec<u32>,
    pub(super) pair_costs: Vec<u8>,
    pub(super) letters: Letters,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    fn word(&self, at: usize) -> &str {
        &self.text[row(&self.ends, at)]
    }

    /// What a word costs without one before it.
    pub(super) fn cost(&self, word: u32) -> f32 {
        f32::from(self.costs[word as usize]) * WORD_STEP
    }

    /// What a word costs after another, if it was seen there.
    pub(super) fn pair(&self, first: u32, second: u32) -> Option<f32> {
        let row = row(&self.rows, first as usize);
        let at = self.seconds[row.clone()].binary_search(&second).ok()?;
        Some(f32::from(self.pair_costs[row.start + at]) * PAIR_STEP)
    }

    /// The words that begin with a prefix, of those in `range`.
    pub(super) fn narrowed(&self, range: Range<usize>, prefix: &str) -> Range<usize> {
        let start = self.partition(range.clone(), |w| w < prefix);
        let end = self.partition(start..range.end, |w| w.starts_with(prefix));
        start..end
    }

    /// The word that is `prefix` itself, among those that begin with it.
    pub(super) fn exact(&self, range: &Range<usize>, prefix: &str) -> Option<u32> {
        (!range.is_empty() && self.word(range.start) == prefix).then_some(range.start as u32)
    }

    fn partition(&self, range: Range<usize>, holds: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low.midpoint(high);
            match holds(self.word(middle)) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }
}

/// The range of row `at` of rows that are known by their ends.
fn row(ends: &[u32], at: usize) -> Range<usize> {
    let start = at.checked_sub(1).map_or(0, |before| ends[before]);
    start as usize..ends[at] as usize
}
