//! What a verified token says: whether it is for us, for this sign-in and for now, and about whom it is.

use super::token::{Claims, Fault};
use super::{GroupGrant, Settings};
use crate::control::{AccessRole, Grants};
use serde_json::Value;
use std::collections::btree_map::Entry;
use subtle::ConstantTimeEq;

/// Clocks may differ by so much, in seconds.
const LEEWAY: i64 = 60;

/// Whom a token is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Issuer and subject, which nobody else ever has.
    pub subject: String,
    /// The e-mail address.
    pub email: String,
    /// Whether the provider has verified it.
    pub email_verified: bool,
    /// The name, or nothing.
    pub name: String,
    /// The groups.
    pub groups: Vec<String>,
}

/// Checks a token as OpenID Connect Core 1.0, section 3.1.3.7, asks.
pub(super) fn check(claims: &Claims, settings: &Settings, nonce: &str, now: i64) -> Result<(), Fault> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let time = |name: &str| claims.get(name).and_then(Value::as_f64).map(|t| t as i64);
    if text("iss") != Some(&settings.issuer) {
        return Err(Fault::Issuer);
    }
    let client = settings.client_id.as_str();
    let audience: Vec<&str> = match claims.get("aud") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let party = text("azp");
    let is_ours = audience.contains(&client)
        && party.is_none_or(|p| p == client)
        && (audience.len() == 1 || party.is_some());
    if !is_ours {
        return Err(Fault::Audience);
    }
    let ends = time("exp").ok_or(Fault::Expired)?;
    let begins = time("nbf").or(time("iat")).ok_or(Fault::Expired)?;
    if now >= ends.saturating_add(LEEWAY) || now < begins.saturating_sub(LEEWAY) {
        return Err(Fault::Expired);
    }
    let given = text("nonce").unwrap_or_default();
    match bool::from(given.as_bytes().ct_eq(nonce.as_bytes())) {
        true => Ok(()),
        false => Err(Fault::Nonce),
    }
}

/// Whom a token is about.
pub(super) fn person(claims: &Claims, settings: &Settings) -> Result<Person, Fault> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    let subject = text("sub").ok_or(Fault::Nobody)?;
    let email = text("email").or(text("preferred_username").filter(|n| n.contains('@')));
    let name = text("name").or(text("preferred_username")).unwrap_or_default();
    let claim = settings.groups_claim.as_str();
    let groups = match claim.strip_prefix('/') {
        None => claims.get(claim).cloned(),
        Some(_) => Value::Object(claims.clone()).pointer(claim).cloned(),
    };
    Ok(Person {
        subject: format!("{} {subject}", settings.issuer),
        email: email.ok_or(Fault::Nobody)?.to_owned(),
        email_verified: claims.get("email_verified") == Some(&Value::Bool(true)),
        name: name.to_owned(),
        groups: match groups {
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(one)) => vec![one],
            _ => Vec::new(),
        },
    })
}

/// What somebody of these groups may do. Of two roles for the same project, the later in the list of roles counts.
pub fn grants(groups: &[String], table: &[GroupGrant]) -> Grants {
    let rank = |role: AccessRole| AccessRole::ALL.iter().position(|r| *r == role);
    let stronger = |a: AccessRole, b: AccessRole| if rank(a) >= rank(b) { a } else { b };
    let mut out = Grants::default();
    for grant in table.iter().filter(|g| groups.contains(&g.group)) {
        match &grant.project {
            None => {
                out.everywhere = Some(out.everywhere.map_or(grant.role, |r| stronger(r, grant.role)));
            }
            Some(project) => match out.projects.entry(project.clone()) {
                Entry::Vacant(free) => drop(free.insert(grant.role)),
                Entry::Occupied(mut had) => {
                    let role = stronger(*had.get(), grant.role);
                    had.insert(role);
                }
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Secret;
    use serde_json::json;

    fn settings() -> Settings {
        Settings {
            name: "Acme".to_owned(),
            issuer: "https://id.example".to_owned(),
            client_id: "groundswell".to_owned(),
            client_secret: Secret("s".to_owned()),
            groups_claim: "/realm/roles".to_owned(),
            scopes: Vec::new(),
            groups: Vec::new(),
        }
    }

    fn claims(change: &Value) -> Claims {
        let mut all = json!({"iss": "https://id.example", "aud": "groundswell", "exp": 1_000, "iat": 900, "nonce": "n"});
        let (all, change) = (all.as_object_mut().expect("an object"), change.as_object());
        all.extend(change.into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        all.clone()
    }

    #[test]
    fn a_token_for_another_time_client_issuer_or_sign_in_is_refused() {
        let cases = [
            (json!({}), Ok(())),
            (json!({"aud": ["groundswell"]}), Ok(())),
            (json!({"aud": ["groundswell", "b"], "azp": "groundswell"}), Ok(())),
            (json!({"aud": ["groundswell", "b"]}), Err(Fault::Audience)),
            (json!({"aud": "b"}), Err(Fault::Audience)),
            (json!({"aud": null}), Err(Fault::Audience)),
            (json!({"azp": "b"}), Err(Fault::Audience)),
            (json!({"iss": "https://id.example/"}), Err(Fault::Issuer)),
            (json!({"exp": 800}), Err(Fault::Expired)),
            (json!({"exp": "9999"}), Err(Fault::Expired)),
            (json!({"iat": 5_000, "exp": 9_000}), Err(Fault::Expired)),
            (json!({"nonce": "m"}), Err(Fault::Nonce)),
            (json!({"nonce": null}), Err(Fault::Nonce)),
        ];
        for (change, expected) in cases {
            assert_eq!(
                check(&claims(&change), &settings(), "n", 950),
                expected,
                "{change}"
            );
        }
    }

    #[test]
    fn groups_are_found_and_the_stronger_role_counts() {
        let who = claims(
            &json!({"sub": "7", "email": "a@x.example", "realm": {"roles": ["team", "desk", "other"]}}),
        );
        let person = person(&who, &settings()).expect("a person");
        assert_eq!(person.groups, ["team", "desk", "other"]);
        assert!(!person.email_verified);
        let grant = |group: &str, project: Option<&str>, role| GroupGrant {
            group: group.to_owned(),
            project: project.map(str::to_owned),
            role,
        };
        let table = [
            grant("team", Some("p_1"), AccessRole::Viewer),
            grant("desk", Some("p_1"), AccessRole::Responder),
            grant("desk", None, AccessRole::Aggregate),
            grant("nobody", None, AccessRole::Admin),
        ];
        let found = grants(&person.groups, &table);
        assert_eq!(found.everywhere, Some(AccessRole::Aggregate));
        assert_eq!(found.projects["p_1"], AccessRole::Responder);
    }
}
