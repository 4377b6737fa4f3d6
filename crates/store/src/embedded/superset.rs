//! The index form of a query: cheap, and never smaller than what the query matches.
//!
//! Where it is the very same set the plan says so; otherwise each candidate is run through the matcher itself, so that
//! every operator means in the store what it means in the stream.

use super::schema::Fields;
use crate::{HandleToken, Search};
use query::ast::{FieldName, Form, Node, Part, Sigil, Word};
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use text::TokenKind;

/// An index query that contains all matches.
pub(super) struct Plan {
    /// The candidates; `None` stands for everything.
    pub(super) query: Option<Box<dyn Query>>,
    /// Whether the candidates are the matches.
    pub(super) exact: bool,
}

/// The plan of a search.
pub(super) fn plan(search: &Search, fields: &Fields) -> Plan {
    Planner {
        fields,
        pseudonyms: search.pseudonyms.as_deref(),
    }
    .node(search.query.ast())
}

impl Plan {
    fn all() -> Self {
        Self {
            query: None,
            exact: false,
        }
    }

    fn inexact(mut self) -> Self {
        self.exact = false;
        self
    }
}

struct Planner<'a> {
    fields: &'a Fields,
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

    fn word(&self, word: &Word) -> Plan {
        let key = with_sigil(word.sigil, &word.key);
        match word.form {
            Form::Case => self.term(&key).inexact(),
            Form::Glob => self.glob(&key),
            Form::Prefix => range(self.fields.text, &key),
            Form::Whole => match self.alias(word) {
                Some(alias) => any_of(vec![self.term(&key), self.term(&alias)]),
                None => self.term(&key),
            },
        }
    }

    /// The terms that fit a pattern. Wider than the matcher takes it, since `?` and `*` stand for a sigil here, too.
    fn glob(&self, pattern: &str) -> Plan {
        let regex: String = pattern
            .chars()
            .map(|c| match c {
                '*' => ".*".to_owned(),
                '?' => ".".to_owned(),
                c => c.to_string(),
            })
            .collect();
        match RegexQuery::from_pattern(&regex, self.fields.text) {
            Ok(query) => Plan {
                query: Some(Box::new(query)),
                exact: false,
            },
            // Too large for the automaton: every mention is a candidate.
            Err(_) => Plan::all(),
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
        // Neighbours stand two slots apart.
        let terms = words
            .iter()
            .enumerate()
            .map(|(i, w)| (2 * i, self.text(&with_sigil(w.sigil, &w.key))));
        let in_order: Box<dyn Query> = Box::new(PhraseQuery::new_with_offset(terms.collect()));
        let mut ways = vec![
            Plan {
                query: Some(in_order),
                exact: false,
            },
            self.spelled_handle(parts),
        ];
        // Handles are rare among the words of a phrase: those ways need no places.
        for alias in words.iter().filter_map(|w| self.alias(w)) {
            ways.push(all_of(vec![self.term(&alias), one_by_one()]));
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
        spelled.map_or_else(|| any_of(Vec::new()), |token| self.term(&token))
    }

    fn field(&self, name: FieldName, value: &str) -> Plan {
        let f = self.fields;
        match name {
            FieldName::Kind => term(f.kind, value),
            FieldName::Source => term(f.source, value),
            // `pt` is also `pt-br`; where the mention has none, the post's own counts.
            FieldName::Lang => any_of(vec![range(f.lang, value), term(f.lang, "")]).inexact(),
            // Not indexed as the matcher compares them: whatever else is asked narrows the candidates.
            _ => Plan::all(),
        }
    }

    fn term(&self, key: &str) -> Plan {
        term(self.fields.text, key)
    }

    fn text(&self, key: &str) -> Term {
        Term::from_field_text(self.fields.text, key)
    }
}

fn with_sigil(sigil: Option<Sigil>, key: &str) -> String {
    sigil.map(Sigil::as_char).into_iter().chain(key.chars()).collect()
}

fn term(field: Field, value: &str) -> Plan {
    let query = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
    Plan {
        query: Some(Box::new(query)),
        exact: true,
    }
}

/// The terms that begin with `prefix`.
fn range(field: Field, prefix: &str) -> Plan {
    let first = Term::from_field_text(field, prefix);
    let last = Term::from_field_text(field, &format!("{prefix}{}", char::MAX));
    let query = InvertedIndexRangeQuery::new(Bound::Included(first), Bound::Included(last));
    Plan {
        query: Some(Box::new(query)),
        exact: true,
    }
}

fn all_of(plans: Vec<Plan>) -> Plan {
    let exact = plans.iter().all(|p| p.exact);
    let mut queries: Vec<_> = plans.into_iter().filter_map(|p| p.query).collect();
    let query = match queries.len() {
        0 => None,
        1 => queries.pop(),
        _ => Some(Box::new(BooleanQuery::intersection(queries)) as Box<dyn Query>),
    };
    Plan { query, exact }
}

/// Of no plans at all: nothing.
fn any_of(plans: Vec<Plan>) -> Plan {
    let exact = plans.iter().all(|p| p.exact);
    if plans.iter().any(|p| p.query.is_none()) {
        return Plan { query: None, exact };
    }
    let mut queries: Vec<_> = plans.into_iter().filter_map(|p| p.query).collect();
    let query = if queries.len() == 1 {
        queries.pop()
    } else {
        Some(Box::new(BooleanQuery::union(queries)) as _)
    };
    Plan { query, exact }
}

/// What is surely not in `plan`: known only where the plan is exact.
fn not(plan: Plan) -> Plan {
    match plan {
        Plan {
            query: Some(query),
            exact: true,
        } => {
            let all: Box<dyn Query> = Box::new(AllQuery);
            let query = BooleanQuery::new(vec![(Occur::Must, all), (Occur::MustNot, query)]);
            Plan {
                query: Some(Box::new(query)),
                exact: true,
            }
        }
        _ => Plan::all(),
    }
}
