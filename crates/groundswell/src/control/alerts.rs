//! Definitions of alerts, how far their evaluation has come, and the alerts made.
//!
//! What one evaluation made (alerts, messages, where it stands) is written in one transaction: over whatever ends the
//! process, nothing is lost and nothing is told twice.

use super::error::{Error, Result};
use super::outbox::{self, NewOutgoing};
use super::{Control, clean_name, new_id};
use crate::alerting::{Definition, Fired, State};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use post::{Millis, PostKey};
use std::collections::{BTreeMap, HashSet};

/// Definitions of a project at most.
const MOST: i64 = 200;

/// A definition as it is kept.
#[derive(Debug, Clone)]
pub struct AlertRow {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// What is to be told.
    pub definition: Definition,
    /// How far its evaluation has come.
    pub state: State,
    /// Grows with every change of the definition.
    pub revision: u64,
    /// Until when nobody is told.
    pub muted_until: Option<Millis>,
    /// Why it could not be evaluated the last time.
    pub fault: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it was last changed.
    pub updated_at: i64,
}

/// An alert to be kept.
#[derive(Debug, Clone)]
pub struct NewEvent {
    /// Its id.
    pub id: String,
    /// What happened.
    pub fired: Fired,
    /// `told`, `held` or `muted`.
    pub told: &'static str,
    /// Of one that is held: when it is told.
    pub held_until: Option<Millis>,
}

/// What an evaluation of a definition came to.
pub struct Evaluated<'a> {
    /// The definition, in the revision that was evaluated.
    pub row: &'a AlertRow,
    /// How far it has come now.
    pub state: State,
    /// The alerts.
    pub events: Vec<NewEvent>,
    /// Posts that were told of, with when.
    pub seen: Vec<(PostKey, Millis)>,
    /// What goes out.
    pub messages: Vec<NewOutgoing>,
    /// Why it could not be evaluated.
    pub fault: Option<String>,
}

/// Alerts that were held and are told now.
pub struct Released<'a> {
    /// Their definition.
    pub row: &'a AlertRow,
    /// Their numbers.
    pub events: Vec<u64>,
    /// Whether they are told; otherwise the definition is mute by now.
    pub told: bool,
    /// What goes out.
    pub messages: Vec<NewOutgoing>,
}

/// An alert.
#[derive(Debug, Clone)]
pub struct AlertEvent {
    /// Its number; later ones are greater.
    pub number: u64,
    /// Its id.
    pub id: String,
    /// Its definition.
    pub alert: String,
    /// Its project.
    pub project: String,
    /// What happened.
    pub fired: Fired,
    /// `told`, `held` or `muted`.
    pub told: String,
    /// Of one that is held: when it is told.
    pub held_until: Option<Millis>,
    /// Who took note of it first.
    pub acknowledged_by: Option<String>,
    /// When.
    pub acknowledged_at: Option<Millis>,
    /// Whether it was useful, where somebody said so.
    pub useful: Option<bool>,
}

/// Which alerts.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Only those of this definition.
    pub alert: Option<String>,
    /// Only those that nobody took note of.
    pub open: bool,
}

/// What became of a definition's alerts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answered {
    /// Alerts.
    pub alerts: u64,
    /// Of those nobody took note of.
    pub open: u64,
    /// Said to be useful.
    pub useful: u64,
    /// Said not to be.
    pub useless: u64,
    /// When the last one was made.
    pub last_at: Option<Millis>,
}

