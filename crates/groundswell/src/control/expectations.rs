//! What is expected of a monitor's query. What an expectation says, the lab knows; here it is a text, and the post it was
//! taken from.

use super::audit::{self, Event};
use super::error::{Error, Result};
use super::{Control, from_sql, monitors};
use crate::control::sql::{self, Connection, Transaction, params};
use post::{AuthorKey, PostKey};

/// Versions kept of one monitor's expectations: the newest.
const KEPT_VERSIONS: u32 = 50;

/// An expectation as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectationRow {
    /// The collected post it was taken from.
    pub post: Option<PostKey>,
    /// Who published that.
    pub author: Option<AuthorKey>,
    /// What it says, as JSON.
    pub body: String,
}

/// A version of a monitor's expectations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectationVersion {
    /// Its number, from 1.
    pub version: u32,
    /// How many there are in it now: those of posts that are gone are gone from it.
    pub count: u64,
    /// Who made it.
    pub actor: String,
    /// When.
    pub created_at: i64,
}

impl Control {
    /// The number of the version in force, 0 where nothing was ever expected, and its rows in their order; or those of an
    /// older version.
    pub fn expectations(&self, monitor: &str, version: Option<u32>) -> Result<(u32, Vec<ExpectationRow>)> {
        self.read(|db| {
            monitors::find(db, monitor)?;
            let newest = newest(db, monitor)?;
            let wanted = version.unwrap_or(newest);
            let mut rows = db.prepare_cached(
                "SELECT post, author, body FROM expectations WHERE monitor = ?1 AND version = ?2 ORDER BY place",
            )?;
            let rows = rows.query_map(params![monitor, wanted], |r| {
                let (post, author): (Option<[u8; 16]>, Option<[u8; 16]>) = (r.get(0)?, r.get(1)?);
                Ok(ExpectationRow {
                    post: post.map(PostKey),
                    author: author.map(AuthorKey),
                    body: r.get(2)?,
                })
            })?;
            Ok((wanted, rows.collect::<sql::Result<_>>()?))
        })
    }

    /// The versions of a monitor's expectations, newest first.
    pub fn expectation_versions(&self, monitor: &str) -> Result<Vec<ExpectationVersion>> {
        self.read(|db| {
            monitors::find(db, monitor)?;
            let mut rows = db.prepare_cached(
                "SELECT v.version, v.actor, v.created_at,
                     (SELECT count(*) FROM expectations e WHERE e.monitor = v.monitor AND e.version = v.version)
                 FROM expectation_versions v WHERE v.monitor = ?1 ORDER BY v.version DESC",
            )?;
            let rows = rows.query_map([monitor], |r| {
                Ok(ExpectationVersion {
                    version: r.get(0)?,
                    actor: r.get(1)?,
                    created_at: r.get(2)?,
                    count: from_sql(r.get(3)?),
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Makes the next version of a monitor's expectations, whose newest must be `version`; the oldest beyond fifty go.
    /// Gives back its number.
    pub fn set_expectations(
        &self,
        monitor: &str,
        version: u32,
        rows: &[ExpectationRow],
        by: &Event,
    ) -> Result<u32> {
        self.write(|db| {
            let project = monitors::find(db, monitor)?.project;
            let newest = newest(db, monitor)?;
            if newest != version {
                return Err(Error::OtherVersion(newest));
            }
            let next = version + 1;
            db.execute(
                "INSERT INTO expectation_versions (monitor, version, actor, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![monitor, next, by.actor, crate::clock::now()],
            )?;
            let mut put = db.prepare_cached(
                "INSERT INTO expectations (monitor, version, place, post, author, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?;
            for (place, row) in rows.iter().enumerate() {
                let (post, author) = (row.post.map(|key| key.0), row.author.map(|key| key.0));
                put.execute(params![monitor, next, place as i64, post, author, row.body])?;
            }
            db.execute(
                "DELETE FROM expectation_versions WHERE monitor = ?1 AND version + ?2 <= ?3",
                params![monitor, KEPT_VERSIONS, next],
            )?;
            let details = serde_json::json!({"version": next, "expectations": rows.len()});
            let event = by.clone().on(monitor).within(project).with(details);
            audit::append(db, &self.keys().id, &event)?;
            Ok(next)
        })
    }
}

fn newest(db: &Connection, monitor: &str) -> Result<u32> {
    Ok(db.query_row(
        "SELECT coalesce(max(version), 0) FROM expectation_versions WHERE monitor = ?1",
        [monitor],
        |r| r.get(0),
    )?)
}

/// Takes what was expected of a post that is gone out of every version.
pub(super) fn forget(db: &Transaction<'_>, post: PostKey) -> Result<()> {
    db.prepare_cached("DELETE FROM expectations WHERE post = ?1")?
        .execute([post.0])?;
    Ok(())
}

/// The same of all posts of an author.
pub(super) fn forget_author(db: &Transaction<'_>, author: AuthorKey) -> Result<()> {
    db.prepare_cached("DELETE FROM expectations WHERE author = ?1")?
        .execute([author.0])?;
    Ok(())
}
