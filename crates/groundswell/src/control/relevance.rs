//! Relevance of monitors' mentions: what people judged, the models that learned from it, and which of them is in force.

use super::error::{Error, Result};
use super::{Control, monitors};
use crate::control::sql::{self, Connection, OptionalExtension, Transaction, params};
use post::{AuthorKey, Millis, PostKey};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Judgments of one monitor at most.
const MOST: i64 = 100_000;
/// Versions that are kept.
const KEPT_VERSIONS: u32 = 5;
/// The precision that is wanted where nobody says.
const WANTED: f64 = 0.9;

/// How a mention came to be judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// It stands for many others: asked before anything was known.
    Seed,
    /// The model was unsure of it, and of many like it.
    Unsure,
    /// Drawn at random: from these alone precision is told without bias.
    Random,
    /// Somebody came upon it.
    Found,
}

impl Chosen {
    fn name(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Unsure => "unsure",
            Self::Random => "random",
            Self::Found => "found",
        }
    }

    fn from_name(name: &str) -> Self {
        let all = [Self::Seed, Self::Unsure, Self::Random];
        all.into_iter().find(|c| c.name() == name).unwrap_or(Self::Found)
    }
}

/// A mention that was judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgment {
    /// The mention, by [`store::mention_number`].
    pub number: u64,
    /// Its post.
    pub post: PostKey,
    /// Whether the monitor means it.
    pub relevant: bool,
    /// How it came to be judged.
    pub how: Chosen,
    /// Who judged it, as in the audit log.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// What a monitor does about relevance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelevanceRow {
    /// The version in force.
    pub active: Option<u32>,
    /// The precision that is wanted of what is called relevant, 0 to 1.
    pub wanted: f64,
    /// Whether what is not relevant is left out where nobody asks for it.
    pub hide: bool,
}

impl Default for RelevanceRow {
    fn default() -> Self {
        Self {
            active: None,
            wanted: WANTED,
            hide: false,
        }
    }
}

/// A version of a monitor's model, without its weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelevanceVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The card, as JSON.
    pub card: String,
    /// When it was trained.
    pub created_at: Millis,
}

impl Control {
    /// What a monitor does about relevance.
    pub fn relevance(&self, monitor: &str) -> Result<RelevanceRow> {
        self.read(|db| {
            monitors::find(db, monitor)?;
            row(db, monitor)
        })
    }

    /// Sets what precision is wanted, and whether the rest is left out.
    pub fn set_relevance(&self, monitor: &str, wanted: f64, hide: bool) -> Result<()> {
        if !(0.5..=0.99).contains(&wanted) {
            return Err(Error::Invalid("the wanted precision is 0.5 to 0.99"));
        }
        self.write(|db| {
            monitors::find(db, monitor)?;
            let now = row(db, monitor)?;
            put(db, monitor, RelevanceRow { wanted, hide, ..now })
        })
    }

    /// Puts a version in force, or none.
    pub fn activate_relevance(&self, monitor: &str, version: Option<u32>) -> Result<()> {
        self.write(|db| {
            monitors::find(db, monitor)?;
            if let Some(version) = version {
                artefact(db, monitor, version)?;
            }
            let now = row(db, monitor)?;
            put(
                db,
                monitor,
                RelevanceRow {
                    active: version,
                    ..now
                },
            )
        })
    }

    /// Keeps judgments; one of a mention that was judged before takes the place of that one, `None` takes it away.
    pub fn judge(&self, monitor: &str, judgments: &[(Judgment, Option<bool>)]) -> Result<()> {
        self.write(|db| {
            monitors::find(db, monitor)?;
            let mut put = db.prepare_cached(
                "INSERT INTO relevance_judgments (monitor, number, post, relevant, how, judged_by, judged_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (monitor, number) DO UPDATE SET post = excluded.post, relevant = excluded.relevant, how = excluded.how, judged_by = excluded.judged_by, judged_at = excluded.judged_at",
            )?;
            let mut remove =
                db.prepare_cached("DELETE FROM relevance_judgments WHERE monitor = ?1 AND number = ?2")?;
            for (one, relevant) in judgments {
                let number = one.number as i64;
                match relevant {
                    None => remove.execute(params![monitor, number])?,
                    Some(is) => {
                        put.execute(params![monitor, number, one.post.0, is, one.how.name(), one.by, one.at])?
                    }
                };
            }
            let count = "SELECT count(*) FROM relevance_judgments WHERE monitor = ?1";
            match db.query_row(count, [monitor], |r| r.get::<_, i64>(0))? > MOST {
                true => Err(Error::Invalid("a monitor has at most 100,000 judgments")),
                false => Ok(()),
            }
        })
    }

