//! The outbox of hand-overs: what is to be sent, what was, and the tickets that came of it.
//!
//! A hand-over is noted as `sending` before a byte leaves. Whatever happens then, its outcome is either noted, or known
//! to be unknown: it is then sent again under the same key where the desk takes one, and stops as `unsure` elsewhere.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, new_id};
use crate::control::sql::{self, OptionalExtension, Row, params};
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a hand-over stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum HandoverState {
    /// It is to be sent.
    Waiting,
    /// It may have been sent; what came of it is not noted.
    Sending,
    /// A ticket was made.
    Sent,
    /// Nobody knows whether a ticket was made: somebody has to look.
    Unsure,
    /// It was refused.
    Failed,
}

impl HandoverState {
    fn name(self) -> &'static str {
        match self {
            HandoverState::Waiting => "waiting",
            HandoverState::Sending => "sending",
            HandoverState::Sent => "sent",
            HandoverState::Unsure => "unsure",
            HandoverState::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Self {
        let all = [Self::Waiting, Self::Sending, Self::Sent, Self::Unsure];
        all.into_iter().find(|s| s.name() == name).unwrap_or(Self::Failed)
    }
}

/// A mention that is or was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Its id, which is the idempotency key.
    pub id: String,
    /// The project.
    pub project: String,
    /// The desk.
    pub desk: String,
    /// The mention, by [`store::mention_number`].
    pub number: u64,
    /// What is posted.
    pub body: String,
    /// Where it stands.
    pub state: HandoverState,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried next.
    pub next_at: Millis,
    /// What went wrong last.
    pub problem: Option<String>,
    /// The ticket.
    pub ticket: Option<String>,
    /// Its status there.
    pub ticket_status: Option<String>,
    /// Its address there.
    pub ticket_url: Option<String>,
    /// Who handed it over.
    pub by: String,
    /// When.
    pub created_at: Millis,
    /// When anything of this changed last.
    pub updated_at: Millis,
}

const COLUMNS: &str =
    "SELECT id, project, desk, number, body, state, attempts, next_at, problem, ticket, ticket_status,
    ticket_url, actor, created_at, updated_at FROM handovers";

impl Control {
    /// Puts a mention into the outbox of a desk. One that is there already, and did not fail, is given as it is. `body`
    /// makes what is posted of the id; `on` is what the audit log calls the post.
    pub fn hand_over(
        &self,
        (project, desk): (&str, &str),
        number: u64,
        body: impl FnOnce(&str) -> String,
        on: &str,
        by: &Event,
    ) -> Result<Handover> {
        let id = new_id("h_")?;
        self.write(|db| {
            let mut find = db.prepare_cached(&format!(
                "{COLUMNS} WHERE project = ?1 AND desk = ?2 AND number = ?3 AND state != 'failed'"
            ))?;
            let there = find.query_row(params![project, desk, number as i64], handover).optional()?;
            if let Some(there) = there {
                return Ok(there);
            }
            let now = crate::clock::now();
            let body = body(&id);
            db.execute(
                "INSERT INTO handovers (id, project, desk, number, body, state, next_at, actor, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, ?7, ?6, ?6)",
                params![id, project, desk, number as i64, body, now, by.actor],
            )?;
            let event = Event {
                action: Action::HandedOver,
                ..by.clone()
            };
            let details = serde_json::json!({"desk": desk, "handover": id});
            audit::append(db, &self.keys().id, &event.on(on).within(project).with(details))?;
            Ok(db.query_row(&format!("{COLUMNS} WHERE id = ?1"), [&id], handover)?)
        })
    }

    /// The hand-overs of a project, newest first; of one mention, or of all.
    pub fn handovers(&self, project: &str, number: Option<u64>, most: usize) -> Result<Vec<Handover>> {
        self.handovers_where(
            "project = ?1 AND (?2 IS NULL OR number = ?2) ORDER BY created_at DESC, id LIMIT ?3",
            params![project, number.map(|n| n as i64), most as i64],
        )
    }

    /// One hand-over of a project.
    pub fn handover(&self, project: &str, id: &str) -> Result<Handover> {
        let found = self.handovers_where("project = ?1 AND id = ?2", params![project, id])?;
        found.into_iter().next().ok_or(Error::NotFound("hand-over"))
    }

    /// What is to be sent at this time, oldest first, with what an earlier run left as being sent.
    pub fn due_handovers(&self, now: Millis, most: usize) -> Result<Vec<Handover>> {
        self.handovers_where(
            "state IN ('waiting', 'sending') AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2",
            params![now, most as i64],
        )
    }

