//! The outbox: messages that wait, and what became of those that were sent.

use super::Channel;
use super::error::{Error, Result};
use super::{Control, new_id};
use crate::control::sql::{self, Connection, OptionalExtension, Row, params};
use crate::delivery::{Letter, Telling};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Messages shown of a project.
const SHOWN: u32 = 1_000;

/// For how long a message is one server's to send, in milliseconds: a dead server's messages are tried by another then.
const CLAIM: i64 = 10 * 60_000;

/// What a message says.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A letter as it is.
    Letter(Letter),
    /// What is told of alerts, in the form of its destination.
    Telling(Telling),
}

/// A message to be put into the outbox.
pub struct NewOutgoing {
    /// What it tells, and whom: of two under one name only the first is kept.
    pub name: String,
    /// The destination; a letter that says its own address has none.
    pub destination: Option<String>,
    /// What it says.
    pub content: Content,
}

impl NewOutgoing {
    /// A letter.
    pub fn letter(name: String, letter: Letter) -> Self {
        Self {
            name,
            destination: None,
            content: Content::Letter(letter),
        }
    }
}

/// Where a message is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OutgoingState {
    /// It will be tried, or tried again.
    Waiting,
    /// The other side took it.
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

/// A message of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Its id, the same however often it is sent.
    pub id: String,
    /// The project it comes from.
    pub project: String,
    /// The destination, where it is not a letter that says its own address.
    pub destination: Option<String>,
    /// The destination's name.
    pub destination_name: Option<String>,
    /// How it goes.
    pub channel: Channel,
    /// What it says.
    pub content: Content,
    /// When it was written.
    pub made_at: i64,
    /// Where it is.
    pub state: OutgoingState,
    /// How often it was tried in vain.
    pub tries: u32,
    /// When it is tried next, or when it left the outbox.
    pub at: i64,
    /// What the other side said last, or why nothing could be sent.
    pub said: Option<String>,
}

/// One try to send a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutgoingTry {
    /// When it ended.
    pub at: i64,
    /// Whether it was taken.
    pub taken: bool,
    /// What the other side said, or why nothing could be sent.
    pub said: String,
}

const COLUMNS: &str = "SELECT outbox.*, destinations.name AS destination_name, json_extract(destinations.settings, '$.channel') AS channel
    FROM outbox LEFT JOIN destinations ON destinations.id = outbox.destination";

impl Control {
    /// Messages that are due, those due longest first; without a mail server (`mail`) no letters. Where several servers
    /// may ask, one of them gets a message: for the others it is not due for a while, within which what became of it
    /// must be noted.
    pub fn outgoing_due(&self, now: i64, most: u32, mail: bool) -> Result<Vec<Outgoing>> {
        if self.connection().sqlite().is_some() {
            return self.read(|db| due(db, now, most, mail));
        }
        self.write(|db| {
            let found = due(db, now, most, mail)?;
            let mut claim = db.prepare_cached("UPDATE outbox SET at = ?2 WHERE id = ?1")?;
            for message in &found {
                claim.execute(params![message.id, now + CLAIM])?;
            }
            Ok(found)
        })
    }

