//! One generation of the store: what all questions are asked on.

use super::counts::Later;
use super::kept::Keep;
use super::partition::Partition;
use super::schema::Fields;
use crate::mention_number;
use crate::period::Span;
use crate::{Error, Marks, Mention};
use post::MentionId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

/// The mentions as one commit left them. Cheap to clone; all its answers belong together.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
    marks: Arc<Marks>,
}

struct Inner {
    generation: u64,
    kept: Arc<Keep>,
    fields: Arc<Fields>,
    /// Those that end last come first.
    parts: Vec<Part>,
}

/// A partition as a snapshot sees it.
pub(super) struct Part {
    pub(super) number: u64,
    pub(super) span: Span,
    pub(super) path: PathBuf,
    pub(super) searcher: Searcher,
    /// Engagement that came later.
    pub(super) counts: Later,
}

impl Part {
    /// The mention of a document.
    pub(super) fn mention(&self, doc: DocAddress, fields: &Fields) -> Result<Mention, Error> {
        let document: TantivyDocument = self.searcher.doc(doc).map_err(Error::index(&self.path))?;
        let mut mention = fields.mention(&document, &self.path)?;
        if let Some(late) = self.counts.of(mention.post.key) {
            mention.post.counts = late.counts;
        }
        Ok(mention)
    }
}

impl Snapshot {
    pub(super) fn new(
        generation: u64,
        fields: &Arc<Fields>,
        kept: &Arc<Keep>,
        marks: Arc<Marks>,
        partitions: &BTreeMap<Span, Partition>,
    ) -> Self {
        let mut parts: Vec<Part> = partitions.values().map(Partition::part).collect();
        parts.sort_by_key(|p| std::cmp::Reverse(p.span.end()));
        Self {
            inner: Arc::new(Inner {
                generation,
                kept: kept.clone(),
                fields: fields.clone(),
                parts,
            }),
            marks,
        }
    }

    /// The number of its commit.
    pub fn generation(&self) -> u64 {
        self.inner.generation
    }

    /// All mentions of all projects.
    pub fn total(&self) -> u64 {
        self.parts().map(|p| p.searcher.num_docs()).sum()
    }

    /// The mention with this id, if it is there.
    pub fn mention(&self, id: MentionId) -> Result<Option<Mention>, Error> {
        self.surviving(|| self.find(id))
    }

    fn find(&self, id: MentionId) -> Result<Option<Mention>, Error> {
        let term = Term::from_field_u64(self.fields().id, mention_number(id));
        let query = TermQuery::new(term, IndexRecordOption::Basic);
        for part in self.parts() {
            let docs = part
                .searcher
                .search(&query, &DocSetCollector)
                .map_err(Error::index(&part.path))?;
            for doc in docs {
                let mention = part.mention(doc, self.fields())?;
                if mention.id == id {
                    return Ok(Some(mention));
                }
            }
        }
        Ok(None)
    }

    /// Of these numbers of mentions those that are no mention's.
    pub fn missing(&self, numbers: &[u64]) -> Result<Vec<u64>, Error> {
        let mut missing = Vec::new();
        for &number in numbers {
            let query = TermQuery::new(
                Term::from_field_u64(self.fields().id, number),
                IndexRecordOption::Basic,
            );
            let mut found = false;
            for part in self.parts() {
                // Counts the living alone.
                let count = part
                    .searcher
                    .search(&query, &Count)
                    .map_err(Error::index(&part.path))?;
                found |= count > 0;
            }
            if !found {
                missing.push(number);
            }
        }
        Ok(missing)
    }

    /// All but those found damaged meanwhile.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        let failed = self.kept().faults.failed();
        self.inner
            .parts
            .iter()
            .filter(move |p| !failed.contains(&p.number))
    }

    /// What people and rules did with mentions.
    pub fn marks(&self) -> &Marks {
        &self.marks
    }

    /// The same documents with other marks.
    pub(super) fn marked(&self, marks: Arc<Marks>) -> Self {
        Self {
            inner: self.inner.clone(),
            marks,
        }
    }

    pub(super) fn marks_shared(&self) -> Arc<Marks> {
        self.marks.clone()
    }

    pub(super) fn kept(&self) -> &Keep {
        &self.inner.kept
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.inner.fields
    }
}
