//! The thread of the detectors, and what commits tell it.

use super::keep;
use super::machines::Automated;
use super::watch::Project;
use crate::pipeline::{Committed, Engine};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How often it is looked for closed bins.
const EVERY: Duration = Duration::from_secs(2);
/// Delays told of between two looks, for each project.
const LAGS: usize = 200;
/// Hours told of.
const HOURS: usize = 24 * 400;

/// What came into a project since the last look.
#[derive(Debug, Default, Clone)]
pub(super) struct Told {
    /// Mentions by the hour of their posts.
    pub(super) hours: BTreeMap<i64, u64>,
    /// Seconds between posts and their mentions, of some.
    pub(super) lags: Vec<i64>,
}

/// Watches over every project in a thread of its own.
#[derive(Default)]
pub struct Detectors {
    told: Mutex<BTreeMap<String, Told>>,
    projects: Mutex<BTreeMap<String, Arc<Mutex<Project>>>>,
    thread: Mutex<Option<(Sender<()>, JoinHandle<()>)>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Detectors {
    /// Hears of a commit. It only notes how many mentions came of which hour: the writer never waits for detectors, and
    /// however far these are behind, what is noted stays small.
    pub fn hear(&self, commit: &Committed) {
        let mut told = locked(&self.told);
        for mention in &commit.mentions {
            let told = told.entry(mention.project.clone()).or_default();
            let at = mention.post.created_at.div_euclid(1000);
            let hour = at.div_euclid(3_600);
            if told.hours.len() < HOURS || told.hours.contains_key(&hour) {
                *told.hours.entry(hour).or_default() += 1;
            }
            if told.lags.len() < LAGS {
                told.lags
                    .push((mention.post.seen_at - mention.post.created_at) / 1000);
            }
        }
    }

    /// Starts watching.
    ///
    /// # Errors
    /// Where no thread can be made.
    pub fn start(self: &Arc<Self>, engine: Arc<Engine>) -> std::io::Result<()> {
        let (stop, stopped) = channel();
        let watcher = self.clone();
        let thread = std::thread::Builder::new()
            .name("detect".to_owned())
            .spawn(move || watcher.run(&engine, &stopped))?;
        *locked(&self.thread) = Some((stop, thread));
        Ok(())
    }

    /// Ends it; what was learned is kept. Blocks.
    pub fn stop(&self) {
        if let Some((stop, thread)) = locked(&self.thread).take() {
            drop(stop);
            if thread.join().is_err() {
                tracing::error!("the thread of the detectors panicked");
            }
        }
    }

    /// What can be said of the accounts of a project at `now` (Unix seconds), the highest scores first.
    pub(crate) fn automated(&self, engine: &Engine, project: &str, now: i64) -> Vec<Automated> {
        let found = locked(&self.projects).get(project).cloned();
        let Some(found) = found else {
            return Vec::new();
        };
        let found = locked(&found);
        found
            .walked
            .as_ref()
            .map_or_else(Vec::new, |w| w.machines.list(&engine.gate, now))
    }

    /// End of the last bin that was read of a project, Unix seconds.
    pub(crate) fn read_up_to(&self, project: &str) -> Option<i64> {
        let found = locked(&self.projects).get(project).cloned()?;
        let found = locked(&found);
        found.walked.as_ref().map(|w| w.cursor)
    }

    fn run(&self, engine: &Engine, stopped: &Receiver<()>) {
        let mut day = 0;
        let mut wait = EVERY;
        while matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout)) {
            let now = crate::clock::now() / 1000;
            wait = match self.look(engine, now, stopped) {
                Ok(true) => Duration::from_millis(5),
                Ok(false) => EVERY,
                Err(error) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "detectors cannot go on; they try again"
                    );
                    EVERY * 5
                }
            };
            if now.div_euclid(super::DAY) != day {
                day = now.div_euclid(super::DAY);
                if let Err(error) = engine.control.forget_old_findings(now * 1000) {
                    tracing::error!(%error, "old findings cannot be forgotten");
                }
            }
        }
        let now = crate::clock::now() / 1000;
        for (id, project) in locked(&self.projects).iter() {
            locked(project).save(id, engine, now);
        }
    }

    /// Visits every project once. True where one has more to do.
    fn look(&self, engine: &Engine, now: i64, stopped: &Receiver<()>) -> anyhow::Result<bool> {
        let ids: BTreeSet<String> = engine.control.projects()?.into_iter().map(|p| p.id).collect();
        let mut told = std::mem::take(&mut *locked(&self.told));
        let gone: Vec<String> = {
            let mut projects = locked(&self.projects);
            let gone = projects.keys().filter(|id| !ids.contains(*id)).cloned().collect();
            projects.retain(|id, _| ids.contains(id));
            gone
        };
        gone.iter().for_each(|id| keep::remove(&engine.data, id));
        let mut more = false;
        for id in ids {
            if !matches!(stopped.try_recv(), Err(std::sync::mpsc::TryRecvError::Empty)) {
                return Ok(false);
            }
            let project = locked(&self.projects).entry(id.clone()).or_default().clone();
            let told = told.remove(&id).unwrap_or_default();
            // One project that cannot be read must not keep the others from being watched.
            match locked(&project).visit(&id, engine, told, now) {
                Ok(busy) => more |= busy,
                Err(error) => {
                    tracing::error!(
                        project = id,
                        error = format!("{error:#}"),
                        "the project cannot be watched now"
                    );
                }
            }
        }
        Ok(more)
    }
}