    /// A project's messages, newest first; only those in one state, where asked.
    pub fn outgoing(&self, project: &str, state: Option<OutgoingState>) -> Result<Vec<Outgoing>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(&format!(
                "{COLUMNS} WHERE outbox.project = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY made_at DESC, outbox.id LIMIT ?3"
            ))?;
            let rows = rows.query_map(params![project, state.map(OutgoingState::name), SHOWN], outgoing)?;
            Ok(rows.collect::<sql::Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// The tries to send a project's message, the first one first.
    pub fn outgoing_tries(&self, project: &str, id: &str) -> Result<Vec<OutgoingTry>> {
        self.read(|db| {
            find(db, project, id)?;
            let mut rows = db.prepare_cached(
                "SELECT at, taken, said FROM outbox_tries WHERE message = ?1 ORDER BY rowid",
            )?;
            let rows = rows.query_map([id], |r| {
                Ok(OutgoingTry {
                    at: r.get(0)?,
                    taken: r.get(1)?,
                    said: r.get(2)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Lets go of what left the outbox before `before`.
    pub fn forget_old_outgoing(&self, before: i64) -> Result<()> {
        self.write(|db| {
            db.execute(
                "DELETE FROM outbox WHERE state <> 'waiting' AND at < ?1 AND destination IS NOT NULL",
                [before],
            )?;
            Ok(())
        })
    }

    /// Notes that a message was taken.
    pub fn outgoing_sent(&self, id: &str, said: &str, now: i64) -> Result<()> {
        self.settle(id, OutgoingState::Sent, said, now)
    }

    /// Notes that a message was not taken: it is tried again at `next`, or given up.
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
            db.execute(
                "INSERT INTO outbox_tries (message, at, taken, said) SELECT ?1, ?2, ?3, ?4
                 WHERE EXISTS (SELECT 1 FROM outbox WHERE id = ?1)",
                params![id, crate::clock::now(), !failed, said],
            )?;
            Ok(())
        })
    }

    /// Has a message that was not sent tried now, as if for the first time.
    pub fn retry_outgoing(&self, project: &str, id: &str) -> Result<Outgoing> {
        self.write(|db| {
            let found = find(db, project, id)?;
            if found.state == OutgoingState::Sent {
                return Err(Error::Invalid("the message was sent"));
            }
            db.execute(
                "UPDATE outbox SET state = 'waiting', tries = 0, at = ?2 WHERE id = ?1",
                params![id, crate::clock::now()],
            )?;
            find(db, project, id)
        })
    }

    /// Takes a message out of the outbox: it is not sent, or no longer shown.
    pub fn withdraw_outgoing(&self, project: &str, id: &str) -> Result<()> {
        self.write(|db| {
            find(db, project, id)?;
            db.execute("DELETE FROM outbox WHERE id = ?1", [id])?;
            Ok(())
        })
    }
}

fn due(db: &Connection, now: i64, most: u32, mail: bool) -> Result<Vec<Outgoing>> {
    let mut rows = db.prepare_cached(&format!(
        "{COLUMNS} WHERE state = 'waiting' AND at <= ?1
             AND (?3 <> 0 OR coalesce(json_extract(destinations.settings, '$.channel'), 'email') <> 'email')
         ORDER BY at, outbox.id LIMIT ?2"
    ))?;
    let rows = rows.query_map(params![now, most, mail], outgoing)?;
    let rows = rows.collect::<sql::Result<Vec<_>>>()?;
    Ok(rows.into_iter().flatten().collect())
}

/// Puts messages into the outbox, within the transaction of what they tell of.
pub(super) fn put(db: &Connection, project: &str, messages: &[NewOutgoing], now: i64) -> Result<()> {
    for new in messages {
        let text = match &new.content {
            Content::Letter(letter) => serde_json::to_string(letter),
            Content::Telling(telling) => serde_json::to_string(telling),
        };
        let text = text.map_err(|_| Error::Invalid("the message cannot be kept"))?;
        // A destination that was removed meanwhile gets nothing.
        db.execute(
            "INSERT INTO outbox (id, project, name, letter, made_at, state, tries, at, destination)
             SELECT ?1, ?2, ?3, ?4, ?5, 'waiting', 0, ?5, ?6
             WHERE ?6 IS NULL OR EXISTS (SELECT 1 FROM destinations WHERE id = ?6)
             ON CONFLICT (project, name) DO NOTHING",
            params![new_id("m_")?, project, new.name, text, now, new.destination],
        )?;
    }
    Ok(())
}

fn find(db: &Connection, project: &str, id: &str) -> Result<Outgoing> {
    db.query_row(
        &format!("{COLUMNS} WHERE outbox.id = ?1 AND outbox.project = ?2"),
        [id, project],
        outgoing,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("message"))
}

/// `None` where a newer program wrote the message.
fn outgoing(row: &Row<'_>) -> sql::Result<Option<Outgoing>> {
    let (text, state): (String, String) = (row.get("letter")?, row.get("state")?);
    let (destination, channel): (Option<String>, Option<String>) =
        (row.get("destination")?, row.get("channel")?);
    let content = match &destination {
        None => serde_json::from_str(&text).map(Content::Letter),
        Some(_) => serde_json::from_str(&text).map(Content::Telling),
    };
    let Ok(content) = content else {
        return Ok(None);
    };
    Ok(Some(Outgoing {
        id: row.get("id")?,
        project: row.get("project")?,
        destination,
        destination_name: row.get("destination_name")?,
        channel: channel
            .as_deref()
            .and_then(Channel::from_name)
            .unwrap_or(Channel::Email),
        content,
        made_at: row.get("made_at")?,
        state: OutgoingState::from_name(&state),
        tries: row.get("tries")?,
        at: row.get("at")?,
        said: row.get("said")?,
    }))
}
