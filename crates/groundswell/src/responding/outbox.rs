//! Sending what waits in the outbox.

use super::ticket::told;
use crate::control::{DeskSecrets, DeskSettings, Handover, HandoverState as State};
use crate::pipeline::Engine;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use post::Millis;
use sources::http::outgoing::{self, Method, Outgoing, Sent};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::task::JoinSet;

/// Sent side by side at most.
const AT_ONCE: usize = 8;
/// Tries, after which a hand-over has failed.
const MOST: u32 = 20;
/// The first wait, which doubles up to the longest.
const FIRST: Millis = 1_000;
const LONGEST: Millis = 3_600_000;

/// What is being sent now. Dropped, it stops; what was on its way is then known to be unknown.
#[derive(Default)]
pub(super) struct Outbox {
    tasks: JoinSet<(String, anyhow::Result<()>)>,
    sending: HashSet<String>,
}

impl Outbox {
    /// Begins to send what is due, and says of what ended since that failed. A desk that is slow keeps nobody else
    /// waiting.
    pub(super) async fn pass(&mut self, engine: &Arc<Engine>) -> anyhow::Result<()> {
        while let Some(ended) = self.tasks.try_join_next() {
            let (id, result) = ended?;
            self.sending.remove(&id);
            if let Err(error) = result {
                tracing::error!(handover = %id, %error, "a hand-over could not be sent; it is tried again");
            }
        }
        let (asked, most) = (engine.clone(), AT_ONCE + self.sending.len());
        let due = move || asked.control.due_handovers(crate::clock::now(), most);
        for handover in tokio::task::spawn_blocking(due).await?? {
            let is_free = self.sending.len() < AT_ONCE && self.sending.insert(handover.id.clone());
            if is_free {
                let engine = engine.clone();
                self.tasks.spawn(async move {
                    let id = handover.id.clone();
                    (id, send(&engine, handover).await)
                });
            }
        }
        Ok(())
    }
}

/// Sends one. That it is being sent is on disk before a byte leaves: whatever ends this, nothing is sent twice to a desk
/// that would make two tickets of it.
async fn send(engine: &Arc<Engine>, mut handover: Handover) -> anyhow::Result<()> {
    let (asked, id) = (engine.clone(), handover.desk.clone());
    let (desk, secrets) = tokio::task::spawn_blocking(move || asked.control.desk(&id)).await??;
    let settings = desk.settings;
    if handover.state == State::Sending && !settings.is_idempotent() {
        handover.state = State::Unsure;
        handover.problem = Some("the server ended while this was being sent".to_owned());
        return keep(engine, handover).await;
    }
    handover.state = State::Sending;
    handover.attempts += 1;
    keep(engine, handover.clone()).await?;
    let sent = outgoing::send(request(&settings, &secrets, &handover)).await;
    note(&mut handover, &settings, sent, crate::clock::now());
    keep(engine, handover).await
}

async fn keep(engine: &Arc<Engine>, handover: Handover) -> anyhow::Result<()> {
    let engine = engine.clone();
    tokio::task::spawn_blocking(move || engine.control.keep_handover(&handover)).await??;
    Ok(())
}

fn request(settings: &DeskSettings, secrets: &DeskSecrets, handover: &Handover) -> Outgoing {
    let mut headers = vec![("Idempotency-Key".to_owned(), handover.id.clone())];
    if let Some(token) = &secrets.token {
        let value = match &settings.user {
            Some(user) => format!("Basic {}", STANDARD.encode(format!("{user}:{token}"))),
            None => format!("Bearer {token}"),
        };
        headers.push(("Authorization".to_owned(), value));
    }
    Outgoing {
        method: Method::Post,
        address: settings.address.clone(),
        headers,
        body: handover.body.clone(),
        allow_private: settings.allow_private,
    }
}

