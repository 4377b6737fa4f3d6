//! Matching and scoring: from journal entries to changes of the store. Pure but for its threads.

use super::Monitors;
use super::context::{self, Kept};
use super::costs::EVERY;
use super::score::{Matched, Scored, Scorer};
use super::snapshot::Snapshot;
use crate::accounts::OwnAccounts;
use crate::control::{OwnReply, VaultItem};
use crate::detect::Placer;
use crate::scoring::Scoring;
use journal::Entry;
use models::Models;
use post::{Event, Identity, MentionId, Post, PostKey};
use std::sync::Arc;
use store::{Change, Mention};

/// Fewer posts than this are not worth a second thread.
const MIN_PARALLEL: usize = 64;

/// What a batch of entries comes to.
#[derive(Default)]
pub(super) struct Outcome {
    /// Changes of the store, in order.
    pub changes: Vec<Change>,
    /// Identities of posts that became mentions, for the vault.
    pub identities: Vec<VaultItem>,
    /// Posts the vault can forget.
    pub forgotten: Vec<PostKey>,
    /// Authors the vault must forget.
    pub forgotten_authors: Vec<post::AuthorKey>,
    /// What our own accounts answered.
    pub replies: Vec<OwnReply>,
}

/// The matching and scoring stage. Each post is matched under exactly one monitor set.
pub(super) struct Processor {
    monitors: Monitors,
    scoring: Arc<Scoring>,
    kept: Arc<Kept>,
    accounts: Arc<OwnAccounts>,
    placer: Arc<Placer>,
    threads: usize,
}

impl Processor {
    /// A stage that starts with this monitor set and uses this many threads.
    pub(super) fn new(
        monitors: Monitors,
        scoring: Arc<Scoring>,
        kept: Arc<Kept>,
        accounts: Arc<OwnAccounts>,
        placer: Arc<Placer>,
        threads: usize,
    ) -> Self {
        Self {
            monitors,
            scoring,
            kept,
            accounts,
            placer,
            threads: threads.max(1),
        }
    }

    /// The monitor set in force.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        self.monitors.snapshot()
    }

    /// Works through entries in order. A change of the monitor set among them is in force for what follows it.
    pub(super) fn process(&mut self, entries: Vec<Entry>) -> Outcome {
        let mut out = Outcome::default();
        let mut posts: Vec<(Box<Post>, Identity)> = Vec::new();
        for entry in entries {
            if let Entry::Post { post, identity } = entry {
                posts.push((post, identity));
                continue;
            }
            self.match_posts(std::mem::take(&mut posts), &mut out);
            self.take_event(entry, &mut out);
        }
        self.match_posts(posts, &mut out);
        self.monitors.tend();
        out
    }

    /// The posts whose answers are kept.
    #[cfg(feature = "kafka")]
    pub(super) fn kept(&self) -> &Kept {
        &self.kept
    }

    /// Places posts that workers matched, and turns them into changes.
    #[cfg(feature = "kafka")]
    pub(super) fn settle(
        &self,
        posts: &mut Vec<(Box<Post>, Identity)>,
        found: &mut Vec<Vec<Mention>>,
        out: &mut Outcome,
    ) {
        let (posts, mut found) = (std::mem::take(posts), std::mem::take(found));
        self.placer.place(posts.iter().map(|p| &*p.0).zip(&mut found));
        self.note(posts, found, out);
    }

    /// What is not a post.
    pub(super) fn take_event(&mut self, entry: Entry, out: &mut Outcome) {
        match entry {
            Entry::Post { .. } => {}
            Entry::Delete { key, .. } => {
                self.kept.forget(key);
                out.changes.push(Change::Delete(key));
                out.forgotten.push(key);
            }
            Entry::AuthorGone { author, .. } => {
                out.changes.push(Change::DeleteAuthor(author));
                out.forgotten_authors.push(author);
            }
            Entry::Engagement { key, counts, .. } => {
                out.changes.push(Change::Engagement { post: key, counts })
            }
            Entry::MonitorSet(set) => {
                let dropped = self.monitors.replace(set);
                self.drop_mentions(dropped, out);
            }
            Entry::MonitorChange(change) => {
                let dropped = self.monitors.apply(change);
                self.drop_mentions(dropped, out);
            }
        }
    }

    fn drop_mentions(&self, monitors: Vec<String>, out: &mut Outcome) {
        monitors.iter().for_each(|id| self.kept.drop_monitor(id));
        let drops = monitors
            .into_iter()
            .map(|monitor| Change::DropMonitor { monitor });
        out.changes.extend(drops);
    }

    fn match_posts(&self, posts: Vec<(Box<Post>, Identity)>, out: &mut Outcome) {
        if posts.is_empty() {
            return;
        }
        let (snapshot, threads) = (self.monitors.snapshot(), self.threads);
        let read: Vec<&Post> = posts.iter().map(|p| &*p.0).collect();
        let mut found = match_in_parallel(snapshot, &self.scoring, &read, threads);
        self.placer.place(posts.iter().map(|p| &*p.0).zip(&mut found));
        let snapshot = self.monitors.snapshot();
        context::add(
            &self.kept,
            snapshot,
            &self.scoring,
            posts.iter().map(|p| &*p.0),
            &mut found,
        );
        self.note(posts, found, out);
    }

    /// Turns posts and what was found in them into changes.
    fn note(&self, posts: Vec<(Box<Post>, Identity)>, found: Vec<Vec<Mention>>, out: &mut Outcome) {
        out.replies
            .extend(posts.iter().filter_map(|p| own_reply(&p.0, &self.accounts)));
        for ((post, identity), mentions) in posts.into_iter().zip(found) {
            if mentions.is_empty() && post.event == Event::Create {
                continue;
            }
            if mentions.is_empty() {
                out.forgotten.push(post.key);
            } else {
                out.identities.push(vault_item(&post, identity));
            }
            out.changes.push(Change::Put {
                post: post.key,
                mentions,
            });
        }
    }
}

