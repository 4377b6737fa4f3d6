//! The driver of connectors that ask again and again.

use crate::backoff::Backoff;
use crate::error::SourceError;
use crate::health::State;
use crate::http::{Trouble, TroubleKind};
use crate::source::{Context, Delivery};
use std::future::Future;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What one round gave.
#[derive(Debug, Default)]
pub struct Round {
    /// What to deliver; nothing, where empty and without a cursor.
    pub delivery: Delivery,
    /// When to ask again.
    pub next: Next,
}

/// When to ask again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Next {
    /// At once: there is more.
    #[default]
    Now,
    /// After a while, or when something else is wanted.
    After(Duration),
    /// Never: that was all.
    Done,
}

/// A connector that asks. A round sends about one request, so that what it gave is delivered before the next can fail;
/// after trouble the same round is tried again, so its state must move on only with success.
pub trait Poll: Send {
    /// Asks once and maps the answer.
    fn round(&mut self, context: &mut Context) -> impl Future<Output = Result<Round, Trouble>> + Send;

    /// How long to wait after failures, where the platform has rules of its own.
    fn backoff(&self, trouble: &Trouble) -> (Duration, Duration) {
        default_backoff(trouble)
    }
}

/// The shortest and the longest wait after trouble.
pub fn default_backoff(trouble: &Trouble) -> (Duration, Duration) {
    let seconds = |a, b| (Duration::from_secs(a), Duration::from_secs(b));
    match trouble.kind {
        TroubleKind::Network => (Duration::from_millis(250), Duration::from_secs(60)),
        TroubleKind::Server | TroubleKind::Malformed => seconds(2, 300),
        TroubleKind::Limited => seconds(60, 3600),
        // These need the operator; the source looks again now and then.
        TroubleKind::Unauthorized | TroubleKind::Forbidden | TroubleKind::Missing | TroubleKind::Rejected => {
            seconds(300, 3600)
        }
        TroubleKind::Exhausted => seconds(60, 86_400),
    }
}

/// Asks until told to stop, or until a round is the last.
pub async fn follow(mut poll: impl Poll, mut context: Context) -> Result<(), SourceError> {
    let mut backoff: Option<(TroubleKind, Backoff)> = None;
    let mut troubled = true;
    context.health.set_state(State::Connecting);
    loop {
        let mut shutdown = context.shutdown.clone();
        let round = tokio::select! {
            biased;
            _ = shutdown.wait_for(|stop| *stop) => break,
            round = poll.round(&mut context) => round,
        };
        match round {
            Ok(round) => {
                if std::mem::take(&mut troubled) {
                    context.health.connected();
                }
                backoff = None;
                if !deliver(&mut context, round.delivery).await? {
                    break;
                }
                let going_on = match round.next {
                    Next::Now => true,
                    Next::After(time) => context.wait_or_change(time).await,
                    Next::Done => false,
                };
                if !going_on {
                    break;
                }
            }
            Err(trouble) => {
                troubled = true;
                if !wait_out(&mut context, &poll, &mut backoff, &trouble).await {
                    break;
                }
            }
        }
    }
    context.health.set_state(State::Done);
    Ok(())
}

/// Asks until done; trouble that waiting cannot heal ends it. For tasks that somebody waits for.
pub async fn complete(mut poll: impl Poll, mut context: Context) -> Result<(), SourceError> {
    let mut backoff: Option<(TroubleKind, Backoff)> = None;
    let mut failures = 0;
    loop {
        let mut shutdown = context.shutdown.clone();
        let round = tokio::select! {
            biased;
            _ = shutdown.wait_for(|stop| *stop) => return Ok(()),
            round = poll.round(&mut context) => round,
        };
        match round {
            Ok(round) => {
                failures = 0;
                if !deliver(&mut context, round.delivery).await? || round.next == Next::Done {
                    return Ok(());
                }
                if let Next::After(time) = round.next
                    && !context.wait(time).await
                {
                    return Ok(());
                }
            }
            Err(trouble) => {
                failures += 1;
                let heals = matches!(
                    trouble.kind,
                    TroubleKind::Network
                        | TroubleKind::Server
                        | TroubleKind::Limited
                        | TroubleKind::Malformed
                );
                if !heals || failures > MOST_FAILURES {
                    return Err(trouble.into());
                }
                if !wait_out(&mut context, &poll, &mut backoff, &trouble).await {
                    return Ok(());
                }
            }
        }
    }
}

/// Failures in a row after which a task that somebody waits for is given up.
const MOST_FAILURES: u32 = 8;

async fn deliver(context: &mut Context, delivery: Delivery) -> Result<bool, SourceError> {
    if delivery.events.is_empty() && delivery.refused.is_empty() && delivery.cursor.is_none() {
        return Ok(true);
    }
    for refused in &delivery.refused {
        context.health.refused(refused.code);
    }
    context.deliver(delivery).await
}

async fn wait_out(
    context: &mut Context,
    poll: &impl Poll,
    backoff: &mut Option<(TroubleKind, Backoff)>,
    trouble: &Trouble,
) -> bool {
    if backoff.as_ref().is_none_or(|(kind, _)| *kind != trouble.kind) {
        let (min, max) = poll.backoff(trouble);
        *backoff = Some((trouble.kind, Backoff::new(min, max, now_ms().unsigned_abs())));
    }
    let wait = match (backoff, trouble.kind, trouble.retry_after) {
        // The end of a period is known: no guessing.
        (_, TroubleKind::Exhausted, Some(asked)) => asked,
        (Some((_, backoff)), _, asked) => backoff.next_wait_at_least(asked),
        (None, ..) => Duration::from_secs(1),
    };
    let retry_at = now_ms().saturating_add(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    context.health.waiting(trouble.message.clone(), retry_at);
    tracing::debug!(
        wait_ms = wait.as_millis() as u64,
        kind = trouble.kind.code(),
        "a source waits"
    );
    context.wait(wait).await
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
}
