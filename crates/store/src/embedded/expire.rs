//! What is past its time: text first, then what leads to a person, then the mention itself.
//!
//! A mention's stage follows from its content. Each document carries a mark of its stage and the hour in which its post
//! was received, so that a pass finds what is due without reading anything else.

use super::partition::Partition;
use super::schema::Fields;
use super::store::Store;
use crate::expiry::{Due, Expired, HOUR, Stage, expired};
use crate::period::Span;
use crate::{Error, Mention};
use foldhash::{HashSet, HashSetExt};
use post::{Millis, PostKey};
use std::fs;
use std::ops::Bound;
use tantivy::collector::{Count, DocSetCollector};
use tantivy::query::{BooleanQuery, InvertedIndexRangeQuery, Occur, Query, RangeQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyDocument, Term};

impl Store {
    /// Takes away what is past its time; the next commit makes it durable and visible. A partition of which everything
    /// goes is removed at once.
    pub fn expire(&mut self, due: &[Due]) -> Result<Expired, Error> {
        self.guarded(|store| {
            store.flush()?;
            let mut out = Expired::default();
            let spans: Vec<Span> = store.partitions.keys().copied().collect();
            for span in spans {
                if !store.drop_whole(span, due, &mut out)? {
                    store.expire_in(span, due, &mut out)?;
                }
            }
            Ok(out)
        })
    }

    /// Removes the partition's folder where every mention in it goes.
    fn drop_whole(&mut self, span: Span, due: &[Due], out: &mut Expired) -> Result<bool, Error> {
        let Some(partition) = self.partitions.get(&span) else {
            return Ok(false);
        };
        let (searcher, failed) = (partition.searcher(), Error::index(partition.path()));
        let mut going = 0;
        for due in due {
            // Of the hour of the limit itself some may have come after it.
            let Some(hour) = due.aggregates.map(|limit| limit.div_euclid(HOUR) - 1) else {
                continue;
            };
            let marks = Vec::from(Stage::ALL.map(|stage| marked(&self.fields, stage, hour)));
            let query = with(&self.fields, due, Box::new(BooleanQuery::union(marks)));
            going += searcher.search(&query, &Count).map_err(&failed)? as u64;
        }
        if going == 0 || going < searcher.num_docs() {
            return Ok(false);
        }
        out.posts.extend(partition.posts()?);
        self.join_rolling();
        out.mentions += going;
        out.folders += 1;
        if self.register.forget(span) {
            self.register.save(&self.dir)?;
        }
        if let Some(partition) = self.partitions.remove(&span) {
            remove(partition)?;
        }
        (self.changed, self.replaced) = (true, true);
        Ok(true)
    }

    fn expire_in(&mut self, span: Span, due: &[Due], out: &mut Expired) -> Result<(), Error> {
        let mut done: HashSet<PostKey> = HashSet::new();
        for one in due {
            for post in self.posts_due(span, one)? {
                if done.insert(post) {
                    self.expire_post(post, due, out)?;
                }
            }
        }
        Ok(())
    }

    /// Posts of the partition with a mention past a limit.
    fn posts_due(&self, span: Span, due: &Due) -> Result<Vec<PostKey>, Error> {
        let (Some(partition), Some(latest)) = (self.partitions.get(&span), due.of(Stage::Text)) else {
            return Ok(Vec::new());
        };
        let (searcher, failed) = (partition.searcher(), Error::index(partition.path()));
        let mut ways: Vec<Box<dyn Query>> = Stage::ALL
            .into_iter()
            .filter_map(|stage| {
                due.of(stage)
                    .map(|limit| marked(&self.fields, stage, limit.div_euclid(HOUR)))
            })
            .collect();
        ways.push(unmarked(&self.fields, latest));
        let query = with(&self.fields, due, Box::new(BooleanQuery::union(ways)));
        let mut docs: Vec<_> = searcher
            .search(&query, &DocSetCollector)
            .map_err(&failed)?
            .into_iter()
            .collect();
        docs.sort_unstable();
        let mut posts = Vec::new();
        for doc in docs {
            let document: TantivyDocument = searcher.doc(doc).map_err(&failed)?;
            let mention = self.fields.mention(&document, partition.path())?;
            if due.apply(mention.clone()).is_none_or(|left| left != mention) {
                posts.push(mention.post.key);
            }
        }
        Ok(posts)
    }

