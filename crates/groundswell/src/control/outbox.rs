//! The outbox: letters that wait, and what became of those that were sent.

use super::error::{Error, Result};
use super::{Control, new_id};
use crate::delivery::Letter;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Letters shown of a project.
const SHOWN: u32 = 1_000;

/// A letter to be put into the outbox.
pub struct NewOutgoing {
    /// What it tells, and whom: of two under one name only the first is kept.
    pub name: String,
    /// The letter.
    pub letter: Letter,
}

/// Where a letter is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutgoingState {
    /// It will be tried, or tried again.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was refused for good, or tried too often.
    Failed,
}

impl OutgoingState {
    fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Self {
        match name {
            "sent" => Self::Sent,
            "failed" => Self::Failed,
            _ => Self::Waiting,
        }
    }
}

/// A letter of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its id, in its `Message-ID`.
    pub id: String,
    /// The project it comes from.
    pub project: String,
    /// The letter.
    pub letter: Letter,
    /// When it was written.
    pub made_at: i64,
    /// Where it is.
    pub state: OutgoingState,
    /// How often it was tried in vain.
    pub tries: u32,
    /// When it is tried next, or when it left the outbox.
    pub at: i64,
    /// What the mail server said last, or why nothing could be sent.
    pub said: Option<String>,
}

impl Control {
    /// Letters that are due, those due longest first.
    pub fn outgoing_due(&self, now: i64, most: u32) -> Result<Vec<Outgoing>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM outbox WHERE state = 'waiting' AND at <= ?1 ORDER BY at, id LIMIT ?2",
            )?;
            let rows = rows.query_map(params![now, most], outgoing)?;
            Ok(rows
                .collect::<rusqlite::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// A project's letters, newest first; only those in one state, where asked.
    pub fn outgoing(&self, project: &str, state: Option<OutgoingState>) -> Result<Vec<Outgoing>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM outbox WHERE project = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY made_at DESC, id LIMIT ?3",
            )?;
            let rows = rows.query_map(params![project, state.map(OutgoingState::name), SHOWN], outgoing)?;
            Ok(rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// Notes that a letter was taken.
    pub fn outgoing_sent(&self, id: &str, said: &str, now: i64) -> Result<()> {
        self.settle(id, OutgoingState::Sent, said, now)
    }

    /// Notes that a letter was not taken: it is tried again at `next`, or given up.
    pub fn outgoing_failed(&self, id: &str, said: &str, next: Option<i64>, now: i64) -> Result<()> {
        let state = match next {
            Some(_) => OutgoingState::Waiting,
            None => OutgoingState::Failed,
        };
        self.settle(id, state, said, next.unwrap_or(now))
    }

    fn settle(&self, id: &str, state: OutgoingState, said: &str, at: i64) -> Result<()> {
        let failed = state != OutgoingState::Sent;
        self.write(|db| {
            // One that was withdrawn meanwhile stays away.
            db.execute(
                "UPDATE outbox SET state = ?2, said = ?3, at = ?4, tries = tries + ?5 WHERE id = ?1",
                params![id, state.name(), said, at, failed],
            )?;
            Ok(())
        })
    }

    /// Has a letter that was not sent tried now, as if for the first time.
    pub fn retry_outgoing(&self, project: &str, id: &str) -> Result<Outgoing> {
        self.write(|db| {
            let found = find(db, project, id)?;
            if found.state == OutgoingState::Sent {
                return Err(Error::Invalid("the letter was sent"));
            }
            db.execute(
                "UPDATE outbox SET state = 'waiting', tries = 0, at = ?2 WHERE id = ?1",
                params![id, crate::clock::now()],
            )?;
            find(db, project, id)
        })
    }

    /// Takes a letter out of the outbox: it is not sent, or no longer shown.
    pub fn withdraw_outgoing(&self, project: &str, id: &str) -> Result<()> {
        self.write(|db| {
            find(db, project, id)?;
            db.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
            Ok(())
        })
    }
}

/// Puts letters into the outbox, within the transaction of what they tell of.
pub(super) fn put(db: &Connection, project: &str, letters: &[NewOutgoing], now: i64) -> Result<()> {
    for new in letters {
        let letter =
            serde_json::to_string(&new.letter).map_err(|_| Error::Invalid("the letter cannot be kept"))?;
        db.execute(
            "INSERT INTO outbox (id, project, name, letter, made_at, state, tries, at) VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', 0, ?5)
             ON CONFLICT (project, name) DO NOTHING",
            params![new_id("m_")?, project, new.name, letter, now],
        )?;
    }
    Ok(())
}

fn find(db: &Connection, project: &str, id: &str) -> Result<Outgoing> {
    db.query_row(
        "SELECT * FROM outbox WHERE id = ?1 AND project = ?2",
        [id, project],
        outgoing,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("letter"))
}

/// `None` where a newer program wrote the letter.
fn outgoing(row: &Row<'_>) -> rusqlite::Result<Option<Outgoing>> {
    let (letter, state): (String, String) = (row.get("letter")?, row.get("state")?);
    let Ok(letter) = serde_json::from_str(&letter) else {
        return Ok(None);
    };
    Ok(Some(Outgoing {
        id: row.get("id")?,
        project: row.get("project")?,
        letter,
        made_at: row.get("made_at")?,
        state: OutgoingState::from_name(&state),
        tries: row.get("tries")?,
        at: row.get("at")?,
        said: row.get("said")?,
    }))
}
