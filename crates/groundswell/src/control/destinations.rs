//! Destinations: where a project's alerts go. Addresses and secrets are sealed like those of sources: the address of an
//! incoming webhook is a secret itself.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::seal::Sealer;
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const SECRETS: &str = "destination secrets";
/// Destinations of a project at most.
const MOST: i64 = 100;

/// How a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DestinationChannel)]
pub enum Channel {
    /// A letter.
    Email,
    /// A webhook, signed as Standard Webhooks says.
    Webhook,
    /// An incoming webhook of Slack, or of what takes the same.
    Slack,
    /// The webhook of a workflow of Teams.
    Teams,
    /// A room of Matrix.
    Matrix,
}

impl Channel {
    /// The name in the API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Webhook => "webhook",
            Self::Slack => "slack",
            Self::Teams => "teams",
            Self::Matrix => "matrix",
        }
    }

    /// The channel of this name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Email, Self::Webhook, Self::Slack, Self::Teams, Self::Matrix];
        all.into_iter().find(|c| c.name() == name)
    }
}

/// How a destination is reached, as far as that is no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DestinationSettings {
    /// How messages go.
    pub channel: Channel,
    /// Mail: the address.
    #[serde(default)]
    pub to: Option<String>,
    /// All others: scheme, host and port of the address. The rest of it is a secret.
    #[serde(default)]
    pub host: Option<String>,
    /// Matrix: the room's id.
    #[serde(default)]
    pub room: Option<String>,
    /// Whether it is part of the house: only then texts go along.
    #[serde(default)]
    pub internal: bool,
    /// Whether its address may be a private one.
    #[serde(default)]
    pub allow_private: bool,
}

/// A secret that webhooks are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// `whsec_` and Base64.
    pub secret: String,
    /// Until when it is in force; one that was replaced goes on for a while.
    pub until: Option<Millis>,
}

/// What a destination is reached and trusted by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DestinationSecrets {
    /// The whole address.
    pub address: Option<String>,
    /// Matrix: the token.
    pub token: Option<String>,
    /// Webhook: the secrets, the newest first.
    pub signing: Vec<Signing>,
}

/// A destination, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name.
    pub name: String,
    /// How it is reached.
    pub settings: DestinationSettings,
    /// When it was made.
    pub created_at: i64,
}

const COLUMNS: &str = "SELECT id, project, name, settings, created_at FROM destinations";

