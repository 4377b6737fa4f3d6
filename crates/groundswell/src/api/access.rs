//! What whoever asks may do: the password's or the machine's owner everything, an API key what its role allows.
//!
//! The guard finds out who asks, holds the table below against method and path, and hands [`Access`] on to the
//! handlers, which may ask for more.

use super::{App, Failure};
use crate::control::{AccessRole, Action, ApiKey, AuditEvent};
use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use serde::Deserialize;
use std::sync::Arc;

/// Who asks, and with which role.
#[derive(Debug, Clone)]
pub struct Access {
    /// The role.
    pub role: AccessRole,
    /// The name in the audit log: `local`, `password` or `key:<id>`.
    pub actor: String,
    /// The only project that may be asked about; any where `None`.
    pub project: Option<String>,
    /// The session, where there is one: an API key's is the key's, a browser's is a cookie's.
    pub session: Option<String>,
}

impl Access {
    /// The user of this machine, or the holder of the password: every role.
    pub(super) fn owner(has_password: bool, session: Option<String>) -> Self {
        Self {
            role: AccessRole::Admin,
            actor: if has_password { "password" } else { "local" }.to_owned(),
            project: None,
            session,
        }
    }

    /// The holder of an API key.
    pub(super) fn key(key: ApiKey) -> Self {
        let actor = format!("key:{}", key.id);
        Self {
            role: key.role,
            session: Some(actor.clone()),
            actor,
            project: key.project,
        }
    }

    /// Whether only sums may be shown, with small cells guarded.
    pub fn aggregate_only(&self) -> bool {
        self.role == AccessRole::Aggregate
    }

    /// Whether this is the one user of an installation on loopback, who holds every role.
    pub fn is_single_user(&self) -> bool {
        self.actor == "local"
    }

    /// Refuses a lower role.
    pub fn need(&self, role: AccessRole) -> Result<(), Failure> {
        if self.role >= role {
            return Ok(());
        }
        Err(Failure::Forbidden {
            code: "role",
            message: format!("this needs the role {}, not {}", role.name(), self.role.name()),
            hint: "an administrator can make an API key with that role: POST /api/v1/keys",
        })
    }

    /// Refuses another project than the key's.
    pub fn need_project(&self, project: &str) -> Result<(), Failure> {
        match &self.project {
            Some(own) if own != project => Err(foreign_project()),
            _ => Ok(()),
        }
    }

    /// An event of the audit log by whoever asks.
    pub fn event(&self, action: Action) -> AuditEvent {
        AuditEvent::new(&self.actor, self.role, action)
    }

    /// Refuses what role and project do not allow.
    pub(super) fn check(&self, method: &Method, uri: &Uri) -> Result<(), Failure> {
        self.need(needed(method, uri.path()))?;
        match &self.project {
            Some(own) if !is_within(own, uri) => Err(foreign_project()),
            _ => Ok(()),
        }
    }
}

fn foreign_project() -> Failure {
    Failure::Forbidden {
        code: "project",
        message: "this API key is for one project only".to_owned(),
        hint: "name the key's own project in the path or as project=",
    }
}

/// The least role for a request. Whatever is not named needs a viewer to read and an analyst to change.
fn needed(method: &Method, path: &str) -> AccessRole {
    let reading = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let parts: Vec<&str> = path
        .strip_prefix("/api/v1/")
        .unwrap_or_default()
        .split('/')
        .collect();
    match (reading, parts.as_slice()) {
        (true, ["overview" | "series" | "breakdown" | "session" | "openapi.json"]) => AccessRole::Aggregate,
        (_, ["keys" | "erasures" | "audit" | "purge", ..]) => AccessRole::Admin,
        (false, ["sources" | "past-searches" | "policies", ..] | ["projects", _, "retention"]) => {
            AccessRole::Admin
        }
        (_, ["export"]) => AccessRole::Analyst,
        (_, ["posts", _, "reveal"]) => AccessRole::Responder,
        (_, ["posts", _, "open"]) => AccessRole::Analyst,
        // Questions that are too long for an address.
        (false, ["projects", _, "classifiers", _, "classify"]) => AccessRole::Viewer,
        (false, ["queries", "check" | "preview" | "diff"]) => AccessRole::Viewer,
        (true, _) => AccessRole::Viewer,
        (false, _) => AccessRole::Analyst,
    }
}

