//! The contract between a source and the app.

use crate::error::{Refused, SourceError};
use crate::health::Health;
use post::RawPost;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// What [`Source::run`] returns.
pub type RunFuture = Pin<Box<dyn Future<Output = Result<(), SourceError>> + Send>>;

/// A connection to a platform, a file, a stream.
pub trait Source: Send {
    /// The connector's name, as in the registry.
    fn connector(&self) -> &'static str;

    /// Fetches, maps and delivers until told to stop, until there is nothing more to come (a file), or until it
    /// cannot go on.
    fn run(self: Box<Self>, context: Context) -> RunFuture;
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
