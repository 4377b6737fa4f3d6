//! What detectors found. Findings are numbered in the order in which they were first found.

use super::Control;
use super::error::{Error, Result};
use crate::control::sql::{self, OptionalExtension, Row, params};
use crate::detect::{Finding, FindingKind};
use post::Millis;
use serde::Serialize;
use utoipa::ToSchema;

/// Findings are kept for so long.
const KEPT: Millis = 400 * 24 * 3_600_000;

/// A finding as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FindingRow {
    /// Its number; later ones are greater.
    pub number: u64,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// Who looked at it first, as in the audit log.
    pub seen_by: Option<String>,
    /// When.
    pub seen_at: Option<Millis>,
    /// Whether somebody put it aside as of no use.
    pub dismissed: bool,
}

/// Which findings are asked for.
#[derive(Debug, Clone, Default)]
pub struct FindingFilter {
    /// Only those about this monitor.
    pub monitor: Option<String>,
    /// Only these kinds; every kind where empty.
    pub kinds: Vec<FindingKind>,
    /// Only those that end after this moment.
    pub from: Option<Millis>,
    /// Only those that begin before this moment.
    pub to: Option<Millis>,
    /// Whether those that were put aside come too.
    pub dismissed: bool,
}

/// A finding as it is kept: when it was first found, and whether that was the past already, stay.
fn whole(found: &Finding, known: Option<&str>) -> Result<String> {
    let unwritable = |_| Error::Invalid("the finding cannot be written");
    let mut whole = serde_json::to_value(found).map_err(unwritable)?;
    if let Some(known) = known {
        let known: serde_json::Value = serde_json::from_str(known).map_err(unwritable)?;
        for key in ["found_at", "is_past"] {
            whole[key] = known[key].clone();
        }
    }
    Ok(whole.to_string())
}

impl Control {
    /// Keeps findings. One that is known already keeps its number, when it was found, and what people did with it.
    pub fn put_findings(&self, findings: &[Finding]) -> Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        self.write(|db| {
            let mut put = db.prepare_cached(
                "INSERT INTO findings (id, project, monitor, kind, from_time, until_time, found_at, finding)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
                 WHERE EXISTS (SELECT 1 FROM projects WHERE id = ?2)
                   AND (?3 IS NULL OR EXISTS (SELECT 1 FROM monitors WHERE id = ?3))
                 ON CONFLICT (id) DO UPDATE SET from_time = ?5, until_time = ?6,
                   finding = ?8",
            )?;
            let mut find = db.prepare_cached("SELECT finding FROM findings WHERE id = ?1")?;
            for f in findings {
                let known: Option<String> = find.query_row([&f.id], |row| row.get(0)).optional()?;
                let whole = whole(f, known.as_deref())?;
                let kind = f.kind.name();
                put.execute(params![
                    f.id, f.project, f.monitor, kind, f.from, f.until, f.found_at, whole
                ])?;
            }
            Ok(())
        })
    }

    /// A project's findings below the number `before`, the newest first.
    pub fn findings(
        &self,
        project: &str,
        filter: &FindingFilter,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<FindingRow>> {
        let kinds: Vec<&str> = filter.kinds.iter().map(|k| k.name()).collect();
        let kinds =
            serde_json::to_string(&kinds).map_err(|_| Error::Invalid("the kinds cannot be written"))?;
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT * FROM findings WHERE project = ?1 AND number < ?2 AND (?3 IS NULL OR monitor = ?3)
                   AND (?4 = '[]' OR instr(?4, '\"' || kind || '\"') > 0)
                   AND until_time > ?5 AND from_time < ?6 AND (?7 <> 0 OR dismissed = 0)
                 ORDER BY number DESC LIMIT ?8",
            )?;
            let values = params![
                project,
                before.map_or(i64::MAX, super::to_sql),
                filter.monitor,
                kinds,
                filter.from.unwrap_or(i64::MIN),
                filter.to.unwrap_or(i64::MAX),
                filter.dismissed,
                most as i64
            ];
            let rows = all.query_map(values, row)?;
            Ok(rows
                .collect::<sql::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// Findings of every project above a number, the oldest first: what has been found since.
    pub fn findings_after(&self, number: u64, most: usize) -> Result<Vec<FindingRow>> {
        self.read(|db| {
            let mut all =
                db.prepare_cached("SELECT * FROM findings WHERE number > ?1 ORDER BY number LIMIT ?2")?;
            let rows = all.query_map(params![super::to_sql(number), most as i64], row)?;
            Ok(rows
                .collect::<sql::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// The greatest number of a finding there is; 0 where there is none.
    pub fn last_finding(&self) -> Result<u64> {
        self.read(|db| {
            let last = "SELECT coalesce(max(number), 0) FROM findings";
            Ok(super::from_sql(db.query_row(last, [], |r| r.get(0))?))
        })
    }

    /// One finding of a project.
    pub fn finding(&self, project: &str, id: &str) -> Result<FindingRow> {
        self.read(|db| {
            let mut one = db.prepare_cached("SELECT * FROM findings WHERE project = ?1 AND id = ?2")?;
            let found = one.query_row([project, id], row).optional()?.flatten();
            found.ok_or(Error::NotFound("finding"))
        })
    }

    /// Notes that somebody looked at a finding, and whether it is put aside.
    pub fn mark_finding(&self, project: &str, id: &str, dismissed: bool, by: &str) -> Result<FindingRow> {
        self.write(|db| {
            db.execute(
                "UPDATE findings SET dismissed = ?3, seen_by = coalesce(seen_by, ?4), seen_at = coalesce(seen_at, ?5)
                 WHERE project = ?1 AND id = ?2",
                params![project, id, dismissed, by, crate::clock::now()],
            )?;
            Ok(())
        })?;
        self.finding(project, id)
    }

    /// Lets go of findings that are too old.
    pub fn forget_old_findings(&self, now: Millis) -> Result<()> {
        self.write(|db| {
            db.execute("DELETE FROM findings WHERE until_time < ?1", [now - KEPT])?;
            Ok(())
        })
    }
}

/// A row; `None` where a newer program wrote what this one does not know.
fn row(row: &Row<'_>) -> sql::Result<Option<FindingRow>> {
    let finding: String = row.get("finding")?;
    let Ok(finding) = serde_json::from_str(&finding) else {
        return Ok(None);
    };
    Ok(Some(FindingRow {
        number: super::from_sql(row.get("number")?),
        finding,
        seen_by: row.get("seen_by")?,
        seen_at: row.get("seen_at")?,
        dismissed: row.get("dismissed")?,
    }))
}
