//! The versions of a monitor's query. History only grows: what was restored is a new version.

use super::error::{Error, Result};
use super::{Control, backfills, changes, from_sql, lists, monitors};
use crate::api::types::{Monitor, MonitorVersion};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};

impl Control {
    /// The versions of a monitor's query, newest first.
    pub fn monitor_versions(&self, id: &str) -> Result<Vec<MonitorVersion>> {
        self.read(|db| {
            monitors::find(db, id)?;
            let mut all = db.prepare_cached(
                "SELECT version, query, created_at, restored_from, list, in_force_from, in_force_at
                 FROM monitor_versions WHERE monitor = ?1 ORDER BY version DESC",
            )?;
            let rows = all.query_map([id], version)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Makes a new version of a monitor with the query of an old one, which must parse: the caller's to know. The past
    /// is to be searched again where the monitor is active.
    pub fn restore_version(&self, id: &str, of: u32) -> Result<Monitor> {
        self.write(|db| {
            let old = monitors::find(db, id)?;
            if old.origin == "file" {
                return Err(Error::FromFile(old.name));
            }
            let query = query_of(db, id, of)?.ok_or(Error::NotFound("version"))?;
            if query == old.query {
                return Err(Error::InForce(of));
            }
            lists::note_uses(db, id, &old.project, &query)?;
            next(db, &old, &query, Some(of), None)?;
            monitors::find(db, id)
        })
    }
}

/// Notes a version.
pub(super) fn add(db: &Connection, id: &str, version: u32, query: &str, now: i64) -> Result<()> {
    db.execute(
        "INSERT INTO monitor_versions (monitor, version, query, created_at) VALUES (?1, ?2, ?3, ?4)",
        params![id, version, query, now],
    )?;
    Ok(())
}

/// Gives a monitor its next version: restored from an old one, or because a list it uses changed.
pub(super) fn next(
    db: &Transaction<'_>,
    old: &Monitor,
    query: &str,
    restored_from: Option<u32>,
    list: Option<&str>,
) -> Result<()> {
    let (version, now) = (old.version + 1, crate::clock::now());
    add(db, &old.id, version, query, now)?;
    db.execute(
        "UPDATE monitor_versions SET restored_from = ?3, list = ?4 WHERE monitor = ?1 AND version = ?2",
        params![old.id, version, restored_from, list],
    )?;
    db.execute(
        "UPDATE monitors SET version = ?2, updated_at = ?3 WHERE id = ?1",
        params![old.id, version, now],
    )?;
    if old.active {
        backfills::begin(db, &old.id, version)?;
    }
    changes::note(db, &old.id)
}

fn query_of(db: &Connection, id: &str, version: u32) -> Result<Option<String>> {
    let mut find =
        db.prepare_cached("SELECT query FROM monitor_versions WHERE monitor = ?1 AND version = ?2")?;
    Ok(find
        .query_row(params![id, version], |row| row.get(0))
        .optional()?)
}

fn version(row: &Row<'_>) -> sql::Result<MonitorVersion> {
    Ok(MonitorVersion {
        version: row.get(0)?,
        query: row.get(1)?,
        created_at: row.get(2)?,
        restored_from: row.get(3)?,
        list: row.get(4)?,
        in_force_from: row.get::<_, Option<i64>>(5)?.map(from_sql),
        in_force_at: row.get(6)?,
    })
}
