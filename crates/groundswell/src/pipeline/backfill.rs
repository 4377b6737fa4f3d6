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
use journal::{Entry, Log, LogReader, MonitorDef, MonitorSet, Position, Read};
use post::{Event, Identity, Post, Pseudonyms};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::{Duration, Instant};
use store::Change;

/// A backfill: one monitor, searched for in `[from, until)`. From `until` on, live matching has it. In a cluster `until` is
/// the version of the set that the monitor came with: live matching has the posts that say so or a newer one.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The monitor at the version to search for.
    pub(super) def: MonitorDef,
    /// Next position to search.
    pub(super) from: Position,
    /// End of the search.
    pub(super) until: Position,
    /// When it was asked for.
    pub(super) since: Instant,
}

/// What a backfill needs.
#[derive(Clone)]
pub(super) struct Tools {
    /// For noting a search that cannot go on.
    pub control: Arc<Control>,
    /// The journal.
    pub journal: Log,
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
    let is_shared = tools.journal.is_shared();
    // What happens while the search goes on is read by the same reader.
    let mut events = tools.journal.reader(job.from);
    search.superseded.read(&mut events, stop)?;
    let mut reader = tools.journal.reader(job.from);
    while let Some(batch) = reader.next_batch() {
        if stop() {
            return Ok(());
        }
        let batch = batch?;
        let Some(last) = batch.last().map(|r| r.position) else {
            continue;
        };
        let outcome = search.batch(tools, batch.into_iter().filter(|r| job.covers(r, is_shared)));
        let next = Position(last.0 + 1).min(job.until);
        let found = outcome.changes.len() as u64;
        tools
            .writer
            .send(Written::Backfill(outcome, job.step(next, false, found)))?;
        if !is_shared && next >= job.until {
            break;
        }
    }
    if is_shared {
        search.late(job, tools, &mut reader, stop)?;
    }
    loop {
        let fixes = search.fixes(tools, &mut events)?;
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

/// A collector that had begun to send before it heard of a monitor has either sent or given up by then: twice what a
/// batch may take.
const LATE: Duration = Duration::from_secs(60);
const TICK: Duration = Duration::from_millis(500);

impl Job {
    /// Whether live matching did not see it with this monitor.
    fn covers(&self, read: &Read, is_shared: bool) -> bool {
        match is_shared {
            true => read.monitors < self.until.0,
            false => read.position >= self.from && read.position < self.until,
        }
    }

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
    /// Takes what collectors that had not heard of the monitor yet wrote behind the end.
    fn late(
        &mut self,
        job: &Job,
        tools: &Tools,
        reader: &mut LogReader,
        stop: &dyn Fn() -> bool,
    ) -> anyhow::Result<()> {
        let until = job.since + LATE;
        while Instant::now() < until && !stop() {
            let Some(batch) = reader.next_batch() else {
                std::thread::sleep(TICK);
                continue;
            };
            let outcome = self.batch(tools, batch?.into_iter().filter(|r| job.covers(r, true)));
            let found = outcome.changes.len() as u64;
            if found > 0 {
                tools
                    .writer
                    .send(Written::Backfill(outcome, job.step(job.until, false, found)))?;
            }
        }
        Ok(())
    }

    fn batch(&mut self, tools: &Tools, entries: impl Iterator<Item = Read>) -> Outcome {
        let posts: Vec<(Box<Post>, Identity)> = entries
            .filter_map(|read| match read.entry {
                Entry::Post { post, identity } if !self.superseded.is_old(read.position, &post) => {
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

    /// What happened meanwhile to posts already sent: the old version may have been written over the new one.
    fn fixes(&self, tools: &Tools, events: &mut LogReader) -> anyhow::Result<Outcome> {
        let live = tools.live.load_full();
        let mut out = Outcome::default();
        while let Some(batch) = events.next_batch() {
            for read in batch? {
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
        Ok(out)
    }
}
