//! The counts of a segment's documents.

use super::later::Later;
use crate::Error;
use crate::document::written;
use crate::embedded::kept::{Kept, KeptKey};
use crate::embedded::snapshot::{Part, Snapshot};
use post::PostKey;
use std::sync::Arc;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// A look-up takes as long as reading so many terms in order.
const LOOK_UP: usize = 16;

/// What is known of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Value {
    engagement: u64,
    generation: u64,
}

/// The documents of a segment whose counts came later, ascending. Deleted ones may be among them.
#[derive(Debug, Default)]
pub(in crate::embedded) struct SegmentCounts {
    /// That of the [`Later`] it was made from.
    pub(in crate::embedded) version: u64,
    docs: Vec<DocId>,
    values: Vec<Value>,
}

impl SegmentCounts {
    pub(in crate::embedded) fn is_empty(&self) -> bool {
        self.docs.is_empty()
    }

    /// The documents.
    pub(in crate::embedded) fn docs(&self) -> &[DocId] {
        &self.docs
    }

    /// The engagement of each document.
    pub(in crate::embedded) fn engagements(&self) -> impl Iterator<Item = (DocId, u64)> {
        self.docs
            .iter()
            .zip(&self.values)
            .map(|(doc, v)| (*doc, v.engagement))
    }

    /// When each document was written last: counting its engagement, it was written again then.
    pub(in crate::embedded) fn writings(&self) -> impl Iterator<Item = (DocId, u64)> {
        let last = |v: &Value| written(v.generation, true);
        self.docs
            .iter()
            .zip(&self.values)
            .map(move |(doc, v)| (*doc, last(v)))
    }

    /// The engagement of a document, where it came later.
    pub(in crate::embedded) fn engagement(&self, doc: DocId) -> Option<u64> {
        self.value(doc).map(|v| v.engagement)
    }

    /// When a document was written last, where that was for its engagement.
    pub(in crate::embedded) fn written(&self, doc: DocId) -> Option<u64> {
        self.value(doc).map(|v| written(v.generation, true))
    }

    fn value(&self, doc: DocId) -> Option<&Value> {
        self.docs.binary_search(&doc).ok().map(|at| &self.values[at])
    }

    /// Calls `each` with those of the documents, given in order, whose engagement came later, by their places.
    pub(in crate::embedded) fn among(&self, docs: &[DocId], mut each: impl FnMut(usize, u64)) {
        let (Some(first), Some(last)) = (docs.first(), docs.last()) else {
            return;
        };
        let mut at = self.docs.partition_point(|doc| doc < first);
        let mut place = 0;
        while let Some(doc) = self.docs.get(at).filter(|doc| *doc <= last) {
            while docs[place] < *doc {
                place += 1;
            }
            if docs[place] == *doc {
                each(place, self.values[at].engagement);
            }
            at += 1;
        }
    }

    /// The documents whose engagement differs from that of another time; what has none here or there differs too.
    pub(in crate::embedded) fn differing(&self, other: &Self) -> Vec<DocId> {
        let mut out = Vec::new();
        let (mut i, mut k) = (0, 0);
        while i < self.docs.len() || k < other.docs.len() {
            let (a, b) = (self.docs.get(i), other.docs.get(k));
            let doc = a.into_iter().chain(b).min().copied().unwrap_or_default();
            let (here, there) = (a == Some(&doc), b == Some(&doc));
            if !(here && there && self.values[i].engagement == other.values[k].engagement) {
                out.push(doc);
            }
            i += usize::from(here);
            k += usize::from(there);
        }
        out
    }

    /// About how much memory it takes.
    pub(in crate::embedded) fn bytes(&self) -> usize {
        self.docs.len() * (size_of::<DocId>() + size_of::<Value>())
    }

