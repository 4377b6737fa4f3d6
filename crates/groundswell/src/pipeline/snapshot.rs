//! A monitor set, compiled: what a batch of posts is matched against.

use super::costs::{Metered, Tally};
use super::table::{Table, Watched};
use crate::lists::Lists;
use journal::{KeywordList, MonitorSet};
use post::Pseudonyms;
use query::ast::{FieldName, Node};
use query::{Document, LiveSnapshot, Meter, Query, Scratch, Subject, Work};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// One version of the monitor set. Immutable: a change makes another one, which shares with this what it leaves alone.
#[derive(Clone)]
pub struct Snapshot {
    /// The version of the set.
    pub version: u64,
    pub(super) table: Table,
    pub(super) matcher: Arc<LiveSnapshot>,
    /// The keyword lists, by project.
    pub(super) lists: Arc<BTreeMap<String, Lists>>,
    /// The posts behind the monitors' tallies.
    pub(super) metered: Arc<Metered>,
    pub(super) pseudonyms: Pseudonyms,
}

impl Snapshot {
    /// Compiles a set that will not change.
    pub fn compile(set: MonitorSet, pseudonyms: &Pseudonyms) -> Arc<Self> {
        super::Monitors::new(set, pseudonyms).snapshot().clone()
    }

    /// Replaces `hits` by the slots of the monitors that match; [`Snapshot::hit`] says whose they are.
    pub(super) fn matches(
        &self,
        document: &Document<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<u32>,
    ) -> Work {
        self.matcher.matches(document, scratch, hits)
    }

    /// The same, and counts what it costs each monitor and what words the post holds.
    pub(super) fn matches_metered(
        &self,
        document: &Document<'_>,
        scratch: &mut Scratch,
        hits: &mut Vec<u32>,
        meter: &mut Meter,
    ) -> Work {
        let work = self.matcher.matches_metered(document, scratch, hits, meter);
        for (slot, spent) in meter.costs.drain() {
            if let Some(watched) = self.hit(slot) {
                watched.cost.add(spent);
            }
        }
        self.metered.count_words(document, scratch);
        work
    }

    /// What matching a monitor costs since its version came into force; `None` where it is not matched.
    pub fn tally(&self, id: &str) -> Option<Tally> {
        let watched = self.monitor(id).filter(|w| w.query.is_some())?;
        Some(watched.cost.read(self.metered.posts()))
    }

    /// The monitor with this slot.
    pub(super) fn hit(&self, slot: u32) -> Option<&Arc<Watched>> {
        self.table.at(slot)
    }

    /// The places of a post's text that a query matches, in bytes.
    pub fn highlights(&self, query: &Query, document: &Document<'_>) -> Vec<Range<usize>> {
        let token = |handle: &str| self.pseudonyms.handle(handle);
        query::highlights(query, document, Some(&token))
    }

    /// Where a post names what a query is about.
    pub fn subject(&self, query: &Query, document: &Document<'_>) -> Subject {
        let token = |handle: &str| self.pseudonyms.handle(handle);
        query::subject(query, document, Some(&token))
    }

    /// The monitor of this id.
    pub fn monitor(&self, id: &str) -> Option<&Watched> {
        self.table.get(id).map(|w| &**w)
    }

    /// The query of the monitor of this id, where it is matched.
    pub fn query(&self, id: &str) -> Option<&Query> {
        self.monitor(id)?.query.as_ref()
    }

    /// All monitors, matched or not, in no order.
    pub fn monitors(&self) -> impl Iterator<Item = &Watched> {
        self.table.iter().map(|w| &**w)
    }

    /// How many monitors are matched.
    pub fn matched(&self) -> usize {
        self.table.matched
    }

    /// Whether a query asks for the language, so that it must be known before matching.
    pub fn needs_language(&self) -> bool {
        self.table.asking_language > 0
    }

    /// The keyword lists of a project.
    pub fn lists(&self, project: &str) -> Lists {
        self.lists.get(project).cloned().unwrap_or_default()
    }

    /// The keyword lists of a project, as they are journaled.
    pub fn keyword_lists(&self, project: &str) -> Vec<KeywordList> {
        let lists = self.lists.get(project).into_iter().flatten();
        lists
            .map(|(name, terms)| KeywordList {
                project: project.to_owned(),
                name: name.clone(),
                terms: terms.clone(),
            })
            .collect()
    }

    /// The set it was made from.
    pub fn set(&self) -> MonitorSet {
        MonitorSet {
            version: self.version,
            monitors: self.monitors().map(|w| w.def.clone()).collect(),
            lists: self.lists.keys().flat_map(|p| self.keyword_lists(p)).collect(),
        }
    }
}

/// Whether a query asks for the language.
pub(crate) fn tests_language(node: &Node) -> bool {
    match node {
        Node::Field { name, .. } => *name == FieldName::Lang,
        Node::And(children) | Node::Or(children) => children.iter().any(tests_language),
        // Fields stand neither in parts of posts nor in lists.
        Node::Not(child) => tests_language(child),
        _ => false,
    }
}
