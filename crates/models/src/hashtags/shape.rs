//! How a tag is written: its characters as the table keys them, and where its case changes.

use std::ops::Range;

/// A part of a tag. Places are counted in characters.
#[derive(Debug)]
pub(super) struct Shape {
    /// All characters folded, without diacritics.
    pub(super) key: String,
    /// Where each character begins in the part, and one past the last.
    starts: Vec<usize>,
    /// The same in the key.
    keys: Vec<usize>,
    kinds: Vec<Kind>,
    /// Whether a word may be said to begin at a place, by its case.
    humps: Vec<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Upper,
    Lower,
    Digit,
    Other,
}

fn kind(c: char) -> Kind {
    match c {
        c if c.is_numeric() => Kind::Digit,
        c if c.is_uppercase() => Kind::Upper,
        c if c.is_lowercase() => Kind::Lower,
        _ => Kind::Other,
    }
}

impl Shape {
    pub(super) fn of(part: &str) -> Self {
        let mut shape = Self {
            key: String::with_capacity(part.len()),
            starts: Vec::new(),
            keys: Vec::new(),
            kinds: part.chars().map(kind).collect(),
            humps: Vec::new(),
        };
        for (at, c) in part.char_indices() {
            shape.starts.push(at);
            shape.keys.push(shape.key.len());
            push_key(c, &mut shape.key);
        }
        shape.starts.push(part.len());
        shape.keys.push(shape.key.len());
        shape.humps = (0..shape.len()).map(|i| is_hump(&shape.kinds, i)).collect();
        shape
    }

    /// Its characters.
    pub(super) fn len(&self) -> usize {
        self.kinds.len()
    }

    /// The bytes of the characters `start..end` in the part.
    pub(super) fn bytes(&self, start: usize, end: usize) -> Range<usize> {
        self.starts[start]..self.starts[end]
    }

    /// Their key.
    pub(super) fn key(&self, start: usize, end: usize) -> &str {
        &self.key[self.keys[start]..self.keys[end]]
    }

    /// Whether the case says that a word begins here.
    pub(super) fn is_hump(&self, at: usize) -> bool {
        self.humps[at]
    }

    pub(super) fn has_humps(&self) -> bool {
        self.humps.contains(&true)
    }

    /// Whether digits meet what is none.
    pub(super) fn is_turn(&self, at: usize) -> bool {
        at > 0 && at < self.len() && (self.kinds[at - 1] == Kind::Digit) != (self.kinds[at] == Kind::Digit)
    }

    /// Whether a place lies among digits, which are never parted.
    pub(super) fn is_among_digits(&self, at: usize) -> bool {
        at > 0 && at < self.len() && self.kinds[at - 1] == Kind::Digit && self.kinds[at] == Kind::Digit
    }

    /// Whether it is written like a name: `Nordkantine`.
    pub(super) fn is_name(&self) -> bool {
        self.kinds.len() > 1
            && self.kinds[0] == Kind::Upper
            && self.kinds[1..].iter().all(|&k| k == Kind::Lower)
    }

    /// Whether it is written in capitals alone.
    pub(super) fn is_capitals(&self) -> bool {
        self.kinds.len() > 1 && self.kinds.iter().all(|&k| k == Kind::Upper)
    }

    /// The ends of the parts that case and digits make of it.
    pub(super) fn changes(&self) -> Vec<usize> {
        let mut ends: Vec<usize> = (1..self.len())
            .filter(|&i| self.humps[i] || self.is_turn(i))
            .collect();
        ends.push(self.len());
        ends
    }
}

/// A capital after a small letter, or before one where capitals end: `morningCoffee`, `BBCNews`.
fn is_hump(kinds: &[Kind], at: usize) -> bool {
    use Kind::{Lower, Upper};
    let Some(before) = at.checked_sub(1).map(|i| kinds[i]) else {
        return false;
    };
    let after = kinds.get(at + 1).copied();
    kinds[at] == Upper && (before == Lower || (before == Upper && after == Some(Lower)))
}

fn push_key(c: char, key: &mut String) {
    if c.is_ascii() {
        key.push(c.to_ascii_lowercase());
        return;
    }
    let folded = text::fold(c.encode_utf8(&mut [0; 4]));
    match text::strip_marks(&folded) {
        Some(plain) => key.push_str(&plain),
        None => key.push_str(&folded),
    }
}
