//! Candidates of a search as a Tantivy query.

use super::schema::Fields;
use crate::superset::{Candidates, Column, Place};
use std::ops::Bound;
use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, InvertedIndexRangeQuery, Occur, PhraseQuery, Query, RegexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

/// The query of candidates.
pub(super) fn query(candidates: &Candidates, fields: &Fields) -> Box<dyn Query> {
    let each = |list: &[Candidates]| list.iter().map(|c| query(c, fields)).collect();
    match candidates {
        Candidates::Term(column, value) => {
            let term = Term::from_field_text(field(*column, fields), value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        }
        Candidates::Prefix(column, prefix) => {
            let bound = |text: &str| Bound::Included(Term::from_field_text(field(*column, fields), text));
            let last = format!("{prefix}{}", char::MAX);
            Box::new(InvertedIndexRangeQuery::new(bound(prefix), bound(&last)))
        }
        Candidates::Pattern(pattern) => fitting(pattern, fields),
        Candidates::InOrder(words) => in_order(words, fields),
        Candidates::All(list) => Box::new(BooleanQuery::intersection(each(list))),
        Candidates::Any(list) => Box::new(BooleanQuery::union(each(list))),
        Candidates::Not(inner) => Box::new(BooleanQuery::new(vec![
            (Occur::Must, Box::new(AllQuery)),
            (Occur::MustNot, query(inner, fields)),
        ])),
    }
}

fn field(column: Column, fields: &Fields) -> Field {
    match column {
        Column::Text => fields.text,
        Column::Kind => fields.kind,
        Column::Source => fields.source,
        Column::Lang => fields.lang,
    }
}

fn fitting(pattern: &str, fields: &Fields) -> Box<dyn Query> {
    let regex: String = pattern
        .chars()
        .map(|c| match c {
            '*' => ".*".to_owned(),
            '?' => ".".to_owned(),
            c => c.to_string(),
        })
        .collect();
    match RegexQuery::from_pattern(&regex, fields.text) {
        Ok(query) => Box::new(query),
        // Too large for the automaton: every mention is a candidate.
        Err(_) => Box::new(AllQuery),
    }
}

/// Neighbours stand two slots apart.
fn in_order(words: &[Place], fields: &Fields) -> Box<dyn Query> {
    let term = |word: &Place| Term::from_field_text(fields.text, &word.with_sigil);
    let terms = words.iter().enumerate().map(|(i, word)| (2 * i, term(word)));
    Box::new(PhraseQuery::new_with_offset(terms.collect()))
}
