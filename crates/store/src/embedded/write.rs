//! Applying changes.

use super::partition::Partition;
use super::store::Store;
use crate::document::{Placed, elect, keep_last_of_each, placed, renewed, written};
use crate::period::Span;
use crate::{Change, Error, Mention, Scores};
use foldhash::HashSet;
use post::{AuthorKey, Counts, PostKey};
use std::collections::btree_map::Entry;
use tantivy::collector::DocSetCollector;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyDocument, Term};

/// Posts whose state is kept in memory until a flush is forced.
const MAX_PENDING: usize = 20_000;

impl Store {
    /// Applies changes in their order. `upto` is the next journal position after those that these changes came from;
    /// the next commit carries it. One lower than an earlier one has no effect.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>, upto: u64) -> Result<(), Error> {
        self.guarded(|store| changes.into_iter().try_for_each(|change| store.change(change)))?;
        self.applied = self.applied.max(upto);
        Ok(())
    }

    /// Gives a post's mentions new scores where `change` has some for them; the post stays as it is. `change` sees each
    /// mention as it is now. Says whether any was changed.
    pub fn rescore(
        &mut self,
        post: PostKey,
        change: &mut dyn FnMut(&Mention) -> Option<Scores>,
    ) -> Result<bool, Error> {
        self.guarded(|store| {
            if store.pending.len() >= MAX_PENDING {
                store.flush()?;
            }
            let mut mentions = store.mentions_of(post)?;
            let mut changed = false;
            for mention in &mut mentions {
                if let Some(scores) = change(mention) {
                    mention.scores = scores;
                    changed = true;
                }
            }
            if changed {
                store.put(post, mentions)?;
            }
            Ok(changed)
        })
    }

    pub(super) fn change(&mut self, change: Change) -> Result<(), Error> {
        if self.pending.len() >= MAX_PENDING {
            self.flush()?;
        }
        match change {
            Change::Put { post, mentions } => self.put(post, mentions),
            Change::PutBackfill(mention) => self.put_backfill(*mention),
            Change::Delete(post) => self.put(post, Vec::new()),
            Change::DeleteAuthor(author) => self.delete_author(author),
            Change::DropMonitor { monitor } => self.drop_monitor(&monitor),
            Change::Engagement { post, counts } => self.set_counts(post, counts),
        }
    }

    pub(super) fn put(&mut self, post: PostKey, mut mentions: Vec<Mention>) -> Result<(), Error> {
        mentions.retain(|m| m.post.key == post);
        keep_last_of_each(&mut mentions);
        elect(&mut mentions);
        let holding = self.holding(post)?;
        self.replaced |= !holding.is_empty();
        for &span in &holding {
            self.writable(span)?.delete_post(post);
        }
        let again = !holding.is_empty();
        mentions.iter().try_for_each(|m| self.add(m, again))?;
        if !holding.is_empty() || !mentions.is_empty() {
            self.pending.insert(post, mentions);
        }
        Ok(())
    }

    fn put_backfill(&mut self, mut mention: Mention) -> Result<(), Error> {
        let post = mention.post.key;
        let mut mentions = self.mentions_of(post)?;
        let before = mentions.iter().position(|m| m.id == mention.id);
        if let Some(at) = before {
            mentions.swap_remove(at);
            self.replaced = true;
            for span in self.holding(post)? {
                self.writable(span)?.delete_mention(mention.id);
            }
        }
        if placed(&mut mention, mentions.iter()) == Placed::Elect {
            mentions.push(mention);
            return self.put(post, mentions);
        }
        self.add(&mention, before.is_some())?;
        mentions.push(mention);
        self.pending.insert(post, mentions);
        Ok(())
    }

    fn delete_author(&mut self, author: AuthorKey) -> Result<(), Error> {
        let is_theirs = |m: &Mention| m.post.author.as_ref().is_some_and(|a| a.key == author);
        let pending = self
            .pending
            .iter()
            .filter(|(_, mentions)| mentions.iter().any(is_theirs));
        let mut posts: HashSet<PostKey> = pending.map(|(post, _)| *post).collect();
        let committed = self.committed(&self.fields.of_author(author))?;
        posts.extend(
            committed
                .iter()
                .map(|m| m.post.key)
                .filter(|post| !self.pending.contains_key(post)),
        );
        posts.into_iter().try_for_each(|post| self.put(post, Vec::new()))
    }

    fn drop_monitor(&mut self, monitor: &str) -> Result<(), Error> {
        // Flushed before and after, so that the index alone tells what is there.
        self.flush()?;
        let term = Term::from_field_text(self.fields.monitor, monitor);
        let dropped = self.committed(&term)?;
        self.replaced |= !dropped.is_empty();
        for span in self.spans_with(&term)? {
            self.writable(span)?.delete(term.clone());
        }
        for mention in dropped.into_iter().filter(|m| m.primary) {
            let mut rest = self.mentions_of(mention.post.key)?;
            rest.retain(|m| m.monitor != monitor);
            if rest.iter().any(|m| m.project == mention.project) {
                self.put(mention.post.key, rest)?;
            }
        }
        self.flush()
    }

    fn set_counts(&mut self, post: PostKey, new: Counts) -> Result<(), Error> {
        let mut mentions = self.mentions_of(post)?;
        if mentions.is_empty() {
            return Ok(());
        }
        for mention in &mut mentions {
            mention.post.counts = renewed(&mention.post.counts, &new);
        }
        self.put(post, mentions)
    }

    fn add(&mut self, mention: &Mention, again: bool) -> Result<(), Error> {
        let span = self.options.span(mention);
        let written = written(self.generation() + 1, again);
        let mut tokens = std::mem::take(&mut self.tokens);
        let added = self
            .writable(span)
            .and_then(|p| p.add(mention, written, &mut tokens));
        self.tokens = tokens;
        added
    }

    /// The partition with its writer open. Where too many are open, all is flushed and the one used longest ago closed.
    fn writable(&mut self, span: Span) -> Result<&mut Partition, Error> {
        let is_open = self.partitions.get(&span).is_some_and(Partition::has_writer);
        let most = self.options.open_writers.max(1);
        if !is_open && self.partitions.values().filter(|p| p.has_writer()).count() >= most {
            self.flush()?;
            self.close_idle(most - 1)?;
        }
        self.changed = true;
        self.clock += 1;
        let partition = match self.partitions.entry(span) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(Partition::create(
                &self.dir.join(span.folder()),
                span,
                &self.fields,
            )?),
        };
        partition.used = self.clock;
        partition.open_writer(self.options.writer_memory)?;
        Ok(partition)
    }

    /// The partitions that hold mentions of a post: one, or two after its time was corrected over a border.
    fn holding(&self, post: PostKey) -> Result<Vec<Span>, Error> {
        let mut spans = Vec::new();
        for (span, partition) in &self.partitions {
            if partition.holds(post)? {
                spans.push(*span);
            }
        }
        Ok(spans)
    }

    fn spans_with(&self, term: &Term) -> Result<Vec<Span>, Error> {
        let mut spans = Vec::new();
        for (span, partition) in &self.partitions {
            if partition.knows(term)? {
                spans.push(*span);
            }
        }
        Ok(spans)
    }

    /// The mentions of a post as they are now, committed or not.
    pub(super) fn mentions_of(&self, post: PostKey) -> Result<Vec<Mention>, Error> {
        match self.pending.get(&post) {
            Some(mentions) => Ok(mentions.clone()),
            None if self.holding(post)?.is_empty() => Ok(Vec::new()),
            None => self.committed(&self.fields.of_post(post)),
        }
    }

    /// The committed mentions with this term.
    fn committed(&self, term: &Term) -> Result<Vec<Mention>, Error> {
        let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
        let mut mentions = Vec::new();
        for partition in self.partitions.values() {
            let (searcher, failed) = (partition.searcher(), Error::index(partition.path()));
            let mut docs: Vec<_> = searcher
                .search(&query, &DocSetCollector)
                .map_err(&failed)?
                .into_iter()
                .collect();
            docs.sort_unstable();
            for doc in docs {
                let document: TantivyDocument = searcher.doc(doc).map_err(&failed)?;
                mentions.push(self.fields.mention(&document, partition.path())?);
            }
        }
        Ok(mentions)
    }
}
