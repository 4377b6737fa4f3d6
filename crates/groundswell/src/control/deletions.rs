//! Since when bytes of what was deleted are on the disk.

use super::error::Result;
use super::{Control, settings};
use crate::control::sql::{Transaction, params};

const PURGE_SINCE: &str = "purge.since";

impl Control {
    /// When the first of the deletions happened whose bytes are still on the disk.
    pub fn purge_since(&self) -> Result<Option<i64>> {
        self.read(|db| Ok(settings::get(db, PURGE_SINCE)?.and_then(|v| v.parse().ok())))
    }

    /// Takes note that the bytes of what was deleted before now are being taken off the disk. Should that fail, give
    /// the time back to [`Control::note_deletion`].
    pub fn begin_purge(&self) -> Result<Option<i64>> {
        self.write(|db| {
            let since = settings::get(db, PURGE_SINCE)?.and_then(|v| v.parse().ok());
            db.execute("DELETE FROM settings WHERE key = ?1", [PURGE_SINCE])?;
            Ok(since)
        })
    }

    /// Takes note of a deletion at this time, unless an earlier one is noted.
    pub fn note_deletion(&self, at: i64) -> Result<()> {
        self.write(|db| note_deletion(db, at))
    }
}

/// Takes note of a deletion as part of a change.
pub(super) fn note_deletion(db: &Transaction<'_>, at: i64) -> Result<()> {
    let mut note = db.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2)
         ON CONFLICT (key) DO UPDATE SET value = CAST(min(CAST(settings.value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)",
    )?;
    note.execute(params![PURGE_SINCE, at.to_string()])?;
    Ok(())
}
