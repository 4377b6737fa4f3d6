//! How sources do: what the process that runs a source says, for those that do not.

use super::Control;
use super::error::Result;
use crate::control::sql::{self, params};

/// What a process said of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// The source.
    pub name: String,
    /// The process that ran it.
    pub owner: String,
    /// When it said so, milliseconds since 1970.
    pub at: i64,
    /// What it said, as JSON.
    pub state: String,
}

impl Control {
    /// Notes how sources do.
    pub fn put_source_states(&self, states: &[SourceState]) -> Result<()> {
        self.write(|db| {
            for state in states {
                db.execute(
                    "INSERT INTO source_states (name, owner, at, state) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (name) DO UPDATE
                     SET owner = excluded.owner, at = excluded.at, state = excluded.state",
                    params![state.name, state.owner, state.at, state.state],
                )?;
            }
            Ok(())
        })
    }

    /// What was said last of each source.
    pub fn source_states(&self) -> Result<Vec<SourceState>> {
        self.read(|db| {
            let mut all =
                db.prepare_cached("SELECT name, owner, at, state FROM source_states ORDER BY name")?;
            let rows = all.query_map([], |row| {
                Ok(SourceState {
                    name: row.get(0)?,
                    owner: row.get(1)?,
                    at: row.get(2)?,
                    state: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}
