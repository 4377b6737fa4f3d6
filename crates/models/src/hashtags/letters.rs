//! How much a string looks like a word: the cost of each letter after the two before it.

/// Letters `a` to `z`, the border of a word (0), and all others (27).
pub(super) const LETTERS: usize = 28;
/// Bytes of the table.
pub(super) const SIZE: usize = LETTERS * LETTERS * LETTERS;
const OTHER: usize = LETTERS - 1;
/// A byte counts sixteenths.
const STEP: f32 = 1.0 / 16.0;

/// The table; a letter's costs lie in the row of the two before it.
#[derive(Debug)]
pub(super) struct Letters(Vec<u8>);

impl Letters {
    /// `costs` has [`SIZE`] bytes.
    pub(super) fn new(costs: &[u8]) -> Self {
        Self(costs.to_vec())
    }

    /// The cost of a word's letters and of its end.
    pub(super) fn cost(&self, word: &str) -> f32 {
        let (mut row, mut sum) = (0, 0u32);
        for letter in word.chars().map(letter).chain([0]) {
            sum += u32::from(self.0[row * LETTERS + letter]);
            row = row * LETTERS % (LETTERS * LETTERS) + letter;
        }
        sum as f32 * STEP
    }
}

fn letter(c: char) -> usize {
    match c {
        'a'..='z' => c as usize - 'a' as usize + 1,
        _ => OTHER,
    }
}
