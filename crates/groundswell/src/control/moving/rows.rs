//! Rows as they are read, told apart and summed up.

use super::super::error::{Error, Result};
use super::super::hex;
use super::super::sql::{Connection, Row, params_from_iter};
use super::tables::{Kind, Table};
use rusqlite::types::Value;
use sha2::{Digest, Sha256};
use std::cmp::Ordering;
use std::fmt;

/// The values of a row, in the order of its table's columns.
pub(super) type Values = Vec<Value>;

/// What is read at once is of about so many bytes, so that a page of models is no larger than one of settings.
const BYTES_AT_ONCE: usize = 4 << 20;
/// Rows that are read at once at most.
const ROWS_AT_ONCE: usize = 2_000;
/// The same of the first page, before anything is known of their size.
const ROWS_AT_FIRST: usize = 32;

/// The rows of a table by their keys, read in pages.
pub(super) struct Rows<'c> {
    db: &'c Connection,
    table: &'c Table,
    page: std::vec::IntoIter<Values>,
    /// The key of the last row read.
    last: Vec<Value>,
    at_once: usize,
    is_last_page: bool,
}

impl<'c> Rows<'c> {
    pub(super) fn new(db: &'c Connection, table: &'c Table) -> Self {
        Self {
            db,
            table,
            page: Vec::new().into_iter(),
            last: Vec::new(),
            at_once: ROWS_AT_FIRST,
            is_last_page: false,
        }
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Values>> {
        if self.page.len() == 0 && !self.is_last_page {
            self.turn()?;
        }
        Ok(self.page.next())
    }

    fn turn(&mut self) -> Result<()> {
        let table = self.table;
        let key = table.names(table.key.iter().copied()).join(", ");
        let after = match self.last.len() {
            0 => String::new(),
            n => {
                let places: Vec<String> = (1..=n).map(|at| format!("?{at}")).collect();
                format!("WHERE ({key}) > ({})", places.join(", "))
            }
        };
        let sql = format!(
            "SELECT {} FROM \"{}\" {after} ORDER BY {key} LIMIT ?{}",
            table.names(0..table.columns.len()).join(", "),
            table.name,
            self.last.len() + 1
        );
        let limit = Value::Integer(i64::try_from(self.at_once).unwrap_or(i64::MAX));
        let given = self.last.iter().cloned().chain([limit]);
        let mut page = Vec::with_capacity(self.at_once);
        let mut statement = self.db.prepare_cached(&sql)?;
        let mut rows = statement.query(params_from_iter(given))?;
        let mut bytes = 0;
        while let Some(row) = rows.next()? {
            let values = read(table, &row)?;
            bytes += values.iter().map(size).sum::<usize>();
            page.push(values);
        }
        self.is_last_page = page.len() < self.at_once;
        if let Some(last) = page.last() {
            self.last = table.key.iter().map(|at| last[*at].clone()).collect();
            self.at_once = (BYTES_AT_ONCE / (bytes / page.len()).max(1)).clamp(1, ROWS_AT_ONCE);
        }
        self.page = page.into_iter();
        Ok(())
    }
}

/// About how many bytes a value takes.
pub(super) fn size(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 8,
    }
}

fn read(table: &Table, row: &Row<'_>) -> Result<Values> {
    let mut values = Vec::with_capacity(table.columns.len());
    let mut fault = None;
    for (at, column) in table.columns.iter().enumerate() {
        let is_key = table.key.contains(&at);
        let value = match row.get::<usize, Value>(at) {
            Ok(Value::Null) if is_key => Err("is missing, and it is the key".to_owned()),
            Ok(value) if column.kind.takes(&value) => Ok(value),
            Ok(value) => Err(format!("is of type {}", value.data_type())),
            Err(error) => Err(format!("cannot be read: {error}")),
        };
        values.push(value.unwrap_or_else(|reason| {
            fault = fault.take().or(Some((at, reason)));
            Value::Null
        }));
    }
    match fault {
        None => Ok(values),
        Some((at, reason)) => Err(unfit(table, &values, at, &reason)),
    }
}

/// That a value cannot be moved, and which one it is.
pub(super) fn unfit(table: &Table, values: &[Value], column: usize, reason: &str) -> Error {
    Error::Move(format!(
        "column {} of {} {reason}: mend or delete this row, then move again",
        table.columns[column].name,
        named(table, values)
    ))
}

/// Which row it is.
pub(super) fn named(table: &Table, values: &[Value]) -> String {
    let key = table.key.iter().map(|at| {
        let value = match &values[*at] {
            Value::Null => "?".to_owned(),
            Value::Integer(n) => n.to_string(),
            Value::Real(x) => x.to_string(),
            Value::Text(text) => format!("{text:?}"),
            Value::Blob(bytes) => hex(bytes),
        };
        format!("{} {value}", table.columns[*at].name)
    });
    format!(
        "the row of table {} with {}",
        table.name,
        key.collect::<Vec<_>>().join(", ")
    )
}

/// Which of two rows comes first.
pub(super) fn order(table: &Table, one: &[Value], other: &[Value]) -> Ordering {
    let of = |at: &usize| match (&one[*at], &other[*at]) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        (Value::Real(a), Value::Real(b)) => a.total_cmp(b),
        // Of one column's kind are both, and neither is missing: that was checked.
        _ => Ordering::Equal,
    };
    table
        .key
        .iter()
        .map(of)
        .find(|o| o.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// The first column whose text holds U+0000, which PostgreSQL cannot keep.
pub(super) fn with_nul(table: &Table, values: &[Value]) -> Option<usize> {
    let is_text = |at: &usize| table.columns[*at].kind == Kind::Text;
    (0..values.len()).filter(is_text).find(|at| match &values[*at] {
        Value::Text(text) => text.contains('\0'),
        _ => false,
    })
}

/// How many rows, and a checksum of them in their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sum {
    /// Rows.
    pub rows: u64,
    /// SHA-256 over every value of every row.
    pub checksum: [u8; 32],
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.checksum))
    }
}

/// A sum that grows.
#[derive(Default)]
pub(super) struct Summing {
    rows: u64,
    hash: Sha256,
}

impl Summing {
    pub(super) fn add(&mut self, values: &[Value]) {
        self.rows += 1;
        for value in values {
            // What it is, how long, and itself: no two rows are written the same.
            let mut put = |kind: u8, bytes: &[u8]| {
                self.hash.update([kind]);
                self.hash.update((bytes.len() as u64).to_le_bytes());
                self.hash.update(bytes);
            };
            match value {
                Value::Null => put(0, &[]),
                Value::Integer(n) => put(1, &n.to_le_bytes()),
                // The two zeros are the same to SQLite, which keeps one.
                Value::Real(x) => put(2, &(x + 0.0).to_le_bytes()),
                Value::Text(text) => put(3, text.as_bytes()),
                Value::Blob(bytes) => put(4, bytes),
            }
        }
    }

    pub(super) fn sum(self) -> Sum {
        Sum {
            rows: self.rows,
            checksum: self.hash.finalize().into(),
        }
    }
}

/// All of a table.
pub(super) fn sum(db: &Connection, table: &Table) -> Result<Sum> {
    let (mut rows, mut sum) = (Rows::new(db, table), Summing::default());
    while let Some(values) = rows.next()? {
        sum.add(&values);
    }
    Ok(sum.sum())
}
