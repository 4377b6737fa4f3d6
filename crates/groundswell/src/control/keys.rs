//! The installation's keys: 32 random bytes each, in files of their own that only the owner can read.

use super::error::{Error, Result};
use super::place::sync_folder;
use super::settings;
use super::signing::note_signing_key;
use crate::control::sql::Connection;
use sha2::{Digest, Sha256};
use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The installation's keys. Lost keys make sealed identities and the journal unreadable for good: back them up apart
/// from the data.
#[derive(Clone)]
pub struct Keys {
    /// `K_id`: keys the pseudonyms of authors, posts and handles. It never rotates.
    pub id: [u8; 32],
    /// `K_wrap`: wraps the data keys of the vault and of journal segments.
    pub wrap: [u8; 32],
    /// `K_sign`: the seed of the Ed25519 key that signs receipts (RFC 8032).
    pub sign: [u8; 32],
    /// The `K_wrap` before this one, where journal segments may still be wrapped by it.
    pub(super) old_wrap: Option<[u8; 32]>,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(<secret>)")
    }
}

/// A key and the one it replaced, where that is still needed.
type Generations = ([u8; 32], Option<[u8; 32]>);

impl Keys {
    /// Makes `id.key` and `wrap.key` in `dir` where they are missing, unless `in_use` says that something was already
    /// written under them.
    pub(super) fn prepare(dir: &Path, in_use: bool) -> Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(Error::io("create folder", dir))?;
        for name in ["id", "wrap"] {
            read_or_create(&dir.join(format!("{name}.key")), in_use)?;
        }
        Ok(())
    }

    /// Reads the keys in `dir`, ends a rotation that was cut short, and checks that the database was written under
    /// them, by digests kept in it.
    pub(super) fn open(dir: &Path, connection: &Connection, database: &Path) -> Result<Keys> {
        let db = connection.transaction()?;
        let known = settings::get(&db, &digest_setting("sign"))?;
        read_or_create(&dir.join("sign.key"), known.is_some())?;
        let id = read(&dir.join("id.key"))?;
        let (wrap, old_wrap) = settle(dir, &db, "wrap")?;
        let (sign, old_sign) = settle(dir, &db, "sign")?;
        for (name, key) in [("id", &id), ("wrap", &wrap), ("sign", &sign)] {
            belongs_to(&db, dir, name, key, database)?;
        }
        note_signing_key(&db, &sign)?;
        db.commit()?;
        if old_sign.is_some() {
            finish(dir, "sign")?;
        }
        Ok(Keys {
            id,
            wrap,
            sign,
            old_wrap,
        })
    }

    /// Whether the database was written under keys already.
    pub(super) fn are_known(db: &Connection) -> Result<bool> {
        Ok(Self::installation_of(db)?.is_some())
    }

    /// Refuses a database that was not written under the keys in `dir`; changes nothing.
    pub(super) fn must_fit(dir: &Path, db: &Connection, database: &Path) -> Result<()> {
        for name in ["id", "wrap", "sign"] {
            let (key, _) = generations(dir, db, name)?;
            if settings::get(db, &digest_setting(name))? != Some(digest(name, &key)) {
                return Err(not_its_key(dir, name, database));
            }
        }
        Ok(())
    }

    /// What an installation is told from others by: a digest of its `K_id`, as databases keep it, too.
    pub(super) fn installation(dir: &Path) -> Result<String> {
        Ok(digest("id", &read(&dir.join("id.key"))?))
    }

    /// The installation that a database belongs to; `None` where nothing was written to it yet.
    pub(super) fn installation_of(db: &Connection) -> Result<Option<String>> {
        settings::get(db, &digest_setting("id"))
    }

    /// Reads the keys in `dir` and changes nothing.
    pub(super) fn read(dir: &Path, db: &Connection) -> Result<Keys> {
        let (wrap, old_wrap) = generations(dir, db, "wrap")?;
        Ok(Keys {
            id: read(&dir.join("id.key"))?,
            wrap,
            sign: generations(dir, db, "sign")?.0,
            old_wrap,
        })
    }
}

