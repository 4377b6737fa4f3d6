//! The schema on a PostgreSQL server: the same steps, in its words.

use super::error::{Error, Result};
use super::schema::STEPS;
use super::sql::postgres::{Client, Postgres};
use super::sql::{Connection, Row, postgres_schema};
use std::path::PathBuf;

/// Functions of SQLite that statements use. As there, one of two values is missing where either is.
const FUNCTIONS: &str = "
CREATE FUNCTION max(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS 'SELECT greatest($1, $2)';
CREATE FUNCTION min(bigint, bigint) RETURNS bigint LANGUAGE sql IMMUTABLE STRICT AS 'SELECT least($1, $2)';
CREATE FUNCTION json_extract(text, text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
    AS 'SELECT $1::jsonb #>> string_to_array(substr($2, 3), ''.'')';
CREATE FUNCTION instr(text, text) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT strpos($1, $2)';
CREATE TABLE groundswell_schema (version BIGINT NOT NULL);
INSERT INTO groundswell_schema VALUES (0);
";

/// Opens the database of a server and brings its schema forward, as the only one who does so at that time.
pub(super) fn open(settings: &Postgres) -> Result<Connection> {
    open_and_step(settings, STEPS.len())
}

/// The same up to a step.
pub(super) fn open_and_step(settings: &Postgres, until: usize) -> Result<Connection> {
    let connection = Connection::Postgres(Client::open(settings)?);
    let db = connection.transaction()?;
    let found = match version(&db)? {
        Some(found) => found,
        None => {
            db.execute_batch(FUNCTIONS)?;
            0
        }
    };
    if found > STEPS.len() as u32 {
        return Err(newer(settings, found));
    }
    if (found as usize) < until {
        for step in &STEPS[found as usize..until] {
            db.execute_batch(&postgres_schema(step))?;
        }
        db.execute("UPDATE groundswell_schema SET version = ?1", [until as i64])?;
    }
    db.commit()?;
    Ok(connection)
}

/// Opens a database of exactly this program's schema, to be read: every writing statement is refused.
pub(super) fn open_to_read(settings: &Postgres) -> Result<Connection> {
    let connection = Connection::Postgres(Client::open(&settings.to_read())?);
    let supported = STEPS.len() as u32;
    match version(&connection)? {
        Some(found) if found == supported => Ok(connection),
        Some(found) if found > supported => Err(newer(settings, found)),
        found => Err(Error::Older {
            path: path(settings),
            found: found.unwrap_or(0),
            supported,
        }),
    }
}

/// The schema's version; `None` in a database where nothing of this program is. Refuses one with tables of our names
/// that are not ours.
fn version(db: &Connection) -> Result<Option<u32>> {
    let is_there = |table: &str| {
        let sql = "SELECT to_regclass(?1) IS NOT NULL";
        db.query_row(sql, [table], |row: &Row<'_>| row.get::<_, bool>(0))
    };
    if is_there("groundswell_schema")? {
        return Ok(Some(db.query_row(
            "SELECT version FROM groundswell_schema",
            [],
            |row| row.get(0),
        )?));
    }
    if is_there("settings")? || is_there("projects")? {
        let path = match db {
            Connection::Postgres(client) => PathBuf::from(client.place()),
            Connection::Sqlite(_) => PathBuf::new(),
        };
        return Err(Error::Foreign { path });
    }
    Ok(None)
}

fn newer(settings: &Postgres, found: u32) -> Error {
    Error::Newer {
        path: path(settings),
        found,
        supported: STEPS.len() as u32,
    }
}

fn path(settings: &Postgres) -> PathBuf {
    PathBuf::from(format!("the PostgreSQL database {settings}"))
}
