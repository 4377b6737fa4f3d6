//! Responding: what our own accounts answered closes what was to be answered, and what is handed over is sent. Nothing is
//! ever posted to a platform.

mod answered;
mod outbox;
mod ticket;

pub(crate) use answered::ticket_done;
pub(crate) use ticket::{Facts, Told, body, told};

use crate::pipeline::Engine;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often there is something to be looked for.
const EVERY: Duration = Duration::from_secs(1);
/// Every so many rounds, replies whose mention was not there are looked at again.
const AGAIN: u32 = 60;

/// Closes what was answered, and sends what waits, until the process ends.
pub(crate) async fn run(engine: Arc<Engine>, mut ending: watch::Receiver<bool>) {
    let (mut tried, mut round, mut outbox) = (HashSet::new(), 0u32, outbox::Outbox::default());
    loop {
        if round.is_multiple_of(AGAIN) {
            tried.clear();
        }
        round = round.wrapping_add(1);
        let (worker, known) = (engine.clone(), std::mem::take(&mut tried));
        let done = tokio::task::spawn_blocking(move || answered::pass(&worker, known)).await;
        match done {
            Ok(Ok(now_tried)) => tried = now_tried,
            Ok(Err(error)) => tracing::error!(%error, "replies could not be taken up; they are tried again"),
            Err(error) => tracing::error!(%error, "taking up replies failed"),
        }
        tokio::select! {
            sent = outbox.pass(&engine) => if let Err(error) = sent {
                tracing::error!(%error, "hand-overs could not be sent; they are tried again");
            },
            _ = ending.wait_for(|end| *end) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}
