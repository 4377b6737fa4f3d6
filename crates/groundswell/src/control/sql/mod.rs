//! The database under the control state: SQLite or PostgreSQL behind one thin interface.
//!
//! The same SQL runs on both: statements are written in what both understand, and [`translate`] settles the rest for
//! PostgreSQL. Values travel as SQLite's five types; on PostgreSQL integers and truth values are `BIGINT`, texts
//! `TEXT COLLATE "C"`, bytes `BYTEA`. Both have one writer at a time: SQLite by its file's lock, PostgreSQL by an
//! advisory lock that each writing transaction takes first, so that what a transaction read stays true until it ends.

mod error;
mod params;
pub(super) mod postgres;
mod row;
mod statement;
mod translate;

pub use error::Error;
pub(super) use error::{OptionalExtension, Result};
pub(super) use params::{Params, params_from_iter};
pub(super) use row::Row;
pub(super) use rusqlite::{ToSql, params};
pub(super) use statement::Statement;
pub(super) use translate::schema as postgres_schema;

use std::ops::Deref;

/// An open database.
pub(super) enum Connection {
    /// A file.
    Sqlite(rusqlite::Connection),
    /// A server.
    Postgres(postgres::Client),
}

impl Connection {
    /// A statement to be run often: it is kept prepared.
    pub(super) fn prepare_cached(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(match self {
            Self::Sqlite(db) => Statement::Cached(db.prepare_cached(sql)?),
            Self::Postgres(client) => Statement::Postgres(client, sql.to_owned()),
        })
    }

    /// A statement.
    pub(super) fn prepare(&self, sql: &str) -> Result<Statement<'_>> {
        Ok(match self {
            Self::Sqlite(db) => Statement::Once(db.prepare(sql)?),
            Self::Postgres(client) => Statement::Postgres(client, sql.to_owned()),
        })
    }

    /// Runs a statement once; gives the number of rows it changed.
    pub(super) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        self.prepare(sql)?.execute(params)
    }

    /// The first row of an answer; [`Error::is_no_row`] where there is none.
    pub(super) fn query_row<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        self.prepare(sql)?.query_row(params, read)
    }

    /// Runs statements without values, as they stand, in the database's own words.
    pub(super) fn execute_batch(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(db) => Ok(db.execute_batch(sql)?),
            Self::Postgres(client) => client.batch(sql),
        }
    }

    /// The only writer, until it ends.
    pub(super) fn transaction(&self) -> Result<Transaction<'_>> {
        self.begin("BEGIN IMMEDIATE", true)
    }

    /// Everything as it was at one moment, until it ends: nothing can be changed in it.
    pub(super) fn snapshot(&self) -> Result<Transaction<'_>> {
        self.begin("BEGIN", false)
    }

    fn begin(&self, in_sqlite: &str, writes: bool) -> Result<Transaction<'_>> {
        match self {
            Self::Sqlite(db) => drop(db.prepare_cached(in_sqlite)?.execute([])?),
            Self::Postgres(client) => client.begin(writes)?,
        }
        Ok(Transaction {
            connection: self,
            open: true,
        })
    }

    /// The time, in milliseconds since 1970, by the one clock that everybody who uses this database shares.
    pub(super) fn clock(&self) -> Result<i64> {
        match self {
            Self::Sqlite(_) => Ok(crate::clock::now()),
            Self::Postgres(_) => self.query_row(
                "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS INTEGER)",
                [],
                |row| row.get(0),
            ),
        }
    }

    /// The file's connection, where it is one.
    pub(super) fn sqlite(&self) -> Option<&rusqlite::Connection> {
        match self {
            Self::Sqlite(db) => Some(db),
            Self::Postgres(_) => None,
        }
    }
}

/// A transaction: rolled back unless it is committed.
pub(super) struct Transaction<'c> {
    connection: &'c Connection,
    open: bool,
}

impl Transaction<'_> {
    /// Makes it last.
    pub(super) fn commit(mut self) -> Result<()> {
        match self.connection {
            Connection::Sqlite(db) => drop(db.prepare_cached("COMMIT")?.execute([])?),
            Connection::Postgres(client) => {
                // Whatever becomes of it, the server is through with the transaction.
                self.open = false;
                client.commit()?;
            }
        }
        self.open = false;
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        // Nothing can be done about a failure here; the next transaction finds it.
        let _ = match self.connection {
            Connection::Sqlite(db) => db
                .prepare_cached("ROLLBACK")
                .and_then(|mut rollback| rollback.execute([]))
                .map(drop)
                .map_err(Error::from),
            Connection::Postgres(client) => client.rollback(),
        };
    }
}

impl Deref for Transaction<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
    }
}
