//! The tables of the control state, as the schema itself says them.

use super::super::error::{Error, Result};
use super::super::schema::STEPS;
use rusqlite::Connection;
use rusqlite::types::Value;

/// What processes say of themselves while they run: it is of no use to those that begin anew.
const NOT_MOVED: [&str; 2] = ["leases", "source_states"];

/// The name of what both databases count rows by, where a table has no number of its own.
pub(super) const ROW_ID: &str = "rowid";

/// A table.
#[derive(Debug)]
pub(in crate::control) struct Table {
    pub(in crate::control) name: String,
    pub(super) columns: Vec<Column>,
    /// The columns by which its rows are ordered and told apart, by their places.
    pub(super) key: Vec<usize>,
    /// Other columns of which two rows may not have the same, so that a row that changes them is taken out first.
    pub(super) unique: Vec<usize>,
    /// The column whose numbers the database gives and never gives again.
    pub(super) numbered: Option<usize>,
    /// Whether what is too much is taken out of this table before anything is put into others: rows of it would be in the
    /// way of new ones, or of taking out rows that they name.
    pub(super) is_cleared_first: bool,
    /// Whether rows can only be added.
    pub(super) is_log: bool,
    /// Tables that its rows name rows of.
    parents: Vec<String>,
}

/// A column.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Integer,
    Real,
    Text,
    Blob,
}

impl Kind {
    /// Whether a value is of this kind, or missing.
    pub(super) fn takes(self, value: &Value) -> bool {
        matches!(
            (self, value),
            (_, Value::Null)
                | (Kind::Integer, Value::Integer(_))
                | (Kind::Real, Value::Real(_))
                | (Kind::Text, Value::Text(_))
                | (Kind::Blob, Value::Blob(_))
        )
    }

    /// PostgreSQL's word for it.
    pub(super) fn in_postgres(self) -> &'static str {
        match self {
            Kind::Integer => "bigint",
            Kind::Real => "double precision",
            Kind::Text => "text",
            Kind::Blob => "bytea",
        }
    }
}

impl Table {
    /// The column of row numbers that PostgreSQL is given beside what the schema names.
    pub(super) fn row_id(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.name == ROW_ID)
    }

    /// Columns that can be changed in their place.
    pub(super) fn plain(&self) -> impl Iterator<Item = usize> {
        (0..self.columns.len()).filter(|at| !self.key.contains(at) && !self.unique.contains(at))
    }

    /// The names of columns, as both databases read them.
    pub(super) fn names(&self, columns: impl IntoIterator<Item = usize>) -> Vec<String> {
        let quoted = |at: usize| format!("\"{}\"", self.columns[at].name);
        columns.into_iter().map(quoted).collect()
    }
}

/// The names of all tables.
pub(super) fn names() -> Result<Vec<String>> {
    let moved = tables()?.into_iter().map(|table| table.name);
    Ok(moved.chain(NOT_MOVED.map(str::to_owned)).collect())
}

/// The tables that move, each after those its rows name rows of.
pub(in crate::control) fn tables() -> Result<Vec<Table>> {
    let schema = Connection::open_in_memory()?;
    for step in STEPS {
        schema.execute_batch(step)?;
    }
    read(&schema)
}

