//! Statements, and the rows that answer them.

use super::postgres::{Answer, Client};
use super::row::Kept;
use super::{Error, Params, Result, Row, translate};
use rusqlite::types::{ToSqlOutput, Value};
use rusqlite::{CachedStatement, ToSql};

/// A statement, to be run with values any number of times.
pub(in crate::control) enum Statement<'c> {
    /// SQLite's, kept prepared.
    Cached(CachedStatement<'c>),
    /// SQLite's, for this time only.
    Once(rusqlite::Statement<'c>),
    /// PostgreSQL's, which its connection keeps prepared.
    Postgres(&'c Client, String),
}

impl Statement<'_> {
    /// Runs it; gives the number of rows it changed.
    pub(in crate::control) fn execute(&mut self, params: impl Params) -> Result<usize> {
        match self {
            Self::Cached(statement) => Ok(bound(statement, params)?.raw_execute()?),
            Self::Once(statement) => Ok(bound(statement, params)?.raw_execute()?),
            Self::Postgres(client, sql) => {
                let (sql, values) = translate::statement(sql, values(params)?);
                client.execute(sql, values)
            }
        }
    }

    /// Runs it and gives its rows.
    pub(in crate::control) fn query(&mut self, params: impl Params) -> Result<Rows<'_>> {
        match self {
            Self::Cached(statement) => Ok(Rows::Sqlite(bound(statement, params)?.raw_query())),
            Self::Once(statement) => Ok(Rows::Sqlite(bound(statement, params)?.raw_query())),
            Self::Postgres(client, sql) => {
                let (sql, values) = translate::statement(sql, values(params)?);
                let Answer { names, rows } = client.query(sql, values)?;
                let rows: Vec<_> = rows
                    .into_iter()
                    .map(|values| Kept {
                        names: names.clone(),
                        values,
                    })
                    .collect();
                Ok(Rows::Postgres(rows.into_iter(), None))
            }
        }
    }

    /// Its rows, each as it is read.
    pub(in crate::control) fn query_map<T, F: FnMut(&Row<'_>) -> Result<T>>(
        &mut self,
        params: impl Params,
        read: F,
    ) -> Result<Mapped<'_, F>> {
        Ok(Mapped {
            rows: self.query(params)?,
            read,
        })
    }

    /// Its first row; [`Error::is_no_row`] where there is none.
    pub(in crate::control) fn query_row<T>(
        &mut self,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<T> {
        match self.query(params)?.next()? {
            Some(row) => read(&row),
            None => Err(Error::NoRow),
        }
    }

    /// Whether there is a row.
    pub(in crate::control) fn exists(&mut self, params: impl Params) -> Result<bool> {
        Ok(self.query(params)?.next()?.is_some())
    }
}

fn bound<'s, 'c>(
    statement: &'s mut rusqlite::Statement<'c>,
    params: impl Params,
) -> Result<&'s mut rusqlite::Statement<'c>> {
    let (mut given, wanted) = (0, statement.parameter_count());
    params.each(&mut |at, value| {
        given = at;
        Ok(statement.raw_bind_parameter(at, value)?)
    })?;
    match given == wanted {
        true => Ok(statement),
        false => Err(rusqlite::Error::InvalidParameterCount(given, wanted).into()),
    }
}

fn values(params: impl Params) -> Result<Vec<Value>> {
    let mut values = Vec::new();
    params.each(&mut |_, value| {
        values.push(owned(value)?);
        Ok(())
    })?;
    Ok(values)
}

fn owned(value: &dyn ToSql) -> Result<Value> {
    match value.to_sql()? {
        ToSqlOutput::Owned(value) => Ok(value),
        ToSqlOutput::Borrowed(value) => {
            Value::try_from(value).map_err(|e| Error::column("of a statement", &e))
        }
        other => Err(Error::Column {
            column: "of a statement".into(),
            reason: format!("{other:?} is no plain value"),
        }),
    }
}

/// The rows of an answer.
pub(in crate::control) enum Rows<'s> {
    /// SQLite's, which come as they are asked for.
    Sqlite(rusqlite::Rows<'s>),
    /// PostgreSQL's, which are all here.
    Postgres(std::vec::IntoIter<Kept>, Option<Kept>),
}

impl Rows<'_> {
    /// The next one.
    pub(in crate::control) fn next(&mut self) -> Result<Option<Row<'_>>> {
        match self {
            Self::Sqlite(rows) => Ok(rows.next()?.map(Row::Sqlite)),
            Self::Postgres(rows, current) => {
                *current = rows.next();
                Ok(current.as_ref().map(Row::Postgres))
            }
        }
    }
}

/// The rows of an answer, each as it is read.
pub(in crate::control) struct Mapped<'s, F> {
    rows: Rows<'s>,
    read: F,
}

impl<T, F: FnMut(&Row<'_>) -> Result<T>> Iterator for Mapped<'_, F> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let row = self.rows.next().transpose()?;
        Some(row.and_then(|row| (self.read)(&row)))
    }
}
