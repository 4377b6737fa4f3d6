//! How far searches of the past have come, so that a restart resumes them.

use super::error::Result;
use super::{Control, from_sql, to_sql};
use crate::control::sql::{self, Connection, params};
use crate::pipeline::BackfillStep;

/// A search that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenBackfill {
    /// The monitor.
    pub monitor: String,
    /// The version searched for.
    pub version: u32,
    /// The next journal position to search.
    pub next: u64,
    /// Where it ends; not known if the process ended before live matching took over.
    pub until: Option<u64>,
}

/// Notes that the past is to be searched for a version of a monitor, in place of any earlier search for it. Part of the
/// change that makes it necessary, so that a crash leaves a search to do, never one forgotten.
pub(super) fn begin(db: &Connection, monitor: &str, version: u32) -> Result<()> {
    db.execute(
        "INSERT INTO backfills (monitor, version, state) VALUES (?1, ?2, 'running')
                 ON CONFLICT (monitor) DO UPDATE SET version = excluded.version, state = excluded.state,
                 from_position = 0, next_position = 0, until_position = NULL, found = 0, from_time = NULL",
        params![monitor, version],
    )?;
    Ok(())
}

/// Notes that an unfinished search is not wanted any more: the monitor is paused.
pub(super) fn cancel(db: &Connection, monitor: &str) -> Result<()> {
    db.execute(
        "DELETE FROM backfills WHERE monitor = ?1 AND state = 'running'",
        params![monitor],
    )?;
    Ok(())
}

impl Control {
    /// Notes which positions `[from, until)` it searches, and when the oldest post there arrived.
    pub fn backfill_bounds(
        &self,
        monitor: &str,
        version: u32,
        from: u64,
        until: u64,
        from_time: Option<i64>,
    ) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE backfills SET from_position = ?3, next_position = ?3, until_position = ?4, from_time = ?5
                 WHERE monitor = ?1 AND version = ?2",
                params![monitor, version, to_sql(from), to_sql(until), from_time],
            )?;
            Ok(())
        })
    }

    /// Records progress, once the mentions it found are stored. A step of a search that was replaced is ignored.
    pub fn backfill_step(&self, step: &BackfillStep) -> Result<()> {
        let state = if step.done { "done" } else { "running" };
        self.write(|db| {
            db.execute(
                "UPDATE backfills SET next_position = ?3, found = found + ?4, state = ?5
                 WHERE monitor = ?1 AND version = ?2",
                params![
                    step.monitor,
                    step.version,
                    to_sql(step.next),
                    to_sql(step.found),
                    state
                ],
            )?;
            Ok(())
        })
    }

    /// Notes that a search cannot go on; the next start tries again.
    pub fn backfill_failed(&self, monitor: &str, version: u32) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE backfills SET state = 'failed' WHERE monitor = ?1 AND version = ?2",
                params![monitor, version],
            )?;
            Ok(())
        })
    }

    /// Searches that are not done, oldest monitor first.
    pub fn open_backfills(&self) -> Result<Vec<OpenBackfill>> {
        self.read(open)
    }
}

fn open(db: &Connection) -> Result<Vec<OpenBackfill>> {
    let mut all = db.prepare_cached(
        "SELECT b.monitor, b.version, b.next_position, b.until_position FROM backfills b
         JOIN monitors m ON m.id = b.monitor WHERE b.state <> 'done' ORDER BY m.number",
    )?;
    let rows = all.query_map([], |row| {
        Ok(OpenBackfill {
            monitor: row.get(0)?,
            version: row.get(1)?,
            next: from_sql(row.get(2)?),
            until: row.get::<_, Option<i64>>(3)?.map(from_sql),
        })
    })?;
    Ok(rows.collect::<sql::Result<_>>()?)
}
