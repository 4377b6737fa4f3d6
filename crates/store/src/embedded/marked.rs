//! The marks of a segment: which of its documents have one.

use super::kept::{Kept, KeptKey};
use super::schema::Fields;
use super::snapshot::{Part, Snapshot};
use crate::marks::{Mark, Stamp};
use crate::{Choice, Error, Label};
use post::Millis;
use std::sync::Arc;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

/// Documents with their marks, ascending.
#[derive(Debug, Default)]
pub(super) struct SegmentMarks {
    docs: Vec<(DocId, Arc<Mark>)>,
    /// Changes with any of them.
    pub(super) stamp: Stamp,
}

impl SegmentMarks {
    /// The mark of a document.
    pub(super) fn of(&self, doc: DocId) -> Option<&Mark> {
        let at = self.docs.binary_search_by_key(&doc, |(doc, _)| *doc).ok()?;
        Some(&self.docs[at].1)
    }

    /// The sentiment of a document as corrected.
    pub(super) fn label(&self, doc: DocId) -> Option<Label> {
        self.of(doc).and_then(|mark| mark.sentiment)
    }

    /// Every marked document.
    pub(super) fn each(&self) -> impl Iterator<Item = (DocId, &Mark)> {
        self.docs.iter().map(|(doc, mark)| (*doc, mark.as_ref()))
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        self.docs.len() * size_of::<(DocId, Arc<Mark>)>()
    }
}

/// Whether a mark passes every choice of words.
pub(super) fn passes(choices: &[Choice<String>], mark: Option<&Mark>) -> bool {
    let words = mark.map(Mark::words).unwrap_or_default();
    let has = |list: &[String]| words.iter().any(|word| list.contains(word));
    choices
        .iter()
        .all(|choice| (choice.include.is_empty() || has(&choice.include)) && !has(&choice.exclude))
}

impl Snapshot {
    /// The marks of a segment with posts of this time; `None` where it can have none.
    pub(super) fn segment_marks(
        &self,
        segment: &SegmentReader,
        part: &Part,
        extent: (Millis, Millis),
    ) -> Result<Option<Arc<SegmentMarks>>, Error> {
        let Some(stamp) = self.marks().stamp(extent) else {
            return Ok(None);
        };
        // Deleted documents may be among them: nobody asks for those.
        let key = KeptKey::at(segment, None, &format!("marks {stamp:?}"));
        let marks = self.kept().get_or(key, Kept::marks, || {
            let docs = self.marked_docs(segment, self.fields(), extent);
            let docs = docs.map_err(Error::index(&part.path))?;
            Ok(Kept::Marks(Arc::new(SegmentMarks { docs, stamp })))
        })?;
        Ok(Some(marks))
    }

    fn marked_docs(
        &self,
        segment: &SegmentReader,
        fields: &Fields,
        extent: (Millis, Millis),
    ) -> tantivy::Result<Vec<(DocId, Arc<Mark>)>> {
        let index = segment.inverted_index(fields.id)?;
        let mut docs = Vec::new();
        for (id, mark) in self.marks().within(extent) {
            let term = Term::from_field_u64(fields.id, id);
            if let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? {
                while postings.doc() != TERMINATED {
                    docs.push((postings.doc(), mark.clone()));
                    postings.advance();
                }
            }
        }
        docs.sort_unstable_by_key(|(doc, _)| *doc);
        Ok(docs)
    }
}
