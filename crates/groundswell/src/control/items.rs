//! Items: mentions that somebody is to answer, with when that is due and when it was first answered.
//!
//! An item is made when a mention gets a status or somebody to answer it, and follows the mention's mark.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::marks::{MarkRow, MarksChanged};
use super::{Control, notices};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use post::Millis;

/// The longest target, in milliseconds: 90 days.
const LONGEST: Millis = 90 * 24 * 3_600_000;

/// A mention to be answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The mention, by [`store::mention_number`].
    pub number: u64,
    /// When its post was published.
    pub created_at: Millis,
    /// When it became an item.
    pub opened_at: Millis,
    /// Where it stands: `open`, `pending`, `closed`.
    pub status: Option<String>,
    /// Who answers it.
    pub assignee: Option<String>,
    /// When an answer is due.
    pub due_at: Option<Millis>,
    /// Whether that was set by hand.
    pub due_by_hand: bool,
    /// When it was first answered.
    pub responded_at: Option<Millis>,
    /// By what: `reply` of our own account, or `status`.
    pub responded_by: Option<String>,
    /// When it was closed.
    pub closed_at: Option<Millis>,
}

/// Which items.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// With this status.
    pub status: Option<String>,
    /// Answered by this name.
    pub assignee: Option<String>,
    /// Due before this time, neither answered nor closed.
    pub overdue_at: Option<Millis>,
    /// Of posts published before this time and, at it, below this number: the place of the page.
    pub before: Option<(Millis, u64)>,
}

/// How an item of a period was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response {
    /// When its post was published.
    pub created_at: Millis,
    /// When it was first answered.
    pub responded_at: Option<Millis>,
}

const COLUMNS: &str =
    "SELECT number, created_at, opened_at, status, assignee, due_at, due_by_hand, responded_at,
    responded_by, closed_at FROM items";

