//! What a way through a tag costs: the negative logarithm of how likely its words are, and of how it is written.

use super::letters::Letters;
use serde::Deserialize;

/// Costs besides those of the table, in nats; found by a search on training tags and kept in the file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Costs {
    /// Of a word the table does not know, besides its letters.
    pub(super) unknown: f32,
    /// Of each of its characters.
    pub(super) unknown_char: f32,
    /// What its letters cost is multiplied by this.
    pub(super) letters: f32,
    /// Added where it holds digits.
    pub(super) unknown_digits: f32,
    /// Added where it has fewer than four characters.
    pub(super) unknown_short: f32,
    /// Added to known words of one letter.
    pub(super) single: f32,
    /// Of a number, and of each of its digits.
    pub(super) number: f32,
    pub(super) digit: f32,
    /// Of a word after one it was never seen after, besides its own.
    pub(super) unseen: f32,
    /// Of each space.
    pub(super) space: f32,
    /// Of no space where the case says that a word begins.
    pub(super) no_space_at_hump: f32,
    /// Of a space there.
    pub(super) space_at_hump: f32,
    /// Of another space in a tag whose case speaks.
    pub(super) space_elsewhere: f32,
    /// Of no space between letters and digits.
    pub(super) no_space_at_digits: f32,
    /// Of a tag that is one word, one written like a name, one in capitals.
    pub(super) whole: f32,
    pub(super) whole_name: f32,
    pub(super) whole_capitals: f32,
}

impl Costs {
    pub(super) fn is_finite(&self) -> bool {
        [
            self.unknown,
            self.unknown_char,
            self.letters,
            self.unknown_digits,
            self.unknown_short,
            self.single,
            self.number,
            self.digit,
            self.unseen,
            self.space,
            self.no_space_at_hump,
            self.space_at_hump,
            self.space_elsewhere,
            self.no_space_at_digits,
            self.whole,
            self.whole_name,
            self.whole_capitals,
        ]
        .iter()
        .all(|v| v.is_finite())
    }

    /// Of a word that is not in the table.
    pub(super) fn of_unknown(&self, word: &str, letters: &Letters) -> f32 {
        let chars = word.chars().count() as f32;
        if word.chars().all(char::is_numeric) {
            return self.number + self.digit * chars;
        }
        let mut cost = self.unknown + self.unknown_char * chars + self.letters * letters.cost(word);
        if word.chars().any(char::is_numeric) {
            cost += self.unknown_digits;
        }
        if chars < 4.0 {
            cost += self.unknown_short;
        }
        cost
    }
}
