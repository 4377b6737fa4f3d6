//! What somebody may do: scopes, the roles that hold them, and in which projects.
//!
//! [`AccessRole::scopes`] is the one table of which role may do what. `docs/concepts/access.md` shows it beside the routes.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One kind of thing to do; each route of the API needs exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Sums, series and breakdowns.
    Sums,
    /// Read mentions, monitors and how sources do.
    Read,
    /// Keep projects, monitors, lists and classifiers.
    Write,
    /// Push posts.
    Push,
    /// Open originals.
    Open,
    /// Take mentions out of the installation; share figures of them.
    Export,
    /// Ask who is behind a post.
    Reveal,
    /// Erasures, the audit log, platforms' terms and how long data is kept.
    Privacy,
    /// Sources, people and keys.
    Admin,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 9] = [
        Scope::Sums,
        Scope::Read,
        Scope::Write,
        Scope::Push,
        Scope::Open,
        Scope::Export,
        Scope::Reveal,
        Scope::Privacy,
        Scope::Admin,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Sums => "sums",
            Scope::Read => "read",
            Scope::Write => "write",
            Scope::Push => "push",
            Scope::Open => "open",
            Scope::Export => "export",
            Scope::Reveal => "reveal",
            Scope::Privacy => "privacy",
            Scope::Admin => "admin",
        }
    }

    /// The scope of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Scope::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Every scope.
    pub const ALL: Scopes = Scopes(u16::MAX);

    /// Whether a scope is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u16) != 0
    }

    /// Those that are in both.
    pub fn and(self, other: Scopes) -> Scopes {
        Scopes(self.0 & other.0)
    }

    /// Those that are in either.
    pub fn or(self, other: Scopes) -> Scopes {
        Scopes(self.0 | other.0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        scopes
            .into_iter()
            .fold(Scopes::default(), |set, s| Scopes(set.0 | (1 << s as u16)))
    }
}

/// A named set of scopes. Not a ladder: a privacy officer may do what a responder may not, and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AccessRole {
    /// Only sums, series and breakdowns, with small cells guarded.
    Aggregate,
    /// Read everything but who is behind a pseudonym.
    Viewer,
    /// Keep monitors and lists, push posts, open originals, export.
    Analyst,
    /// An analyst who may ask who is behind a post.
    Responder,
    /// The privacy officer: reads, looks people up, erases, and reads the audit log; changes no monitor and no source.
    Privacy,
    /// Everything: people, keys and sources, too.
    Admin,
}

impl AccessRole {
    /// All of them, from the least on.
    pub const ALL: [AccessRole; 6] = [
        AccessRole::Aggregate,
        AccessRole::Viewer,
        AccessRole::Analyst,
        AccessRole::Responder,
        AccessRole::Privacy,
        AccessRole::Admin,
    ];

    /// What the role may do: the one table.
    pub fn scopes(self) -> Scopes {
        use Scope::{Export, Open, Privacy, Push, Read, Reveal, Sums, Write};
        let scopes: &[Scope] = match self {
            AccessRole::Aggregate => &[Sums],
            AccessRole::Viewer => &[Sums, Read],
            AccessRole::Analyst => &[Sums, Read, Write, Push, Open, Export],
            AccessRole::Responder => &[Sums, Read, Write, Push, Open, Export, Reveal],
            AccessRole::Privacy => &[Sums, Read, Open, Reveal, Privacy],
            AccessRole::Admin => &Scope::ALL,
        };
        scopes.iter().copied().collect()
    }

    /// The name on the wire and in the audit log.
    pub fn name(self) -> &'static str {
        match self {
            AccessRole::Aggregate => "aggregate",
            AccessRole::Viewer => "viewer",
            AccessRole::Analyst => "analyst",
            AccessRole::Responder => "responder",
            AccessRole::Privacy => "privacy",
            AccessRole::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        AccessRole::ALL.into_iter().find(|r| r.name() == name)
    }

    /// The least role that may do this.
    pub fn least(scope: Scope) -> AccessRole {
        let may = AccessRole::ALL.into_iter().find(|r| r.scopes().has(scope));
        may.unwrap_or(AccessRole::Admin)
    }
}

/// The roles somebody has, in all projects and in single ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// In every project, and over the installation itself.
    pub everywhere: Option<AccessRole>,
    /// In single projects, besides.
    pub projects: BTreeMap<String, AccessRole>,
}

impl Grants {
    /// One role everywhere.
    pub fn everywhere(role: AccessRole) -> Self {
        Self {
            everywhere: Some(role),
            projects: BTreeMap::new(),
        }
    }

    /// One role in one project.
    pub fn within(project: &str, role: AccessRole) -> Self {
        Self {
            everywhere: None,
            projects: BTreeMap::from([(project.to_owned(), role)]),
        }
    }

    /// The role by which this may be done in a project; over the whole installation where `None`.
    pub fn role(&self, project: Option<&str>, scope: Scope) -> Option<AccessRole> {
        let own = project.and_then(|p| self.projects.get(p)).copied();
        let mut roles = own.into_iter().chain(self.everywhere);
        roles.find(|role| role.scopes().has(scope))
    }

    /// The role by which this may be done anywhere at all.
    pub fn role_anywhere(&self, scope: Scope) -> Option<AccessRole> {
        let mut roles = self.everywhere.iter().chain(self.projects.values()).copied();
        roles.find(|role| role.scopes().has(scope))
    }

    /// What may be done in a project; over the whole installation where `None`.
    pub fn scopes(&self, project: Option<&str>) -> Scopes {
        let of = |role: Option<&AccessRole>| role.map(|r| r.scopes()).unwrap_or_default();
        let own = project.and_then(|p| self.projects.get(p));
        of(self.everywhere.as_ref()).or(of(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_in_one_project_says_nothing_of_another() {
        let mut grants = Grants::within("p_1", AccessRole::Analyst);
        assert!(grants.scopes(Some("p_1")).has(Scope::Write));
        assert!(!grants.scopes(Some("p_2")).has(Scope::Sums));
        assert!(!grants.scopes(None).has(Scope::Sums));
        grants.everywhere = Some(AccessRole::Privacy);
        assert_eq!(grants.role(Some("p_2"), Scope::Write), None);
        assert_eq!(grants.role(Some("p_1"), Scope::Write), Some(AccessRole::Analyst));
        assert_eq!(grants.role(None, Scope::Privacy), Some(AccessRole::Privacy));
    }

    #[test]
    fn the_privacy_officer_erases_and_reveals_and_changes_nothing_else() {
        let may = AccessRole::Privacy.scopes();
        for scope in Scope::ALL {
            let expected = !matches!(scope, Scope::Write | Scope::Push | Scope::Export | Scope::Admin);
            assert_eq!(may.has(scope), expected, "{}", scope.name());
        }
    }
}
