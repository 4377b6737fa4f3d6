//! Desks: other systems that mentions are handed over to. Their secrets are sealed like those of sources.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::seal::Sealer;
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SECRETS: &str = "desk secrets";
/// Desks of a project at most.
const MOST: i64 = 50;

/// The shape of tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DeskKind {
    /// As Zendesk's `POST /api/v2/tickets` takes them.
    Zendesk,
    /// As Jira's `POST /rest/api/3/issue` takes them.
    Jira,
}

/// How a desk is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskSettings {
    /// The shape of its tickets.
    pub kind: DeskKind,
    /// Where tickets are posted.
    pub address: String,
    /// The user whose token it is; with one the token goes as `Basic`, without as `Bearer`.
    #[serde(default)]
    pub user: Option<String>,
    /// Jira: the key of the project that issues go to.
    #[serde(default)]
    pub jira_project: Option<String>,
    /// Jira: the type of the issues (default `Task`).
    #[serde(default)]
    pub issue_type: Option<String>,
    /// Whether it is part of the house: only then the text goes along. Otherwise a ticket has a link and no text.
    #[serde(default)]
    pub internal: bool,
    /// Whether its address may be a private one.
    #[serde(default)]
    pub allow_private: bool,
    /// Whether it takes an `Idempotency-Key`, so that a ticket whose answer was lost can be sent again (default: Zendesk
    /// does, Jira does not).
    #[serde(default)]
    pub idempotent: Option<bool>,
}

impl DeskSettings {
    /// Whether a ticket whose answer was lost can be sent again.
    pub fn is_idempotent(&self) -> bool {
        self.idempotent.unwrap_or(self.kind == DeskKind::Zendesk)
    }
}

/// What a desk is trusted by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DeskSecrets {
    /// The token that tickets are posted with.
    pub token: Option<String>,
    /// What its calls are signed with.
    pub signing: Option<String>,
}

/// A desk, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// How it is reached.
    pub settings: DeskSettings,
    /// When it was made.
    pub created_at: i64,
}

const COLUMNS: &str = "SELECT id, project, name, settings, created_at FROM desks";

impl Control {
    /// A project's desks, by name.
    pub fn desks(&self, project: &str) -> Result<Vec<Desk>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{COLUMNS} WHERE project = ?1 ORDER BY lower(name), name"
            ))?;
            let rows = all.query_map([project], desk)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// A desk with its secrets, of whatever project.
    pub fn desk(&self, id: &str) -> Result<(Desk, DeskSecrets)> {
        let wrap = Sealer::new(&self.keys().wrap);
        self.read(|db| {
            let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
            let found = find.query_row([id], desk).optional()?;
            let found = found.ok_or(Error::NotFound("desk"))?;
            let sealed: Vec<u8> =
                db.query_row("SELECT secrets FROM desks WHERE id = ?1", [id], |r| r.get(0))?;
            let plain = wrap.open(&sealed, SECRETS, id.as_bytes())?;
            let secrets = serde_json::from_slice(&plain).map_err(|_| Error::Sealed)?;
            Ok((found, secrets))
        })
    }

    /// Makes a desk.
    pub fn create_desk(
        &self,
        project: &str,
        name: &str,
        settings: &DeskSettings,
        secrets: &DeskSecrets,
        by: &Event,
    ) -> Result<Desk> {
        let made = Desk {
            id: new_id("d_")?,
            project: project.to_owned(),
            name: clean_name(name)?.to_owned(),
            settings: settings.clone(),
            created_at: crate::clock::now(),
        };
        let plain = serde_json::to_vec(secrets).map_err(|_| Error::Sealed)?;
        let sealed = Sealer::new(&self.keys().wrap).seal(&plain, SECRETS, made.id.as_bytes())?;
        self.write(|db| {
            projects::find(db, project)?;
            let count: i64 = db.query_row("SELECT count(*) FROM desks WHERE project = ?1", [project], |r| r.get(0))?;
            if count >= MOST {
                return Err(Error::Invalid("a project has at most 50 desks"));
            }
            let settings = serde_json::json!(made.settings).to_string();
            db.execute(
                "INSERT INTO desks (id, project, name, settings, secrets, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![made.id, project, made.name, settings, sealed, made.created_at],
            )
            .map_err(|e| Error::or_taken(e, &made.name))?;
            self.tell_of_desk(db, &made, "made", by)
        })?;
        Ok(made)
    }

    /// Removes a desk with what waits for it.
    pub fn delete_desk(&self, project: &str, id: &str, by: &Event) -> Result<()> {
        let (desk, _) = self.desk(id)?;
        if desk.project != project {
            return Err(Error::NotFound("desk"));
        }
        self.write(|db| {
            db.execute("DELETE FROM desks WHERE id = ?1", [id])?;
            self.tell_of_desk(db, &desk, "removed", by)
        })
    }

    fn tell_of_desk(&self, db: &Transaction<'_>, desk: &Desk, was: &str, by: &Event) -> Result<()> {
        let event = Event {
            action: Action::DeskChanged,
            ..by.clone()
        };
        let details = serde_json::json!({"desk": desk.id, "was": was, "kind": desk.settings.kind, "internal": desk.settings.internal});
        audit::append(db, &self.keys().id, &event.within(&desk.project).with(details))
    }
}

/// Seals secrets anew, as part of a rotation; how many there were.
pub(super) fn reseal(db: &Transaction<'_>, old: &Sealer, new: &Sealer) -> Result<u64> {
    let mut all = db.prepare("SELECT id, secrets FROM desks")?;
    let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let secrets: Vec<(String, Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
    for (id, sealed) in &secrets {
        let plain = old.open(sealed, SECRETS, id.as_bytes())?;
        let sealed = new.seal(&plain, SECRETS, id.as_bytes())?;
        db.execute("UPDATE desks SET secrets = ?2 WHERE id = ?1", params![id, sealed])?;
    }
    Ok(secrets.len() as u64)
}

fn desk(row: &Row<'_>) -> sql::Result<Desk> {
    let settings: String = row.get(3)?;
    let read = serde_json::from_str(&settings).map_err(|e| sql::Error::Column {
        column: "3".into(),
        reason: e.to_string(),
    })?;
    Ok(Desk {
        id: row.get(0)?,
        project: row.get(1)?,
        name: row.get(2)?,
        settings: read,
        created_at: row.get(4)?,
    })
}
