//! One generation of the store: what all questions are asked on.

use super::kept::Keep;
use super::partition::Partition;
use super::schema::Fields;
use crate::document::id_hash;
use crate::period::Span;
use crate::{Error, Mention};
use post::MentionId;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, Searcher, TantivyDocument, Term};

/// The mentions as one commit left them. Cheap to clone; all its answers belong together.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
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
    pub(super) span: Span,
    pub(super) path: PathBuf,
    pub(super) searcher: Searcher,
}

impl Part {
    /// The mention of a document.
    pub(super) fn mention(&self, doc: DocAddress, fields: &Fields) -> Result<Mention, Error> {
        let document: TantivyDocument = self.searcher.doc(doc).map_err(Error::index(&self.path))?;
        fields.mention(&document, &self.path)
    }
}

impl Snapshot {
    pub(super) fn new(
        generation: u64,
        fields: &Arc<Fields>,
        kept: &Arc<Keep>,
        partitions: &BTreeMap<Span, Partition>,
    ) -> Self {
        let part = |p: &Partition| Part {
            span: p.span,
            path: p.path().to_owned(),
            searcher: p.searcher(),
        };
        let mut parts: Vec<Part> = partitions.values().map(part).collect();
        parts.sort_by_key(|p| std::cmp::Reverse(p.span.end()));
        Self {
            inner: Arc::new(Inner {
                generation,
                kept: kept.clone(),
                fields: fields.clone(),
                parts,
            }),
        }
    }

    /// The number of its commit.
    pub fn generation(&self) -> u64 {
        self.inner.generation
    }

    /// All mentions of all projects.
    pub fn total(&self) -> u64 {
        self.parts().iter().map(|p| p.searcher.num_docs()).sum()
    }

    /// The mention with this id, if it is there.
    pub fn mention(&self, id: MentionId) -> Result<Option<Mention>, Error> {
        let term = Term::from_field_u64(self.fields().id, id_hash(id));
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

    pub(super) fn parts(&self) -> &[Part] {
        &self.inner.parts
    }

    pub(super) fn kept(&self) -> &Keep {
        &self.inner.kept
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.inner.fields
    }
}
