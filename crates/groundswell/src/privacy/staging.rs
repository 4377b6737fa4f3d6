//! The folder in which a backup, or a move of the mentions, gathers files while a server may be writing them.
//!
//! They are links to the files of journal and store, so they keep alive what the server removes. A backup that was
//! killed leaves them; the next purge or backup takes them away.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

const FOLDER: &str = "backup.staging";
const LOCK: &str = "LOCK";

/// The folder, for as long as a backup runs.
pub(crate) struct Staging {
    path: PathBuf,
    _lock: File,
}

impl Staging {
    /// Makes the folder; refuses where another backup or a move runs.
    pub(crate) fn open(data: &Path) -> io::Result<Staging> {
        sweep(data)?;
        let path = data.join(FOLDER);
        if path.exists() {
            return Err(io::Error::other("a backup or a move is running"));
        }
        fs::create_dir(&path)?;
        let lock = File::create(path.join(LOCK))?;
        lock.try_lock()
            .map_err(|_| io::Error::other("a backup or a move is running"))?;
        Ok(Staging { path, _lock: lock })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // What cannot be removed now is removed by the next purge.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Removes what a killed backup left.
pub(crate) fn sweep(data: &Path) -> io::Result<()> {
    let path = data.join(FOLDER);
    match File::open(path.join(LOCK)) {
        Ok(lock) if lock.try_lock().is_err() => Ok(()),
        _ if path.exists() => fs::remove_dir_all(&path),
        _ => Ok(()),
    }
}
