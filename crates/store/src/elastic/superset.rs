//! Candidates of a search in the cluster's query language.

use super::mapping::{bare, field};
use crate::superset::{Candidates, Column, Place};
use serde_json::{Value, json};

/// The query of candidates.
pub(super) fn query(candidates: &Candidates) -> Value {
    let each = |list: &[Candidates]| list.iter().map(query).collect::<Vec<_>>();
    match candidates {
        Candidates::Term(column, value) => json!({"term": {name(*column): value}}),
        Candidates::Prefix(column, prefix) => json!({"prefix": {name(*column): prefix}}),
        Candidates::Pattern(pattern) => {
            let pattern = pattern.replace('\\', "\\\\");
            json!({"wildcard": {field::TOKEN: {"value": pattern}}})
        }
        Candidates::InOrder(words) => in_order(words),
        Candidates::All(list) => json!({"bool": {"filter": each(list)}}),
        Candidates::Any(list) if list.is_empty() => json!({"match_none": {}}),
        Candidates::Any(list) => json!({"bool": {"should": each(list), "minimum_should_match": 1}}),
        Candidates::Not(inner) => json!({"bool": {"must_not": [query(inner)]}}),
    }
}

fn name(column: Column) -> &'static str {
    match column {
        Column::Text => field::TOKEN,
        Column::Kind => field::KIND,
        Column::Source => field::SOURCE,
        Column::Lang => field::LANG,
    }
}

/// The text is indexed as plain words: a phrase is looked up as its own plain words, which finds more than it means.
fn in_order(words: &[Place]) -> Value {
    let plain: Vec<String> = words.iter().map(|w| bare(&w.key)).collect();
    json!({"match_phrase": {field::TEXT: plain.join(" ")}})
}