impl Control {
    /// A project's definitions, oldest first.
    pub fn alerts(&self, project: &str) -> Result<Vec<AlertRow>> {
        self.read(|db| {
            let mut rows =
                db.prepare_cached("SELECT * FROM alerts WHERE project = ?1 ORDER BY created_at, id")?;
            let rows = rows.query_map([project], row)?;
            Ok(rows
                .collect::<sql::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// The definitions of all projects that are to be evaluated.
    pub fn enabled_alerts(&self) -> Result<Vec<AlertRow>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM alerts WHERE CAST(json_extract(definition, '$.enabled') AS TEXT) IN ('1', 'true') ORDER BY id",
            )?;
            let rows = rows.query_map([], row)?;
            Ok(rows
                .collect::<sql::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// One definition of a project.
    pub fn alert(&self, project: &str, id: &str) -> Result<AlertRow> {
        self.read(|db| find(db, project, id))
    }

    /// Keeps a new definition, to be evaluated from `state` on.
    pub fn create_alert(&self, project: &str, definition: &Definition, state: &State) -> Result<AlertRow> {
        let (text, state, now) = (written(definition)?, state_text(state)?, crate::clock::now());
        self.write(|db| {
            super::projects::find(db, project)?;
            let count = "SELECT count(*) FROM alerts WHERE project = ?1";
            let count: i64 = db.query_row(count, [project], |r| r.get(0))?;
            if count >= MOST {
                return Err(Error::Invalid("a project has at most 200 alerts"));
            }
            let id = new_id("al_")?;
            db.execute(
                "INSERT INTO alerts (id, project, definition, state, revision, created_at, updated_at) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
                params![id, project, text, state, now],
            )?;
            find(db, project, &id)
        })
    }

    /// Changes a definition; it is evaluated from `state` on.
    pub fn update_alert(
        &self,
        project: &str,
        id: &str,
        definition: &Definition,
        state: &State,
    ) -> Result<AlertRow> {
        let (text, state, now) = (written(definition)?, state_text(state)?, crate::clock::now());
        self.write(|db| {
            find(db, project, id)?;
            db.execute(
                "UPDATE alerts SET definition = ?2, state = ?3, revision = revision + 1, fault = NULL, updated_at = ?4 WHERE id = ?1",
                params![id, text, state, now],
            )?;
            find(db, project, id)
        })
    }

    /// Deletes a definition with its alerts.
    pub fn delete_alert(&self, project: &str, id: &str) -> Result<()> {
        self.write(|db| {
            find(db, project, id)?;
            db.execute("DELETE FROM alerts WHERE id = ?1", [id])?;
            Ok(())
        })
    }

    /// Has nobody told until then; `None` ends that.
    pub fn mute_alert(&self, project: &str, id: &str, until: Option<Millis>) -> Result<AlertRow> {
        self.write(|db| {
            find(db, project, id)?;
            db.execute(
                "UPDATE alerts SET muted_until = ?2 WHERE id = ?1",
                params![id, until],
            )?;
            find(db, project, id)
        })
    }

    /// Writes what an evaluation came to; `false` where the definition was changed or removed meanwhile, and nothing
    /// was written.
    pub fn put_evaluated(&self, done: &Evaluated<'_>) -> Result<bool> {
        let state = state_text(&done.state)?;
        let row = done.row;
        self.write(|db| {
            let changed = db.execute(
                "UPDATE alerts SET state = ?3, fault = ?4 WHERE id = ?1 AND revision = ?2",
                params![row.id, super::to_sql(row.revision), state, done.fault],
            )?;
            if changed == 0 {
                return Ok(false);
            }
            for event in &done.events {
                put_event(db, row, event)?;
            }
            for (post, at) in &done.seen {
                db.prepare_cached(
                    "INSERT INTO alert_seen (alert, post, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )?
                .execute(params![row.id, post.0, at])?;
            }
            outbox::put(db, &row.project, &done.messages, crate::clock::now())?;
            Ok(true)
        })
    }

    /// Which of these posts a definition has told of.
    pub fn alert_seen(&self, alert: &str, posts: &[PostKey]) -> Result<HashSet<PostKey>> {
        self.read(|db| {
            let mut seen = db.prepare_cached("SELECT 1 FROM alert_seen WHERE alert = ?1 AND post = ?2")?;
            let mut found = HashSet::new();
            for post in posts {
                if seen.exists(params![alert, post.0])? {
                    found.insert(*post);
                }
            }
            Ok(found)
        })
    }

    /// Lets go of alerts made before `events`, and of posts told of before `seen`.
    pub fn forget_old_alerts(&self, events: Millis, seen: Millis) -> Result<()> {
        self.write(|db| {
            db.execute(
                "DELETE FROM alert_events WHERE at < ?1 AND told <> 'held'",
                [events],
            )?;
            db.execute("DELETE FROM alert_seen WHERE at < ?1", [seen])?;
            Ok(())
        })
    }

    /// Alerts that were held and are due, by definition, the oldest first.
    pub fn held_events(&self, now: Millis) -> Result<BTreeMap<(String, String), Vec<AlertEvent>>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM alert_events WHERE told = 'held' AND held_until <= ?1 ORDER BY number LIMIT 2000",
            )?;
            let rows = rows
                .query_map([now], event)?
                .collect::<sql::Result<Vec<_>>>()?;
            let mut by = BTreeMap::<_, Vec<AlertEvent>>::new();
            for event in rows.into_iter().flatten() {
                let key = (event.project.clone(), event.alert.clone());
                by.entry(key).or_default().push(event);
            }
            Ok(by)
        })
    }

    /// Tells of alerts that were held.
    pub fn release_events(&self, released: &Released<'_>) -> Result<()> {
        let told = if released.told { "told" } else { "muted" };
        self.write(|db| {
            for number in &released.events {
                db.execute(
                    "UPDATE alert_events SET told = ?2, held_until = NULL WHERE number = ?1 AND told = 'held'",
                    params![super::to_sql(*number), told],
                )?;
            }
            outbox::put(
                db,
                &released.row.project,
                &released.messages,
                crate::clock::now(),
            )
        })
    }

    /// A project's alerts below the number `before`, the newest first.
    pub fn alert_events(
        &self,
        project: &str,
        filter: &EventFilter,
        before: Option<u64>,
        most: usize,
    ) -> Result<Vec<AlertEvent>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT * FROM alert_events WHERE project = ?1 AND number < ?2 AND (?3 IS NULL OR alert = ?3)
                   AND (?4 = 0 OR acknowledged_at IS NULL) ORDER BY number DESC LIMIT ?5",
            )?;
            let before = before.map_or(i64::MAX, super::to_sql);
            let values = params![project, before, filter.alert, filter.open, most as i64];
            let rows = rows.query_map(values, event)?;
            Ok(rows
                .collect::<sql::Result<Vec<_>>>()?
                .into_iter()
                .flatten()
                .collect())
        })
    }

    /// One alert of a project.
    pub fn alert_event(&self, project: &str, id: &str) -> Result<AlertEvent> {
        self.read(|db| find_event(db, project, id))
    }

    /// Notes that somebody took note of an alert; whoever did so first stays.
    pub fn acknowledge_event(&self, project: &str, id: &str, by: &str) -> Result<AlertEvent> {
        self.write(|db| {
            db.execute(
                "UPDATE alert_events SET acknowledged_by = ?3, acknowledged_at = ?4
                 WHERE project = ?1 AND id = ?2 AND acknowledged_at IS NULL",
                params![project, id, by, crate::clock::now()],
            )?;
            find_event(db, project, id)
        })
    }

    /// Notes whether an alert was useful; `None` takes that back. Whoever says so has taken note of it.
    pub fn rate_event(&self, project: &str, id: &str, useful: Option<bool>, by: &str) -> Result<AlertEvent> {
        self.write(|db| {
            db.execute(
                "UPDATE alert_events SET useful = ?3, useful_by = ?4,
                   acknowledged_by = coalesce(acknowledged_by, ?4), acknowledged_at = coalesce(acknowledged_at, ?5)
                 WHERE project = ?1 AND id = ?2",
                params![project, id, useful, by, crate::clock::now()],
            )?;
            find_event(db, project, id)
        })
    }

    /// What became of the alerts of a project's definitions.
    pub fn alerts_answered(&self, project: &str) -> Result<BTreeMap<String, Answered>> {
        self.read(|db| {
            let mut rows = db.prepare_cached(
                "SELECT alert, count(*), count(*) FILTER (WHERE acknowledged_at IS NULL), count(*) FILTER (WHERE useful = 1),
                   count(*) FILTER (WHERE useful = 0), max(at) FROM alert_events WHERE project = ?1 GROUP BY alert",
            )?;
            let rows = rows.query_map([project], |r| {
                let count = |at| r.get(at).map(super::from_sql);
                let answered = Answered {
                    alerts: count(1)?,
                    open: count(2)?,
                    useful: count(3)?,
                    useless: count(4)?,
                    last_at: r.get(5)?,
                };
                Ok((r.get(0)?, answered))
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }
}

/// An id for an alert that is about to be made.
pub(crate) fn event_id() -> Result<String> {
    new_id("ev_")
}

fn put_event(db: &Transaction<'_>, row: &AlertRow, new: &NewEvent) -> Result<()> {
    let text = serde_json::to_string(&new.fired).map_err(|_| Error::Invalid("the alert cannot be kept"))?;
    let mut put = db.prepare_cached(
        "INSERT INTO alert_events (id, alert, project, at, event, told, held_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    put.execute(params![
        new.id,
        row.id,
        row.project,
        new.fired.at,
        text,
        new.told,
        new.held_until
    ])?;
    Ok(())
}

fn written(definition: &Definition) -> Result<String> {
    clean_name(&definition.name)?;
    serde_json::to_string(definition).map_err(|_| Error::Invalid("the definition cannot be kept"))
}

fn state_text(state: &State) -> Result<String> {
    serde_json::to_string(state).map_err(|_| Error::Invalid("the state cannot be kept"))
}

fn find(db: &Connection, project: &str, id: &str) -> Result<AlertRow> {
    db.query_row(
        "SELECT * FROM alerts WHERE id = ?1 AND project = ?2",
        [id, project],
        row,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("alert"))
}

fn find_event(db: &Connection, project: &str, id: &str) -> Result<AlertEvent> {
    db.query_row(
        "SELECT * FROM alert_events WHERE id = ?1 AND project = ?2",
        [id, project],
        event,
    )
    .optional()?
    .flatten()
    .ok_or(Error::NotFound("alert"))
}

/// `None` where a newer program wrote what this one does not know.
fn row(row: &Row<'_>) -> sql::Result<Option<AlertRow>> {
    let (definition, state): (String, String) = (row.get("definition")?, row.get("state")?);
    let read = serde_json::from_str(&definition)
        .ok()
        .zip(serde_json::from_str(&state).ok());
    let Some((definition, state)) = read else {
        return Ok(None);
    };
    Ok(Some(AlertRow {
        id: row.get("id")?,
        project: row.get("project")?,
        definition,
        state,
        revision: super::from_sql(row.get("revision")?),
        muted_until: row.get("muted_until")?,
        fault: row.get("fault")?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
    }))
}

fn event(row: &Row<'_>) -> sql::Result<Option<AlertEvent>> {
    let text: String = row.get("event")?;
    let Ok(fired) = serde_json::from_str(&text) else {
        return Ok(None);
    };
    Ok(Some(AlertEvent {
        number: super::from_sql(row.get("number")?),
        id: row.get("id")?,
        alert: row.get("alert")?,
        project: row.get("project")?,
        fired,
        told: row.get("told")?,
        held_until: row.get("held_until")?,
        acknowledged_by: row.get("acknowledged_by")?,
        acknowledged_at: row.get("acknowledged_at")?,
        useful: row.get("useful")?,
    }))
}
