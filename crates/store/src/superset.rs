//! The index form of a query: cheap, and never smaller than what the query matches.
//!
//! Where it is the very same set the plan says so; otherwise each candidate is run through the matcher itself, so that
//! every operator means in the store what it means in the stream. A plan knows no index: each back end renders it, and
//! may render what is not exact wider.

use crate::{HandleToken, Search, relevance};
use query::ast::{FieldName, Form, Node, Part, Sigil, Word};
use text::TokenKind;

/// Candidates that contain all matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The candidates; `None` stands for everything.
    pub(crate) candidates: Option<Candidates>,
    /// Whether the candidates are the matches.
    pub(crate) exact: bool,
}

/// What to look up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Candidates {
    /// What has this term.
    Term(Column, String),
    /// What has a term that begins so.
    Prefix(Column, String),
    /// What has a word of the text that fits a pattern with `*` and `?`, which may stand for a sigil, too. Never exact.
    Pattern(String),
    /// What has these words next to one another. Never exact.
    InOrder(Vec<Place>),
    /// What is in all of these.
    All(Vec<Candidates>),
    /// What is in one of these; nothing, where there are none.
    Any(Vec<Candidates>),
    /// What is not in there, which is exact.
    Not(Box<Candidates>),
}

/// Where a term is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words of title and text: keys and plain keys, bare and with their sigil.
    Text,
    /// The kind of post.
    Kind,
    /// The platform.
    Source,
    /// The language.
    Lang,
}

/// A word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its key.
    pub(crate) key: String,
    /// Its key with its sigil, if it has one.
    pub(crate) with_sigil: String,
}

/// The plan of a search.
pub(crate) fn plan(search: &Search) -> Plan {
    Planner {
        pseudonyms: search.pseudonyms.as_deref(),
    }
    .node(search.query.ast())
}

/// What the positive words of a search are looked up by, each once: terms of the text and what they begin with.
pub(crate) fn words(search: &Search) -> Vec<Candidates> {
    let planner = Planner {
        pseudonyms: search.pseudonyms.as_deref(),
    };
    let mut out = Vec::new();
    planner.words(search.query.ast(), &mut out);
    out
}

impl Plan {
    fn all() -> Self {
        Self {
            candidates: None,
            exact: false,
        }
    }

    /// Candidates that are the matches.
    pub(crate) fn exactly(candidates: Candidates) -> Self {
        Self {
            candidates: Some(candidates),
            exact: true,
        }
    }

    fn inexact(mut self) -> Self {
        self.exact = false;
        self
    }
}

struct Planner<'a> {
    pseudonyms: Option<&'a HandleToken>,
}

