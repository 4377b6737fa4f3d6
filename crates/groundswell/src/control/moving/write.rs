//! The changes that make a table of the target that of the source.

use super::super::error::{Error, Result};
use super::super::sql::postgres::Client;
use super::super::sql::{Connection, Transaction, params_from_iter};
use super::rows::{Values, named, size, unfit, with_nul};
use super::tables::Table;
use rusqlite::types::Value;
use std::fmt::Write;

/// Rows that are changed in one transaction.
const ROWS_IN_ONE: usize = 4_000;
/// Rows that a server is sent at once, and about how many bytes.
const ROWS_AT_ONCE: usize = 250;
const BYTES_AT_ONCE: usize = 4 << 20;

/// Changes of one table, in transactions of some thousand rows.
pub(super) struct Changes<'t> {
    db: &'t Connection,
    table: &'t Table,
    open: Option<Transaction<'t>>,
    /// Rows that wait to be put, and how many bytes.
    waiting: Vec<Values>,
    bytes: usize,
    /// Changes in the open transaction.
    since: usize,
    pub(super) put: u64,
    pub(super) replaced: u64,
    pub(super) removed: u64,
}

impl<'t> Changes<'t> {
    pub(super) fn new(db: &'t Connection, table: &'t Table) -> Self {
        Self {
            db,
            table,
            open: None,
            waiting: Vec::new(),
            bytes: 0,
            since: 0,
            put: 0,
            replaced: 0,
            removed: 0,
        }
    }

    /// Puts a row that is not there.
    pub(super) fn put(&mut self, values: &[Value]) -> Result<()> {
        self.must_fit(values)?;
        self.put += 1;
        self.bytes += values.iter().map(size).sum::<usize>();
        self.waiting.push(values.to_vec());
        if self.waiting.len() == ROWS_AT_ONCE || self.bytes > BYTES_AT_ONCE {
            self.flush()?;
        }
        Ok(())
    }

    /// Gives a row other values, none of them of a column whose values are there only once.
    pub(super) fn replace(&mut self, values: &[Value]) -> Result<()> {
        self.must_fit(values)?;
        self.must_not_be_log(values)?;
        self.begin()?;
        let table = self.table;
        let columns: Vec<usize> = table.plain().collect();
        let set = table.names(columns.iter().copied());
        let set = set
            .iter()
            .enumerate()
            .map(|(at, name)| format!("{name} = ?{}", at + 1));
        let sql = format!(
            "UPDATE \"{}\" SET {} WHERE {}",
            table.name,
            set.collect::<Vec<_>>().join(", "),
            self.by_key(columns.len())
        );
        let given = columns.iter().chain(&table.key).map(|at| &values[*at]);
        self.db.prepare_cached(&sql)?.execute(params_from_iter(given))?;
        self.replaced += 1;
        self.changed()
    }

    /// Takes a row out.
    pub(super) fn remove(&mut self, values: &[Value]) -> Result<()> {
        self.must_not_be_log(values)?;
        self.begin()?;
        let sql = format!("DELETE FROM \"{}\" WHERE {}", self.table.name, self.by_key(0));
        let given = self.table.key.iter().map(|at| &values[*at]);
        self.db.prepare_cached(&sql)?.execute(params_from_iter(given))?;
        self.removed += 1;
        self.changed()
    }

    /// Everything that was changed lasts.
    pub(super) fn end(&mut self) -> Result<()> {
        self.flush()?;
        self.since = 0;
        match self.open.take() {
            Some(open) => Ok(open.commit()?),
            None => Ok(()),
        }
    }

    fn flush(&mut self) -> Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        self.begin()?;
        let rows = std::mem::take(&mut self.waiting);
        self.bytes = 0;
        self.since += rows.len() - 1;
        match self.db {
            Connection::Sqlite(_) => self.put_one_by_one(&rows)?,
            Connection::Postgres(client) => self.put_at_once(client, rows)?,
        }
        self.changed()
    }

    fn put_one_by_one(&self, rows: &[Values]) -> Result<()> {
        let columns = self.table.names(0..self.table.columns.len());
        let places: Vec<String> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
        let mut put = self.db.prepare_cached(&format!(
            "INSERT INTO \"{}\" ({}) VALUES ({})",
            self.table.name,
            columns.join(", "),
            places.join(", ")
        ))?;
        for values in rows {
            put.execute(params_from_iter(values))?;
        }
        Ok(())
    }

    /// One statement for all, whose values have their columns' types, missing ones too.
    fn put_at_once(&self, client: &Client, rows: Vec<Values>) -> Result<()> {
        let table = self.table;
        let columns = table.names(0..table.columns.len());
        // Row numbers that the server would give by itself.
        let given = if table.row_id().is_some() {
            "OVERRIDING SYSTEM VALUE"
        } else {
            ""
        };
        let mut sql = format!(
            "INSERT INTO \"{}\" ({}) {given} VALUES ",
            table.name,
            columns.join(", ")
        );
        for row in 0..rows.len() {
            sql.push_str(if row > 0 { ", (" } else { "(" });
            for (at, column) in table.columns.iter().enumerate() {
                let comma = if at > 0 { ", " } else { "" };
                let place = row * columns.len() + at + 1;
                let _ = write!(sql, "{comma}${place}::{}", column.kind.in_postgres());
            }
            sql.push(')');
        }
        client.execute(sql, rows.into_iter().flatten().collect())?;
        Ok(())
    }

    fn by_key(&self, places_before: usize) -> String {
        let names = self.table.names(self.table.key.iter().copied());
        let are = names.iter().enumerate();
        let are = are.map(|(at, name)| format!("{name} = ?{}", places_before + at + 1));
        are.collect::<Vec<_>>().join(" AND ")
    }

    fn begin(&mut self) -> Result<()> {
        if self.open.is_none() {
            self.open = Some(self.db.transaction()?);
        }
        Ok(())
    }

    fn changed(&mut self) -> Result<()> {
        self.since += 1;
        match self.since >= ROWS_IN_ONE {
            true => self.end(),
            false => Ok(()),
        }
    }

    fn must_fit(&self, values: &[Value]) -> Result<()> {
        match (self.db, with_nul(self.table, values)) {
            (Connection::Postgres(_), Some(column)) => Err(unfit(
                self.table,
                values,
                column,
                "holds the character U+0000, which PostgreSQL does not keep",
            )),
            _ => Ok(()),
        }
    }

    fn must_not_be_log(&self, values: &[Value]) -> Result<()> {
        match self.table.is_log {
            true => Err(Error::Move(format!(
                "the target's {} is not the beginning of the source's: {} differs, and it can only be added to. Begin again with \
                 --replace, which empties the target",
                self.table.name,
                named(self.table, values)
            ))),
            false => Ok(()),
        }
    }
}
