//! Signing in: users, sessions, invitations, tries, and the command line.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::process::Command;

pub(crate) const PASSWORD: &str = "correct horse battery";

/// A browser that is signed in.
pub(crate) struct Browser {
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl Browser {
    /// Uses an invitation or a reset.
    pub(crate) fn by_link(server: &Server, token: &str) -> Self {
        let body = json!({"token": token, "password": PASSWORD}).to_string();
        Self::of(&server.raw("POST", "/api/v1/sign-in/link", &body, &[]))
    }

    pub(crate) fn of(answer: &str) -> Self {
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let line = answer
            .lines()
            .find(|l| l.to_lowercase().starts_with("set-cookie:"))
            .unwrap();
        assert!(line.contains("HttpOnly; SameSite=Strict"), "{line}");
        let cookie = line.split_once(": ").unwrap().1.split(';').next().unwrap();
        let csrf = answer
            .split_once("\"csrf\":\"")
            .unwrap()
            .1
            .split('"')
            .next()
            .unwrap();
        Self {
            cookie: cookie.to_owned(),
            csrf: csrf.to_owned(),
        }
    }

    pub(crate) fn ask(&self, server: &Server, method: &str, path: &str, body: &str) -> (u16, Value) {
        let headers = [
            ("Cookie", self.cookie.as_str()),
            ("X-CSRF-Token", self.csrf.as_str()),
        ];
        let (status, text) = server.request(method, path, body, &headers);
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }
}

fn with_password(more: &str) -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), "open sesame\n").unwrap();
    let path = folder.path().join("groundswell.toml");
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\npassword = \"file:secret\"\n{more}\n[data]\npath = \"data\"\n"
    );
    std::fs::write(&path, text).unwrap();
    let server = Server::run(&path);
    (folder, server)
}

fn sign_in(server: &Server, email: &str, password: &str) -> String {
    let body = json!({"email": email, "password": password}).to_string();
    server.raw("POST", "/api/v1/sign-in", &body, &[])
}

#[test]
fn the_password_bootstraps_users_and_each_does_what_the_roles_allow() {
    let (_folder, server) = with_password("");
    let root = Browser::of(&sign_in(&server, "", "open sesame"));
    let (status, me) = root.ask(&server, "GET", "/api/v1/session", "");
    assert_eq!(
        (status, &me["actor"], &me["user"]),
        (200, &json!("password"), &Value::Null)
    );
    let new = json!({"email": "ana@acme.example", "name": "Ana", "projects": {"default": "analyst"}});
    let (status, made) = root.ask(&server, "POST", "/api/v1/users", &new.to_string());
    assert_eq!(status, 201, "{made}");
    let url = made["invitation"]["url"].as_str().unwrap();
    let token = url.split_once("/sign-in#").unwrap().1;
    let ana = Browser::by_link(&server, token);
    let (_, me) = ana.ask(&server, "GET", "/api/v1/session", "");
    assert_eq!(
        (&me["user"]["name"], &me["projects"]),
        (&json!("Ana"), &json!({"default": "analyst"}))
    );
    let monitor = json!({"name": "kettle", "query": "kettle"}).to_string();
    let (status, made) = ana.ask(&server, "POST", "/api/v1/projects/default/monitors", &monitor);
    assert_eq!(status, 201, "{made}");
    for (method, path) in [
        ("GET", "/api/v1/users"),
        ("GET", "/api/v1/audit"),
        ("GET", "/api/v1/sources"),
    ] {
        assert_eq!(ana.ask(&server, method, path, "").0, 403, "{path}");
    }
    // The change is on record, under the user's id.
    let (_, audit) = root.ask(&server, "GET", "/api/v1/audit", "");
    let id = me["user"]["id"].as_str().unwrap();
    let changed = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["action"] == "changed")
        .unwrap();
    assert_eq!(changed["actor"], format!("user:{id}"));
    assert_eq!(
        changed["details"],
        json!({"method": "POST", "path": "projects/default/monitors"})
    );
    assert!(!audit.to_string().contains("ana@acme.example"));
    // Signed in again with the password chosen, and out.
    let again = Browser::of(&sign_in(&server, "Ana@acme.example", PASSWORD));
    let (_, sessions) = again.ask(&server, "GET", "/api/v1/sessions", "");
    assert_eq!(
        sessions.as_array().unwrap().len(),
        2,
        "only one's own: {sessions}"
    );
    assert_eq!(again.ask(&server, "POST", "/api/v1/sign-out", "").0, 204);
    assert_eq!(again.ask(&server, "GET", "/api/v1/session", "").0, 401);
    assert_eq!(ana.ask(&server, "GET", "/api/v1/session", "").0, 200);
    let other = sessions.as_array().unwrap()[1]["id"].as_str().unwrap();
    assert_eq!(
        root.ask(&server, "DELETE", &format!("/api/v1/sessions/{other}"), "")
            .0,
        204
    );
    assert_eq!(ana.ask(&server, "GET", "/api/v1/session", "").0, 401);
}