    fn expire_post(&mut self, post: PostKey, due: &[Due], out: &mut Expired) -> Result<(), Error> {
        let left = expired(post, self.mentions_of(post)?, due, out);
        // As they are left: counts that went do not come back.
        self.make_room()?;
        self.replace(post, left)
    }
}

/// The mark of a mention: its stage and the hour its post was received in. It sorts by the hour within a stage.
pub(super) fn mark(mention: &Mention) -> String {
    marked_text(Stage::of(&mention.post), mention.post.seen_at.div_euclid(HOUR))
}

/// A project's id never begins with a control character, so that the mark can stand among the projects.
fn marked_text(stage: Stage, hour: i64) -> String {
    format!("\u{1}{}{:010}", stage.letter(), hour.max(0))
}

/// What was received in this hour or earlier, at this stage.
fn marked(fields: &Fields, stage: Stage, hour: i64) -> Box<dyn Query> {
    let bound = |hour| Bound::Included(Term::from_field_text(fields.project, &marked_text(stage, hour)));
    Box::new(InvertedIndexRangeQuery::new(bound(0), bound(hour)))
}

/// What was written before there were marks, and published before `latest`.
fn unmarked(fields: &Fields, latest: Millis) -> Box<dyn Query> {
    let before = Bound::Excluded(Term::from_field_i64(fields.created, latest));
    let mut parts: Vec<(Occur, Box<dyn Query>)> =
        vec![(Occur::Must, Box::new(RangeQuery::new(Bound::Unbounded, before)))];
    for stage in Stage::ALL {
        parts.push((Occur::MustNot, marked(fields, stage, i64::MAX / HOUR)));
    }
    Box::new(BooleanQuery::new(parts))
}

fn with(fields: &Fields, due: &Due, query: Box<dyn Query>) -> BooleanQuery {
    let term = |term| -> Box<dyn Query> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
    BooleanQuery::new(vec![
        (
            Occur::Must,
            term(Term::from_field_text(fields.source, &due.platform)),
        ),
        (
            Occur::Must,
            term(Term::from_field_text(fields.project, &due.project)),
        ),
        (Occur::Must, query),
    ])
}

/// Removes the folder. Its description goes first: what is left of a folder without one is swept at the next start.
fn remove(mut partition: Partition) -> Result<(), Error> {
    partition.close()?;
    partition.join_closing()?;
    let path = partition.path().to_owned();
    drop(partition);
    let meta = path.join("meta.json");
    fs::remove_file(&meta).map_err(Error::io("remove", &meta))?;
    fs::remove_dir_all(&path).map_err(Error::io("remove", &path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::embedded::tokenizer::{self, SocialTokenizer};
    use tantivy::Index;

    #[test]
    fn what_has_no_mark_is_found_by_its_time() {
        let fields = Fields::new();
        let index = Index::create_in_ram(fields.schema.clone());
        index
            .tokenizers()
            .register(tokenizer::NAME, SocialTokenizer::default());
        let mut writer = index.writer_with_num_threads(1, 15_000_000).unwrap();
        for (created, mark) in [(5, None), (15, None), (5, Some(marked_text(Stage::Features, 7)))] {
            let mut d = TantivyDocument::default();
            d.add_i64(fields.created, created);
            d.add_text(fields.project, "p");
            mark.into_iter().for_each(|mark| d.add_text(fields.project, mark));
            writer.add_document(d).unwrap();
        }
        writer.commit().unwrap();
        let searcher = index.reader().unwrap().searcher();
        assert_eq!(searcher.search(&*unmarked(&fields, 10), &Count).unwrap(), 1);
        let marked = |hour| {
            searcher
                .search(&*marked(&fields, Stage::Features, hour), &Count)
                .unwrap()
        };
        assert_eq!((marked(6), marked(7)), (0, 1));
    }
}
