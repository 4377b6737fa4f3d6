//! Why a document does not match a query, or does: the fewest clauses that would have to change.
//!
//! Every clause is taken on its own, so the count is the least for the tree as it is written: an AND adds up what its
//! clauses lack, an OR takes the cheapest of its own.

use crate::ast::{FieldName, Form, Node, Part, Reach, Region, Word};
use crate::document::Document;
use crate::explain::ranges;
use crate::naive::{Evaluator, Pseudonyms, Span};
use crate::query::Query;
use crate::values::{Wanted, field_values};
use std::ops::Range;

/// Alternatives named with a reason; the others are counted.
const NAMED: usize = 4;
/// Values of a field that a reason names.
const VALUES: usize = 3;

/// One clause that would have to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The clause, printed.
    pub clause: String,
    /// Whether the clause would have to hold; if not, it would have to fail.
    pub needed: bool,
    /// What the document has instead.
    pub found: Found,
    /// Clauses of the same OR that would do as well, printed: the first few.
    pub or: Vec<String>,
    /// How many more of them there are.
    pub more: usize,
    /// Where `found` stands, in bytes of the title.
    pub title: Vec<Range<usize>>,
    /// Where `found` stands, in bytes of the text.
    pub text: Vec<Range<usize>>,
}

/// What a document has in the place of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// The clause itself.
    There,
    /// Both sides of a NEAR, this far apart.
    Apart {
        /// Words between the ends of the two sides, neighbours being 1 apart.
        words: u32,
    },
    /// Both sides of a NEAR, in the other order.
    OtherOrder,
    /// All words of a phrase or `~`, but not as they were asked for.
    Scattered,
    /// A word like it: in other case, without the sigil or the diacritics, or longer.
    Like(String),
    /// The clause, but in the other part of the post.
    Elsewhere(Region),
    /// All but these parts.
    Missing(Vec<String>),
    /// Other values of the field; none where the post has none.
    Values {
        /// The field's name.
        field: &'static str,
        /// The first few values.
        values: Vec<String>,
    },
    /// The post does not say.
    Unknown {
        /// The field's name.
        field: &'static str,
    },
    /// Nothing like it.
    Nothing,
}

impl Found {
    /// How near the document is to the clause, the nearest first.
    fn distance(&self) -> u8 {
        match self {
            Found::There | Found::Apart { .. } | Found::OtherOrder | Found::Scattered => 0,
            Found::Like(_) | Found::Elsewhere(_) => 1,
            Found::Missing(_) => 2,
            Found::Values { .. } | Found::Unknown { .. } => 3,
            Found::Nothing => 4,
        }
    }
}

