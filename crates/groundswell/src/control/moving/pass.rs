//! Passes over the tables.

use super::super::error::Result;
use super::super::sql::Connection;
use super::numbers;
use super::rows::{Rows, Sum, Summing, order, sum};
use super::tables::Table;
use super::write::Changes;
use rusqlite::types::Value;
use std::cmp::Ordering;

/// Rows after which is told how far a pass is.
const OFTEN: u64 = 1_000;
/// The name under which the numbers are told that no row is given again.
const NUMBERS: &str = "numbers given";

/// What a pass did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pass {
    /// Rows that were put.
    pub put: u64,
    /// Rows that were given other values.
    pub replaced: u64,
    /// Rows that were taken out.
    pub removed: u64,
    /// Every table, as it was read from both sides.
    pub tables: Vec<Compared>,
}

/// A table as it was read from both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// Its name.
    pub table: String,
    /// What the source holds.
    pub source: Sum,
    /// What the target holds.
    pub target: Sum,
}

/// How far a pass is.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'p> {
    /// The table it is at.
    pub table: &'p str,
    /// Rows of it that were read.
    pub rows: u64,
}

impl Pass {
    /// Rows that were not as they should be before.
    pub fn changed(&self) -> u64 {
        self.put + self.replaced + self.removed
    }

    /// All rows of the source.
    pub fn rows(&self) -> u64 {
        let of = self.tables.iter().filter(|t| t.table != NUMBERS);
        of.map(|t| t.source.rows).sum()
    }

    /// Tables that are not the same on both sides.
    pub fn differences(&self) -> impl Iterator<Item = &Compared> {
        self.tables.iter().filter(|t| t.source != t.target)
    }

    /// Whether both sides hold the same.
    pub fn is_same(&self) -> bool {
        self.differences().next().is_none()
    }
}

/// Makes the tables of the target those of the source, which stays as it is meanwhile, then reads the target back. Killed
/// anywhere it has done a part of it; another one does the rest.
pub(in crate::control) fn pass(
    source: &Connection,
    target: &Connection,
    tables: &[Table],
    told: &mut dyn FnMut(Progress<'_>),
) -> Result<Pass> {
    let mut pass = Pass::default();
    for table in tables.iter().rev().filter(|table| table.is_cleared_first) {
        merge(source, target, table, Doing::Clearing, &mut pass, told)?;
    }
    let mut wanted = Vec::with_capacity(tables.len());
    for table in tables {
        wanted.push(merge(source, target, table, Doing::All, &mut pass, told)?);
    }
    let given = give_numbers(source, target, tables)?;
    let now = target.snapshot()?;
    for (table, source) in tables.iter().zip(wanted) {
        told(Progress {
            table: &table.name,
            rows: 0,
        });
        let target = sum(&now, table)?;
        pass.tables.push(Compared {
            table: table.name.clone(),
            source,
            target,
        });
    }
    pass.tables.push(Compared {
        table: NUMBERS.to_owned(),
        source: given,
        target: numbers_given(&now, tables)?,
    });
    Ok(pass)
}

/// What of a table is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// What is too much, or in the way, is taken out.
    Clearing,
    All,
}

/// Goes through both tables in the order of their keys. What the source holds.
fn merge(
    source: &Connection,
    target: &Connection,
    table: &Table,
    doing: Doing,
    pass: &mut Pass,
    told: &mut dyn FnMut(Progress<'_>),
) -> Result<Sum> {
    let (mut source, mut target_rows) = (Rows::new(source, table), Rows::new(target, table));
    let mut changes = Changes::new(target, table);
    let (mut sum, mut rows) = (Summing::default(), 0);
    let (mut wanted, mut held) = (source.next()?, target_rows.next()?);
    loop {
        if rows % OFTEN == 0 {
            let table = &table.name;
            told(Progress { table, rows });
        }
        rows += 1;
        let first = match (&wanted, &held) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(wanted), Some(held)) => order(table, wanted, held),
        };
        let (new, old) = (
            wanted.as_ref().filter(|_| first.is_le()),
            held.as_ref().filter(|_| first.is_ge()),
        );
        if let Some(new) = new {
            sum.add(new);
        }
        let is_in_the_way = |new: &[Value], old: &[Value]| table.unique.iter().any(|at| new[*at] != old[*at]);
        match (new, old) {
            (Some(new), Some(old)) if new == old => {}
            (Some(new), Some(old)) if is_in_the_way(new, old) => {
                changes.remove(old)?;
                if doing == Doing::All {
                    changes.put(new)?;
                }
            }
            (Some(new), Some(_)) if doing == Doing::All => changes.replace(new)?,
            (Some(new), None) if doing == Doing::All => changes.put(new)?,
            (None, Some(old)) => changes.remove(old)?,
            _ => {}
        }
        if first.is_le() {
            wanted = source.next()?;
        }
        if first.is_ge() {
            held = target_rows.next()?;
        }
    }
    changes.end()?;
    pass.put += changes.put;
    pass.replaced += changes.replaced;
    pass.removed += changes.removed;
    Ok(sum.sum())
}

/// Rows get numbers after those that the source gave. What was given there.
fn give_numbers(source: &Connection, target: &Connection, tables: &[Table]) -> Result<Sum> {
    let mut given = Summing::default();
    let target = target.transaction()?;
    for table in tables {
        numbers::settle_row_ids(&target, table)?;
        if let Some(column) = table.numbered {
            let last = numbers::last(source, table, column)?;
            numbers::set(&target, table, column, last)?;
            given.add(&numbers::row(table, last));
        }
    }
    target.commit()?;
    Ok(given.sum())
}

fn numbers_given(db: &Connection, tables: &[Table]) -> Result<Sum> {
    let mut given = Summing::default();
    for table in tables {
        if let Some(column) = table.numbered {
            given.add(&numbers::row(table, numbers::last(db, table, column)?));
        }
    }
    Ok(given.sum())
}
