//! Deleting all that an author wrote.

use super::partition::Partition;
use super::store::Store;
use crate::{Error, Mention};
use foldhash::HashSet;
use post::{AuthorKey, PostKey};
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, TantivyDocument, Term};

impl Store {
    pub(super) fn delete_author(&mut self, author: AuthorKey) -> Result<(), Error> {
        let term = self.fields.of_author(author);
        let is_theirs = |m: &Mention| m.post.author.as_ref().is_some_and(|a| a.key == author);
        let is_pending = self.pending.values().flatten().any(is_theirs);
        // Most accounts that a platform says are gone have written nothing that is here.
        if !is_pending && self.spans_with(&term)?.is_empty() {
            return Ok(());
        }
        // Flushed before and after, so that the index alone tells what is there: a busy author's posts are many, and none
        // is looked at.
        self.flush()?;
        for span in self.spans_with(&term)? {
            if let Some(partition) = self.partitions.get_mut(&span) {
                let counted = counted(partition, &term)?;
                counted.into_iter().for_each(|post| partition.counts.remove(post));
            }
            self.writable(span)?.delete(term.clone());
            self.replaced = true;
        }
        self.flush()
    }
}

/// The author's posts with counts that came later.
fn counted(partition: &Partition, author: &Term) -> Result<Vec<PostKey>, Error> {
    let counts = partition.counts.committed();
    if counts.is_empty() {
        return Ok(Vec::new());
    }
    let (searcher, failed) = (partition.searcher(), Error::index(partition.path()));
    let with = |term: &Term| -> tantivy::Result<HashSet<DocAddress>> {
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        Ok(searcher.search(&query, &DocSetCollector)?.into_iter().collect())
    };
    let theirs = with(author).map_err(&failed)?;
    let mut posts = Vec::new();
    if theirs.len() < counts.len() {
        for doc in theirs {
            let document: TantivyDocument = searcher.doc(doc).map_err(&failed)?;
            posts.push(partition.fields().mention(&document, partition.path())?.post.key);
        }
        return Ok(posts);
    }
    for (post, _) in counts.living() {
        let of_post = with(&partition.fields().of_post(post)).map_err(&failed)?;
        if of_post.iter().any(|doc| theirs.contains(doc)) {
            posts.push(post);
        }
    }
    Ok(posts)
}
