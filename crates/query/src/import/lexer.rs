//! Cuts a foreign query into pieces. The dialects differ in what words mean, hardly in what a piece is.

use super::rule::Rule;
use super::{Dialect, rule};
use crate::lexer::is_quote;
use std::ops::Range;

/// One piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    /// The inside of a pair of quotes.
    Quoted(Range<usize>),
    /// The inside of a pair of braces.
    Braced(Range<usize>),
    /// The inside of `[…]`.
    Span(Range<usize>),
    /// `name:`; the place of the name.
    Field(Range<usize>),
    /// `+` or `++` right before an operand.
    Plus(usize),
    /// `-` right before an operand.
    Minus,
    /// `~n` or `~` right behind a quote or a bracket.
    Tilde(Option<u32>),
    /// `^n` right behind an operand.
    Boost,
    Word,
    /// A quote or a bracket that is never closed, up to the end.
    Unclosed(Range<usize>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) token: Token,
    pub(super) at: Range<usize>,
}

pub(super) fn lex(dialect: Dialect, source: &str) -> Vec<Piece> {
    let mut lexer = Lexer {
        rules: rule::of(dialect),
        source,
        at: 0,
        pieces: Vec::new(),
    };
    while lexer.step() {}
    lexer.pieces
}

struct Lexer<'q> {
    rules: &'static [Rule],
    source: &'q str,
    at: usize,
    pieces: Vec<Piece>,
}

fn ends_word(c: char) -> bool {
    c.is_whitespace() || is_quote(c) || matches!(c, '(' | ')' | '（' | '）' | '{' | '}' | '[' | ']' | '^')
}

impl Lexer<'_> {
    fn push(&mut self, token: Token, length: usize) {
        let at = self.at..self.at + length;
        self.at = at.end;
        self.pieces.push(Piece { token, at });
    }

    fn step(&mut self) -> bool {
        let rest = &self.source[self.at..];
        let trimmed = rest.trim_start();
        self.at += rest.len() - trimmed.len();
        let glued = rest.len() == trimmed.len() && !self.pieces.is_empty();
        let Some(c) = trimmed.chars().next() else {
            return false;
        };
        let follows = |n: usize| {
            trimmed[n..]
                .chars()
                .next()
                .is_some_and(|c| !c.is_whitespace() && c != ')')
        };
        match c {
            '(' | '（' => self.push(Token::Open, c.len_utf8()),
            ')' | '）' => self.push(Token::Close, c.len_utf8()),
            '{' => self.enclosed(1, |c| c == '}', Token::Braced),
            '[' => self.enclosed(1, |c| c == ']', Token::Span),
            '}' | ']' => self.at += 1,
            _ if is_quote(c) => self.enclosed(c.len_utf8(), is_quote, Token::Quoted),
            _ if trimmed.starts_with("<<<") => {
                self.at += trimmed.find(">>>").map_or(trimmed.len(), |e| e + 3);
            }
            '~' if glued && self.behind_group() => {
                let digits = digits(&trimmed[1..]);
                self.push(Token::Tilde(trimmed[1..1 + digits].parse().ok()), 1 + digits);
            }
            '^' => {
                let length = 1 + digits(&trimmed[1..]);
                self.push(Token::Boost, length);
            }
            '-' if follows(1) && !self.after_field() => self.push(Token::Minus, 1),
            '+' if trimmed.starts_with("++") && follows(2) => self.push(Token::Plus(2), 2),
            '+' if follows(1) => self.push(Token::Plus(1), 1),
            _ => self.word(trimmed),
        }
        true
    }

    fn behind_group(&self) -> bool {
        matches!(
            self.pieces.last().map(|p| &p.token),
            Some(Token::Close | Token::Quoted(_))
        )
    }

    fn after_field(&self) -> bool {
        matches!(self.pieces.last(), Some(p) if matches!(p.token, Token::Field(_)) && p.at.end == self.at)
    }

    fn enclosed(
        &mut self,
        open: usize,
        closes: impl Fn(char) -> bool,
        token: impl Fn(Range<usize>) -> Token,
    ) {
        let start = self.at + open;
        let rest = &self.source[start..];
        match rest.char_indices().find(|&(_, c)| closes(c)) {
            Some((end, c)) => self.push(token(start..start + end), open + end + c.len_utf8()),
            None => self.push(Token::Unclosed(start..self.source.len()), open + rest.len()),
        }
    }

    fn word(&mut self, rest: &str) {
        let mut end = rest.find(ends_word).unwrap_or(rest.len()).max(1);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        if let Some(comment) = rest[..end].find("<<<").filter(|c| *c > 0) {
            end = comment;
        }
        match self.field(&rest[..end], &rest[end..]) {
            Some(name) if !self.after_field() => {
                let at = self.at..self.at + name;
                self.push(Token::Field(at), name + 1);
            }
            _ => self.push(Token::Word, end),
        }
    }

    /// The length of a name in front of a colon: any where the value follows at once, else a known one.
    fn field(&self, chunk: &str, behind: &str) -> Option<usize> {
        let colon = chunk.find(':')?;
        let (name, value) = (&chunk[..colon], &chunk[colon + 1..]);
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let follows = if value.is_empty() {
            behind.starts_with(|c: char| is_quote(c) || matches!(c, '(' | '[' | '{'))
                || rule::find(self.rules, name).is_some()
        } else {
            !value.starts_with("//")
        };
        (named && follows).then_some(colon)
    }
}

fn digits(s: &str) -> usize {
    s.bytes().take_while(u8::is_ascii_digit).count()
}