    /// A monitor's judgments, the oldest first.
    pub fn judgments(&self, monitor: &str) -> Result<Vec<Judgment>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT number, post, relevant, how, judged_by, judged_at FROM relevance_judgments WHERE monitor = ?1
                 ORDER BY judged_at, number",
            )?;
            let rows = all.query_map([monitor], |r| {
                Ok(Judgment {
                    number: r.get::<_, i64>(0)? as u64,
                    post: PostKey(r.get(1)?),
                    relevant: r.get(2)?,
                    how: Chosen::from_name(&r.get::<_, String>(3)?),
                    by: r.get(4)?,
                    at: r.get(5)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The number the next version will have.
    pub fn next_relevance_version(&self, monitor: &str) -> Result<u32> {
        let sql = "SELECT coalesce(max(version), 0) + 1 FROM relevance_versions WHERE monitor = ?1";
        self.read(|db| Ok(db.query_row(sql, [monitor], |r| r.get(0))?))
    }

    /// Keeps a trained version and puts it in force; the oldest go.
    pub fn add_relevance_version(
        &self,
        monitor: &str,
        version: u32,
        artefact: &[u8],
        card: &str,
    ) -> Result<()> {
        self.write(|db| {
            monitors::find(db, monitor)?;
            db.execute(
                "INSERT INTO relevance_versions (monitor, version, artefact, card, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![monitor, version, artefact, card, crate::clock::now()],
            )?;
            db.execute(
                "DELETE FROM relevance_versions WHERE monitor = ?1 AND version <= ?2",
                params![monitor, version.saturating_sub(KEPT_VERSIONS)],
            )?;
            let now = row(db, monitor)?;
            let active = Some(version);
            put(db, monitor, RelevanceRow { active, ..now })
        })
    }

    /// The versions of a monitor's model, newest first.
    pub fn relevance_versions(&self, monitor: &str) -> Result<Vec<RelevanceVersion>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT version, card, created_at FROM relevance_versions WHERE monitor = ?1 ORDER BY version DESC",
            )?;
            let rows = all.query_map([monitor], |r| {
                Ok(RelevanceVersion {
                    version: r.get(0)?,
                    card: r.get(1)?,
                    created_at: r.get(2)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The weights of a version.
    pub fn relevance_artefact(&self, monitor: &str, version: u32) -> Result<Vec<u8>> {
        self.read(|db| artefact(db, monitor, version))
    }

    /// Every monitor that has a version in force, with its project and what it does.
    pub fn active_relevance(&self) -> Result<Vec<(String, String, RelevanceRow)>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT r.monitor, m.project, r.active, r.wanted, r.hide FROM relevance r
                 JOIN monitors m ON m.id = r.monitor WHERE r.active IS NOT NULL ORDER BY r.monitor",
            )?;
            let rows = all.query_map([], |r| {
                let row = RelevanceRow {
                    active: r.get(2)?,
                    wanted: r.get(3)?,
                    hide: r.get(4)?,
                };
                Ok((r.get(0)?, r.get(1)?, row))
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// Takes the judgments of a post that is gone.
pub(super) fn forget(db: &Transaction<'_>, post: PostKey) -> Result<()> {
    db.prepare_cached("DELETE FROM relevance_judgments WHERE post = ?1")?
        .execute([post.0])?;
    Ok(())
}

/// Takes the judgments of an author's posts, while the vault still knows them.
pub(super) fn forget_author(db: &Transaction<'_>, author: AuthorKey) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM relevance_judgments WHERE post IN (SELECT post FROM post_links WHERE author = ?1)",
    )?
    .execute([author.0])?;
    Ok(())
}

fn row(db: &Connection, monitor: &str) -> Result<RelevanceRow> {
    let mut find = db.prepare_cached("SELECT active, wanted, hide FROM relevance WHERE monitor = ?1")?;
    let found = find.query_row([monitor], |r| {
        Ok(RelevanceRow {
            active: r.get(0)?,
            wanted: r.get(1)?,
            hide: r.get(2)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

fn put(db: &Connection, monitor: &str, row: RelevanceRow) -> Result<()> {
    db.execute(
        "INSERT INTO relevance (monitor, active, wanted, hide) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (monitor) DO UPDATE SET active = excluded.active, wanted = excluded.wanted, hide = excluded.hide",
        params![monitor, row.active, row.wanted, row.hide],
    )?;
    Ok(())
}

fn artefact(db: &Connection, monitor: &str, version: u32) -> Result<Vec<u8>> {
    db.query_row(
        "SELECT artefact FROM relevance_versions WHERE monitor = ?1 AND version = ?2",
        params![monitor, version],
        |r| r.get(0),
    )
    .optional()?
    .ok_or(Error::NotFound("version of the relevance model"))
}
