//! Changing the monitor set while the stream runs.
//!
//! A change is journaled like a post: everything before it was matched under the old set, everything behind it under the
//! new one, in this run and in every replay. What lies before it is then searched for new and edited monitors.

use super::backfill::{self, Job, Tools};
use super::engine::Engine;
use super::ingest::Incoming;
use journal::{MonitorChange, MonitorDef, Position};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;
use tokio::sync::oneshot;

impl Engine {
    /// Puts what has changed of the control state's monitors in force and starts the search of the past for those
    /// named. Returns when live matching uses it.
    pub async fn publish_monitors(&self, search: &[String]) -> anyhow::Result<()> {
        let mut journaled = self.changing.lock().await;
        // Until then the set in force is an older one.
        self.replayed.clone().wait_for(|done| *done).await?;
        let change = self.open_change(*journaled)?;
        let upto = change.version;
        if journaled.is_none() {
            self.note_known()?;
        }
        if change.is_empty() && search.is_empty() {
            *journaled = Some(upto);
            return Ok(());
        }
        let version = upto.max(self.live.load().version + 1);
        let put = change.put.clone();
        let (reply, answer) = oneshot::channel();
        let change = MonitorChange { version, ..change };
        self.intake.deliver(Incoming::Monitors(change, reply)).await?;
        let until = answer.await?;
        let now = crate::clock::now();
        let in_force = put.iter().map(|def| (def.clone(), until, now));
        self.control.note_journaled(upto, in_force)?;
        *journaled = Some(upto);
        self.wait_in_force(version).await?;
        for id in search {
            let def = match put.iter().find(|m| m.id == *id) {
                Some(def) => def.clone(),
                None => self.control.monitor_def(id)?,
            };
            if def.active {
                self.search_past(def, until)?;
            }
        }
        Ok(())
    }

    /// What is in the control state and not in the journal. At first the two are compared whole: a crash may have come
    /// between them.
    fn open_change(&self, journaled: Option<u64>) -> anyhow::Result<MonitorChange> {
        let live = self.live.load();
        let Some(version) = journaled else {
            return Ok(live.set().change_to(&self.control.monitor_set()?));
        };
        let mut change = self.control.changes_since(version)?;
        // A new name or colour is nothing to matching.
        change
            .put
            .retain(|def| live.monitor(&def.id).is_none_or(|known| known.def != *def));
        Ok(change)
    }

    /// Notes from where on monitors are in force that an earlier run journaled and did not live to note.
    fn note_known(&self) -> anyhow::Result<()> {
        let live = self.live.load();
        let known = self.control.unnoted()?.into_iter().filter_map(|def| {
            let same = live.monitor(&def.id).is_some_and(|w| w.def == def);
            let (position, at) = self.journal.in_force_since(&def.id).filter(|_| same)?;
            Some((def, position, at))
        });
        let known: Vec<_> = known.collect();
        if known.is_empty() {
            return Ok(());
        }
        // What is not journaled yet stays noted as a change.
        Ok(self.control.note_journaled(0, known)?)
    }

    fn search_past(&self, def: MonitorDef, until: Position) -> anyhow::Result<()> {
        let from = self.journal.first_position();
        self.control
            .backfill_bounds(&def.id, def.version, from.0, until.0, self.journal.span()?.from)?;
        self.backfills.start(Job {
            def,
            from,
            until,
            since: Instant::now(),
        });
        Ok(())
    }

    async fn wait_in_force(&self, version: u64) -> anyhow::Result<()> {
        self.intake.in_force().wait_for(|v| *v >= version).await?;
        Ok(())
    }

    /// Goes on with searches that an earlier run did not finish, once the journal is replayed and the control state's
    /// set is in force: a change of a monitor drops mentions, and must not drop those found again.
    pub async fn resume_backfills(&self) -> anyhow::Result<()> {
        self.replayed.clone().wait_for(|done| *done).await?;
        let set = self.control.monitor_set()?;
        for open in self.control.open_backfills()? {
            if self.backfills.has(&open.monitor, open.version) {
                continue;
            }
            let found = set
                .monitors
                .iter()
                .find(|m| m.id == open.monitor && m.version == open.version && m.active);
            if let Some(def) = found {
                let from = Position(open.next).max(self.journal.first_position());
                let newest = || self.journal.next_position().unwrap_or(Position(set.version));
                let until = open.until.map_or_else(newest, Position);
                self.backfills.start(Job {
                    def: def.clone(),
                    from,
                    until,
                    since: Instant::now(),
                });
            }
        }
        Ok(())
    }
}

/// One thread that works through searches of the past, one after the other, beside the live stream.
pub(super) struct Backfills {
    queue: Mutex<Option<Sender<Job>>>,
    wanted: Wanted,
    ending: Arc<AtomicBool>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// The version last asked for, by monitor: an older search is pointless.
type Wanted = Arc<Mutex<HashMap<String, u32>>>;

impl Backfills {
    pub(super) fn new(tools: Tools) -> std::io::Result<Self> {
        let (queue, jobs) = channel();
        let wanted = Wanted::default();
        let ending = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new().name("backfill".to_owned()).spawn({
            let (wanted, ending) = (wanted.clone(), ending.clone());
            move || work(&jobs, &tools, &wanted, &ending)
        })?;
        Ok(Self {
            queue: Mutex::new(Some(queue)),
            wanted,
            ending,
            thread: Mutex::new(Some(thread)),
        })
    }

    fn start(&self, job: Job) {
        self.wanted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(job.def.id.clone(), job.def.version);
        if let Some(queue) = &*self.queue.lock().unwrap_or_else(PoisonError::into_inner) {
            // The thread ends only after the queue: a job that finds it gone is resumed by the next run.
            let _ = queue.send(job);
        }
    }

    /// Whether this run searches for it already.
    fn has(&self, monitor: &str, version: u32) -> bool {
        let wanted = self.wanted.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.get(monitor) == Some(&version)
    }

    /// A monitor is gone or paused: its search ends.
    pub(super) fn cancel(&self, monitor: &str) {
        self.wanted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(monitor);
    }

    /// Ends the thread; what it had not finished is resumed by the next run.
    pub(super) fn stop(&self) {
        self.ending.store(true, Ordering::Relaxed);
        drop(self.queue.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|t| t.join().is_err()) {
            tracing::error!("the backfill thread panicked");
        }
    }
}

fn work(jobs: &Receiver<Job>, tools: &Tools, wanted: &Wanted, ending: &AtomicBool) {
    for job in jobs {
        let current = || {
            wanted
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get(&job.def.id)
                .copied()
        };
        let stop = || ending.load(Ordering::Relaxed) || current() != Some(job.def.version);
        if stop() {
            continue;
        }
        if let Err(error) = backfill::run(&job, tools, &stop) {
            tracing::error!(monitor = %job.def.id, %error, "the search of the past failed; the next start tries again");
            if let Err(error) = tools.control.backfill_failed(&job.def.id, job.def.version) {
                tracing::error!(monitor = %job.def.id, %error, "that a search failed cannot be noted");
            }
        }
    }
}

impl Engine {
    /// Ends the search of the past for a monitor.
    pub fn cancel_backfill(&self, monitor: &str) {
        self.backfills.cancel(monitor);
    }
}
