//! Accepted amendments, limits of projects, and what each person exported in full.

use super::audit::{self, Event};
use super::error::Result;
use super::{Control, from_sql, projects, to_sql};
use crate::control::sql::{self, Connection, Row, params};
use crate::policy::{Days, Retention};
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const DAY: Millis = 24 * 3_600_000;

/// That somebody accepted a platform's amendment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Acceptance {
    /// The platform.
    pub platform: String,
    /// Which text: its date.
    pub version: String,
    /// Who accepted it for the operator.
    pub who: String,
    /// When that was recorded.
    pub at: i64,
}

impl Control {
    /// Everything that was accepted, newest text last.
    pub fn acceptances(&self) -> Result<Vec<Acceptance>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT platform, version, who, at FROM policy_acceptances ORDER BY platform, version",
            )?;
            let rows = all.query_map([], |row| {
                Ok(Acceptance {
                    platform: row.get(0)?,
                    version: row.get(1)?,
                    who: row.get(2)?,
                    at: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Records an acceptance. One of the same text stays the first.
    pub fn accept_policy(&self, platform: &str, version: &str, who: &str, by: &Event) -> Result<()> {
        let who = super::clean_name(who)?;
        self.write(|db| {
            db.execute(
                "INSERT INTO policy_acceptances (platform, version, who, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
                params![platform, version, who, crate::clock::now()],
            )?;
            let details = serde_json::json!({"platform": platform, "version": version});
            audit::append(db, &self.keys().id, &by.clone().with(details))
        })
    }

    /// The limits of a project's own.
    pub fn project_retention(&self, project: &str) -> Result<Retention> {
        self.read(|db| {
            projects::find(db, project)?;
            retention_of(db, project)
        })
    }

    /// Sets the limits of a project's own; those not named are none.
    pub fn set_project_retention(&self, project: &str, limits: &Retention, by: &Event) -> Result<()> {
        self.write(|db| {
            projects::find(db, project)?;
            db.execute("DELETE FROM retention WHERE project = ?1", [project])?;
            let mut put = db.prepare(
                "INSERT INTO retention (project, platform, text_days, features_days, aggregates_days)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            let all = std::iter::once(("", &limits.all))
                .chain(limits.platforms.iter().map(|(p, days)| (p.as_str(), days)));
            for (platform, days) in all.filter(|(_, days)| **days != Days::default()) {
                put.execute(params![
                    project,
                    platform,
                    days.text_days,
                    days.features_days,
                    days.aggregates_days
                ])?;
            }
            let details = serde_json::to_value(limits).unwrap_or_default();
            audit::append(db, &self.keys().id, &by.clone().within(project).with(details))
        })
    }

    /// Grants a person up to `wanted` posts of a platform in full today, `most` a day in all; what is granted is counted.
    pub fn take_full_exports(
        &self,
        person: &str,
        platform: &str,
        now: Millis,
        wanted: u64,
        most: u64,
    ) -> Result<u64> {
        let day = now.div_euclid(DAY);
        self.write(|db| {
            // Nobody needs the counts of past days.
            db.execute("DELETE FROM full_exports WHERE day < ?1", [day])?;
            let used: i64 = db.query_row(
                "SELECT coalesce(sum(posts), 0) FROM full_exports WHERE person = ?1 AND platform = ?2 AND day = ?3",
                params![person, platform, day],
                |row| row.get(0),
            )?;
            let granted = wanted.min(most.saturating_sub(from_sql(used)));
            db.execute(
                "INSERT INTO full_exports (person, platform, day, posts) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (person, platform, day) DO UPDATE SET posts = full_exports.posts + excluded.posts",
                params![person, platform, day, to_sql(granted)],
            )?;
            Ok(granted)
        })
    }
}

fn retention_of(db: &Connection, project: &str) -> Result<Retention> {
    let mut rows = db.prepare_cached(
        "SELECT platform, text_days, features_days, aggregates_days FROM retention WHERE project = ?1",
    )?;
    let mut out = Retention::default();
    for row in rows.query_map([project], read)? {
        let (platform, days) = row?;
        if platform.is_empty() {
            out.all = days;
        } else {
            out.platforms.insert(platform, days);
        }
    }
    Ok(out)
}

fn read(row: &Row<'_>) -> sql::Result<(String, Days)> {
    let days = Days {
        text_days: row.get(1)?,
        features_days: row.get(2)?,
        aggregates_days: row.get(3)?,
    };
    Ok((row.get(0)?, days))
}
