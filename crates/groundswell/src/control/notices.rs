//! What a user is told in the app: that something was assigned, or is answered.

use super::Control;
use super::error::Result;
use crate::control::sql::{self, OptionalExtension, Transaction, params};
use serde::Serialize;
use utoipa::ToSchema;

/// Notices of one user that are kept.
const KEPT: i64 = 1_000;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notice {
    /// Its number; later ones are greater.
    pub id: u64,
    /// The project.
    pub project: String,
    /// The mention, by its number in hexadecimal digits: the first half of its id.
    pub mention: String,
    /// What it is about: `assigned`.
    pub kind: String,
    /// Who did it, as in the audit log.
    pub by: String,
    /// When.
    pub at: i64,
    /// When it was marked as read.
    pub read_at: Option<i64>,
}

/// The user that a name stands for: an id, an e-mail address or a name, in any case. The one user of an installation on
/// loopback is `local`.
fn user_of(db: &Transaction<'_>, name: &str) -> Result<Option<String>> {
    if name.eq_ignore_ascii_case("local") {
        return Ok(Some("local".to_owned()));
    }
    let mut find = db.prepare_cached(
        "SELECT id FROM users WHERE disabled = 0 AND (id = ?1 OR lower(email) = lower(?1) OR lower(name) = lower(?1))
         ORDER BY id = ?1 DESC, lower(email) = lower(?1) DESC, created_at LIMIT 1",
    )?;
    let bare = name.strip_prefix("user:").unwrap_or(name);
    let id: Option<String> = find.query_row([bare], |row| row.get(0)).optional()?;
    Ok(id.map(|id| format!("user:{id}")))
}

/// Tells the user of a name; nobody, where the name is no user's, or the user did it.
pub(super) fn tell(
    db: &Transaction<'_>,
    name: &str,
    (project, number): (&str, u64),
    kind: &str,
    by: &str,
) -> Result<()> {
    let Some(user) = user_of(db, name)?.filter(|user| user != by) else {
        return Ok(());
    };
    db.prepare_cached(
        "INSERT INTO notices (user, project, number, kind, actor, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        user,
        project,
        number as i64,
        kind,
        by,
        crate::clock::now()
    ])?;
    db.prepare_cached(
        "DELETE FROM notices WHERE user = ?1 AND id <=
         (SELECT id FROM notices WHERE user = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
    )?
    .execute(params![user, KEPT])?;
    Ok(())
}

impl Control {
    /// A user's notices, newest first, below the number `before`.
    pub fn notices(&self, user: &str, unread: bool, before: Option<u64>, most: usize) -> Result<Vec<Notice>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, project, number, kind, actor, at, read_at FROM notices
                 WHERE user = ?1 AND (?2 = 0 OR read_at IS NULL) AND id < ?3 ORDER BY id DESC LIMIT ?4",
            )?;
            let before = before.map_or(i64::MAX, super::to_sql);
            let rows = all.query_map(params![user, unread, before, most as i64], |row| {
                Ok(Notice {
                    id: super::from_sql(row.get(0)?),
                    project: row.get(1)?,
                    mention: format!("{:016x}", row.get::<_, i64>(2)? as u64),
                    kind: row.get(3)?,
                    by: row.get(4)?,
                    at: row.get(5)?,
                    read_at: row.get(6)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// How many notices a user has not read.
    pub fn unread_notices(&self, user: &str) -> Result<u64> {
        self.read(|db| {
            let mut count =
                db.prepare_cached("SELECT count(*) FROM notices WHERE user = ?1 AND read_at IS NULL")?;
            Ok(super::from_sql(count.query_row([user], |row| row.get(0))?))
        })
    }

    /// Marks a user's notices up to a number as read; how many that were.
    pub fn read_notices(&self, user: &str, upto: u64) -> Result<u64> {
        self.write(|db| {
            let read = db.execute(
                "UPDATE notices SET read_at = ?3 WHERE user = ?1 AND id <= ?2 AND read_at IS NULL",
                params![user, super::to_sql(upto), crate::clock::now()],
            )?;
            Ok(read as u64)
        })
    }
}
