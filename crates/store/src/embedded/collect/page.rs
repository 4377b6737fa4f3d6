//! Pages of mentions, newest first.

use super::columns::{Columns, first};
use crate::embedded::schema::column;
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::filter::Unit;
use crate::{Cursor, Error, Filter, Page};
use post::Millis;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tantivy::DocAddress;

impl Snapshot {
    /// At most `limit` mentions that come after `after`, newest first.
    pub fn mentions(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page, Error> {
        self.surviving(|| self.page(filter, after, limit))
    }

    fn page(&self, filter: &Filter, after: Option<Cursor>, limit: usize) -> Result<Page, Error> {
        let selected = self.select(filter, Unit::Posts)?;
        let total = selected.iter().map(Hits::count).sum::<Result<u64, Error>>()?;
        let mut newest = Newest {
            after,
            room: limit.saturating_add(1),
            heap: BinaryHeap::new(),
        };
        let mut order = Vec::with_capacity(selected.len());
        for (at, hits) in selected.iter().enumerate() {
            order.push((Reverse(hits.extent()?.1), hits.extent()?.0, at));
        }
        order.sort_unstable();
        for (Reverse(last), first, at) in order {
            if !newest.is_closed_to(first, last) {
                newest.segment(at, &selected[at])?;
            }
        }
        let mut places = newest.heap.into_vec();
        places.sort_unstable();
        let more = places.len() > limit;
        places.truncate(limit);
        let next = places.last().filter(|_| more).map(|Reverse(last)| last.place);
        let load =
            |Reverse(found): &Reverse<Place>| selected[found.segment].part.mention(found.doc, self.fields());
        let items = places.iter().map(load).collect::<Result<_, Error>>()?;
        Ok(Page { items, next, total })
    }
}

/// A document in the order of pages.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    place: Cursor,
    segment: usize,
    doc: DocAddress,
}

/// The newest documents so far, the oldest of them on top.
struct Newest {
    after: Option<Cursor>,
    room: usize,
    heap: BinaryHeap<Reverse<Place>>,
}

impl Newest {
    fn oldest(&self) -> Option<Cursor> {
        self.heap
            .peek()
            .filter(|_| self.heap.len() >= self.room)
            .map(|Reverse(p)| p.place)
    }

    /// Whether nothing of a segment with posts of this time can come in any more.
    fn is_closed_to(&self, first: Millis, last: Millis) -> bool {
        self.oldest().is_some_and(|oldest| last < oldest.created_at)
            || self.after.is_some_and(|after| after.created_at < first)
    }

    fn segment(&mut self, at: usize, hits: &Hits<'_>) -> Result<(), Error> {
        let columns = Columns(hits);
        let (Some(created), ids) = (columns.created()?, columns.numbers(column::ID)?) else {
            return Ok(());
        };
        hits.each(|doc| {
            let Some(created_at) = created.first(doc) else {
                return;
            };
            let oldest = self.oldest();
            if oldest.is_some_and(|o| created_at < o.created_at)
                || self.after.is_some_and(|a| created_at > a.created_at)
            {
                return;
            }
            let place = Cursor {
                created_at,
                id: first(&ids, doc).unwrap_or(0),
            };
            if oldest.is_some_and(|o| place <= o) || self.after.is_some_and(|a| place >= a) {
                return;
            }
            if oldest.is_some() {
                self.heap.pop();
            }
            self.heap.push(Reverse(Place {
                place,
                segment: at,
                doc: DocAddress::new(hits.ord, doc),
            }));
        })
    }
}
