//! The driver of connectors that listen: open, read, deliver, and again when the connection is lost.

mod batch;
mod wire;

pub use batch::Batch;
pub(crate) use wire::ENDED;
pub(crate) use wire::recorded_events;
pub use wire::{Frame, Wire};

use batch::Waiting;

use crate::backoff::Backoff;
use crate::error::{Refused, SourceError};
use crate::health::{Gap, State};
use crate::http::{Trouble, TroubleKind};
use crate::poll::now_ms;
use crate::source::{Context, Delivery};
use crate::wanted::Wanted;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// A connection that lasted this long was good: the next wait starts small again.
const GOOD_AFTER: Duration = Duration::from_secs(5);
/// A repair that failed is tried again after this …
const REPAIR_AGAIN: Duration = Duration::from_secs(30);
/// … so many times.
const REPAIRS: u32 = 10;
/// Telling the platform what is wanted is tried again after this.
const TELL_AGAIN: Duration = Duration::from_secs(30);

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

    /// How long to wait after so many failures of one kind in a row (from 1 on), where the platform states it exactly.
    fn schedule(&self, _trouble: &Trouble, _failures: u32) -> Option<Duration> {
        None
    }

    /// Something else is wanted, while the stream is open: tells the platform. Trouble is tried again a while later.
    fn changed(&mut self, _context: &mut Context) -> impl Future<Output = Result<Change, Trouble>> + Send {
        async { Ok(Change::Told) }
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

    /// A gap that the last frame showed: from, until (milliseconds since 1970) and why. It is repaired like a time
    /// without a connection.
    fn gap(&mut self) -> Option<(i64, i64, &'static str)> {
        None
    }

    /// A frame could not be read at all; resuming at the same cursor would meet it again. Called once a lost
    /// connection.
    fn unreadable(&mut self) {}
}

/// What came of telling the platform what is wanted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It knows; the stream goes on.
    Told,
    /// It must be opened anew.
    Reopen,
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
        let mut failures = 0;
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
                failures = 0;
            }
            failures += 1;
            let wait = match self.stream.schedule(&trouble, failures) {
                Some(stated) => stated.max(trouble.retry_after.unwrap_or_default()),
                None => backoff
                    .as_mut()
                    .map_or(GOOD_AFTER, |(_, b)| b.next_wait_at_least(trouble.retry_after)),
            };
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
        let mut wanted = self.context.wanted.clone();
        wanted.mark_unchanged();
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
            self.miss(from, now_ms(), reason);
        }
        let mut waiting = Waiting::default();
        let end = self.read(&mut wire, &mut waiting, wanted).await?;
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

    /// Notes a gap to be repaired. One whose repair is still due begins where it began.
    fn miss(&mut self, from: i64, until: i64, reason: String) {
        let from = self.missed.take().map_or(from, |m| m.from.min(from));
        self.missed = Some(Missed {
            from,
            until,
            tries: 0,
            at: Instant::now(),
            reason,
        });
    }

    async fn read(
        &mut self,
        wire: &mut Wire,
        waiting: &mut Waiting,
        mut wanted: watch::Receiver<Arc<Vec<Wanted>>>,
    ) -> Result<End, SourceError> {
        let idle = self.stream.idle();
        let mut tell_at: Option<Instant> = None;
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
                // An app that will change nothing more has dropped its end.
                Ok(()) = wanted.changed() => tell_at = Some(Instant::now()),
                () = sleep_until(tell_at.unwrap_or(silent_at)), if tell_at.is_some() => {
                    match self.stream.changed(&mut self.context).await {
                        Ok(Change::Told) => tell_at = None,
                        Ok(Change::Reopen) => {
                            return Ok(End::Lost(Trouble::new(TroubleKind::Network, "something else is wanted")));
                        }
                        Err(trouble) => {
                            let wait = trouble.retry_after.unwrap_or(TELL_AGAIN).mul_f64(self.context.pace);
                            tell_at = Some(Instant::now() + wait);
                        }
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
                    if let Some((from, until, reason)) = self.stream.gap() {
                        self.miss(from, until, reason.to_owned());
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
