//! Definitions of reports, and the renditions made of them: drafts until somebody approves.

use super::error::{Error, Result};
use super::outbox::{self, NewOutgoing};
use super::{Control, clean_name, new_id};
use crate::control::sql::{self, Connection, OptionalExtension, Row, params};
use crate::report::{Definition, Form, Span};

/// Definitions of one project at most.
const MAX_REPORTS: i64 = 200;

/// A definition as it is kept.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// What is to be in it.
    pub definition: Definition,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
    /// The last time of its schedule that was dealt with.
    pub last_due: i64,
}

/// A rendition to be put down.
pub struct NewRendition<'a> {
    /// The definition.
    pub report: &'a str,
    /// The project.
    pub project: &'a str,
    /// Its form.
    pub form: Form,
    /// Its days.
    pub span: &'a Span,
    /// Who made it: an actor of the audit log, or `schedule`.
    pub by: &'a str,
    /// Who is to get it.
    pub recipients: &'a [String],
}

/// A rendition: a report made once. It outlives its definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Its id.
    pub id: String,
    /// The definition it was made of.
    pub report: String,
    /// The project.
    pub project: String,
    /// Its form.
    pub form: Form,
    /// Begin of its days.
    pub from: i64,
    /// End of its days, exclusive.
    pub to: i64,
    /// When it was made.
    pub made_at: i64,
    /// Who made it.
    pub made_by: String,
    /// Who approved it; `None` while it is a draft.
    pub approved_by: Option<String>,
    /// When.
    pub approved_at: Option<i64>,
    /// Who is to get it.
    pub recipients: Vec<String>,
}

impl Control {
    /// A project's definitions, oldest first.
    pub fn reports(&self, project: &str) -> Result<Vec<ReportRow>> {
        self.read(|db| {
            let mut rows =
                db.prepare_cached("SELECT * FROM reports WHERE project = ?1 ORDER BY created_at, id")?;
            let rows = rows
                .query_map([project], report)?
                .collect::<sql::Result<Vec<_>>>()?;
            Ok(rows.into_iter().flatten().collect())
        })
    }

    /// The definitions of all projects that have a schedule.
    pub fn scheduled_reports(&self) -> Result<Vec<ReportRow>> {
        self.read(|db| {
            let mut rows = db.prepare_cached("SELECT * FROM reports ORDER BY id")?;
            let rows = rows.query_map([], report)?.collect::<sql::Result<Vec<_>>>()?;
            let rows = rows.into_iter().flatten();
            Ok(rows
                .filter(|r: &ReportRow| r.definition.schedule.is_some())
                .collect())
        })
    }

    /// One definition of a project.
    pub fn report(&self, project: &str, id: &str) -> Result<ReportRow> {
        self.read(|db| find(db, project, id))
    }

    /// Keeps a new definition. Its schedule begins now.
    pub fn create_report(&self, project: &str, definition: &Definition) -> Result<ReportRow> {
        let (text, now) = (written(definition)?, crate::clock::now());
        self.write(|db| {
            super::projects::find(db, project)?;
            let count: i64 = db.query_row("SELECT count(*) FROM reports WHERE project = ?1", [project], |r| r.get(0))?;
            if count >= MAX_REPORTS {
                return Err(Error::Invalid("a project has at most 200 reports"));
            }
            let id = new_id("r_")?;
            db.execute(
                "INSERT INTO reports (id, project, definition, created_at, updated_at, last_due) VALUES (?1, ?2, ?3, ?4, ?4, ?4)",
                params![id, project, text, now],
            )?;
            find(db, project, &id)
        })
    }

    /// Changes a definition. Its schedule begins anew.
    pub fn update_report(&self, project: &str, id: &str, definition: &Definition) -> Result<ReportRow> {
        let (text, now) = (written(definition)?, crate::clock::now());
        self.write(|db| {
            find(db, project, id)?;
            db.execute(
                "UPDATE reports SET definition = ?2, updated_at = ?3, last_due = ?3 WHERE id = ?1",
                params![id, text, now],
            )?;
            find(db, project, id)
        })
    }

    /// Deletes a definition. What was made of it stays.
    pub fn delete_report(&self, project: &str, id: &str) -> Result<()> {
        self.write(|db| {
            find(db, project, id)?;
            db.execute("DELETE FROM reports WHERE id = ?1", [id])?;
            Ok(())
        })
    }

