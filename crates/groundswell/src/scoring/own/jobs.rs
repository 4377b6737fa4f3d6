//! Training and applying, under way and ended. Kept in memory: after a restart nothing is under way.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use utoipa::ToSchema;

/// What a job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Trains a version.
    Train,
    /// Applies the version in force to stored mentions.
    Apply,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Another is trained first.
    Waiting,
    /// It is under way.
    Running,
    /// It came to its end.
    Done,
    /// It could not go on.
    Failed,
    /// Somebody stopped it.
    Stopped,
}

/// A job of a classifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Job {
    /// What it does.
    pub kind: JobKind,
    /// How far it is.
    pub state: JobState,
    /// What of it is under way: `reading`, `encoding`, `validating`, `fitting` or `applying`.
    pub stage: String,
    /// Rows, folds or posts of this stage that are done.
    pub done: u64,
    /// Of how many.
    pub of: u64,
    /// The version that is trained or applied, once it is known.
    pub version: Option<u32>,
    /// Mentions whose label changed.
    pub changed: u64,
    /// When it began.
    pub started_at: i64,
    /// When it ended.
    pub ended_at: Option<i64>,
    /// Why it could not go on.
    pub error: Option<String>,
}

impl Job {
    fn new(kind: JobKind) -> Self {
        Self {
            kind,
            state: JobState::Waiting,
            stage: String::new(),
            done: 0,
            of: 0,
            version: None,
            changed: 0,
            started_at: crate::clock::now(),
            ended_at: None,
            error: None,
        }
    }

    fn is_open(&self) -> bool {
        matches!(self.state, JobState::Waiting | JobState::Running)
    }

    fn end(&mut self, state: JobState, error: Option<String>) {
        (self.state, self.error) = (state, error);
        self.ended_at = Some(crate::clock::now());
    }
}

/// The newest job of each classifier.
#[derive(Debug, Default)]
pub struct Jobs {
    all: Mutex<HashMap<String, Job>>,
    /// Whoever has it trains.
    turn: Mutex<()>,
}

impl Jobs {
    /// The newest job of a classifier.
    pub fn get(&self, id: &str) -> Option<Job> {
        self.lock().get(id).cloned()
    }

    /// Begins a job, unless one of this classifier is under way.
    pub(crate) fn begin(self: &Arc<Self>, id: &str, kind: JobKind) -> Option<Running> {
        let mut all = self.lock();
        if all.get(id).is_some_and(Job::is_open) {
            return None;
        }
        all.insert(id.to_owned(), Job::new(kind));
        Some(Running {
            jobs: self.clone(),
            id: id.to_owned(),
        })
    }

    /// Stops the job of a classifier, if it is one that can be stopped: applying.
    pub(crate) fn stop(&self, id: &str) -> bool {
        match self.lock().get_mut(id) {
            Some(job) if job.is_open() && job.kind == JobKind::Apply => {
                job.end(JobState::Stopped, None);
                true
            }
            _ => false,
        }
    }

    /// Waits until nothing else is trained.
    pub(crate) fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Job>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job under way. One that is let go of without an end has failed.
#[derive(Debug)]
pub(crate) struct Running {
    jobs: Arc<Jobs>,
    id: String,
}

impl Running {
    /// The classifier.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// All jobs.
    pub(crate) fn jobs(&self) -> Arc<Jobs> {
        self.jobs.clone()
    }

    /// Tells how far it is. Says whether it is to go on.
    pub(crate) fn tell(&self, tell: impl FnOnce(&mut Job)) -> bool {
        match self.jobs.lock().get_mut(&self.id) {
            Some(job) if job.is_open() => {
                job.state = JobState::Running;
                tell(job);
                true
            }
            _ => false,
        }
    }

    /// Ends it.
    pub(crate) fn end(self, result: Result<(), String>) {
        self.close(result);
    }

    fn close(&self, result: Result<(), String>) {
        if let Some(job) = self.jobs.lock().get_mut(&self.id).filter(|j| j.is_open()) {
            match result {
                Ok(()) => job.end(JobState::Done, None),
                Err(error) => job.end(JobState::Failed, Some(error)),
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close(Err(
            "it ended without saying why; the server's log says more".to_owned()
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_classifier_has_one_job_at_a_time_and_a_lost_one_has_failed() {
        let jobs = Arc::new(Jobs::default());
        let running = jobs.begin("c_1", JobKind::Train).expect("nothing is under way");
        assert!(jobs.begin("c_1", JobKind::Apply).is_none());
        assert!(jobs.begin("c_2", JobKind::Train).is_some());
        assert!(running.tell(|job| job.done = 3));
        assert!(!jobs.stop("c_1"), "training runs to its end");
        drop(running);
        let job = jobs.get("c_1").expect("it is remembered");
        assert_eq!((job.state, job.done), (JobState::Failed, 3));
        let applying = jobs.begin("c_1", JobKind::Apply).expect("the other has ended");
        assert!(jobs.stop("c_1"));
        assert!(!applying.tell(|job| job.done = 9));
        applying.end(Ok(()));
        assert_eq!(jobs.get("c_1").map(|j| j.state), Some(JobState::Stopped));
    }
}
