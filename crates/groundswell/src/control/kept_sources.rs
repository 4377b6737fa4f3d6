//! Sources made through the API, which sources are paused, and what sources remember.

use super::error::{Error, Result};
use super::seal::Sealer;
use super::{Control, clean_name};
use crate::control::sql::{self, OptionalExtension, Transaction, params};
use std::collections::{BTreeMap, BTreeSet};

const SECRETS: &str = "source secrets";
const MEMORY: &str = "source memory";

/// A source as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptSource {
    /// Its name.
    pub name: String,
    /// Its connector.
    pub connector: String,
    /// Its options without secrets, as TOML.
    pub options: String,
    /// Its secrets by key.
    pub secrets: BTreeMap<String, String>,
}

impl Control {
    /// Sources made through the API, by name.
    pub fn kept_sources(&self) -> Result<Vec<KeptSource>> {
        let wrap = Sealer::new(&self.keys().wrap);
        self.read(|db| {
            let mut all =
                db.prepare_cached("SELECT name, connector, options, secrets FROM sources ORDER BY name")?;
            let rows = all.query_map([], |r| {
                Ok((
                    r.get::<_, String>(0)?,
                    r.get(1)?,
                    r.get(2)?,
                    r.get::<_, Vec<u8>>(3)?,
                ))
            })?;
            rows.map(|row| {
                let (name, connector, options, sealed) = row?;
                let plain = wrap.open(&sealed, SECRETS, name.as_bytes())?;
                Ok(KeptSource {
                    secrets: serde_json::from_slice(&plain).map_err(|_| Error::Sealed)?,
                    name,
                    connector,
                    options,
                })
            })
            .collect()
        })
    }

    /// Keeps a source, in place of one of the same name.
    pub fn keep_source(&self, source: &KeptSource) -> Result<()> {
        let name = clean_name(&source.name)?;
        let plain = serde_json::to_vec(&source.secrets).map_err(|_| Error::Sealed)?;
        let sealed = Sealer::new(&self.keys().wrap).seal(&plain, SECRETS, name.as_bytes())?;
        self.write(|db| {
            db.execute(
                "INSERT INTO sources (name, connector, options, secrets) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET connector = excluded.connector, options = excluded.options, secrets = excluded.secrets",
                params![name, source.connector, source.options, sealed],
            )?;
            Ok(())
        })
    }

    /// Forgets a source: its options, its secrets and what it remembered. Its coverage stays.
    pub fn forget_source(&self, name: &str) -> Result<()> {
        self.write(|db| {
            db.execute("DELETE FROM sources WHERE name = ?1", [name])?;
            db.execute("DELETE FROM source_memory WHERE source = ?1", [name])?;
            db.execute("DELETE FROM paused_sources WHERE name = ?1", [name])?;
            Ok(())
        })
    }

    /// The names of paused sources.
    pub fn paused_sources(&self) -> Result<BTreeSet<String>> {
        self.read(|db| {
            let mut all = db.prepare_cached("SELECT name FROM paused_sources")?;
            let rows = all.query_map([], |r| r.get(0))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Notes that a source is paused, or no longer.
    pub fn pause_source(&self, name: &str, paused: bool) -> Result<()> {
        let sql = if paused {
            "INSERT INTO paused_sources (name) VALUES (?1) ON CONFLICT DO NOTHING"
        } else {
            "DELETE FROM paused_sources WHERE name = ?1"
        };
        self.write(|db| {
            db.execute(sql, [name])?;
            Ok(())
        })
    }

    /// What a source remembers under a key.
    pub fn source_memory(&self, source: &str, key: &str) -> Result<Option<String>> {
        let sealed: Option<Vec<u8>> = self.read(|db| {
            let mut find =
                db.prepare_cached("SELECT sealed FROM source_memory WHERE source = ?1 AND key = ?2")?;
            Ok(find.query_row([source, key], |r| r.get(0)).optional()?)
        })?;
        let Some(sealed) = sealed else { return Ok(None) };
        let plain = Sealer::new(&self.keys().wrap).open(&sealed, MEMORY, &memory_id(source, key))?;
        String::from_utf8(plain).map(Some).map_err(|_| Error::Sealed)
    }

    /// Makes a source remember a value.
    pub fn set_source_memory(&self, source: &str, key: &str, value: &str) -> Result<()> {
        let wrap = Sealer::new(&self.keys().wrap);
        let sealed = wrap.seal(value.as_bytes(), MEMORY, &memory_id(source, key))?;
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO source_memory (source, key, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (source, key) DO UPDATE SET sealed = excluded.sealed",
            )?
            .execute(params![source, key, sealed])?;
            Ok(())
        })
    }
}

/// Seals secrets and memories anew, as part of a rotation; how many there were.
pub(super) fn reseal(db: &Transaction<'_>, old: &Sealer, new: &Sealer) -> Result<u64> {
    let mut resealed = 0;
    let mut all = db.prepare("SELECT name, secrets FROM sources")?;
    let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let secrets: Vec<(String, Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
    for (name, sealed) in secrets {
        let sealed = new.seal(
            &old.open(&sealed, SECRETS, name.as_bytes())?,
            SECRETS,
            name.as_bytes(),
        )?;
        db.execute(
            "UPDATE sources SET secrets = ?2 WHERE name = ?1",
            params![name, sealed],
        )?;
        resealed += 1;
    }
    let mut all = db.prepare("SELECT source, key, sealed FROM source_memory")?;
    let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    let memories: Vec<(String, String, Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
    for (source, key, sealed) in memories {
        let id = memory_id(&source, &key);
        let sealed = new.seal(&old.open(&sealed, MEMORY, &id)?, MEMORY, &id)?;
        db.execute(
            "UPDATE source_memory SET sealed = ?3 WHERE source = ?1 AND key = ?2",
            params![source, key, sealed],
        )?;
        resealed += 1;
    }
    Ok(resealed)
}

fn memory_id(source: &str, key: &str) -> Vec<u8> {
    [source.as_bytes(), b"\0", key.as_bytes()].concat()
}
