//! Sessions: a random token in a cookie, kept as a hash. They end after a time without use, and after a time in any case.

use super::super::error::{Error, Result};
use super::super::tokens::{self, Kind};
use super::super::{Control, audit, new_id, settings};
use super::{User, find};
use crate::control::sql::{self, OptionalExtension, params};
use serde::Serialize;
use utoipa::ToSchema;

/// A session that nobody used for so long has ended.
pub const IDLE_LIMIT: i64 = 12 * 3_600_000;
/// A session ends after so long whatever happens.
pub const ABSOLUTE_LIMIT: i64 = 14 * 86_400_000;
/// How often, at most, its use is written down.
const TOUCH_EVERY: i64 = 60_000;
/// Sessions of one user; the oldest ends then.
const MOST: i64 = 50;

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct UserSession {
    /// Its id, which opens nothing.
    pub id: String,
    /// Whose it is; the installation's password's where `null`.
    pub user: Option<String>,
    /// The browser, as it calls itself.
    pub agent: Option<String>,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, to the minute.
    pub seen_at: i64,
    /// When it ends whatever happens.
    pub expires_at: i64,
}

/// Who is signed in by a cookie.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The session's id.
    pub session: String,
    /// The user; `None` is who knows the installation's password.
    pub user: Option<User>,
}

impl Control {
    /// Begins a session of a user, or of who knows the installation's password. Gives it with the cookie's token.
    pub fn begin_session(&self, user: Option<&str>, agent: Option<&str>) -> Result<(UserSession, String)> {
        let (token, now) = (tokens::new(Kind::Session)?, crate::clock::now());
        let session = UserSession {
            id: new_id("s_")?,
            user: user.map(str::to_owned),
            agent: agent.map(|a| a.chars().filter(|c| !c.is_control()).take(120).collect()),
            created_at: now,
            seen_at: now,
            expires_at: now + ABSOLUTE_LIMIT,
        };
        self.write(|db| {
            db.execute(
                "DELETE FROM sessions WHERE expires_at <= ?1 OR seen_at <= ?2",
                params![now, now - IDLE_LIMIT],
            )?;
            db.execute(
                "DELETE FROM sessions WHERE user IS NOT DISTINCT FROM ?1 AND id NOT IN (SELECT id FROM sessions WHERE user IS NOT DISTINCT FROM ?1 ORDER BY seen_at DESC LIMIT ?2)",
                params![user, MOST - 1],
            )?;
            db.execute(
                "INSERT INTO sessions (id, hash, user, agent, created_at, seen_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6)",
                params![session.id, tokens::hash(&token), user, session.agent, now, session.expires_at],
            )?;
            db.execute("UPDATE users SET signed_in_at = ?2 WHERE id = ?1", params![user, now])?;
            Ok(())
        })?;
        Ok((session, token))
    }

    /// Who is signed in by this token. Its use is noted.
    pub fn session(&self, token: &str) -> Result<Option<SignedIn>> {
        if !Kind::Session.is(token) {
            return Ok(None);
        }
        let now = crate::clock::now();
        let found: Option<(String, Option<String>, i64)> = self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT id, user, seen_at FROM sessions WHERE hash = ?1 AND expires_at > ?2 AND seen_at > ?3",
            )?;
            let row = find.query_row(params![tokens::hash(token), now, now - IDLE_LIMIT], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            });
            Ok(row.optional()?)
        })?;
        let Some((session, user, seen_at)) = found else {
            return Ok(None);
        };
        let user = match user {
            Some(id) => match self.read(|db| find(db, &id)) {
                Ok(user) if !user.disabled => Some(user),
                Ok(_) | Err(Error::NotFound(_)) => return Ok(None),
                Err(error) => return Err(error),
            },
            None => None,
        };
        if now - seen_at >= TOUCH_EVERY {
            self.write(|db| {
                db.execute(
                    "UPDATE sessions SET seen_at = ?2 WHERE id = ?1",
                    params![session, now],
                )?;
                Ok(())
            })?;
        }
        Ok(Some(SignedIn { session, user }))
    }

    /// Sessions that have not ended, newest first: of one user, or all.
    pub fn sessions(&self) -> Result<Vec<UserSession>> {
        let now = crate::clock::now();
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, user, agent, created_at, seen_at, expires_at FROM sessions
                 WHERE expires_at > ?1 AND seen_at > ?2 ORDER BY seen_at DESC, id",
            )?;
            let rows = all.query_map(params![now, now - IDLE_LIMIT], |row| {
                Ok(UserSession {
                    id: row.get(0)?,
                    user: row.get(1)?,
                    agent: row.get(2)?,
                    created_at: row.get(3)?,
                    seen_at: row.get(4)?,
                    expires_at: row.get(5)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Ends the sessions of who knew the installation's password, where it is another one now.
    pub fn follow_password(&self, password: Option<&str>) -> Result<()> {
        const MARK: &str = "access.password";
        let key = audit::mac(&self.keys().id, &[b"password"]);
        let mark = audit::hex(&audit::mac(&key, &[password.unwrap_or_default().as_bytes()]));
        self.write(|db| {
            if settings::get(db, MARK)?.as_deref() != Some(mark.as_str()) {
                db.execute("DELETE FROM sessions WHERE user IS NULL", [])?;
                settings::set(db, MARK, &mark)?;
            }
            Ok(())
        })
    }

    /// Ends a session.
    pub fn end_session(&self, id: &str) -> Result<()> {
        self.write(
            |db| match db.execute("DELETE FROM sessions WHERE id = ?1", [id])? {
                0 => Err(Error::NotFound("session")),
                _ => Ok(()),
            },
        )
    }
}
