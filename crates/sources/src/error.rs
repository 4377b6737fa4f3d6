//! What can go wrong: with a source as a whole, and with one item of it.

use std::fmt;
use thiserror::Error;

/// Why a source cannot be made or cannot go on. What can heal by itself (a cut connection, a busy server) is not
/// here: a source waits and tries again, and says so in its [`crate::Health`].
#[derive(Debug, Error)]
pub enum SourceError {
    /// The configuration cannot be used.
    #[error("{connector}: {message}")]
    Config {
        /// The connector.
        connector: &'static str,
        /// What is wrong, naming key and value.
        message: String,
    },
    /// A file cannot be opened or read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// The connector cannot do what it is asked to.
    #[error("this connector cannot {0}")]
    Unable(&'static str),
    /// The task cannot be done now.
    #[error(transparent)]
    Trouble(#[from] crate::http::Trouble),
    /// Nobody takes deliveries any more.
    #[error("the receiver of deliveries is gone")]
    Closed,
}

/// One item that was not let through: a malformed frame, a bad line, a pushed object that is no post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// A stable code for counters, such as `malformed`.
    pub code: &'static str,
    /// Where: a line, a place in a batch, a cursor. Never text of a post.
    pub place: String,
    /// Why, in words.
    pub message: String,
}

impl Refused {
    /// A refusal at a place.
    pub fn new(code: &'static str, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            place: place.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "{}", self.message)
        } else {
            write!(f, "{}: {}", self.place, self.message)
        }
    }
}
