//! A query for documents given by their numbers, segment by segment.

use foldhash::HashMap;
use std::sync::Arc;
use tantivy::index::SegmentId;
use tantivy::query::{
    BitSetDocSet, ConstScorer, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight,
};
use tantivy::{BitSet, DocId, Score, SegmentReader, TantivyError};

/// Finds the documents of each list.
#[derive(Debug, Clone, Default)]
pub(in crate::embedded) struct Listed(Arc<HashMap<SegmentId, Vec<DocId>>>);

impl FromIterator<(SegmentId, Vec<DocId>)> for Listed {
    fn from_iter<I: IntoIterator<Item = (SegmentId, Vec<DocId>)>>(lists: I) -> Self {
        Self(Arc::new(lists.into_iter().collect()))
    }
}

impl Query for Listed {
    fn weight(&self, _: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.clone()))
    }
}

impl Weight for Listed {
    fn scorer(&self, segment: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(list) = self.0.get(&segment.segment_id()).filter(|list| !list.is_empty()) else {
            return Ok(Box::new(EmptyScorer));
        };
        let mut docs = BitSet::with_max_value(segment.max_doc());
        list.iter().for_each(|doc| {
            docs.insert(*doc);
        });
        Ok(Box::new(ConstScorer::new(BitSetDocSet::from(docs), boost)))
    }

    fn explain(&self, segment: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let list = self.0.get(&segment.segment_id());
        match list.is_some_and(|list| list.contains(&doc)) {
            true => Ok(Explanation::new("listed", 1.0)),
            false => Err(TantivyError::InvalidArgument(format!(
                "document {doc} is not listed"
            ))),
        }
    }
}
