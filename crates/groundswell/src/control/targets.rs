//! What projects want to reach, and which of their mentions were answered.

use super::error::{Error, Result};
use super::{Control, projects};
use crate::control::sql::{self, OptionalExtension, params};
use crate::insight::objective::ObjectiveTarget;
use post::Millis;
use std::collections::HashSet;

impl Control {
    /// What a project wants to reach, where that is said.
    pub fn target(&self, project: &str) -> Result<Option<ObjectiveTarget>> {
        self.read(|db| {
            projects::find(db, project)?;
            let mut one = db.prepare_cached("SELECT target FROM targets WHERE project = ?1")?;
            let text: Option<String> = one.query_row([project], |row| row.get(0)).optional()?;
            // What a newer program wrote and this one does not know is no target here.
            Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
        })
    }

    /// Sets what a project wants to reach, or takes it away. The moment is kept where only the way changes: what is measured
    /// stays the same, and so does what it is compared with.
    pub fn set_target(
        &self,
        project: &str,
        target: Option<ObjectiveTarget>,
    ) -> Result<Option<ObjectiveTarget>> {
        let before = self.target(project)?;
        let target = target.map(|t| ObjectiveTarget {
            set_at: match &before {
                Some(was) if was.metric == t.metric && was.days == t.days => was.set_at,
                _ => crate::clock::now(),
            },
            ..t
        });
        self.write(|db| {
            match &target {
                None => db.execute("DELETE FROM targets WHERE project = ?1", [project])?,
                Some(target) => {
                    let text = serde_json::to_string(target)
                        .map_err(|_| Error::Invalid("the target cannot be written"))?;
                    db.execute(
                        "INSERT INTO targets (project, target) VALUES (?1, ?2)
                         ON CONFLICT (project) DO UPDATE SET target = ?2",
                        params![project, text],
                    )?
                }
            };
            Ok(())
        })?;
        Ok(target)
    }

    /// The numbers of the mentions of posts of some time that one of our own accounts or somebody of ours answered.
    pub fn answered(&self, project: &str, (from, to): (Millis, Millis)) -> Result<HashSet<u64>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT number FROM items WHERE project = ?1 AND created_at >= ?2 AND created_at < ?3
                   AND (responded_at IS NOT NULL OR closed_at IS NOT NULL)",
            )?;
            let rows = all.query_map(params![project, from, to], |row| row.get::<_, i64>(0))?;
            Ok(rows.map(|n| n.map(|n| n as u64)).collect::<sql::Result<_>>()?)
        })
    }
}
