//! The installation's keys: 32 random bytes each, in files of their own that only the owner can read.

use super::error::{Error, Result};
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

/// The installation's keys. Lost keys make sealed identities and the journal unreadable for good: back them up apart
/// from the data.
#[derive(Clone)]
pub struct Keys {
    /// `K_id`: keys the pseudonyms of authors, posts and handles. It never rotates.
    pub id: [u8; 32],
    /// `K_wrap`: wraps the data keys of the vault and of journal segments.
    pub wrap: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(<secret>)")
    }
}

impl Keys {
    /// Reads `id.key` and `wrap.key` in `dir`. Makes those that are missing, unless `in_use` says that something was
    /// already written under them.
    pub(super) fn open(dir: &Path, in_use: bool) -> Result<Keys> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(Error::io("create folder", dir))?;
        Ok(Keys {
            id: read_or_create(&dir.join("id.key"), in_use)?,
            wrap: read_or_create(&dir.join("wrap.key"), in_use)?,
        })
    }
}

fn read_or_create(path: &Path, in_use: bool) -> Result<[u8; 32]> {
    let refuse = |reason: String| Error::Key {
        path: path.to_path_buf(),
        reason,
    };
    if !path.exists() {
        if in_use {
            return Err(refuse(
                "missing, but this data folder was written under it: restore it from a backup".into(),
            ));
        }
        create(path)?;
    }
    check_mode(path)?;
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    let length = bytes.len();
    bytes.try_into().map_err(|_| {
        refuse(format!(
            "has {length} bytes instead of 32: restore it from a backup"
        ))
    })
}

/// The key appears under its name whole and durable, or not at all.
fn create(path: &Path) -> Result<()> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key).map_err(Error::Random)?;
    let unfinished = path.with_extension("tmp");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options
        .open(&unfinished)
        .map_err(Error::io("create", &unfinished))?;
    file.write_all(&key)
        .and_then(|()| file.sync_all())
        .map_err(Error::io("write", &unfinished))?;
    fs::rename(&unfinished, path).map_err(Error::io("write", path))?;
    #[cfg(unix)]
    if let Some(dir) = path.parent() {
        fs::File::open(dir)
            .and_then(|d| d.sync_all())
            .map_err(Error::io("sync folder", dir))?;
    }
    Ok(())
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path)
        .map_err(Error::io("read", path))?
        .permissions()
        .mode()
        & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let reason = format!("other users of this machine can use it (mode {mode:o}): run chmod 600 on it");
    Err(Error::Key {
        path: path.to_path_buf(),
        reason,
    })
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<()> {
    Ok(())
}

/// Checks that the database was written under these keys, by digests kept in it.
pub(super) fn belong_to(connection: &mut Connection, keys: &Keys, database: &Path) -> Result<()> {
    let transaction = connection.transaction()?;
    for (name, key) in [("id", &keys.id), ("wrap", &keys.wrap)] {
        let setting = format!("key_digest.{name}");
        let digest = digest(name, key);
        let known: Option<String> = transaction
            .query_row("SELECT value FROM settings WHERE key = ?1", [&setting], |row| {
                row.get(0)
            })
            .optional()?;
        match known {
            Some(known) if known != digest => {
                let path = database.with_file_name("keys").join(format!("{name}.key"));
                let reason = format!(
                    "is not the key of {}: restore the one that belongs to it",
                    database.display()
                );
                return Err(Error::Key { path, reason });
            }
            Some(_) => {}
            None => {
                transaction.execute(
                    "INSERT INTO settings (key, value) VALUES (?1, ?2)",
                    [&setting, &digest],
                )?;
            }
        }
    }
    transaction.commit()?;
    Ok(())
}

/// A digest of 32 random bytes says nothing about them.
fn digest(name: &str, key: &[u8; 32]) -> String {
    let hash = Sha256::new()
        .chain_update("groundswell key ")
        .chain_update(name)
        .chain_update(key)
        .finalize();
    hash.iter().map(|b| format!("{b:02x}")).collect()
}
