//! A row of an answer.

use super::{Error, Result};
use rusqlite::types::{FromSql, Value, ValueRef};
use std::fmt::Debug;
use std::sync::Arc;

/// A row of an answer.
pub(in crate::control) enum Row<'r> {
    /// SQLite's.
    Sqlite(&'r rusqlite::Row<'r>),
    /// PostgreSQL's.
    Postgres(&'r Kept),
}

/// A row that PostgreSQL sent.
pub(in crate::control) struct Kept {
    pub(super) names: Arc<[String]>,
    pub(super) values: Vec<Value>,
}

/// A column, by its place from 0 or its name.
pub(in crate::control) trait Column: rusqlite::RowIndex + Copy + Debug {
    /// Its place among these.
    fn place(self, names: &[String]) -> Option<usize>;
}

impl Column for usize {
    fn place(self, names: &[String]) -> Option<usize> {
        (self < names.len()).then_some(self)
    }
}

impl Column for &str {
    fn place(self, names: &[String]) -> Option<usize> {
        names.iter().position(|name| name == self)
    }
}

impl Row<'_> {
    /// The value of a column.
    pub(in crate::control) fn get<C: Column, T: FromSql>(&self, column: C) -> Result<T> {
        match self {
            Self::Sqlite(row) => Ok(row.get(column)?),
            Self::Postgres(row) => {
                let place = column.place(&row.names).ok_or_else(|| Error::Column {
                    column: format!("{column:?}"),
                    reason: "there is none of this name or number".into(),
                })?;
                T::column_result(ValueRef::from(&row.values[place])).map_err(|e| Error::column(column, &e))
            }
        }
    }
}
