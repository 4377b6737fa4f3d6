//! From a [`Filter`] to the query of exactly what passes it.

use super::fetch::PAGE;
use super::filter::Clauses;
use super::mapping::document_id;
use super::snapshot::Snapshot;
use super::superset as render;
use crate::filter::Unit;
use crate::{Error, Filter, Search, superset};
use query::{Checker, Document};
use serde_json::{Value, json};

/// Candidates of a search that are read to be verified, at most: some gigabyte.
const MAX_CANDIDATES: usize = 1_000_000;
/// Mentions that a verified search may find: they are named in each request that counts them.
pub(super) const MAX_FOUND: usize = 60_000;

impl Snapshot {
    /// The query of what passes. Where the index form of a search is wider than the search, its candidates are read and
    /// run through the matcher, and the query names those that match.
    pub(super) fn select(&self, filter: &Filter, unit: Unit) -> Result<Value, Error> {
        let mut clauses = Clauses::of(filter, unit, self.overlay())?;
        let Some(search) = &filter.q else {
            return Ok(clauses.into_query());
        };
        let plan = superset::plan(search);
        if let Some(candidates) = &plan.candidates {
            clauses.must(render::query(candidates));
        }
        match plan.exact {
            true => Ok(clauses.into_query()),
            false => self.verified(search, &clauses.into_query()),
        }
    }

    fn verified(&self, search: &Search, candidates: &Value) -> Result<Value, Error> {
        let pseudonyms = search.pseudonyms.as_deref().map(|f| f as &dyn Fn(&str) -> String);
        let mut checker = Checker::new(&search.query, pseudonyms);
        let (mut read, mut found) = (0usize, Vec::new());
        self.cluster().each(candidates, &mut |hit| {
            read += 1;
            let document = Document::from_post(&hit.mention.post, &hit.mention.lang);
            if checker.matches(&document) {
                found.push(document_id(hit.mention.id));
            }
            match read.is_multiple_of(PAGE) && (read > MAX_CANDIDATES || found.len() > MAX_FOUND) {
                true => Err(Error::Question(format!(
                    "the search has more than {} mentions that have to be looked at one by one; take a shorter \
                     time or a more specific query",
                    read.min(MAX_CANDIDATES)
                ))),
                false => Ok(()),
            }
        })?;
        Ok(json!({"ids": {"values": found}}))
    }
}
