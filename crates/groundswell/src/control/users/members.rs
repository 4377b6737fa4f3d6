//! Who has a role in one project: what the project's own administrators may see and change.

use super::{COLUMNS, Control, User, by, clean_email, find, granted, insert, user};
use crate::control::access::AccessRole;
use crate::control::audit::{Action, Event};
use crate::control::error::{Error, Result};
use crate::control::sql::{self, params};
use crate::control::{clean_name, new_id, projects};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Somebody with a role in a project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Member {
    /// The user's id.
    pub id: String,
    /// The e-mail address.
    pub email: String,
    /// The name others see.
    pub name: String,
    /// The role in this project.
    pub role: AccessRole,
    /// Whether the role holds in every project: it is changed with the users, not here.
    pub everywhere: bool,
    /// Whether signing in is refused.
    pub disabled: bool,
}

impl Member {
    fn of(user: User, project: &str) -> Option<Self> {
        let role = user.role.or_else(|| user.projects.get(project).copied())?;
        Some(Self {
            everywhere: user.role.is_some(),
            id: user.id,
            email: user.email,
            name: user.name,
            role,
            disabled: user.disabled,
        })
    }
}

impl Control {
    /// Everybody with a role in a project, by e-mail address.
    pub fn members(&self, project: &str) -> Result<Vec<Member>> {
        self.read(|db| {
            projects::find(db, project)?;
            let mut all = db.prepare_cached(&format!(
                "{COLUMNS} WHERE id IN (SELECT user FROM memberships WHERE project IS NULL OR project = ?1) ORDER BY email"
            ))?;
            let rows: Vec<User> = all.query_map([project], user)?.collect::<sql::Result<_>>()?;
            let members = rows.into_iter().map(|row| Ok(Member::of(granted(db, row)?, project)));
            Ok(members.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
        })
    }

    /// Gives the user of an address a role in a project, and adds the user where there is none: the second is true then,
    /// and an invitation may be made. One who is there keeps every other role; no link is made for somebody else's account.
    pub fn put_member(
        &self,
        project: &str,
        (email, name): (&str, &str),
        role: AccessRole,
        event: &Event,
    ) -> Result<(Member, bool)> {
        let (email, id) = (clean_email(email)?, new_id("u_")?);
        let name = clean_name(if name.trim().is_empty() { &email } else { name })?;
        self.write(|db| {
            projects::find(db, project)?;
            let known = by(db, "lower(email) = lower(?1)", &email)?;
            let is_new = known.is_none();
            let id = known.map_or(id, |user| user.id);
            if is_new {
                insert(db, &id, &email, name, None)?;
            }
            db.execute(
                "DELETE FROM memberships WHERE user = ?1 AND project = ?2",
                [&id, project],
            )?;
            db.execute(
                "INSERT INTO memberships (user, project, role) VALUES (?1, ?2, ?3)",
                params![id, project, role.name()],
            )?;
            let action = if is_new {
                Action::UserAdded
            } else {
                Action::UserChanged
            };
            self.note(
                db,
                event,
                action,
                &id,
                json!({"projects": {project: role.name()}}),
            )?;
            let member = Member::of(find(db, &id)?, project).ok_or(Error::NotFound("member"))?;
            Ok((member, is_new))
        })
    }

    /// Takes a user's role in a project away. One that holds everywhere stays.
    pub fn remove_member(&self, project: &str, id: &str, event: &Event) -> Result<()> {
        self.write(|db| {
            let gone = db.execute(
                "DELETE FROM memberships WHERE user = ?1 AND project = ?2",
                [id, project],
            )?;
            if gone == 0 {
                return Err(Error::NotFound("member"));
            }
            self.note(
                db,
                event,
                Action::UserChanged,
                id,
                json!({"projects": {project: null}}),
            )
        })
    }
}
