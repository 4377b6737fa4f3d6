//! Running the sources: started when there is something to watch for, told to stop when the process ends.

use super::engine::Engine;
use super::ingest::Incoming;
use crate::api::types::SourceStatus;
use sources::{Context, Delivery, Health, Source, State};
use std::sync::Arc;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Deliveries of one source that may wait.
const DEPTH: usize = 8;

/// A source and how it does.
#[derive(Clone)]
pub struct Running {
    /// Its name.
    pub name: String,
    /// Its connector.
    pub connector: String,
    /// What it says of itself.
    pub health: Arc<Health>,
}

impl Running {
    /// As the API shows it.
    pub fn status(&self) -> SourceStatus {
        let h = self.health.snapshot();
        SourceStatus {
            name: self.name.clone(),
            connector: self.connector.clone(),
            state: h.state.name().to_owned(),
            posts: h.posts,
            lag_ms: h.lag_ms,
            last_post_at: h.last_at,
            error: h.error,
            retry_at: h.retry_at,
        }
    }
}

/// The sources of this process.
pub struct Supervisor {
    running: Vec<Running>,
    shutdown: watch::Sender<bool>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
}

impl Supervisor {
    /// Takes sources under its care. They start as soon as a monitor is active, and resume where their last durable
    /// delivery ended.
    pub fn start(engine: &Arc<Engine>, list: Vec<(String, Box<dyn Source>)>) -> Arc<Supervisor> {
        let (shutdown, _) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let mut running = Vec::new();
        for (name, source) in list {
            let health = Arc::new(Health::default());
            running.push(Running {
                name: name.clone(),
                connector: source.connector().to_owned(),
                health: health.clone(),
            });
            tasks.spawn(watch_over(
                engine.clone(),
                name,
                source,
                health,
                shutdown.subscribe(),
            ));
        }
        Arc::new(Supervisor {
            running,
            shutdown,
            tasks: tokio::sync::Mutex::new(tasks),
        })
    }

    /// Every source and how it does.
    pub fn sources(&self) -> &[Running] {
        &self.running
    }

    /// Waits until every source has ended by itself.
    pub async fn finished(&self) {
        let mut tasks = self.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
    }

    /// Tells every source to stop and waits until what it delivered is taken.
    pub async fn stop(&self) {
        self.shutdown.send_replace(true);
        self.finished().await;
    }
}

async fn watch_over(
    engine: Arc<Engine>,
    name: String,
    source: Box<dyn Source>,
    health: Arc<Health>,
    mut shutdown: watch::Receiver<bool>,
) {
    tokio::select! {
        () = engine.something_to_watch_for() => {}
        () = async { drop(shutdown.wait_for(|stop| *stop).await) } => return,
    }
    let (out, deliveries) = mpsc::channel(DEPTH);
    let cursor = engine
        .journal
        .cursors()
        .into_iter()
        .find(|c| c.source == name)
        .map(|c| c.value);
    let context = Context {
        cursor,
        out,
        health: health.clone(),
        shutdown,
    };
    let taking = tokio::spawn(take(engine, name.clone(), deliveries));
    match source.run(context).await {
        Ok(()) => {
            if health.snapshot().state != State::Failed {
                health.set_state(State::Done);
            }
        }
        Err(error) => {
            tracing::error!(source = %name, %error, "the source gave up");
            health.failed(error.to_string());
        }
    }
    if taking.await.is_err() {
        tracing::error!(source = %name, "its deliveries could not be taken");
    }
}

async fn take(engine: Arc<Engine>, source: String, mut deliveries: mpsc::Receiver<Delivery>) {
    while let Some(delivery) = deliveries.recv().await {
        for refused in &delivery.refused {
            engine.counters.refuse(refused.code);
            tracing::debug!(%source, place = %refused.place, reason = refused.code, "refused");
        }
        let incoming = Incoming::Delivery {
            source: source.clone(),
            events: delivery.events,
            cursor: delivery.cursor,
            reply: None,
        };
        if engine.deliver(incoming).await.is_err() {
            return;
        }
    }
}
