//! Which monitors keep the context of their mentions, and how far it reaches.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, monitors};
use crate::control::sql::{self, OptionalExtension, params};
use crate::pipeline::Reach;

/// Deepest and most that can be asked for.
const DEEPEST: u8 = 10;
const MOST: u32 = 5_000;

impl Control {
    /// Every monitor that keeps context.
    pub fn contexts(&self) -> Result<Vec<(String, Reach)>> {
        self.read(|db| {
            let mut all =
                db.prepare_cached("SELECT monitor, depth, most FROM monitor_context ORDER BY monitor")?;
            let rows = all.query_map([], |row| {
                let reach = Reach {
                    depth: row.get(1)?,
                    most: row.get(2)?,
                };
                Ok((row.get(0)?, reach))
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// How far a monitor's context reaches; `None` where it keeps none.
    pub fn context(&self, monitor: &str) -> Result<Option<Reach>> {
        self.read(|db| {
            monitors::find(db, monitor)?;
            let mut find = db.prepare_cached("SELECT depth, most FROM monitor_context WHERE monitor = ?1")?;
            let found = find.query_row([monitor], |row| {
                Ok(Reach {
                    depth: row.get(0)?,
                    most: row.get(1)?,
                })
            });
            Ok(found.optional()?)
        })
    }

    /// Sets how far a monitor's context reaches; with `None` no more is kept.
    pub fn set_context(&self, monitor: &str, reach: Option<Reach>, by: &Event) -> Result<()> {
        if reach.is_some_and(|r| r.depth == 0 || r.depth > DEEPEST || r.most == 0 || r.most > MOST) {
            return Err(Error::Invalid(
                "context is 1 to 10 answers deep and 1 to 5,000 posts under one mention",
            ));
        }
        self.write(|db| {
            let project = monitors::find(db, monitor)?.project;
            match reach {
                Some(r) => db.execute(
                    "INSERT INTO monitor_context (monitor, depth, most) VALUES (?1, ?2, ?3)
                 ON CONFLICT (monitor) DO UPDATE SET depth = excluded.depth, most = excluded.most",
                    params![monitor, r.depth, r.most],
                )?,
                None => db.execute("DELETE FROM monitor_context WHERE monitor = ?1", [monitor])?,
            };
            let event = Event {
                action: Action::ContextChanged,
                ..by.clone()
            };
            let details = serde_json::json!({"monitor": monitor, "context": reach.is_some()});
            audit::append(db, &self.keys().id, &event.within(project).with(details))
        })
    }
}
