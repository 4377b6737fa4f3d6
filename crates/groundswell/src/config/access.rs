//! Who may come in, and how: `[server.tls]`, `[server.limits]` and `[access.oidc]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use super::{Limits, Tls};
use crate::control::AccessRole;
use crate::oidc;
use std::path::Path;
use toml::{Table, Value};

pub(super) fn read_tls(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Tls> {
    let mut r = Reader::new(table, "server.tls", faults);
    let (cert, key) = (r.required_text("cert"), r.required_text("key"));
    for (name, file) in [("cert", cert), ("key", key)] {
        if let Some(file) = file
            && let Err(e) = std::fs::metadata(base.join(file))
        {
            r.fault(name, format!("{file}: {e}"));
        }
    }
    r.finish();
    Some(Tls {
        cert: base.join(cert?),
        key: base.join(key?),
    })
}

pub(super) fn read_limits(table: &Table, faults: &mut Vec<Fault>) -> Limits {
    let mut r = Reader::new(table, "server.limits", faults);
    let default = Limits::default();
    let mut number = |key, default| {
        let given = r.number(key, 1, 1_000_000);
        given.and_then(|n| u32::try_from(n).ok()).unwrap_or(default)
    };
    let limits = Limits {
        per_minute: number("requests_per_minute", default.per_minute),
        burst: number("burst", default.burst),
    };
    r.finish();
    limits
}

pub(super) fn read_access(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<oidc::Settings> {
    let mut r = Reader::new(table, "access", faults);
    let oidc = r.table("oidc");
    r.finish();
    read_oidc(oidc?, base, faults)
}

fn read_oidc(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<oidc::Settings> {
    let mut r = Reader::new(table, "access.oidc", faults);
    let issuer = r.required_text("issuer").map(|i| i.to_owned());
    if let Some(issuer) = issuer.as_ref().filter(|i| !oidc::is_safe(i)) {
        r.fault(
            "issuer",
            format!("`{issuer}` is no https:// address; http:// is for this machine only"),
        );
    }
    let client_id = r.required_text("client_id").map(str::to_owned);
    let client_secret = r
        .required_text("client_secret")
        .and_then(|text| match secret(text, base) {
            Ok(secret) => Some(secret),
            Err(message) => {
                r.fault("client_secret", message);
                None
            }
        });
    let name = r.text("name").unwrap_or("single sign-on").to_owned();
    let groups_claim = r.text("groups_claim").unwrap_or("groups").to_owned();
    let scopes = r.texts("scopes");
    let groups = r.table("groups");
    if groups.is_none_or(Table::is_empty) {
        r.fault("groups", "names no group: nobody could sign in");
    }
    let mut grants = Vec::new();
    for (group, value) in groups.into_iter().flatten() {
        match grant(value) {
            Ok((project, role)) => grants.push(oidc::GroupGrant {
                group: group.clone(),
                project,
                role,
            }),
            Err(message) => r.fault(&format!("groups.{group}"), message),
        }
    }
    r.finish();
    Some(oidc::Settings {
        name,
        issuer: issuer?,
        client_id: client_id?,
        client_secret: client_secret?,
        groups_claim,
        scopes,
        groups: grants,
    })
}

/// `"analyst"` everywhere, or `{ project = "p_1", role = "analyst" }`.
fn grant(value: &Value) -> Result<(Option<String>, AccessRole), String> {
    let role = |name: &str| {
        AccessRole::from_name(name).ok_or_else(|| {
            let known = AccessRole::ALL.map(AccessRole::name).join(", ");
            format!("`{name}` is no role; known: {known}")
        })
    };
    match value {
        Value::String(name) => Ok((None, role(name)?)),
        Value::Table(table) => match (table.get("project"), table.get("role")) {
            (Some(Value::String(project)), Some(Value::String(name))) if table.len() == 2 => {
                Ok((Some(project.clone()), role(name)?))
            }
            _ => Err("is a role, or { project = \"…\", role = \"…\" }".to_owned()),
        },
        _ => Err("is a role, or { project = \"…\", role = \"…\" }".to_owned()),
    }
}
