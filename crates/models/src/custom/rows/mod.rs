//! Labelled posts out of a file: CSV with a header, or a JSON object a line.

mod csv;
mod json;

use serde::{Deserialize, Serialize};

/// Problems that are told one by one; further ones are counted.
const TOLD: usize = 1_000;

/// A labelled post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its text.
    pub text: String,
    /// Its label.
    pub label: String,
    /// Its language (ISO 639), where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// What a file may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Rows.
    pub rows: usize,
    /// Bytes of a text.
    pub text: usize,
    /// Bytes of a label.
    pub label: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 1 << 30,
            rows: 2_000_000,
            text: 40_000,
            label: 100,
        }
    }
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowProblem {
    /// The line it begins on, from 1.
    pub line: usize,
    /// The column, where it is one's fault.
    pub column: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

impl std::fmt::Display for RowProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.column {
            Some(column) => write!(f, "line {}, {column}: {}", self.line, self.message),
            None => write!(f, "line {}: {}", self.line, self.message),
        }
    }
}

/// Why a file was refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RowsError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A column is missing.
    #[error("the first line has no column {missing}; it has {found:?}")]
    NoColumn {
        /// The column.
        missing: &'static str,
        /// Those there are.
        found: Vec<String>,
    },
    /// A column's name stands twice.
    #[error("the first line names the column {0} twice")]
    TwiceColumn(&'static str),
    /// The file is too big.
    #[error("{found} bytes, {most} at most")]
    TooLarge {
        /// Its size.
        found: usize,
        /// The limit.
        most: usize,
    },
    /// There are too many rows.
    #[error("more than {most} rows")]
    TooMany {
        /// The limit.
        most: usize,
    },
}

/// The rows of a file, and what was wrong with the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Those that can be used, in their order.
    pub rows: Vec<Row>,
    /// The first thousand that cannot.
    pub problems: Vec<RowProblem>,
    /// How many cannot, in all.
    pub refused: usize,
}

impl Rows {
    /// Reads a file: JSON lines if it begins with `{`, otherwise CSV (commas, semicolons or tabs) whose first line names
    /// the columns `text`, `label` and, if there is one, `lang`. Further columns are passed over.
    pub fn read(file: &[u8], limits: Limits) -> Result<Self, RowsError> {
        if file.len() > limits.bytes {
            return Err(RowsError::TooLarge {
                found: file.len(),
                most: limits.bytes,
            });
        }
        let file = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file);
        let first = file.iter().find(|b| !b.is_ascii_whitespace());
        match first {
            None => Err(RowsError::Empty),
            Some(b'{') => json::read(file, limits),
            Some(_) => csv::read(file, limits),
        }
    }

    fn refuse(&mut self, line: usize, column: Option<&str>, message: impl Into<String>) {
        self.refused += 1;
        if self.problems.len() < TOLD {
            self.problems.push(RowProblem {
                line,
                column: column.map(str::to_owned),
                message: message.into(),
            });
        }
    }

    /// Takes a row if its parts are what they should be.
    fn take(
        &mut self,
        line: usize,
        [text, label]: [&str; 2],
        lang: Option<&str>,
        limits: &Limits,
    ) -> Result<(), RowsError> {
        if self.rows.len() >= limits.rows {
            return Err(RowsError::TooMany { most: limits.rows });
        }
        let (text, label) = (text.trim(), label.trim());
        let lang = lang.map(str::trim).filter(|l| !l.is_empty());
        match fault(text, label, lang, limits) {
            Some((column, message)) => self.refuse(line, Some(column), message),
            None => self.rows.push(Row {
                text: text.to_owned(),
                label: label.to_owned(),
                lang: lang.map(str::to_ascii_lowercase),
            }),
        }
        Ok(())
    }
}

fn fault(text: &str, label: &str, lang: Option<&str>, limits: &Limits) -> Option<(&'static str, String)> {
    let long = |n: usize, most: usize| format!("{n} bytes, {most} at most");
    let is_code = |l: &str| {
        let primary = l.split('-').next().unwrap_or_default();
        (2..=3).contains(&primary.len()) && primary.bytes().all(|b| b.is_ascii_alphabetic())
    };
    if text.is_empty() {
        Some(("text", "is empty".to_owned()))
    } else if text.len() > limits.text {
        Some(("text", long(text.len(), limits.text)))
    } else if label.is_empty() {
        Some(("label", "is empty".to_owned()))
    } else if label.len() > limits.label {
        Some(("label", long(label.len(), limits.label)))
    } else if label.chars().any(char::is_control) {
        Some(("label", "has a control character or a line break".to_owned()))
    } else {
        let bad = lang.filter(|l| !is_code(l))?;
        Some(("lang", format!("{bad:?} is no language code, as en or pt-BR")))
    }
}
