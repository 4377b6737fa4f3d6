//! The parser: recursive descent over the lexemes, going on after an error so that all problems are reported at once.

use crate::ast::{Node, Reach};
use crate::lexer::{Lexeme, Piece, lex};
use crate::problem::Problems;
use std::ops::Range;

/// Most characters of a query.
pub const MAX_CHARS: usize = 20_000;
/// Most words and field values of a query.
pub const MAX_TERMS: usize = 5_000;
/// Deepest nesting of brackets and negations.
pub const MAX_DEPTH: usize = 64;
/// Widest distance of NEAR and `~`, in words.
pub const MAX_REACH: u32 = 1_000;

/// A node with its place, and the place of a branch that needs no word to be present, if there is one.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) node: Node,
    pub(crate) at: Range<usize>,
    pub(crate) open: Option<Range<usize>>,
}

impl Parsed {
    pub(crate) fn new(node: Node, at: Range<usize>) -> Self {
        Self { node, at, open: None }
    }

    /// Stands where an error was reported.
    pub(crate) fn broken(at: Range<usize>) -> Self {
        Self::new(Node::Or(Vec::new()), at)
    }

    fn is_broken(&self) -> bool {
        matches!(&self.node, Node::Or(c) if c.is_empty())
    }
}

pub(crate) struct Parser<'q> {
    pub(crate) pieces: Vec<Piece>,
    pub(crate) at: usize,
    pub(crate) problems: Problems<'q>,
    depth: usize,
    /// Whether the nesting was too deep to read on.
    gave_up: bool,
}

/// Parses `source`; the node is meaningless where the problems hold an error.
pub(crate) fn parse_all(source: &str) -> (Node, Problems<'_>) {
    let mut parser = Parser {
        pieces: Vec::new(),
        at: 0,
        problems: Problems::new(source),
        depth: 0,
        gave_up: false,
    };
    let chars = source.chars().count();
    if chars > MAX_CHARS {
        let message = format!("the query has {chars} characters; at most {MAX_CHARS} are allowed");
        parser.problems.error("too-long", 0..source.len(), message);
        return (Node::Or(Vec::new()), parser.problems);
    }
    parser.pieces = lex(source);
    parser.take_comments();
    let node = parser.query();
    (node, parser.problems)
}

