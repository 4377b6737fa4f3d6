//! The contract between a source and the app.

use crate::budget::Budget;
use crate::error::{Refused, SourceError};
use crate::health::Health;
use crate::keep::{Keep, Memory};
use crate::report::Report;
use crate::wanted::Wanted;
use post::RawPost;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// Nothing waits longer without looking again.
const LONGEST_WAIT: Duration = Duration::from_secs(32 * 86_400);

/// What [`Source::run`] returns.
pub type RunFuture = Pin<Box<dyn Future<Output = Result<(), SourceError>> + Send>>;

/// A connection to a platform, a file, a stream.
pub trait Source: Send {
    /// Does its task: fetches, maps and delivers until told to stop, until there is nothing more to come, or until it
    /// cannot go on. A task that the connector's [`crate::Registration`] does not list is refused.
    fn run(self: Box<Self>, task: Task, context: Context) -> RunFuture;
}

/// What a source is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Follow what is new, from the cursor on.
    Follow,
    /// Search the platform's past for what is wanted, newest first.
    Past(Past),
    /// Ask the platform whether these posts (uids) are still there, and deliver what changed: deletes, edits, counts.
    Recheck(Vec<String>),
    /// Connect, say in the report what is seen, deliver nothing and spend nothing.
    Test,
}

impl Task {
    /// What a connector must be able to do for it.
    pub fn ability(&self) -> Ability {
        match self {
            Task::Follow => Ability::Follow,
            Task::Past(_) => Ability::Past,
            Task::Recheck(_) => Ability::Recheck,
            Task::Test => Ability::Test,
        }
    }
}

/// What a connector can do, besides being called by a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ability {
    /// Deliver what is new.
    Follow,
    /// Search the platform's past.
    Past,
    /// Ask whether posts are still there.
    Recheck,
    /// Say whether the configuration works.
    Test,
}

/// A search of a platform's past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// No older than this, milliseconds since 1970.
    pub from: i64,
    /// No newer than this.
    pub until: i64,
    /// Only say in the report what it would take.
    pub estimate: bool,
}

/// What a running source is given.
pub struct Context {
    /// The cursor of the last durable delivery of this source; `None` on the first run.
    pub cursor: Option<String>,
    /// Where deliveries go. Bounded: a full channel makes the source wait.
    pub out: mpsc::Sender<Delivery>,
    /// What the source says about itself.
    pub health: Arc<Health>,
    /// Becomes `true` when the source is to stop.
    pub shutdown: watch::Receiver<bool>,
    /// What is looked for now, for platforms that can filter. Under [`Task::Past`], what is looked for there.
    pub wanted: watch::Receiver<Arc<Vec<Wanted>>>,
    /// What may be spent.
    pub budget: Arc<Budget>,
    /// What must be remembered beside the cursor.
    pub keep: Arc<dyn Keep>,
    /// What [`Task::Test`] and [`Task::Past`] found out.
    pub report: Arc<Report>,
    /// How fast time goes for waits: 1.0, and less in tests.
    pub pace: f64,
}

impl Context {
    /// Sends a delivery, waiting while the channel is full. `Ok(false)` means that the source is to stop; the
    /// delivery was not sent then, and its cursor is not durable.
    pub async fn deliver(&mut self, delivery: Delivery) -> Result<bool, SourceError> {
        let posts = delivery
            .events
            .iter()
            .filter(|e| matches!(e, SourceEvent::Post(_)))
            .count();
        tokio::select! {
            biased;
            sent = self.out.send(delivery) => match sent {
                Ok(()) => {
                    self.health.delivered(posts as u64);
                    Ok(true)
                }
                Err(_) => Err(SourceError::Closed),
            },
            () = stopped(&mut self.shutdown) => Ok(false),
        }
    }

    /// A context without limits, wishes or memory, which delivers into `out`: for tools and tests.
    pub fn plain(out: mpsc::Sender<Delivery>, shutdown: watch::Receiver<bool>) -> Self {
        Self {
            cursor: None,
            out,
            health: Arc::new(Health::default()),
            shutdown,
            wanted: watch::channel(Arc::new(Vec::new())).1,
            budget: Arc::new(Budget::unlimited()),
            keep: Arc::new(Memory::default()),
            report: Arc::new(Report::default()),
            pace: 1.0,
        }
    }

    /// Waits; `false` when the source is to stop.
    pub async fn wait(&mut self, time: Duration) -> bool {
        let time = time.min(LONGEST_WAIT).mul_f64(self.pace);
        tokio::select! {
            biased;
            () = stopped(&mut self.shutdown) => false,
            () = tokio::time::sleep(time) => true,
        }
    }

    /// Waits like [`Context::wait`], but no longer than until something else is wanted.
    pub async fn wait_or_change(&mut self, time: Duration) -> bool {
        let mut wanted = self.wanted.clone();
        tokio::select! {
            biased;
            // An app that will change nothing more has dropped its end: then only time counts.
            Ok(()) = wanted.changed() => true,
            going_on = self.wait(time) => going_on,
        }
    }

    /// Resolves when the source is to stop.
    pub async fn stopped(&mut self) {
        stopped(&mut self.shutdown).await;
    }
}

async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // A dropped sender means that the app is gone: stop as well.
    let _ = shutdown.wait_for(|stop| *stop).await;
}

/// A batch. The app admits it, journals it together with the cursor, and only then is the cursor durable.
#[derive(Debug, Default)]
pub struct Delivery {
    /// What happened, in the platform's order.
    pub events: Vec<SourceEvent>,
    /// Where to resume after this batch; `None` where the source cannot resume.
    pub cursor: Option<String>,
    /// What was fetched with this batch and could not be mapped.
    pub refused: Vec<Refused>,
}

/// Something a source tells.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceEvent {
    /// A post, an edit, a delete or new counts, by its `event`.
    Post(Box<RawPost>),
    /// An account is gone from its platform (deleted, taken down, suspended or deactivated): its posts must go too.
    AuthorGone {
        /// The platform.
        platform: &'static str,
        /// The platform's id of the author.
        author_id: String,
    },
}
