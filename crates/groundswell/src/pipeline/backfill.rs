//! The search of the journal's past for a new or edited monitor.
//!
//! A post may have been edited or deleted since, before the search or while it runs. So the journal is first read for
//! what is superseded; the search then skips old versions; and what happened meanwhile is set right at the end.

use super::context::{self, Kept};
use super::process::{Outcome, match_part, vault_item};
use super::snapshot::Snapshot;
use super::writer::{BackfillStep, Written};
use crate::control::Control;
use crate::detect::Placer;
use crate::history::Superseded;
use crate::scoring::Scoring;
use arc_swap::ArcSwap;
use foldhash::HashSet;
use journal::{Entry, JournalHandle, MonitorDef, MonitorSet, Position};
use post::{Event, Identity, Post, Pseudonyms};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use store::Change;

/// A backfill: one monitor, searched for in `[from, until)`. From `until` on, live matching has it.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The monitor at the version to search for.
    pub(super) def: MonitorDef,
    /// Next position to search.
    pub(super) from: Position,
    /// End of the search.
    pub(super) until: Position,
}

/// What a backfill needs.
#[derive(Clone)]
pub(super) struct Tools {
    /// For noting a search that cannot go on.
    pub control: Arc<Control>,
    /// The journal.
    pub journal: JournalHandle,
    /// The models.
    pub scoring: Arc<Scoring>,
    /// For compiling the query.
    pub pseudonyms: Pseudonyms,
    /// The set live matching uses now.
    pub live: Arc<ArcSwap<Snapshot>>,
    /// The posts whose answers are kept.
    pub kept: Arc<Kept>,
    /// Copies and topics.
    pub placer: Arc<Placer>,
    /// The writer.
    pub writer: SyncSender<Written>,
}

/// Runs a backfill to its end, or until `stop` says so (the monitor changed again, or the process ends).
pub(super) fn run(job: &Job, tools: &Tools, stop: &dyn Fn() -> bool) -> anyhow::Result<()> {
    let set = MonitorSet {
        version: 0,
        monitors: vec![job.def.clone()],
        // As they are now: a list that changes makes another version, and so another search.
        lists: tools.live.load().keyword_lists(&job.def.project),
    };
    let mut search = Search {
        snapshot: Snapshot::compile(set, &tools.pseudonyms),
        superseded: Superseded::default(),
        sent: HashSet::default(),
    };
    let mut known_to = search.superseded.read(&tools.journal, job.from, stop)?;
    let mut reader = tools.journal.reader(job.from);
    while let Some(batch) = reader.next_batch() {
        if stop() {
            return Ok(());
        }
        let batch = batch?;
        let Some(last) = batch.last().map(|r| r.position) else {
            continue;
        };
        let entries = batch
            .into_iter()
            .filter(|r| r.position >= job.from && r.position < job.until);
        let outcome = search.batch(tools, entries.map(|r| (r.position, r.entry)));
        let next = Position(last.0 + 1).min(job.until);
        let found = outcome.changes.len() as u64;
        tools
            .writer
            .send(Written::Backfill(outcome, job.step(next, false, found)))?;
        if next >= job.until {
            break;
        }
    }
    loop {
        let (fixes, read_to) = search.fixes(tools, known_to)?;
        known_to = read_to;
        if fixes.changes.is_empty() {
            break;
        }
        tools
            .writer
            .send(Written::Backfill(fixes, job.step(job.until, false, 0)))?;
    }
    tools.writer.send(Written::Backfill(
        Outcome::default(),
        job.step(job.until, true, 0),
    ))?;
    Ok(())
}

impl Job {
    fn step(&self, next: Position, done: bool, found: u64) -> BackfillStep {
        BackfillStep {
            monitor: self.def.id.clone(),
            version: self.def.version,
            next: next.0,
            found,
            done,
        }
    }
}

struct Search {
    snapshot: Arc<Snapshot>,
    superseded: Superseded,
    /// Posts and authors of the mentions sent so far.
    sent: HashSet<[u8; 16]>,
}

impl Search {
    fn batch(&mut self, tools: &Tools, entries: impl Iterator<Item = (Position, Entry)>) -> Outcome {
        let posts: Vec<(Box<Post>, Identity)> = entries
            .filter_map(|(position, entry)| match entry {
                Entry::Post { post, identity } if !self.superseded.is_old(position, &post) => {
                    Some((post, identity))
                }
                _ => None,
            })
            .collect();
        let mut found = match_part(&self.snapshot, &tools.scoring, posts.iter().map(|p| &*p.0));
        tools.placer.place(posts.iter().map(|p| &*p.0).zip(&mut found));
        let all = posts.iter().map(|p| &*p.0);
        context::add(&tools.kept, &self.snapshot, &tools.scoring, all, &mut found);
        let mut out = Outcome::default();
        for ((post, identity), mentions) in posts.into_iter().zip(found) {
            if mentions.is_empty() {
                continue;
            }
            let author = post.author.as_ref().map(|a| a.key);
            self.sent.insert(post.key.0);
            self.sent.extend(author.map(|a| a.0));
            out.identities.push(vault_item(&post, identity));
            out.changes
                .extend(mentions.into_iter().map(|m| Change::PutBackfill(Box::new(m))));
        }
        out
    }

    /// What happened since `from` to posts already sent: the old version may have been written over the new one.
    fn fixes(&self, tools: &Tools, from: Position) -> anyhow::Result<(Outcome, Position)> {
        let live = tools.live.load_full();
        let mut out = Outcome::default();
        let mut reader = tools.journal.reader(from);
        while let Some(batch) = reader.next_batch() {
            for read in batch?.into_iter().filter(|r| r.position >= from) {
                match read.entry {
                    Entry::Delete { key, .. } if self.sent.contains(&key.0) => {
                        out.changes.push(Change::Delete(key));
                        out.forgotten.push(key);
                    }
                    Entry::AuthorGone { author, .. } if self.sent.contains(&author.0) => {
                        out.changes.push(Change::DeleteAuthor(author));
                        out.forgotten_authors.push(author);
                    }
                    Entry::Post { post, .. }
                        if post.event == Event::Edit && self.sent.contains(&post.key.0) =>
                    {
                        let one = || std::iter::once(&*post);
                        let mut found = match_part(&live, &tools.scoring, one());
                        tools.placer.place(one().zip(&mut found));
                        context::add(&tools.kept, &live, &tools.scoring, one(), &mut found);
                        let mentions = found.pop().unwrap_or_default();
                        out.changes.push(Change::Put {
                            post: post.key,
                            mentions,
                        });
                    }
                    _ => {}
                }
            }
        }
        Ok((out, reader.position()))
    }
}
