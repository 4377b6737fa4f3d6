//! Pages of mentions by how well they answer a search.
//!
//! Clusters score by shards and by lengths of their own, so what a search finds is read and ranked here as the embedded
//! store ranks it.

use super::filter::Clauses;
use super::select::MAX_FOUND;
use super::snapshot::Snapshot;
use super::superset as render;
use crate::filter::Unit;
use crate::relevance::{Word, no_search, rank_of};
use crate::superset::{self, Candidates};
use crate::{Error, Filter, Mention, Place, Sorted, mention_number};
use std::collections::BTreeMap;
use text::Tokens;

impl Snapshot {
    /// At most `limit` mentions that come after `from`, what answers the search best first.
    pub(super) fn by_relevance(
        &self,
        filter: &Filter,
        from: Option<Place>,
        limit: usize,
    ) -> Result<Sorted, Error> {
        let words = self.search_words(filter)?;
        let query = self.select(filter, Unit::Posts)?;
        let total = self.cluster().count(&query)?;
        if total > MAX_FOUND as u64 {
            return Err(Error::TooLarge(format!(
                "{total} mentions are too many to be ranked by relevance, at most {MAX_FOUND} are; take a shorter time or \
                 a more specific query"
            )));
        }
        let mut best: BTreeMap<Place, Mention> = BTreeMap::new();
        let mut tokens = Tokens::default();
        self.cluster().each(&query, &mut |hit| {
            let place = Place {
                rank: rank_of(&hit.mention, &words, &mut tokens),
                created_at: hit.mention.post.created_at,
                id: mention_number(hit.mention.id),
            };
            if from.is_none_or(|from| place < from) {
                best.insert(place, hit.mention);
                // One more than asked for tells whether there is a next page.
                if best.len() > limit.saturating_add(1) {
                    best.pop_first();
                }
            }
            Ok(())
        })?;
        let more = best.len() > limit;
        if more {
            best.pop_first();
        }
        let next = best.first_key_value().filter(|_| more).map(|(place, _)| *place);
        Ok(Sorted {
            items: best.into_values().rev().collect(),
            next,
            total,
        })
    }

    /// The words of a filter's search, weighed by how many of what passes the rest of the filter have them.
    fn search_words(&self, filter: &Filter) -> Result<Vec<Word>, Error> {
        let search = filter.q.as_ref().ok_or_else(no_search)?;
        let count = |lookup: Option<&Candidates>| {
            let mut clauses = Clauses::of(filter, Unit::Posts, self.overlay())?;
            if let Some(lookup) = lookup {
                clauses.must(render::query(lookup));
            }
            self.cluster().count(&clauses.into_query())
        };
        let all = count(None)?;
        superset::words(search)
            .into_iter()
            .map(|lookup| {
                let have = count(Some(&lookup))?;
                Ok(Word::new(lookup, all, have))
            })
            .collect()
    }
}
