//! What monitors look for themselves: to find it in what they found says nothing.

use super::Ground;
use crate::api::types::Monitor;
use crate::api::{Failure, control_failure};
use query::ast::{Form, Node, Part, Word};
use std::collections::HashSet;
use text::{Tokens, fold};

/// The words of monitors' names, and those that their queries ask for.
#[derive(Debug, Default)]
pub(crate) struct OwnWords {
    whole: HashSet<String>,
    prefixes: Vec<String>,
}

impl OwnWords {
    /// Those of these monitors.
    pub(crate) fn of<'m>(
        g: &Ground<'_>,
        monitors: impl IntoIterator<Item = &'m Monitor>,
    ) -> Result<Self, Failure> {
        let lists = g.control.lists(&g.project).map_err(control_failure)?;
        let lists = crate::lists::read(&lists);
        let mut own = Self::default();
        for monitor in monitors {
            own.whole.extend(keys(&monitor.name));
            // One that cannot be read finds nothing.
            if let Ok(query) = query::parse_with(&monitor.query, &lists) {
                own.take(query.ast());
            }
        }
        Ok(own)
    }

    /// Whether a subject is made of nothing else.
    pub(crate) fn is(&self, subject: &str) -> bool {
        let words = keys(subject);
        let known =
            |word: &String| self.whole.contains(word) || self.prefixes.iter().any(|p| word.starts_with(p));
        !words.is_empty() && words.iter().all(known)
    }

    fn take(&mut self, node: &Node) {
        match node {
            Node::Word(word) => self.word(word),
            Node::Phrase(parts) | Node::Together { parts, .. } => parts.iter().for_each(|p| self.part(p)),
            Node::Near { first, rest } => {
                self.take(first);
                rest.iter().for_each(|(_, node)| self.take(node));
            }
            Node::And(children) | Node::Or(children) => children.iter().for_each(|c| self.take(c)),
            Node::In { node, .. } => self.take(node),
            Node::List { node, .. } => self.take(node),
            // What is kept out is not looked for, and a field is no word of the text.
            Node::Not(_) | Node::Field { .. } | Node::Followers { .. } => {}
        }
    }

    fn part(&mut self, part: &Part) {
        part.words.iter().for_each(|word| self.word(word));
    }

    fn word(&mut self, word: &Word) {
        match word.form {
            Form::Whole | Form::Case => {
                self.whole.insert(fold(&word.surface));
            }
            Form::Prefix => self.prefixes.push(word.key.clone()),
            // Not told which words it met.
            Form::Glob => {}
        }
    }
}

/// The match keys of the words of a text.
fn keys(text: &str) -> Vec<String> {
    let tokens = Tokens::of(text);
    tokens.iter().map(|t| tokens.key(t).to_owned()).collect()
}
