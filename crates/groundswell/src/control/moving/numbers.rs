//! The numbers that databases give to rows, and never again.

use super::super::error::Result;
use super::super::sql::{Connection, OptionalExtension, Transaction, params};
use super::tables::{ROW_ID, Table};
use rusqlite::types::Value;

/// The last number that was given to a row of a table; 0 where none was.
pub(super) fn last(db: &Connection, table: &Table, column: usize) -> Result<i64> {
    let found = match db {
        Connection::Sqlite(_) => {
            let sql = "SELECT seq FROM sqlite_sequence WHERE name = ?1";
            db.query_row(sql, [&table.name], |row| row.get(0)).optional()?
        }
        Connection::Postgres(_) => {
            let sql = format!("SELECT {}", sequence(table, &table.columns[column].name));
            let sequence: String = db.query_row(&sql, [], |row| row.get(0))?;
            let sql = format!("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}");
            Some(db.query_row(&sql, [], |row| row.get(0))?)
        }
    };
    Ok(found.unwrap_or(0))
}

/// The next row of a table gets the number after this one.
pub(super) fn set(db: &Transaction<'_>, table: &Table, column: usize, last: i64) -> Result<()> {
    match **db {
        Connection::Sqlite(_) => {
            db.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [&table.name])?;
            if last > 0 {
                let sql = "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)";
                db.execute(sql, params![table.name, last])?;
            }
            Ok(())
        }
        Connection::Postgres(_) => set_sequence(db, table, &table.columns[column].name, last),
    }
}

/// The same for the row numbers that PostgreSQL is given where SQLite has its own: one above the highest, as there.
pub(super) fn settle_row_ids(db: &Transaction<'_>, table: &Table) -> Result<()> {
    if table.row_id().is_none() || db.sqlite().is_some() {
        return Ok(());
    }
    let sql = format!("SELECT coalesce(max({ROW_ID}), 0) FROM \"{}\"", table.name);
    let highest = db.query_row(&sql, [], |row| row.get(0))?;
    set_sequence(db, table, ROW_ID, highest)
}

fn set_sequence(db: &Connection, table: &Table, column: &str, last: i64) -> Result<()> {
    let sequence = sequence(table, column);
    let (last, is_given) = (last.max(1), last > 0);
    let sql = format!("SELECT setval({sequence}::regclass, {last}, {is_given})");
    Ok(db.query_row(&sql, [], |row| row.get::<_, i64>(0)).map(drop)?)
}

fn sequence(table: &Table, column: &str) -> String {
    format!("pg_get_serial_sequence('{}', '{column}')", table.name)
}

/// What is summed up of it, as if of a row.
pub(super) fn row(table: &Table, last: i64) -> [Value; 2] {
    [Value::Text(table.name.clone()), Value::Integer(last)]
}
