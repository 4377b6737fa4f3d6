//! Places of a query for colouring it in an editor.

use crate::lexer::{Lexeme, lex};
use std::ops::Range;

/// What stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpanKind {
    /// `AND`, `OR`, `NOT`, `-`, `NEAR/n`
    Operator,
    /// A word, name or emoji.
    Term,
    /// Something in quotes.
    Phrase,
    /// `#tag`
    Tag,
    /// `@name`
    Handle,
    /// A field's name with its colon.
    Field,
    /// `{…}`
    Case,
    /// A bracket.
    Bracket,
    /// `<<< … >>>`
    Comment,
}

impl SpanKind {
    /// Its name in the API.
    pub fn name(self) -> &'static str {
        match self {
            SpanKind::Operator => "operator",
            SpanKind::Term => "term",
            SpanKind::Phrase => "phrase",
            SpanKind::Tag => "tag",
            SpanKind::Handle => "handle",
            SpanKind::Field => "field",
            SpanKind::Case => "case",
            SpanKind::Bracket => "bracket",
            SpanKind::Comment => "comment",
        }
    }
}

/// A coloured place of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// In bytes of the query.
    pub at: Range<usize>,
    /// What stands there.
    pub kind: SpanKind,
}

/// The places of a query in its order; white space and what is no part of the language are left out.
pub fn spans(source: &str) -> Vec<Span> {
    let kind = |lexeme: &Lexeme, text: &str| match lexeme {
        Lexeme::Open | Lexeme::Close | Lexeme::Stray => SpanKind::Bracket,
        Lexeme::And | Lexeme::Or | Lexeme::Not | Lexeme::Minus | Lexeme::Near(_) => SpanKind::Operator,
        Lexeme::Quoted { .. } => SpanKind::Phrase,
        Lexeme::Braced { .. } => SpanKind::Case,
        Lexeme::Field(_) => SpanKind::Field,
        Lexeme::Range { .. } => SpanKind::Term,
        Lexeme::Comment { .. } => SpanKind::Comment,
        Lexeme::Bare if text.starts_with('#') => SpanKind::Tag,
        Lexeme::Bare if text.starts_with('@') => SpanKind::Handle,
        Lexeme::Bare => SpanKind::Term,
    };
    lex(source)
        .into_iter()
        .map(|p| Span {
            kind: kind(&p.lexeme, &source[p.at.clone()]),
            at: p.at,
        })
        .collect()
}
