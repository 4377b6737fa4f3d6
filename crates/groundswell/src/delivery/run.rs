//! Emptying the outbox.

use super::{Mailer, Trouble};
use crate::control::Outgoing;
use crate::pipeline::Engine;
use crate::report;
use post::Millis;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// Letters of one look.
const MOST: u32 = 20;
/// How long after each failure a letter is tried again; after the last one it is given up.
const WAITS: [Millis; 9] = [
    10_000, 60_000, 300_000, 1_200_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000, 86_400_000,
];

/// Sends what is due, for as long as the process lives. Without a mail server letters wait.
pub async fn run(engine: Arc<Engine>, mailer: Option<Arc<Mailer>>, mut ending: watch::Receiver<bool>) {
    let Some(mailer) = mailer else { return };
    loop {
        let (work, with, end) = (engine.clone(), mailer.clone(), ending.clone());
        let done = tokio::task::spawn_blocking(move || empty(&work, &with, &end)).await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the outbox could not be worked on"),
            Err(error) => tracing::error!(%error, "sending failed"),
        }
        tokio::select! {
            _ = tokio::time::sleep(LOOK) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

fn empty(
    engine: &Engine,
    mailer: &Mailer,
    ending: &watch::Receiver<bool>,
) -> Result<(), crate::control::Error> {
    for letter in engine.control.outgoing_due(crate::clock::now(), MOST)? {
        if *ending.borrow() {
            break;
        }
        let answer = hand_over(engine, mailer, &letter);
        let now = crate::clock::now();
        match answer {
            Ok(said) => engine.control.outgoing_sent(&letter.id, &said, now)?,
            Err(trouble) => {
                let wait = WAITS.get(letter.tries as usize);
                let next = match trouble {
                    Trouble::Later(_) => wait.map(|w| now + w),
                    Trouble::Never(_) => None,
                };
                tracing::warn!(letter = %letter.id, %trouble, given_up = next.is_none(), "a letter was not taken");
                engine
                    .control
                    .outgoing_failed(&letter.id, &trouble.to_string(), next, now)?;
            }
        }
    }
    Ok(())
}

fn hand_over(engine: &Engine, mailer: &Mailer, waiting: &Outgoing) -> Result<String, Trouble> {
    let file = match &waiting.letter.attachment {
        None => None,
        Some(a) => match report::open(&engine.data, &a.rendition, a.form, false) {
            Ok(Some(bytes)) => Some(bytes),
            Ok(None) => {
                return Err(Trouble::Never(
                    "the file was deleted, or an erasure took it away".to_owned(),
                ));
            }
            Err(error) => return Err(Trouble::Later(format!("the file cannot be read: {error}"))),
        },
    };
    mailer.send(&waiting.id, &waiting.letter, file)
}
