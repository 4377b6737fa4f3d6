//! Recursive descent over the pieces, by the rules of one dialect. What cannot be read is a loss, never an end.

use super::expr::{Apart, Expr, Kind};
use super::lexer::{Piece, Token, lex};
use super::{Dialect, LossKind, Losses};
use crate::parser::{MAX_DEPTH, MAX_REACH};
use std::ops::Range;

/// An infix operator between operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    And,
    Or,
    Not,
    Near(Apart),
}

/// Parses `source`; `None` where no operand is left.
pub(super) fn parse(dialect: Dialect, source: &str, losses: &mut Losses) -> Option<Expr> {
    let mut parser = Parser {
        dialect,
        source,
        pieces: lex(dialect, source),
        at: 0,
        depth: 0,
        losses,
    };
    let mut parts = Vec::new();
    while parser.at < parser.pieces.len() {
        parts.extend(parser.or_level());
        // Only a closing bracket can stop the descent at the top.
        if parser.at < parser.pieces.len() {
            let at = parser.place();
            parser.unsure(
                at,
                "unopened-bracket",
                "there is no opening bracket for this one: it is skipped",
            );
            parser.at += 1;
        }
    }
    join(parts, Kind::And)
}

struct Parser<'q, 'l> {
    dialect: Dialect,
    source: &'q str,
    pieces: Vec<Piece>,
    at: usize,
    depth: usize,
    losses: &'l mut Losses,
}

