//! Applying changes.

use super::counts::Late;

use super::partition::Partition;
use super::schema::column;
use super::store::Store;
use crate::document::{Placed, elect, keep_last_of_each, known_counts, placed, renewed, written};
use crate::period::Span;
use crate::{Change, Error, Mention, Scores, Stage};
use post::{Counts, PostKey};
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
            store.make_room()?;
            let mut mentions = store.mentions_of(post)?;
            let mut changed = false;
            for mention in &mut mentions {
                if let Some(scores) = change(mention) {
                    mention.scores = scores;
                    changed = true;
                }
            }
            if changed {
                store.replace(post, mentions)?;
            }
            Ok(changed)
        })
    }

    /// Flushes where too much is kept in memory.
    pub(super) fn make_room(&mut self) -> Result<(), Error> {
        match self.pending.len() >= MAX_PENDING {
            true => self.flush(),
            false => Ok(()),
        }
    }

    fn change(&mut self, change: Change) -> Result<(), Error> {
        self.make_room()?;
        match change {
            Change::Put { post, mentions } => self.put(post, mentions),
            Change::PutBackfill(mention) => self.put_backfill(*mention),
            Change::Delete(post) => self.replace(post, Vec::new()),
            Change::DeleteAuthor(author) => self.delete_author(author),
            Change::DropMonitor { monitor } => self.drop_monitor(&monitor),
            Change::Engagement { post, counts } => self.set_counts(post, counts),
        }
    }

    /// A new or edited post. Counts that it does not say stay as they are known.
    fn put(&mut self, post: PostKey, mut mentions: Vec<Mention>) -> Result<(), Error> {
        // Asked once: most posts are new, and to learn that is all that looking for them costs.
        let holding = self.holding(post)?;
        if !mentions.is_empty()
            && let Some(known) = self.counts_of(post, &holding)?
        {
            for mention in &mut mentions {
                mention.post.counts = renewed(&known, &mention.post.counts);
            }
        }
        self.replace_in(&holding, post, mentions)
    }

    /// Makes a post's mentions these, as they are.
    pub(super) fn replace(&mut self, post: PostKey, mentions: Vec<Mention>) -> Result<(), Error> {
        let holding = self.holding(post)?;
        self.replace_in(&holding, post, mentions)
    }

    /// The same where it is known which partitions hold some.
    fn replace_in(
        &mut self,
        holding: &[Span],
        post: PostKey,
        mut mentions: Vec<Mention>,
    ) -> Result<(), Error> {
        mentions.retain(|m| m.post.key == post);
        keep_last_of_each(&mut mentions);
        elect(&mut mentions);
        self.replaced |= !holding.is_empty();
        for &span in holding {
            self.writable(span)?.delete_post(post);
        }
        let again = self.was_there(post, holding)?;
        if !again && !mentions.is_empty() {
            self.new.insert(post);
        }
        self.drop_counts(post);
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
        // It was published before what is known of the post by now.
        if let Some(known) = known_counts(&mentions) {
            mention.post.counts = known;
        }
        if let Some(at) = before {
            mentions.swap_remove(at);
            self.replaced = true;
            for span in self.holding(post)? {
                self.writable(span)?.delete_mention(mention.id);
            }
        }
        if placed(&mut mention, mentions.iter()) == Placed::Elect {
            mentions.push(mention);
            return self.replace(post, mentions);
        }
        let holding = self.holding(post)?;
        let again = self.was_there(post, &holding)?;
        if !again {
            self.new.insert(post);
        }
        self.add(&mention, again && before.is_some())?;
        mentions.push(mention);
        self.pending.insert(post, mentions);
        Ok(())
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
            if rest.is_empty() {
                self.drop_counts(mention.post.key);
            }
            if rest.iter().any(|m| m.project == mention.project) {
                self.replace(mention.post.key, rest)?;
            }
        }
        self.flush()
    }

    /// New counts of a post: beside its documents, which stay.
    fn set_counts(&mut self, post: PostKey, new: Counts) -> Result<(), Error> {
        let holding = self.holding(post)?;
        // When this was told first, a post that a killed process wrote later was not there.
        if holding.is_empty() || !(self.new.contains(&post) || self.was_there(post, &holding)?) {
            return Ok(());
        }
        let (known, alike) = match self.late_counts(post) {
            Some(known) => (known, true),
            None => {
                let mentions = self.mentions_of(post)?;
                let Some(known) = known_counts(&mentions) else {
                    return Ok(());
                };
                if mentions.iter().any(|m| Stage::of(&m.post) == Stage::Aggregates) {
                    return self.write_counts(post, mentions, renewed(&known, &new));
                }
                (known, mentions.iter().all(|m| m.post.counts == known))
            }
        };
        let counts = renewed(&known, &new);
        if counts == known && alike {
            return Ok(());
        }
        let generation = self.generation() + 1;
        for span in holding {
            if let Some(partition) = self.partitions.get_mut(&span) {
                partition.counts.set(post, Late { counts, generation });
            }
        }
        for mention in self.pending.get_mut(&post).into_iter().flatten() {
            mention.post.counts = counts;
        }
        (self.changed, self.replaced) = (true, true);
        Ok(())
    }

    /// New counts where they cannot be the same for all mentions: of one that is past its time, nothing that leads to a
    /// person is kept any more.
    fn write_counts(&mut self, post: PostKey, mut mentions: Vec<Mention>, new: Counts) -> Result<(), Error> {
        let mut changed = false;
        for mention in &mut mentions {
            if new != mention.post.counts && Stage::of(&mention.post) != Stage::Aggregates {
                mention.post.counts = new;
                changed = true;
            }
        }
        match changed {
            true => self.replace(post, mentions),
            false => Ok(()),
        }
    }

    /// The counts of a post that came later, in whichever partition they stand.
    fn late_counts(&self, post: PostKey) -> Option<Counts> {
        let mut late = self.partitions.values().filter_map(|p| p.counts.of(post));
        late.next().map(|late| late.counts)
    }

    /// A post's counts as they are known, where these partitions hold it.
    fn counts_of(&self, post: PostKey, holding: &[Span]) -> Result<Option<Counts>, Error> {
        if let Some(late) = self.late_counts(post) {
            return Ok(Some(late));
        }
        match self.pending.get(&post) {
            Some(mentions) => Ok(known_counts(mentions)),
            None if holding.is_empty() => Ok(None),
            None => Ok(known_counts(&self.committed(&self.fields.of_post(post))?)),
        }
    }

    pub(super) fn drop_counts(&mut self, post: PostKey) {
        self.partitions.values_mut().for_each(|p| p.counts.remove(post));
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
    pub(super) fn writable(&mut self, span: Span) -> Result<&mut Partition, Error> {
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

    /// Whether a post with mentions in these partitions had any in the last commit, as far as can be told.
    fn was_there(&self, post: PostKey, holding: &[Span]) -> Result<bool, Error> {
        if holding.is_empty() || self.new.contains(&post) {
            return Ok(false);
        }
        let (Some(sealed), false) = (self.sealed, self.pending.contains_key(&post)) else {
            return Ok(true);
        };
        let mut is_new = None;
        let query = TermQuery::new(self.fields.of_post(post), IndexRecordOption::Basic);
        for partition in holding.iter().filter_map(|span| self.partitions.get(span)) {
            let (searcher, failed) = (partition.searcher(), Error::index(partition.path()));
            for doc in searcher.search(&query, &DocSetCollector).map_err(&failed)? {
                let columns = searcher.segment_reader(doc.segment_ord).fast_fields();
                let at = columns
                    .u64(column::WRITTEN)
                    .map_err(&failed)?
                    .first(doc.doc_id)
                    .unwrap_or(0);
                let later = at >= written(sealed + 1, false) && at & 1 == 0;
                is_new = Some(is_new.unwrap_or(true) && later);
            }
        }
        Ok(is_new != Some(true))
    }

    pub(super) fn spans_with(&self, term: &Term) -> Result<Vec<Span>, Error> {
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
                let mut mention = self.fields.mention(&document, partition.path())?;
                if let Some(late) = partition.counts.of(mention.post.key) {
                    mention.post.counts = late.counts;
                }
                mentions.push(mention);
            }
        }
        Ok(mentions)
    }
}