impl Planner<'_> {
    fn node(&self, node: &Node) -> Plan {
        match node {
            Node::Word(word) => self.word(word),
            Node::Phrase(parts) => self.phrase(parts).inexact(),
            Node::Together { parts, .. } => all_of(
                parts
                    .iter()
                    .map(|p| self.phrase(std::slice::from_ref(p)))
                    .collect(),
            )
            .inexact(),
            Node::Near { first, rest } => {
                let operands = std::iter::once(&**first).chain(rest.iter().map(|(_, n)| n));
                all_of(operands.map(|n| self.node(n)).collect()).inexact()
            }
            Node::And(children) => all_of(children.iter().map(|c| self.node(c)).collect()),
            Node::Or(children) => any_of(children.iter().map(|c| self.node(c)).collect()),
            Node::Not(child) => not(self.node(child)),
            Node::In { node, .. } => self.node(node).inexact(),
            Node::List { node, .. } => self.node(node),
            Node::Followers { .. } => Plan::all(),
            Node::Field { name, values } => any_of(values.iter().map(|v| self.field(*name, v)).collect()),
        }
    }

    /// Adds the words of what is to be there.
    fn words(&self, node: &Node, out: &mut Vec<Candidates>) {
        match node {
            Node::Word(word) => self.lookups(word, out),
            Node::Phrase(parts) | Node::Together { parts, .. } => {
                let words = parts.iter().flat_map(|part| &part.words);
                words.for_each(|word| self.lookups(word, out));
            }
            Node::Near { first, rest } => {
                self.words(first, out);
                rest.iter().for_each(|(_, node)| self.words(node, out));
            }
            Node::And(children) | Node::Or(children) => {
                children.iter().for_each(|child| self.words(child, out));
            }
            Node::In { node, .. } => self.words(node, out),
            Node::List { node, .. } => self.words(node, out),
            Node::Not(_) | Node::Field { .. } | Node::Followers { .. } => {}
        }
    }

    fn lookups(&self, word: &Word, out: &mut Vec<Candidates>) {
        let found = match self.word(word).candidates {
            Some(Candidates::Any(list)) => list,
            one => one.into_iter().collect(),
        };
        let counted = |lookup: &Candidates| {
            matches!(
                lookup,
                Candidates::Term(Column::Text, _) | Candidates::Prefix(Column::Text, _)
            )
        };
        for lookup in found.into_iter().filter(counted) {
            if !out.contains(&lookup) && out.len() < relevance::MOST {
                out.push(lookup);
            }
        }
    }

    fn word(&self, word: &Word) -> Plan {
        let key = with_sigil(word.sigil, &word.key);
        match word.form {
            Form::Case => word_term(key).inexact(),
            Form::Glob => Plan::exactly(Candidates::Pattern(key)).inexact(),
            Form::Prefix => Plan::exactly(Candidates::Prefix(Column::Text, key)),
            Form::Whole => match self.alias(word) {
                Some(alias) => any_of(vec![word_term(key), word_term(alias)]),
                None => word_term(key),
            },
        }
    }

    /// The token that stands for the word where it is a stranger's handle, as [`query::naive`] has it.
    fn alias(&self, word: &Word) -> Option<String> {
        let may_be = word.form == Form::Whole
            && word.kind == TokenKind::Word
            && matches!(word.sigil, None | Some(Sigil::Handle));
        let token = self.pseudonyms.filter(|_| may_be).map(|f| f(&word.key))?;
        Some(with_sigil(word.sigil, &token))
    }

    fn phrase(&self, parts: &[Part]) -> Plan {
        let words: Vec<&Word> = parts.iter().flat_map(|p| &p.words).collect();
        let one_by_one = || all_of(words.iter().map(|w| self.word(w)).collect());
        let has_places = words.len() > 1
            && words.iter().all(|w| {
                !matches!(w.form, Form::Prefix | Form::Glob)
                    && w.kind != TokenKind::Emoji
                    && !w.key.is_empty()
            });
        if !has_places {
            return any_of(vec![one_by_one(), self.spelled_handle(parts)]);
        }
        let places = words.iter().map(|w| Place {
            key: w.key.clone(),
            with_sigil: with_sigil(w.sigil, &w.key),
        });
        let in_order = Candidates::InOrder(places.collect());
        let mut ways = vec![Plan::exactly(in_order).inexact(), self.spelled_handle(parts)];
        // Handles are rare among the words of a phrase: those ways need no places.
        for alias in words.iter().filter_map(|w| self.alias(w)) {
            ways.push(all_of(vec![word_term(alias), one_by_one()]));
        }
        any_of(ways)
    }

    /// `@ann.example` is one token in admitted texts. Taken wider than the matcher does.
    fn spelled_handle(&self, parts: &[Part]) -> Plan {
        let spelled = match (parts, self.pseudonyms) {
            ([part], Some(f)) if part.words.len() > 1 && part.words[0].sigil == Some(Sigil::Handle) => {
                let first = part.words[0].key.clone();
                let rest = part.words[1..].iter().zip(&part.gaps);
                Some(f(
                    &rest.fold(first, |handle, (word, gap)| handle + gap + &word.key)
                ))
            }
            _ => None,
        };
        spelled.map_or_else(|| any_of(Vec::new()), word_term)
    }

    fn field(&self, name: FieldName, value: &str) -> Plan {
        let is = |column, value: &str| Plan::exactly(Candidates::Term(column, value.to_owned()));
        match name {
            FieldName::Kind => is(Column::Kind, value),
            FieldName::Source => is(Column::Source, value),
            // `pt` is also `pt-br`; where the mention has none, the post's own counts.
            FieldName::Lang => {
                let begins = Candidates::Prefix(Column::Lang, value.to_owned());
                any_of(vec![Plan::exactly(begins), is(Column::Lang, "")]).inexact()
            }
            // Not indexed as the matcher compares them: whatever else is asked narrows the candidates.
            _ => Plan::all(),
        }
    }
}

fn with_sigil(sigil: Option<Sigil>, key: &str) -> String {
    sigil.map(Sigil::as_char).into_iter().chain(key.chars()).collect()
}

fn word_term(key: String) -> Plan {
    Plan::exactly(Candidates::Term(Column::Text, key))
}

fn all_of(plans: Vec<Plan>) -> Plan {
    let exact = plans.iter().all(|p| p.exact);
    let mut sets: Vec<_> = plans.into_iter().filter_map(|p| p.candidates).collect();
    let candidates = match sets.len() {
        0 => None,
        1 => sets.pop(),
        _ => Some(Candidates::All(sets)),
    };
    Plan { candidates, exact }
}

/// Of no plans at all: nothing.
fn any_of(plans: Vec<Plan>) -> Plan {
    let exact = plans.iter().all(|p| p.exact);
    if plans.iter().any(|p| p.candidates.is_none()) {
        return Plan {
            candidates: None,
            exact,
        };
    }
    let mut sets: Vec<_> = plans.into_iter().filter_map(|p| p.candidates).collect();
    let candidates = match sets.len() {
        1 => sets.pop(),
        _ => Some(Candidates::Any(sets)),
    };
    Plan { candidates, exact }
}

/// What is surely not in `plan`: known only where the plan is exact.
fn not(plan: Plan) -> Plan {
    match plan {
        Plan {
            candidates: Some(candidates),
            exact: true,
        } => Plan::exactly(Candidates::Not(Box::new(candidates))),
        _ => Plan::all(),
    }
}