    /// Notes that a time of a schedule was dealt with.
    pub fn set_report_due(&self, id: &str, due: i64) -> Result<()> {
        self.write(|db| {
            db.execute("UPDATE reports SET last_due = ?2 WHERE id = ?1", params![id, due])?;
            Ok(())
        })
    }

    /// Puts down a rendition, as a draft.
    pub fn add_rendition(&self, new: &NewRendition<'_>) -> Result<Rendition> {
        let id = new_id("rn_")?;
        let recipients = new.recipients.join("\n");
        self.write(|db| {
            db.execute(
                "INSERT INTO renditions (id, report, project, form, from_time, until_time, made_at, made_by, recipients)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    id,
                    new.report,
                    new.project,
                    new.form.name(),
                    new.span.from,
                    new.span.to,
                    crate::clock::now(),
                    new.by,
                    recipients
                ],
            )?;
            find_rendition(db, new.project, &id)
        })
    }

    /// A project's renditions, newest first; only those approved or those not, where asked.
    pub fn renditions(&self, project: &str, approved: Option<bool>) -> Result<Vec<Rendition>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM renditions WHERE project = ?1 AND (?2 IS NULL OR CASE WHEN approved_at IS NULL THEN 0 ELSE 1 END = ?2)
                 ORDER BY made_at DESC, id LIMIT 1000",
            )?;
            let rows = rows.query_map(params![project, approved], rendition)?;
            Ok(rows.collect::<sql::Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// One rendition of a project.
    pub fn rendition(&self, project: &str, id: &str) -> Result<Rendition> {
        self.read(|db| find_rendition(db, project, id))
    }

    /// Approves a draft and puts its letters into the outbox; one that is approved stays as it is.
    pub fn approve_rendition(
        &self,
        project: &str,
        id: &str,
        by: &str,
        letters: &[NewOutgoing],
    ) -> Result<Rendition> {
        let now = crate::clock::now();
        self.write(|db| {
            let approved = db.execute(
                "UPDATE renditions SET approved_by = ?3, approved_at = ?4 WHERE id = ?1 AND project = ?2 AND approved_at IS NULL",
                params![id, project, by, now],
            )?;
            if approved > 0 {
                outbox::put(db, project, letters, now)?;
            }
            find_rendition(db, project, id)
        })
    }

    /// Takes a rendition off the list.
    pub fn delete_rendition(&self, project: &str, id: &str) -> Result<Rendition> {
        self.write(|db| {
            let found = find_rendition(db, project, id)?;
            db.execute("DELETE FROM renditions WHERE id = ?1", [id])?;
            Ok(found)
        })
    }
}

fn written(definition: &Definition) -> Result<String> {
    clean_name(&definition.name)?;
    serde_json::to_string(definition).map_err(|_| Error::Invalid("the definition cannot be kept"))
}

fn find(db: &Connection, project: &str, id: &str) -> Result<ReportRow> {
    db.query_row(
        "SELECT * FROM reports WHERE id = ?1 AND project = ?2",
        [id, project],
        report,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("report"))
}

fn find_rendition(db: &Connection, project: &str, id: &str) -> Result<Rendition> {
    db.query_row(
        "SELECT * FROM renditions WHERE id = ?1 AND project = ?2",
        [id, project],
        rendition,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("rendition"))
}

/// `None` where a newer program wrote the definition.
fn report(row: &Row<'_>) -> sql::Result<Option<ReportRow>> {
    let text: String = row.get("definition")?;
    let Ok(definition) = serde_json::from_str(&text) else {
        return Ok(None);
    };
    Ok(Some(ReportRow {
        id: row.get("id")?,
        project: row.get("project")?,
        definition,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        last_due: row.get("last_due")?,
    }))
}

fn rendition(row: &Row<'_>) -> sql::Result<Option<Rendition>> {
    let form: String = row.get("form")?;
    let Some(form) = Form::from_name(&form) else {
        return Ok(None);
    };
    let recipients: String = row.get("recipients")?;
    Ok(Some(Rendition {
        id: row.get("id")?,
        report: row.get("report")?,
        project: row.get("project")?,
        form,
        from: row.get("from_time")?,
        to: row.get("until_time")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        approved_by: row.get("approved_by")?,
        approved_at: row.get("approved_at")?,
        recipients: recipients.lines().map(str::to_owned).collect(),
    }))
}