impl Control {
    /// A project's destinations, by name.
    pub fn destinations(&self, project: &str) -> Result<Vec<Destination>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!(
                "{COLUMNS} WHERE project = ?1 ORDER BY lower(name), name"
            ))?;
            let rows = all.query_map([project], destination)?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// A destination with its secrets, of whatever project.
    pub fn destination(&self, id: &str) -> Result<(Destination, DestinationSecrets)> {
        let wrap = Sealer::new(&self.keys().wrap);
        self.read(|db| find(db, &wrap, id))
    }

    /// Makes a destination.
    pub fn create_destination(
        &self,
        project: &str,
        name: &str,
        settings: &DestinationSettings,
        secrets: &DestinationSecrets,
        by: &Event,
    ) -> Result<Destination> {
        let made = Destination {
            id: new_id("to_")?,
            project: project.to_owned(),
            name: clean_name(name)?.to_owned(),
            settings: settings.clone(),
            created_at: crate::clock::now(),
        };
        let sealed = self.seal_destination(&made.id, secrets)?;
        self.write(|db| {
            projects::find(db, project)?;
            let count = "SELECT count(*) FROM destinations WHERE project = ?1";
            let count: i64 = db.query_row(count, [project], |r| r.get(0))?;
            if count >= MOST {
                return Err(Error::Invalid("a project has at most 100 destinations"));
            }
            let settings = serde_json::json!(made.settings).to_string();
            db.execute(
                "INSERT INTO destinations (id, project, name, settings, secrets, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![made.id, project, made.name, settings, sealed, made.created_at],
            )
            .map_err(|e| Error::or_taken(e, &made.name))?;
            self.tell_of_destination(db, &made, "made", by)
        })?;
        Ok(made)
    }

    /// Removes a destination with what waits for it. Definitions of alerts that name it lose it.
    pub fn delete_destination(&self, project: &str, id: &str, by: &Event) -> Result<()> {
        let found = self.destination_of(project, id)?.0;
        self.write(|db| {
            db.execute("DELETE FROM destinations WHERE id = ?1", [id])?;
            self.tell_of_destination(db, &found, "removed", by)
        })
    }

    /// A destination of this project with its secrets.
    pub fn destination_of(&self, project: &str, id: &str) -> Result<(Destination, DestinationSecrets)> {
        let found = self.destination(id)?;
        match found.0.project == project {
            true => Ok(found),
            false => Err(Error::NotFound("destination")),
        }
    }

    /// Puts other secrets in place.
    pub fn set_destination_secrets(
        &self,
        project: &str,
        id: &str,
        secrets: &DestinationSecrets,
        by: &Event,
    ) -> Result<()> {
        let found = self.destination_of(project, id)?.0;
        let sealed = self.seal_destination(id, secrets)?;
        self.write(|db| {
            db.execute(
                "UPDATE destinations SET secrets = ?2 WHERE id = ?1",
                params![id, sealed],
            )?;
            self.tell_of_destination(db, &found, "given a new secret", by)
        })
    }

    fn seal_destination(&self, id: &str, secrets: &DestinationSecrets) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(secrets).map_err(|_| Error::Sealed)?;
        Sealer::new(&self.keys().wrap).seal(&plain, SECRETS, id.as_bytes())
    }

    fn tell_of_destination(
        &self,
        db: &Transaction<'_>,
        at: &Destination,
        was: &str,
        by: &Event,
    ) -> Result<()> {
        let event = Event {
            action: Action::DestinationChanged,
            ..by.clone()
        };
        let details = serde_json::json!({"destination": at.id, "was": was, "channel": at.settings.channel, "internal": at.settings.internal});
        audit::append(db, &self.keys().id, &event.within(&at.project).with(details))
    }
}

fn find(db: &Connection, wrap: &Sealer, id: &str) -> Result<(Destination, DestinationSecrets)> {
    let mut one = db.prepare_cached(&format!("{COLUMNS} WHERE id = ?1"))?;
    let found = one.query_row([id], destination).optional()?;
    let found = found.ok_or(Error::NotFound("destination"))?;
    let sealed = "SELECT secrets FROM destinations WHERE id = ?1";
    let sealed: Vec<u8> = db.query_row(sealed, [id], |r| r.get(0))?;
    let plain = wrap.open(&sealed, SECRETS, id.as_bytes())?;
    let secrets = serde_json::from_slice(&plain).map_err(|_| Error::Sealed)?;
    Ok((found, secrets))
}

/// Seals secrets anew, as part of a rotation; how many there were.
pub(super) fn reseal(db: &Transaction<'_>, old: &Sealer, new: &Sealer) -> Result<u64> {
    let mut all = db.prepare("SELECT id, secrets FROM destinations")?;
    let rows = all.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?;
    let secrets: Vec<(String, Vec<u8>)> = rows.collect::<sql::Result<_>>()?;
    for (id, sealed) in &secrets {
        let plain = old.open(sealed, SECRETS, id.as_bytes())?;
        let sealed = new.seal(&plain, SECRETS, id.as_bytes())?;
        db.execute(
            "UPDATE destinations SET secrets = ?2 WHERE id = ?1",
            params![id, sealed],
        )?;
    }
    Ok(secrets.len() as u64)
}

fn destination(row: &Row<'_>) -> sql::Result<Destination> {
    let settings: String = row.get(3)?;
    let read = serde_json::from_str(&settings).map_err(|e| sql::Error::Column {
        column: "3".into(),
        reason: e.to_string(),
    })?;
    Ok(Destination {
        id: row.get(0)?,
        project: row.get(1)?,
        name: row.get(2)?,
        settings: read,
        created_at: row.get(4)?,
    })
}
