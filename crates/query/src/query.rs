//! A query that passed every check.

use crate::ast::Node;
use crate::lint;
use crate::lists::Lists;
use crate::parser::{MAX_DEPTH, MAX_TERMS, read};
use crate::problem::{Draft, Problem, Problems, reported};
use std::fmt;

/// A checked query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    ast: Node,
    problems: Vec<Problem>,
}

impl Query {
    /// The query of a tree made by a program. Refused are trees that no text could stand for, so that what is printed
    /// always reads back as the same: unanchored, empty or nested too deep, with words that the tokeniser would cut
    /// otherwise, or with AND right in AND. A list must hold words and phrases only, the same wherever it is named.
    pub fn from_ast(ast: Node) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new("");
        let unsound = "no text stands for this tree";
        if !is_sound(&ast, 0) {
            let message = format!("{unsound}: it has an empty node or over {MAX_DEPTH} levels");
            problems.error("unsound", 0..0, message);
        } else if !ast.is_anchored() {
            let message = "no word must be present, so nearly every post would match";
            problems.error("unanchored-not", 0..0, message);
        } else if ast.size() > MAX_TERMS {
            let message = format!("at most {MAX_TERMS} terms are allowed");
            problems.error("too-many-terms", 0..0, message);
        } else {
            let lists = Lists::of_tree(&ast);
            let printed = ast.to_string();
            let same = |lists: &Lists| parse_with(&printed, lists).is_ok_and(|q| q.ast == ast);
            if !lists.is_some_and(|l| same(&l)) {
                problems.error("unsound", 0..0, unsound);
            }
        }
        if problems.has_errors() {
            return Err(reported(problems.finish(&[])));
        }
        Ok(Self {
            ast,
            problems: Vec::new(),
        })
    }

    pub(crate) fn of(ast: Node, problems: Vec<Problem>) -> Self {
        Self { ast, problems }
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
        Node::Not(c) => has_fields(c),
        Node::List { node, .. } => has_fields(node),
        Node::Near { first, rest } => has_fields(first) || rest.iter().any(|(_, n)| has_fields(n)),
        Node::Word(_) | Node::Phrase(_) | Node::Together { .. } => false,
    }
}

/// Prints the canonical form: `parse_with(&query.to_string(), &lists)` gives the same tree. It writes out brackets and
/// operators, so a query near [`crate::MAX_CHARS`] may print as a text that is over it.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ast.fmt(f)
    }
}

/// Parses and checks a query that names no lists. Refused with every problem found, errors and others, in the order of
/// the text.
pub fn parse(source: &str) -> Result<Query, Vec<Problem>> {
    parse_with(source, &Lists::new())
}

/// The same for a query that may name keyword lists.
pub fn parse_with(source: &str, lists: &Lists) -> Result<Query, Vec<Problem>> {
    let (ast, drafts) = checked(source, lists);
    let problems = reported(drafts);
    if problems.iter().any(Problem::is_error) {
        Err(problems)
    } else {
        Ok(Query { ast, problems })
    }
}

/// Every problem of a query that names no lists, in the order of the text; one without errors can be parsed.
pub fn check(source: &str) -> Vec<Problem> {
    check_with(source, &Lists::new())
}

/// The same for a query that may name keyword lists.
pub fn check_with(source: &str, lists: &Lists) -> Vec<Problem> {
    reported(checked(source, lists).1)
}

/// The tree and everything that is to say about it; without errors, lints are among it.
pub(crate) fn checked(source: &str, lists: &Lists) -> (Node, Vec<Draft>) {
    let mut outcome = read(source, lists);
    if !outcome.problems.has_errors() {
        lint::look(&outcome.node, &outcome.place, &mut outcome.problems);
    }
    outcome.finish()
}
