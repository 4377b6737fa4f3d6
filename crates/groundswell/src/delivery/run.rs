//! Emptying the outbox.

use super::send::hand_over;
use super::waits::next;
use super::{Mailer, Trouble};
use crate::control::{Channel, Error, Outgoing};
use crate::pipeline::Engine;
use crate::spans::SPANS;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::Instrument;

/// How often it is looked whether something is due.
const LOOK: Duration = Duration::from_secs(1);
/// Messages under way at once.
const AT_ONCE: usize = 8;
/// How long the end waits for answers.
const LAST: Duration = Duration::from_secs(5);

type Answer = (String, Channel, u32, Result<String, Trouble>);

/// Sends what is due, for as long as the process lives. Without a mail server letters wait. Whoever is slow keeps nobody
/// else waiting.
pub async fn run(engine: Arc<Engine>, mailer: Option<Arc<Mailer>>, mut ending: watch::Receiver<bool>) {
    let mut way = Way::default();
    loop {
        if let Err(error) = way.pass(&engine, mailer.as_ref()).await {
            tracing::error!(%error, "the outbox could not be worked on");
        }
        let answer = tokio::select! {
            () = tokio::time::sleep(LOOK) => None,
            answer = way.tasks.join_next(), if !way.tasks.is_empty() => answer,
            () = ended(&mut ending) => break,
        };
        way.ended(&engine, answer).await;
    }
    let last = async {
        while let Some(answer) = way.tasks.join_next().await {
            way.ended(&engine, Some(answer)).await;
        }
    };
    // What has not answered by then is sent again after the next start, under the same id.
    let _ = tokio::time::timeout(LAST, last).await;
}

async fn ended(ending: &mut watch::Receiver<bool>) {
    // A sender that is gone is an end, too.
    let _ = ending.wait_for(|end| *end).await;
}

/// What is on its way.
#[derive(Default)]
struct Way {
    tasks: JoinSet<Answer>,
    sending: HashSet<String>,
}

impl Way {
    async fn pass(&mut self, engine: &Arc<Engine>, mailer: Option<&Arc<Mailer>>) -> Result<(), Error> {
        let (asked, mail) = (engine.clone(), mailer.is_some());
        let most = (AT_ONCE + self.sending.len()) as u32;
        let due = move || asked.control.outgoing_due(crate::clock::now(), most, mail);
        let due = tokio::task::spawn_blocking(due)
            .await
            .map_err(|_| Error::Invalid("reading failed"))??;
        for waiting in due {
            if self.sending.len() < AT_ONCE && self.sending.insert(waiting.id.clone()) {
                self.begin(engine, mailer, waiting);
            }
        }
        Ok(())
    }

    fn begin(&mut self, engine: &Arc<Engine>, mailer: Option<&Arc<Mailer>>, waiting: Outgoing) {
        let (engine, mailer) = (engine.clone(), mailer.cloned());
        let (id, channel, tries) = (waiting.id.clone(), waiting.channel, waiting.tries);
        let span = tracing::info_span!(target: SPANS, "message", otel.kind = "client", message = %id, channel = channel.name(), tries);
        let work = async move {
            let said = hand_over(&engine, mailer.as_ref(), waiting).await;
            (id, channel, tries, said)
        };
        self.tasks.spawn(work.instrument(span));
    }

    async fn ended(&mut self, engine: &Arc<Engine>, answer: Option<Result<Answer, tokio::task::JoinError>>) {
        match answer {
            None => {}
            Some(Err(error)) => {
                // Which one it was is not known: what was not noted is tried again.
                tracing::error!(%error, "sending failed");
                if self.tasks.is_empty() {
                    self.sending.clear();
                }
            }
            Some(Ok(answer)) => {
                let id = answer.0.clone();
                let (engine, noted) = (engine.clone(), id.clone());
                let done = tokio::task::spawn_blocking(move || note(&engine, answer)).await;
                if !matches!(done, Ok(Ok(()))) {
                    tracing::error!(message = %noted, "what came of a message could not be noted");
                }
                self.sending.remove(&id);
            }
        }
    }
}

/// Notes what came of a message.
fn note(engine: &Engine, (id, channel, tries, answer): Answer) -> Result<(), Error> {
    let now = crate::clock::now();
    match answer {
        Ok(said) => {
            engine.counters.messages_sent.add(1);
            engine.control.outgoing_sent(&id, &said, now)
        }
        Err(trouble) => {
            let next = next(channel, tries, &trouble, now);
            engine.counters.messages_untaken.add(1);
            tracing::warn!(message = %id, %trouble, given_up = next.is_none(), "a message was not taken");
            engine
                .control
                .outgoing_failed(&id, &trouble.to_string(), next, now)
        }
    }
}
