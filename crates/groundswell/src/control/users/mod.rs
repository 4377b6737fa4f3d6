//! People: who they are, how they prove it, and what they may do in which project.

mod links;
mod members;
mod passwords;
mod sessions;

pub use links::{Link, LinkKind};
pub use members::Member;
pub use passwords::{MAX_PASSWORD, MIN_PASSWORD};
pub use sessions::{ABSOLUTE_LIMIT, IDLE_LIMIT, SignedIn, UserSession};

use super::access::{AccessRole, Grants};
use super::audit::{self, Action, Event};
use super::error::{Error, Result};
use super::{Control, clean_name, new_id, projects};
use crate::control::sql::{self, Connection, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct User {
    /// The id, which the audit log names.
    pub id: String,
    /// The e-mail address, which signs in.
    pub email: String,
    /// The name others see.
    pub name: String,
    /// Whether signing in is refused.
    pub disabled: bool,
    /// Whether a password was chosen.
    pub has_password: bool,
    /// Whether an identity provider vouches for the user.
    pub single_sign_on: bool,
    /// The role in every project, and over the installation.
    pub role: Option<AccessRole>,
    /// Roles in single projects, besides.
    pub projects: BTreeMap<String, AccessRole>,
    /// When the user was made.
    pub created_at: i64,
    /// When the user last signed in.
    pub signed_in_at: Option<i64>,
}

impl User {
    /// What the user may do.
    pub fn grants(&self) -> Grants {
        Grants {
            everywhere: self.role,
            projects: self.projects.clone(),
        }
    }
}

impl Control {
    /// Everybody, by e-mail address.
    pub fn users(&self) -> Result<Vec<User>> {
        self.read(|db| {
            let mut all = db.prepare_cached(&format!("{COLUMNS} ORDER BY email"))?;
            let rows: Vec<User> = all.query_map([], user)?.collect::<sql::Result<Vec<User>>>()?;
            rows.into_iter().map(|u| granted(db, u)).collect()
        })
    }

    /// One user, by id or e-mail address.
    pub fn user(&self, name: &str) -> Result<User> {
        self.read(|db| find(db, name))
    }

    /// Whether somebody can sign in who may do everything: from then on an installation without a password is no
    /// longer open to whoever uses the machine.
    pub fn has_administrator(&self) -> Result<bool> {
        self.read(|db| {
            let mut find = db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM users JOIN memberships ON user = id WHERE disabled = 0
                 AND memberships.project IS NULL AND role = 'admin' AND (password IS NOT NULL OR subject IS NOT NULL))",
            )?;
            Ok(find.query_row([], |row| row.get(0))?)
        })
    }

    /// Adds a user with the given roles, who cannot sign in until there is a password or an identity provider.
    pub fn create_user(&self, email: &str, name: &str, grants: &Grants, by: &Event) -> Result<User> {
        let (email, id) = (clean_email(email)?, new_id("u_")?);
        let name = clean_name(if name.trim().is_empty() { &email } else { name })?;
        self.write(|db| {
            insert(db, &id, &email, name, None)?;
            grant(db, &id, grants)?;
            self.note(db, by, Action::UserAdded, &id, describe(grants))?;
            find(db, &id)
        })
    }

    /// Changes name, roles and whether signing in is allowed. Whoever is disabled is signed out. The last administrator stays.
    pub fn change_user(&self, id: &str, change: &UserChange, by: &Event) -> Result<User> {
        self.write(|db| {
            let old = find(db, id)?;
            if let Some(name) = &change.name {
                db.execute(
                    "UPDATE users SET name = ?2 WHERE id = ?1",
                    params![old.id, clean_name(name)?],
                )?;
            }
            if let Some(grants) = &change.grants {
                grant(db, &old.id, grants)?;
            }
            if let Some(disabled) = change.disabled {
                db.execute(
                    "UPDATE users SET disabled = ?2 WHERE id = ?1",
                    params![old.id, disabled],
                )?;
                if disabled {
                    db.execute("DELETE FROM sessions WHERE user = ?1", [&old.id])?;
                    db.execute("DELETE FROM links WHERE user = ?1", [&old.id])?;
                }
            }
            let new = find(db, &old.id)?;
            keep_an_administrator(db, &old)?;
            let mut details = describe(&new.grants());
            details["disabled"] = new.disabled.into();
            self.note(db, by, Action::UserChanged, &old.id, details)?;
            Ok(new)
        })
    }

    /// Removes a user, with sessions and links. The last administrator stays.
    pub fn delete_user(&self, id: &str, by: &Event) -> Result<()> {
        self.write(|db| {
            let old = find(db, id)?;
            db.execute("DELETE FROM users WHERE id = ?1", [&old.id])?;
            keep_an_administrator(db, &old)?;
            self.note(db, by, Action::UserRemoved, &old.id, serde_json::Value::Null)
        })
    }

    /// The user whom an identity provider vouches for. One with the same address is taken over where the provider has
    /// verified it; roles are the provider's from now on.
    pub fn vouched_user(&self, vouched: &Vouched<'_>, grants: &Grants) -> Result<User> {
        let (email, subject, name) = (clean_email(vouched.email)?, vouched.subject, vouched.name);
        self.write(|db| {
            let same_address = match vouched.email_verified {
                true => by(db, "lower(email) = lower(?1)", &email)?,
                false => None,
            };
            let user = match by(db, "subject = ?1", subject)?.or(same_address) {
                Some(user) => user,
                None => {
                    let id = new_id("u_")?;
                    let name = clean_name(if name.trim().is_empty() { &email } else { name })?;
                    insert(db, &id, &email, name, Some(subject))?;
                    let event = Event::new("single sign-on", AccessRole::Admin, Action::UserAdded);
                    self.note(db, &event, Action::UserAdded, &id, describe(grants))?;
                    find(db, &id)?
                }
            };
            if user.disabled {
                return Ok(user);
            }
            db.execute(
                "UPDATE users SET subject = ?2 WHERE id = ?1",
                params![user.id, subject],
            )?;
            if user.grants() != *grants {
                grant(db, &user.id, grants)?;
                if keep_an_administrator(db, &user).is_err() {
                    // Groups cannot lock everybody out.
                    grant(db, &user.id, &user.grants())?;
                } else {
                    let event = Event::new("single sign-on", AccessRole::Admin, Action::UserChanged);
                    self.note(db, &event, Action::UserChanged, &user.id, describe(grants))?;
                }
            }
            find(db, &user.id)
        })
    }

    /// Puts down what was done to a user, as part of it.
    fn note(
        &self,
        db: &Transaction<'_>,
        by: &Event,
        action: Action,
        user: &str,
        details: serde_json::Value,
    ) -> Result<()> {
        let event = Event { action, ..by.clone() };
        audit::append(db, &self.keys().id, &event.on(user).with(details))
    }
}

