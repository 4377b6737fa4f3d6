//! Who asks, and what they may do: the guard finds that out, and hands [`Access`] on to the handlers.

use super::{App, Failure};
use crate::control::{AccessRole, Action, ApiKey, AuditEvent, Grants, Scope, Scopes, SignedIn, User};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;

/// Who asks, with which role and for which project.
#[derive(Debug, Clone)]
pub struct Access {
    /// The name in the audit log: `local`, `password`, `user:<id>`, `key:<id>` or `share:<id>`.
    pub actor: String,
    /// The role by which this request was let in.
    pub role: AccessRole,
    /// The project that the request is about, where it is about one.
    pub project: Option<String>,
    /// What was said is remembered under this: a key's or a user's session, or a browser's cookie.
    pub session: Option<String>,
    /// The user, where one is signed in.
    pub user: Option<User>,
    /// What a browser that is signed in sends along with each change.
    pub csrf: Option<String>,
    /// Roles, by project.
    pub grants: Grants,
    only: Scopes,
}

impl Access {
    fn new(actor: String, grants: Grants) -> Self {
        Self {
            actor,
            role: AccessRole::Aggregate,
            project: None,
            session: None,
            user: None,
            csrf: None,
            grants,
            only: Scopes::ALL,
        }
    }

    /// The user of this machine, or the holder of the password: everything.
    pub(super) fn owner(has_password: bool, session: Option<String>) -> Self {
        let actor = if has_password { "password" } else { "local" };
        Self {
            session,
            role: AccessRole::Admin,
            ..Self::new(actor.to_owned(), Grants::everywhere(AccessRole::Admin))
        }
    }

    /// The holder of an API key.
    pub(super) fn key(key: &ApiKey) -> Self {
        let actor = format!("key:{}", key.id);
        Self {
            session: Some(actor.clone()),
            role: key.role,
            only: key.only(),
            ..Self::new(actor, key.grants())
        }
    }

    /// Who is signed in by a cookie.
    pub(super) fn signed_in(signed_in: SignedIn, csrf: String) -> Self {
        let session = Some(signed_in.session);
        match signed_in.user {
            None => Self {
                csrf: Some(csrf),
                ..Self::owner(true, session)
            },
            Some(user) => Self {
                session,
                csrf: Some(csrf),
                role: user.role.unwrap_or(AccessRole::Aggregate),
                user: Some(user.clone()),
                ..Self::new(format!("user:{}", user.id), user.grants())
            },
        }
    }

    /// Whoever has a share link: sums of one project.
    pub(super) fn share(id: &str, project: &str) -> Self {
        Self {
            project: Some(project.to_owned()),
            ..Self::new(
                format!("share:{id}"),
                Grants::within(project, AccessRole::Aggregate),
            )
        }
    }

    /// Whether this may be done in a project; over the whole installation where `None`.
    pub fn may(&self, project: Option<&str>, scope: Scope) -> bool {
        self.only.has(scope) && self.grants.scopes(project).has(scope)
    }

    /// Whether only sums may be shown, with small cells guarded.
    pub fn aggregate_only(&self) -> bool {
        !self.may(self.project.as_deref(), Scope::Read)
    }

    /// Whether this is the one user of an installation on loopback, who may do everything.
    pub fn is_single_user(&self) -> bool {
        self.actor == "local"
    }

    /// The same, let in by the role that allows this in a project; over the whole installation where `None`.
    pub(super) fn within(mut self, project: Option<&str>, scope: Scope) -> Result<Self, Failure> {
        self.need_in(project, scope)?;
        self.role = self.grants.role(project, scope).unwrap_or(self.role);
        self.project = project.map(str::to_owned);
        Ok(self)
    }

    /// The same, let in by any role that allows this, wherever.
    pub(super) fn anywhere(mut self, scope: Scope) -> Result<Self, Failure> {
        let role = self.grants.role_anywhere(scope).filter(|_| self.only.has(scope));
        self.role = role.ok_or_else(|| self.lacks(scope))?;
        Ok(self)
    }

    /// Refuses what may not be done in a project; over the whole installation where `None`.
    pub fn need_in(&self, project: Option<&str>, scope: Scope) -> Result<(), Failure> {
        if self.may(project, scope) {
            return Ok(());
        }
        match self.only.has(scope) && self.grants.role_anywhere(scope).is_some() {
            true => Err(foreign_project()),
            false => Err(self.lacks(scope)),
        }
    }

    fn lacks(&self, scope: Scope) -> Failure {
        let (code, message) = if self.only.has(scope) {
            let least = AccessRole::least(scope).name();
            (
                "role",
                format!("this needs the role {least}, not {}", self.role.name()),
            )
        } else {
            (
                "scope",
                format!("this needs the scope {}, which the API key lacks", scope.name()),
            )
        };
        Failure::Forbidden {
            code,
            message,
            hint: "an administrator can give more: docs/concepts/access.md says which role does what",
        }
    }

    /// An event of the audit log by whoever asks.
    pub fn event(&self, action: Action) -> AuditEvent {
        AuditEvent::new(&self.actor, self.role, action)
    }
}

fn foreign_project() -> Failure {
    Failure::Forbidden {
        code: "project",
        message: "this is not for your project, or not for one alone".to_owned(),
        hint: "name your own project in the path or as project=",
    }
}

impl FromRequestParts<Arc<App>> for Access {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Failure> {
        let access = parts.extensions.get::<Access>().cloned();
        access.ok_or_else(|| Failure::Internal("a request came past the guard".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(role: AccessRole, scopes: &[Scope], project: Option<&str>) -> Access {
        Access::key(&ApiKey {
            id: "k_1".into(),
            name: "one".into(),
            role,
            scopes: scopes.to_vec(),
            project: project.map(str::to_owned),
            created_at: 0,
            expires_at: None,
            last_used_at: None,
        })
    }

    #[test]
    fn a_key_is_narrowed_to_its_scopes_and_its_project() {
        let whole = key(AccessRole::Analyst, &[], Some("p_1"));
        assert!(whole.may(Some("p_1"), Scope::Write));
        assert!(!whole.may(Some("p_2"), Scope::Write) && !whole.may(None, Scope::Read));
        let pusher = key(AccessRole::Analyst, &[Scope::Push], None);
        assert!(pusher.may(None, Scope::Push) && !pusher.may(None, Scope::Read));
        let code = |r: Result<(), Failure>| match r {
            Err(Failure::Forbidden { code, .. }) => code,
            _ => "",
        };
        assert_eq!(code(pusher.need_in(None, Scope::Read)), "scope");
        assert_eq!(code(whole.need_in(None, Scope::Admin)), "role");
        assert_eq!(code(whole.need_in(Some("p_2"), Scope::Read)), "project");
    }
}
