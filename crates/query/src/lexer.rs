//! Cuts a query into operators, brackets and pieces of text.

use crate::ast::{FieldName, Reach};
use std::ops::Range;

/// One piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    /// `-` right before an operand.
    Minus,
    /// `NEAR/n`; the reach is `None` where it cannot be read.
    Near(Option<Reach>),
    /// A quoted text with the place of what is inside, and `~n` behind it (`Some(None)` where n cannot be read).
    Quoted {
        inner: Range<usize>,
        closed: bool,
        tilde: Option<Option<u32>>,
    },
    /// `{…}`.
    Braced {
        inner: Range<usize>,
        closed: bool,
    },
    /// `name:`; `None` for a name that is no field.
    Field(Option<FieldName>),
    /// Anything else up to white space, a bracket or a quote.
    Bare,
    /// `<<< … >>>`.
    Comment {
        closed: bool,
    },
    /// A closing brace without an opening one.
    Stray,
}

/// A lexeme and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) lexeme: Lexeme,
    pub(crate) at: Range<usize>,
}

/// The pieces of a query, comments included.
pub(crate) fn lex(source: &str) -> Vec<Piece> {
    let mut lexer = Lexer {
        source,
        at: 0,
        pieces: Vec::new(),
    };
    while lexer.step() {}
    lexer.pieces
}

struct Lexer<'q> {
    source: &'q str,
    at: usize,
    pieces: Vec<Piece>,
}

pub(crate) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '＂')
}

fn ends_bare(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')' | '（' | '）' | '{' | '}')
}

impl Lexer<'_> {
    fn push(&mut self, lexeme: Lexeme, length: usize) {
        let at = self.at..self.at + length;
        self.at = at.end;
        self.pieces.push(Piece { lexeme, at });
    }

    fn step(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        let Some(c) = trimmed.chars().next() else {
            return false;
        };
        match c {
            '(' | '（' => self.push(Lexeme::Open, c.len_utf8()),
            ')' | '）' => self.push(Lexeme::Close, c.len_utf8()),
            '{' => self.braced(),
            '}' => self.push(Lexeme::Stray, 1),
            _ if is_quote(c) => self.quoted(c.len_utf8()),
            _ if trimmed.starts_with("<<<") => self.comment(),
            '-' if self.minus_stands(trimmed) => self.push(Lexeme::Minus, 1),
            _ => self.bare(),
        }
        true
    }

    /// Whether a `-` negates what follows: something must follow at once.
    fn minus_stands(&self, rest: &str) -> bool {
        let follows = rest[1..]
            .chars()
            .next()
            .is_some_and(|c| !c.is_whitespace() && !matches!(c, ')' | '）' | '}'));
        follows && !self.after_field()
    }

    /// Whether a field's name stands right before: what follows is its value, as it is.
    fn after_field(&self) -> bool {
        self.pieces
            .last()
            .is_some_and(|p| matches!(p.lexeme, Lexeme::Field(_)) && p.at.end == self.at)
    }

    fn quoted(&mut self, open: usize) {
        let rest = &self.source[self.at + open..];
        let start = self.at + open;
        let Some((length, close)) = rest.char_indices().find(|&(_, c)| is_quote(c)) else {
            let lexeme = Lexeme::Quoted {
                inner: start..self.source.len(),
                closed: false,
                tilde: None,
            };
            return self.push(lexeme, open + rest.len());
        };
        let mut total = open + length + close.len_utf8();
        let behind = &self.source[self.at + total..];
        let tilde = behind.strip_prefix('~').map(|n| {
            let digits = n.len() - n.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            total += 1 + digits;
            n[..digits].parse().ok()
        });
        self.push(
            Lexeme::Quoted {
                inner: start..start + length,
                closed: true,
                tilde,
            },
            total,
        );
    }

    fn braced(&mut self) {
        let rest = &self.source[self.at + 1..];
        let length = rest.find('}');
        let inner = self.at + 1..self.at + 1 + length.unwrap_or(rest.len());
        let total = inner.len() + 1 + usize::from(length.is_some());
        self.push(
            Lexeme::Braced {
                inner,
                closed: length.is_some(),
            },
            total,
        );
    }

    fn comment(&mut self) {
        let rest = &self.source[self.at..];
        let end = rest.find(">>>");
        self.push(
            Lexeme::Comment {
                closed: end.is_some(),
            },
            end.map_or(rest.len(), |e| e + 3),
        );
    }

    fn bare(&mut self) {
        let rest = &self.source[self.at..];
        let mut end = rest.find(ends_bare).unwrap_or(rest.len());
        if let Some(comment) = rest[..end].find("<<<") {
            end = comment;
        }
        let chunk = &rest[..end];
        if self.after_field() {
            return self.push(Lexeme::Bare, end);
        }
        match chunk {
            "AND" => self.push(Lexeme::And, end),
            "OR" => self.push(Lexeme::Or, end),
            "NOT" => self.push(Lexeme::Not, end),
            _ if is_near(chunk) => self.push(Lexeme::Near(reach(chunk)), end),
            _ => match field_length(chunk) {
                Some(name) => {
                    let field = FieldName::from_name(&chunk[..name]);
                    let colon = chunk[name..].chars().next().map_or(0, char::len_utf8);
                    self.push(Lexeme::Field(field), name + colon);
                }
                None => self.push(Lexeme::Bare, end),
            },
        }
    }
}

/// The length of a field-like name in front of a colon.
fn field_length(chunk: &str) -> Option<usize> {
    let name = chunk.find([':', '：'])?;
    let letters = chunk[..name]
        .bytes()
        .all(|b| b.is_ascii_alphabetic() || b == b'_');
    (name > 0 && letters && !chunk[name..].starts_with("://")).then_some(name)
}

fn is_near(chunk: &str) -> bool {
    let name = chunk.split('/').next().unwrap_or(chunk);
    matches!(name, "NEAR" | "ONEAR")
}

fn reach(chunk: &str) -> Option<Reach> {
    let (name, number) = chunk.split_once('/')?;
    let (digits, forward) = match number.strip_suffix(['f', 'F']) {
        Some(digits) => (digits, true),
        None => (number, false),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let words = digits.parse().ok().filter(|_| plain)?;
    Some(Reach {
        words,
        ordered: forward || name == "ONEAR",
    })
}
