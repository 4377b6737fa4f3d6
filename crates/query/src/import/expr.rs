//! The syntax tree that the three dialects share.

use std::ops::Range;

/// A part of a foreign query and its place.
#[derive(Debug, Clone)]
pub(super) struct Expr {
    pub(super) kind: Kind,
    pub(super) at: Range<usize>,
}

/// What stands there.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// A piece without quotes.
    Word(String),
    /// `"…"`.
    Phrase(String),
    /// `{…}`, `++…`: compares case.
    Case(String),
    /// `+…`: the exact characters.
    Exact(String),
    /// `"…"~n`.
    Slop(String, u32),
    /// `"…"~`: the words with a space, a hyphen or nothing between.
    Compound(String),
    /// `word~1`, `word~`.
    Fuzzy(String),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Not(Box<Expr>),
    /// A chain of operands, each with its reach from the one before (the first has none).
    Near(Vec<(Option<Apart>, Expr)>),
    /// `(… AND …)~n`.
    GroupSlop(Box<Expr>, u32),
    /// `name:value`; the name's place begins the whole.
    Field {
        name: String,
        value: Box<Expr>,
    },
    /// `[a TO b]`, as written.
    Span(String),
}

/// How far apart two operands may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// In steps from word to word, as we count.
    Steps { words: u32, ordered: bool },
    /// In one sentence.
    Sentence,
}

impl Expr {
    pub(super) fn new(kind: Kind, at: Range<usize>) -> Self {
        Self { kind, at }
    }
}
