//! The worker of a cluster: matches and scores what collectors admitted, and forwards what it found.
//!
//! It keeps nothing that is not found again: any number of them share the partitions, and one that dies leaves its
//! share to the others. A post is matched under the version of the monitor set that stands on it.

use super::context::{self, Kept};
use super::findings;
use super::process::{match_in_parallel, own_reply};
use super::take_down::fault;
use super::{Blocked, Counters, Monitors};
use crate::accounts::OwnAccounts;
use crate::control::Control;
use crate::scoring::Scoring;
use journal::Entry;
use journal::kafka::{
    Acks, Consumer, Delivery, Flow, Forwarder, Found, Lag, MatchedReader, Record, Settings,
};
use post::{Event, Post, Pseudonyms};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::Mention;

/// How long it waits for posts.
const WAIT: Duration = Duration::from_millis(250);
/// How often it reads what servers changed in the control state: classifiers, accounts, context.
const REFRESH: Duration = Duration::from_secs(5);

/// What a worker needs of the rest of the process.
pub struct Tools {
    /// Classifiers, accounts, acceptance.
    pub control: Arc<Control>,
    /// The models and what is trained here.
    pub scoring: Arc<Scoring>,
    /// For compiling queries.
    pub pseudonyms: Pseudonyms,
    /// What is counted.
    pub counters: Arc<Counters>,
    /// Why it does not go on, if so; ends it.
    pub blocked: Blocked,
    /// Threads that match and score.
    pub threads: usize,
}

/// One member of the group of workers.
pub struct Worker {
    tools: Tools,
    consumer: Consumer,
    forwarder: Forwarder,
    settings: Settings,
    /// What all workers found: posts whose answers may be asked for. Read only while a monitor keeps context, since each worker
    /// reads all of it.
    others: Option<MatchedReader>,
    /// The set in use, and the one before it: while collectors hear of a change, posts alternate.
    sets: [Option<(u64, Monitors)>; 2],
    kept: Arc<Kept>,
    accounts: Arc<OwnAccounts>,
    refreshed: Option<Instant>,
}

impl Worker {
    /// Joins the group.
    pub fn join(settings: &Settings, flow: Flow, tools: Tools) -> anyhow::Result<Worker> {
        Ok(Worker {
            consumer: Consumer::open(settings, &format!("{}.workers", settings.prefix), flow)?,
            forwarder: Forwarder::open(settings)?,
            settings: settings.clone(),
            others: None,
            sets: [None, None],
            kept: Arc::default(),
            accounts: Arc::default(),
            refreshed: None,
            tools,
        })
    }

    /// How far behind each partition is, for any thread.
    pub fn lag(&self) -> impl Fn() -> Vec<Lag> + Send + Sync + use<> {
        let acks: Acks = self.consumer.acks();
        move || acks.lag()
    }

    /// Works until the process ends, or a fault that does not pass; then leaves the group.
    pub fn run(mut self) {
        while !self.tools.blocked.ending() {
            self.refresh();
            match self.step() {
                Ok(()) => self.tools.blocked.clear("what workers found"),
                Err(Fault::Brokers(error)) => {
                    if !fault(&self.tools.blocked, &error) {
                        return;
                    }
                }
                Err(Fault::Lasting(error)) => {
                    tracing::error!(%error, "the worker cannot go on");
                    return self.tools.blocked.set("worker", error.to_string());
                }
            }
        }
    }

    fn step(&mut self) -> Result<(), Fault> {
        self.listen()?;
        let deliveries = self.consumer.poll(WAIT)?.deliveries;
        self.take(deliveries)
    }

    /// Hears what other workers found.
    fn listen(&mut self) -> Result<(), Fault> {
        if !self.kept.is_on() {
            self.others = None;
            return Ok(());
        }
        let others = match &mut self.others {
            Some(others) => others,
            none => none.insert(MatchedReader::follow(&self.settings)?),
        };
        for matched in others.arrived(Duration::ZERO)?.matched {
            if let Some(post) = post_of(&matched.entry) {
                let mentions = findings::read(post, &matched.findings).map_err(Fault::Lasting)?;
                let own = mentions.iter().filter(|m| !m.is_context());
                let monitors: Vec<&str> = own.map(|m| m.monitor.as_str()).collect();
                self.kept.hear(post, &monitors);
            }
        }
        Ok(())
    }

