//! Where sources hand over what they deliver: all that they need of the pipeline, wherever the rest of it runs.

use super::ingest::{Incoming, Receipt};
use super::snapshot::Snapshot;
use super::{Blocked, Counters};
use crate::control::Control;
use arc_swap::ArcSwap;
use journal::Log;
use post::Mode;
use sources::SourceEvent;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};

/// The entry of the pipeline.
pub struct Intake {
    /// Projects, monitors, the vault.
    pub control: Arc<Control>,
    /// The journal, for reading.
    pub journal: Log,
    /// What is counted.
    pub counters: Arc<Counters>,
    /// Why nothing can be written, if so.
    pub blocked: Blocked,
    /// The monitor set live matching uses now.
    pub live: Arc<ArcSwap<Snapshot>>,
    /// The version of the set in force, for those who wait for theirs.
    pub(super) in_force: watch::Receiver<u64>,
    pub(super) incoming: Mutex<Option<mpsc::Sender<Incoming>>>,
}

/// Why a delivery was not taken.
#[derive(Debug, Error)]
pub enum IngestError {
    /// Nothing can be written now.
    #[error("{0}")]
    Blocked(String),
    /// The process ends.
    #[error("the server is stopping")]
    Stopping,
}

impl Intake {
    /// The version of the monitor set in force, as it changes.
    pub fn in_force(&self) -> watch::Receiver<u64> {
        self.in_force.clone()
    }

    /// Resolves once a monitor is active.
    pub async fn something_to_watch_for(&self) {
        // The sender lives as long as the thread that changes the set; without it nothing will ever be watched for.
        let live = &self.live;
        let active = |_: &u64| live.load().matched() > 0;
        if self.in_force.clone().wait_for(active).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Where a source resumes; `None` for its begin.
    pub fn cursor(&self, source: &str) -> Result<Option<String>, journal::Error> {
        let cursors = self.journal.cursors()?.into_iter();
        let mut of_source = cursors.filter(|c| c.source == source && !c.value.is_empty());
        Ok(of_source.next().map(|c| c.value))
    }

    fn sender(&self) -> Result<mpsc::Sender<Incoming>, IngestError> {
        self.incoming
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .ok_or(IngestError::Stopping)
    }

    /// Takes nothing more from here on.
    pub(super) fn close(&self) {
        drop(
            self.incoming
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }

    /// Hands over a delivery and waits until it is durable.
    pub async fn ingest(&self, source: &str, events: Vec<SourceEvent>) -> Result<Receipt, IngestError> {
        self.ingest_as(source, Mode::Sealed, events).await
    }

    /// The same, for a source whose posts keep more or less of who wrote them.
    pub async fn ingest_as(
        &self,
        source: &str,
        mode: Mode,
        events: Vec<SourceEvent>,
    ) -> Result<Receipt, IngestError> {
        if let Some(reason) = self.blocked.reason() {
            return Err(IngestError::Blocked(reason));
        }
        let (reply, answer) = oneshot::channel();
        let delivery = Incoming::Delivery {
            source: source.to_owned(),
            mode,
            health: None,
            events,
            cursor: None,
            reply: Some(reply),
        };
        self.deliver(delivery).await?;
        answer.await.map_err(|_| IngestError::Stopping)
    }

    /// Hands over a delivery of a source with its cursor, without waiting for the disk. The bounded channel is the
    /// back-pressure.
    pub async fn deliver(&self, incoming: Incoming) -> Result<(), IngestError> {
        self.sender()?
            .send(incoming)
            .await
            .map_err(|_| IngestError::Stopping)
    }
}