/// Somebody whom an identity provider vouches for.
#[derive(Debug, Clone, Copy)]
pub struct Vouched<'v> {
    /// Issuer and subject: what the provider never gives to somebody else.
    pub subject: &'v str,
    /// The e-mail address.
    pub email: &'v str,
    /// Whether the provider knows that the address is the user's.
    pub email_verified: bool,
    /// The name.
    pub name: &'v str,
}

/// What is to be changed of a user; `None` stays as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// The name.
    pub name: Option<String>,
    /// All roles.
    pub grants: Option<Grants>,
    /// Whether signing in is refused.
    pub disabled: Option<bool>,
}

const COLUMNS: &str = "SELECT id, email, name, disabled, password IS NOT NULL, subject IS NOT NULL, created_at, signed_in_at FROM users";

fn user(row: &Row<'_>) -> sql::Result<User> {
    Ok(User {
        id: row.get(0)?,
        email: row.get(1)?,
        name: row.get(2)?,
        disabled: row.get(3)?,
        has_password: row.get(4)?,
        single_sign_on: row.get(5)?,
        role: None,
        projects: BTreeMap::new(),
        created_at: row.get(6)?,
        signed_in_at: row.get(7)?,
    })
}

fn by(db: &Connection, condition: &str, value: &str) -> Result<Option<User>> {
    let mut find = db.prepare_cached(&format!("{COLUMNS} WHERE {condition}"))?;
    let found = find.query_row([value], user).optional()?;
    found.map(|u| granted(db, u)).transpose()
}

fn find(db: &Connection, name: &str) -> Result<User> {
    by(db, "id = ?1 OR lower(email) = lower(?1)", name)?.ok_or(Error::NotFound("user"))
}

/// The user with the roles.
fn granted(db: &Connection, mut user: User) -> Result<User> {
    let mut roles = db.prepare_cached("SELECT project, role FROM memberships WHERE user = ?1")?;
    let mut rows = roles.query([&user.id])?;
    while let Some(row) = rows.next()? {
        let (project, role): (Option<String>, String) = (row.get(0)?, row.get(1)?);
        let role = AccessRole::from_name(&role).unwrap_or(AccessRole::Aggregate);
        match project {
            None => user.role = Some(role),
            Some(project) => drop(user.projects.insert(project, role)),
        }
    }
    Ok(user)
}

fn insert(db: &Connection, id: &str, email: &str, name: &str, subject: Option<&str>) -> Result<()> {
    db.execute(
        "INSERT INTO users (id, email, name, subject, disabled, created_at) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
        params![id, email, name, subject, crate::clock::now()],
    )
    .map_err(|e| Error::or_taken(e, email))?;
    Ok(())
}

/// Puts these roles in place of those there were.
fn grant(db: &Connection, user: &str, grants: &Grants) -> Result<()> {
    db.execute("DELETE FROM memberships WHERE user = ?1", [user])?;
    let everywhere = grants.everywhere.iter().map(|role| (None, role));
    let single = grants.projects.iter().map(|(p, role)| (Some(p), role));
    for (project, role) in everywhere.chain(single) {
        if let Some(project) = project {
            projects::find(db, project)?;
        }
        db.execute(
            "INSERT INTO memberships (user, project, role) VALUES (?1, ?2, ?3)",
            params![user, project, role.name()],
        )?;
    }
    Ok(())
}

/// Refuses a change that leaves nobody who may do everything, where there was somebody.
fn keep_an_administrator(db: &Connection, before: &User) -> Result<()> {
    let was = before.role == Some(AccessRole::Admin) && !before.disabled;
    let left: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM users JOIN memberships ON user = id
         WHERE disabled = 0 AND memberships.project IS NULL AND role = 'admin')",
        [],
        |row| row.get(0),
    )?;
    match was && !left {
        true => Err(Error::LastAdministrator),
        false => Ok(()),
    }
}

fn describe(grants: &Grants) -> serde_json::Value {
    serde_json::json!({"role": grants.everywhere, "projects": grants.projects})
}

/// An address as it is kept: trimmed, in lower case. What it must look like is left to the mail server.
fn clean_email(email: &str) -> Result<String> {
    let email = email.trim().to_lowercase();
    let plain = |c: char| !c.is_control() && !c.is_whitespace();
    match email.split_once('@') {
        Some((user, host))
            if !user.is_empty() && !host.is_empty() && email.len() <= 254 && email.chars().all(plain) =>
        {
            Ok(email)
        }
        _ => Err(Error::Invalid("this is no e-mail address")),
    }
}
