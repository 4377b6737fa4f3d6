//! The words of a hashtag: `#freshcoffeenow` says *fresh coffee now*.
//!
//! Underscores always part words. Between them the cheapest way through a table of words and pairs of words is taken
//! (`search`), in which a change of case or between letters and digits is a hint, not a rule: `iPhone` is one word. Tags in
//! scripts written without spaces are left whole.
//!
//! ```no_run
//! # fn main() -> Result<(), models::ModelError> {
//! # let bytes = Vec::new();
//! let hashtags = models::hashtags::Hashtags::load(&bytes)?;
//! assert_eq!(hashtags.segment("#MorningCoffee"), ["Morning", "Coffee"]);
//! # Ok(())
//! # }
//! ```

mod cost;
mod file;
mod letters;
mod search;
mod shape;
mod table;

use crate::error::ModelError;
use shape::Shape;
use table::Table;

/// Longer parts of a tag are parted where their case changes alone.
const MAX_CHARS: usize = 200;

/// A loaded table of words. It is read only and may be shared among threads.
#[derive(Debug)]
pub struct Hashtags {
    id: String,
    costs: cost::Costs,
    table: Table,
}

impl Hashtags {
    /// Reads a file (`training/words/hashtags.py`). Anything damaged or foreign is an error.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        file::load(bytes)
    }

    /// Name and version: `hashtags@1`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The number of words it knows.
    pub fn words(&self) -> usize {
        self.table.len()
    }

    /// The words of a tag, as it is written, with or without its `#`. Together they are the tag without `#` and `_`.
    pub fn segment<'t>(&self, tag: &'t str) -> Vec<&'t str> {
        let mut out = Vec::new();
        for part in tag.trim_start_matches(['#', '\u{FF03}']).split('_') {
            if part.is_empty() {
                continue;
            }
            if part.chars().any(text::is_unspaced) {
                out.push(part);
                continue;
            }
            let shape = Shape::of(part);
            let ends = match shape.len() > MAX_CHARS {
                true => shape.changes(),
                false => search::best(&shape, &self.table, &self.costs),
            };
            let mut start = 0;
            for end in ends {
                let bytes = shape.bytes(start, end);
                out.push(&part[bytes]);
                start = end;
            }
        }
        out
    }

    /// How rare a folded word without diacritics is: the negative logarithm of its share of all words; `None` where the
    /// table does not know it.
    pub fn rarity(&self, word: &str) -> Option<f32> {
        let range = self.table.narrowed(0..self.table.len(), word);
        self.table.exact(&range, word).map(|w| self.table.cost(w))
    }

    /// The same in small letters with spaces between: `fresh coffee now`.
    pub fn spaced(&self, tag: &str) -> String {
        self.segment(tag).join(" ").to_lowercase()
    }
}
