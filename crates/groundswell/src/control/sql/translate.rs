//! SQLite's SQL in PostgreSQL's words.

use rusqlite::types::Value;
use std::fmt::Write;

/// A piece of a statement.
enum Piece<'s> {
    /// A name or keyword.
    Word(&'s str),
    /// `?3` is 3.
    Value(usize),
    /// Anything else, a quoted text whole.
    Other(&'s str),
}

/// The statement for these values, and those of them that are still handed over: `NULL` stands in the text, because a
/// placeholder whose type nothing tells is refused.
pub(super) fn statement(sql: &str, values: Vec<Value>) -> (String, Vec<Value>) {
    let mut out = String::with_capacity(sql.len() + 64);
    let mut places = vec![0; values.len()];
    let mut used = 0;
    for piece in pieces(sql) {
        let Piece::Value(number) = piece else {
            put(&mut out, &piece);
            continue;
        };
        let kind = match values.get(number.wrapping_sub(1)) {
            None | Some(Value::Null) => {
                out.push_str("NULL");
                continue;
            }
            Some(Value::Integer(_)) => "bigint",
            Some(Value::Real(_)) => "double precision",
            // Compared and folded as columns are, whatever the database's own collation.
            Some(Value::Text(_)) => "text COLLATE \"C\"",
            Some(Value::Blob(_)) => "bytea",
        };
        let place = &mut places[number - 1];
        if *place == 0 {
            used += 1;
            *place = used;
        }
        let _ = write!(out, "${place}::{kind}");
    }
    let mut kept: Vec<(usize, Value)> = places.into_iter().zip(values).filter(|(p, _)| *p > 0).collect();
    kept.sort_by_key(|(place, _)| *place);
    (out, kept.into_iter().map(|(_, value)| value).collect())
}

/// A step of the schema. Names whose case does not count get an index over their lower-case form: both databases fold
/// ASCII letters only. Tables with row ids get a column of that name.
pub(in crate::control) fn schema(step: &str) -> String {
    let mut out = String::new();
    for statement in statements(step) {
        let statement = statement.trim();
        if statement.starts_with("CREATE TRIGGER") {
            trigger(statement, &mut out);
        } else if statement.starts_with("CREATE TABLE") {
            table(statement, &mut out);
        } else if !statement.is_empty() {
            out.push_str(&columns(statement));
            out.push_str(";\n");
        }
    }
    out
}

/// Cut at semicolons; a trigger's own one is not the end.
fn statements(step: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for part in step.split(';') {
        match found.last_mut() {
            Some(last) if last.trim_start().starts_with("CREATE TRIGGER") && !last.ends_with("END") => {
                last.push(';');
                last.push_str(part);
            }
            _ => found.push(part.to_owned()),
        }
    }
    found
}

fn table(statement: &str, out: &mut String) {
    let plain = statement
        .trim_end_matches(" STRICT, WITHOUT ROWID")
        .trim_end_matches(" STRICT");
    let has_row_id = !statement.ends_with("WITHOUT ROWID") && !statement.contains("INTEGER PRIMARY KEY");
    let name = plain.split_whitespace().nth(2).unwrap_or_default();
    let folded: Vec<&str> = plain
        .lines()
        .filter(|line| line.contains("COLLATE NOCASE"))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let mut unique = Vec::new();
    let mut lines = Vec::new();
    for line in plain.lines() {
        let line = line.trim().trim_end_matches(',');
        if line.ends_with("COLLATE NOCASE UNIQUE") {
            unique.extend(line.split_whitespace().next().map(str::to_owned));
        }
        match line.strip_prefix("UNIQUE (").and_then(|l| l.strip_suffix(')')) {
            Some(of) if of.split(", ").any(|c| folded.contains(&c)) => unique.push(of.to_owned()),
            _ => lines.push(columns(
                &line
                    .replace(" COLLATE NOCASE UNIQUE", "")
                    .replace(" COLLATE NOCASE", ""),
            )),
        }
    }
    let (first, last) = (lines.remove(0), lines.pop().unwrap_or_default());
    if has_row_id {
        lines.push("rowid BIGINT GENERATED ALWAYS AS IDENTITY".to_owned());
    }
    let _ = writeln!(out, "{first}\n{}\n{last};", lines.join(",\n"));
    for (at, of) in unique.iter().enumerate() {
        let of: Vec<String> = of
            .split(", ")
            .map(|c| {
                if folded.contains(&c) {
                    format!("lower({c})")
                } else {
                    c.to_owned()
                }
            })
            .collect();
        let _ = writeln!(
            out,
            "CREATE UNIQUE INDEX {name}_folded_{at} ON {name} ({});",
            of.join(", ")
        );
    }
}

/// Column types and the words of [`put`].
fn columns(text: &str) -> String {
    let mut out = String::new();
    let text = text.replace(
        "INTEGER PRIMARY KEY AUTOINCREMENT",
        "INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY",
    );
    for piece in pieces(&text) {
        match piece {
            Piece::Word("TEXT") => out.push_str("TEXT COLLATE \"C\""),
            piece => put(&mut out, &piece),
        }
    }
    out
}

/// `CREATE TRIGGER name BEFORE UPDATE ON table BEGIN SELECT RAISE(ABORT, 'reason'); END`.
fn trigger(statement: &str, out: &mut String) {
    let (head, body) = statement.split_once(" BEGIN").unwrap_or((statement, ""));
    let name = head.split_whitespace().nth(2).unwrap_or_default();
    let reason = body.split('\'').nth(1).unwrap_or_default();
    let _ = writeln!(
        out,
        "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{reason}'; END $$;\n\
         {head} FOR EACH STATEMENT EXECUTE FUNCTION {name}();"
    );
    if head.contains("BEFORE DELETE") {
        let whole = head
            .replace("BEFORE DELETE", "BEFORE TRUNCATE")
            .replace(name, &format!("{name}_whole"));
        let _ = writeln!(out, "{whole} FOR EACH STATEMENT EXECUTE FUNCTION {name}();");
    }
}

fn put(out: &mut String, piece: &Piece<'_>) {
    out.push_str(match piece {
        Piece::Word("INTEGER") => "BIGINT",
        Piece::Word("REAL") => "DOUBLE PRECISION",
        Piece::Word("BLOB") => "BYTEA",
        Piece::Word("ifnull") => "coalesce",
        // Words that PostgreSQL keeps for itself.
        Piece::Word("user") => "\"user\"",
        Piece::Word("row") => "\"row\"",
        Piece::Word(text) | Piece::Other(text) => text,
        Piece::Value(_) => "NULL",
    });
}

fn pieces(sql: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end_of = |text: &str, f: &dyn Fn(char) -> bool| text.find(|c| !f(c)).unwrap_or(text.len());
        let length = match first {
            '\'' | '"' => rest[1..].find(first).map_or(rest.len(), |at| at + 2),
            '?' => 1 + end_of(&rest[1..], &|c| c.is_ascii_digit()),
            c if is_word(c) => end_of(rest, &is_word),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        rest = after;
        Some(match first {
            '?' => Piece::Value(piece[1..].parse().unwrap_or(0)),
            c if is_word(c) => Piece::Word(piece),
            _ => Piece::Other(piece),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_get_types_and_nulls_stand_in_the_text() {
        let values = vec![Value::Null, Value::Integer(3), Value::Text("?2".into())];
        let (sql, values) = statement(
            "SELECT '?1', user FROM t WHERE (?1 IS NULL OR a = ?1) AND b = ?3 AND c < ?2 AND d = ?3",
            values,
        );
        assert_eq!(
            sql,
            "SELECT '?1', \"user\" FROM t WHERE (NULL IS NULL OR a = NULL) AND b = $1::text COLLATE \"C\" AND c < $2::bigint AND d = $1::text COLLATE \"C\""
        );
        assert_eq!(values, [Value::Text("?2".into()), Value::Integer(3)]);
    }

    #[test]
    fn tables_are_said_in_postgresqls_words() {
        let step = "
CREATE TABLE a (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    bytes BLOB,
    UNIQUE (project, name)
) STRICT;
CREATE TRIGGER kept BEFORE DELETE ON a BEGIN
    SELECT RAISE(ABORT, 'no');
END;
";
        assert_eq!(
            schema(step),
            "CREATE TABLE a (\nid TEXT COLLATE \"C\" PRIMARY KEY,\nproject TEXT COLLATE \"C\" NOT NULL,\n\
             name TEXT COLLATE \"C\" NOT NULL,\nbytes BYTEA,\nrowid BIGINT GENERATED ALWAYS AS IDENTITY\n);\n\
             CREATE UNIQUE INDEX a_folded_0 ON a (project, lower(name));\n\
             CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;\n\
             CREATE TRIGGER kept BEFORE DELETE ON a FOR EACH STATEMENT EXECUTE FUNCTION kept();\n\
             CREATE TRIGGER kept_whole BEFORE TRUNCATE ON a FOR EACH STATEMENT EXECUTE FUNCTION kept();\n"
        );
    }
}
