//! The clauses of a parsed query, each as a query of its own.

use super::Once;
use query::Query;
use query::ast::{Node, Region};

/// A clause of a query.
#[derive(Debug, Clone)]
pub(crate) struct Clause {
    /// As a query of its own, without the NOT before it.
    pub(crate) query: Query,
    /// Whether it stands under a NOT.
    pub(crate) negated: bool,
}

/// Every clause that can be tried alone, in the order of the query, each once.
pub(crate) fn clauses(query: &Query) -> Vec<Clause> {
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

fn walk(node: &Node, place: Place, out: &mut Vec<Clause>) {
    let is_leaf = !matches!(node, Node::And(_) | Node::Or(_) | Node::Not(_) | Node::In { .. });
    if is_leaf || place.is_alternative {
        out.extend(
            Query::from_ast(in_region(node, place.region))
                .ok()
                .map(|query| Clause {
                    query,
                    negated: place.negated,
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
