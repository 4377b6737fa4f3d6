//! How well the documents of a segment answer a search, by its postings.

use super::columns::Columns;
use crate::embedded::schema::{Fields, column};
use crate::embedded::select::Hits;
use crate::embedded::snapshot::Snapshot;
use crate::embedded::superset as render;
use crate::filter::Unit;
use crate::relevance::{Word, no_search, rank};
use crate::superset::{self, Candidates, Column, Plan};
use crate::{Error, Filter};
use tantivy::columnar::StrColumn;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Scorer};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TantivyError, Term};

impl Snapshot {
    /// The words of a filter's search, weighed by how many of what passes the rest of the filter have them.
    pub(super) fn search_words(&self, filter: &Filter) -> Result<Vec<Word>, Error> {
        let search = filter.q.as_ref().ok_or_else(no_search)?;
        let rest = Filter {
            q: None,
            ..filter.clone()
        };
        let count = |plan: Option<Plan>| {
            let selected = self.select_by(&rest, Unit::Posts, plan)?;
            selected.iter().map(Hits::count).sum::<Result<u64, Error>>()
        };
        let all = count(None)?;
        superset::words(search)
            .into_iter()
            .map(|lookup| {
                let have = count(Some(Plan::exactly(lookup.clone())))?;
                Ok(Word::new(lookup, all, have))
            })
            .collect()
    }
}

/// Ranks documents in their order.
pub(super) struct Relevance<'w> {
    words: Vec<(&'w Word, Reading)>,
    /// The significant words of each document.
    lengths: Option<StrColumn>,
}

/// Where documents with a word are read.
enum Reading {
    /// With how often they have it.
    Postings(Box<SegmentPostings>),
    /// Of words that begin so: that they have one.
    Scorer(Box<dyn Scorer>),
}

impl<'w> Relevance<'w> {
    pub(super) fn new(hits: &Hits<'_>, words: &'w [Word], fields: &Fields) -> Result<Self, Error> {
        let mut readings = Vec::new();
        for word in words {
            let reading = reading(hits, word, fields).map_err(Error::index(&hits.part.path))?;
            readings.extend(reading.map(|reading| (word, reading)));
        }
        Ok(Self {
            words: readings,
            lengths: Columns(hits).strings(column::WORD)?,
        })
    }

    pub(super) fn rank(&mut self, doc: DocId) -> i64 {
        let length = self
            .lengths
            .as_ref()
            .map_or(0, |lengths| lengths.ords().values_for_doc(doc).count());
        rank(
            self.words
                .iter_mut()
                .map(|(word, reading)| (word.weight, reading.times(doc))),
            length,
        )
    }
}

/// `None` where no document of the segment has the word.
fn reading(hits: &Hits<'_>, word: &Word, fields: &Fields) -> Result<Option<Reading>, TantivyError> {
    match &word.lookup {
        Candidates::Term(Column::Text, text) => {
            let index = hits.segment.inverted_index(fields.text)?;
            let term = Term::from_field_text(fields.text, text);
            let postings = index.read_postings(&term, IndexRecordOption::WithFreqs)?;
            Ok(postings.map(|p| Reading::Postings(Box::new(p))))
        }
        lookup => {
            let scoring = EnableScoring::disabled_from_searcher(&hits.part.searcher);
            let weight = render::query(lookup, fields).weight(scoring)?;
            Ok(Some(Reading::Scorer(weight.scorer(hits.segment, 1.0)?)))
        }
    }
}

impl Reading {
    fn times(&mut self, doc: DocId) -> u32 {
        match self {
            Self::Postings(postings) => match at(postings, doc) {
                true => postings.term_freq(),
                false => 0,
            },
            Self::Scorer(scorer) => u32::from(at(scorer, doc)),
        }
    }
}

/// Whether a set that was read up to here has a document.
fn at(docs: &mut impl DocSet, doc: DocId) -> bool {
    if docs.doc() < doc {
        docs.seek(doc);
    }
    docs.doc() == doc
}
