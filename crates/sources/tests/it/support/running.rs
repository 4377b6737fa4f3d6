//! A source that runs against a local server.

use sources::{
    Context, Delivery, Health, HealthSnapshot, Report, SourceError, SourceEvent, Task, Wanted, find,
};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// Waits go this much faster than in the world.
const PACE: f64 = 0.0002;
/// Nothing here takes that long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a source is started.
pub(crate) struct Start {
    pub(crate) cursor: Option<String>,
    pub(crate) wanted: Vec<Wanted>,
    pub(crate) task: Task,
    pub(crate) pace: f64,
    pub(crate) keep: Arc<dyn sources::keep::Keep>,
    pub(crate) budget: Option<Arc<sources::budget::Budget>>,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            cursor: None,
            wanted: Vec::new(),
            task: Task::Follow,
            pace: PACE,
            keep: Arc::new(sources::keep::Memory::default()),
            budget: None,
        }
    }
}

/// A running source.
pub(crate) struct Running {
    pub(crate) received: mpsc::Receiver<Delivery>,
    pub(crate) health: Arc<Health>,
    pub(crate) report: Arc<Report>,
    pub(crate) wanted: watch::Sender<Arc<Vec<Wanted>>>,
    stop: watch::Sender<bool>,
    running: JoinHandle<Result<(), SourceError>>,
}

/// Starts a source of this connector.
pub(crate) fn start(connector: &str, config: &str, with: Start) -> Running {
    let table = config.parse().expect("a configuration that is TOML");
    let source = (find(connector).expect("a connector").configure)(table).expect("a valid configuration");
    let (out, received) = mpsc::channel(4);
    let (stop, shutdown) = watch::channel(false);
    let (wanted, wishes) = watch::channel(Arc::new(with.wanted));
    let mut context = Context {
        cursor: with.cursor,
        wanted: wishes,
        keep: with.keep,
        pace: with.pace,
        ..Context::plain(out, shutdown)
    };
    if let Some(budget) = with.budget {
        context.budget = budget;
    }
    Running {
        received,
        health: context.health.clone(),
        report: context.report.clone(),
        wanted,
        stop,
        running: tokio::spawn(source.run(with.task, context)),
    }
}

impl Running {
    /// The next delivery; `None` where it does not come in time or the source has ended.
    pub(crate) async fn next(&mut self) -> Option<Delivery> {
        timeout(PATIENCE, self.received.recv()).await.ok().flatten()
    }

    /// Waits until so many events or refusals have come.
    pub(crate) async fn take(&mut self, wanted: usize) -> Delivery {
        let mut all = Delivery::default();
        while all.events.len() + all.refused.len() < wanted {
            let next = self.next().await.unwrap_or_else(|| {
                panic!(
                    "{} of {wanted} came; {:?}",
                    all.events.len(),
                    self.health.snapshot()
                )
            });
            all.events.extend(next.events);
            all.refused.extend(next.refused);
            all.cursor = next.cursor.or(all.cursor);
        }
        all
    }

    /// Everything until the source ends by itself.
    pub(crate) async fn rest(&mut self) -> (Delivery, Result<(), SourceError>) {
        let mut all = Delivery::default();
        while let Some(next) = self.next().await {
            all.events.extend(next.events);
            all.refused.extend(next.refused);
            all.cursor = next.cursor.or(all.cursor);
        }
        let ended = timeout(PATIENCE, &mut self.running)
            .await
            .expect("it ends")
            .unwrap();
        (all, ended)
    }

    /// Waits until its health is as wished.
    pub(crate) async fn until(&self, wished: impl Fn(&HealthSnapshot) -> bool) -> HealthSnapshot {
        for _ in 0..2000 {
            let health = self.health.snapshot();
            if wished(&health) {
                return health;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("never came: {:?}", self.health.snapshot());
    }

    /// Tells it to stop, and sees that it does.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        // What waits in the channel is taken, so that nobody waits for it.
        while self.received.recv().await.is_some() {}
        let ended = timeout(PATIENCE, self.running).await.expect("it stops");
        ended.unwrap().expect("stopping is no error");
    }
}

/// The uids of posts, each once.
pub(crate) fn uids(events: &[SourceEvent]) -> BTreeSet<String> {
    events
        .iter()
        .filter_map(|e| match e {
            SourceEvent::Post(post) => post.uid.clone(),
            SourceEvent::AuthorGone { .. } => None,
        })
        .collect()
}
