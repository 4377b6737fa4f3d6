//! Samples of a project's posts, drawn at random to be labelled by hand.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, from_sql, new_id, projects, to_sql};
use crate::control::sql::{self, Row, params};
use post::Millis;
use store::Label;

/// A sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditSample {
    /// Its id.
    pub id: String,
    /// The posts' time of publishing, from.
    pub from: Millis,
    /// And until, exclusive.
    pub to: Millis,
    /// When it was drawn.
    pub drawn_at: Millis,
    /// By whom; `server` where it was time.
    pub drawn_by: String,
    /// Posts that it was drawn from.
    pub population: u64,
    /// Posts drawn and still there.
    pub posts: u64,
    /// Of these, labelled.
    pub labelled: u64,
    /// Of these, skipped.
    pub skipped: u64,
}

/// A post as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct NewAuditPost {
    /// The mention, by [`store::mention_number`].
    pub number: u64,
    /// Its language.
    pub lang: String,
    /// Its platform.
    pub platform: String,
    /// Whether its score is toward the monitor's subject.
    pub is_toward: bool,
    /// Thousandths of negative, neutral, positive, as the model had them when the post was drawn.
    pub probabilities: [u64; 3],
    /// How many posts it stands for: those of its stratum, divided by those drawn of it.
    pub weight: f64,
}

/// A post of a sample.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditPost {
    /// What was drawn.
    pub drawn: NewAuditPost,
    /// What it is labelled.
    pub label: Option<Label>,
    /// Whether it was skipped: it cannot be told, or is not about the subject.
    pub skipped: bool,
}

impl Control {
    /// A project's samples, newest first.
    pub fn audit_samples(&self, project: &str) -> Result<Vec<AuditSample>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT s.id, from_time, until_time, drawn_at, drawn_by, population, count(p.number), count(p.label),
                 ifnull(sum(p.skipped), 0) FROM audit_samples s LEFT JOIN audit_posts p ON p.sample = s.id
                 WHERE project = ?1 GROUP BY s.id ORDER BY until_time DESC, drawn_at DESC, s.id",
            )?;
            let rows = all.query_map([project], sample)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One sample of a project.
    pub fn audit_sample(&self, project: &str, id: &str) -> Result<AuditSample> {
        let found = self.audit_samples(project)?.into_iter().find(|s| s.id == id);
        found.ok_or(Error::NotFound("sample"))
    }

    /// Keeps a sample that was drawn.
    pub fn keep_audit_sample(
        &self,
        project: &str,
        (from, to): (Millis, Millis),
        population: u64,
        posts: &[NewAuditPost],
        by: &Event,
    ) -> Result<String> {
        let id = new_id("s_")?;
        self.write(|db| {
            projects::find(db, project)?;
            db.execute(
                "INSERT INTO audit_samples (id, project, from_time, until_time, drawn_at, drawn_by, population)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![id, project, from, to, crate::clock::now(), by.actor, to_sql(population)],
            )?;
            let mut put = db.prepare_cached(
                "INSERT INTO audit_posts (sample, number, place, lang, platform, toward, negative, neutral, positive, weight)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?;
            for (place, post) in posts.iter().enumerate() {
                let [negative, neutral, positive] = post.probabilities.map(to_sql);
                put.execute(params![
                    id,
                    post.number as i64,
                    place as i64,
                    post.lang,
                    post.platform,
                    post.is_toward,
                    negative,
                    neutral,
                    positive,
                    post.weight
                ])?;
            }
            let event = Event {
                action: Action::AuditDrawn,
                ..by.clone()
            };
            let details = serde_json::json!({"sample": id, "posts": posts.len(), "population": population});
            audit::append(db, &self.keys().id, &event.within(project).with(details))
        })?;
        Ok(id)
    }

    /// The posts of a sample, in the order they are to be labelled in.
    pub fn audit_posts(&self, sample: &str) -> Result<Vec<AuditPost>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{POSTS} WHERE sample = ?1 ORDER BY place"))?;
            let rows = all.query_map([sample], post)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Every labelled post of a project's samples.
    pub fn audit_labels(&self, project: &str) -> Result<Vec<AuditPost>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{POSTS} WHERE label IS NOT NULL AND sample IN (SELECT id FROM audit_samples WHERE project = ?1)
                 ORDER BY sample, place"
            ))?;
            let rows = all.query_map([project], post)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// What changes whenever a label of a project's samples, a correction or a vendor's label does.
    pub fn label_stamp(&self, project: &str) -> Result<[i64; 4]> {
        self.read(|db| {
            let mut ask = db.prepare_cached(
                "SELECT (SELECT count(*) FROM audit_posts WHERE label IS NOT NULL AND sample IN
                            (SELECT id FROM audit_samples WHERE project = ?1)),
                        (SELECT ifnull(max(labelled_at), 0) FROM audit_posts WHERE sample IN
                            (SELECT id FROM audit_samples WHERE project = ?1)),
                        (SELECT count(*) + count(undone_at) FROM mark_changes WHERE project = ?1 AND change LIKE '%sentiment%'),
                        (SELECT count(*) FROM vendor_labels WHERE project = ?1 AND sentiment IS NOT NULL)",
            )?;
            Ok(ask.query_row([project], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?)
        })
    }

    /// Labels posts of a sample, by number; with `None` a post is skipped. Gives the numbers that are not in it.
    pub fn label_audit_posts(
        &self,
        project: &str,
        sample: &str,
        labels: &[(u64, Option<Label>)],
        by: &Event,
    ) -> Result<Vec<u64>> {
        self.audit_sample(project, sample)?;
        self.write(|db| {
            let mut missing = Vec::new();
            let mut put = db.prepare_cached(
                "UPDATE audit_posts SET label = ?3, skipped = ?4, actor = ?5, labelled_at = ?6
                 WHERE sample = ?1 AND number = ?2",
            )?;
            for (number, label) in labels {
                let done = put.execute(params![
                    sample,
                    *number as i64,
                    label.map(Label::name),
                    label.is_none(),
                    by.actor,
                    crate::clock::now()
                ])?;
                if done == 0 {
                    missing.push(*number);
                }
            }
            let event = Event {
                action: Action::AuditLabelled,
                ..by.clone()
            };
            let details = serde_json::json!({"sample": sample, "posts": labels.len() - missing.len()});
            audit::append(db, &self.keys().id, &event.within(project).with(details))?;
            Ok(missing)
        })
    }
}

const POSTS: &str = "SELECT number, lang, platform, toward, negative, neutral, positive, weight, label, skipped FROM audit_posts";

fn post(row: &Row<'_>) -> sql::Result<AuditPost> {
    let label: Option<String> = row.get(8)?;
    Ok(AuditPost {
        drawn: NewAuditPost {
            number: row.get::<_, i64>(0)? as u64,
            lang: row.get(1)?,
            platform: row.get(2)?,
            is_toward: row.get(3)?,
            probabilities: [
                from_sql(row.get(4)?),
                from_sql(row.get(5)?),
                from_sql(row.get(6)?),
            ],
            weight: row.get(7)?,
        },
        label: label.as_deref().and_then(Label::from_name),
        skipped: row.get(9)?,
    })
}

fn sample(row: &Row<'_>) -> sql::Result<AuditSample> {
    Ok(AuditSample {
        id: row.get(0)?,
        from: row.get(1)?,
        to: row.get(2)?,
        drawn_at: row.get(3)?,
        drawn_by: row.get(4)?,
        population: from_sql(row.get(5)?),
        posts: from_sql(row.get(6)?),
        labelled: from_sql(row.get(7)?),
        skipped: from_sql(row.get(8)?),
    })
}