#[derive(Deserialize)]
struct Project {
    project: Option<String>,
}

/// Whether a request is about this project and no other; what names none is about `default`, where it can name one.
fn is_within(own: &str, uri: &Uri) -> bool {
    let Some(path) = uri.path().strip_prefix("/api/v1/") else {
        return false;
    };
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["projects", project, ..] => *project == own,
        // These say and change nothing of any project, or look at it themselves.
        ["openapi.json" | "session", ..] | ["posts", _, "reveal" | "open"] => true,
        ["overview" | "series" | "breakdown" | "mentions" | "export" | "live" | "vendor-comparison"] => {
            Query::<Project>::try_from_uri(uri)
                .is_ok_and(|Query(asked)| asked.project.as_deref().unwrap_or("default") == own)
        }
        _ => false,
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

    fn key(role: AccessRole, project: Option<&str>) -> Access {
        Access::key(ApiKey {
            id: "k_1".into(),
            name: "one".into(),
            role,
            project: project.map(str::to_owned),
            created_at: 0,
        })
    }

    fn may(access: &Access, method: Method, uri: &str) -> bool {
        access.check(&method, &uri.parse().expect("an address")).is_ok()
    }

    #[test]
    fn each_role_may_do_what_the_table_says() {
        use AccessRole::{Admin, Aggregate, Analyst, Responder, Viewer};
        let cases = [
            (Method::GET, "/api/v1/series", Aggregate),
            (Method::GET, "/api/v1/mentions", Viewer),
            (Method::GET, "/metrics", Viewer),
            (Method::POST, "/api/v1/queries/check", Viewer),
            (Method::POST, "/api/v1/posts", Analyst),
            (Method::PUT, "/api/v1/monitors/m_1", Analyst),
            (Method::GET, "/api/v1/posts/aa/open", Analyst),
            (Method::POST, "/api/v1/posts/aa/reveal", Responder),
            (Method::GET, "/api/v1/audit", Admin),
            (Method::GET, "/api/v1/erasures/er_1", Admin),
            (Method::POST, "/api/v1/keys", Admin),
            (Method::POST, "/api/v1/sources", Admin),
            (Method::POST, "/api/v1/policies/youtube/acceptance", Admin),
            (Method::PUT, "/api/v1/projects/p_1/retention", Admin),
            (Method::GET, "/api/v1/policies", Viewer),
            (Method::GET, "/api/v1/export", Analyst),
            (Method::GET, "/api/v1/vendor-comparison?vendor=a", Viewer),
            (Method::POST, "/api/v1/projects/p_1/vendor-mentions", Analyst),
            (Method::GET, "/api/v1/projects/p_1/renditions/rn_1", Viewer),
            (
                Method::POST,
                "/api/v1/projects/p_1/renditions/rn_1/approve",
                Analyst,
            ),
            (Method::POST, "/api/v1/projects/p_1/reports/r_1/render", Analyst),
            (
                Method::POST,
                "/api/v1/projects/p_1/classifiers/c_1/classify",
                Viewer,
            ),
            (
                Method::POST,
                "/api/v1/projects/p_1/classifiers/c_1/train",
                Analyst,
            ),
        ];
        for (method, uri, least) in cases {
            for role in [Aggregate, Viewer, Analyst, Responder, Admin] {
                let allowed = may(&key(role, None), method.clone(), uri);
                assert_eq!(allowed, role >= least, "{method} {uri} as {}", role.name());
            }
        }
    }

    #[test]
    fn a_projects_key_asks_about_that_project_only() {
        let own = key(AccessRole::Admin, Some("p_1"));
        for uri in [
            "/api/v1/mentions?project=p_1",
            "/api/v1/projects/p_1/monitors",
            "/api/v1/series?interval=day&project=p%5F1",
            "/api/v1/vendor-comparison?project=p_1&vendor=a",
            "/api/v1/projects/p_1/reports",
        ] {
            assert!(may(&own, Method::GET, uri), "{uri}");
        }
        for uri in [
            "/api/v1/mentions",
            "/api/v1/mentions?project=p_2",
            "/api/v1/mentions?project=p_1&project=p_2",
            "/api/v1/projects",
            "/api/v1/projects/p_2/monitors",
            "/api/v1/monitors/m_1",
            "/api/v1/audit",
            "/metrics",
        ] {
            assert!(!may(&own, Method::GET, uri), "{uri}");
        }
    }
}
