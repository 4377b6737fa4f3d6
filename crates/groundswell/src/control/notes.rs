//! Notes on mentions.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{AccessRole, Control, new_id};
use crate::control::sql::{self, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Bytes of a note at most.
const MAX_TEXT: usize = 10_000;
/// Notes on one mention at most.
const MOST: i64 = 500;

/// What somebody wrote about a mention. It is seen by the project's people alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Note {
    /// Its id.
    pub id: String,
    /// Who wrote it, as in the audit log.
    pub author: String,
    /// What was written.
    pub text: String,
    /// When.
    pub created_at: i64,
    /// When it was last changed.
    pub edited_at: Option<i64>,
}

impl Control {
    /// The notes on a mention of a project, oldest first.
    pub fn notes(&self, project: &str, number: u64) -> Result<Vec<Note>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, author, text, created_at, edited_at FROM notes WHERE project = ?1 AND number = ?2
                 ORDER BY created_at, id",
            )?;
            let rows = all.query_map(params![project, number as i64], note)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Writes a note.
    pub fn write_note(&self, project: &str, number: u64, text: &str, by: &Event) -> Result<Note> {
        let note = Note {
            id: new_id("n_")?,
            author: by.actor.clone(),
            text: clean(text)?.to_owned(),
            created_at: crate::clock::now(),
            edited_at: None,
        };
        self.write(|db| {
            let count: i64 = db.query_row("SELECT count(*) FROM notes WHERE number = ?1", [number as i64], |r| {
                r.get(0)
            })?;
            if count >= MOST {
                return Err(Error::Invalid("a mention has at most 500 notes"));
            }
            db.execute(
                "INSERT INTO notes (id, project, number, author, text, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![note.id, project, number as i64, note.author, note.text, note.created_at],
            )?;
            self.tell(db, project, &note.id, "written", by)
        })?;
        Ok(note)
    }

    /// Changes a note: its author may, and an administrator.
    pub fn edit_note(&self, project: &str, id: &str, text: &str, by: &Event) -> Result<Note> {
        let text = clean(text)?;
        self.write(|db| {
            let before = own(db, project, id, by)?;
            let edited_at = crate::clock::now();
            db.execute(
                "UPDATE notes SET text = ?2, edited_at = ?3 WHERE id = ?1",
                params![id, text, edited_at],
            )?;
            self.tell(db, project, id, "changed", by)?;
            Ok(Note {
                text: text.to_owned(),
                edited_at: Some(edited_at),
                ..before
            })
        })
    }

    /// Removes a note: its author may, and an administrator.
    pub fn delete_note(&self, project: &str, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            own(db, project, id, by)?;
            db.execute("DELETE FROM notes WHERE id = ?1", [id])?;
            self.tell(db, project, id, "removed", by)
        })
    }

    fn tell(&self, db: &Transaction<'_>, project: &str, note: &str, what: &str, by: &Event) -> Result<()> {
        let event = Event {
            action: Action::NoteChanged,
            ..by.clone()
        };
        let details = serde_json::json!({"note": note, "was": what});
        audit::append(db, &self.keys().id, &event.within(project).with(details))
    }
}

/// The note, where whoever asks may change it.
fn own(db: &Transaction<'_>, project: &str, id: &str, by: &Event) -> Result<Note> {
    let mut find = db.prepare_cached(
        "SELECT id, author, text, created_at, edited_at FROM notes WHERE id = ?1 AND project = ?2",
    )?;
    let found = find.query_row([id, project], note).optional()?;
    let found = found.ok_or(Error::NotFound("note"))?;
    match found.author == by.actor || by.role == AccessRole::Admin {
        true => Ok(found),
        false => Err(Error::Invalid(
            "a note is changed by its author or an administrator",
        )),
    }
}

fn note(row: &Row<'_>) -> sql::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        author: row.get(1)?,
        text: row.get(2)?,
        created_at: row.get(3)?,
        edited_at: row.get(4)?,
    })
}

fn clean(text: &str) -> Result<&str> {
    let text = text.trim();
    match text.len() {
        0 => Err(Error::Invalid("the note is empty")),
        n if n > MAX_TEXT => Err(Error::Invalid("the note is longer than 10,000 bytes")),
        _ => Ok(text),
    }
}
