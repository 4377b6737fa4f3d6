//! Where the control state is kept.

use super::error::{Error, Result};
use super::{FILE, Postgres};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Marks a data folder whose control state is on a server.
const MARK: &str = "control.postgres";
/// The file of a control state that was moved to a server.
const LEFT: &str = "control.db.moved";
/// The file that a move from a server fills.
const UNFINISHED: &str = "control.db.unfinished";

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

    /// The file that was left when the control state was moved to a server, where it is still there.
    pub fn left(&self) -> Option<PathBuf> {
        Some(self.left_path()).filter(|path| path.exists())
    }

    pub(super) fn left_path(&self) -> PathBuf {
        self.data.join(LEFT)
    }

    /// The file that a move from a server fills.
    pub(super) fn unfinished_path(&self) -> PathBuf {
        self.data.join(UNFINISHED)
    }

    /// Refuses a folder whose control state is kept elsewhere than is said now: the other one would be empty.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |path: PathBuf, why| Err(Error::Elsewhere { path, why });
        let (mark, file) = (self.data.join(MARK), self.data.join(FILE));
        match (&self.postgres, mark.exists(), file.exists()) {
            (_, true, true) => refuse(
                mark,
                "the control state is being moved between this folder and PostgreSQL: run `groundswell migrate --finish` once more, \
                 which ends that (docs/guides/moving.md)",
            ),
            (None, true, false) => refuse(
                mark,
                "the control state of this folder is on PostgreSQL: say where with [control] postgres in the configuration, or move \
                 it back with `groundswell migrate --to sqlite` (docs/guides/moving.md)",
            ),
            (None, false, false) if self.left().is_some() => refuse(
                self.left_path(),
                "the control state of this folder was moved to PostgreSQL: say where with [control] postgres in the configuration, or \
                 name this file control.db to go back to what it held then",
            ),
            (Some(_), false, true) => refuse(
                file,
                "the control state of this folder is in this file: `groundswell migrate --to postgres` moves it \
                 (docs/guides/moving.md), or PostgreSQL begins with a new data folder",
            ),
            _ => Ok(()),
        }
    }

    /// Marks the folder of a control state that is on a server.
    pub(super) fn mark(&self) -> Result<()> {
        let path = self.data.join(MARK);
        match &self.postgres {
            Some(server) if !path.exists() => {
                let written = File::create(&path)
                    .and_then(|mut file| writeln!(file, "{server}").and_then(|()| file.sync_all()));
                written.map_err(Error::io("write", &path))?;
                sync_folder(&self.data)
            }
            _ => Ok(()),
        }
    }

    /// Takes the mark away.
    pub(super) fn unmark(&self) -> Result<()> {
        let path = self.data.join(MARK);
        if path.exists() {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        }
        sync_folder(&self.data)
    }

    /// The database, in words for errors.
    pub fn database(&self) -> PathBuf {
        match &self.postgres {
            Some(server) => PathBuf::from(format!("the PostgreSQL database {server}")),
            None => self.data.join(FILE),
        }
    }
}

/// Makes names in a folder last.
pub(super) fn sync_folder(dir: &Path) -> Result<()> {
    if cfg!(unix) {
        File::open(dir)
            .and_then(|d| d.sync_all())
            .map_err(Error::io("sync folder", dir))?;
    }
    Ok(())
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Place {
    fn from(data: &P) -> Self {
        Self {
            data: data.as_ref().to_path_buf(),
            postgres: None,
        }
    }
}
