//! One time partition: a Tantivy index, its lazily opened writer, and which posts it may hold.

use super::counts::Counts;
use super::faults::next_number;
use super::keys::Keys;
use super::reindex;
use super::schema::Fields;
use super::tokenizer::{self, SocialTokenizer};
use crate::format::{LAYOUT, Stamp};
use crate::mention_number;
use crate::period::Span;
use crate::{Error, Mention};
use foldhash::{HashSet, HashSetExt};
use post::{MentionId, PostKey};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};
use text::Tokens;

/// Segments of about the same size that are merged into one.
const MERGED: usize = 16;

/// The partition as the writing side sees it.
pub(super) struct Partition {
    /// Tells it from every other one that this process opened, at the same place too.
    pub(super) number: u64,
    pub(super) span: Span,
    path: PathBuf,
    fields: Arc<Fields>,
    index: Index,
    reader: IndexReader,
    writer: Option<IndexWriter<TantivyDocument>>,
    /// A writer that is finishing its merges; the folder stays locked until it is done.
    closing: Option<JoinHandle<tantivy::Result<()>>>,
    keys: Keys,
    /// Engagement that came later.
    pub(super) counts: Counts,
    /// Posts written since the last commit: the reader does not see them.
    fresh: HashSet<PostKey>,
    dirty: bool,
    /// When its writer was last asked for, on the store's own clock.
    pub(super) used: u64,
}

impl Partition {
    /// Makes an empty partition.
    pub(super) fn create(path: &Path, span: Span, fields: &Arc<Fields>) -> Result<Self, Error> {
        std::fs::create_dir_all(path).map_err(Error::io("create", path))?;
        let index = Index::create_in_dir(path, fields.schema.clone()).map_err(Error::index(path))?;
        Self::over(index, path, span, fields)
    }

    /// Opens an existing partition and gives its stamp, if it was ever committed.
    pub(super) fn open(
        path: &Path,
        span: Span,
        fields: &Arc<Fields>,
    ) -> Result<(Self, Option<Stamp>), Error> {
        let failed = Error::index(path);
        let index = Index::open_in_dir(path).map_err(&failed)?;
        let payload = index.load_metas().map_err(&failed)?.payload;
        let stamp = payload.map(|json| Stamp::parse(&json, path)).transpose()?;
        if let Some(old) = stamp.filter(|s| s.format < LAYOUT) {
            drop(index);
            reindex::partition(path, fields, old)?;
            return Self::open(path, span, fields);
        }
        if index.schema() != fields.schema {
            return Err(Error::Damaged {
                path: path.to_owned(),
                reason: "its fields are not those of its format".into(),
            });
        }
        let mut partition = Self::over(index, path, span, fields)?;
        partition.keys = read_keys(&partition.reader.searcher(), fields).map_err(Error::index(path))?;
        Ok((partition, stamp))
    }

    fn over(index: Index, path: &Path, span: Span, fields: &Arc<Fields>) -> Result<Self, Error> {
        index
            .tokenizers()
            .register(tokenizer::NAME, SocialTokenizer::default());
        let builder = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader = builder.try_into().map_err(Error::index(path))?;
        Ok(Self {
            number: next_number(),
            span,
            path: path.to_owned(),
            fields: fields.clone(),
            index,
            reader,
            writer: None,
            closing: None,
            keys: Keys::default(),
            counts: Counts::open(path)?,
            fresh: HashSet::new(),
            dirty: false,
            used: 0,
        })
    }

