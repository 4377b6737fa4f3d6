//! The schema on a PostgreSQL server: the same steps, in its words.

use super::error::{Error, Result};
use super::schema::STEPS;
use super::sql::postgres::{Client, Postgres};
use super::sql::{Connection, Transaction, params, postgres_schema};
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

/// The table that closes a database, for as long as it is there. Whoever makes or removes it does nothing else to others.
const CLOSED: &str = "groundswell_closed";

/// The functions of the schema's own triggers and of [`FUNCTIONS`].
const ALL_FUNCTIONS: &str =
    "max(bigint, bigint), min(bigint, bigint), json_extract(text, text), instr(text, text),
    audit_is_not_changed(), audit_is_not_cut()";

/// That nobody may open a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Closed {
    /// Why, and what to do.
    pub(super) why: String,
    /// Which installation closed it.
    pub(super) installation: String,
    /// Whether it is being filled, in contrast to one that was left.
    pub(super) is_filling: bool,
}

/// Opens the database of a server and brings its schema forward, as the only one who does so at that time. Refuses one
/// that is closed.
pub(super) fn open(settings: &Postgres) -> Result<Connection> {
    must_be_open(open_even_closed(settings)?, settings)
}

/// The same of one that may be closed.
pub(super) fn open_even_closed(settings: &Postgres) -> Result<Connection> {
    open_and_step(settings, STEPS.len())
}

/// The same to be read, whatever its schema: nothing is brought forward.
pub(super) fn open_as_it_is(settings: &Postgres) -> Result<Connection> {
    Ok(Connection::Postgres(Client::open(&settings.to_read())?))
}

fn must_be_open(db: Connection, settings: &Postgres) -> Result<Connection> {
    match closed(&db)? {
        None => Ok(db),
        Some(Closed { why, .. }) => Err(Error::Closed {
            path: path(settings),
            why,
        }),
    }
}

/// Whether a database is closed.
pub(super) fn closed(db: &Connection) -> Result<Option<Closed>> {
    if !is_there(db, CLOSED)? {
        return Ok(None);
    }
    let sql = format!("SELECT why, installation, is_filling FROM {CLOSED}");
    let found = db.query_row(&sql, [], |row| {
        Ok(Closed {
            why: row.get(0)?,
            installation: row.get(1)?,
            is_filling: row.get(2)?,
        })
    })?;
    Ok(Some(found))
}

/// Closes a database, as part of a change.
pub(super) fn close(db: &Transaction<'_>, closed: &Closed) -> Result<()> {
    reopen(db)?;
    db.execute_batch(&format!(
        "CREATE TABLE {CLOSED} (why TEXT NOT NULL, installation TEXT NOT NULL, is_filling BOOLEAN NOT NULL)"
    ))?;
    let sql = format!("INSERT INTO {CLOSED} (why, installation, is_filling) VALUES (?1, ?2, ?3 <> 0)");
    db.execute(&sql, params![closed.why, closed.installation, closed.is_filling])?;
    Ok(())
}

/// Opens it again, as part of a change.
pub(super) fn reopen(db: &Transaction<'_>) -> Result<()> {
    match is_there(db, CLOSED)? {
        true => Ok(db.execute_batch(&format!("DROP TABLE {CLOSED}"))?),
        false => Ok(()),
    }
}

/// Empties a database to the schema as it was at its first start, as part of a change.
pub(super) fn begin_anew(db: &Transaction<'_>, tables: &[String]) -> Result<()> {
    let tables = tables.join("\", \"");
    db.execute_batch(&format!(
        "DROP TABLE IF EXISTS \"{tables}\", groundswell_schema, {CLOSED} CASCADE;
         DROP FUNCTION IF EXISTS {ALL_FUNCTIONS} CASCADE;"
    ))?;
    db.execute_batch(FUNCTIONS)?;
    step(db, 0, STEPS.len())
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
        step(&db, found as usize, until)?;
    }
    db.commit()?;
    Ok(connection)
}

fn step(db: &Transaction<'_>, from: usize, until: usize) -> Result<()> {
    for step in &STEPS[from..until] {
        db.execute_batch(&postgres_schema(step))?;
    }
    db.execute("UPDATE groundswell_schema SET version = ?1", [until as i64])?;
    Ok(())
}

/// Opens a database of exactly this program's schema, to be read: every writing statement is refused.
pub(super) fn open_to_read(settings: &Postgres) -> Result<Connection> {
    let connection = Connection::Postgres(Client::open(&settings.to_read())?);
    let supported = STEPS.len() as u32;
    match version(&connection)? {
        Some(found) if found == supported => must_be_open(connection, settings),
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
    if is_there(db, "groundswell_schema")? {
        return Ok(Some(db.query_row(
            "SELECT version FROM groundswell_schema",
            [],
            |row| row.get(0),
        )?));
    }
    if is_there(db, "settings")? || is_there(db, "projects")? {
        let path = match db {
            Connection::Postgres(client) => PathBuf::from(client.place()),
            Connection::Sqlite(_) => PathBuf::new(),
        };
        return Err(Error::Foreign { path });
    }
    Ok(None)
}

fn is_there(db: &Connection, table: &str) -> Result<bool> {
    let sql = "SELECT to_regclass(?1) IS NOT NULL";
    Ok(db.query_row(sql, [table], |row| row.get::<_, bool>(0))?)
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