/// One operand stands for itself, several are joined.
fn join(mut parts: Vec<Expr>, by: impl Fn(Vec<Expr>) -> Kind) -> Option<Expr> {
    if parts.len() < 2 {
        return parts.pop();
    }
    let at = parts[0].at.start..parts[parts.len() - 1].at.end;
    Some(Expr::new(by(parts), at))
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<&Token> {
        self.pieces.get(self.at).map(|p| &p.token)
    }

    fn place(&self) -> Range<usize> {
        let end = self.source.len();
        self.pieces.get(self.at).map_or(end..end, |p| p.at.clone())
    }

    fn text(&self) -> &str {
        &self.source[self.place()]
    }

    fn unsure(&mut self, at: Range<usize>, code: &'static str, message: &str) {
        self.losses.add(at, code, LossKind::Unsure, message);
    }

    fn operator(&self) -> Option<Operator> {
        if self.peek() != Some(&Token::Word) {
            return None;
        }
        operator(self.dialect, self.text())
    }

    fn or_level(&mut self) -> Option<Expr> {
        let start = self.at;
        let mut items = Vec::new();
        let mut mixed = None;
        loop {
            let from = self.at;
            let item = self.and_level();
            // Brackets around an operand make it one of `near_level`; what is AND here had none.
            if let Some(Expr {
                kind: Kind::And(_), ..
            }) = item
                && self.pieces[from..self.at].iter().any(|p| p.token != Token::Open)
                && !self.is_group(from, self.at)
            {
                mixed = item.as_ref().map(|e| e.at.clone());
            }
            items.extend(item);
            if self.operator() != Some(Operator::Or) {
                break;
            }
            self.at += 1;
        }
        if items.len() > 1
            && self.dialect != Dialect::Meltwater
            && let Some(at) = mixed
        {
            let message = "AND and OR stand side by side without brackets: read as AND before OR";
            self.unsure(at, "mixed-and-or", message);
        }
        debug_assert!(self.at >= start);
        join(items, Kind::Or)
    }

    /// Whether the pieces are one pair of brackets around everything.
    fn is_group(&self, from: usize, to: usize) -> bool {
        let mut depth = 0usize;
        for (i, p) in self.pieces[from..to].iter().enumerate() {
            match p.token {
                Token::Open => depth += 1,
                Token::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return i + 1 == to - from;
            }
        }
        false
    }

    fn and_level(&mut self) -> Option<Expr> {
        let mut items: Vec<Expr> = Vec::new();
        let mut explicit = true;
        loop {
            match (self.peek(), self.operator()) {
                (None | Some(Token::Close), _) | (_, Some(Operator::Or)) => break,
                (_, Some(Operator::And)) => {
                    self.at += 1;
                    explicit = true;
                    continue;
                }
                (_, Some(Operator::Not)) | (Some(Token::Minus), _) => explicit = true,
                _ => {}
            }
            let before = self.at;
            let item = self.near_level();
            if let (Some(last), Some(item), false) = (items.last(), &item, explicit) {
                let at = last.at.start..item.at.end;
                let message =
                    "what stands between two words without an operator is not documented: read as AND";
                self.losses.once(at, "implicit-and", LossKind::Unsure, message);
            }
            items.extend(item);
            explicit = false;
            if self.at == before {
                self.at += 1;
            }
        }
        join(items, Kind::And)
    }

    fn near_level(&mut self) -> Option<Expr> {
        let first = self.unary();
        let mut chain = Vec::new();
        let mut broken = first.is_none();
        chain.extend(first.map(|e| (None, e)));
        while let Some(Operator::Near(apart)) = self.operator() {
            let place = self.place();
            self.at += 1;
            let apart = self.checked(apart, place.clone());
            match self.unary() {
                Some(e) if !broken => chain.push((Some(apart), e)),
                Some(e) => {
                    chain.push((None, e));
                    broken = false;
                }
                None => self.unsure(
                    place,
                    "missing-operand",
                    "something is missing beside this: it is skipped",
                ),
            }
        }
        if chain.len() < 2 {
            return chain.pop().map(|(_, e)| e);
        }
        let at = chain[0].1.at.start..chain[chain.len() - 1].1.at.end;
        if chain.len() > 2 {
            let message = "how the product measures a chain of NEARs is not documented: read as each in reach of the one before";
            self.losses
                .once(at.clone(), "near-chain", LossKind::Unsure, message);
        }
        Some(Expr::new(Kind::Near(chain), at))
    }

    fn checked(&mut self, apart: Apart, at: Range<usize>) -> Apart {
        let Apart::Steps { words, ordered } = apart else {
            return apart;
        };
        let fits = words.clamp(1, MAX_REACH);
        if fits != words {
            let message = format!("distances here are 1 to {MAX_REACH}: {fits} is written");
            self.losses.add(at, "near-distance", LossKind::Changed, message);
        }
        Apart::Steps { words: fits, ordered }
    }

    fn unary(&mut self) -> Option<Expr> {
        let start = self.place().start;
        let minus = self.peek() == Some(&Token::Minus);
        if !minus && self.operator() != Some(Operator::Not) {
            return self.operand();
        }
        if minus && self.dialect != Dialect::Talkwalker {
            let message = "- before a word is not documented: read as NOT";
            self.losses.once(self.place(), "minus", LossKind::Unsure, message);
        }
        let inner = self.deeper(Self::unary)?;
        let at = start..inner.at.end;
        Some(Expr::new(Kind::Not(Box::new(inner)), at))
    }

    /// Takes the next piece and goes one level down; too deep, the rest is skipped.
    fn deeper(&mut self, go: impl FnOnce(&mut Self) -> Option<Expr>) -> Option<Expr> {
        let at = self.place();
        self.at += 1;
        if self.depth == MAX_DEPTH {
            let message =
                format!("at most {MAX_DEPTH} levels of brackets and NOT are read: the rest is left out");
            self.losses.add(
                at.start..self.source.len(),
                "too-deep",
                LossKind::Dropped,
                message,
            );
            self.at = self.pieces.len();
            return None;
        }
        self.depth += 1;
        let inner = go(self);
        self.depth -= 1;
        inner
    }

    fn operand(&mut self) -> Option<Expr> {
        let at = self.place();
        let token = self.peek()?.clone();
        let kind = match token {
            Token::Open => return self.group(at),
            Token::Close => return None,
            Token::Field(name) => return self.field(at, name),
            Token::Plus(n) => return self.exact(at, n),
            Token::Word if self.operator().is_some() => {
                self.at += 1;
                let message = "there is nothing to search for beside this operator: it is skipped";
                self.unsure(at, "missing-operand", message);
                return None;
            }
            Token::Word => self.word(&at),
            Token::Quoted(inner) => Kind::Phrase(self.source[inner].to_owned()),
            Token::Braced(inner) => Kind::Case(self.source[inner].to_owned()),
            Token::Span(inner) => Kind::Span(self.source[inner].to_owned()),
            Token::Unclosed(inner) => {
                let message = "this is never closed: read as if it were closed at the end";
                self.unsure(at.clone(), "unclosed", message);
                Kind::Phrase(self.source[inner].to_owned())
            }
            Token::Tilde(_) | Token::Minus => {
                self.at += 1;
                self.unsure(at, "stray", "this stands behind nothing: it is skipped");
                return None;
            }
            Token::Boost => {
                self.boost(at);
                return None;
            }
        };
        self.at += 1;
        let expr = Expr::new(kind, at);
        Some(self.suffixes(expr))
    }

    fn word(&mut self, at: &Range<usize>) -> Kind {
        let text = &self.source[at.clone()];
        if self.dialect != Dialect::Meltwater && is_like_operator(text) {
            let message = "operators are capitals in this product: read as a word to look for";
            self.unsure(at.clone(), "lowercase-operator", message);
        }
        match text.split_once('~') {
            Some((word, n)) if !word.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => {
                Kind::Fuzzy(word.to_owned())
            }
            _ => Kind::Word(text.to_owned()),
        }
    }

    /// `~n` and `^n` behind an operand.
    fn suffixes(&mut self, mut expr: Expr) -> Expr {
        loop {
            let at = self.place();
            match self.peek() {
                Some(Token::Tilde(n)) => {
                    let n = *n;
                    self.at += 1;
                    expr = self.tilde(expr, n, at);
                }
                Some(Token::Boost) => self.boost(at),
                _ => return expr,
            }
        }
    }

    fn boost(&mut self, at: Range<usize>) {
        self.at += 1;
        let message = "^ orders what is shown and finds nothing: it is left out";
        self.losses.once(at, "preference", LossKind::Changed, message);
    }

    fn tilde(&mut self, expr: Expr, n: Option<u32>, tilde: Range<usize>) -> Expr {
        let at = expr.at.start..tilde.end;
        let kind = match (expr.kind, n) {
            (Kind::Phrase(text), Some(n)) => Kind::Slop(text, n),
            (Kind::Phrase(text), None) => Kind::Compound(text),
            (kind, Some(n)) => Kind::GroupSlop(Box::new(Expr::new(kind, expr.at)), n),
            (kind, None) => {
                self.unsure(tilde, "stray", "~ behind a bracket needs a number: it is skipped");
                kind
            }
        };
        Expr::new(kind, at)
    }

    fn group(&mut self, open: Range<usize>) -> Option<Expr> {
        let inner = self.deeper(Self::or_level);
        let mut end = self.place().start;
        if self.peek() == Some(&Token::Close) {
            end = self.place().end;
            self.at += 1;
        } else if self.at == self.pieces.len() && !self.losses.has_dropped() {
            let message = "this bracket is never closed: read as if it were closed at the end";
            self.unsure(open.clone(), "unclosed", message);
        }
        let at = open.start..end;
        let Some(mut inner) = inner else {
            self.unsure(
                at,
                "empty-group",
                "there is nothing between these brackets: they are skipped",
            );
            return None;
        };
        inner.at = at;
        Some(self.suffixes(inner))
    }

    /// `+word`, `+"…"`, `++word`, `++"…"`.
    fn exact(&mut self, plus: Range<usize>, count: usize) -> Option<Expr> {
        if self.dialect != Dialect::Talkwalker {
            let message = "+ before a word is not documented: it is skipped";
            self.losses.once(plus.clone(), "plus", LossKind::Unsure, message);
        }
        let mut expr = self.deeper(Self::operand)?;
        expr.at.start = plus.start;
        if self.dialect == Dialect::Talkwalker {
            expr.kind = match expr.kind {
                Kind::Word(t) | Kind::Phrase(t) if count == 2 => Kind::Case(t),
                Kind::Word(t) | Kind::Phrase(t) => Kind::Exact(t),
                kind => kind,
            };
        }
        Some(expr)
    }

    fn field(&mut self, at: Range<usize>, name: Range<usize>) -> Option<Expr> {
        let name = self.source[name].to_owned();
        let value = self.deeper(Self::operand);
        let Some(value) = value else {
            self.unsure(at, "missing-value", "this field has no value: it is skipped");
            return None;
        };
        let at = at.start..value.at.end;
        Some(Expr::new(
            Kind::Field {
                name,
                value: Box::new(value),
            },
            at,
        ))
    }
}