impl<'q> Parser<'q> {
    pub(crate) fn source(&self) -> &'q str {
        self.problems.source
    }

    pub(crate) fn peek(&self) -> Option<&Lexeme> {
        self.pieces.get(self.at).map(|p| &p.lexeme)
    }

    /// The place of the next lexeme, or the end of the query.
    pub(crate) fn place(&self) -> Range<usize> {
        let end = self.source().len();
        self.pieces.get(self.at).map_or(end..end, |p| p.at.clone())
    }

    fn take_comments(&mut self) {
        for p in &self.pieces {
            if p.lexeme == (Lexeme::Comment { closed: false }) {
                self.problems.error(
                    "unclosed-comment",
                    p.at.clone(),
                    "the comment is never closed: write >>> behind it",
                );
                let end = p.at.end;
                self.problems.fixed_by(end..end, " >>>");
            }
        }
        self.pieces
            .retain(|p| !matches!(p.lexeme, Lexeme::Comment { .. }));
    }

    fn query(&mut self) -> Node {
        if self.pieces.is_empty() {
            self.problems
                .error("empty", 0..self.source().len(), "the query is empty");
            return Node::Or(Vec::new());
        }
        let mut parsed = self.or_level();
        while self.at < self.pieces.len() {
            // Only a closing bracket can stop the descent at the top.
            let at = self.place();
            self.problems.error(
                "unopened-bracket",
                at.clone(),
                "there is no opening bracket for this one",
            );
            self.problems.fixed_by(at, "");
            self.at += 1;
            if self.at < self.pieces.len() {
                parsed = self.or_level();
            }
        }
        self.check_whole(&parsed);
        parsed.node
    }

    fn check_whole(&mut self, parsed: &Parsed) {
        if self.problems.has_errors() {
            return;
        }
        let size = parsed.node.size();
        if size > MAX_TERMS {
            let message = format!("the query has {size} terms; at most {MAX_TERMS} are allowed");
            self.problems
                .error("too-many-terms", 0..self.source().len(), message);
        }
        if let Some(at) = parsed.open.clone() {
            let message = "this branch names only what must be absent, so nearly every post would match: \
                           join it by AND with a word that must be present";
            self.problems.error("unanchored-not", at, message);
        }
    }

    pub(crate) fn or_level(&mut self) -> Parsed {
        let mut items = vec![self.and_level()];
        while self.peek() == Some(&Lexeme::Or) {
            self.at += 1;
            items.push(self.and_level());
        }
        if items.len() == 1 {
            return items.remove(0);
        }
        let bare_and = |p: &&Parsed| matches!(p.node, Node::And(_)) && !self.is_bracketed(&p.at);
        if let Some(mixed) = items.iter().find(bare_and).map(|p| p.at.clone()) {
            let message = "AND binds tighter than OR: put brackets around the part that belongs together";
            self.problems.warning("mixed-and-or", mixed.clone(), message);
            let text = format!("({})", &self.source()[mixed.clone()]);
            self.problems.fixed_by(mixed, &text);
        }
        let at = items[0].at.start..items[items.len() - 1].at.end;
        let open = items.iter().find_map(|p| p.open.clone());
        if items.iter().any(Parsed::is_broken) {
            return Parsed::broken(at);
        }
        Parsed {
            node: Node::or(items.into_iter().map(|p| p.node)),
            at,
            open,
        }
    }

    fn is_bracketed(&self, at: &Range<usize>) -> bool {
        self.source()[at.clone()].starts_with(['(', '（'])
            && self
                .pieces
                .iter()
                .any(|p| p.at.start == at.start && p.lexeme == Lexeme::Open && self.closes(p, at.end))
    }

    /// Whether the bracket `open` is closed right at `end`.
    fn closes(&self, open: &Piece, end: usize) -> bool {
        let mut depth = 0usize;
        let first = self.pieces.partition_point(|p| p.at.start < open.at.start);
        for p in &self.pieces[first..] {
            match p.lexeme {
                Lexeme::Open => depth += 1,
                Lexeme::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return p.at.end == end;
            }
        }
        false
    }

    fn and_level(&mut self) -> Parsed {
        let mut items = vec![self.near_level()];
        loop {
            match self.peek() {
                Some(Lexeme::And) => {
                    self.at += 1;
                    items.push(self.near_level());
                }
                Some(Lexeme::Not | Lexeme::Minus) => items.push(self.near_level()),
                None | Some(Lexeme::Or | Lexeme::Close) => break,
                Some(Lexeme::Near(_)) => {
                    // A second NEAR is taken by `near_level`; one here follows something that broke.
                    self.at += 1;
                }
                Some(_) => self.missing_operator(&mut items),
            }
        }
        if items.len() == 1 {
            return items.remove(0);
        }
        let at = items[0].at.start..items[items.len() - 1].at.end;
        let broken = items.iter().any(Parsed::is_broken);
        let anchored = items.iter().any(|p| p.open.is_none());
        let open = if anchored {
            None
        } else {
            items.iter().find_map(|p| p.open.clone())
        };
        if broken {
            return Parsed::broken(at);
        }
        Parsed {
            node: Node::and(items.into_iter().map(|p| p.node)),
            at,
            open,
        }
    }

    /// Operands that follow each other: reports the whole run once and reads it as AND.
    fn missing_operator(&mut self, items: &mut Vec<Parsed>) {
        let before = items.last().map_or(0..0, |p| p.at.clone());
        let mut places = vec![before];
        let mark = self.problems.list.len();
        while let Some(l) = self.peek() {
            if matches!(
                l,
                Lexeme::And | Lexeme::Or | Lexeme::Not | Lexeme::Minus | Lexeme::Close | Lexeme::Near(_)
            ) {
                break;
            }
            let next = self.near_level();
            places.push(next.at.clone());
            items.push(next);
        }
        // What the operands themselves report comes after the run.
        let mut inner = self.problems.list.split_off(mark);
        if self.report_lowercase(&places) {
            inner.retain(|p| p.code != "operator-word");
        } else {
            self.report_implicit_and(&places);
        }
        self.problems.list.extend(inner);
    }

    fn report_implicit_and(&mut self, places: &[Range<usize>]) {
        let at = places[0].start..places[places.len() - 1].end;
        let joined: Vec<&str> = places.iter().map(|p| &self.source()[p.clone()]).collect();
        let message = "an operator is missing between these: write AND or OR, or quotes around a phrase";
        self.problems.error("implicit-and", at.clone(), message);
        self.problems.fixed_by(at, &joined.join(" AND "));
    }

    /// `a and b`: says so, with every such word of the run in capitals.
    fn report_lowercase(&mut self, places: &[Range<usize>]) -> bool {
        let source = self.source();
        let operator = |r: &Range<usize>| lowercase_operator(&source[r.clone()]);
        let run: Vec<&Range<usize>> = places.iter().collect();
        let between = |i: usize| i > 0 && i + 1 < run.len();
        let Some(found) = (0..run.len()).find(|&i| between(i) && operator(run[i]).is_some()) else {
            return false;
        };
        let word = &source[run[found].clone()];
        let mut fixed = source[..run[0].start].to_owned();
        for (i, r) in run.iter().enumerate() {
            let text = &source[(*r).clone()];
            fixed.push_str(
                &operator(r)
                    .filter(|_| between(i))
                    .unwrap_or_else(|| text.to_owned()),
            );
            let next = run.get(i + 1).map_or(r.end, |n| n.start);
            fixed.push_str(&source[r.end..next]);
        }
        fixed.push_str(&source[run[run.len() - 1].end..]);
        let message = format!("operators are written in capitals: \"{word}\" here is a word to look for");
        self.problems
            .error("lowercase-operator", run[found].clone(), message);
        if let Some(p) = self.problems.list.last_mut() {
            p.fix = Some(fixed);
        }
        true
    }

    fn near_level(&mut self) -> Parsed {
        let first = self.unary();
        if !matches!(self.peek(), Some(Lexeme::Near(_))) {
            return first;
        }
        let mut at = first.at.clone();
        let mut broken = !self.near_operand(&first);
        let mut rest = Vec::new();
        while let Some(&Lexeme::Near(reach)) = self.peek() {
            let place = self.place();
            self.at += 1;
            let reach = self.check_reach(reach, place);
            let operand = self.unary();
            broken |= !self.near_operand(&operand) || reach.is_none();
            at.end = operand.at.end;
            rest.push((
                reach.unwrap_or(Reach {
                    words: 1,
                    ordered: false,
                }),
                operand.node,
            ));
        }
        if broken {
            Parsed::broken(at)
        } else {
            Parsed::new(
                Node::Near {
                    first: Box::new(first.node),
                    rest,
                },
                at,
            )
        }
    }

    fn check_reach(&mut self, reach: Option<Reach>, at: Range<usize>) -> Option<Reach> {
        match reach {
            Some(r) if (1..=MAX_REACH).contains(&r.words) => {
                if r.words > 100 {
                    let message = "over 100 words apart means nearly anywhere in most posts: AND is clearer";
                    self.problems.warning("wide-near", at, message);
                }
                Some(r)
            }
            Some(r) => {
                let message = format!("the distance must be between 1 and {MAX_REACH} words");
                self.problems.error("near-distance", at.clone(), message);
                let name = if r.ordered { "ONEAR" } else { "NEAR" };
                self.problems.fixed_by(
                    at,
                    &format!("{name}/{}", if r.words == 0 { 1 } else { MAX_REACH }),
                );
                None
            }
            None => {
                let name = if self.source()[at.clone()].starts_with('O') {
                    "ONEAR"
                } else {
                    "NEAR"
                };
                let message = format!("say how many words apart: {name}/5");
                self.problems.error("near-distance", at.clone(), message);
                self.problems.fixed_by(at, &format!("{name}/5"));
                None
            }
        }
    }

    fn near_operand(&mut self, operand: &Parsed) -> bool {
        if operand.is_broken() {
            return false;
        }
        if operand.node.is_positional() {
            return true;
        }
        let message =
            "NEAR measures between words, phrases and OR-groups of them: this has no place in the text";
        self.problems.error("near-operand", operand.at.clone(), message);
        false
    }

    fn unary(&mut self) -> Parsed {
        let place = self.place();
        match self.peek() {
            Some(Lexeme::Not | Lexeme::Minus) => {
                self.at += 1;
                let Some(inner) = self.deeper(place.clone(), Self::unary) else {
                    return Parsed::broken(place);
                };
                let at = place.start..inner.at.end;
                if inner.is_broken() {
                    return Parsed::broken(at);
                }
                // `NOT NOT x` asks for x again.
                let node = Node::not(inner.node);
                let open = (!node.is_anchored()).then(|| at.clone());
                Parsed { node, at, open }
            }
            Some(Lexeme::Open) => self.group(),
            _ => self.operand(),
        }
    }

    fn group(&mut self) -> Parsed {
        let open = self.place();
        self.at += 1;
        if self.peek() == Some(&Lexeme::Close) {
            let at = open.start..self.place().end;
            self.at += 1;
            self.problems.error(
                "empty-group",
                at.clone(),
                "there is nothing between these brackets",
            );
            return Parsed::broken(at);
        }
        let Some(mut inner) = self.deeper(open.clone(), Self::or_level) else {
            return Parsed::broken(open);
        };
        if self.peek() == Some(&Lexeme::Close) {
            inner.at = open.start..self.place().end;
            self.at += 1;
        } else if !self.gave_up {
            self.problems
                .error("unclosed-bracket", open.clone(), "this bracket is never closed");
            let end = self.source().len();
            self.problems.fixed_by(end..end, ")");
            inner.at.start = open.start;
        }
        inner
    }

    /// Goes one level down, or reports the depth and skips to the end: deeper levels cannot be read sensibly.
    fn deeper(&mut self, at: Range<usize>, go: impl FnOnce(&mut Self) -> Parsed) -> Option<Parsed> {
        if self.depth >= MAX_DEPTH {
            self.problems.error(
                "too-deep",
                at,
                format!("at most {MAX_DEPTH} levels of brackets and NOT are allowed"),
            );
            self.at = self.pieces.len();
            self.gave_up = true;
            return None;
        }
        self.depth += 1;
        let parsed = go(self);
        self.depth -= 1;
        Some(parsed)
    }
}

/// The operator that a word in lower case was probably meant as.
pub(crate) fn lowercase_operator(word: &str) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    let name = upper.split('/').next().unwrap_or_default();
    let reach = upper.strip_suffix('F').map_or(upper.clone(), |n| format!("{n}f"));
    match name {
        _ if word == upper => None,
        "AND" | "OR" | "NOT" if name == upper => Some(upper),
        "NEAR" | "ONEAR" if name != upper => Some(reach),
        _ => None,
    }
}
