//! Whether the database is whole.

use super::Control;
use super::error::Result;
use crate::control::sql::{self, Connection};

/// Faults told of one database at most.
const MOST: usize = 50;

fn told(db: &Connection, check: &str) -> Result<Vec<String>> {
    // A server watches over its files and references itself; what is left to ask is whether it answers.
    if db.sqlite().is_none() {
        db.query_row("SELECT 1", [], |row| row.get::<_, i64>(0))?;
        return Ok(Vec::new());
    }
    let mut check = db.prepare(&format!("PRAGMA {check}({MOST})"))?;
    let rows = check.query_map([], |row| row.get::<_, String>(0))?;
    let mut faults: Vec<String> = rows.collect::<sql::Result<_>>()?;
    faults.retain(|fault| fault != "ok");
    Ok(faults)
}

impl Control {
    /// What SQLite finds wrong with the file without comparing indices with their tables.
    pub fn quick_faults(&self) -> Result<Vec<String>> {
        self.read(|db| told(db, "quick_check"))
    }

    /// What SQLite finds wrong with the file, and references that lead nowhere, each in words.
    pub fn faults(&self) -> Result<Vec<String>> {
        self.read(|db| {
            let mut faults = told(db, "integrity_check")?;
            if db.sqlite().is_none() {
                return Ok(faults);
            }
            let mut references = db.prepare("PRAGMA foreign_key_check")?;
            let rows = references.query_map([], |row| {
                let (table, row_id): (String, Option<i64>) = (row.get(0)?, row.get(1)?);
                let parent: String = row.get(2)?;
                let of = row_id.map_or(String::new(), |id| format!(" {id}"));
                Ok(format!(
                    "row{of} of table {table} names something that table {parent} does not have"
                ))
            })?;
            for row in rows.take(MOST) {
                faults.push(row?);
            }
            Ok(faults)
        })
    }

    /// Pinned questions that were answered by a commit after this one, which the store then no longer has.
    pub fn permalinks_after(&self, generation: u64) -> Result<Vec<String>> {
        self.read(|db| {
            let mut later = db.prepare("SELECT id FROM permalinks WHERE generation > ?1 ORDER BY id")?;
            let rows = later.query_map([super::to_sql(generation)], |row| row.get(0))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}
