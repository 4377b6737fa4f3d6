//! Monitors and the versions of their queries.

use super::error::{Error, Result};
use super::{Control, backfills, changes, clean_name, from_sql, lists, new_id, versions};
use crate::api::types::{Backfill, Monitor, MonitorInput, Role};
use crate::control::sql::{self, Connection, OptionalExtension, Params, Row, Transaction, params};
use std::collections::BTreeMap;

/// The longest query kept, in bytes.
const MAX_QUERY: usize = 100_000;
const COLORS: u8 = 8;
const SELECT: &str = "SELECT m.*, v.query, v.in_force_from, v.in_force_at, b.version AS b_version, b.state, b.from_position, b.next_position,
        b.until_position, b.found, b.from_time
    FROM monitors m
    JOIN monitor_versions v ON v.monitor = m.id AND v.version = m.version
    LEFT JOIN backfills b ON b.monitor = m.id AND b.version = m.version";

impl Control {
    /// A project's monitors, oldest first. Here and everywhere below `mentions` is 0 and `cost` unknown: the
    /// store counts the one, matching the other.
    pub fn monitors(&self, project: &str) -> Result<Vec<Monitor>> {
        self.read(|db| list(db, Some(project)))
    }

    /// The monitors of all projects, oldest first.
    pub fn all_monitors(&self) -> Result<Vec<Monitor>> {
        self.read(|db| list(db, None))
    }

    /// Of each monitor of a project, the version in force and from when on its mentions are all there, in milliseconds
    /// since 1970: since it was made, or as far back as its past was searched; 0 where nothing came before that.
    pub fn monitor_begins(&self, project: &str) -> Result<BTreeMap<String, (u32, i64)>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT m.id, m.version, CASE b.from_position WHEN 0 THEN 0
                     ELSE min(v.created_at, ifnull(b.from_time, v.created_at)) END
                 FROM monitors m
                 JOIN monitor_versions v ON v.monitor = m.id AND v.version = m.version
                 LEFT JOIN backfills b ON b.monitor = m.id AND b.version = m.version AND b.state = 'done'
                 WHERE m.project = ?1",
            )?;
            let rows = all.query_map([project], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One monitor.
    pub fn monitor(&self, id: &str) -> Result<Monitor> {
        self.read(|db| find(db, id))
    }

    /// Makes a monitor. That its query parses is the caller's to know.
    pub fn create_monitor(&self, project: &str, input: &MonitorInput) -> Result<Monitor> {
        self.write(|db| create(db, project, input, "ui"))
    }

    /// Changes a monitor. A changed query becomes its next version; what stands in the configuration file can only be
    /// paused and coloured here. The past is to be searched again where `version` grew or `active` became true.
    pub fn update_monitor(&self, id: &str, input: &MonitorInput) -> Result<Monitor> {
        self.write(|db| {
            let old = find(db, id)?;
            let fixed = (&old.name[..], old.role, &old.query[..]);
            if old.origin == "file" && fixed != (input.name.trim(), input.role, input.query.trim()) {
                return Err(Error::FromFile(old.name));
            }
            update(db, &old, input)
        })
    }

    /// Deletes a monitor with its versions: its mentions are the store's to drop.
    pub fn delete_monitor(&self, id: &str) -> Result<()> {
        self.write(|db| {
            let old = find(db, id)?;
            if old.origin == "file" {
                return Err(Error::FromFile(old.name));
            }
            db.execute("DELETE FROM monitors WHERE id = ?1", [id])?;
            changes::note_removal(db, id)
        })
    }
}

pub(super) fn create(
    db: &Transaction<'_>,
    project: &str,
    input: &MonitorInput,
    origin: &str,
) -> Result<Monitor> {
    let (id, name, query) = (
        new_id("m_")?,
        clean_name(&input.name)?,
        clean_query(&input.query)?,
    );
    let exists = db
        .query_row("SELECT 1 FROM projects WHERE id = ?1", [project], |_| Ok(()))
        .optional()?;
    exists.ok_or(Error::NotFound("project"))?;
    let color = match input.color {
        Some(color) => clean_color(color)?,
        None => free_color(db, project)?,
    };
    let now = crate::clock::now();
    db.execute(
        "INSERT INTO monitors (id, project, name, role, color, active, origin, version, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8)",
        params![id, project, name, role_name(input.role), color, input.active, origin, now],
    )
    .map_err(|e| Error::or_taken(e, name))?;
    versions::add(db, &id, 1, query, now)?;
    lists::note_uses(db, &id, project, query)?;
    if input.active {
        backfills::begin(db, &id, 1)?;
    }
    changes::note(db, &id)?;
    find(db, &id)
}

