//! Small values of the installation.

use super::Control;
use super::error::Result;
use crate::control::sql::{Connection, OptionalExtension};

impl Control {
    /// The value of a setting.
    pub fn setting(&self, key: &str) -> Result<Option<String>> {
        self.read(|db| get(db, key))
    }

    /// Sets a setting.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<()> {
        self.write(|db| set(db, key, value))
    }
}

pub(super) fn get(db: &Connection, key: &str) -> Result<Option<String>> {
    let mut find = db.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
    Ok(find.query_row([key], |row| row.get(0)).optional()?)
}

pub(super) fn set(db: &Connection, key: &str, value: &str) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )?
    .execute([key, value])?;
    Ok(())
}
