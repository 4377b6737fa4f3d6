//! Projects.

use super::error::{Error, Result};
use super::{Control, changes, clean_name, monitors, new_id};
use crate::api::types::{Objective, Project, ProjectInput};
use crate::control::sql::{self, Connection, OptionalExtension, Row, params};

/// The id of the project that is always there.
pub const DEFAULT_PROJECT: &str = "default";

impl Control {
    pub(super) fn ensure_default_project(&self) -> Result<()> {
        self.write(|db| {
            let objective = objective_name(Objective::default());
            db.execute(
                "INSERT INTO projects (id, name, objective, created_at) SELECT ?1, 'My first project', ?2, ?3
                 WHERE NOT EXISTS (SELECT 1 FROM projects WHERE id = ?1)",
                params![DEFAULT_PROJECT, objective, crate::clock::now()],
            )?;
            Ok(())
        })
    }

    /// All projects, oldest first.
    pub fn projects(&self) -> Result<Vec<Project>> {
        self.read(|db| {
            let mut all = db.prepare_cached("SELECT * FROM projects ORDER BY created_at, rowid")?;
            let rows = all.query_map([], project)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One project.
    pub fn project(&self, id: &str) -> Result<Project> {
        self.read(|db| find(db, id))
    }

    /// Makes a project.
    pub fn create_project(&self, input: &ProjectInput) -> Result<Project> {
        let (id, name) = (new_id("p_")?, clean_name(&input.name)?);
        self.write(|db| {
            db.execute(
                "INSERT INTO projects (id, name, objective, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![id, name, objective_name(input.objective), crate::clock::now()],
            )
            .map_err(|e| Error::or_taken(e, name))?;
            find(db, &id)
        })
    }

    /// Changes a project's name and objective.
    pub fn update_project(&self, id: &str, input: &ProjectInput) -> Result<Project> {
        let name = clean_name(&input.name)?;
        self.write(|db| {
            db.execute(
                "UPDATE projects SET name = ?2, objective = ?3 WHERE id = ?1",
                params![id, name, objective_name(input.objective)],
            )
            .map_err(|e| Error::or_taken(e, name))?;
            find(db, id)
        })
    }

    /// Says what a project is for.
    pub fn set_objective(&self, id: &str, objective: Objective) -> Result<()> {
        self.write(|db| {
            find(db, id)?;
            db.execute(
                "UPDATE projects SET objective = ?2 WHERE id = ?1",
                params![id, objective_name(objective)],
            )?;
            Ok(())
        })
    }

    /// Deletes a project and its monitors, whose ids are given back: their mentions are the store's to drop.
    pub fn delete_project(&self, id: &str) -> Result<Vec<String>> {
        if id == DEFAULT_PROJECT {
            return Err(Error::DefaultProject);
        }
        self.write(|db| {
            find(db, id)?;
            let monitors: Vec<String> = monitors::list(db, Some(id))?.into_iter().map(|m| m.id).collect();
            let changed = changes::count(db)?;
            db.execute(
                "INSERT INTO removed_lists SELECT project, name, ?2 FROM lists WHERE project = ?1",
                params![id, changed],
            )?;
            db.execute("DELETE FROM projects WHERE id = ?1", [id])?;
            for monitor in &monitors {
                changes::note_removal(db, monitor)?;
            }
            Ok(monitors)
        })
    }
}

pub(super) fn find(db: &Connection, id: &str) -> Result<Project> {
    let mut find = db.prepare_cached("SELECT * FROM projects WHERE id = ?1")?;
    find.query_row([id], project)
        .optional()?
        .ok_or(Error::NotFound("project"))
}

fn project(row: &Row<'_>) -> sql::Result<Project> {
    let objective: String = row.get("objective")?;
    let known = OBJECTIVES.into_iter().find(|o| objective_name(*o) == objective);
    Ok(Project {
        id: row.get("id")?,
        name: row.get("name")?,
        objective: known.unwrap_or_default(),
        created_at: row.get("created_at")?,
    })
}

const OBJECTIVES: [Objective; 5] = [
    Objective::BrandMentions,
    Objective::Trends,
    Objective::CustomerFeedback,
    Objective::Competition,
    Objective::Awareness,
];

fn objective_name(objective: Objective) -> &'static str {
    match objective {
        Objective::BrandMentions => "brand_mentions",
        Objective::Trends => "trends",
        Objective::CustomerFeedback => "customer_feedback",
        Objective::Competition => "competition",
        Objective::Awareness => "awareness",
    }
}