pub(super) fn update(db: &Transaction<'_>, old: &Monitor, input: &MonitorInput) -> Result<Monitor> {
    let (name, query) = (clean_name(&input.name)?, clean_query(&input.query)?);
    let color = input.color.map_or(Ok(old.color), clean_color)?;
    let now = crate::clock::now();
    let version = if query == old.query {
        old.version
    } else {
        old.version + 1
    };
    if version > old.version {
        versions::add(db, &old.id, version, query, now)?;
        lists::note_uses(db, &old.id, &old.project, query)?;
    }
    db.execute(
        "UPDATE monitors SET name = ?2, role = ?3, color = ?4, active = ?5, version = ?6, updated_at = ?7 WHERE id = ?1",
        params![old.id, name, role_name(input.role), color, input.active, version, now],
    )
    .map_err(|e| Error::or_taken(e, name))?;
    if !input.active {
        backfills::cancel(db, &old.id)?;
    } else if version > old.version || !old.active {
        backfills::begin(db, &old.id, version)?;
    }
    changes::note(db, &old.id)?;
    find(db, &old.id)
}

pub(super) fn list(db: &Connection, project: Option<&str>) -> Result<Vec<Monitor>> {
    Ok(matching(db, "?1 IS NULL OR m.project = ?1", [project])?)
}

/// The monitors `m` of which an SQL condition holds, oldest first.
pub(super) fn matching(db: &Connection, condition: &str, values: impl Params) -> sql::Result<Vec<Monitor>> {
    let mut all = db.prepare_cached(&format!("{SELECT} WHERE {condition} ORDER BY m.number"))?;
    all.query_map(values, monitor)?.collect()
}

pub(super) fn find(db: &Connection, id: &str) -> Result<Monitor> {
    let mut find = db.prepare_cached(&format!("{SELECT} WHERE m.id = ?1"))?;
    find.query_row([id], monitor)
        .optional()?
        .ok_or(Error::NotFound("monitor"))
}

fn monitor(row: &Row<'_>) -> sql::Result<Monitor> {
    let role: String = row.get("role")?;
    Ok(Monitor {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        role: ROLES
            .into_iter()
            .find(|r| role_name(*r) == role)
            .unwrap_or_default(),
        color: row.get("color")?,
        query: row.get("query")?,
        version: row.get("version")?,
        active: row.get("active")?,
        origin: row.get("origin")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        mentions: 0,
        in_force_from: row.get::<_, Option<i64>>("in_force_from")?.map(from_sql),
        in_force_at: row.get("in_force_at")?,
        backfill: backfill(row)?,
        cost: None,
    })
}

/// The search for the version in force, if there was one.
fn backfill(row: &Row<'_>) -> sql::Result<Option<Backfill>> {
    let Some(state) = row.get::<_, Option<String>>("state")? else {
        return Ok(None);
    };
    let (from, next): (i64, i64) = (row.get("from_position")?, row.get("next_position")?);
    let until = row.get::<_, Option<i64>>("until_position")?.unwrap_or(from);
    Ok(Some(Backfill {
        state,
        done: from_sql(next - from),
        total: from_sql(until - from),
        found: from_sql(row.get("found")?),
        from: row.get("from_time")?,
    }))
}

/// The least used colour of a project, the lowest of them.
fn free_color(db: &Connection, project: &str) -> Result<u8> {
    let mut used = [0u32; COLORS as usize];
    let mut colors = db.prepare_cached("SELECT color FROM monitors WHERE project = ?1")?;
    for color in colors.query_map([project], |row| row.get::<_, u8>(0))? {
        if let Some(count) = used.get_mut(usize::from(color?)) {
            *count += 1;
        }
    }
    Ok((0..COLORS)
        .min_by_key(|&color| used[usize::from(color)])
        .unwrap_or(0))
}

fn clean_color(color: u8) -> Result<u8> {
    if color < COLORS {
        Ok(color)
    } else {
        Err(Error::Invalid("the colour is not 0 to 7"))
    }
}

fn clean_query(query: &str) -> Result<&str> {
    let query = query.trim();
    match query.len() {
        0 => Err(Error::Invalid("the query is empty")),
        len if len > MAX_QUERY => Err(Error::Invalid("the query is longer than 100,000 bytes")),
        _ => Ok(query),
    }
}

const ROLES: [Role; 4] = [Role::Brand, Role::Competitor, Role::Topic, Role::Campaign];

fn role_name(role: Role) -> &'static str {
    match role {
        Role::Brand => "brand",
        Role::Competitor => "competitor",
        Role::Topic => "topic",
        Role::Campaign => "campaign",
    }
}
