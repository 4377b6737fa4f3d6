//! Where the control state is kept.

use super::error::{Error, Result};
use super::{FILE, Postgres};
use std::path::{Path, PathBuf};

/// Marks a data folder whose control state is on a server.
const MARK: &str = "control.postgres";

/// Where the control state is kept: in a file of the data folder, or on a PostgreSQL server. The keys are in the data
/// folder either way.
#[derive(Debug, Clone)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// The server, where there is one.
    pub postgres: Option<Postgres>,
}

impl Place {
    /// Whether the folder has a control state, or a server keeps one for it.
    pub fn exists(&self) -> bool {
        let on_server = self.postgres.is_some() && self.data.join("keys").exists();
        self.data.join(FILE).exists() || self.is_on_server() || on_server
    }

    /// Whether the folder says that its control state is on a server.
    pub fn is_on_server(&self) -> bool {
        self.data.join(MARK).exists()
    }

    /// Refuses a folder whose control state is kept elsewhere than is said now: the other one would be empty.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |path: PathBuf, why| Err(Error::Elsewhere { path, why });
        match &self.postgres {
            None if self.is_on_server() => refuse(
                self.data.join(MARK),
                "the control state of this folder is on PostgreSQL: say where with [control] postgres in the configuration",
            ),
            Some(_) if self.data.join(FILE).exists() => refuse(
                self.data.join(FILE),
                "the control state of this folder is in this file: PostgreSQL begins with a new data folder",
            ),
            _ => Ok(()),
        }
    }

    /// Marks the folder of a control state that is on a server.
    pub(super) fn mark(&self) -> Result<()> {
        let path = self.data.join(MARK);
        match &self.postgres {
            Some(server) if !path.exists() => {
                std::fs::write(&path, format!("{server}\n")).map_err(Error::io("write", &path))
            }
            _ => Ok(()),
        }
    }

    /// The database, in words for errors.
    pub fn database(&self) -> PathBuf {
        match &self.postgres {
            Some(server) => PathBuf::from(format!("the PostgreSQL database {server}")),
            None => self.data.join(FILE),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Place {
    fn from(data: &P) -> Self {
        Self {
            data: data.as_ref().to_path_buf(),
            postgres: None,
        }
    }
}
