//! Erasures: what was asked for, how far it is, and the receipt.

use super::audit::{self, Event};
use super::error::{Error, Result};
use super::suppression::{self, Suppressed};
use super::{Control, new_id};
use crate::control::sql::{self, OptionalExtension, Row, params};
use post::{AuthorKey, PostKey};
use serde::{Deserialize, Serialize};

/// What is to be erased, as pseudonyms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// All posts of these authors.
    pub authors: Vec<AuthorKey>,
    /// These posts besides, whose authors no platform named.
    pub posts: Vec<PostKey>,
    /// What is refused at admission from then on.
    pub suppressed: Vec<Suppressed>,
    /// What was found of it, noted before anything is deleted.
    pub found: Option<Found>,
}

/// What was found of an author before it was deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Posts, in the order of their keys.
    pub posts: Vec<PostKey>,
    /// Posts of others that only repeat one of them.
    pub reposts: Vec<PostKey>,
    /// Posts of others that carry the text of one of them as a quotation.
    pub quotes: u64,
    /// Mentions in the store, reposts included.
    pub mentions: u64,
    /// Entries in the journal, reposts included.
    pub journal_entries: u64,
    /// Data keys of authors in the vault.
    pub author_keys: u64,
    /// Sealed posts in the vault, reposts included.
    pub vault_posts: u64,
    /// Kept exports that hold one of them.
    pub exports: u64,
}

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: String,
    /// When it was asked for.
    pub at: i64,
    /// Whether it has come to its end.
    pub done: bool,
    /// Who asked for it, as in the audit log.
    pub actor: String,
    /// Why.
    pub reason: Option<String>,
    /// What is to be erased.
    pub target: Target,
    /// The receipt, once it is done.
    pub receipt: Option<String>,
}

impl Control {
    /// Notes that an erasure begins, with its suppressions: whatever happens from here on, it is finished. One that is
    /// done again keeps its id.
    pub fn begin_erasure(&self, target: &Target, again: Option<&str>, by: &Event) -> Result<Erasure> {
        let erasure = Erasure {
            id: again.map_or_else(|| new_id("er_"), |id| Ok(id.to_owned()))?,
            at: crate::clock::now(),
            done: false,
            actor: by.actor.clone(),
            reason: by.reason.clone(),
            target: target.clone(),
            receipt: None,
        };
        self.write(|db| {
            db.execute(
                "INSERT INTO erasures (id, at, state, actor, reason, target) VALUES (?1, ?2, 'running', ?3, ?4, ?5)",
                params![erasure.id, erasure.at, erasure.actor, erasure.reason, encode(target)?],
            )?;
            suppression::add(db, &target.suppressed, &erasure.id, erasure.at)?;
            let details = serde_json::json!({"erasure": erasure.id, "suppressed": target.suppressed.len()});
            let mut event = by.clone().with(details);
            event.subject = target.authors.first().map(ToString::to_string);
            audit::append(db, &self.keys().id, &event)
        })?;
        Ok(erasure)
    }

    /// Notes what was found, before it is deleted.
    pub fn note_found(&self, id: &str, target: &Target) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE erasures SET target = ?2 WHERE id = ?1 AND state = 'running'",
                params![id, encode(target)?],
            )?;
            Ok(())
        })
    }

    /// Notes that an erasure is done. Of what was erased only the receipt's counts stay.
    pub fn finish_erasure(&self, id: &str, receipt: &str) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE erasures SET state = 'done', receipt = ?2, target = ?3 WHERE id = ?1",
                params![id, receipt, encode(&Target::default())?],
            )?;
            Ok(())
        })
    }

    /// All erasures, newest first.
    pub fn erasures(&self) -> Result<Vec<Erasure>> {
        self.read(|db| {
            let mut all = db.prepare(&format!("{COLUMNS} ORDER BY at DESC, id"))?;
            let rows = all.query_map([], erasure)?;
            rows.map(|row| row?.into_erasure()).collect()
        })
    }

    /// One erasure.
    pub fn erasure(&self, id: &str) -> Result<Erasure> {
        self.read(|db| {
            let row = db
                .query_row(&format!("{COLUMNS} WHERE id = ?1"), [id], erasure)
                .optional()?;
            row.ok_or(Error::NotFound("erasure"))?.into_erasure()
        })
    }
}

const COLUMNS: &str = "SELECT id, at, state, actor, reason, target, receipt FROM erasures";

struct Stored(Erasure, String);

impl Stored {
    fn into_erasure(self) -> Result<Erasure> {
        let target =
            serde_json::from_str(&self.1).map_err(|_| Error::Invalid("an erasure cannot be read"))?;
        Ok(Erasure { target, ..self.0 })
    }
}

fn erasure(row: &Row<'_>) -> sql::Result<Stored> {
    let state: String = row.get(2)?;
    let erasure = Erasure {
        id: row.get(0)?,
        at: row.get(1)?,
        done: state == "done",
        actor: row.get(3)?,
        reason: row.get(4)?,
        target: Target::default(),
        receipt: row.get(6)?,
    };
    Ok(Stored(erasure, row.get(5)?))
}

fn encode(target: &Target) -> Result<String> {
    serde_json::to_string(target).map_err(|_| Error::Invalid("an erasure cannot be written"))
}
