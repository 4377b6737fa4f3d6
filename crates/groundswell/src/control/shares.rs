//! Share links: figures of one project under one filter, for whoever has the link, for a while.

use super::audit::{self, Event};
use super::error::{Error, Result};
use super::tokens::{self, Kind};
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often, at most, a link's last use is written down.
const TOUCH_EVERY: i64 = 60_000;

/// What a share link shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ShareLevel {
    /// Figures, series and breakdowns, with small cells guarded.
    Aggregate,
    /// Besides, single mentions: when, where, how they are scored; no text, no author, no key.
    Mentions,
}

impl ShareLevel {
    fn name(self) -> &'static str {
        match self {
            ShareLevel::Aggregate => "aggregate",
            ShareLevel::Mentions => "mentions",
        }
    }
}

/// A share link, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// The project.
    pub project: String,
    /// What it shows.
    pub level: ShareLevel,
    /// The filter, as JSON of the API's own form.
    pub filter: String,
    /// The dashboard it shows, and nothing else, where it shows one.
    pub dashboard: Option<String>,
    /// Who made it.
    pub actor: String,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// A share link to make.
#[derive(Debug, Clone)]
pub struct NewShare<'s> {
    /// What it is for.
    pub name: &'s str,
    /// The project.
    pub project: &'s str,
    /// What it shows.
    pub level: ShareLevel,
    /// The filter, as JSON of the API's own form.
    pub filter: &'s str,
    /// The dashboard it shows, and nothing else, where it shows one.
    pub dashboard: Option<&'s str>,
    /// When it ends.
    pub expires_at: i64,
}

impl Control {
    /// Makes a share link and gives it with its secret, which is not kept.
    pub fn create_share(&self, new: &NewShare<'_>, by: &Event) -> Result<(Share, String)> {
        let now = crate::clock::now();
        if new.expires_at <= now {
            return Err(Error::Invalid("a share link ends in the future"));
        }
        let token = tokens::new(Kind::Share)?;
        let share = Share {
            id: new_id("v_")?,
            name: clean_name(new.name)?.to_owned(),
            project: new.project.to_owned(),
            level: new.level,
            filter: new.filter.to_owned(),
            dashboard: new.dashboard.map(str::to_owned),
            actor: by.actor.clone(),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        self.write(|db| {
            projects::find(db, new.project)?;
            db.execute(
                "INSERT INTO shares (id, hash, name, project, level, filter, actor, created_at, expires_at, dashboard)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    share.id,
                    tokens::hash(&token),
                    share.name,
                    share.project,
                    share.level.name(),
                    share.filter,
                    share.actor,
                    now,
                    share.expires_at,
                    share.dashboard
                ],
            )?;
            let details = serde_json::json!({"share": share.id, "level": share.level, "until": share.expires_at,
                "dashboard": share.dashboard});
            audit::append(
                db,
                &self.keys().id,
                &by.clone().within(&share.project).with(details),
            )
        })?;
        Ok((share, token))
    }

    /// The share links of a project that have not ended, newest first.
    pub fn shares(&self, project: &str) -> Result<Vec<Share>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{COLUMNS} WHERE project = ?1 AND expires_at > ?2 ORDER BY created_at DESC, id"
            ))?;
            let rows = all.query_map(params![project, crate::clock::now()], share)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// One share link, by its id.
    pub fn share(&self, id: &str) -> Result<Share> {
        self.read(|db| {
            let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
            find.query_row([id], share)
                .optional()?
                .ok_or(Error::NotFound("share link"))
        })
    }

    /// Withdraws a share link: it shows nothing from now on.
    pub fn revoke_share(&self, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            let project: Option<String> = db
                .query_row("DELETE FROM shares WHERE id = ?1 RETURNING project", [id], |r| {
                    r.get(0)
                })
                .optional()?;
            let project = project.ok_or(Error::NotFound("share link"))?;
            let details = serde_json::json!({"share": id});
            audit::append(db, &self.keys().id, &by.clone().within(project).with(details))
        })
    }

    /// The share link with this secret, unless it has ended. Its use is noted.
    pub fn shared(&self, token: &str) -> Result<Share> {
        let missing = Error::NotFound("share link, or it has ended");
        if !Kind::Share.is(token) {
            return Err(missing);
        }
        let now = crate::clock::now();
        let found = self.read(|db| {
            let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE hash = ?1 AND expires_at > ?2"))?;
            Ok(find
                .query_row(params![tokens::hash(token), now], share)
                .optional()?)
        })?;
        let found = found.ok_or(missing)?;
        if found.last_used_at.is_none_or(|at| now - at >= TOUCH_EVERY) {
            self.write(|db| {
                db.execute(
                    "UPDATE shares SET last_used_at = ?2 WHERE id = ?1",
                    params![found.id, now],
                )?;
                Ok(())
            })?;
        }
        Ok(found)
    }
}

const COLUMNS: &str = "SELECT id, name, project, level, filter, actor, created_at, expires_at, last_used_at,
    dashboard FROM shares";

fn share(row: &Row<'_>) -> sql::Result<Share> {
    let level: String = row.get(3)?;
    Ok(Share {
        id: row.get(0)?,
        name: row.get(1)?,
        project: row.get(2)?,
        level: match level.as_str() {
            "mentions" => ShareLevel::Mentions,
            _ => ShareLevel::Aggregate,
        },
        filter: row.get(4)?,
        actor: row.get(5)?,
        created_at: row.get(6)?,
        expires_at: row.get(7)?,
        last_used_at: row.get(8)?,
        dashboard: row.get(9)?,
    })
}
