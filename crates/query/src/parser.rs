//! The parser: recursive descent over the lexemes, going on after an error so that all problems are reported at once.

use crate::ast::{Form, Node, Part, Reach, Region, Word};
use crate::lexer::{Lexeme, Piece, lex};
use crate::lint::children;
use crate::lists::Lists;
use crate::mend;
use crate::print;
use crate::problem::{Draft, Problems};
use std::ops::Range;

/// Most characters of a query.
pub const MAX_CHARS: usize = 20_000;
/// Most words and field values of a query; a keyword list counts as one.
pub const MAX_TERMS: usize = 5_000;
/// Deepest nesting of brackets and negations.
pub const MAX_DEPTH: usize = 64;
/// Most words in the quotes before `~`: each can take any of the places.
pub const MAX_TOGETHER: usize = 32;
/// Most operands of one NEAR chain.
pub const MAX_CHAIN: usize = 64;
/// Most words, or characters of a script without spaces, of a phrase.
pub const MAX_PHRASE: usize = 500;
/// Longest pattern with a wildcard, in characters.
pub const MAX_PATTERN: usize = 64;
/// Widest distance of NEAR and `~`, in words.
pub const MAX_REACH: u32 = 1_000;

/// Where a node stands in the text. The children are those of the node, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) at: Range<usize>,
    pub(crate) children: Vec<Place>,
}

/// A node with its place.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) node: Node,
    pub(crate) place: Place,
    /// A branch that needs no word to be present, if there is one.
    pub(crate) open: Option<Range<usize>>,
    /// Whether it stands in brackets of its own.
    bracketed: bool,
    /// Whether its error, once mended, joins it to what follows.
    pub(crate) joins: bool,
}

impl Parsed {
    pub(crate) fn new(node: Node, at: Range<usize>) -> Self {
        let place = Place {
            at,
            children: Vec::new(),
        };
        Self::with(node, place)
    }

    pub(crate) fn with(node: Node, place: Place) -> Self {
        let open = (!node.is_anchored()).then(|| place.at.clone());
        Self {
            node,
            place,
            open,
            bracketed: false,
            joins: false,
        }
    }

    /// Stands where an error was reported.
    pub(crate) fn broken(at: Range<usize>) -> Self {
        let mut broken = Self::new(Node::Or(Vec::new()), at);
        broken.open = None;
        broken
    }

    pub(crate) fn is_broken(&self) -> bool {
        matches!(&self.node, Node::Or(c) if c.is_empty())
    }

    pub(crate) fn at(&self) -> Range<usize> {
        self.place.at.clone()
    }
}

pub(crate) struct Parser<'q> {
    /// Without comments.
    pub(crate) pieces: Vec<Piece>,
    pub(crate) at: usize,
    pub(crate) problems: Problems<'q>,
    pub(crate) lists: &'q Lists,
    /// The part of the post that brackets here belong to.
    pub(crate) part: Option<Region>,
    depth: usize,
    /// Whether the nesting was too deep to read on.
    gave_up: bool,
    /// Whether a quotation mark, brace or comment is never closed: a closing bracket may be in there.
    swallowed: bool,
}

/// What was read.
pub(crate) struct Outcome<'q> {
    /// Meaningless where the problems hold an error.
    pub(crate) node: Node,
    pub(crate) place: Place,
    pub(crate) problems: Problems<'q>,
    pub(crate) pieces: Vec<Piece>,
}

impl Outcome<'_> {
    pub(crate) fn finish(self) -> (Node, Vec<Draft>) {
        (self.node, self.problems.finish(&self.pieces))
    }
}

