//! `--role process`: a worker and what it needs.

use super::health;
use crate::config::{Config, Kafka};
use crate::control::Control;
use crate::pipeline::{self, Blocked, Counters, Worker, WorkerTools};
use journal::kafka::{Flow, Lag};
use models::Models;
use std::sync::Arc;
use std::thread::JoinHandle;

/// A worker in a thread of its own.
pub(crate) struct Working {
    /// How far behind each partition is.
    pub lag: Arc<dyn Fn() -> Vec<Lag> + Send + Sync>,
    /// What it did.
    pub counters: Arc<Counters>,
    /// Why it does not go on, if so.
    pub blocked: Blocked,
    thread: JoinHandle<()>,
}

impl Working {
    /// Ends it: what is in flight is forwarded, then it leaves the group. Blocks.
    pub(crate) fn stop(self) {
        self.blocked.end();
        if self.thread.join().is_err() {
            tracing::error!("the worker panicked");
        }
    }
}

/// Starts a worker of this installation. Blocks until it has joined.
pub(crate) fn start_worker(
    config: &Config,
    kafka: &Kafka,
    control: Arc<Control>,
    models: Arc<Models>,
) -> anyhow::Result<Working> {
    let settings = crate::serve::settings(config);
    let keys = control.keys();
    let topics = kafka.settings(keys.wrap);
    journal::kafka::make_topics(&topics)?;
    let scoring = pipeline::scoring(&settings, models, &control)?;
    let (counters, blocked) = (Arc::<Counters>::default(), Blocked::default());
    let tools = WorkerTools {
        scoring: Arc::new(scoring),
        pseudonyms: post::Pseudonyms::new(&keys.id),
        control,
        counters: counters.clone(),
        blocked: blocked.clone(),
        threads: settings.threads,
    };
    let worker = Worker::join(&topics, Flow::default(), tools)?;
    let lag = Arc::new(worker.lag());
    let thread = std::thread::Builder::new().name("worker".to_owned());
    Ok(Working {
        lag,
        counters,
        blocked,
        thread: thread.spawn(move || worker.run())?,
    })
}

/// Works until asked to stop.
pub(crate) async fn process(
    config: Config,
    kafka: Kafka,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listener = health::bind(config.server.listen).await?;
    let listen = listener.local_addr()?;
    let start = move || {
        let control = super::open_control(config.place())?;
        start_worker(&config, &kafka, control, Arc::new(crate::weights::embedded()?))
    };
    let working = tokio::task::spawn_blocking(start).await??;
    let facts = health::Facts {
        counters: working.counters.clone(),
        blocked: working.blocked.clone(),
        lag: Some(working.lag.clone()),
    };
    let answering = tokio::spawn(health::answer(listener, facts));
    println!("Groundswell processes; health and metrics are on http://{listen}");
    stop.await;
    tracing::info!("stopping: what was begun is being forwarded");
    tokio::task::spawn_blocking(move || working.stop()).await?;
    answering.abort();
    Ok(())
}
