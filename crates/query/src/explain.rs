//! Which parts of a query hold for a document, and where.

use crate::ast::{Node, Region};
use crate::document::Document;
use crate::naive::{Evaluator, Pseudonyms, Span};
use crate::query::Query;
use std::ops::Range;

/// The bytes of the text that the positive part of a query matched: merged, in order. Empty where the query does not
/// match.
pub fn highlights(query: &Query, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> Vec<Range<usize>> {
    places(query, document, pseudonyms, false)
}

/// The same for the title.
pub fn title_highlights(
    query: &Query,
    document: &Document<'_>,
    pseudonyms: Pseudonyms<'_>,
) -> Vec<Range<usize>> {
    places(query, document, pseudonyms, true)
}

fn places(
    query: &Query,
    document: &Document<'_>,
    pseudonyms: Pseudonyms<'_>,
    title: bool,
) -> Vec<Range<usize>> {
    let evaluator = Evaluator::of(document, pseudonyms);
    let mut spans = Vec::new();
    if evaluator.holds(query.ast()) {
        collect(&evaluator, query.ast(), None, &mut spans);
    }
    ranges(&evaluator, spans, title)
}

/// The occurrences of everything that holds and is not negated.
fn collect(evaluator: &Evaluator<'_>, node: &Node, region: Option<Region>, spans: &mut Vec<Span>) {
    match node {
        Node::And(children) | Node::Or(children) => {
            children
                .iter()
                .filter(|c| evaluator.holds_in(c, region))
                .for_each(|c| collect(evaluator, c, region, spans));
        }
        Node::In { region, node } => collect(evaluator, node, Some(*region), spans),
        Node::List { node, .. } => collect(evaluator, node, region, spans),
        Node::Not(_) | Node::Field { .. } | Node::Followers { .. } => {}
        _ => spans.extend(evaluator.occurrences_in(node, region)),
    }
}

/// Where a post names what a query is about, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// In the title.
    pub title: Vec<Range<usize>>,
    /// In the text.
    pub text: Vec<Range<usize>>,
}

/// Where a post names what a query is about: of operands joined by AND or NEAR the first that has words of its own,
/// since names are written before the context that tells them apart (`delta AND (flight OR airline)`); of those joined
/// by OR all. Empty where the query does not match, or matches by fields alone.
pub fn subject(query: &Query, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> Subject {
    let evaluator = Evaluator::of(document, pseudonyms);
    let mut spans = Vec::new();
    if evaluator.holds(query.ast()) {
        name(&evaluator, query.ast(), None, &mut spans);
    }
    Subject {
        title: ranges(&evaluator, spans.clone(), true),
        text: ranges(&evaluator, spans, false),
    }
}

fn name(evaluator: &Evaluator<'_>, node: &Node, region: Option<Region>, spans: &mut Vec<Span>) {
    match node {
        Node::And(children) => {
            let before = spans.len();
            for child in children {
                name(evaluator, child, region, spans);
                if spans.len() > before {
                    return;
                }
            }
        }
        Node::Or(children) => children
            .iter()
            .filter(|c| evaluator.holds_in(c, region))
            .for_each(|c| name(evaluator, c, region, spans)),
        Node::Near { first, .. } => name(evaluator, first, region, spans),
        Node::In { region, node } => name(evaluator, node, Some(*region), spans),
        Node::List { node, .. } => name(evaluator, node, region, spans),
        Node::Not(_) | Node::Field { .. } | Node::Followers { .. } => {}
        _ => spans.extend(evaluator.occurrences_in(node, region)),
    }
}

/// The bytes of spans in the title or in the text: merged, in order.
pub(crate) fn ranges(evaluator: &Evaluator<'_>, mut spans: Vec<Span>, title: bool) -> Vec<Range<usize>> {
    let reading = &evaluator.reading;
    let region = if title {
        evaluator.document.title.unwrap_or_default()
    } else {
        evaluator.document.text
    };
    spans.retain(|s| reading.is_title(s.0) == title);
    spans.sort_unstable();
    let mut out: Vec<Range<usize>> = Vec::new();
    for (first, last) in spans {
        let (f, l) = (reading.token(first).1, reading.token(last).1);
        let mut start = f.start as usize;
        if f.sigil != 0 {
            start -= region[..start].chars().next_back().map_or(0, char::len_utf8);
        }
        let end = l.end as usize;
        match out.last_mut() {
            Some(before) if start <= before.end => before.end = before.end.max(end),
            _ => out.push(start..end),
        }
    }
    out
}

/// One clause of a query, judged against a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The clause, printed.
    pub query: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether the post does not say: then neither the clause nor its opposite holds.
    pub unknown: bool,
    /// Where, in bytes of the title; operators show it at their clauses.
    pub title: Vec<Range<usize>>,
    /// Where, in bytes of the text.
    pub text: Vec<Range<usize>>,
    /// The clauses that AND, OR or NOT joins.
    pub clauses: Vec<Clause>,
}

/// Judges every clause of a query against a document.
pub fn explain(query: &Query, document: &Document<'_>, pseudonyms: Pseudonyms<'_>) -> Clause {
    let evaluator = Evaluator::of(document, pseudonyms);
    clause(&evaluator, query.ast(), None)
}

fn clause(evaluator: &Evaluator<'_>, node: &Node, region: Option<Region>) -> Clause {
    let (inner, children): (Option<Region>, &[Node]) = match node {
        Node::And(c) | Node::Or(c) => (region, c),
        Node::Not(c) => (region, std::slice::from_ref(&**c)),
        Node::In { region, node } if !node.is_positional() => (Some(*region), std::slice::from_ref(&**node)),
        _ => (region, &[]),
    };
    let spans = if children.is_empty() {
        evaluator.occurrences_in(node, region)
    } else {
        Vec::new()
    };
    let truth = evaluator.truth(node, region);
    Clause {
        query: node.to_string(),
        holds: truth == Some(true),
        unknown: truth.is_none(),
        title: ranges(evaluator, spans.clone(), true),
        text: ranges(evaluator, spans, false),
        clauses: children.iter().map(|c| clause(evaluator, c, inner)).collect(),
    }
}