    /// The same after other documents were looked up: `None` where one has no counts of its own any more.
    fn with(&self, version: u64, mut changed: Vec<(DocId, Option<Value>)>) -> Self {
        changed.sort_unstable_by_key(|(doc, _)| *doc);
        let mut next = Self {
            version,
            docs: Vec::with_capacity(self.docs.len() + changed.len()),
            values: Vec::with_capacity(self.docs.len() + changed.len()),
        };
        let mut at = 0;
        for (doc, value) in changed {
            let from = at;
            at += self.docs[from..].partition_point(|d| *d < doc);
            next.docs.extend(&self.docs[from..at]);
            next.values.extend(&self.values[from..at]);
            at += usize::from(self.docs.get(at) == Some(&doc));
            if let Some(value) = value {
                next.docs.push(doc);
                next.values.push(value);
            }
        }
        next.docs.extend(&self.docs[at..]);
        next.values.extend(&self.values[at..]);
        next
    }
}

impl Snapshot {
    /// The counts that came later of a segment's documents; `None` where the partition has none.
    pub(in crate::embedded) fn segment_counts(
        &self,
        segment: &SegmentReader,
        part: &Part,
    ) -> Result<Option<Arc<SegmentCounts>>, Error> {
        let later = &part.counts;
        if later.is_empty() {
            return Ok(None);
        }
        let key = KeptKey::Counts(segment.segment_id());
        let known = self.kept().find(&key, Kept::segment_counts);
        if let Some(same) = known.as_ref().filter(|known| known.version == later.version()) {
            return Ok(Some(same.clone()));
        }
        let changed = known
            .as_ref()
            .and_then(|known| later.changed_since(known.version));
        let found = match (&known, changed) {
            (Some(known), Some(posts)) => {
                look_up(self, segment, later, &posts).map(|c| known.with(later.version(), c))
            }
            _ => all(self, segment, later),
        };
        let found = Arc::new(found.map_err(Error::index(&part.path))?);
        if known.is_none_or(|known| known.version < found.version) {
            self.kept().keep(key, Kept::SegmentCounts(found.clone()));
        }
        Ok(Some(found))
    }
}

fn look_up(
    snapshot: &Snapshot,
    segment: &SegmentReader,
    later: &Later,
    posts: &[PostKey],
) -> tantivy::Result<Vec<(DocId, Option<Value>)>> {
    let index = segment.inverted_index(snapshot.fields().post)?;
    let mut found = Vec::new();
    for post in posts {
        let term: Term = snapshot.fields().of_post(*post);
        let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else {
            continue;
        };
        let value = value_of(later, *post);
        while postings.doc() != TERMINATED {
            found.push((postings.doc(), value));
            postings.advance();
        }
    }
    Ok(found)
}

fn value_of(later: &Later, post: PostKey) -> Option<Value> {
    later.of(post).map(|late| Value {
        engagement: late.engagement(),
        generation: late.generation,
    })
}

/// Looks all of them up, or where they are many, reads the segment's posts in order beside them.
fn all(snapshot: &Snapshot, segment: &SegmentReader, later: &Later) -> tantivy::Result<SegmentCounts> {
    let none = SegmentCounts::default();
    if later.len() * LOOK_UP < segment.max_doc() as usize {
        let posts: Vec<PostKey> = later.living().map(|(post, _)| post).collect();
        let found = look_up(snapshot, segment, later, &posts)?;
        return Ok(none.with(later.version(), found));
    }
    let index = segment.inverted_index(snapshot.fields().post)?;
    let mut terms = index.terms().stream()?;
    let mut living = later.living().peekable();
    let mut found = Vec::new();
    while terms.advance() {
        let Ok(key) = terms.key().try_into().map(PostKey) else {
            continue;
        };
        while living.next_if(|(post, _)| *post < key).is_some() {}
        let Some((_, late)) = living.next_if(|(post, _)| *post == key) else {
            continue;
        };
        let value = Value {
            engagement: late.engagement(),
            generation: late.generation,
        };
        let mut postings = index.read_postings_from_terminfo(terms.value(), IndexRecordOption::Basic)?;
        while postings.doc() != TERMINATED {
            found.push((postings.doc(), Some(value)));
            postings.advance();
        }
    }
    Ok(none.with(later.version(), found))
}
