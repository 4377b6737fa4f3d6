//! All mentions of one post or one author, whatever their project.

use super::snapshot::Snapshot;
use crate::{Error, Mention};
use post::{AuthorKey, Kind, PostKey};
use std::collections::BTreeSet;
use tantivy::Term;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

impl Snapshot {
    /// The mentions of a post, of all projects.
    pub fn of_post(&self, post: PostKey) -> Result<Vec<Mention>, Error> {
        let mut found = Vec::new();
        self.each_with(&self.fields().of_post(post), &mut |m| found.push(m))?;
        Ok(found)
    }

    /// The mention with this number, see [`crate::mention_number`].
    pub fn numbered(&self, number: u64) -> Result<Option<Mention>, Error> {
        let mut found = None;
        self.each_with(&Term::from_field_u64(self.fields().id, number), &mut |m| {
            found = Some(m);
        })?;
        Ok(found)
    }

    /// Calls `each` for every mention of an author, of all projects.
    pub fn of_author(&self, author: AuthorKey, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        self.each_with(&self.fields().of_author(author), each)
    }

    /// Calls `each` for every mention of a kind, of all projects.
    pub fn of_kind(&self, kind: Kind, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        self.each_with(&Term::from_field_text(self.fields().kind, kind.name()), each)
    }

    /// The platforms of all mentions.
    pub fn platforms(&self) -> Result<BTreeSet<String>, Error> {
        let mut platforms = BTreeSet::new();
        for part in self.parts() {
            let failed = Error::index(&part.path);
            for segment in part.searcher.segment_readers() {
                let inverted = segment.inverted_index(self.fields().source).map_err(&failed)?;
                let mut terms = inverted.terms().stream().map_err(|e| failed(e.into()))?;
                while terms.advance() {
                    platforms.extend(String::from_utf8(terms.key().to_vec()));
                }
            }
        }
        Ok(platforms)
    }

    fn each_with(&self, term: &Term, each: &mut dyn FnMut(Mention)) -> Result<(), Error> {
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        for part in self.parts() {
            let docs = part
                .searcher
                .search(&query, &DocSetCollector)
                .map_err(Error::index(&part.path))?;
            for doc in docs {
                each(part.mention(doc, self.fields())?);
            }
        }
        Ok(())
    }
}
