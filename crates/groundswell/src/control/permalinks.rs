//! Questions that were pinned, with their answers as they were, and actions put down on the time axis.

use super::error::{Error, Result};
use super::{Control, clean_name, from_sql, new_id, projects, to_sql};
use crate::control::sql::{self, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A pinned question.
#[derive(Debug, Clone)]
pub struct Permalink {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// When it was made.
    pub created_at: i64,
    /// Who made it.
    pub actor: String,
    /// The question, as JSON.
    pub question: serde_json::Value,
    /// The commit generation that answered it.
    pub generation: u64,
    /// The monitors with their versions, and the models, as JSON.
    pub pins: serde_json::Value,
    /// Mentions under its filter then.
    pub mentions: u64,
    /// The answer then, as JSON.
    pub answer: serde_json::Value,
}

/// A pinned question as it stands in a list: without its answer.
#[derive(Debug, Clone)]
pub struct PinnedRow {
    /// Its id.
    pub id: String,
    /// When it was made.
    pub created_at: i64,
    /// Who made it.
    pub actor: String,
    /// The question, as JSON.
    pub question: serde_json::Value,
    /// Mentions under its filter then.
    pub mentions: u64,
}

/// Something that was done or happened: a campaign, a fix, an outage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Annotation {
    /// Its id.
    #[serde(default)]
    pub id: String,
    /// When, or when it began.
    pub at: i64,
    /// When it ended, where it lasted.
    pub until: Option<i64>,
    /// What.
    pub title: String,
    /// More about it.
    #[serde(default)]
    pub text: String,
    /// `campaign`, `fix`, `outage`, `launch`, `other` or a word of one's own.
    pub kind: String,
    /// When it was put down.
    #[serde(default)]
    pub created_at: i64,
}

impl Control {
    /// Keeps a pinned question and gives its id.
    pub fn put_permalink(&self, link: &Permalink) -> Result<String> {
        let id = new_id("p_")?;
        self.write(|db| {
            projects::find(db, &link.project)?;
            db.execute(
                "INSERT INTO permalinks (id, project, created_at, actor, question, generation, pins, mentions, answer)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    id,
                    link.project,
                    link.created_at,
                    link.actor,
                    link.question.to_string(),
                    to_sql(link.generation),
                    link.pins.to_string(),
                    to_sql(link.mentions),
                    link.answer.to_string()
                ],
            )?;
            Ok(())
        })?;
        Ok(id)
    }

    /// A pinned question of a project.
    pub fn permalink(&self, project: &str, id: &str) -> Result<Permalink> {
        let json = |text: String| serde_json::from_str(&text).unwrap_or_default();
        self.read(|db| {
            let found = db
                .prepare_cached(
                    "SELECT id, project, created_at, actor, question, generation, pins, mentions, answer
                     FROM permalinks WHERE id = ?1 AND project = ?2",
                )?
                .query_row([id, project], |row| {
                    Ok(Permalink {
                        id: row.get(0)?,
                        project: row.get(1)?,
                        created_at: row.get(2)?,
                        actor: row.get(3)?,
                        question: json(row.get(4)?),
                        generation: from_sql(row.get(5)?),
                        pins: json(row.get(6)?),
                        mentions: from_sql(row.get(7)?),
                        answer: json(row.get(8)?),
                    })
                })
                .optional()?;
            found.ok_or(Error::NotFound("permalink"))
        })
    }

    /// The newest pinned questions of a project, at most `most`.
    pub fn permalinks(&self, project: &str, most: usize) -> Result<Vec<PinnedRow>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, created_at, actor, question, mentions FROM permalinks WHERE project = ?1
                 ORDER BY created_at DESC, id DESC LIMIT ?2",
            )?;
            let rows = all.query_map(params![project, most as i64], |row| {
                let question: String = row.get(3)?;
                Ok(PinnedRow {
                    id: row.get(0)?,
                    created_at: row.get(1)?,
                    actor: row.get(2)?,
                    question: serde_json::from_str(&question).unwrap_or_default(),
                    mentions: from_sql(row.get(4)?),
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Marks changed in a project since a time.
    pub fn marks_changed_since(&self, project: &str, at: i64) -> Result<u64> {
        self.read(|db| {
            let sum: i64 = db.query_row(
                "SELECT coalesce(sum(mentions), 0) FROM mark_changes WHERE project = ?1 AND (at > ?2 OR undone_at > ?2)",
                params![project, at],
                |row| row.get(0),
            )?;
            Ok(from_sql(sum))
        })
    }

    /// The annotations of a project that touch a period, oldest first.
    pub fn annotations(&self, project: &str, from: i64, to: i64) -> Result<Vec<Annotation>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, at, until, title, text, kind, created_at FROM annotations
                 WHERE project = ?1 AND at < ?3 AND coalesce(until, at) >= ?2 ORDER BY at, id",
            )?;
            let rows = all.query_map(params![project, from, to], annotation)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One annotation of a project.
    pub fn annotation(&self, project: &str, id: &str) -> Result<Annotation> {
        let all = self.annotations(project, i64::MIN, i64::MAX)?;
        all.into_iter()
            .find(|a| a.id == id)
            .ok_or(Error::NotFound("annotation"))
    }

    /// Puts an annotation down, or changes the one with its id.
    pub fn put_annotation(&self, project: &str, annotation: Annotation) -> Result<Annotation> {
        let mut kept = Annotation {
            title: clean_name(&annotation.title)?.to_owned(),
            kind: clean_name(&annotation.kind)?.to_owned(),
            ..annotation
        };
        if kept.until.is_some_and(|until| until < kept.at) {
            return Err(Error::Invalid("it ends before it begins"));
        }
        self.write(|db| {
            projects::find(db, project)?;
            if kept.id.is_empty() {
                kept.id = new_id("a_")?;
                kept.created_at = crate::clock::now();
            }
            db.execute(
                "INSERT INTO annotations (id, project, at, until, title, text, kind, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (id) DO UPDATE SET at = ?3, until = ?4, title = ?5, text = ?6, kind = ?7",
                params![
                    kept.id,
                    project,
                    kept.at,
                    kept.until,
                    kept.title,
                    kept.text,
                    kept.kind,
                    kept.created_at
                ],
            )?;
            Ok(())
        })?;
        Ok(kept)
    }

    /// Takes an annotation off.
    pub fn delete_annotation(&self, project: &str, id: &str) -> Result<()> {
        self.write(|db| {
            match db.execute(
                "DELETE FROM annotations WHERE id = ?1 AND project = ?2",
                [id, project],
            )? {
                0 => Err(Error::NotFound("annotation")),
                _ => Ok(()),
            }
        })
    }
}

fn annotation(row: &Row<'_>) -> sql::Result<Annotation> {
    Ok(Annotation {
        id: row.get(0)?,
        at: row.get(1)?,
        until: row.get(2)?,
        title: row.get(3)?,
        text: row.get(4)?,
        kind: row.get(5)?,
        created_at: row.get(6)?,
    })
}
