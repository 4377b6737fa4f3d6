//! The driver of connectors that listen: open, read, deliver, and again when the connection is lost.

mod batch;
mod wire;

pub use batch::Batch;
pub use wire::{Frame, Wire};

use crate::backoff::Backoff;
use crate::error::{Refused, SourceError};
use crate::health::{Gap, State};
use crate::http::{Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::source::{Context, Delivery};
use std::future::Future;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// A connection that lasted this long was good: the next wait starts small again.
const GOOD_AFTER: Duration = Duration::from_secs(5);
/// A repair that failed is tried again after this.
const REPAIR_AGAIN: Duration = Duration::from_secs(30);
/// … so many times.
const REPAIRS: u32 = 10;

/// A connector that listens to a stream.
pub trait Stream: Send {
    /// Opens the stream, at the cursor where it has one.
    fn open(&mut self, context: &mut Context) -> impl Future<Output = Result<Wire, Trouble>> + Send;

    /// Reads one frame into the batch. Trouble ends the connection: the platform says that it is over.
    fn take(&mut self, frame: Frame, batch: &mut Batch<'_>) -> Result<(), Trouble>;

    /// Where to resume after what was read so far.
    fn cursor(&self) -> Option<String> {
        None
    }

    /// After so much silence the connection is probed, or taken for dead.
    fn idle(&self) -> Duration;

    /// How long to wait after failures.
    fn backoff(&self, trouble: &Trouble) -> (Duration, Duration) {
        crate::poll::default_backoff(trouble)
    }

    /// The moment from which the first connection misses posts, where the cursor tells (milliseconds since 1970) and
    /// opening does not resume there.
    fn missing_since(&self) -> Option<i64> {
        None
    }

    /// Fetches what was published while there was no connection, a request at a time: called again until it is
    /// `Done`.
    fn repair(
        &mut self,
        _from: i64,
        _until: i64,
        _context: &mut Context,
    ) -> impl Future<Output = Result<Repair, Trouble>> + Send {
        async { Ok(Repair::NotNeeded) }
    }

    /// A frame could not be read at all; resuming at the same cursor would meet it again. Called once a lost
    /// connection.
    fn unreadable(&mut self) {}
}

/// How far the repair of a gap is.
#[derive(Debug)]
pub enum Repair {
    /// The stream resumes by itself: there is no gap.
    NotNeeded,
    /// Some of what was missed; there is more.
    More(Delivery),
    /// The last of what was missed.
    Done(Delivery),
    /// It cannot be fetched, and why.
    Impossible(&'static str),
}

/// A time without a connection.
#[derive(Debug, Clone)]
struct Missed {
    from: i64,
    until: i64,
    tries: u32,
    at: Instant,
    reason: String,
}

/// Why a connection ended.
enum End {
    Stopped,
    Lost(Trouble),
}

/// Listens until told to stop.
pub async fn follow(stream: impl Stream, context: Context) -> Result<(), SourceError> {
    let missing = stream.missing_since();
    Follower {
        stream,
        context,
        lost: missing.map(|from| (from, "the source did not run".to_owned())),
        missed: None,
    }
    .run()
    .await
}

struct Follower<S> {
    stream: S,
    context: Context,
    /// Since when nothing was read, and why.
    lost: Option<(i64, String)>,
    missed: Option<Missed>,
}

impl<S: Stream> Follower<S> {
    async fn run(mut self) -> Result<(), SourceError> {
        let mut backoff: Option<(TroubleKind, Backoff)> = None;
        loop {
            self.context.health.set_state(State::Connecting);
            let started = Instant::now();
            let trouble = match self.connection().await? {
                End::Stopped => break,
                End::Lost(trouble) => trouble,
            };
            if started.elapsed() >= GOOD_AFTER {
                backoff = None;
            }
            if backoff.as_ref().is_none_or(|(kind, _)| *kind != trouble.kind) {
                let (min, max) = self.stream.backoff(&trouble);
                backoff = Some((trouble.kind, Backoff::new(min, max, now_ms().unsigned_abs())));
            }
            let wait = backoff
                .as_mut()
                .map_or(GOOD_AFTER, |(_, b)| b.next_wait_at_least(trouble.retry_after));
            let retry_at = now_ms().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
            self.context.health.waiting(trouble.message, retry_at);
            if !self.context.wait(wait).await {
                break;
            }
        }
        self.context.health.set_state(State::Done);
        Ok(())
    }

    async fn connection(&mut self) -> Result<End, SourceError> {
        let mut shutdown = self.context.shutdown.clone();
        let opened = tokio::select! {
            biased;
            _ = shutdown.wait_for(|stop| *stop) => return Ok(End::Stopped),
            opened = self.stream.open(&mut self.context) => opened,
        };
        let mut wire = match opened {
            Ok(wire) => wire,
            Err(trouble) => {
                self.lost
                    .get_or_insert_with(|| (now_ms(), trouble.message.clone()));
                return Ok(End::Lost(trouble));
            }
        };
        self.context.health.connected();
        if let Some((from, reason)) = self.lost.take() {
            // A gap whose repair is still due begins where it began.
            let from = self.missed.take().map_or(from, |m| m.from.min(from));
            self.missed = Some(Missed {
                from,
                until: now_ms(),
                tries: 0,
                at: Instant::now(),
                reason,
            });
        }
        let mut waiting = Waiting::default();
        let end = self.read(&mut wire, &mut waiting).await?;
        // What was read before the end still counts.
        let delivered = self.flush(&mut waiting).await?;
        if let End::Lost(trouble) = &end {
            self.lost = Some((now_ms(), trouble.message.clone()));
        }
        if matches!(end, End::Stopped) || !delivered {
            wire.close().await;
            return Ok(End::Stopped);
        }
        Ok(end)
    }

    async fn read(&mut self, wire: &mut Wire, waiting: &mut Waiting) -> Result<End, SourceError> {
        let idle = self.stream.idle();
        let mut probed = false;
        let mut silent_at = Instant::now() + idle;
        loop {
            let (flush_at, repair_at) = (waiting.flush_at, self.missed.as_ref().map(|m| m.at));
            tokio::select! {
                biased;
                () = self.context.stopped() => return Ok(End::Stopped),
                () = sleep_until(flush_at.unwrap_or(silent_at)), if flush_at.is_some() => {
                    if !self.flush(waiting).await? {
                        return Ok(End::Stopped);
                    }
                    // Waiting for the app is not the server's silence.
                    silent_at = Instant::now() + idle;
                }
                () = sleep_until(repair_at.unwrap_or(silent_at)), if repair_at.is_some() => {
                    if !self.repair().await? {
                        return Ok(End::Stopped);
                    }
                    silent_at = Instant::now() + idle;
                }
                frame = wire.next() => {
                    probed = false;
                    silent_at = Instant::now() + idle;
                    let frame = match frame {
                        Ok(frame) => frame,
                        Err(trouble) => {
                            if trouble.kind == TroubleKind::Malformed {
                                self.stream.unreadable();
                                let refused = Refused::new("unreadable", "frame", trouble.message.clone());
                                waiting.batch(&self.context).refuse(refused);
                            }
                            return Ok(End::Lost(trouble));
                        }
                    };
                    if let Err(trouble) = self.stream.take(frame, &mut waiting.batch(&self.context)) {
                        return Ok(End::Lost(trouble));
                    }
                    waiting.arm();
                    if waiting.is_full() && !self.flush(waiting).await? {
                        return Ok(End::Stopped);
                    }
                }
                () = sleep_until(silent_at) => {
                    if probed || !wire.probe().await {
                        return Ok(End::Lost(Trouble::new(TroubleKind::Network, "the connection fell silent")));
                    }
                    probed = true;
                    silent_at = Instant::now() + idle / 2;
                }
            }
        }
    }

    /// One request of the repair; `false` means stop.
    async fn repair(&mut self) -> Result<bool, SourceError> {
        let Some(mut missed) = self.missed.take() else {
            return Ok(true);
        };
        let gap = |missed: &Missed, repaired| Gap {
            from: missed.from,
            until: missed.until,
            reason: missed.reason.clone(),
            repaired,
        };
        let repaired = self
            .stream
            .repair(missed.from, missed.until, &mut self.context)
            .await;
        let delivery = match repaired {
            Ok(Repair::NotNeeded) => return Ok(true),
            Ok(Repair::Impossible(reason)) => {
                missed.reason = format!("{}; {reason}", missed.reason);
                self.context.health.gap(gap(&missed, false));
                return Ok(true);
            }
            Ok(Repair::More(delivery)) => {
                missed.at = Instant::now();
                self.missed = Some(missed);
                delivery
            }
            Ok(Repair::Done(delivery)) => {
                self.context.health.gap(gap(&missed, true));
                delivery
            }
            Err(trouble) => {
                self.context.health.gap(gap(&missed, false));
                missed.tries += 1;
                let wait = trouble
                    .retry_after
                    .unwrap_or(REPAIR_AGAIN)
                    .mul_f64(self.context.pace);
                missed.at = Instant::now() + wait;
                self.missed = (missed.tries < REPAIRS).then_some(missed);
                return Ok(true);
            }
        };
        // The stream's own cursor stands: what is repaired lies before it.
        let empty = delivery.events.is_empty() && delivery.refused.is_empty();
        Ok(empty || self.context.deliver(delivery).await?)
    }

    /// Sends the batch forward; `false` means stop.
    async fn flush(&mut self, waiting: &mut Waiting) -> Result<bool, SourceError> {
        match waiting.take() {
            None => Ok(true),
            Some(mut delivery) => {
                delivery.cursor = self.stream.cursor();
                self.context.deliver(delivery).await
            }
        }
    }
}

use batch::Waiting;