impl Control {
    /// Items of a project, newest post first.
    pub fn items(&self, project: &str, filter: &ItemFilter, most: usize) -> Result<Vec<Item>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{COLUMNS} WHERE project = ?1 AND (?2 IS NULL OR status = ?2) AND (?3 IS NULL OR assignee = ?3)
                 AND (?4 IS NULL OR (due_at < ?4 AND responded_at IS NULL AND closed_at IS NULL))
                 AND (?5 IS NULL OR (created_at, number) < (?5, ?6))
                 ORDER BY created_at DESC, number DESC LIMIT ?7"
            ))?;
            let (at, number) = filter.before.unzip();
            let rows = all.query_map(
                params![
                    project,
                    filter.status,
                    filter.assignee,
                    filter.overdue_at,
                    at,
                    number.map(|n| n as i64),
                    most as i64
                ],
                item,
            )?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The item of a mention.
    pub fn item(&self, project: &str, number: u64) -> Result<Option<Item>> {
        self.read(|db| find(db, project, number))
    }

    /// Sets when an answer to a mention is due; with `None` the project's target says it again. Makes the item, where
    /// there is none.
    pub fn set_due(
        &self,
        project: &str,
        (number, created_at): (u64, Millis),
        due_at: Option<Millis>,
        by: &Event,
    ) -> Result<Item> {
        self.write(|db| {
            open(db, project, number, created_at)?;
            match due_at {
                Some(at) => db.execute(
                    "UPDATE items SET due_at = ?2, due_by_hand = 1 WHERE number = ?1",
                    params![number as i64, at],
                )?,
                None => db.execute(
                    "UPDATE items SET due_by_hand = 0, due_at = created_at +
                     (SELECT first_response FROM response_targets WHERE project = items.project) WHERE number = ?1",
                    [number as i64],
                )?,
            };
            self.note_due(db, project, serde_json::json!({"mention": format!("{number:016x}"), "due_at": due_at}), by)?;
            find(db, project, number)?.ok_or(Error::NotFound("item"))
        })
    }

    /// A project's target for the first response, in milliseconds after the post.
    pub fn response_target(&self, project: &str) -> Result<Option<Millis>> {
        self.read(|db| target(db, project))
    }

    /// Sets a project's target. Items that nobody set by hand and that are not answered are due by it.
    pub fn set_response_target(&self, project: &str, target: Option<Millis>, by: &Event) -> Result<()> {
        if target.is_some_and(|t| t <= 0 || t > LONGEST) {
            return Err(Error::Invalid("a target is one minute to 90 days"));
        }
        self.write(|db| {
            super::projects::find(db, project)?;
            match target {
                Some(t) => db.execute(
                    "INSERT INTO response_targets (project, first_response) VALUES (?1, ?2)
                 ON CONFLICT (project) DO UPDATE SET first_response = excluded.first_response",
                    params![project, t],
                )?,
                None => db.execute("DELETE FROM response_targets WHERE project = ?1", [project])?,
            };
            db.execute(
                "UPDATE items SET due_at = created_at + ?2
                 WHERE project = ?1 AND due_by_hand = 0 AND responded_at IS NULL AND closed_at IS NULL",
                params![project, target],
            )?;
            self.note_due(db, project, serde_json::json!({"target": target}), by)
        })
    }

    /// How the items of posts of some time were answered.
    pub fn responses(&self, project: &str, (from, to): (Millis, Millis)) -> Result<Vec<Response>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT created_at, responded_at FROM items WHERE project = ?1 AND created_at >= ?2 AND created_at < ?3",
            )?;
            let rows = all.query_map(params![project, from, to], |row| {
                Ok(Response {
                    created_at: row.get(0)?,
                    responded_at: row.get(1)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Notes that our own account answered a mention. Says whether that was the first answer.
    pub fn note_response(
        &self,
        project: &str,
        (number, created_at): (u64, Millis),
        at: Millis,
        by: &Event,
    ) -> Result<bool> {
        self.write(|db| {
            open(db, project, number, created_at)?;
            // An earlier answer than the one known may come later, by a search of the past.
            let first = db.execute(
                "UPDATE items SET responded_at = ?2, responded_by = 'reply', response_change = NULL
                 WHERE number = ?1 AND (responded_at IS NULL OR responded_at > ?2)",
                params![number as i64, at],
            )?;
            if first > 0 {
                let event = Event {
                    action: Action::Answered,
                    ..by.clone()
                };
                let details = serde_json::json!({"mention": format!("{number:016x}"), "at": at});
                audit::append(db, &self.keys().id, &event.within(project).with(details))?;
            }
            Ok(first > 0)
        })
    }

    fn note_due(
        &self,
        db: &Transaction<'_>,
        project: &str,
        details: serde_json::Value,
        by: &Event,
    ) -> Result<()> {
        let event = Event {
            action: Action::DueSet,
            ..by.clone()
        };
        audit::append(db, &self.keys().id, &event.within(project).with(details))
    }
}

/// Brings the item of a mention up to what its mark becomes, and tells whoever is to answer it.
pub(super) fn follow(db: &Transaction<'_>, row: &MarkRow, change: &MarksChanged, by: &Event) -> Result<()> {
    let (before, after) = (&row.before, &row.after);
    if (&before.status, &before.assignee) == (&after.status, &after.assignee) {
        return Ok(());
    }
    open(db, &row.project, row.number, row.created_at)?;
    mirror(db, row, change.at)?;
    let is_answer = before.status != after.status
        && matches!(after.status.as_deref(), Some("pending" | "closed"))
        && by.is_of_a_person();
    if is_answer {
        db.prepare_cached(
            "UPDATE items SET responded_at = ?2, responded_by = 'status', response_change = ?3
             WHERE number = ?1 AND responded_at IS NULL",
        )?
        .execute(params![row.number as i64, change.at, change.id])?;
    }
    match after
        .assignee
        .as_deref()
        .filter(|_| before.assignee != after.assignee)
    {
        Some(name) => notices::tell(db, name, (&row.project, row.number), "assigned", &by.actor),
        None => Ok(()),
    }
}

/// Takes back what a change that is undone did to items.
pub(super) fn unfollow(db: &Transaction<'_>, change: &str, rows: &[MarkRow]) -> Result<()> {
    db.execute(
        "UPDATE items SET responded_at = NULL, responded_by = NULL, response_change = NULL WHERE response_change = ?1",
        [change],
    )?;
    rows.iter()
        .try_for_each(|row| mirror(db, row, crate::clock::now()))
}

fn mirror(db: &Transaction<'_>, row: &MarkRow, at: Millis) -> Result<()> {
    let closed = row.after.status.as_deref() == Some("closed");
    db.prepare_cached(
        "UPDATE items SET status = ?2, assignee = ?3,
         closed_at = CASE WHEN ?4 <> 0 THEN coalesce(closed_at, ?5) ELSE NULL END WHERE number = ?1",
    )?
    .execute(params![
        row.number as i64,
        row.after.status,
        row.after.assignee,
        closed,
        at
    ])?;
    Ok(())
}

/// Makes the item of a mention where there is none.
fn open(db: &Transaction<'_>, project: &str, number: u64, created_at: Millis) -> Result<()> {
    let due_at = target(db, project)?.map(|t| created_at + t);
    db.prepare_cached(
        "INSERT INTO items (number, project, created_at, opened_at, due_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
    )?
    .execute(params![number as i64, project, created_at, crate::clock::now(), due_at])?;
    Ok(())
}

fn target(db: &Connection, project: &str) -> Result<Option<Millis>> {
    let mut find = db.prepare_cached("SELECT first_response FROM response_targets WHERE project = ?1")?;
    Ok(find.query_row([project], |row| row.get(0)).optional()?)
}

fn find(db: &Connection, project: &str, number: u64) -> Result<Option<Item>> {
    let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE project = ?1 AND number = ?2"))?;
    Ok(find.query_row(params![project, number as i64], item).optional()?)
}

fn item(row: &Row<'_>) -> sql::Result<Item> {
    Ok(Item {
        number: row.get::<_, i64>(0)? as u64,
        created_at: row.get(1)?,
        opened_at: row.get(2)?,
        status: row.get(3)?,
        assignee: row.get(4)?,
        due_at: row.get(5)?,
        due_by_hand: row.get(6)?,
        responded_at: row.get(7)?,
        responded_by: row.get(8)?,
        closed_at: row.get(9)?,
    })
}

impl Event {
    /// Whether somebody did it, and no rule and no other system.
    fn is_of_a_person(&self) -> bool {
        !["rule:", "account:", "desk:"]
            .iter()
            .any(|who| self.actor.starts_with(who))
    }
}
