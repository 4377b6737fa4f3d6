//! Places of a query for colouring it in an editor.

use crate::lexer::{Head, Lexeme, Piece, lex};
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
    /// The value of a field, a range, or the name of a list.
    Value,
    /// `*` and `?` in a word or phrase.
    Wildcard,
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
            SpanKind::Value => "value",
            SpanKind::Wildcard => "wildcard",
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

/// The places of a query in its order; white space and what is no part of the language are left out. The wildcards of a
/// word part it into several.
pub fn spans(source: &str) -> Vec<Span> {
    let mut out = Vec::new();
    let mut values = Values::None;
    for piece in lex(source) {
        let text = &source[piece.at.clone()];
        let is_value = values.take(&piece);
        match piece.lexeme {
            Lexeme::Bare | Lexeme::Quoted { .. } | Lexeme::Range { .. } if is_value => {
                let kind = SpanKind::Value;
                out.push(Span { at: piece.at, kind });
            }
            Lexeme::Bare | Lexeme::Quoted { .. } => {
                let sentence = piece.lexeme != Lexeme::Bare;
                write_word(
                    &mut out,
                    piece.at.start,
                    text,
                    kind(&piece.lexeme, text),
                    sentence,
                );
            }
            _ => out.push(Span {
                kind: kind(&piece.lexeme, text),
                at: piece.at,
            }),
        }
    }
    out
}

fn kind(lexeme: &Lexeme, text: &str) -> SpanKind {
    match lexeme {
        Lexeme::Open | Lexeme::Close | Lexeme::Stray => SpanKind::Bracket,
        Lexeme::And | Lexeme::Or | Lexeme::Not | Lexeme::Minus | Lexeme::Near(_) => SpanKind::Operator,
        Lexeme::Quoted { .. } => SpanKind::Phrase,
        Lexeme::Braced { .. } => SpanKind::Case,
        Lexeme::Field(_) => SpanKind::Field,
        Lexeme::Comment { .. } => SpanKind::Comment,
        Lexeme::Range { .. } => SpanKind::Value,
        Lexeme::Bare if text.starts_with('#') => SpanKind::Tag,
        Lexeme::Bare if text.starts_with('@') => SpanKind::Handle,
        Lexeme::Bare => SpanKind::Term,
    }
}

/// Whether the next pieces are values of a field.
enum Values {
    None,
    /// A field's name ended here.
    One(usize),
    /// Within the brackets of a field.
    List,
}

impl Values {
    /// Takes the next piece; says whether it is a value.
    fn take(&mut self, piece: &Piece) -> bool {
        let follows = matches!(self, Values::One(end) if *end == piece.at.start);
        match (&self, &piece.lexeme) {
            (_, Lexeme::Field(Some(head))) if !matches!(head, Head::Part(_)) => {
                *self = Values::One(piece.at.end);
            }
            (Values::One(_), Lexeme::Open) if follows => *self = Values::List,
            (Values::List, Lexeme::Close) => *self = Values::None,
            (Values::List, _) => return true,
            _ => *self = Values::None,
        }
        follows
    }
}

/// A word or phrase, its wildcards apart. In quotes (`sentence`) a `?` that ends a word is a question mark.
fn write_word(out: &mut Vec<Span>, start: usize, text: &str, kind: SpanKind, sentence: bool) {
    let mut from = 0;
    let mut put = |range: Range<usize>, kind: SpanKind| {
        if !range.is_empty() {
            let at = start + range.start..start + range.end;
            out.push(Span { at, kind });
        }
    };
    for (i, c) in text.char_indices() {
        let behind = &text[i + c.len_utf8()..];
        let wild = match c {
            '*' | '＊' => true,
            '?' | '？' => !sentence || behind.starts_with(char::is_alphanumeric),
            _ => false,
        };
        if wild {
            put(from..i, kind);
            put(i..i + c.len_utf8(), SpanKind::Wildcard);
            from = i + c.len_utf8();
        }
    }
    put(from..text.len(), kind);
}