    /// The state of the last commit.
    pub(super) fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn fields(&self) -> &Fields {
        &self.fields
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn reader(&self) -> IndexReader {
        self.reader.clone()
    }

    pub(super) fn writer(&mut self) -> Option<&mut IndexWriter<TantivyDocument>> {
        self.writer.as_mut()
    }

    pub(super) fn has_writer(&self) -> bool {
        self.writer.is_some()
    }

    pub(super) fn is_dirty(&self) -> bool {
        self.dirty
    }

    /// Whether it holds mentions of this post, or held some until lately.
    pub(super) fn holds(&self, post: PostKey) -> Result<bool, Error> {
        if !self.keys.may_contain(post) {
            return Ok(false);
        }
        Ok(self.fresh.contains(&post) || self.knows(&self.fields.of_post(post))?)
    }

    /// Whether the last commit has documents with this term.
    pub(super) fn knows(&self, term: &Term) -> Result<bool, Error> {
        Ok(self.searcher().doc_freq(term).map_err(Error::index(&self.path))? > 0)
    }

    /// The posts whose mentions the last commit holds; some that were deleted lately may be among them.
    pub(super) fn posts(&self) -> Result<Vec<PostKey>, Error> {
        let mut posts = Vec::new();
        each_post(&self.searcher(), &self.fields, |post| posts.push(post))
            .map_err(Error::index(&self.path))?;
        Ok(posts)
    }

    /// Opens the writer, if it is not open.
    pub(super) fn open_writer(&mut self, memory: usize) -> Result<(), Error> {
        if self.writer.is_none() {
            self.join_closing()?;
            let options = IndexWriterOptions::builder()
                .num_worker_threads(1)
                .num_merge_threads(1)
                .memory_budget_per_thread(memory)
                .build();
            let writer = self
                .index
                .writer_with_options(options)
                .map_err(Error::index(&self.path))?;
            writer.set_merge_policy(Box::new(merge_policy()));
            self.writer = Some(writer);
        }
        Ok(())
    }

    /// Adds a mention. The writer must be open.
    pub(super) fn add(&mut self, mention: &Mention, written: u64, tokens: &mut Tokens) -> Result<(), Error> {
        let damaged = |e: postcard::Error| Error::Damaged {
            path: self.path.clone(),
            reason: e.to_string(),
        };
        let document = self.fields.document(mention, written, tokens).map_err(damaged)?;
        if let Some(writer) = &self.writer {
            writer.add_document(document).map_err(Error::index(&self.path))?;
        }
        self.keys.insert(mention.post.key);
        self.fresh.insert(mention.post.key);
        self.dirty = true;
        Ok(())
    }

    /// Deletes all mentions of a post. The writer must be open.
    pub(super) fn delete_post(&mut self, post: PostKey) {
        self.delete(self.fields.of_post(post));
    }

    /// Deletes one mention. The writer must be open.
    pub(super) fn delete_mention(&mut self, id: MentionId) {
        self.delete_number(mention_number(id));
    }

    /// Deletes the mention with this number. The writer must be open.
    pub(super) fn delete_number(&mut self, number: u64) {
        self.delete(Term::from_field_u64(self.fields.id, number));
    }

    /// Deletes what has this term. The writer must be open.
    pub(super) fn delete(&mut self, term: Term) {
        if let Some(writer) = &self.writer {
            writer.delete_term(term);
            self.dirty = true;
        }
    }

    /// Makes durable what was written, and lets [`Partition::searcher`] see it.
    pub(super) fn commit(&mut self, stamp: Stamp) -> Result<(), Error> {
        let failed = Error::index(&self.path);
        if let Some(writer) = &mut self.writer {
            let mut prepared = writer.prepare_commit().map_err(&failed)?;
            prepared.set_payload(&stamp.to_json());
            prepared.commit().map_err(&failed)?;
        }
        self.reader.reload().map_err(&failed)?;
        self.fresh.clear();
        self.dirty = false;
        Ok(())
    }

    /// Closes the writer; its merges end in the background. What is not committed is lost.
    pub(super) fn close(&mut self) -> Result<(), Error> {
        self.join_closing()?;
        if let Some(writer) = self.writer.take() {
            self.closing = Some(std::thread::spawn(move || writer.wait_merging_threads()));
        }
        Ok(())
    }

    /// Drops what was written since the last commit, and the writer with it.
    pub(super) fn roll_back(&mut self) -> Result<(), Error> {
        self.writer = None;
        self.join_closing()?;
        self.reader.reload().map_err(Error::index(&self.path))?;
        self.fresh.clear();
        self.dirty = false;
        Ok(())
    }

    /// Waits until merges of a closed writer have ended.
    pub(super) fn join_closing(&mut self) -> Result<(), Error> {
        let Some(handle) = self.closing.take() else {
            return Ok(());
        };
        let died = |_| Err(tantivy::TantivyError::ErrorInThread("merging panicked".into()));
        handle
            .join()
            .unwrap_or_else(died)
            .map_err(Error::index(&self.path))
    }
}

impl Drop for Partition {
    /// The folder must not stay locked by a merge that goes on after the store was dropped.
    fn drop(&mut self) {
        if let Err(error) = self.join_closing() {
            tracing::warn!(%error, "a merge failed");
        }
    }
}

/// Merges many segments at once: each document is then written anew about half as often as with Tantivy's own eight, for
/// a dozen segments more.
fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(MERGED);
    policy
}

fn read_keys(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Keys> {
    let mut keys = Keys::with_capacity(searcher.num_docs() as usize);
    each_post(searcher, fields, |post| keys.insert(post))?;
    Ok(keys)
}

fn each_post(searcher: &Searcher, fields: &Fields, mut each: impl FnMut(PostKey)) -> tantivy::Result<()> {
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(fields.post)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            if let Ok(key) = terms.key().try_into() {
                each(PostKey(key));
            }
        }
    }
    Ok(())
}