fn read(schema: &Connection) -> Result<Vec<Table>> {
    let mut named = schema.prepare(
        "SELECT name, wr FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?;
    let named = named.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut found = Vec::new();
    for named in named {
        let (name, is_without_row_id): (String, bool) = named?;
        if !NOT_MOVED.contains(&name.as_str()) {
            found.push(table(schema, name, is_without_row_id)?);
        }
    }
    in_order(found)
}

fn table(schema: &Connection, name: String, is_without_row_id: bool) -> Result<Table> {
    // What the database works out itself is not moved.
    let mut of =
        schema.prepare("SELECT name, type, pk FROM pragma_table_xinfo(?1) WHERE hidden = 0 ORDER BY cid")?;
    let rows = of.query_map([&name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let (mut columns, mut key) = (Vec::new(), Vec::new());
    for row in rows {
        let (column, kind, place): (String, String, u32) = row?;
        if place > 0 {
            key.push((place, columns.len()));
        }
        let kind = match kind.as_str() {
            "INTEGER" => Kind::Integer,
            "REAL" => Kind::Real,
            "TEXT" => Kind::Text,
            "BLOB" => Kind::Blob,
            _ => {
                return Err(Error::Move(format!(
                    "column {column} of table {name} is of type {kind}"
                )));
            }
        };
        columns.push(Column { name: column, kind });
    }
    key.sort_unstable();
    let mut key: Vec<usize> = key.into_iter().map(|(_, column)| column).collect();
    let mut unique = uniques(schema, &name, &columns)?;
    let is_numbered = key.len() == 1 && columns[key[0]].kind == Kind::Integer;
    if !is_without_row_id && !is_numbered {
        let row_id = columns.len();
        columns.push(Column {
            name: ROW_ID.into(),
            kind: Kind::Integer,
        });
        match key.is_empty() {
            true => key.push(row_id),
            false => unique.push(row_id),
        }
    }
    unique.retain(|column| !key.contains(column));
    unique.sort_unstable();
    unique.dedup();
    let says = |sql: &str| schema.query_row(sql, [&name], |row| row.get::<_, bool>(0));
    let never_again = says("SELECT sql LIKE '%AUTOINCREMENT%' FROM sqlite_schema WHERE name = ?1")?;
    let is_log = says("SELECT count(*) > 0 FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1")?;
    let holds = says("SELECT count(*) > 0 FROM pragma_foreign_key_list(?1) WHERE on_delete <> 'CASCADE'")?;
    let mut parents = schema.prepare("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1)")?;
    let parents = parents.query_map([&name], |row| row.get(0))?;
    Ok(Table {
        parents: parents.collect::<rusqlite::Result<_>>()?,
        numbered: never_again.then_some(key[0]),
        is_cleared_first: holds || !unique.is_empty(),
        name,
        columns,
        key,
        unique,
        is_log,
    })
}

/// The columns of unique indices; all of them, where one is over an expression.
fn uniques(schema: &Connection, table: &str, columns: &[Column]) -> Result<Vec<usize>> {
    let mut indexed = schema.prepare(
        "SELECT part.name FROM pragma_index_list(?1) AS list, pragma_index_xinfo(list.name) AS part
         WHERE list.\"unique\" AND list.origin <> 'pk' AND part.key",
    )?;
    let mut unique = Vec::new();
    for part in indexed.query_map([table], |row| row.get::<_, Option<String>>(0))? {
        let part = part?;
        match columns
            .iter()
            .position(|column| part.as_ref() == Some(&column.name))
        {
            Some(column) => unique.push(column),
            None => unique.extend(0..columns.len()),
        }
    }
    Ok(unique)
}

/// Each after its parents.
fn in_order(mut found: Vec<Table>) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::with_capacity(found.len());
    while !found.is_empty() {
        let is_next = |table: &Table| {
            let waits = |parent: &String| found.iter().any(|t| t.name == *parent && t.name != table.name);
            !table.parents.iter().any(waits)
        };
        let next = found.iter().position(is_next);
        let next = next.ok_or_else(|| Error::Move("tables that name one another have no order".into()))?;
        ordered.push(found.remove(next));
    }
    Ok(ordered)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(of: &Table, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|c| of.columns[*c].name.clone()).collect()
    }

    #[test]
    fn the_schema_says_what_there_is() {
        let schema = Connection::open_in_memory().unwrap();
        schema
            .execute_batch(
                "CREATE TABLE b (x TEXT NOT NULL, n INTEGER NOT NULL REFERENCES c (n), w REAL, UNIQUE (w)) STRICT;
                 CREATE UNIQUE INDEX b_x ON b (ifnull(x, ''));
                 CREATE TABLE c (n INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, twice INTEGER AS (n * 2)) STRICT;
                 CREATE TABLE a (y BLOB, x TEXT, PRIMARY KEY (x, y)) STRICT, WITHOUT ROWID;
                 CREATE TABLE d (id TEXT PRIMARY KEY, at INTEGER) STRICT;
                 CREATE TRIGGER d_kept BEFORE DELETE ON d BEGIN SELECT RAISE(ABORT, 'no'); END;
                 CREATE VIEW e AS SELECT * FROM a;",
            )
            .unwrap();
        let found = read(&schema).unwrap();
        let [a, c, b, d] = &found[..] else {
            panic!("{found:?}")
        };
        assert_eq!(
            (names(a, &a.key), a.unique.len()),
            (vec!["x".into(), "y".into()], 0)
        );
        assert_eq!(
            (names(c, &c.key), names(c, &c.unique)),
            (vec!["n".into()], vec!["name".into()])
        );
        assert_eq!((c.numbered, c.columns.len(), c.is_log), (Some(0), 2, false));
        // Their rows have numbers, by which they are told apart where nothing else does that.
        assert_eq!(
            (names(d, &d.key), names(d, &d.unique)),
            (vec!["id".into()], vec![ROW_ID.into()])
        );
        assert!(d.is_log && d.numbered.is_none());
        assert_eq!((names(b, &b.key), b.unique.len()), (vec![ROW_ID.into()], 3));
    }

    #[test]
    fn every_table_comes_after_those_it_names() {
        let tables = tables().unwrap();
        let place = |name: &str| tables.iter().position(|t| t.name == name).unwrap();
        assert!(tables.len() > 50 && !tables.iter().any(|t| t.name == "leases"));
        for table in &tables {
            for parent in &table.parents {
                assert!(
                    place(parent) <= place(&table.name),
                    "{} before {parent}",
                    table.name
                );
            }
        }
        let logs: Vec<&str> = tables
            .iter()
            .filter(|t| t.is_log)
            .map(|t| t.name.as_str())
            .collect();
        assert_eq!(logs, ["audit"]);
        let numbered = tables.iter().filter(|t| t.numbered.is_some());
        let mut numbered: Vec<&str> = numbered.map(|t| t.name.as_str()).collect();
        numbered.sort_unstable();
        assert_eq!(numbered, ["alert_events", "findings", "monitors", "notices"]);
    }
}
