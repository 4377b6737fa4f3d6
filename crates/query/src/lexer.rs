//! Cuts a query into operators, brackets and pieces of text.

use crate::ast::{FieldName, Reach, Region};
use std::ops::Range;

/// What a name in front of a colon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    /// A field with values.
    Field(FieldName),
    /// `followers:`
    Followers,
    /// `engagement:`, which only views can filter by.
    Engagement,
    /// `title:` and `text:`
    Part(Region),
    /// `list:`
    List,
}

impl Head {
    /// Every name there is.
    pub(crate) fn names() -> impl Iterator<Item = &'static str> {
        let others = ["title", "text", "followers", "engagement", "list"];
        FieldName::ALL.into_iter().map(FieldName::name).chain(others)
    }

    /// What stands for this name, in any case.
    pub(crate) fn of(name: &str) -> Option<Self> {
        if let Some(field) = FieldName::from_name(name) {
            return Some(Head::Field(field));
        }
        match name.to_ascii_lowercase().as_str() {
            "title" => Some(Head::Part(Region::Title)),
            "text" => Some(Head::Part(Region::Text)),
            "followers" => Some(Head::Followers),
            "engagement" => Some(Head::Engagement),
            "list" => Some(Head::List),
            _ => None,
        }
    }

    /// Its name in a query.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Head::Field(field) => field.name(),
            Head::Part(region) => region.name(),
            Head::Followers => "followers",
            Head::Engagement => "engagement",
            Head::List => "list",
        }
    }
}

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
    /// `name:`; `None` for a name that stands for nothing.
    Field(Option<Head>),
    /// `[a TO b]` right behind `followers:` or `engagement:`.
    Range {
        inner: Range<usize>,
        closed: bool,
    },
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
            '[' if self.after_number_field() => self.range(),
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

    fn after_number_field(&self) -> bool {
        let head = self.pieces.last().map(|p| &p.lexeme);
        let number = matches!(
            head,
            Some(Lexeme::Field(Some(Head::Followers | Head::Engagement)))
        );
        number && self.after_field()
    }

    fn range(&mut self) {
        let rest = &self.source[self.at..];
        let start = self.at + 1;
        if let Some(length) = rest.find(']') {
            let inner = start..self.at + length;
            return self.push(Lexeme::Range { inner, closed: true }, length + 1);
        }
        // Never closed: what can still be its two ends belongs to it.
        let word_end = |from: usize| {
            let begin = from + rest[from..].len() - rest[from..].trim_start().len();
            begin + rest[begin..].find(ends_bare).unwrap_or(rest.len() - begin)
        };
        let mut length = word_end(0);
        let to = word_end(length);
        if rest[length..to].trim().eq_ignore_ascii_case("to") {
            length = word_end(to);
        }
        let inner = start..self.at + length;
        self.push(Lexeme::Range { inner, closed: false }, length);
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
                    let head = Head::of(&chunk[..name]);
                    let colon = chunk[name..].chars().next().map_or(0, char::len_utf8);
                    self.push(Lexeme::Field(head), name + colon);
                }
                None => self.push(Lexeme::Bare, end),
            },
        }
    }
}

/// The length of a field-like name in front of a colon.
pub(crate) fn field_length(chunk: &str) -> Option<usize> {
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
