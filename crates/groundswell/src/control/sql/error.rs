//! Why a database refused.

use rusqlite::types::FromSqlError;

/// What comes of asking the database.
pub(in crate::control) type Result<T> = std::result::Result<T, Error>;

/// Why a database refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// SQLite said so.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// PostgreSQL said so.
    #[error("PostgreSQL: {message}")]
    Postgres {
        /// Its five letters for it (SQLSTATE).
        code: Option<String>,
        /// What it said.
        message: String,
    },
    /// The server cannot be reached, or does not let us in.
    #[error("cannot reach PostgreSQL at {place}: {reason}")]
    Away {
        /// Which server and database.
        place: String,
        /// Why.
        reason: String,
    },
    /// The connection broke in the middle of a change.
    #[error("the connection to PostgreSQL was lost in the middle of a change: {0}")]
    Lost(String),
    /// The answer has no row.
    #[error("the database has no such row")]
    NoRow,
    /// A column is missing or of another type.
    #[error("column {column} of an answer: {reason}")]
    Column {
        /// Its place or name.
        column: String,
        /// What is wrong.
        reason: String,
    },
}

impl Error {
    /// Whether an answer had no row.
    pub(in crate::control) fn is_no_row(&self) -> bool {
        matches!(
            self,
            Self::NoRow | Self::Sqlite(rusqlite::Error::QueryReturnedNoRows)
        )
    }

    /// Whether another row has a value that may be there only once.
    pub(in crate::control) fn is_taken(&self) -> bool {
        match self {
            Self::Sqlite(error) => error
                .sqlite_error()
                .is_some_and(|e| e.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE),
            Self::Postgres { code, .. } => code.as_deref() == Some("23505"),
            _ => false,
        }
    }

    /// Whether the disk of a database in a file is full.
    pub(in crate::control) fn is_full(&self) -> bool {
        match self {
            Self::Sqlite(error) => error
                .sqlite_error()
                .is_some_and(|e| e.code == rusqlite::ErrorCode::DiskFull),
            _ => false,
        }
    }

    pub(super) fn column(column: impl std::fmt::Debug, error: &FromSqlError) -> Self {
        Self::Column {
            column: format!("{column:?}"),
            reason: error.to_string(),
        }
    }
}

/// An answer that may have no row.
pub(in crate::control) trait OptionalExtension<T> {
    /// `None` where there is no row.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.is_no_row() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
