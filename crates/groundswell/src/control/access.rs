//! Roles, and the API keys that carry them.

use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, clean_name, new_id, projects};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// What every API key begins with.
pub const API_KEY_PREFIX: &str = "gsk_";

/// What somebody may do; each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccessRole {
    /// Only sums, series and breakdowns, with small cells guarded.
    Aggregate,
    /// Read everything but who is behind a pseudonym.
    Viewer,
    /// Keep monitors and lists, push posts, open originals.
    Analyst,
    /// Ask who is behind a post.
    Responder,
    /// Everything: keys, erasures, the audit log, sources.
    Admin,
}

impl AccessRole {
    /// The name on the wire and in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            AccessRole::Aggregate => "aggregate",
            AccessRole::Viewer => "viewer",
            AccessRole::Analyst => "analyst",
            AccessRole::Responder => "responder",
            AccessRole::Admin => "admin",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        serde_json::from_value(name.into()).ok()
    }
}

/// An API key, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: AccessRole,
    /// The one project it is for; all where `null`.
    pub project: Option<String>,
    /// When it was made.
    pub created_at: i64,
}

impl Control {
    /// Makes an API key and gives it with its secret, which is not kept and cannot be shown again.
    pub fn create_api_key(
        &self,
        name: &str,
        role: AccessRole,
        project: Option<&str>,
        by: &Event,
    ) -> Result<(ApiKey, String)> {
        let name = clean_name(name)?.to_owned();
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).map_err(Error::Random)?;
        let token = format!("{API_KEY_PREFIX}{}", audit::hex(&random));
        let key = ApiKey {
            id: new_id("k_")?,
            name,
            role,
            project: project.map(str::to_owned),
            created_at: crate::clock::now(),
        };
        self.write(|db| {
            if let Some(project) = project {
                projects::find(db, project)?;
            }
            db.execute(
                "INSERT INTO api_keys (id, name, role, project, hash, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![key.id, key.name, role.name(), project, hash(&token), key.created_at],
            )?;
            let details = serde_json::json!({"key": key.id, "role": role.name()});
            audit::append(db, &self.keys().id, &Event { project: key.project.clone(), ..by.clone() }.with(details))
        })?;
        Ok((key, token))
    }

    /// All API keys, oldest first.
    pub fn api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{COLUMNS} ORDER BY created_at, id"))?;
            let rows = all.query_map([], api_key)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Withdraws an API key: it is refused from now on.
    pub fn revoke_api_key(&self, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            if db.execute("DELETE FROM api_keys WHERE id = ?1", [id])? == 0 {
                return Err(Error::NotFound("key"));
            }
            let event = Event {
                action: Action::ApiKeyRevoked,
                ..by.clone()
            };
            audit::append(db, &self.keys().id, &event.with(serde_json::json!({"key": id})))
        })
    }

    /// The API key with this secret.
    pub fn api_key(&self, token: &str) -> Result<Option<ApiKey>> {
        if !token.starts_with(API_KEY_PREFIX) {
            return Ok(None);
        }
        self.read(|db| {
            let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE hash = ?1"))?;
            Ok(find.query_row([hash(token)], api_key).optional()?)
        })
    }
}

const COLUMNS: &str = "SELECT id, name, role, project, created_at FROM api_keys";

/// 256 random bits need no slow hash.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

fn api_key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let role: String = row.get(2)?;
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        // The table admits no other names; were there one, it may do the least.
        role: AccessRole::from_name(&role).unwrap_or(AccessRole::Aggregate),
        project: row.get(3)?,
        created_at: row.get(4)?,
    })
}