    /// Matches a stretch of each partition; they are acknowledged when everything found in them is forwarded. What was
    /// handed out does not come again to this worker, so faults that pass are waited out.
    fn take(&mut self, deliveries: Vec<Delivery>) -> Result<(), Fault> {
        let (mut forward, mut ranges) = (Vec::new(), Vec::new());
        for Delivery { range, records } in deliveries {
            let mut records = records.into_iter().peekable();
            while let Some(first) = records.next() {
                let version = first.monitors;
                let mut alike = vec![first];
                while let Some(next) = records.next_if(|r| r.monitors == version) {
                    alike.push(next);
                }
                self.match_alike(version, alike, &mut forward)?;
            }
            ranges.push(range);
        }
        let forwarder = &mut self.forwarder;
        until_it_passes(&self.tools.blocked, || forwarder.forward(&forward))?;
        self.tools
            .counters
            .mentions
            .add(forward.iter().filter(|m| !m.findings.is_empty()).count());
        let acks = self.consumer.acks();
        for range in ranges {
            // Where the partition went to another worker meanwhile, that one forwards it once more.
            let _ = acks.acknowledge(&range);
        }
        Ok(())
    }

    /// Records that are to be matched under one version of the monitor set.
    fn match_alike(
        &mut self,
        version: u64,
        records: Vec<Record>,
        forward: &mut Vec<Found>,
    ) -> Result<(), Fault> {
        let posts: Vec<&Post> = records.iter().filter_map(|r| post_of(&r.entry)).collect();
        self.tools.counters.posts.add(posts.len());
        let mut found = self.find(version, &posts)?.into_iter();
        for record in records {
            let mentions = match post_of(&record.entry) {
                None => Vec::new(),
                Some(post) => {
                    let mentions = found.next().unwrap_or_default();
                    let is_asked = post.event != Event::Create || own_reply(post, &self.accounts).is_some();
                    if mentions.is_empty() && !is_asked {
                        continue;
                    }
                    mentions
                }
            };
            let findings = findings::write(&mentions).map_err(Fault::Lasting)?;
            forward.push(Found { record, findings });
        }
        Ok(())
    }

    /// The mentions of each post.
    fn find(&mut self, version: u64, posts: &[&Post]) -> Result<Vec<Vec<Mention>>, Fault> {
        if posts.is_empty() {
            return Ok(Vec::new());
        }
        self.put_in_use(version)?;
        let (scoring, threads) = (self.tools.scoring.clone(), self.tools.threads);
        let Some((_, monitors)) = &mut self.sets[0] else {
            // Before the first set nothing is looked for.
            return Ok(Vec::new());
        };
        let snapshot = monitors.snapshot().clone();
        let mut found = match_in_parallel(&snapshot, &scoring, posts, threads);
        context::add(&self.kept, &snapshot, &scoring, posts.iter().copied(), &mut found);
        monitors.tend();
        Ok(found)
    }

    /// Makes the set of this version the first of the two.
    fn put_in_use(&mut self, version: u64) -> Result<(), Fault> {
        let has = |set: &Option<(u64, Monitors)>| set.as_ref().is_some_and(|(known, _)| *known == version);
        if has(&self.sets[0]) {
            return Ok(());
        }
        self.sets.swap(0, 1);
        if has(&self.sets[0]) {
            return Ok(());
        }
        let consumer = &mut self.consumer;
        let Some(set) = until_it_passes(&self.tools.blocked, || consumer.monitors(version))? else {
            self.sets.swap(0, 1);
            return Ok(());
        };
        let set = (*set).clone();
        match &mut self.sets[0] {
            Some((known, monitors)) => {
                for monitor in monitors.replace(set) {
                    self.kept.drop_monitor(&monitor);
                }
                *known = version;
            }
            empty => *empty = Some((version, Monitors::new(set, &self.tools.pseudonyms))),
        }
        Ok(())
    }

    /// Takes up what changed in the control state. What cannot be read now is read the next time.
    fn refresh(&mut self) {
        if self.refreshed.is_some_and(|at| at.elapsed() < REFRESH) {
            return;
        }
        self.refreshed = Some(Instant::now());
        let Tools {
            control,
            scoring,
            pseudonyms,
            ..
        } = &self.tools;
        let read = || {
            scoring.gate.refresh(control)?;
            scoring.own.refresh(control)?;
            scoring.relevance.refresh(control)?;
            self.accounts.refresh(control, pseudonyms)?;
            self.kept.refresh(control).map(drop)
        };
        if let Err(error) = read() {
            tracing::warn!(%error, "the control state cannot be read; what was known of it holds");
        }
    }
}

fn post_of(entry: &Entry) -> Option<&Post> {
    match entry {
        Entry::Post { post, .. } => Some(post),
        _ => None,
    }
}

/// Tries until the brokers do what is asked, or never will.
fn until_it_passes<T>(
    blocked: &Blocked,
    mut ask: impl FnMut() -> Result<T, journal::kafka::Error>,
) -> Result<T, Fault> {
    loop {
        match ask() {
            Err(error) if fault(blocked, &error) => {}
            answer => return answer.map_err(Fault::Brokers),
        }
    }
}

/// Why a step failed.
enum Fault {
    Brokers(journal::kafka::Error),
    Lasting(anyhow::Error),
}

impl From<journal::kafka::Error> for Fault {
    fn from(error: journal::kafka::Error) -> Self {
        Fault::Brokers(error)
    }
}
