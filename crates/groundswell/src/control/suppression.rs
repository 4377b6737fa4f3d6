//! Who was erased and is refused at admission, as pseudonyms.

use super::error::Result;
use super::{Control, from_sql};
use crate::control::sql::{self, Transaction, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A pseudonym on the suppression list.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Suppressed {
    /// An author's, in hexadecimal digits.
    Author(String),
    /// A handle's, with its platform.
    Handle(String, String),
}

/// An entry of the suppression list as it may be shown: without the pseudonym.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SuppressionRow {
    /// `author`, or `handle`: where no platform named the author.
    pub kind: String,
    /// The platform of a handle.
    pub platform: Option<String>,
    /// The erasure that put it there.
    pub erasure: String,
    /// When.
    pub at: i64,
}

impl Control {
    /// The newest entries of the suppression list, at most `most`, and how many there are.
    pub fn suppression_rows(&self, most: usize) -> Result<(Vec<SuppressionRow>, u64)> {
        self.read(|db| {
            let total: i64 = db.query_row("SELECT count(*) FROM suppressions", [], |row| row.get(0))?;
            let mut all = db.prepare_cached(
                "SELECT kind, platform, erasure, at FROM suppressions ORDER BY at DESC, erasure, kind LIMIT ?1",
            )?;
            let rows = all.query_map([most as i64], |row| {
                let platform: String = row.get(1)?;
                Ok(SuppressionRow {
                    kind: row.get(0)?,
                    platform: Some(platform).filter(|p| !p.is_empty()),
                    erasure: row.get(2)?,
                    at: row.get(3)?,
                })
            })?;
            Ok((rows.collect::<sql::Result<_>>()?, from_sql(total)))
        })
    }

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
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// Puts pseudonyms on the list as part of an erasure; those on it stay as they are.
pub(super) fn add(db: &Transaction<'_>, entries: &[Suppressed], erasure: &str, at: i64) -> Result<()> {
    let mut add = db.prepare_cached(
        "INSERT INTO suppressions (kind, platform, pseudonym, erasure, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
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