#[test]
fn a_signed_in_browser_needs_the_sessions_token_and_our_own_page() {
    let (_folder, server) = with_password("");
    let root = Browser::of(&sign_in(&server, "", "open sesame"));
    let body = json!({"name": "second"}).to_string();
    let ask = |headers: &[(&str, &str)]| {
        let (status, text) = server.request("POST", "/api/v1/projects", &body, headers);
        let answer: Value = serde_json::from_str(&text).unwrap();
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    };
    let (cookie, csrf) = (
        ("Cookie", root.cookie.as_str()),
        ("X-CSRF-Token", root.csrf.as_str()),
    );
    assert_eq!(ask(&[cookie]), (403, "csrf".to_owned()));
    assert_eq!(ask(&[cookie, ("X-CSRF-Token", "x")]), (403, "csrf".to_owned()));
    let foreign = (403, "foreign_origin".to_owned());
    assert_eq!(ask(&[cookie, csrf, ("Origin", "https://evil.example")]), foreign);
    assert_eq!(ask(&[cookie, csrf, ("Sec-Fetch-Site", "same-site")]), foreign);
    assert_eq!(ask(&[cookie, csrf, ("Sec-Fetch-Site", "same-origin")]).0, 201);
    // A program with the password sends no cookie and needs no token.
    let program = server.request(
        "POST",
        "/api/v1/projects",
        &json!({"name": "third"}).to_string(),
        &[("Authorization", "Bearer open sesame")],
    );
    assert_eq!(program.0, 201);
}

#[test]
fn too_many_tries_have_to_wait() {
    let (_folder, server) = with_password("");
    let mut answers: Vec<String> = (0..6)
        .map(|_| sign_in(&server, "ana@acme.example", "wrong password"))
        .collect();
    let last = answers.pop().unwrap();
    assert!(
        answers.iter().all(|a| a.starts_with("HTTP/1.1 401")),
        "{answers:?}"
    );
    assert!(last.starts_with("HTTP/1.1 429"), "{last}");
    let wait = last
        .to_lowercase()
        .split_once("retry-after: ")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .parse::<u64>()
        .unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // Somebody else is not locked out.
    Browser::of(&sign_in(&server, "", "open sesame"));
}

#[test]
fn whoever_asks_too_often_is_told_when_to_come_again() {
    let (_folder, server) = with_password("[server.limits]\nrequests_per_minute = 60\nburst = 5");
    let ask = || {
        server.raw(
            "GET",
            "/api/v1/session",
            "",
            &[("Authorization", "Bearer open sesame")],
        )
    };
    let answers: Vec<String> = (0..8).map(|_| ask()).collect();
    let limited = answers
        .iter()
        .find(|a| a.starts_with("HTTP/1.1 429"))
        .expect("a limit");
    assert!(
        limited.to_lowercase().contains("retry-after: 1") && limited.contains("\"too_many\""),
        "{limited}"
    );
}

#[test]
fn the_command_line_adds_people_and_closes_an_open_machine() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    assert_eq!(server.get("/api/v1/sign-in")["needed"], false);
    let user = |args: &[&str]| {
        let out = Command::new(BINARY)
            .args(["user", "--config"])
            .arg(&path)
            .args(args)
            .output()
            .unwrap();
        let text = String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap();
        (out.status.success(), text)
    };
    let (ok, text) = user(&["add", "boss@acme.example", "--role", "admin"]);
    assert!(ok && text.contains("admin everywhere, invited"), "{text}");
    // As long as nobody can sign in, the machine's user still can do everything.
    assert_eq!(server.request("GET", "/api/v1/status", "", &[]).0, 200);
    let token = text
        .split_once("/sign-in#")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .to_owned();
    let boss = Browser::by_link(&server, &token);
    let (status, text) = server.request("GET", "/api/v1/status", "", &[]);
    assert_eq!(status, 401, "{text}");
    assert_eq!(server.get("/api/v1/sign-in")["needed"], true);
    assert_eq!(boss.ask(&server, "GET", "/api/v1/users", "").0, 200);
    assert!(user(&["add", "ana@acme.example", "--project", "default=viewer"]).0);
    assert!(
        user(&["role", "ana@acme.example", "--role", "privacy"])
            .1
            .contains("privacy everywhere")
    );
    assert!(user(&["disable", "ana@acme.example"]).1.contains("disabled"));
    let (ok, text) = user(&["disable", "boss@acme.example"]);
    assert!(!ok && text.contains("another administrator first"), "{text}");
    let (_, text) = user(&["reset", "boss@acme.example"]);
    let token = text
        .split_once("/sign-in#")
        .unwrap()
        .1
        .lines()
        .next()
        .unwrap()
        .to_owned();
    Browser::by_link(&server, &token);
    assert_eq!(
        boss.ask(&server, "GET", "/api/v1/session", "").0,
        401,
        "a reset signs out"
    );
    assert!(user(&["list"]).1.lines().count() == 2);
}

