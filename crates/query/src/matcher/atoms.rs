//! Everything a monitor can test of a post, as numbers.

use super::csr::Csr;
use super::dictionary::{Dictionary, tag};
use super::pairs::Pairs;
use super::patterns::Patterns;
use crate::ast::FieldName;
use crate::values::Wanted;

/// One thing a query tests, for the choice of anchors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Atom<'a> {
    /// A folded word, tag (`#…`), handle (`@…`), cashtag (`$…`) or emoji.
    Word(&'a str),
    /// A word in its case, by its folded key.
    Case(&'a str),
    /// The begin of a word.
    Prefix(&'a str),
    /// A pattern of words, with `*` and `?`.
    Glob(&'a str),
    /// A field with a value.
    Field(FieldName, &'a str),
    /// That a post says anything about a field.
    Known(FieldName),
    /// A number of followers between two bounds, or any at all.
    Followers,
}

/// What is to be done when an atom is seen.
pub(crate) mod flag {
    /// Its places are kept.
    pub(crate) const PLACED: u8 = 1;
    /// It is the left of a pair.
    pub(crate) const LEFT: u8 = 2;
    /// It is the right of a pair.
    pub(crate) const RIGHT: u8 = 4;
    /// Others are seen with it.
    pub(crate) const DERIVED: u8 = 8;
    /// Some query asks for a case of it.
    pub(crate) const CASED: u8 = 16;
    /// Queries are listed under it.
    pub(crate) const POSTED: u8 = 32;
}

/// The atoms of a monitor set, by what is seen in a post.
#[derive(Debug, Clone, Default)]
pub(crate) struct Atoms {
    pub(crate) dictionary: Dictionary,
    pub(crate) patterns: Patterns,
    pub(crate) pairs: Pairs,
    /// Bounds of followers with their atoms.
    pub(crate) followers: Vec<(u64, u64, u32)>,
    /// That the post says the author's followers.
    pub(crate) followers_known: Option<u32>,
    /// That the post says anything about a field.
    pub(crate) known: Vec<(FieldName, u32)>,
    pub(crate) wanted: Wanted,
    /// What is to be done at each atom.
    pub(crate) flags: Vec<u8>,
    /// The atoms seen whenever another is.
    pub(crate) derived: Csr,
}

impl Atoms {
    pub(crate) fn len(&self) -> usize {
        self.flags.len()
    }

    pub(crate) fn set(&mut self, atom: u32, flag: u8) {
        self.flags[atom as usize] |= flag;
    }

    pub(crate) fn fresh(&mut self) -> u32 {
        self.flags.push(0);
        self.flags.len() as u32 - 1
    }

    pub(crate) fn shrink(&mut self) {
        self.dictionary.shrink();
        self.pairs.shrink();
        self.flags.shrink_to_fit();
    }

    /// Bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.dictionary.bytes()
            + self.patterns.bytes()
            + self.pairs.bytes()
            + self.followers.len() * size_of::<(u64, u64, u32)>()
            + self.flags.len()
            + self.derived.bytes()
    }
}

/// The dictionary's tag of a field.
pub(crate) fn field_tag(name: FieldName) -> u8 {
    tag::FIELD + name as u8
}