    /// Keeps where a hand-over stands, with what came of it. What was posted is not kept once it was taken.
    pub fn keep_handover(&self, handover: &Handover) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE handovers SET state = ?2, attempts = ?3, next_at = ?4, problem = ?5, ticket = ?6,
                 ticket_status = coalesce(?7, ticket_status), ticket_url = ?8, updated_at = ?9,
                 body = CASE WHEN ?2 = 'sent' THEN '' ELSE body END WHERE id = ?1",
                params![
                    handover.id,
                    handover.state.name(),
                    handover.attempts,
                    handover.next_at,
                    handover.problem,
                    handover.ticket,
                    handover.ticket_status,
                    handover.ticket_url,
                    crate::clock::now()
                ],
            )?;
            Ok(())
        })
    }

    /// Somebody has looked at a hand-over that failed or of which nothing was known: it is sent again, or is the ticket
    /// named.
    pub fn settle_handover(
        &self,
        project: &str,
        id: &str,
        ticket: Option<&str>,
        by: &Event,
    ) -> Result<Handover> {
        let before = self.handover(project, id)?;
        if !matches!(before.state, HandoverState::Unsure | HandoverState::Failed) {
            return Err(Error::Invalid(
                "only a hand-over that failed or is unsure can be settled",
            ));
        }
        self.write(|db| {
            let now = crate::clock::now();
            let state = if ticket.is_some() { "sent" } else { "waiting" };
            db.execute(
                "UPDATE handovers SET state = ?2, ticket = ?3, next_at = ?4, attempts = 0, problem = NULL, updated_at = ?4
                 WHERE id = ?1",
                params![id, state, ticket, now],
            )?;
            let event = Event {
                action: Action::HandedOver,
                ..by.clone()
            };
            let details = serde_json::json!({"handover": id, "settled": state});
            audit::append(db, &self.keys().id, &event.within(project).with(details))?;
            Ok(db.query_row(&format!("{COLUMNS} WHERE id = ?1"), [id], handover)?)
        })
    }

    /// Notes the status of a desk's ticket, found by its id or by the hand-over's. `None` where there is no such one.
    pub fn ticket_changed(
        &self,
        desk: &str,
        (ticket, key): (Option<&str>, Option<&str>),
        status: Option<&str>,
        by: &Event,
    ) -> Result<Option<Handover>> {
        self.write(|db| {
            let mut find = db.prepare_cached(&format!(
                "{COLUMNS} WHERE desk = ?1 AND (ticket = ?2 OR id = ?3) ORDER BY id = ?3 DESC LIMIT 1"
            ))?;
            let Some(found) = find.query_row(params![desk, ticket, key], handover).optional()? else {
                return Ok(None);
            };
            // A ticket that tells of itself was made, whatever became of the answer.
            db.execute(
                "UPDATE handovers SET state = 'sent', problem = NULL, ticket = coalesce(ticket, ?2),
                 ticket_status = coalesce(?3, ticket_status), updated_at = ?4 WHERE id = ?1",
                params![found.id, ticket, status, crate::clock::now()],
            )?;
            let event = Event {
                action: Action::TicketChanged,
                ..by.clone()
            };
            let details = serde_json::json!({"handover": found.id, "status": status});
            audit::append(db, &self.keys().id, &event.within(&found.project).with(details))?;
            Ok(Some(db.query_row(
                &format!("{COLUMNS} WHERE id = ?1"),
                [&found.id],
                handover,
            )?))
        })
    }

    fn handovers_where(&self, which: &str, values: &[&dyn sql::ToSql]) -> Result<Vec<Handover>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{COLUMNS} WHERE {which}"))?;
            let rows = all.query_map(values, handover)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

fn handover(row: &Row<'_>) -> sql::Result<Handover> {
    Ok(Handover {
        id: row.get(0)?,
        project: row.get(1)?,
        desk: row.get(2)?,
        number: row.get::<_, i64>(3)? as u64,
        body: row.get(4)?,
        state: HandoverState::from_name(&row.get::<_, String>(5)?),
        attempts: row.get(6)?,
        next_at: row.get(7)?,
        problem: row.get(8)?,
        ticket: row.get(9)?,
        ticket_status: row.get(10)?,
        ticket_url: row.get(11)?,
        by: row.get(12)?,
        created_at: row.get(13)?,
        updated_at: row.get(14)?,
    })
}
