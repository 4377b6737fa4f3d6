//! A query that passed every check.

use crate::ast::Node;
use crate::parser::{MAX_DEPTH, MAX_TERMS, parse_all};
use crate::problem::{Problem, Problems};
use std::fmt;

/// A checked query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    ast: Node,
    problems: Vec<Problem>,
}

impl Query {
    /// The query of a tree made by a program. Refused are trees that no text could stand for: unanchored, empty or
    /// nested too deep.
    pub fn from_ast(ast: Node) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new("");
        if !is_sound(&ast, 0) {
            problems.error(
                "unsound",
                0..0,
                format!("the tree has an empty node or over {MAX_DEPTH} levels"),
            );
        } else if !ast.is_anchored() {
            problems.error(
                "unanchored-not",
                0..0,
                "no word must be present, so nearly every post would match",
            );
        } else if ast.size() > MAX_TERMS {
            problems.error(
                "too-many-terms",
                0..0,
                format!("at most {MAX_TERMS} terms are allowed"),
            );
        }
        if problems.has_errors() {
            Err(problems.list)
        } else {
            Ok(Self {
                ast,
                problems: Vec::new(),
            })
        }
    }

    /// Its tree.
    pub fn ast(&self) -> &Node {
        &self.ast
    }

    /// Warnings and hints.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

fn is_sound(node: &Node, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match node {
        Node::Word(w) => !w.key.is_empty(),
        Node::Phrase(parts) | Node::Together { parts, .. } => {
            !parts.is_empty()
                && parts
                    .iter()
                    .all(|p| !p.words.is_empty() && p.gaps.len() + 1 == p.words.len())
        }
        Node::Near { first, rest } => {
            !rest.is_empty()
                && [&**first]
                    .into_iter()
                    .chain(rest.iter().map(|(_, n)| n))
                    .all(|n| n.is_positional() && is_sound(n, depth + 1))
        }
        Node::And(c) | Node::Or(c) => c.len() > 1 && c.iter().all(|n| is_sound(n, depth + 1)),
        Node::Not(c) => is_sound(c, depth + 1),
        Node::Field { values, .. } => !values.is_empty(),
        Node::Followers { from, to } => from <= to,
        Node::In { node, .. } => !has_fields(node) && is_sound(node, depth + 1),
        Node::List { name, node } => !name.is_empty() && is_sound(node, depth + 1),
    }
}

/// Whether it tests anything but words: that cannot be asked of a part of the post.
fn has_fields(node: &Node) -> bool {
    match node {
        Node::Field { .. } | Node::Followers { .. } | Node::In { .. } => true,
        Node::And(c) | Node::Or(c) => c.iter().any(has_fields),
        Node::Not(c) | Node::List { node: c, .. } => has_fields(c),
        Node::Near { first, rest } => has_fields(first) || rest.iter().any(|(_, n)| has_fields(n)),
        Node::Word(_) | Node::Phrase(_) | Node::Together { .. } => false,
    }
}

/// Prints the canonical form: `parse(&query.to_string())` gives the same tree.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ast.fmt(f)
    }
}

/// Parses and checks a query. Refused with every problem found, errors and others, in the order of the text.
pub fn parse(source: &str) -> Result<Query, Vec<Problem>> {
    let (ast, problems) = parse_all(source);
    let refused = problems.has_errors();
    let list = sorted(problems);
    if refused {
        Err(list)
    } else {
        Ok(Query { ast, problems: list })
    }
}

/// Every problem of a query, in the order of the text; one without errors can be parsed.
pub fn check(source: &str) -> Vec<Problem> {
    sorted(parse_all(source).1)
}

fn sorted(mut problems: Problems<'_>) -> Vec<Problem> {
    problems.list.sort_by_key(|p| (p.at.start, p.severity));
    problems.list
}
