//! Keyword lists, and which monitors use them.

use super::error::{Error, Result};
use super::{Control, DEFAULT_PROJECT, changes, monitors, versions};
use crate::api::types::{KeywordList, Monitor};
use crate::config::ListEntry;
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use crate::lists::{self, Lists};

/// Terms of one list at most.
const MAX_TERMS: usize = query::MAX_LIST_TERMS;

impl Control {
    /// A project's keyword lists, by name.
    pub fn keyword_lists(&self, project: &str) -> Result<Vec<KeywordList>> {
        self.read(|db| {
            let mut all = db.prepare_cached("SELECT * FROM lists WHERE project = ?1 ORDER BY name")?;
            let rows = all.query_map([project], |row| list(db, row))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One keyword list.
    pub fn keyword_list(&self, project: &str, name: &str) -> Result<KeywordList> {
        self.read(|db| find(db, project, name)?.ok_or(Error::NotFound("list")))
    }

    /// What a project's queries can name.
    pub fn lists(&self, project: &str) -> Result<Lists> {
        self.read(|db| of_project(db, project))
    }

    /// Makes or changes a list. Every monitor that uses it gets a new version; those for which the past is to be
    /// searched are given back.
    pub fn put_list(&self, project: &str, name: &str, terms: &[String]) -> Result<Vec<String>> {
        self.write(|db| {
            if find(db, project, name)?.is_some_and(|l| l.origin == "file") {
                return Err(Error::FromFile(name.to_owned()));
            }
            put(db, project, name, terms, "ui")
        })
    }

    /// Deletes a list that no monitor uses.
    pub fn delete_list(&self, project: &str, name: &str) -> Result<()> {
        self.write(|db| {
            let old = find(db, project, name)?.ok_or(Error::NotFound("list"))?;
            if old.origin == "file" {
                return Err(Error::FromFile(old.name));
            }
            if !old.used_by.is_empty() {
                return Err(Error::ListInUse(old.name, old.used_by.len()));
            }
            db.execute(
                "DELETE FROM lists WHERE project = ?1 AND name = ?2",
                params![project, name],
            )?;
            let changed = changes::count(db)?;
            db.execute(
                "INSERT INTO removed_lists (project, name, changed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (project, name) DO UPDATE SET changed = excluded.changed",
                params![project, name, changed],
            )?;
            Ok(())
        })
    }

    /// Brings the default project's lists in line with the configuration file. What left the file is the app's from
    /// then on. Gives the monitors for which the past is to be searched.
    pub fn import_lists(&self, entries: &[ListEntry]) -> Result<Vec<String>> {
        self.write(|db| {
            let mut search = Vec::new();
            for entry in entries {
                search.extend(put(db, DEFAULT_PROJECT, &entry.name, &entry.terms, "file")?);
            }
            let mut left = db.prepare(
                "UPDATE lists SET origin = 'ui' WHERE project = ?1 AND name = ?2 AND origin = 'file'",
            )?;
            for (name, _) in of_project(db, DEFAULT_PROJECT)? {
                if !entries.iter().any(|e| e.name == name) {
                    left.execute(params![DEFAULT_PROJECT, name])?;
                }
            }
            Ok(search)
        })
    }
}

fn put(
    db: &Transaction<'_>,
    project: &str,
    name: &str,
    terms: &[String],
    origin: &str,
) -> Result<Vec<String>> {
    if !lists::is_name(name) {
        return Err(Error::Invalid(lists::NAME_RULE));
    }
    if terms.len() > MAX_TERMS {
        return Err(Error::Invalid("a list has at most 10,000 terms"));
    }
    let exists = db
        .query_row("SELECT 1 FROM projects WHERE id = ?1", [project], |_| Ok(()))
        .optional()?;
    exists.ok_or(Error::NotFound("project"))?;
    let old = find(db, project, name)?;
    if old.as_ref().is_some_and(|old| old.terms == terms) {
        db.execute(
            "UPDATE lists SET origin = ?3 WHERE project = ?1 AND name = ?2",
            params![project, name, origin],
        )?;
        return Ok(Vec::new());
    }
    db.execute(
        "INSERT INTO lists (project, name, origin, terms, updated_at, changed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (project, name) DO UPDATE SET origin = excluded.origin, terms = excluded.terms, updated_at = excluded.updated_at, changed = excluded.changed",
        params![
            project,
            name,
            origin,
            terms.join("\n"),
            crate::clock::now(),
            changes::count(db)?
        ],
    )?;
    db.execute(
        "DELETE FROM removed_lists WHERE project = ?1 AND name = ?2",
        params![project, name],
    )?;
    let mut search = Vec::new();
    for monitor in users(db, project, name)? {
        versions::next(db, &monitor, &monitor.query, None, Some(name))?;
        search.extend(monitor.active.then_some(monitor.id));
    }
    Ok(search)
}

/// The lists changed since a version of the set.
pub(super) fn since(db: &Connection, version: i64) -> Result<Vec<journal::KeywordList>> {
    let mut all = db.prepare_cached("SELECT project, name, terms FROM lists WHERE changed > ?1")?;
    let rows = all.query_map([version], |row| {
        Ok(journal::KeywordList {
            project: row.get(0)?,
            name: row.get(1)?,
            terms: lines(&row.get::<_, String>(2)?),
        })
    })?;
    Ok(rows.collect::<sql::Result<_>>()?)
}

/// Notes which lists a monitor's query uses, in place of those it used.
pub(super) fn note_uses(db: &Connection, monitor: &str, project: &str, query: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM list_uses WHERE monitor = ?1")?
        .execute([monitor])?;
    let Ok(query) = lists::parse_monitor(query, &of_project(db, project)?) else {
        return Ok(());
    };
    let mut add = db.prepare_cached("INSERT INTO list_uses (monitor, list) VALUES (?1, ?2)")?;
    for list in lists::used(&query) {
        add.execute(params![monitor, list])?;
    }
    Ok(())
}

fn of_project(db: &Connection, project: &str) -> Result<Lists> {
    let mut all = db.prepare_cached("SELECT name, terms FROM lists WHERE project = ?1")?;
    let rows = all.query_map([project], |row| {
        Ok((row.get(0)?, lines(&row.get::<_, String>(1)?)))
    })?;
    Ok(rows.collect::<sql::Result<_>>()?)
}

fn users(db: &Connection, project: &str, name: &str) -> sql::Result<Vec<Monitor>> {
    monitors::matching(
        db,
        "m.project = ?1 AND m.id IN (SELECT monitor FROM list_uses WHERE list = ?2)",
        params![project, name],
    )
}

fn find(db: &Connection, project: &str, name: &str) -> Result<Option<KeywordList>> {
    let mut find = db.prepare_cached("SELECT * FROM lists WHERE project = ?1 AND name = ?2")?;
    Ok(find
        .query_row(params![project, name], |row| list(db, row))
        .optional()?)
}

fn list(db: &Connection, row: &Row<'_>) -> sql::Result<KeywordList> {
    let (project, name): (String, String) = (row.get("project")?, row.get("name")?);
    let used_by = users(db, &project, &name)?.into_iter().map(|m| m.id).collect();
    Ok(KeywordList {
        terms: lines(&row.get::<_, String>("terms")?),
        origin: row.get("origin")?,
        updated_at: row.get("updated_at")?,
        used_by,
        project,
        name,
    })
}

fn lines(terms: &str) -> Vec<String> {
    terms.lines().map(str::to_owned).collect()
}