/// Parses `source`, without the lints.
pub(crate) fn read<'q>(source: &'q str, lists: &'q Lists) -> Outcome<'q> {
    let mut parser = Parser {
        pieces: lex(source),
        at: 0,
        problems: Problems::new(source),
        lists,
        part: None,
        depth: 0,
        gave_up: false,
        swallowed: false,
    };
    parser.take_comments();
    let chars = source.chars().count();
    let parsed = if chars > MAX_CHARS {
        parser.too_long(chars);
        Parsed::broken(0..source.len())
    } else {
        parser.query()
    };
    Outcome {
        node: parsed.node,
        place: parsed.place,
        problems: parser.problems,
        pieces: parser.pieces,
    }
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
        let is_comment = |p: &Piece| matches!(p.lexeme, Lexeme::Comment { .. });
        let (comments, pieces) = std::mem::take(&mut self.pieces).into_iter().partition(is_comment);
        self.pieces = pieces;
        let unclosed = |p: &Piece| {
            matches!(
                p.lexeme,
                Lexeme::Quoted { closed: false, .. }
                    | Lexeme::Braced { closed: false, .. }
                    | Lexeme::Comment { closed: false }
            )
        };
        let comments: Vec<Piece> = comments;
        self.swallowed = self.pieces.iter().chain(&comments).any(unclosed);
        for p in comments
            .iter()
            .filter(|p| p.lexeme == (Lexeme::Comment { closed: false }))
        {
            let message = "the comment is never closed: write >>> behind it";
            self.problems.error("unclosed-comment", p.at.clone(), message);
            self.problems.fixed_by(p.at.end..p.at.end, " >>>");
        }
    }

    fn too_long(&mut self, chars: usize) {
        let source = self.source();
        let message = format!("the query has {chars} characters; at most {MAX_CHARS} are allowed");
        self.problems.error("too-long", 0..source.len(), message);
        // Room is left for the brackets that the cut leaves open.
        let kept = source
            .char_indices()
            .nth(MAX_CHARS - MAX_DEPTH)
            .map_or(0, |(i, _)| i);
        let count = self.pieces.partition_point(|p| p.at.end <= kept);
        let (range, by) = mend::head(source, &self.pieces, count);
        self.problems.fixed_by(range, &by);
    }

    fn query(&mut self) -> Parsed {
        let whole = 0..self.source().len();
        if self.pieces.is_empty() {
            if !self.problems.has_errors() {
                self.problems.error("empty", whole.clone(), "the query is empty");
            }
            return Parsed::broken(whole);
        }
        let mut parsed = self.or_level();
        while self.at < self.pieces.len() {
            // Only a closing bracket can stop the descent at the top.
            let at = self.place();
            let message = "there is no opening bracket for this one";
            self.problems.error("unopened-bracket", at.clone(), message);
            self.problems.fixed_by(at, "");
            self.at += 1;
            // Once the bracket is gone, an operator behind it joins its two sides.
            if matches!(self.peek(), Some(Lexeme::And | Lexeme::Or | Lexeme::Near(_))) {
                self.at += 1;
            }
            if self.peek().is_some_and(|l| *l != Lexeme::Close) {
                parsed = self.or_level();
            }
        }
        if !self.problems.has_errors() {
            if print::depth(&parsed.node) > MAX_DEPTH {
                // Brackets that precedence spares the text are written out in print.
                let message = format!(
                    "at most {MAX_DEPTH} levels of brackets and NOT are allowed, those between AND and OR included"
                );
                self.problems.error("too-deep", whole.clone(), message);
            }
            self.check_size(&parsed);
            self.check_anchor(&parsed);
        }
        parsed
    }

    fn check_size(&mut self, parsed: &Parsed) {
        let size = parsed.node.size();
        if size <= MAX_TERMS {
            self.check_costs(parsed);
            return;
        }
        let source = self.source();
        let message = format!("the query has {size} terms; at most {MAX_TERMS} are allowed");
        self.problems.error("too-many-terms", 0..source.len(), message);
        let mut left = MAX_TERMS;
        let fits = |p: &&Piece| {
            let terms = match p.lexeme {
                Lexeme::Bare | Lexeme::Quoted { .. } | Lexeme::Braced { .. } => {
                    text::Tokens::of(&source[p.at.clone()]).len()
                }
                _ => 0,
            };
            let fits = terms <= left;
            left = left.saturating_sub(terms);
            fits
        };
        let count = self.pieces.iter().take_while(fits).count();
        let (range, by) = mend::head(source, &self.pieces, count);
        self.problems.fixed_by(range, &by);
    }

    /// Refuses what could take a post longer than its length allows for.
    fn check_costs(&mut self, parsed: &Parsed) {
        let Some((at, (what, most))) = costly(&parsed.node, &parsed.place) else {
            return;
        };
        let message = format!("{what}: at most {most} are allowed");
        self.problems.error("too-costly", at.clone(), message);
        self.problems.fixed_without(&self.pieces, at);
    }

    fn check_anchor(&mut self, parsed: &Parsed) {
        let Some(at) = parsed.open.clone() else { return };
        let message = "this branch names only what must be absent, so nearly every post would match: \
                       join it by AND with a word that must be present";
        self.problems.error("unanchored-not", at.clone(), message);
        // `a OR NOT b` was most likely meant as `a AND NOT b`.
        let first = self.pieces.partition_point(|p| p.at.end <= at.start);
        let last = self.pieces.partition_point(|p| p.at.start < at.end);
        let beside = [first.checked_sub(1), Some(last)].into_iter().flatten();
        let or = beside
            .filter_map(|i| self.pieces.get(i))
            .find(|p| p.lexeme == Lexeme::Or);
        if let Some(or) = or {
            self.problems.fixed_by(or.at.clone(), "AND");
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
        let bare_and = |p: &&Parsed| matches!(p.node, Node::And(_)) && !p.bracketed;
        if let Some(mixed) = items.iter().find(bare_and).map(Parsed::at) {
            let message = "AND binds tighter than OR: put brackets around the part that belongs together";
            self.problems.warning("mixed-and-or", mixed.clone(), message);
            self.problems.fixed_by(mixed.start..mixed.start, "(");
            self.problems.fixed_by(mixed.end..mixed.end, ")");
        }
        let open = items.iter().find_map(|p| p.open.clone());
        join(items, open, true)
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
                Some(Lexeme::Stray) => self.stray_brace(),
                Some(Lexeme::Bare) if self.foreign_name().is_some() => {
                    self.foreign_operator();
                    items.push(self.near_level());
                }
                Some(_) => self.missing_operator(&mut items),
            }
        }
        if items.len() == 1 {
            return items.remove(0);
        }
        let anchored = items.iter().any(|p| p.open.is_none());
        let at = items[0].place.at.start..items[items.len() - 1].place.at.end;
        let open = (!anchored).then_some(at);
        join(items, open, false)
    }

    pub(crate) fn near_level(&mut self) -> Parsed {
        let first = self.unary();
        if !matches!(self.peek(), Some(Lexeme::Near(_))) {
            return first;
        }
        let mut at = first.at();
        let mut broken = !self.near_operand(&first, self.place());
        let mut places = vec![first.place];
        let mut rest = Vec::new();
        while let Some(&Lexeme::Near(reach)) = self.peek() {
            let place = self.place();
            self.at += 1;
            let reach = self.check_reach(reach, place.clone());
            let operand = self.unary();
            broken |= !self.near_operand(&operand, place);
            at.end = operand.place.at.end;
            places.push(operand.place);
            match reach {
                Some(reach) => rest.push((reach, operand.node)),
                None => broken = true,
            }
        }
        if broken {
            return Parsed::broken(at);
        }
        let node = Node::Near {
            first: Box::new(first.node),
            rest,
        };
        Parsed::with(node, Place { at, children: places })
    }

    fn check_reach(&mut self, reach: Option<Reach>, at: Range<usize>) -> Option<Reach> {
        let written = &self.source()[at.clone()];
        let name = if written.starts_with('O') { "ONEAR" } else { "NEAR" };
        match reach {
            Some(r) if (1..=MAX_REACH).contains(&r.words) => {
                if r.words >= 100 {
                    let message =
                        "100 words or more apart means nearly anywhere in most posts: AND is clearer";
                    self.problems.warning("wide-near", at.clone(), message);
                    self.problems.fixed_by(at, "AND");
                }
                Some(r)
            }
            Some(r) => {
                let message = format!("the distance must be between 1 and {MAX_REACH} words");
                self.problems.error("near-distance", at.clone(), message);
                let mark = if written.ends_with(['f', 'F']) { "f" } else { "" };
                let words = r.words.clamp(1, MAX_REACH);
                self.problems.fixed_by(at, &format!("{name}/{words}{mark}"));
                None
            }
            None => {
                let message = format!("say how many words apart: {name}/5");
                self.problems.error("near-distance", at.clone(), message);
                self.problems.fixed_by(at, &format!("{name}/5"));
                None
            }
        }
    }

    /// Whether NEAR can measure from the operand; `near` is the operator beside it.
    fn near_operand(&mut self, operand: &Parsed, near: Range<usize>) -> bool {
        if operand.is_broken() {
            return false;
        }
        if operand.node.is_positional() {
            return true;
        }
        let message =
            "NEAR measures between words, phrases and OR-groups of them: this has no place in the text";
        self.problems.error("near-operand", operand.at(), message);
        self.problems.fixed_by(near, "AND");
        false
    }

    fn unary(&mut self) -> Parsed {
        match self.peek() {
            Some(Lexeme::Not | Lexeme::Minus) => self.negated(),
            Some(Lexeme::Open) => self.group(),
            _ => self.operand(),
        }
    }

    fn negated(&mut self) -> Parsed {
        let place = self.place();
        self.at += 1;
        let Some(inner) = self.deeper(place.clone(), Self::unary) else {
            return Parsed::broken(place);
        };
        let at = place.start..inner.place.at.end;
        if inner.is_broken() {
            return Parsed::broken(at);
        }
        // `NOT NOT x` asks for x again.
        let mut children = vec![inner.place];
        if matches!(inner.node, Node::Not(_)) {
            children = children.remove(0).children;
            children = children.pop().map(|x| x.children).unwrap_or_default();
        }
        Parsed::with(Node::not(inner.node), Place { at, children })
    }

    pub(crate) fn group(&mut self) -> Parsed {
        let open = self.place();
        self.at += 1;
        if self.peek() == Some(&Lexeme::Close) {
            let at = open.start..self.place().end;
            self.at += 1;
            let message = "there is nothing between these brackets";
            self.problems.error("empty-group", at.clone(), message);
            return Parsed::broken(at);
        }
        let Some(mut inner) = self.deeper(open.clone(), Self::or_level) else {
            return Parsed::broken(open);
        };
        inner.place.at.start = open.start;
        inner.bracketed = true;
        inner.joins = false;
        if self.peek() == Some(&Lexeme::Close) {
            inner.place.at.end = self.place().end;
            self.at += 1;
        } else if !self.gave_up {
            self.unclosed_bracket(open);
        }
        inner
    }

    pub(crate) fn unclosed_bracket(&mut self, open: Range<usize>) {
        if self.swallowed {
            return;
        }
        self.problems
            .error("unclosed-bracket", open, "this bracket is never closed");
        let end = self.source().trim_end().len();
        self.problems.fixed_by(end..end, ")");
    }

    /// Goes one level down, or reports the depth and skips to the end: deeper levels cannot be read sensibly.
    fn deeper(&mut self, at: Range<usize>, go: impl FnOnce(&mut Self) -> Parsed) -> Option<Parsed> {
        if self.depth >= MAX_DEPTH {
            let message = format!("at most {MAX_DEPTH} levels of brackets and NOT are allowed");
            self.problems.error("too-deep", at.clone(), message);
            let edits = mend::shallower(&self.pieces);
            if edits.is_empty() {
                let whole = mend::operand(&self.pieces, at);
                self.problems.fixed_without(&self.pieces, whole);
            }
            for (range, by) in edits {
                self.problems.fixed_by(range, &by);
            }
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

/// One flat node of the operands of AND or OR.
fn join(items: Vec<Parsed>, open: Option<Range<usize>>, or: bool) -> Parsed {
    let at = items[0].place.at.start..items[items.len() - 1].place.at.end;
    if items.iter().any(Parsed::is_broken) {
        return Parsed::broken(at);
    }
    let (mut nodes, mut children) = (Vec::new(), Vec::new());
    for item in items {
        let same = matches!((&item.node, or), (Node::Or(_), true) | (Node::And(_), false));
        if same {
            children.extend(item.place.children);
        } else {
            children.push(item.place);
        }
        nodes.push(item.node);
    }
    let node = if or { Node::or(nodes) } else { Node::and(nodes) };
    let mut parsed = Parsed::with(node, Place { at, children });
    parsed.open = open;
    parsed
}

/// Where the first node stands that could take a post longer than its length allows for: what it has too many of, and
/// how many are allowed.
fn costly(node: &Node, place: &Place) -> Option<(Range<usize>, (&'static str, usize))> {
    let words = |parts: &[Part]| parts.iter().map(|p| p.words.len()).sum::<usize>();
    let long = |w: &Word| w.form == Form::Glob && w.key.chars().count() > MAX_PATTERN;
    let found = match node {
        Node::Word(w) if long(w) => Some(("a pattern has too many characters", MAX_PATTERN)),
        Node::Phrase(parts) if words(parts) > MAX_PHRASE => Some(("a phrase has too many words", MAX_PHRASE)),
        Node::Phrase(parts) | Node::Together { parts, .. }
            if parts.iter().any(|p| p.words.iter().any(long)) =>
        {
            Some(("a pattern has too many characters", MAX_PATTERN))
        }
        Node::Near { rest, .. } if rest.len() >= MAX_CHAIN => {
            Some(("a NEAR has too many operands", MAX_CHAIN))
        }
        Node::List { node, .. } => costly(node, place).map(|(_, what)| what),
        _ => None,
    };
    if let Some(what) = found {
        return Some((place.at.clone(), what));
    }
    let below = |(i, child): (usize, &Node)| costly(child, place.children.get(i).unwrap_or(place));
    children(node).into_iter().enumerate().find_map(below)
}
