//! A monitor set, compiled: what a batch of posts is matched against.

use journal::{MonitorDef, MonitorSet};
use post::Pseudonyms;
use query::ast::{FieldName, Node};
use query::{Document, Query};
use std::collections::HashMap;
use std::ops::Range;

/// One version of the monitor set. Immutable; published as a whole.
pub struct Snapshot {
    /// The definitions it was made from.
    pub set: MonitorSet,
    /// Active monitors, in the order of the matcher's numbers.
    pub active: Vec<Active>,
    /// The compiled matcher.
    pub matcher: query::MonitorSet,
    /// Whether a query asks for the language, so that it must be known before matching.
    pub needs_language: bool,
    by_id: HashMap<String, usize>,
    pseudonyms: Pseudonyms,
}

/// An active monitor of a snapshot.
pub struct Active {
    /// Its definition.
    pub def: MonitorDef,
    /// Its parsed query.
    pub query: Query,
}

impl Snapshot {
    /// Compiles a set. A query that does not parse is left out and named in the log: the API lets none in.
    pub fn compile(set: MonitorSet, pseudonyms: &Pseudonyms) -> Self {
        let mut active = Vec::new();
        for def in set.monitors.iter().filter(|m| m.active) {
            match query::parse(&def.query) {
                Ok(query) => active.push(Active {
                    def: def.clone(),
                    query,
                }),
                Err(problems) => {
                    let why = problems.first().map_or_else(String::new, |p| p.message.clone());
                    tracing::error!(monitor = %def.id, %why, "a monitor's query does not parse; it is not matched");
                }
            }
        }
        let token = |handle: &str| pseudonyms.handle(handle);
        let queries = active
            .iter()
            .enumerate()
            .map(|(i, a): (usize, &Active)| (i as u32, &a.query));
        let matcher = query::MonitorSet::new(set.version, queries, Some(&token));
        let needs_language = active.iter().any(|a| tests_language(a.query.ast()));
        let by_id = active
            .iter()
            .enumerate()
            .map(|(i, a)| (a.def.id.clone(), i))
            .collect();
        Self {
            set,
            active,
            matcher,
            needs_language,
            by_id,
            pseudonyms: pseudonyms.clone(),
        }
    }

    /// The places of a post's text that a query matches, in bytes.
    pub fn highlights(&self, query: &Query, document: &Document<'_>) -> Vec<Range<usize>> {
        let token = |handle: &str| self.pseudonyms.handle(handle);
        query::highlights(query, document, Some(&token))
    }

    /// The active monitor of this id.
    pub fn monitor(&self, id: &str) -> Option<&Active> {
        self.by_id.get(id).map(|&i| &self.active[i])
    }
}

/// Whether a query asks for the language.
pub(crate) fn tests_language(node: &Node) -> bool {
    match node {
        Node::Field { name, .. } => *name == FieldName::Lang,
        Node::And(children) | Node::Or(children) => children.iter().any(tests_language),
        Node::Not(child) | Node::List { node: child, .. } => tests_language(child),
        _ => false,
    }
}
