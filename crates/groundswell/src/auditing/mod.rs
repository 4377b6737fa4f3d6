//! Samples of a project's own posts, drawn at random and labelled by hand: how often the model is right on *these* posts,
//! and what it gets wrong on them.

mod draw;
mod labels;
mod results;

pub(crate) use draw::{Bounds, draw};
pub(crate) use labels::{Mixed, Used};
pub(crate) use results::{Results, results};

use crate::control::{AccessRole, Action, AuditEvent};
use crate::pipeline::Engine;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use post::Millis;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Posts drawn a month.
pub(crate) const SIZE: usize = 50;
/// How often it is looked whether a month is over.
const EVERY: Duration = Duration::from_secs(3600);

/// Draws the sample of each month that is over, for every project that has enough posts, until the process ends.
pub(crate) async fn run(engine: Arc<Engine>, mut ending: watch::Receiver<bool>) {
    loop {
        let worker = engine.clone();
        let done = tokio::task::spawn_blocking(move || monthly(&worker, crate::clock::now())).await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "samples could not be drawn; they are tried again"),
            Err(error) => tracing::error!(%error, "drawing samples failed"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

/// Draws the samples of the month before `now`, where there are none yet.
fn monthly(engine: &Engine, now: Millis) -> anyhow::Result<()> {
    let Some((from, to)) = month_before(now) else {
        return Ok(());
    };
    for project in engine.control.projects()? {
        let drawn = engine.control.audit_samples(&project.id)?;
        let is_it = |s: &crate::control::AuditSample| s.drawn_by == "server" && s.from == from;
        if drawn.iter().any(is_it) {
            continue;
        }
        let by = AuditEvent::new("server", AccessRole::Admin, Action::AuditDrawn);
        draw(engine, &project.id, Bounds { from, to, size: SIZE }, &by)?;
    }
    Ok(())
}

/// Begin and end of the calendar month before, UTC.
fn month_before(now: Millis) -> Option<(Millis, Millis)> {
    let today = Timestamp::from_millisecond(now)
        .ok()?
        .to_zoned(TimeZone::UTC)
        .date();
    let first = today.first_of_month();
    let before = first.checked_sub(1.month()).ok()?;
    let at = |date: jiff::civil::Date| Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond());
    Some((at(before)?, at(first)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_before_is_a_whole_one() {
        // 2026-03-15T12:00Z: February.
        assert_eq!(
            month_before(1_773_576_000_000),
            Some((1_769_904_000_000, 1_772_323_200_000))
        );
    }
}
