//! Dashboards of a project. What a widget is, the API knows; here a dashboard is a name and a text.

use super::error::{Error, Result};
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};

/// Dashboards of one project at most; as many deleted ones are kept to be restored.
const MAX_DASHBOARDS: i64 = 100;
/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 1_000;
/// How long a deleted dashboard can be restored.
const KEPT: i64 = 30 * 86_400_000;

/// A dashboard as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DashboardRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The widgets, as JSON of the API's own form.
    pub body: String,
    /// Grows by one with each change.
    pub version: u32,
    /// Who changed it last.
    pub actor: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

/// What of a dashboard people write.
#[derive(Debug, Clone, Copy)]
pub struct DashboardText<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// The widgets, as JSON of the API's own form.
    pub body: &'a str,
}

impl Control {
    /// A project's dashboards, oldest first.
    pub fn dashboards(&self, project: &str) -> Result<Vec<DashboardRow>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT * FROM dashboards WHERE project = ?1 AND deleted_at IS NULL ORDER BY created_at, id",
            )?;
            let rows = all.query_map([project], dashboard)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One dashboard of a project.
    pub fn dashboard(&self, project: &str, id: &str) -> Result<DashboardRow> {
        self.read(|db| find(db, project, id))
    }

    /// Keeps a new dashboard.
    pub fn create_dashboard(
        &self,
        project: &str,
        text: DashboardText<'_>,
        actor: &str,
    ) -> Result<DashboardRow> {
        let (name, description) = clean(text)?;
        let (id, now) = (new_id("d_")?, crate::clock::now());
        self.write(|db| {
            projects::find(db, project)?;
            room(db, project)?;
            db.execute(
                "INSERT INTO dashboards (id, project, name, description, body, version, actor, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?7)",
                params![id, project, name, description, text.body, actor, now],
            )?;
            find(db, project, &id)
        })
    }

    /// Replaces a dashboard that is at `version`; refuses where somebody changed it meanwhile.
    pub fn replace_dashboard(
        &self,
        project: &str,
        id: &str,
        version: u32,
        text: DashboardText<'_>,
        actor: &str,
    ) -> Result<DashboardRow> {
        let (name, description) = clean(text)?;
        self.write(|db| {
            let found = find(db, project, id)?;
            if found.version != version {
                return Err(Error::OtherVersion(found.version));
            }
            db.execute(
                "UPDATE dashboards SET name = ?2, description = ?3, body = ?4, version = version + 1, actor = ?5, updated_at = ?6
                 WHERE id = ?1",
                params![id, name, description, text.body, actor, crate::clock::now()],
            )?;
            find(db, project, id)
        })
    }

    /// Deletes a dashboard. For thirty days it can be restored.
    pub fn delete_dashboard(&self, project: &str, id: &str) -> Result<()> {
        let now = crate::clock::now();
        self.write(|db| {
            find(db, project, id)?;
            db.execute("UPDATE dashboards SET deleted_at = ?2 WHERE id = ?1", params![id, now])?;
            db.execute(
                "DELETE FROM dashboards WHERE project = ?1 AND deleted_at IS NOT NULL AND (deleted_at < ?2 OR id NOT IN
                     (SELECT id FROM dashboards WHERE project = ?1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT ?3))",
                params![project, now - KEPT, MAX_DASHBOARDS],
            )?;
            Ok(())
        })
    }

    /// Puts a deleted dashboard back; one that is there stays as it is.
    pub fn restore_dashboard(&self, project: &str, id: &str) -> Result<DashboardRow> {
        self.write(|db| {
            if find(db, project, id).is_err() {
                room(db, project)?;
                db.execute(
                    "UPDATE dashboards SET deleted_at = NULL WHERE id = ?1 AND project = ?2",
                    [id, project],
                )?;
            }
            find(db, project, id)
        })
    }
}

/// Refuses one more than a project may have.
fn room(db: &Transaction<'_>, project: &str) -> Result<()> {
    let count: i64 = db.query_row(
        "SELECT count(*) FROM dashboards WHERE project = ?1 AND deleted_at IS NULL",
        [project],
        |row| row.get(0),
    )?;
    match count >= MAX_DASHBOARDS {
        true => Err(Error::Invalid("a project has at most 100 dashboards")),
        false => Ok(()),
    }
}

fn clean(text: DashboardText<'_>) -> Result<(&str, &str)> {
    let description = text.description.trim();
    if description.chars().count() > MAX_DESCRIPTION {
        return Err(Error::Invalid("the description is longer than 1000 characters"));
    }
    Ok((clean_name(text.name)?, description))
}

fn find(db: &Connection, project: &str, id: &str) -> Result<DashboardRow> {
    db.prepare_cached("SELECT * FROM dashboards WHERE id = ?1 AND project = ?2 AND deleted_at IS NULL")?
        .query_row([id, project], dashboard)
        .optional()?
        .ok_or(Error::NotFound("dashboard"))
}

fn dashboard(row: &Row<'_>) -> sql::Result<DashboardRow> {
    Ok(DashboardRow {
        id: row.get("id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        body: row.get("body")?,
        version: row.get("version")?,
        actor: row.get("actor")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    })
}
