//! What is answered.

use super::Cut;
use post::Millis;

/// Measures by the keys of up to two cuts.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The cuts with their keys, as asked.
    pub axes: Vec<Axis>,
    /// Cells, row by row: `cells[row * columns + column]`; one row of one cell where there is no cut.
    pub cells: Vec<Cell>,
    /// Per key of the first cut, everything with this key, whatever the second cut says of it.
    pub rows: Vec<Cell>,
    /// Everything under the filter, what has no value included.
    pub total: Cell,
}

impl Table {
    /// The cell of a row and a column.
    pub fn cell(&self, row: usize, column: usize) -> Option<&Cell> {
        let columns = self.axes.get(1).map_or(1, |a| a.keys.len());
        self.cells
            .get(row * columns + column)
            .filter(|_| column < columns)
    }
}

/// A cut and what it was cut into.
#[derive(Debug, Clone)]
pub struct Axis {
    /// The cut.
    pub cut: Cut,
    /// Its keys, in order; the last is [`Key::Other`] where values were left out.
    pub keys: Vec<Key>,
}

/// What a cell is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Key {
    /// A bucket of time: its begin and its end, exclusive.
    Time(Millis, Millis),
    /// A place in a cycle.
    Clock(usize),
    /// A value.
    Value(String),
    /// All values that have no key of their own. A mention with several values is here only where none has a key.
    Other,
}

/// Measures of some mentions. What was not asked for is 0 or `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Mentions; posts, where each post counts once.
    pub mentions: u64,
    /// Distinct authors. These and the sums over them below are measured together, and estimated where they are very many:
    /// then [`Cell::errors`] says how surely.
    pub authors: u64,
    /// Distinct texts, estimated where they are very many: equal once letter case, spaces, links and marks are left out.
    pub texts: u64,
    /// Likes, reposts, replies and quotes, where known.
    pub engagement: u64,
    /// Potential audience: the most followers each distinct author was seen with, summed; `None` where not one's are
    /// known.
    pub audience: Option<u64>,
    /// Distinct authors whose followers are known.
    pub audience_of: u64,
    /// Mentions whose author is known.
    pub signed: u64,
    /// Sum over the distinct authors of the square of their mentions.
    pub squares: u64,
    /// Mentions with a text of at least one word.
    pub worded: u64,
    /// Labelled negative, neutral, positive: corrected by hand, or else the most probable class.
    pub sentiment: [u64; 3],
    /// Sums of the models' probabilities of negative, neutral and positive in thousandths, each rounded.
    pub probabilities: [u64; 3],
    /// Mentions with probabilities.
    pub scored: u64,
    /// How far the estimates among these may be off.
    pub errors: Errors,
}

/// Relative standard errors in millionths; 0 of what was counted. An estimate is off by no more than 1.96 of them in 95 of
/// 100 cases. Those of a cluster's own estimates are not known and not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Errors {
    /// Of [`Cell::authors`] and [`Cell::audience_of`].
    pub authors: u32,
    /// Of [`Cell::texts`].
    pub texts: u32,
    /// Of [`Cell::audience`].
    pub audience: u32,
    /// Of [`Cell::squares`].
    pub squares: u32,
}
