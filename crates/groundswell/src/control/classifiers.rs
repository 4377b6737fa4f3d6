//! Classifiers of one's own: their labelled posts, their versions, and which version is in force.

use super::error::{Error, Result};
use super::{Control, clean_name, new_id};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use post::{AuthorKey, PostKey};

/// Labelled rows of one classifier at most.
const MAX_ROWS: usize = 2_000_000;
/// Classifiers of one project at most: each costs every mention its time.
const MAX_CLASSIFIERS: i64 = 50;
/// Versions that are kept.
const KEPT_VERSIONS: i64 = 10;

/// A classifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifierRow {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name, which is its task's.
    pub name: String,
    /// The version in force; `None` while none is used.
    pub active: Option<u32>,
    /// When it was made.
    pub created_at: i64,
}

/// What a label was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Labelled {
    /// A post of the store, whose text stays there.
    Post(PostKey),
    /// A text brought along.
    Text(String),
}

/// A version of a classifier, without its weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassifierVersion {
    /// Its number, from 1.
    pub version: u32,
    /// The card, as JSON.
    pub card: String,
    /// When it was trained.
    pub created_at: i64,
}

impl Control {
    /// A project's classifiers, by name.
    pub fn classifiers(&self, project: &str) -> Result<Vec<ClassifierRow>> {
        self.read(|db| {
            let mut rows =
                db.prepare_cached("SELECT * FROM classifiers WHERE project = ?1 ORDER BY lower(name), name")?;
            let rows = rows.query_map([project], classifier)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One classifier.
    pub fn classifier(&self, id: &str) -> Result<ClassifierRow> {
        self.read(|db| find(db, id))
    }

    /// Makes a classifier without labels.
    pub fn create_classifier(&self, project: &str, name: &str) -> Result<ClassifierRow> {
        let name = clean_name(name)?;
        self.write(|db| {
            let known = |sql: &str, by: &[&str]| {
                let by = sql::params_from_iter(by);
                db.query_row(sql, by, |_| Ok(())).optional()
            };
            known("SELECT 1 FROM projects WHERE id = ?1", &[project])?.ok_or(Error::NotFound("project"))?;
            if known(
                "SELECT 1 FROM classifiers WHERE project = ?1 AND lower(name) = lower(?2)",
                &[project, name],
            )?
            .is_some()
            {
                return Err(Error::NameTaken(name.to_owned()));
            }
            let count: i64 = db.query_row(
                "SELECT count(*) FROM classifiers WHERE project = ?1",
                [project],
                |r| r.get(0),
            )?;
            if count >= MAX_CLASSIFIERS {
                return Err(Error::Invalid("a project has at most 50 classifiers"));
            }
            let id = new_id("c_")?;
            db.execute(
                "INSERT INTO classifiers (id, project, name, created_at) VALUES (?1, ?2, ?3, ?4)",
                params![id, project, name, crate::clock::now()],
            )?;
            find(db, &id)
        })
    }

    /// Deletes a classifier with its labels and versions.
    pub fn delete_classifier(&self, id: &str) -> Result<()> {
        self.write(
            |db| match db.execute("DELETE FROM classifiers WHERE id = ?1", [id])? {
                0 => Err(Error::NotFound("classifier")),
                _ => Ok(()),
            },
        )
    }

    /// Gives labels; a post or text that has one gets the new one, an empty label takes it away.
    pub fn label(&self, id: &str, rows: &[(Labelled, String)]) -> Result<()> {
        self.write(|db| {
            find(db, id)?;
            let mut put = db.prepare(
                "INSERT INTO classifier_labels (classifier, row, post, text, label, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (classifier, row) DO UPDATE SET label = excluded.label, created_at = excluded.created_at",
            )?;
            let mut remove = db.prepare("DELETE FROM classifier_labels WHERE classifier = ?1 AND row = ?2")?;
            let now = crate::clock::now();
            for (what, label) in rows {
                let (row, post, text) = match what {
                    Labelled::Post(key) => (row_of(&key.0), Some(key.0.to_vec()), None),
                    Labelled::Text(text) => (row_of(text.trim().as_bytes()), None, Some(text.trim())),
                };
                match label.trim() {
                    "" => remove.execute(params![id, row])?,
                    label => put.execute(params![id, row, post, text, label, now])?,
                };
            }
            let count: i64 = db.query_row(
                "SELECT count(*) FROM classifier_labels WHERE classifier = ?1",
                [id],
                |r| r.get(0),
            )?;
            match count as usize > MAX_ROWS {
                true => Err(Error::Invalid("a classifier has at most 2,000,000 labelled rows")),
                false => Ok(()),
            }
        })
    }

    /// All labelled rows, in the order they were first labelled.
    pub fn labelled(&self, id: &str) -> Result<Vec<(Labelled, String)>> {
        self.read(|db| {
            find(db, id)?;
            let mut rows = db.prepare_cached(
                "SELECT post, text, label FROM classifier_labels WHERE classifier = ?1 ORDER BY created_at, row",
            )?;
            let rows = rows.query_map([id], |r| {
                let (post, text): (Option<[u8; 16]>, Option<String>) = (r.get(0)?, r.get(1)?);
                let what = match post {
                    Some(key) => Labelled::Post(PostKey(key)),
                    None => Labelled::Text(text.unwrap_or_default()),
                };
                Ok((what, r.get(2)?))
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// How many rows have each label, most first.
    pub fn label_counts(&self, id: &str) -> Result<Vec<(String, u64)>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT label, count(*) FROM classifier_labels WHERE classifier = ?1 GROUP BY label ORDER BY 2 DESC, 1",
            )?;
            let rows = rows.query_map([id], |r| Ok((r.get(0)?, super::from_sql(r.get(1)?))))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// The number the next version will have.
    pub fn next_classifier_version(&self, id: &str) -> Result<u32> {
        self.read(|db| {
            Ok(db.query_row(
                "SELECT coalesce(max(version), 0) + 1 FROM classifier_versions WHERE classifier = ?1",
                [id],
                |r| r.get(0),
            )?)
        })
    }

    /// Keeps a trained version; the oldest beyond ten that are not in force go.
    pub fn add_classifier_version(&self, id: &str, version: u32, artefact: &[u8], card: &str) -> Result<()> {
        self.write(|db| {
            find(db, id)?;
            db.execute(
                "INSERT INTO classifier_versions (classifier, version, artefact, card, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, version, artefact, card, crate::clock::now()],
            )?;
            db.execute(
                "DELETE FROM classifier_versions WHERE classifier = ?1 AND version <= ?2 - ?3
                 AND version IS DISTINCT FROM (SELECT active FROM classifiers WHERE id = ?1)",
                params![id, version, KEPT_VERSIONS],
            )?;
            Ok(())
        })
    }

    /// The versions of a classifier, newest first.
    pub fn classifier_versions(&self, id: &str) -> Result<Vec<ClassifierVersion>> {
        self.read(|db| {
            find(db, id)?;
            let mut rows = db.prepare_cached(
                "SELECT version, card, created_at FROM classifier_versions WHERE classifier = ?1 ORDER BY version DESC",
            )?;
            let rows = rows.query_map([id], |r| {
                Ok(ClassifierVersion {
                    version: r.get(0)?,
                    card: r.get(1)?,
                    created_at: r.get(2)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Puts a version in force, or none.
    pub fn activate_classifier(&self, id: &str, version: Option<u32>) -> Result<()> {
        self.write(|db| {
            find(db, id)?;
            if let Some(version) = version {
                artefact(db, id, version)?;
            }
            db.execute(
                "UPDATE classifiers SET active = ?2 WHERE id = ?1",
                params![id, version],
            )?;
            Ok(())
        })
    }

    /// The weights of a version.
    pub fn classifier_artefact(&self, id: &str, version: u32) -> Result<Vec<u8>> {
        self.read(|db| artefact(db, id, version))
    }

    /// Every classifier with a version in force, of all projects.
    pub fn active_classifiers(&self) -> Result<Vec<(ClassifierRow, Vec<u8>)>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT c.*, v.artefact FROM classifiers c JOIN classifier_versions v
                 ON v.classifier = c.id AND v.version = c.active ORDER BY c.project, lower(c.name), c.name",
            )?;
            let rows = rows.query_map([], |r| Ok((classifier(r)?, r.get("artefact")?)))?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// Takes the labels off a post that is gone.
pub(super) fn forget(db: &Transaction<'_>, post: PostKey) -> Result<()> {
    db.prepare_cached("DELETE FROM classifier_labels WHERE post = ?1")?
        .execute([post.0])?;
    Ok(())
}

/// Takes the labels off an author's posts, while the vault still knows them.
pub(super) fn forget_author(db: &Transaction<'_>, author: AuthorKey) -> Result<()> {
    db.prepare_cached(
        "DELETE FROM classifier_labels WHERE post IN (SELECT post FROM post_links WHERE author = ?1)",
    )?
    .execute([author.0])?;
    Ok(())
}

fn find(db: &Connection, id: &str) -> Result<ClassifierRow> {
    db.query_row("SELECT * FROM classifiers WHERE id = ?1", [id], classifier)
        .optional()?
        .ok_or(Error::NotFound("classifier"))
}

fn artefact(db: &Connection, id: &str, version: u32) -> Result<Vec<u8>> {
    db.query_row(
        "SELECT artefact FROM classifier_versions WHERE classifier = ?1 AND version = ?2",
        params![id, version],
        |r| r.get(0),
    )
    .optional()?
    .ok_or(Error::NotFound("version of the classifier"))
}

fn classifier(row: &Row<'_>) -> sql::Result<ClassifierRow> {
    Ok(ClassifierRow {
        id: row.get("id")?,
        project: row.get("project")?,
        name: row.get("name")?,
        active: row.get("active")?,
        created_at: row.get("created_at")?,
    })
}

/// By what a row is known: a text given twice is one row.
fn row_of(bytes: &[u8]) -> Vec<u8> {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes)[..16].to_vec()
}
