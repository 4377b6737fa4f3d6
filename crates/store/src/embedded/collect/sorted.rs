//! Pages of mentions in other orders than newest first.

use super::columns::{Columns, Engagement, first};
use super::relevance::Relevance;
use crate::embedded::schema::{Fields, column, thousandths};
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::relevance::Word;
use crate::sort::UNRANKED;
use crate::{Error, Filter, Label, Place, Sort, Sorted};
use post::Millis;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId};

impl Snapshot {
    /// At most `limit` mentions that come after `after` in an order.
    pub fn sorted(
        &self,
        filter: &Filter,
        sort: Sort,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Sorted, Error> {
        self.surviving(|| self.sorted_page(filter, sort, after, limit))
    }

    fn sorted_page(
        &self,
        filter: &Filter,
        sort: Sort,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Sorted, Error> {
        let selected = self.select(filter, Unit::Posts)?;
        let total = selected.iter().map(Hits::count).sum::<Result<u64, Error>>()?;
        let words = match sort {
            Sort::Relevance => self.search_words(filter)?,
            _ => Vec::new(),
        };
        let mut best = Best {
            after,
            room: limit.saturating_add(1),
            heap: BinaryHeap::new(),
        };
        for (at, hits) in selected.iter().enumerate() {
            best.segment(at, hits, Rank::of(sort, hits, (&words, self.fields()))?)?;
        }
        let mut found = best.heap.into_vec();
        found.sort_unstable();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|Reverse(last)| last.place);
        let load =
            |Reverse(found): &Reverse<Found>| selected[found.segment].part.mention(found.doc, self.fields());
        Ok(Sorted {
            items: found.iter().map(load).collect::<Result<_, Error>>()?,
            next,
            total,
        })
    }
}

/// A document with its place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    place: Place,
    segment: usize,
    doc: DocAddress,
}

/// The first documents so far, the last of them on top.
struct Best {
    after: Option<Place>,
    room: usize,
    heap: BinaryHeap<Reverse<Found>>,
}

impl Best {
    fn segment(&mut self, at: usize, hits: &Hits<'_>, mut rank: Rank<'_>) -> Result<(), Error> {
        let columns = Columns(hits);
        let (Some(created), ids) = (columns.created()?, columns.numbers(column::ID)?) else {
            return Ok(());
        };
        hits.each(|doc| {
            let Some(created_at) = created.first(doc) else {
                return;
            };
            let place = Place {
                rank: rank.at(doc, created_at),
                created_at,
                id: first(&ids, doc).unwrap_or(0),
            };
            let is_full = self.heap.len() >= self.room;
            let last = self
                .heap
                .peek()
                .filter(|_| is_full)
                .map(|Reverse(found)| found.place);
            if self.after.is_some_and(|after| place >= after) || last.is_some_and(|last| place <= last) {
                return;
            }
            if is_full {
                self.heap.pop();
            }
            self.heap.push(Reverse(Found {
                place,
                segment: at,
                doc: DocAddress::new(hits.ord, doc),
            }));
        })
    }
}

/// What documents of a segment are ranked by.
enum Rank<'w> {
    Oldest,
    Engagement(Engagement),
    Audience(Option<Column<u64>>),
    Probability(Option<Column<u64>>, Label),
    Relevance(Relevance<'w>),
}

impl<'w> Rank<'w> {
    fn of(sort: Sort, hits: &Hits<'_>, (words, fields): (&'w [Word], &Fields)) -> Result<Self, Error> {
        let columns = Columns(hits);
        Ok(match sort {
            Sort::Oldest => Rank::Oldest,
            Sort::Engagement => Rank::Engagement(columns.engagement()?),
            Sort::Audience => Rank::Audience(columns.numbers(column::FOLLOWERS)?),
            Sort::Negative => Rank::Probability(columns.numbers(column::PROBABILITIES)?, Label::Negative),
            Sort::Positive => Rank::Probability(columns.numbers(column::PROBABILITIES)?, Label::Positive),
            Sort::Relevance => Rank::Relevance(Relevance::new(hits, words, fields)?),
        })
    }

    /// Of documents in their order.
    fn at(&mut self, doc: DocId, created_at: Millis) -> i64 {
        let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        match self {
            Rank::Oldest => created_at.saturating_neg(),
            Rank::Engagement(engagement) => count(engagement.of(doc)),
            Rank::Audience(column) => first(column, doc).map_or(UNRANKED, count),
            Rank::Probability(column, label) => {
                first(column, doc).map_or(UNRANKED, |packed| count(thousandths(packed)[*label as usize]))
            }
            Rank::Relevance(relevance) => relevance.rank(doc),
        }
    }
}
