//! Invitations and resets: links that work once, and only for a while, to choose a password.

use super::super::error::{Error, Result};
use super::super::tokens::{self, Kind};
use super::super::{Action, Control, audit::Event, new_id};
use super::{User, find, passwords};
use crate::control::sql::{self, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// The first password of somebody new.
    Invitation,
    /// A new password in place of one that is forgotten.
    Reset,
}

impl LinkKind {
    /// The name in the database and the log.
    pub fn name(self) -> &'static str {
        match self {
            LinkKind::Invitation => "invitation",
            LinkKind::Reset => "reset",
        }
    }

    /// How long it can be used.
    pub fn valid_for(self) -> i64 {
        match self {
            LinkKind::Invitation => 7 * 86_400_000,
            LinkKind::Reset => 3_600_000,
        }
    }
}

/// A link that was not used yet, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Link {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Whose password it sets.
    pub user: String,
    /// When it was made.
    pub created_at: i64,
    /// When it ends.
    pub expires_at: i64,
}

impl Control {
    /// Makes a link to choose a password; those made before for the user are void. Gives it with its secret.
    pub fn create_link(&self, user: &str, kind: LinkKind, by: &Event) -> Result<(Link, String)> {
        let (token, now) = (tokens::new(Kind::Link)?, crate::clock::now());
        let id = new_id("l_")?;
        self.write(|db| {
            let user = find(db, user)?;
            if user.disabled {
                return Err(Error::Invalid("this user is disabled"));
            }
            db.execute("DELETE FROM links WHERE user = ?1", [&user.id])?;
            let link = Link {
                id,
                kind,
                user: user.id,
                created_at: now,
                expires_at: now + kind.valid_for(),
            };
            db.execute(
                "INSERT INTO links (id, hash, kind, user, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![link.id, tokens::hash(&token), kind.name(), link.user, now, link.expires_at],
            )?;
            let details = serde_json::json!({"link": link.id, "kind": kind.name()});
            self.note(db, by, Action::LinkMade, &link.user, details)?;
            Ok((link, token))
        })
    }

    /// Links that can still be used, newest first.
    pub fn links(&self) -> Result<Vec<Link>> {
        let now = crate::clock::now();
        self.read(|db| {
            let mut all = db.prepare_cached(
                "SELECT id, kind, user, created_at, expires_at FROM links WHERE expires_at > ?1 ORDER BY created_at DESC, id",
            )?;
            let rows = all.query_map([now], |row| {
                let kind: String = row.get(1)?;
                Ok(Link {
                    id: row.get(0)?,
                    kind: if kind == "reset" { LinkKind::Reset } else { LinkKind::Invitation },
                    user: row.get(2)?,
                    created_at: row.get(3)?,
                    expires_at: row.get(4)?,
                })
            })?;
            Ok(rows.collect::<sql::Result<_>>()?)
        })
    }

    /// Makes a link void.
    pub fn revoke_link(&self, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            let user: Option<String> = db
                .query_row("DELETE FROM links WHERE id = ?1 RETURNING user", [id], |r| {
                    r.get(0)
                })
                .optional()?;
            let user = user.ok_or(Error::NotFound("link"))?;
            self.note(
                db,
                by,
                Action::LinkRevoked,
                &user,
                serde_json::json!({"link": id}),
            )
        })
    }

    /// Uses a link: the password is the user's from now on. A link works once.
    pub fn redeem_link(&self, token: &str, password: &str, name: Option<&str>) -> Result<User> {
        let known: Option<String> = self.read(|db| valid(db, token))?;
        known.ok_or(Error::NotFound("link, or it has ended"))?;
        // Outside of the transaction: it takes long.
        let hash = passwords::hash(password)?;
        self.write(|db| {
            let id = valid(db, token)?.ok_or(Error::NotFound("link, or it has ended"))?;
            passwords::put(db, &id, &hash)?;
            if let Some(name) = name.map(str::trim).filter(|n| !n.is_empty()) {
                let name = super::clean_name(name)?;
                db.execute("UPDATE users SET name = ?2 WHERE id = ?1", params![id, name])?;
            }
            let user = find(db, &id)?;
            let role = user.role.unwrap_or(super::AccessRole::Aggregate);
            let by = Event::new(&format!("user:{id}"), role, Action::PasswordSet);
            self.note(
                db,
                &by,
                Action::PasswordSet,
                &id,
                serde_json::json!({"by": "link"}),
            )?;
            Ok(user)
        })
    }
}

/// The user of a link that can be used.
fn valid(db: &sql::Connection, token: &str) -> Result<Option<String>> {
    let sql = "SELECT user FROM links JOIN users ON users.id = user WHERE hash = ?1 AND expires_at > ?2 AND disabled = 0";
    let mut find = db.prepare_cached(sql)?;
    let hash = tokens::hash(token);
    Ok(find
        .query_row(params![hash, crate::clock::now()], |r| r.get(0))
        .optional()?)
}
