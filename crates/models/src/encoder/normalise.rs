//! Text as the pieces of the vocabulary are written: NFKC, `▁` for every white space and before the first word. It
//! remembers where each piece of it came from.

use serde::Deserialize;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The mark of a word's beginning, U+2581.
pub(super) const SPACE: &str = "▁";
const SPACE_CHAR: char = '▁';

/// NFKC leaves the character as it is and never joins it to what comes before it.
const STABLE: u8 = 1;
/// NFKC never joins what the character becomes to what comes before it.
const BORDER: u8 = 2;
/// The planes that hold letters; beyond them the Unicode tables are asked each time.
const TABLE_END: u32 = 0x2_0000;

/// Which characters are changed beside NFKC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub(super) enum Rules {
    /// NFKC alone.
    #[default]
    #[serde(rename = "nfkc")]
    Nfkc,
    /// SentencePiece's `nmt_nfkc`: control characters are dropped, and zero-width and directional ones separate words.
    #[serde(rename = "nmt_nfkc")]
    NmtNfkc,
}

/// Rules and a table of what they ask of characters.
#[derive(Debug)]
pub(super) struct Normaliser {
    rules: Rules,
    table: Box<[u8]>,
}

/// A normalised word and its origins.
#[derive(Debug, Default)]
pub(super) struct Word {
    text: String,
    parts: Vec<Part>,
    /// Whether `text` ends with a `▁` that stands for white space.
    spaced: bool,
}

/// From `at` on (up to the next part) the normalised text stands for `start..end` of the original; in a part that is
/// `same`, byte by byte.
#[derive(Debug)]
struct Part {
    at: usize,
    start: usize,
    end: usize,
    same: bool,
}

impl Word {
    /// Begins anew with `▁` for the original's `start..end`; without it where the word brings its own.
    pub(super) fn begin(&mut self, prefix: bool, start: usize, end: usize) {
        self.text.clear();
        self.parts.clear();
        self.spaced = prefix;
        if prefix {
            self.part(start, end, false);
            self.text.push_str(SPACE);
        }
    }

    /// The word, which begins with `▁`; empty if nothing was left of it. White space at its end goes with the next word's.
    pub(super) fn text(&self) -> &str {
        let end = self.text.len() - if self.spaced { SPACE.len() } else { 0 };
        &self.text[..end]
    }

    /// Appends text that stands for other text.
    pub(super) fn push_mark(&mut self, mark: &str, start: usize, end: usize) {
        self.part(start, end, false);
        self.text.push_str(mark);
        self.spaced = false;
    }

    /// The range of the original that `from..to` of the text stands for.
    pub(super) fn origin(&self, from: usize, to: usize) -> (usize, usize) {
        let part = |at: usize| {
            let after = self.parts.partition_point(|p| p.at <= at);
            &self.parts[after.saturating_sub(1)]
        };
        let (first, last) = (part(from), part(to.saturating_sub(1)));
        let start = first.start + if first.same { from - first.at } else { 0 };
        let end = if last.same {
            last.start + (to - last.at)
        } else {
            last.end
        };
        (start, end)
    }

    fn part(&mut self, start: usize, end: usize, same: bool) {
        let at = self.text.len();
        self.parts.push(Part { at, start, end, same });
    }

    fn push_same(&mut self, text: &str, start: usize) {
        if !text.is_empty() {
            self.part(start, start + text.len(), true);
            self.text.push_str(text);
            self.spaced = false;
        }
    }

    fn push_char(&mut self, c: char) {
        if c.is_whitespace() {
            if !self.spaced {
                self.text.push(SPACE_CHAR);
            }
            self.spaced = true;
        } else {
            self.text.push(c);
            self.spaced = false;
        }
    }
}

impl Normaliser {
    pub(super) fn new(rules: Rules) -> Self {
        let table = (0..TABLE_END).map(|c| char::from_u32(c).map_or(0, |c| class(c, rules)));
        Self {
            rules,
            table: table.collect(),
        }
    }

    /// Appends `text` to the word. `origin` is where it begins in the original. What is normalised already is copied
    /// in runs.
    pub(super) fn push(&self, text: &str, origin: usize, word: &mut Word) {
        let (mut copied, mut before, mut at) = (0, 0, 0);
        while let Some(c) = text[at..].chars().next() {
            let class = self.class(c);
            if class & STABLE != 0 {
                before = at;
                at += c.len_utf8();
                continue;
            }
            let start = if class & BORDER != 0 {
                at
            } else {
                before.max(copied)
            };
            let end = self.next_border(text, at + c.len_utf8());
            word.push_same(&text[copied..start], origin + copied);
            self.push_changed(&text[start..end], origin + start, word);
            (copied, before, at) = (end, end, end);
        }
        word.push_same(&text[copied..], origin + copied);
    }

    fn push_changed(&self, text: &str, origin: usize, word: &mut Word) {
        word.part(origin, origin + text.len(), false);
        let kept = text.chars().filter_map(|c| self.rules.apply(c));
        kept.nfkc().for_each(|c| word.push_char(c));
    }

    fn next_border(&self, text: &str, from: usize) -> usize {
        let found = text[from..].find(|c| self.class(c) & BORDER != 0);
        found.map_or(text.len(), |i| from + i)
    }

    fn class(&self, c: char) -> u8 {
        let entry = self.table.get(c as usize);
        entry.copied().unwrap_or_else(|| class(c, self.rules))
    }
}

impl Rules {
    /// What becomes of a character before NFKC; `None` for one that is dropped.
    fn apply(self, c: char) -> Option<char> {
        match (self, c) {
            (_, '\0') => None,
            (Self::Nfkc, _) => Some(c),
            (_, '\u{1}'..='\u{8}' | '\u{B}' | '\u{E}'..='\u{1F}' | '\u{7F}' | '\u{8F}' | '\u{9F}') => None,
            (_, '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}' | SPACE_CHAR | '\u{FEFF}' | '\u{FFFD}') => {
                Some(' ')
            }
            _ => Some(c),
        }
    }
}

fn class(c: char, rules: Rules) -> u8 {
    if rules.apply(c) != Some(c) {
        return BORDER;
    }
    if c.is_ascii() {
        return STABLE | BORDER;
    }
    let mut first = None;
    decompose_compatible(c, |d| first = first.or(Some(d)));
    let border = begins_anew(first.unwrap_or(c));
    // Without a decomposition, or with one that composes to it again.
    let stable = border && std::iter::once(c).nfkc().eq([c]);
    (if stable { STABLE } else { 0 }) | (if border { BORDER } else { 0 })
}

/// Whether NFKC never joins a decomposed character to what comes before it (UAX #15, section 9.1).
fn begins_anew(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes
}
