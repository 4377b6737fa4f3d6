//! API keys: a role, narrowed to scopes and to one project where wanted. The secret is shown once and kept as a hash.

use super::access::{AccessRole, Grants, Scope, Scopes};
use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::tokens::{self, Kind};
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, OptionalExtension, Row, params};
use serde::Serialize;
use utoipa::ToSchema;

/// How often, at most, a key's last use is written down.
const TOUCH_EVERY: i64 = 60_000;

/// An API key, without its secret.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApiKey {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: AccessRole,
    /// Of what the role may do, only this; all of it where empty.
    pub scopes: Vec<Scope>,
    /// The one project it is for; all where `null`.
    pub project: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it ends; never where `null`.
    pub expires_at: Option<i64>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<i64>,
}

/// An API key to make.
#[derive(Debug, Clone)]
pub struct NewKey<'k> {
    /// What it is for.
    pub name: &'k str,
    /// Its role.
    pub role: AccessRole,
    /// What of the role it may do; all where empty.
    pub scopes: &'k [Scope],
    /// The one project it is for.
    pub project: Option<&'k str>,
    /// When it ends.
    pub expires_at: Option<i64>,
}

impl ApiKey {
    /// Where it may do what its role allows.
    pub fn grants(&self) -> Grants {
        match &self.project {
            Some(project) => Grants::within(project, self.role),
            None => Grants::everywhere(self.role),
        }
    }

    /// What it is narrowed to.
    pub fn only(&self) -> Scopes {
        match self.scopes.as_slice() {
            [] => Scopes::ALL,
            some => some.iter().copied().collect(),
        }
    }
}

impl Control {
    /// Makes an API key and gives it with its secret, which is not kept and cannot be shown again.
    pub fn create_api_key(&self, new: &NewKey<'_>, by: &Event) -> Result<(ApiKey, String)> {
        let now = crate::clock::now();
        if new.expires_at.is_some_and(|at| at <= now) {
            return Err(Error::Invalid("a key ends in the future"));
        }
        if let Some(scope) = new.scopes.iter().find(|s| !new.role.scopes().has(**s)) {
            tracing::debug!(scope = scope.name(), "a key asks for more than its role");
            return Err(Error::Invalid("a key's scopes are among those of its role"));
        }
        let token = tokens::new(Kind::ApiKey)?;
        let mut scopes = new.scopes.to_vec();
        scopes.sort_unstable();
        scopes.dedup();
        let key = ApiKey {
            id: new_id("k_")?,
            name: clean_name(new.name)?.to_owned(),
            role: new.role,
            scopes,
            project: new.project.map(str::to_owned),
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        self.write(|db| {
            if let Some(project) = new.project {
                projects::find(db, project)?;
            }
            db.execute(
                "INSERT INTO api_keys (id, name, role, scopes, project, hash, created_at, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    key.id,
                    key.name,
                    key.role.name(),
                    joined(&key.scopes),
                    new.project,
                    tokens::hash(&token),
                    now,
                    key.expires_at
                ],
            )?;
            let details = serde_json::json!({"key": key.id, "role": key.role.name(), "scopes": key.scopes});
            audit::append(
                db,
                &self.keys().id,
                &Event {
                    project: key.project.clone(),
                    ..by.clone()
                }
                .with(details),
            )
        })?;
        Ok((key, token))
    }

    /// All API keys, oldest first.
    pub fn api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{COLUMNS} ORDER BY created_at, id"))?;
            let rows = all.query_map([], api_key)?;
            Ok(rows.collect::<sql::Result<_>>()?)
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

    /// The API key with this secret, unless it has ended. Its use is noted.
    pub fn api_key(&self, token: &str) -> Result<Option<ApiKey>> {
        if !Kind::ApiKey.is(token) {
            return Ok(None);
        }
        let now = crate::clock::now();
        let key = self.read(|db| {
            let mut find = db.prepare_cached(&format!(
                "{COLUMNS} WHERE hash = ?1 AND (expires_at IS NULL OR expires_at > ?2)"
            ))?;
            Ok(find
                .query_row(params![tokens::hash(token), now], api_key)
                .optional()?)
        })?;
        if let Some(key) = key
            .as_ref()
            .filter(|k| k.last_used_at.is_none_or(|at| now - at >= TOUCH_EVERY))
        {
            self.write(|db| {
                db.execute(
                    "UPDATE api_keys SET last_used_at = ?2 WHERE id = ?1",
                    params![key.id, now],
                )?;
                Ok(())
            })?;
        }
        Ok(key)
    }
}

const COLUMNS: &str =
    "SELECT id, name, role, scopes, project, created_at, expires_at, last_used_at FROM api_keys";

fn joined(scopes: &[Scope]) -> String {
    let names: Vec<&str> = scopes.iter().map(|s| s.name()).collect();
    names.join(" ")
}

fn api_key(row: &Row<'_>) -> sql::Result<ApiKey> {
    let (role, scopes): (String, String) = (row.get(2)?, row.get(3)?);
    Ok(ApiKey {
        id: row.get(0)?,
        name: row.get(1)?,
        // The table admits no other names; were there one, it may do the least.
        role: AccessRole::from_name(&role).unwrap_or(AccessRole::Aggregate),
        scopes: scopes.split_whitespace().filter_map(Scope::from_name).collect(),
        project: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
        last_used_at: row.get(7)?,
    })
}
