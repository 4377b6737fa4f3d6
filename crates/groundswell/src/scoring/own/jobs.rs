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

/// A job with its number, by which one that was stopped but has not ended yet is told from the one after it.
#[derive(Debug)]
struct Numbered {
    number: u64,
    job: Job,
}

/// The newest job of each classifier.
#[derive(Debug, Default)]
pub struct Jobs {
    all: Mutex<HashMap<String, Numbered>>,
    /// Whoever has it trains.
    turn: Mutex<()>,
}

impl Jobs {
    /// The newest job of a classifier.
    pub fn get(&self, id: &str) -> Option<Job> {
        self.lock().get(id).map(|n| n.job.clone())
    }

    /// Begins a job, unless one of this classifier is under way.
    pub(crate) fn begin(self: &Arc<Self>, id: &str, kind: JobKind) -> Option<Running> {
        let mut all = self.lock();
        let old = all.get(id);
        if old.is_some_and(|n| n.job.is_open()) {
            return None;
        }
        let number = old.map_or(0, |n| n.number + 1);
        let job = Job::new(kind);
        all.insert(id.to_owned(), Numbered { number, job });
        Some(Running {
            number,
            jobs: self.clone(),
            id: id.to_owned(),
        })
    }

    /// Stops the job of a classifier, if one is under way. Training ends before its next fold or batch.
    pub(crate) fn stop(&self, id: &str) -> bool {
        match self.lock().get_mut(id).map(|n| &mut n.job) {
            Some(job) if job.is_open() => {
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

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Numbered>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job under way. One that is let go of without an end has failed.
#[derive(Debug)]
pub(crate) struct Running {
    jobs: Arc<Jobs>,
    id: String,
    number: u64,
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
        let mut all = self.jobs.lock();
        let Some(job) = self.own(&mut all) else {
            return false;
        };
        job.state = JobState::Running;
        tell(job);
        true
    }

    /// Ends it.
    pub(crate) fn end(self, result: Result<(), String>) {
        self.close(result);
    }

    /// The job itself, while it has not ended.
    fn own<'j>(&self, all: &'j mut HashMap<String, Numbered>) -> Option<&'j mut Job> {
        let found = all.get_mut(&self.id).filter(|n| n.number == self.number);
        found.map(|n| &mut n.job).filter(|j| j.is_open())
    }

    fn close(&self, result: Result<(), String>) {
        if let Some(job) = self.own(&mut self.jobs.lock()) {
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
        drop(running);
        let job = jobs.get("c_1").expect("it is remembered");
        assert_eq!((job.state, job.done), (JobState::Failed, 3));
        let applying = jobs.begin("c_1", JobKind::Apply).expect("the other has ended");
        assert!(jobs.stop("c_1"));
        assert!(!applying.tell(|job| job.done = 9));
        applying.end(Ok(()));
        assert_eq!(jobs.get("c_1").map(|j| j.state), Some(JobState::Stopped));
        let training = jobs.begin("c_1", JobKind::Train).expect("the other has ended");
        assert!(jobs.stop("c_1") && !jobs.stop("c_1"));
        let next = jobs.begin("c_1", JobKind::Train).expect("the other was stopped");
        assert!(
            !training.tell(|job| job.done = 1),
            "it does not tell of the one after it"
        );
        training.end(Ok(()));
        assert!(next.tell(|job| job.done = 2));
    }
}
