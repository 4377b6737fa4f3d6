//! What was read and waits to be delivered.

use crate::error::Refused;
use crate::health::Health;
use crate::poll::now_ms;
use crate::source::{Context, Delivery, SourceEvent};
use std::time::Duration;
use tokio::time::Instant;

/// A batch goes forward when it holds this many events …
const FULL: usize = 200;
/// … or when its first one has waited this long.
const WAIT: Duration = Duration::from_millis(200);

/// Where a stream puts what it read.
pub struct Batch<'b> {
    delivery: &'b mut Delivery,
    health: &'b Health,
}

impl Batch<'_> {
    /// Something that happened; `at` is the platform's time of it (milliseconds since 1970), where known.
    pub fn event(&mut self, event: SourceEvent, at: Option<i64>) {
        self.seen(at);
        self.delivery.events.push(event);
    }

    /// Something of a kind that is not delivered.
    pub fn ignored(&mut self, at: Option<i64>) {
        self.seen(at);
        self.health.ignored();
    }

    /// Something that could not be read.
    pub fn refuse(&mut self, refused: Refused) {
        self.health.refused(refused.code);
        self.delivery.refused.push(refused);
    }

    fn seen(&self, at: Option<i64>) {
        let now = now_ms();
        self.health.arrived(now, at.map(|t| now.saturating_sub(t)));
    }
}

/// A batch and when it must go.
#[derive(Default)]
pub(super) struct Waiting {
    delivery: Delivery,
    pub(super) flush_at: Option<Instant>,
}

impl Waiting {
    pub(super) fn batch<'b>(&'b mut self, context: &'b Context) -> Batch<'b> {
        Batch {
            delivery: &mut self.delivery,
            health: &context.health,
        }
    }

    fn len(&self) -> usize {
        self.delivery.events.len() + self.delivery.refused.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= FULL
    }

    /// Starts the wait with the first event.
    pub(super) fn arm(&mut self) {
        if self.len() > 0 {
            self.flush_at.get_or_insert_with(|| Instant::now() + WAIT);
        }
    }

    pub(super) fn take(&mut self) -> Option<Delivery> {
        self.flush_at = None;
        (self.len() > 0).then(|| std::mem::take(&mut self.delivery))
    }
}