/// The key in force, and the one it replaced where the replacing was cut short: the database says which of the two it
/// was written under.
fn generations(dir: &Path, db: &Connection, name: &str) -> Result<Generations> {
    let current = read(&dir.join(format!("{name}.key")))?;
    let next = next_path(dir, name);
    if !next.exists() {
        return Ok((current, None));
    }
    let next = read(&next)?;
    let known = settings::get(db, &digest_setting(name))?;
    Ok(match known == Some(digest(name, &next)) {
        true => (next, Some(current)),
        false => (current, None),
    })
}

/// The same, and forgets a new key that never came into force.
fn settle(dir: &Path, db: &Connection, name: &str) -> Result<Generations> {
    let found = generations(dir, db, name)?;
    let next = next_path(dir, name);
    if found.1.is_none() && next.exists() {
        fs::remove_file(&next).map_err(Error::io("remove", &next))?;
    }
    Ok(found)
}

fn next_path(dir: &Path, name: &str) -> PathBuf {
    dir.join(format!("{name}.next"))
}

/// Makes the key that is to replace another one, beside it.
pub(super) fn create_next(dir: &Path, name: &str) -> Result<[u8; 32]> {
    let path = next_path(dir, name);
    create(&path)?;
    read(&path)
}

/// Puts the new key in force in the database: from this transaction on, [`Keys::open`] takes it.
pub(super) fn put_in_force(db: &Connection, name: &str, key: &[u8; 32]) -> Result<()> {
    settings::set(db, &digest_setting(name), &digest(name, key))
}

/// Gives the new key the place of the old one, whose bytes are overwritten.
pub(super) fn finish(dir: &Path, name: &str) -> Result<()> {
    let path = dir.join(format!("{name}.key"));
    let mut old = OpenOptions::new()
        .write(true)
        .open(&path)
        .map_err(Error::io("open", &path))?;
    fs::rename(next_path(dir, name), &path).map_err(Error::io("replace", &path))?;
    sync_folder(dir)?;
    old.write_all(&[0; 32])
        .and_then(|()| old.sync_all())
        .map_err(Error::io("destroy the old", &path))
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
    read(path)
}

fn read(path: &Path) -> Result<[u8; 32]> {
    let refuse = |reason: String| Error::Key {
        path: path.to_path_buf(),
        reason,
    };
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
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
    let mode = metadata.permissions().mode() & 0o777;
    // Kubernetes hands secrets over as files of root that nobody can write, and that the program reads by its group.
    let is_handed_over = metadata.uid() == 0 && mode & !0o440 == 0;
    if mode & 0o077 == 0 || is_handed_over {
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

/// Checks that the database was written under this key; a new database takes note of it.
fn belongs_to(db: &Connection, dir: &Path, name: &str, key: &[u8; 32], database: &Path) -> Result<()> {
    let digest = digest(name, key);
    match settings::get(db, &digest_setting(name))? {
        Some(known) if known != digest => Err(not_its_key(dir, name, database)),
        Some(_) => Ok(()),
        None => settings::set(db, &digest_setting(name), &digest),
    }
}

fn not_its_key(dir: &Path, name: &str, database: &Path) -> Error {
    Error::Key {
        path: dir.join(format!("{name}.key")),
        reason: format!(
            "is not the key of {}: restore the one that belongs to it",
            database.display()
        ),
    }
}

fn digest_setting(name: &str) -> String {
    format!("key_digest.{name}")
}

/// A digest of 32 random bytes says nothing about them.
fn digest(name: &str, key: &[u8; 32]) -> String {
    let hash = Sha256::new()
        .chain_update("groundswell key ")
        .chain_update(name)
        .chain_update(key)
        .finalize();
    super::hex(&hash)
}