/// The fewest clauses that keep the document from matching, in the order of the query; none where it matches.
pub fn why_not(query: &Query, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> Vec<Reason> {
    let evaluator = Evaluator::of(document, pseudonyms);
    changes(&evaluator, query.ast(), None, true)
}

/// The fewest clauses that make the document match: without them it would not. None where it does not match.
pub fn why(query: &Query, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> Vec<Reason> {
    let evaluator = Evaluator::of(document, pseudonyms);
    if evaluator.holds(query.ast()) {
        changes(&evaluator, query.ast(), None, false)
    } else {
        Vec::new()
    }
}

/// The fewest clauses to change for the node to be surely `wanted`.
fn changes(e: &Evaluator<'_>, node: &Node, region: Option<Region>, wanted: bool) -> Vec<Reason> {
    if e.truth(node, region) == Some(wanted) {
        return Vec::new();
    }
    match node {
        Node::And(all) if wanted => all.iter().flat_map(|c| changes(e, c, region, true)).collect(),
        Node::Or(all) if !wanted => all.iter().flat_map(|c| changes(e, c, region, false)).collect(),
        Node::And(any) | Node::Or(any) => cheapest(e, any, region, wanted),
        Node::Not(child) => changes(e, child, region, !wanted),
        Node::In { region, node } if !node.is_positional() => changes(e, node, Some(*region), wanted),
        _ => vec![reason(e, node, region, wanted)],
    }
}

/// The changes of the child with the fewest, the nearest miss first.
fn cheapest(e: &Evaluator<'_>, children: &[Node], region: Option<Region>, wanted: bool) -> Vec<Reason> {
    let mut all: Vec<Vec<Reason>> = children.iter().map(|c| changes(e, c, region, wanted)).collect();
    let cost = |c: &Vec<Reason>| {
        (
            c.len(),
            c.iter().map(|r| u32::from(r.found.distance())).sum::<u32>(),
        )
    };
    let Some(best) = (0..all.len()).min_by_key(|&i| cost(&all[i])) else {
        return Vec::new();
    };
    let mut best = all.swap_remove(best);
    if let [one] = best.as_mut_slice()
        && wanted
    {
        let mut others = all.into_iter().filter(|c| c.len() == 1).flatten();
        let room = NAMED.saturating_sub(one.or.len());
        one.or.extend(others.by_ref().take(room).map(|r| r.clause));
        one.more += others.count();
    }
    best
}

fn reason(e: &Evaluator<'_>, node: &Node, region: Option<Region>, needed: bool) -> Reason {
    let (found, spans) = if needed {
        instead(e, node, region)
    } else {
        present(e, node, region)
    };
    Reason {
        clause: in_region(node, region),
        needed,
        found,
        or: Vec::new(),
        more: 0,
        title: ranges(e, spans.clone(), true),
        text: ranges(e, spans, false),
    }
}

fn in_region(node: &Node, region: Option<Region>) -> String {
    match region {
        Some(r) => format!("{}:{node}", r.name()),
        None => node.to_string(),
    }
}

/// What there is of a clause that must not hold.
fn present(e: &Evaluator<'_>, node: &Node, region: Option<Region>) -> (Found, Vec<Span>) {
    let found = match node {
        Node::Field { .. } | Node::Followers { .. } => field(e, node),
        _ => Found::There,
    };
    (found, e.occurrences_in(node, region))
}

/// What there is in the place of a clause that must hold.
fn instead(e: &Evaluator<'_>, node: &Node, region: Option<Region>) -> (Found, Vec<Span>) {
    if region.is_some() {
        let anywhere = e.occurrences(node);
        if let Some(first) = anywhere.first() {
            let there = if e.reading.is_title(first.0) {
                Region::Title
            } else {
                Region::Text
            };
            return (Found::Elsewhere(there), anywhere);
        }
    }
    match node {
        Node::Field { .. } | Node::Followers { .. } => (field(e, node), Vec::new()),
        Node::Word(word) => like(e, word, region),
        Node::Phrase(parts) | Node::Together { parts, .. } => scattered(e, parts, region),
        Node::Near { first, rest } => apart(e, first, rest, region),
        Node::In { region, node } => instead(e, node, Some(*region)),
        _ => (Found::Nothing, Vec::new()),
    }
}

fn field(e: &Evaluator<'_>, node: &Node) -> Found {
    let (name, values) = match node {
        Node::Field { name, .. } => (name.name(), values_of(e.document, *name)),
        _ => (
            "followers",
            e.document.followers.iter().map(u64::to_string).collect(),
        ),
    };
    let silent = match node {
        Node::Field { name, .. } => name.may_be_unknown() && !crate::values::is_known(e.document, *name),
        _ => values.is_empty(),
    };
    if silent {
        Found::Unknown { field: name }
    } else {
        Found::Values { field: name, values }
    }
}

fn values_of(document: &Document<'_>, name: FieldName) -> Vec<String> {
    let (mut wanted, mut values) = (Wanted::default(), Vec::new());
    wanted.add(name);
    field_values(document, wanted, |_, v| {
        if values.len() < VALUES && !values.iter().any(|known| known == v) {
            values.push(v.to_owned());
        }
    });
    values
}

/// A token that a small change of the word would match.
fn like(e: &Evaluator<'_>, word: &Word, region: Option<Region>) -> (Found, Vec<Span>) {
    let own = text::Tokens::of(&word.surface);
    let plain = own
        .as_slice()
        .first()
        .and_then(|t| own.plain(t))
        .unwrap_or(&word.key);
    let begins = |key: &str| word.form == Form::Whole && word.key.len() > 2 && key.starts_with(&*word.key);
    let alike = |&t: &usize| {
        let (tokens, token) = e.reading.token(t);
        let key = tokens.key(token);
        region.is_none_or(|r| e.reading.is_title(t) == (r == Region::Title))
            && word.form != Form::Glob
            && (key == word.key || key == plain || begins(key))
    };
    let Some(first) = (0..e.reading.len()).find(alike) else {
        return (Found::Nothing, Vec::new());
    };
    let (tokens, token) = e.reading.token(first);
    let sigil = crate::ast::Sigil::of(token.sigil).map(crate::ast::Sigil::as_char);
    let surface = sigil.into_iter().chain(tokens.surface(token).chars()).collect();
    (Found::Like(surface), vec![(first, first)])
}

fn scattered(e: &Evaluator<'_>, parts: &[Part], region: Option<Region>) -> (Found, Vec<Span>) {
    let nodes: Vec<Node> = parts.iter().map(|p| Node::phrase(vec![p.clone()])).collect();
    let nodes: Vec<Node> = match nodes.as_slice() {
        // One part of several words: its punctuation is what does not fit.
        [Node::Phrase(p)] => p[0].words.iter().cloned().map(Node::Word).collect(),
        _ => nodes,
    };
    match all_places(e, &nodes.iter().collect::<Vec<_>>(), region) {
        Ok(places) => (Found::Scattered, places.concat()),
        Err(missing) => missing,
    }
}

fn apart(
    e: &Evaluator<'_>,
    first: &Node,
    rest: &[(Reach, Node)],
    region: Option<Region>,
) -> (Found, Vec<Span>) {
    let operands: Vec<&Node> = [first].into_iter().chain(rest.iter().map(|(_, n)| n)).collect();
    let places = match all_places(e, &operands, region) {
        Ok(places) => places,
        Err(missing) => return missing,
    };
    let links = places.windows(2).zip(rest.iter().map(|(reach, _)| *reach));
    for (pair, reach) in links {
        let near = |ordered| closest(e, &pair[0], &pair[1], ordered);
        match (near(reach.ordered), near(false)) {
            (Some((words, ..)), _) if words <= reach.words => {}
            (_, Some((words, left, right))) if words <= reach.words => {
                return (Found::OtherOrder, vec![left, right]);
            }
            (Some((words, left, right)), _) | (None, Some((words, left, right))) => {
                return (Found::Apart { words }, vec![left, right]);
            }
            (None, None) => {}
        }
    }
    (Found::Scattered, places.concat())
}

/// The places of every node, or those that have none.
fn all_places(
    e: &Evaluator<'_>,
    nodes: &[&Node],
    region: Option<Region>,
) -> Result<Vec<Vec<Span>>, (Found, Vec<Span>)> {
    let places: Vec<Vec<Span>> = nodes.iter().map(|n| e.occurrences_in(n, region)).collect();
    let mut missing: Vec<String> = Vec::new();
    for (node, _) in nodes.iter().zip(&places).filter(|(_, p)| p.is_empty()) {
        missing.push(node.to_string());
    }
    if missing.is_empty() {
        Ok(places)
    } else if missing.len() == nodes.len() {
        Err((Found::Nothing, Vec::new()))
    } else {
        Err((Found::Missing(missing), places.concat()))
    }
}

/// The pair that stands closest, with its distance in words.
fn closest(e: &Evaluator<'_>, left: &[Span], right: &[Span], ordered: bool) -> Option<(u32, Span, Span)> {
    let gap = |a: Span, b: Span| (a.1 < b.0).then(|| (e.reading.slot(b.0) - e.reading.slot(a.1)).div_ceil(2));
    let pairs = left.iter().flat_map(|&a| right.iter().map(move |&b| (a, b)));
    pairs
        .filter_map(|(a, b)| {
            let words = gap(a, b).or_else(|| gap(b, a).filter(|_| !ordered))?;
            Some((words.max(1), a, b))
        })
        .min()
}

/// A sentence: what is needed, and what there is.
impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ask = if self.needed { "needs" } else { "must not have" };
        let nothing = self.found == Found::Nothing;
        match (&self.or[..], nothing) {
            ([], _) | (_, false) => write!(f, "{ask} `{}`", self.clause)?,
            (or, true) => write!(f, "{ask} one of `{}`{}", self.clause, self.alternatives(or))?,
        }
        write!(f, "{}", self.instead())?;
        if !self.or.is_empty() && !nothing {
            let or = self.alternatives(&self.or);
            write!(f, "; or one of{}", or.trim_start_matches(','))?;
        }
        Ok(())
    }
}

