//! Keyword lists: terms that many queries share, written once and named `list:name` in a query.

use crate::ast::Node;
use crate::leaf::{Style, parts};
use crate::lexer::{Lexeme, lex};
use crate::parser::read;
use crate::problem::Problems;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// Most terms of a keyword list.
pub const MAX_LIST_TERMS: usize = 5_000;

/// The keyword lists that queries may name, read once.
///
/// A list is a text with one term a line: a word, a tag, a handle, a pattern, something in quotes or braces. Several
/// words without quotes are a phrase. Empty lines are skipped, and `<<< … >>>` is a comment. A query keeps the list as it
/// was when the query was read.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    by_name: BTreeMap<String, Arc<Node>>,
}

/// What is wrong with a keyword list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("list {list}, line {line}: {message} ({code})")]
pub struct ListProblem {
    /// The list's name.
    pub list: String,
    /// The line, from 1; 0 for the list as a whole.
    pub line: usize,
    /// Stable name: those of [`crate::Problem`] and `list-name`, `list-empty`, `list-operator`, `too-many-terms`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Lists {
    /// No lists.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a list, or replaces the one of this name. Refused with every problem of its lines; then nothing changes.
    pub fn add(&mut self, name: &str, lines: &str) -> Result<(), Vec<ListProblem>> {
        let node = content(name, lines)?;
        self.by_name.insert(name.to_owned(), Arc::new(node));
        Ok(())
    }

    /// Takes a list out; says whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        self.by_name.remove(name).is_some()
    }

    /// The names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }

    /// What the list stands for: one term, or several joined by OR.
    pub fn node(&self, name: &str) -> Option<&Arc<Node>> {
        self.by_name.get(name)
    }

    /// What every `list:name` of a tree stands for; `None` where the same name stands for different things.
    pub(crate) fn of_tree(node: &Node) -> Option<Self> {
        let mut lists = Self::new();
        lists.collect(node).then_some(lists)
    }

    fn collect(&mut self, node: &Node) -> bool {
        match node {
            Node::List { name, node } => match self.by_name.get(name) {
                Some(known) => known == node,
                None => {
                    let sound = is_name(name) && is_content(node);
                    self.by_name.insert(name.clone(), node.clone());
                    sound
                }
            },
            Node::And(c) | Node::Or(c) => c.iter().all(|n| self.collect(n)),
            Node::Not(c) | Node::In { node: c, .. } => self.collect(c),
            Node::Near { first, rest } => self.collect(first) && rest.iter().all(|(_, n)| self.collect(n)),
            _ => true,
        }
    }
}

/// Whether a list can have this name: letters, digits, `-` and `_`, at most 64.
fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !name.is_empty() && name.chars().count() <= 64 && name.chars().all(fits)
}

/// Whether lines could stand for this.
fn is_content(node: &Node) -> bool {
    let is_term = |n: &Node| matches!(n, Node::Word(_) | Node::Phrase(_) | Node::Together { .. });
    match node {
        Node::Or(terms) => (2..=MAX_LIST_TERMS).contains(&terms.len()) && terms.iter().all(is_term),
        one => is_term(one),
    }
}

fn content(name: &str, lines: &str) -> Result<Node, Vec<ListProblem>> {
    let problem = |line: usize, code: &'static str, message: &str| ListProblem {
        list: name.to_owned(),
        line,
        code,
        message: message.to_owned(),
    };
    if !is_name(name) {
        let message = "a name has letters, digits, - and _ only, at most 64";
        return Err(vec![problem(0, "list-name", message)]);
    }
    let (mut terms, mut seen, mut problems) = (Vec::new(), HashSet::new(), Vec::new());
    for (i, line) in lines.lines().enumerate() {
        match term(line.trim()) {
            Ok(Some(node)) => {
                if seen.insert(node.clone()) {
                    terms.push(node);
                }
            }
            Ok(None) => {}
            Err((code, message)) => problems.push(problem(i + 1, code, &message)),
        }
    }
    if terms.len() > MAX_LIST_TERMS {
        let message = format!(
            "it has {} terms; at most {MAX_LIST_TERMS} are allowed",
            terms.len()
        );
        problems.push(problem(0, "too-many-terms", &message));
    }
    if terms.is_empty() && problems.is_empty() {
        problems.push(problem(0, "list-empty", "there is no term in it"));
    }
    if problems.is_empty() {
        Ok(Node::or(terms))
    } else {
        Err(problems)
    }
}

/// The term of a line; `None` where it is empty or a comment.
fn term(line: &str) -> Result<Option<Node>, (&'static str, String)> {
    let mut pieces = lex(line);
    pieces.retain(|p| p.lexeme != (Lexeme::Comment { closed: true }));
    let operator = |l: &Lexeme| {
        matches!(
            l,
            Lexeme::And
                | Lexeme::Or
                | Lexeme::Not
                | Lexeme::Near(_)
                | Lexeme::Open
                | Lexeme::Close
                | Lexeme::Field(_)
        )
    };
    match pieces.as_slice() {
        [] => Ok(None),
        [one] if !operator(&one.lexeme) => alone(&line[one.at.clone()]).map(Some),
        many => {
            let bare = |l: &Lexeme| matches!(l, Lexeme::Bare | Lexeme::Minus);
            if many.iter().any(|p| !bare(&p.lexeme)) {
                let message = "a line is one term: put quotes around a phrase with such words or signs in it";
                return Err(("list-operator", message.to_owned()));
            }
            let text = &line[many[0].at.start..many[many.len() - 1].at.end];
            parts(text, Style::Quoted)
                .map(|p| Some(Node::phrase(p)))
                .map_err(|_| first_error(&format!("\"{text}\"")))
        }
    }
}

/// A piece that is read as it would be in a query.
fn alone(text: &str) -> Result<Node, (&'static str, String)> {
    let no_lists = Lists::new();
    let outcome = read(text, &no_lists);
    if outcome.problems.has_errors() {
        return Err(first_error(text));
    }
    Ok(outcome.node)
}

fn first_error(text: &str) -> (&'static str, String) {
    let no_lists = Lists::new();
    let problems: Problems<'_> = read(text, &no_lists).problems;
    let found = problems.list.into_iter().find(|d| d.problem.is_error());
    found.map_or(("no-words", "there is no term in this line".to_owned()), |d| {
        (d.problem.code, d.problem.message)
    })
}
