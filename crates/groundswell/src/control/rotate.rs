//! Replacing keys. `K_id` is never replaced: every pseudonym hangs on it.
//!
//! The new key first lies beside the old one. One transaction seals everything of the database anew and says which of
//! the two is in force; only then does the new key take the old one's place. Cut short anywhere, the next opening finds
//! both keys and knows which one it needs.

use super::audit::{self, Event};
use super::error::{Error, Result};
use super::seal::Sealer;
use super::signing::note_signing_key;
use super::vault::{AUTHOR_KEY, POST_KEY};
use super::{Control, desks, destinations, kept_sources, keys};
use crate::control::sql::{self, Transaction, params};
use std::path::Path;

impl Control {
    /// Wraps every data key of the vault by a new `K_wrap` and gives how many there were; seals what sources keep anew,
    /// too. Closes the control state:
    /// opened again, it has the new key, and [`Control::old_wrap`] until the journal's keys are wrapped anew, too. No
    /// server may run.
    pub fn rotate_wrap(self, dir: &Path, by: &Event) -> Result<u64> {
        if self.keys.old_wrap.is_some() {
            return Err(Error::Invalid(
                "an earlier rotation is not finished: start the server once",
            ));
        }
        let next = keys::create_next(&dir.join("keys"), "wrap")?;
        let (old, new) = (Sealer::new(&self.keys.wrap), Sealer::new(&next));
        let wrapped = self.write(|db| {
            let authors = rewrap(db, &old, &new, AUTHOR_KEY, "identities", "author")?;
            let posts = rewrap(db, &old, &new, POST_KEY, "post_links", "post")?;
            let sources = kept_sources::reseal(db, &old, &new)?
                + desks::reseal(db, &old, &new)?
                + destinations::reseal(db, &old, &new)?;
            keys::put_in_force(db, "wrap", &next)?;
            let details =
                serde_json::json!({"key": "wrap", "data_keys": authors + posts, "source_secrets": sources});
            audit::append(db, &self.keys.id, &by.clone().with(details))?;
            Ok(authors + posts)
        })?;
        self.truncate_log()?;
        Ok(wrapped)
    }

    /// The `K_wrap` before this one, while journal segments may still be wrapped by it.
    pub fn old_wrap(&self) -> Option<[u8; 32]> {
        self.keys.old_wrap
    }

    /// Gives the new `K_wrap` the old one's place, once nothing needs that any more.
    pub fn finish_rotation(&self, dir: &Path) -> Result<()> {
        keys::finish(&dir.join("keys"), "wrap")
    }

    /// Signs receipts with a new key from now on; the old public key stays known. Closes the control state.
    pub fn rotate_sign(self, dir: &Path, by: &Event) -> Result<()> {
        let folder = dir.join("keys");
        let next = keys::create_next(&folder, "sign")?;
        self.write(|db| {
            note_signing_key(db, &next)?;
            keys::put_in_force(db, "sign", &next)?;
            let details = serde_json::json!({"key": "sign"});
            audit::append(db, &self.keys.id, &by.clone().with(details))
        })?;
        keys::finish(&folder, "sign")
    }

    /// Writes a whole and consistent copy of the database, without what was deleted, to a new file.
    pub fn copy_to(&self, path: &Path) -> Result<()> {
        let path = path
            .to_str()
            .ok_or(Error::Invalid("the path of the copy is no text"))?;
        let db = self.connection();
        if db.sqlite().is_none() {
            return Err(Error::Invalid(
                "the control state is on PostgreSQL: back the database up there, with pg_dump",
            ));
        }
        // Not within a transaction.
        db.execute("VACUUM INTO ?1", [path])?;
        Ok(())
    }

    /// Overwrites what the database's log still holds. Waits for readers of other processes a little. A server's own log
    /// is out of reach: there it is the destroyed data key that makes what was sealed unreadable.
    pub(crate) fn truncate_log(&self) -> Result<bool> {
        if self.connection().sqlite().is_none() {
            return Ok(true);
        }
        for _ in 0..50 {
            // Not within a transaction.
            let db = self.connection();
            let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            drop(db);
            if busy == 0 {
                return Ok(true);
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        Ok(false)
    }
}

fn rewrap(
    db: &Transaction<'_>,
    old: &Sealer,
    new: &Sealer,
    kind: &str,
    table: &str,
    column: &str,
) -> Result<u64> {
    let mut all = db.prepare(&format!(
        "SELECT {column}, wrapped_key FROM {table} WHERE wrapped_key IS NOT NULL AND {column} > ?1 ORDER BY {column} LIMIT 1000"
    ))?;
    let mut put = db.prepare(&format!(
        "UPDATE {table} SET wrapped_key = ?2 WHERE {column} = ?1"
    ))?;
    let (mut wrapped, mut last) = (0, Vec::new());
    loop {
        let rows = all.query_map([&last], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let page: Vec<(Vec<u8>, Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
        let Some((newest, _)) = page.last() else {
            return Ok(wrapped);
        };
        last = newest.clone();
        for (id, key) in page {
            let key = new.seal(&old.open(&key, kind, &id)?, kind, &id)?;
            put.execute(params![id, key])?;
            wrapped += 1;
        }
    }
}
