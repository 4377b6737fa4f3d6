//! The monitor set as matching and the journal need it, and what has changed of it since a version.

use super::error::Result;
use super::{Control, lists, settings, to_sql};
use crate::control::sql::{self, Connection, Row, params};
use journal::{MonitorChange, MonitorDef, MonitorSet, Position};

const SET_VERSION: &str = "monitor_set";
const DEFINITION: &str = "SELECT m.id, m.project, m.version, v.query, m.active FROM monitors m
    JOIN monitor_versions v ON v.monitor = m.id AND v.version = m.version";

impl Control {
    /// All monitors and lists. The version grows with each change of any of them.
    pub fn monitor_set(&self) -> Result<MonitorSet> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{DEFINITION} ORDER BY m.number"))?;
            let monitors = all.query_map([], definition)?;
            Ok(MonitorSet {
                version: version(db)?,
                monitors: monitors.collect::<sql::Result<_>>()?,
                lists: lists::since(db, 0)?,
            })
        })
    }

    /// One monitor as matching needs it.
    pub fn monitor_def(&self, id: &str) -> Result<MonitorDef> {
        self.read(|db| {
            let mut find = db.prepare_cached(&format!("{DEFINITION} WHERE m.id = ?1"))?;
            Ok(find.query_row([id], definition)?)
        })
    }

    /// What has changed since this version of the set. It costs what has changed.
    pub fn changes_since(&self, since: u64) -> Result<MonitorChange> {
        self.read(|db| {
            let since = to_sql(since);
            let mut put = db.prepare_cached(&format!(
                "{DEFINITION} WHERE m.changed > ?1 ORDER BY m.changed, m.number"
            ))?;
            let mut remove = db.prepare_cached("SELECT monitor FROM removed_monitors WHERE changed > ?1")?;
            let mut remove_lists =
                db.prepare_cached("SELECT project, name FROM removed_lists WHERE changed > ?1")?;
            let name = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            Ok(MonitorChange {
                version: version(db)?,
                put: put.query_map([since], definition)?.collect::<sql::Result<_>>()?,
                remove: remove
                    .query_map([since], |row| row.get(0))?
                    .collect::<sql::Result<_>>()?,
                put_lists: lists::since(db, since)?,
                remove_lists: remove_lists
                    .query_map([since], name)?
                    .collect::<sql::Result<_>>()?,
            })
        })
    }

    /// The active monitors of which it is not known from where on they are in force.
    pub fn unnoted(&self) -> Result<Vec<MonitorDef>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{DEFINITION} WHERE m.active = 1 AND v.in_force_from IS NULL"
            ))?;
            Ok(all.query_map([], definition)?.collect::<sql::Result<_>>()?)
        })
    }

    /// Notes that the set is journaled up to this version, and from which position and time on the active ones among
    /// these monitors are in force.
    pub fn note_journaled(
        &self,
        version: u64,
        monitors: impl IntoIterator<Item = (MonitorDef, Position, i64)>,
    ) -> Result<()> {
        self.write(|db| {
            let mut note = db.prepare_cached(
                "UPDATE monitor_versions SET in_force_from = ?3, in_force_at = ?4
                 WHERE monitor = ?1 AND version = ?2",
            )?;
            for (m, position, at) in monitors.into_iter().filter(|m| m.0.active) {
                note.execute(params![m.id, m.version, to_sql(position.0), at])?;
            }
            for table in ["removed_monitors", "removed_lists"] {
                db.execute(
                    &format!("DELETE FROM {table} WHERE changed <= ?1"),
                    [to_sql(version)],
                )?;
            }
            Ok(())
        })
    }
}

fn definition(row: &Row<'_>) -> sql::Result<MonitorDef> {
    Ok(MonitorDef {
        id: row.get(0)?,
        project: row.get(1)?,
        version: row.get(2)?,
        query: row.get(3)?,
        active: row.get(4)?,
    })
}

fn version(db: &Connection) -> Result<u64> {
    Ok(settings::get(db, SET_VERSION)?
        .and_then(|v| v.parse().ok())
        .unwrap_or(0))
}

/// Gives the set its next version.
pub(super) fn count(db: &Connection) -> Result<i64> {
    let next = version(db)? + 1;
    settings::set(db, SET_VERSION, &next.to_string())?;
    Ok(to_sql(next))
}

/// Takes note that a monitor is new or another one now.
pub(super) fn note(db: &Connection, id: &str) -> Result<()> {
    let changed = count(db)?;
    db.prepare_cached("UPDATE monitors SET changed = ?2 WHERE id = ?1")?
        .execute(params![id, changed])?;
    Ok(())
}

/// Takes note that a monitor is gone.
pub(super) fn note_removal(db: &Connection, id: &str) -> Result<()> {
    let changed = count(db)?;
    db.prepare_cached(
        "INSERT INTO removed_monitors (monitor, changed) VALUES (?1, ?2)
                 ON CONFLICT (monitor) DO UPDATE SET changed = excluded.changed",
    )?
    .execute(params![id, changed])?;
    Ok(())
}