impl Reason {
    fn alternatives(&self, or: &[String]) -> String {
        let mut out: String = or.iter().map(|c| format!(", `{c}`")).collect();
        if self.more > 0 {
            out.push_str(&format!(" and {} more", self.more));
        }
        out
    }

    fn instead(&self) -> String {
        match &self.found {
            Found::There => format!(", which stands {}", self.places()),
            Found::Apart { words } => {
                let plural = if *words == 1 { "" } else { "s" };
                format!(": both are there, but {words} word{plural} apart")
            }
            Found::OtherOrder => ": both are there, but in the other order".to_owned(),
            Found::Scattered => ": its words are there, but not so".to_owned(),
            Found::Like(word) => format!("; there is `{word}`"),
            Found::Elsewhere(region) => format!("; it stands in the {}", region.name()),
            Found::Missing(parts) => {
                let list: Vec<String> = parts.iter().map(|p| format!("`{p}`")).collect();
                format!("; {} is not there", list.join(", "))
            }
            Found::Values { field, values } if values.is_empty() => format!("; the post has no {field}"),
            Found::Values { field, values } => format!("; {field} is {}", values.join(", ")),
            Found::Unknown { field } => format!("; the post does not say its {field}"),
            Found::Nothing => String::new(),
        }
    }

    fn places(&self) -> String {
        let shown = |ranges: &[Range<usize>]| {
            let all: Vec<String> = ranges.iter().map(|r| format!("{}..{}", r.start, r.end)).collect();
            all.join(", ")
        };
        match (&self.title[..], &self.text[..]) {
            (title, []) => format!("at {} of the title", shown(title)),
            ([], text) => format!("at {}", shown(text)),
            (title, text) => format!("at {} of the title and at {}", shown(title), shown(text)),
        }
    }
}