/// Notes what came of sending.
fn note(handover: &mut Handover, settings: &DeskSettings, sent: Sent, now: Millis) {
    let wait = (FIRST << handover.attempts.saturating_sub(1).min(20)).min(LONGEST);
    let again = |handover: &mut Handover, wait: Millis, problem: String| {
        handover.state = if handover.attempts < MOST {
            State::Waiting
        } else {
            State::Failed
        };
        handover.next_at = now + wait;
        handover.problem = Some(problem);
    };
    let perhaps_taken = |handover: &mut Handover, problem: String| match settings.is_idempotent() {
        true => again(handover, wait, problem),
        false => {
            handover.state = State::Unsure;
            handover.problem = Some(problem);
        }
    };
    match sent {
        Sent::Answered {
            status: 200..=299,
            body,
            ..
        } => {
            let told = told(settings.kind, &body).unwrap_or_default();
            handover.problem = told
                .ticket
                .is_none()
                .then(|| "it was taken, but the answer names no ticket".to_owned());
            handover.state = State::Sent;
            handover.ticket = told.ticket;
            handover.ticket_status = told.status;
            handover.ticket_url = told.url;
        }
        Sent::Answered {
            status: status @ (429 | 503),
            retry_after,
            ..
        } => {
            let asked = retry_after.map(|d| Millis::try_from(d.as_millis()).unwrap_or(LONGEST));
            let wait = asked.unwrap_or(wait).clamp(wait, 24 * LONGEST);
            again(handover, wait, format!("it answered {status}"));
        }
        Sent::Answered {
            status: status @ (408 | 500..),
            ..
        } => {
            perhaps_taken(handover, format!("it answered {status}"));
        }
        Sent::Answered { status, .. } => {
            handover.state = State::Failed;
            handover.problem = Some(format!("it answered {status}"));
        }
        Sent::Refused(problem) => {
            handover.state = State::Failed;
            handover.problem = Some(problem);
        }
        Sent::NotSent(problem) => again(handover, wait, problem),
        Sent::Unknown(problem) => perhaps_taken(handover, problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::DeskKind;
    use std::time::Duration;

    fn handover(attempts: u32) -> Handover {
        Handover {
            id: "h_1".into(),
            project: "default".into(),
            desk: "d_1".into(),
            number: 1,
            body: "{}".into(),
            state: State::Sending,
            attempts,
            next_at: 0,
            problem: None,
            ticket: None,
            ticket_status: None,
            ticket_url: None,
            by: "local".into(),
            created_at: 0,
            updated_at: 0,
        }
    }

    fn after(kind: DeskKind, attempts: u32, sent: Sent) -> Handover {
        let settings = DeskSettings {
            kind,
            address: "https://desk.example".into(),
            user: None,
            jira_project: None,
            issue_type: None,
            internal: false,
            allow_private: false,
            idempotent: None,
        };
        let mut handover = handover(attempts);
        note(&mut handover, &settings, sent, 100);
        handover
    }

    fn answered(status: u16, body: &str) -> Sent {
        Sent::Answered {
            status,
            body: body.as_bytes().to_vec(),
            retry_after: Some(Duration::from_secs(60)),
        }
    }

    #[test]
    fn what_may_have_been_taken_is_sent_again_only_where_that_makes_no_second_ticket() {
        for sent in [answered(500, ""), Sent::Unknown("broke".into())] {
            assert_eq!(after(DeskKind::Zendesk, 1, sent.clone()).state, State::Waiting);
            assert_eq!(after(DeskKind::Jira, 1, sent).state, State::Unsure);
        }
        for kind in [DeskKind::Zendesk, DeskKind::Jira] {
            assert_eq!(after(kind, 1, Sent::NotSent("down".into())).state, State::Waiting);
            assert_eq!(after(kind, 1, answered(429, "")).next_at, 60_100);
            assert_eq!(after(kind, 1, answered(403, "")).state, State::Failed);
            assert_eq!(after(kind, 1, answered(302, "")).state, State::Failed);
            assert_eq!(
                after(kind, MOST, Sent::NotSent("down".into())).state,
                State::Failed
            );
            assert!(after(kind, 19, Sent::NotSent("down".into())).next_at <= LONGEST + 100);
        }
    }

    #[test]
    fn the_ticket_of_an_answer_is_kept() {
        let sent = after(
            DeskKind::Jira,
            1,
            answered(201, r#"{"id": "1", "key": "CARE-1"}"#),
        );
        assert_eq!(
            (sent.state, sent.ticket.as_deref(), sent.problem),
            (State::Sent, Some("CARE-1"), None)
        );
        let bare = after(DeskKind::Zendesk, 1, answered(200, "thanks"));
        assert!(bare.state == State::Sent && bare.problem.is_some());
    }
}
