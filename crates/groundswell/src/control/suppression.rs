//! Who was erased and is refused at admission, as pseudonyms.

use super::Control;
use super::error::Result;
use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};

/// A pseudonym on the suppression list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suppressed {
    /// An author's, in hexadecimal digits.
    Author(String),
    /// A handle's, with its platform.
    Handle(String, String),
}

impl Control {
    /// The suppression list.
    pub fn suppression_entries(&self) -> Result<Vec<Suppressed>> {
        self.read(|db| {
            let mut all = db.prepare("SELECT kind, platform, pseudonym FROM suppressions")?;
            let rows = all.query_map([], |row| {
                let kind: String = row.get(0)?;
                Ok(match kind.as_str() {
                    "author" => Suppressed::Author(row.get(2)?),
                    _ => Suppressed::Handle(row.get(1)?, row.get(2)?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Puts pseudonyms on the list as part of an erasure; those on it stay as they are.
pub(super) fn add(db: &Transaction<'_>, entries: &[Suppressed], erasure: &str, at: i64) -> Result<()> {
    let mut add = db.prepare_cached(
        "INSERT OR IGNORE INTO suppressions (kind, platform, pseudonym, erasure, at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for entry in entries {
        let (kind, platform, pseudonym) = match entry {
            Suppressed::Author(author) => ("author", "", author),
            Suppressed::Handle(platform, token) => ("handle", platform.as_str(), token),
        };
        add.execute(params![kind, platform, pseudonym, erasure, at])?;
    }
    Ok(())
}
