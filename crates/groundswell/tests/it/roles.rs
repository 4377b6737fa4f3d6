//! Who may do what: API keys, opening, revealing, and the log of it.

use crate::server::{Server, config};
use serde_json::{Value, json};

fn filled() -> (tempfile::TempDir, Server, String) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    server.monitor("kettle", "kettle");
    server.post(
        "/api/v1/posts",
        &json!({"uid": "x:1", "platform": "x", "text": "my kettle", "author": {"id": "7", "handle": "ana_7", "name": "Ana"},
                "permalink": "https://x.com/ana_7/status/1"}),
    );
    let page = server.wait("/api/v1/mentions", |p| p["total"] == 1);
    let key = page["items"][0]["post"]["key"].as_str().unwrap().to_owned();
    (folder, server, key)
}

fn key(server: &Server, role: &str) -> String {
    let (status, made) = server.post("/api/v1/keys", &json!({"name": role, "role": role}));
    assert_eq!(status, 201, "{made}");
    made["token"].as_str().unwrap().to_owned()
}

fn with(server: &Server, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let header = format!("Bearer {token}");
    let (status, text) = server.request(method, path, &body, &[("Authorization", &header)]);
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[test]
fn revealing_needs_a_responder_and_a_reason() {
    let (_folder, server, post) = filled();
    let path = format!("/api/v1/posts/{post}/reveal");
    let reason = json!({"reason": "to answer a complaint"});
    for role in ["aggregate", "viewer", "analyst"] {
        let (status, answer) = with(&server, &key(&server, role), "POST", &path, &reason);
        assert_eq!((status, &answer["code"]), (403, &json!("role")), "{role}");
    }
    let responder = key(&server, "responder");
    let (status, answer) = with(&server, &responder, "POST", &path, &json!({}));
    assert_eq!((status, &answer["code"]), (403, &json!("reason_needed")));
    let (status, who) = with(&server, &responder, "POST", &path, &reason);
    assert_eq!(status, 200);
    assert_eq!(
        (&who["handle"], &who["name"], &who["profile"]),
        (&json!("ana_7"), &json!("Ana"), &json!("https://x.com/ana_7"))
    );
    // A key's reason is asked for each time, and what it looked up is on record without a name.
    assert_eq!(with(&server, &responder, "POST", &path, &json!({})).0, 403);
    let audit = server.get("/api/v1/audit");
    let row = &audit["items"][0];
    assert_eq!(
        (&row["action"], &row["role"], &row["subject"], &row["reason"]),
        (
            &json!("reveal"),
            &json!("responder"),
            &json!(post),
            &json!("to answer a complaint")
        )
    );
    assert_eq!(audit["chain_ok"], true);
    assert!(!audit.to_string().contains("ana_7"));
}

#[test]
fn the_single_user_gives_a_reason_once_a_session() {
    let (_folder, server, post) = filled();
    let path = format!("/api/v1/posts/{post}/reveal");
    assert_eq!(server.post(&path, &json!({})).0, 403);
    let answer = server.raw("POST", &path, &json!({"reason": "crisis work"}).to_string(), &[]);
    let cookie = cookie(&answer);
    let again = server.request("POST", &path, "{}", &[("Cookie", &cookie)]);
    assert_eq!(again.0, 200, "{}", again.1);
    assert_eq!(server.get("/api/v1/audit")["items"][0]["reason"], "crisis work");
}

fn cookie(answer: &str) -> String {
    let line = answer
        .lines()
        .find(|l| l.to_lowercase().starts_with("set-cookie:"))
        .unwrap();
    assert!(
        line.contains("HttpOnly") && line.contains("SameSite=Strict"),
        "{line}"
    );
    line.split_once(": ")
        .unwrap()
        .1
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

#[test]
fn an_original_is_opened_for_a_purpose_picked_once_a_session_and_project() {
    let (_folder, server, post) = filled();
    let path = format!("/api/v1/posts/{post}/open?project=default");
    let (status, body) = server.request("GET", &path, "", &[]);
    assert_eq!(status, 403);
    assert!(
        body.contains("purpose_needed") && body.contains("/api/v1/session/purpose"),
        "{body}"
    );
    let purpose = json!({"project": "default", "purpose": "customer care"}).to_string();
    let cookie = cookie(&server.raw("POST", "/api/v1/session/purpose", &purpose, &[]));
    for _ in 0..2 {
        let answer = server.raw("GET", &path, "", &[("Cookie", &cookie)]);
        assert!(
            answer.starts_with("HTTP/1.1 303") && answer.contains("location: https://x.com/ana_7/status/1"),
            "{answer}"
        );
        assert!(answer.contains("referrer-policy: no-referrer"));
    }
    let elsewhere = format!("/api/v1/posts/{post}/open?project=other");
    assert_eq!(
        server.request("GET", &elsewhere, "", &[("Cookie", &cookie)]).0,
        403
    );
    let audit = server.get("/api/v1/audit");
    let told: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["action"].as_str().unwrap())
        .collect();
    assert_eq!(
        told,
        ["open", "open", "purpose", "changed"],
        "making the monitor is on record, too"
    );
    assert_eq!(audit["items"][0]["reason"], "customer care");
}

#[test]
fn a_key_does_what_its_role_and_project_allow_until_it_is_withdrawn() {
    let (_folder, server, _) = filled();
    let none = Value::Null;
    let aggregate = key(&server, "aggregate");
    assert_eq!(with(&server, &aggregate, "GET", "/api/v1/overview", &none).0, 200);
    for path in ["/api/v1/mentions", "/api/v1/status", "/metrics"] {
        assert_eq!(with(&server, &aggregate, "GET", path, &none).0, 403, "{path}");
    }
    let (_, project) = server.post("/api/v1/projects", &json!({"name": "second"}));
    let project = project["id"].as_str().unwrap();
    let (_, made) = server.post(
        "/api/v1/keys",
        &json!({"name": "p", "role": "analyst", "project": project}),
    );
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("gsk_"));
    assert_eq!(with(&server, token, "GET", "/api/v1/mentions", &none).0, 403);
    assert_eq!(
        with(
            &server,
            token,
            "GET",
            &format!("/api/v1/mentions?project={project}"),
            &none
        )
        .0,
        200
    );
    assert!(!server.get("/api/v1/keys").to_string().contains(token));

    let id = made["key"]["id"].as_str().unwrap();
    assert_eq!(
        server.request("DELETE", &format!("/api/v1/keys/{id}"), "", &[]).0,
        204
    );
    let (status, answer) = with(&server, token, "GET", "/api/v1/mentions", &none);
    assert_eq!((status, &answer["code"]), (401, &json!("api_key")));
    // Another site's page cannot use the machine's owner either.
    let evil = [("Origin", "https://evil.example")];
    let (status, _) = server.request(
        "POST",
        "/api/v1/keys",
        &json!({"name": "x", "role": "admin"}).to_string(),
        &evil,
    );
    assert_eq!(status, 403);
}