/// The mentions of each post, looked for by so many threads.
pub(super) fn match_in_parallel(
    snapshot: &Snapshot,
    scoring: &Scoring,
    posts: &[&Post],
    threads: usize,
) -> Vec<Vec<Mention>> {
    let run = |part: &[&Post]| match_part(snapshot, scoring, part.iter().copied());
    let chunk = posts.len().div_ceil(threads).max(MIN_PARALLEL);
    if posts.len() <= chunk {
        return run(posts);
    }
    std::thread::scope(|scope| {
        let parts: Vec<_> = posts
            .chunks(chunk)
            .map(|part| scope.spawn(move || run(part)))
            .collect();
        parts
            .into_iter()
            .flat_map(|p| p.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
            .collect()
    })
}

/// What the vault keeps of a post.
pub(super) fn vault_item(post: &Post, identity: Identity) -> VaultItem {
    VaultItem {
        post: post.key,
        author: post.author.as_ref().map(|a| a.key),
        identity,
        seen_at: post.seen_at,
    }
}

/// What a post answers, where one of our own accounts published it.
pub(super) fn own_reply(post: &Post, accounts: &OwnAccounts) -> Option<OwnReply> {
    Some(OwnReply {
        reply_to: post.reply_to?,
        post: post.key,
        account: accounts.author_of(post)?,
        at: post.created_at,
    })
}

/// The mentions of each post.
pub fn match_part<'p>(
    snapshot: &Snapshot,
    scoring: &Scoring,
    posts: impl ExactSizeIterator<Item = &'p Post>,
) -> Vec<Vec<Mention>> {
    let (count, first) = (posts.len(), snapshot.metered.begin(posts.len()));
    let mut matching = Matching::new(snapshot, &scoring.models);
    let (mut places, mut matched) = (Vec::new(), Vec::new());
    for (i, post) in posts.enumerate() {
        let is_metered = i >= first && (i - first).is_multiple_of(EVERY as usize);
        let lang = matching.run(post, is_metered).0;
        if !matching.hits.is_empty() {
            let lang = lang.unwrap_or_else(|| matching.scorer.language(post));
            places.push(i);
            matched.push(Matched {
                post,
                lang,
                hits: matching.hits.clone(),
            });
        }
    }
    let scored = matching.scorer.score(&matched, snapshot, scoring);
    let mut out: Vec<Vec<Mention>> = Vec::new();
    out.resize_with(count, Vec::new);
    for ((place, matched), scored) in places.into_iter().zip(&matched).zip(&scored) {
        out[place] = mentions(snapshot, matched, scored);
    }
    out
}

/// Matches posts one after the other; keeps its buffers.
pub struct Matching<'s> {
    snapshot: &'s Snapshot,
    scorer: Scorer<'s>,
    scratch: query::Scratch,
    hits: Vec<u32>,
    meter: query::Meter,
}

impl<'s> Matching<'s> {
    /// Matches against this set.
    pub fn new(snapshot: &'s Snapshot, models: &'s Models) -> Self {
        Self {
            snapshot,
            scorer: Scorer::new(models),
            scratch: query::Scratch::default(),
            hits: Vec::new(),
            meter: query::Meter::new(crate::clock::nanoseconds),
        }
    }

    /// How many monitors match a post, and how many queries had to be run for it.
    pub fn count(&mut self, post: &Post) -> (usize, u32) {
        let (_, work) = self.run(post, false);
        (self.hits.len(), work.candidates)
    }

    /// Finds the hits, and the language where it had to be known.
    fn run(&mut self, post: &Post, is_metered: bool) -> (Option<String>, query::Work) {
        let mut lang = post.lang.clone();
        if lang.is_none() && self.snapshot.needs_language() {
            lang = Some(self.scorer.language(post));
        }
        let document = query::Document::from_post(post, lang.as_deref().unwrap_or("und"));
        let (scratch, hits) = (&mut self.scratch, &mut self.hits);
        let work = if is_metered {
            self.snapshot
                .matches_metered(&document, scratch, hits, &mut self.meter)
        } else {
            self.snapshot.matches(&document, scratch, hits)
        };
        (lang, work)
    }
}

pub(super) fn mentions(snapshot: &Snapshot, matched: &Matched<'_>, scored: &Scored) -> Vec<Mention> {
    let hits = matched.hits.iter().enumerate();
    let mut hits: Vec<_> = hits
        .filter_map(|(place, &slot)| Some((place, snapshot.hit(slot)?)))
        .collect();
    // Slots differ from one run to the next, ids do not.
    hits.sort_unstable_by(|a, b| a.1.def.id.cmp(&b.1.def.id));
    let mut out: Vec<Mention> = Vec::with_capacity(hits.len());
    for (place, hit) in hits {
        let (def, post) = (&hit.def, matched.post);
        // The first mention of a post in a project stands for the post when all monitors are counted together.
        let primary = !out.iter().any(|m| m.project == def.project);
        let (sentiment, scores) = scored.of(place, &def.project);
        out.push(Mention {
            id: MentionId::of(post.key, &def.id),
            project: def.project.clone(),
            monitor: def.id.clone(),
            monitor_version: def.version,
            primary,
            post: post.clone(),
            lang: matched.lang.clone(),
            sentiment,
            scores,
            group: None,
            topic: None,
        });
    }
    out
}
