//! The clauses of a query and how many posts of the past each matches.

use super::rate::{Hours, Rate};
use super::{Interval, Once, Probe, Seen};
use query::ast::{Node, Region};
use query::{Pseudonyms, Query};

/// A clause of a query.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    /// As a query of its own, without the NOT before it.
    pub(crate) query: Query,
    /// Whether it stands under a NOT.
    pub(crate) negated: bool,
    /// Whether it is one of the clauses of an OR.
    pub(crate) is_alternative: bool,
    /// Whether it is a term or a field, not clauses joined.
    pub(crate) is_leaf: bool,
}

/// Every clause that can be tried alone, in the order of the query, each once.
pub(crate) fn branches(query: &Query) -> Vec<Branch> {
    let mut out = Vec::new();
    walk(query.ast(), Place::default(), &mut out);
    let mut once = Once::default();
    out.retain(|b| once.is_new(&format!("{}{}", u8::from(b.negated), b.query)));
    out
}

#[derive(Clone, Copy, Default)]
struct Place {
    negated: bool,
    is_alternative: bool,
    region: Option<Region>,
}

fn walk(node: &Node, place: Place, out: &mut Vec<Branch>) {
    let is_leaf = !matches!(node, Node::And(_) | Node::Or(_) | Node::Not(_) | Node::In { .. });
    if is_leaf || place.is_alternative {
        out.extend(
            Query::from_ast(in_region(node, place.region))
                .ok()
                .map(|query| Branch {
                    query,
                    negated: place.negated,
                    is_alternative: place.is_alternative,
                    is_leaf,
                }),
        );
    }
    let inner = Place {
        is_alternative: false,
        ..place
    };
    match node {
        Node::And(children) => children.iter().for_each(|c| walk(c, inner, out)),
        Node::Or(children) => {
            let inner = Place {
                is_alternative: true,
                ..place
            };
            children.iter().for_each(|c| walk(c, inner, out));
        }
        Node::Not(child) => walk(
            child,
            Place {
                negated: !place.negated,
                ..inner
            },
            out,
        ),
        Node::In { region, node } => walk(
            node,
            Place {
                region: Some(*region),
                ..inner
            },
            out,
        ),
        Node::Near { first, rest } => {
            let operands = [&**first].into_iter().chain(rest.iter().map(|(_, n)| n));
            // A side that is one word says little that the NEAR itself does not; the words of a group do.
            for group in operands.filter(|n| matches!(n, Node::Or(_) | Node::Near { .. })) {
                walk(group, inner, out);
            }
        }
        _ => {}
    }
}

fn in_region(node: &Node, region: Option<Region>) -> Node {
    match region {
        Some(region) => Node::In {
            region,
            node: Box::new(node.clone()),
        },
        None => node.clone(),
    }
}

/// Counts the matches of queries and of their clauses.
pub(crate) struct Counter {
    probe: Probe,
    hits: Vec<Hits>,
    once: Once,
    interval: Interval,
}

/// The matches of one query.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hits {
    /// Posts matched.
    pub(crate) posts: u64,
    hours: Hours,
}

impl Hits {
    /// Matches a day over the interval read.
    pub(crate) fn rate(&self, interval: &Interval) -> Option<Rate> {
        self.hours.rate(interval)
    }
}

impl Counter {
    /// A counter for queries by their numbers.
    pub(crate) fn new<'q>(queries: impl Iterator<Item = &'q Query>, pseudonyms: Pseudonyms<'_>) -> Self {
        let queries: Vec<&Query> = queries.collect();
        Self {
            hits: vec![Hits::default(); queries.len()],
            probe: Probe::new(queries.into_iter(), pseudonyms),
            once: Once::default(),
            interval: Interval::default(),
        }
    }

    /// Takes note of a post; one that came before is not counted again.
    pub(crate) fn see(&mut self, seen: &Seen<'_>) {
        if !self.once.is_new(seen.id) {
            return;
        }
        self.interval.note(seen.at);
        for &i in self.probe.matches(&seen.document) {
            let hits = &mut self.hits[i as usize];
            hits.posts += 1;
            if let Some(at) = seen.at {
                hits.hours.note(at);
            }
        }
    }

    /// The matches of each query, and what was read.
    pub(crate) fn finish(self) -> (Vec<Hits>, Interval) {
        (self.hits, self.interval)
    }
}