/// Whether a piece would be an operator in some product, or here.
pub(super) fn is_like_operator(text: &str) -> bool {
    operator(Dialect::Meltwater, text).is_some()
}

/// The operator a piece stands for.
fn operator(dialect: Dialect, text: &str) -> Option<Operator> {
    let upper;
    let text = if dialect == Dialect::Meltwater {
        upper = text.to_ascii_uppercase();
        upper.as_str()
    } else {
        text
    };
    match text {
        "AND" | "&&" | "&" => return Some(Operator::And),
        "OR" | "||" | "|" => return Some(Operator::Or),
        "NOT" => return Some(Operator::Not),
        "SENTENCE" | "OSENTENCE" if dialect == Dialect::Talkwalker => {
            return Some(Operator::Near(Apart::Sentence));
        }
        _ => {}
    }
    let (name, number) = match text.split_once('/') {
        Some((name, number)) => (name, Some(number)),
        None => (text, None),
    };
    let ordered = match name {
        "NEAR" => false,
        "ONEAR" => true,
        _ => return None,
    };
    let (number, forward) = match number.and_then(|n| n.strip_suffix(['f', 'F'])) {
        Some(n) => (Some(n), true),
        None => (number, false),
    };
    let n: u32 = match number {
        Some(n) if !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) => n.parse().unwrap_or(u32::MAX),
        Some(_) => return None,
        None => default_reach(dialect)?,
    };
    Some(Operator::Near(Apart::Steps {
        words: steps(dialect, n),
        ordered: ordered || forward,
    }))
}

/// What NEAR without a number means.
fn default_reach(dialect: Dialect) -> Option<u32> {
    match dialect {
        Dialect::Brandwatch => None,
        Dialect::Talkwalker => Some(15),
        Dialect::Meltwater => Some(4),
    }
}

/// The product's distance in our steps from word to word: two products count the words in between.
pub(super) fn steps(dialect: Dialect, n: u32) -> u32 {
    match dialect {
        Dialect::Talkwalker => n,
        Dialect::Brandwatch | Dialect::Meltwater => n.saturating_add(1),
    }
}