#[test]
fn answers_carry_the_headers_that_protect_the_page() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    for path in ["/", "/api/v1/status", "/api/v1/nothing", "/health"] {
        let answer = server.raw("GET", path, "", &[]).to_lowercase();
        for header in [
            "content-security-policy: default-src 'self'; script-src 'self';",
            "x-content-type-options: nosniff",
            "referrer-policy: no-referrer",
            "permissions-policy: camera=()",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "x-frame-options: deny",
        ] {
            assert!(answer.contains(header), "{path}: {header}: {answer:.900}");
        }
        assert!(!answer.contains("strict-transport-security"));
    }
    let answer = server.raw("DELETE", "/api/v1/status", "", &[]).to_lowercase();
    assert!(
        answer.starts_with("http/1.1 405") && answer.contains("allow: get"),
        "{answer}"
    );
}

#[test]
fn a_projects_administrator_invites_to_that_project_alone_and_into_nobodys_account() {
    let (_folder, server) = with_password("");
    let root = Browser::of(&sign_in(&server, "", "open sesame"));
    let invite = |by: &Browser, path: &str, body: Value| by.ask(&server, "POST", path, &body.to_string());
    let token = |made: &Value| {
        let url = made["invitation"]["url"].as_str().unwrap().to_owned();
        url.split_once("/sign-in#").unwrap().1.to_owned()
    };
    let (_, other) = invite(&root, "/api/v1/projects", json!({"name": "Other"}));
    let elsewhere = format!("/api/v1/projects/{}/members", other["id"].as_str().unwrap());
    let here = "/api/v1/projects/default/members";
    let (status, made) = invite(&root, here, json!({"email": "lea@acme.example", "role": "admin"}));
    assert_eq!(
        (status, &made["member"]["role"]),
        (201, &json!("admin")),
        "{made}"
    );
    let lea = Browser::by_link(&server, &token(&made));
    let (status, made) = invite(
        &lea,
        here,
        json!({"email": "tom@acme.example", "name": "Tom", "role": "viewer"}),
    );
    assert_eq!(status, 201, "{made}");
    let tom = Browser::by_link(&server, &token(&made));
    assert_eq!(tom.ask(&server, "GET", here, "").0, 403);
    assert_eq!(lea.ask(&server, "GET", &elsewhere, "").0, 403);
    assert_eq!(
        invite(
            &lea,
            &elsewhere,
            json!({"email": "a@acme.example", "role": "viewer"})
        )
        .0,
        403
    );
    // An account that is there is not to be taken over by whoever may invite: the role changes, no link is made.
    let (status, made) = invite(
        &lea,
        here,
        json!({"email": "TOM@acme.example", "role": "analyst"}),
    );
    assert_eq!((status, &made["invitation"]), (200, &Value::Null));
    assert_eq!(
        (&made["member"]["name"], &made["member"]["role"]),
        (&json!("Tom"), &json!("analyst"))
    );
    let (_, members) = lea.ask(&server, "GET", here, "");
    let told: Vec<_> = members.as_array().unwrap().iter().map(|m| &m["email"]).collect();
    assert_eq!(told, ["lea@acme.example", "tom@acme.example"]);
    let gone = format!("{here}/{}", made["member"]["id"].as_str().unwrap());
    assert_eq!(lea.ask(&server, "DELETE", &gone, "").0, 204);
    assert_eq!(lea.ask(&server, "DELETE", &gone, "").0, 404);
    assert_eq!(
        tom.ask(&server, "GET", "/api/v1/projects/default/monitors", "").0,
        403
    );
}
