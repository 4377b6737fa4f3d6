//! Searches of platforms' pasts.

use super::error::Result;
use super::{Control, from_sql, new_id, to_sql};
use crate::control::sql::{self, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a search is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PastState {
    /// Only estimated: somebody must start it.
    Estimated,
    /// Running.
    Running,
    /// Done.
    Done,
    /// It could not go on.
    Failed,
}

/// A search of a platform's past.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRow {
    /// Its id; made when it begins.
    pub id: String,
    /// The source whose platform is asked.
    pub source: String,
    /// The monitor it is for; all, where `None`.
    pub monitor: Option<String>,
    /// No older than this, milliseconds since 1970.
    pub from: i64,
    /// No newer.
    pub until: i64,
    /// How far it is.
    pub state: PastState,
    /// Posts delivered.
    pub posts: u64,
    /// What it said, as JSON ([`sources::ReportSnapshot`]).
    pub report: String,
    /// Why it could not go on.
    pub error: Option<String>,
    /// When it was begun.
    pub created_at: i64,
}

impl Control {
    /// Notes a search; gives its id.
    pub fn begin_past(&self, row: &PastRow) -> Result<String> {
        let id = new_id("p_")?;
        self.write(|db| {
            db.execute(
                "INSERT INTO past_searches (id, source, monitor, from_time, until_time, state, posts, report, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8)",
                params![id, row.source, row.monitor, row.from, row.until, name(row.state), row.report, row.created_at],
            )?;
            Ok(())
        })?;
        Ok(id)
    }

    /// Notes how a search ended.
    pub fn end_past(&self, id: &str, posts: u64, report: &str, error: Option<&str>) -> Result<()> {
        let state = name(if error.is_some() {
            PastState::Failed
        } else {
            PastState::Done
        });
        self.write(|db| {
            db.execute(
                "UPDATE past_searches SET state = ?2, posts = ?3, report = ?4, error = ?5 WHERE id = ?1",
                params![id, state, to_sql(posts), report, error],
            )?;
            Ok(())
        })
    }

    /// Notes that searches which ran when the process ended do not run any more.
    pub fn abandon_pasts(&self) -> Result<()> {
        self.write(|db| {
            db.execute(
                "UPDATE past_searches SET state = 'failed', error = 'the server was stopped; start it again'
                 WHERE state = 'running'",
                [],
            )?;
            Ok(())
        })
    }

    /// The newest searches first.
    pub fn pasts(&self) -> Result<Vec<PastRow>> {
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, source, monitor, from_time, until_time, state, posts, report, error, created_at
                 FROM past_searches ORDER BY created_at DESC, id LIMIT 200",
            )?;
            let rows = all.query_map([], |r| {
                Ok(PastRow {
                    id: r.get(0)?,
                    source: r.get(1)?,
                    monitor: r.get(2)?,
                    from: r.get(3)?,
                    until: r.get(4)?,
                    state: state(&r.get::<_, String>(5)?),
                    posts: from_sql(r.get(6)?),
                    report: r.get(7)?,
                    error: r.get(8)?,
                    created_at: r.get(9)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

fn name(state: PastState) -> &'static str {
    match state {
        PastState::Estimated => "estimated",
        PastState::Running => "running",
        PastState::Done => "done",
        PastState::Failed => "failed",
    }
}

fn state(name: &str) -> PastState {
    match name {
        "estimated" => PastState::Estimated,
        "running" => PastState::Running,
        "done" => PastState::Done,
        _ => PastState::Failed,
    }
}
