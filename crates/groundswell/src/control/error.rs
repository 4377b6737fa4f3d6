//! Why the control state cannot do what was asked.

use super::sql;
use std::io;
use std::path::{Path, PathBuf};

pub(super) type Result<T> = std::result::Result<T, Error>;

/// Why the control state cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The database file cannot be opened.
    #[error("cannot open the control database {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The file is a database, but not ours.
    #[error("{} is not a groundswell control database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer program wrote it.
    #[error("{} has schema {found}, this program knows up to {supported}: use a newer groundswell", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        supported: u32,
    },
    /// An older program wrote it, and it is only to be read.
    #[error("{} has schema {found}, this program reads {supported}: start the server once to bring it forward", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The schema read here.
        supported: u32,
    },
    /// A key file cannot be used.
    #[error("key file {}: {reason}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The data folder's control state is somewhere else.
    #[error("{}: {why}", path.display())]
    Elsewhere {
        /// The file that says so.
        path: PathBuf,
        /// What to do.
        why: &'static str,
    },
    /// Nobody may open it: it is being filled, or what it held was moved elsewhere.
    #[error("{} is closed: {why}", path.display())]
    Closed {
        /// The database.
        path: PathBuf,
        /// Why, and what to do.
        why: String,
    },
    /// It cannot be moved: why, and what to do.
    #[error("{0}")]
    Move(String),
    /// The database refused.
    #[error("control database: {0}")]
    Database(#[from] sql::Error),
    /// The thing named is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Another one has this name.
    #[error("the name `{0}` is taken")]
    NameTaken(String),
    /// The configuration file decides about this monitor or list.
    #[error("`{0}` stands in the configuration file: change it there")]
    FromFile(String),
    /// The query of this version is in force.
    #[error("the query of version {0} is the one in force")]
    InForce(u32),
    /// Somebody changed it meanwhile: the version it is at.
    #[error("it was changed meanwhile and is at version {0}: read it again")]
    OtherVersion(u32),
    /// Monitors use the list.
    #[error("the list `{0}` is used by {1} monitors: change their queries first")]
    ListInUse(String, usize),
    /// The default project stays.
    #[error("the default project cannot be deleted")]
    DefaultProject,
    /// Nobody could administer the installation any more.
    #[error("somebody must be left who may do everything: make another administrator first")]
    LastAdministrator,
    /// A value cannot be used.
    #[error("{0}")]
    Invalid(&'static str),
    /// What was sealed cannot be opened: the database was changed by somebody else.
    #[error("a sealed identity of the vault cannot be opened")]
    Sealed,
    /// The store could not be asked.
    #[error("{0}")]
    Store(String),
    /// The system has no randomness to give.
    #[error("no randomness from the system: {0}")]
    Random(getrandom::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::Database(error.into())
    }
}

impl Error {
    /// Whether the server of the control state cannot be reached now: asked again later it may answer.
    pub fn is_away(&self) -> bool {
        matches!(
            self,
            Error::Database(sql::Error::Away { .. } | sql::Error::Lost(_))
        )
    }

    /// Whether the disk on which the control state is a file is full: until there is room nobody can change it, no other
    /// process either.
    pub fn is_full(&self) -> bool {
        matches!(self, Error::Database(error) if error.is_full())
    }

    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Io { action, path, source }
    }

    /// Turns a violated uniqueness into [`Error::NameTaken`].
    pub(super) fn or_taken(error: sql::Error, name: &str) -> Error {
        match error.is_taken() {
            true => Error::NameTaken(name.to_owned()),
            false => Error::Database(error),
        }
    }
}
