//! Applying changes.

use super::api::Cluster;
use super::bulk::Bulk;
use super::fetch::Hit;
use super::filter::{term, terms};
use super::known::Known;
use super::mapping::{document_id, field};
use super::places::partition_of;
use super::store::Store;
use crate::document::{Placed, elect, keep_last_of_each, known_counts, placed, renewed, written};
use crate::{Change, Error, Mention, Scores, Stage};
use foldhash::{HashMap, HashSet};
use post::{AuthorKey, Counts, PostKey};
use serde_json::{Value, json};

/// Posts kept in memory until a flush is forced.
const MAX_KNOWN: usize = 20_000;
/// Posts asked for at once.
pub(super) const AT_ONCE: usize = 1_000;

impl Store {
    /// Applies changes in their order. `upto` is the next journal position after those that these changes came from;
    /// the next commit carries it. One lower than an earlier one has no effect.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>, upto: u64) -> Result<(), Error> {
        let mut changes = changes.into_iter();
        loop {
            let some: Vec<Change> = changes.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                break;
            }
            self.load(some.iter().filter_map(post_of))?;
            some.into_iter().try_for_each(|change| self.change(change))?;
        }
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
        self.load(std::iter::once(post))?;
        let mut mentions = self.mentions_of(post)?;
        let mut changed = false;
        for mention in &mut mentions {
            if let Some(scores) = change(mention) {
                mention.scores = scores;
                changed = true;
            }
        }
        if changed {
            self.replace(post, mentions)?;
        }
        Ok(changed)
    }

    fn change(&mut self, change: Change) -> Result<(), Error> {
        match change {
            Change::Put { post, mentions } => self.put(post, mentions),
            Change::PutBackfill(mention) => self.put_backfill(*mention),
            Change::Delete(post) => self.replace(post, Vec::new()),
            Change::DeleteAuthor(author) => self.delete_author(author),
            Change::DropMonitor { monitor } => self.drop_monitor(&monitor),
            Change::Engagement { post, counts } => self.set_counts(post, &counts),
        }
    }

    /// A new or edited post. Counts that it does not say stay as they are known.
    fn put(&mut self, post: PostKey, mut mentions: Vec<Mention>) -> Result<(), Error> {
        if let Some(known) = known_counts(&self.mentions_of(post)?) {
            for mention in &mut mentions {
                mention.post.counts = renewed(&known, &mention.post.counts);
            }
        }
        self.replace(post, mentions)
    }

    /// Makes a post's mentions these, as they are.
    pub(super) fn replace(&mut self, post: PostKey, mut mentions: Vec<Mention>) -> Result<(), Error> {
        mentions.retain(|m| m.post.key == post);
        keep_last_of_each(&mut mentions);
        elect(&mut mentions);
        let next = self.generation() + 1;
        let again = self.was_there(post)?;
        if !again && !mentions.is_empty() {
            self.new.insert(post);
        }
        let known = Self::known(&mut self.known, &self.cluster, post)?;
        let held = known.is_anything();
        self.replaced |= held;
        self.changed |= held || !mentions.is_empty();
        known.now.clear();
        for mention in mentions {
            let partition = self.cluster.settings.partition_of(&mention);
            known.add(mention, partition, written(next, again));
        }
        Ok(())
    }

    fn put_backfill(&mut self, mut mention: Mention) -> Result<(), Error> {
        let next = self.generation() + 1;
        let mut held = self.mentions_of(mention.post.key)?;
        // It was published before what is known of the post by now.
        if let Some(newer) = known_counts(&held) {
            mention.post.counts = newer;
        }
        held.retain(|m| m.id != mention.id);
        if placed(&mut mention, held.iter()) == Placed::Elect {
            let post = mention.post.key;
            held.push(mention);
            return self.replace(post, held);
        }
        let again = self.was_there(mention.post.key)?;
        if !again {
            self.new.insert(mention.post.key);
        }
        let known = Self::known(&mut self.known, &self.cluster, mention.post.key)?;
        let before = known.now.iter().position(|held| held.mention.id == mention.id);
        if let Some(at) = before {
            known.now.swap_remove(at);
            self.replaced = true;
        }
        let partition = self.cluster.settings.partition_of(&mention);
        known.add(mention, partition, written(next, again && before.is_some()));
        self.changed = true;
        Ok(())
    }

    fn delete_author(&mut self, author: AuthorKey) -> Result<(), Error> {
        // Flushed before, so that the cluster alone tells what is there.
        self.flush()?;
        let posts = self.posts_with(&term(field::AUTHOR, author.to_string()))?;
        for some in posts.chunks(AT_ONCE) {
            self.load(some.iter().copied())?;
            some.iter().try_for_each(|post| self.replace(*post, Vec::new()))?;
        }
        Ok(())
    }

    fn drop_monitor(&mut self, monitor: &str) -> Result<(), Error> {
        self.flush()?;
        let of_monitor = term(field::MONITOR, monitor);
        let standing = json!({"bool": {"filter": [of_monitor, term(field::PRIMARY, true)]}});
        let posts = self.posts_with(&standing)?;
        // Others become primary before the monitor's mentions go: after a crash in between, a replay finds them still.
        for some in posts.chunks(AT_ONCE) {
            self.load(some.iter().copied())?;
            for post in some {
                self.hand_over(*post, monitor)?;
            }
        }
        self.flush()?;
        let deleted = self.delete(&of_monitor)?;
        self.changed |= deleted > 0;
        self.replaced |= deleted > 0;
        // A post asked for from here on is read without them.
        self.known.clear();
        Ok(())
    }

    /// Deletes the mentions that a query finds, lets readers see it, and says how many there were.
    fn delete(&mut self, query: &Value) -> Result<u64, Error> {
        let mut found = Vec::new();
        self.cluster.each(query, &mut |hit| {
            found.push((hit.index, document_id(hit.mention.id)));
            Ok(())
        })?;
        let version = self.next_version();
        self.cluster.refuse_later_writer(self.writer)?;
        let mut bulk = Bulk::new(&self.cluster, version);
        for (index, id) in &found {
            let place = self
                .places
                .by_partition
                .values()
                .find(|place| place.live == *index);
            let next = place.and_then(|place| place.next.as_deref());
            bulk.delete(index, id)?;
            next.map_or(Ok(()), |next| bulk.delete(next, id))?;
        }
        bulk.finish()?;
        self.cluster.refresh()?;
        Ok(found.len() as u64)
    }

    /// Lets another mention become primary where the monitor's is and another is left.
    fn hand_over(&mut self, post: PostKey, monitor: &str) -> Result<(), Error> {
        let (dropped, rest): (Vec<Mention>, Vec<Mention>) = self
            .mentions_of(post)?
            .into_iter()
            .partition(|m| m.monitor == monitor);
        let is_heir = |m: &Mention| dropped.iter().any(|d| d.primary && d.project == m.project);
        match rest.iter().any(is_heir) {
            true => self.replace(post, rest),
            false => Ok(()),
        }
    }

    fn set_counts(&mut self, post: PostKey, new: &Counts) -> Result<(), Error> {
        // When this was told first, a post that a killed process wrote later was not there.
        if !(self.new.contains(&post) || self.was_there(post)?) {
            return Ok(());
        }
        let mut mentions = self.mentions_of(post)?;
        let Some(known) = known_counts(&mentions) else {
            return Ok(());
        };
        let counts = renewed(&known, new);
        let mut changed = false;
        // Of one that is past its time, nothing that leads to a person is kept any more.
        let takes = |m: &&mut Mention| Stage::of(&m.post) != Stage::Aggregates;
        for mention in mentions.iter_mut().filter(takes) {
            changed |= counts != mention.post.counts;
            mention.post.counts = counts;
        }
        match changed {
            true => self.replace(post, mentions),
            false => Ok(()),
        }
    }

    /// Whether a post had mentions in the last commit, as far as can be told.
    fn was_there(&mut self, post: PostKey) -> Result<bool, Error> {
        let known = Self::known(&mut self.known, &self.cluster, post)?;
        let is_new = self.new.contains(&post) || self.sealed.is_some_and(|sealed| known.came_after(sealed));
        Ok(known.is_anything() && !is_new)
    }

    pub(super) fn mentions_of(&mut self, post: PostKey) -> Result<Vec<Mention>, Error> {
        let known = Self::known(&mut self.known, &self.cluster, post)?;
        Ok(known.mentions())
    }

    /// The posts of the mentions that a query finds.
    fn posts_with(&self, query: &Value) -> Result<Vec<PostKey>, Error> {
        let mut posts = HashSet::default();
        self.cluster.each(query, &mut |hit| {
            posts.insert(hit.mention.post.key);
            Ok(())
        })?;
        Ok(posts.into_iter().collect())
    }

    /// The posts of the mentions of an index that a query finds.
    pub(super) fn posts_in(&self, index: &str, query: &Value) -> Result<Vec<PostKey>, Error> {
        let found = self.cluster.values(index, query, field::POST)?;
        Ok(found
            .iter()
            .filter_map(|(post, _)| PostKey::from_hex(post))
            .collect())
    }

    /// Reads posts that are not known yet. Where too many are, all are written first.
    pub(super) fn load(&mut self, posts: impl Iterator<Item = PostKey>) -> Result<(), Error> {
        if self.known.len() >= MAX_KNOWN {
            self.flush()?;
        }
        let unknown: HashSet<PostKey> = posts.filter(|post| !self.known.contains_key(post)).collect();
        let unknown: Vec<PostKey> = unknown.into_iter().collect();
        load(&mut self.known, &self.cluster, &unknown)
    }

    /// A post as it is now; read where a flush within a batch forgot it.
    fn known<'k>(
        known: &'k mut HashMap<PostKey, Known>,
        cluster: &Cluster,
        post: PostKey,
    ) -> Result<&'k mut Known, Error> {
        if !known.contains_key(&post) {
            load(known, cluster, &[post])?;
        }
        Ok(known.entry(post).or_default())
    }
}

/// Reads posts; one that is not there is known to be empty.
fn load(known: &mut HashMap<PostKey, Known>, cluster: &Cluster, posts: &[PostKey]) -> Result<(), Error> {
    if posts.is_empty() {
        return Ok(());
    }
    let mut read: HashMap<PostKey, Known> = posts.iter().map(|post| (*post, Known::default())).collect();
    let query = terms(field::POST, posts.iter().map(ToString::to_string).collect());
    cluster.each(&query, &mut |hit| {
        let Hit {
            index,
            mention,
            written,
            ..
        } = hit;
        let post = read.entry(mention.post.key).or_default();
        let partition = partition_of(cluster, &index).unwrap_or_default();
        post.stored(index, partition, mention, written);
        Ok(())
    })?;
    known.extend(read);
    Ok(())
}

/// The one post a change is about.
fn post_of(change: &Change) -> Option<PostKey> {
    match change {
        Change::Put { post, .. } | Change::Delete(post) | Change::Engagement { post, .. } => Some(*post),
        Change::PutBackfill(mention) => Some(mention.post.key),
        Change::DeleteAuthor(_) | Change::DropMonitor { .. } => None,
    }
}
