//! Answering: notes, who is to answer and by when, and what our own replies do.

use crate::people::Browser;
use crate::server::{Server, config};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

pub(crate) const BASE: &str = "/api/v1/projects/default";

pub(crate) fn server(folder: &Path) -> Server {
    Server::run(&config(folder, ""))
}

fn put(server: &Server, path: &str, body: &Value) -> Value {
    let (status, text) = server.request("PUT", path, &body.to_string(), &[]);
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

pub(crate) fn posted(server: &Server, path: &str, body: &Value) -> Value {
    let (status, answer) = server.post(path, body);
    assert!((200..300).contains(&status), "{path}: {status} {answer}");
    answer
}

/// A question of a customer.
fn question(n: u32) -> Value {
    json!({"uid": format!("bluesky:q{n}"), "platform": "bluesky", "lang": "en", "text": format!("acme, my kettle {n} leaks"),
        "author": {"id": format!("c{n}"), "handle": format!("customer_{n}")}})
}

/// A reply to it by an account; its words match no monitor.
fn reply(n: u32, handle: &str) -> Value {
    json!({"uid": format!("bluesky:r{n}{handle}"), "platform": "bluesky", "lang": "en", "kind": "reply", "reply_to": format!("bluesky:q{n}"),
        "text": "Sorry to hear that, please write to us.", "author": {"id": handle, "handle": handle}})
}

/// A server with a monitor whose own account is `acme_care`, and so many questions; the ids of the mentions by text.
pub(crate) fn asked(folder: &Path, count: u32) -> (Server, String, BTreeMap<String, String>) {
    let server = server(folder);
    let monitor = server.monitor("Acme", "acme");
    put(
        &server,
        &format!("/api/v1/monitors/{monitor}/accounts"),
        &json!([{"platform": "bluesky", "handle": "acme_care"}]),
    );
    let posts: Vec<Value> = (0..count).map(question).collect();
    posted(&server, "/api/v1/posts", &json!(posts));
    let page = server.wait("/api/v1/mentions?from=0&limit=100", |p| p["total"] == count);
    let id = |m: &Value| {
        let text = m["post"]["text"].as_str().unwrap().to_owned();
        (text, m["id"].as_str().unwrap().to_owned())
    };
    let ids = page["items"].as_array().unwrap().iter().map(id).collect();
    (server, monitor, ids)
}

pub(crate) fn id_of(ids: &BTreeMap<String, String>, n: u32) -> &str {
    &ids[&format!("acme, my kettle {n} leaks")]
}

#[test]
fn notes_are_changed_by_their_authors_and_administrators_and_are_in_the_audit_log() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 1);
    let notes = format!("{BASE}/mentions/{}/notes", id_of(&ids, 0));
    let invited = |email: &str, role: &str| {
        let body = json!({"email": email, "name": email, "projects": {"default": role}});
        let made = posted(&server, "/api/v1/users", &body);
        Browser::by_link(&server, made["invitation"]["token"].as_str().unwrap())
    };
    let (ana, ben) = (
        invited("ana@a.example", "responder"),
        invited("ben@a.example", "responder"),
    );
    let (status, note) = ana.ask(&server, "POST", &notes, r#"{"text": " call her back "}"#);
    assert_eq!((status, &note["text"]), (201, &json!("call her back")), "{note}");
    let one = format!("{BASE}/notes/{}", note["id"].as_str().unwrap());
    let (status, refused) = ben.ask(&server, "PUT", &one, r#"{"text": "no"}"#);
    assert!(
        status == 400 && refused["message"].as_str().unwrap().contains("author"),
        "{refused}"
    );
    assert_eq!(ana.ask(&server, "PUT", &one, r#"{"text": "called"}"#).0, 200);
    let listed = server.get(&notes);
    assert_eq!(
        (&listed[0]["text"], listed[0]["edited_at"].is_i64()),
        (&json!("called"), true)
    );
    assert_eq!(server.post(&notes, &json!({"text": "  "})).0, 400);
    assert_eq!(
        server
            .post(&format!("{BASE}/mentions/00/notes"), &json!({"text": "x"}))
            .0,
        404
    );
    // Whoever uses the machine is the administrator.
    assert_eq!(server.request("DELETE", &one, "", &[]).0, 204);
    assert_eq!(server.get(&notes), json!([]));
    let log = server.get("/api/v1/audit").to_string();
    assert!(log.contains("note_changed") && !log.contains("called"), "{log}");
}

#[test]
fn whoever_is_to_answer_is_told_and_what_is_late_is_listed_and_measured() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 3);
    let made = posted(
        &server,
        "/api/v1/users",
        &json!({"email": "ana@a.example", "name": "Ana", "projects": {"default": "responder"}}),
    );
    let ana = Browser::by_link(&server, made["invitation"]["token"].as_str().unwrap());
    let mark = |n: u32, change: Value| {
        posted(
            &server,
            &format!("{BASE}/marks"),
            &json!({"mentions": [id_of(&ids, n)], "change": change}),
        )
    };
    put(
        &server,
        &format!("{BASE}/response-target"),
        &json!({"first_response_minutes": 240}),
    );
    mark(0, json!({"assignee": "ana", "status": "open"}));
    mark(1, json!({"assignee": "nobody known"}));
    let (_, notices) = ana.ask(&server, "GET", "/api/v1/notices?unread=true", "");
    assert_eq!(
        (&notices["unread"], &notices["items"][0]["kind"]),
        (&json!(1), &json!("assigned")),
        "{notices}"
    );
    assert!(id_of(&ids, 0).starts_with(notices["items"][0]["mention"].as_str().unwrap()));
    let upto = json!({"upto": notices["items"][0]["id"]}).to_string();
    assert_eq!(ana.ask(&server, "POST", "/api/v1/notices", &upto).1["unread"], 0);
    assert_eq!(
        server.get("/api/v1/notices")["items"],
        json!([]),
        "others are not told"
    );

    let items = server.get(&format!("{BASE}/items"));
    assert_eq!(items["items"].as_array().unwrap().len(), 2);
    let of = |list: &Value, n: u32| -> Value {
        let is_it = |i: &&Value| i["mention"]["id"] == id_of(&ids, n);
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(is_it)
            .cloned()
            .unwrap_or_default()
    };
    let first = of(&items, 0);
    assert_eq!(
        first["due_at"].as_i64().unwrap() - first["created_at"].as_i64().unwrap(),
        240 * 60_000
    );
    assert_eq!(first["overdue"], false);
    // By hand, in the past: overdue until it is answered.
    let due = put(
        &server,
        &format!("{BASE}/items/{}/due", id_of(&ids, 2)),
        &json!({"due_at": 5}),
    );
    assert_eq!(
        (&due["overdue"], &due["due_by_hand"]),
        (&json!(true), &json!(true))
    );
    put(
        &server,
        &format!("{BASE}/response-target"),
        &json!({"first_response_minutes": 300}),
    );
    let late = server.get(&format!("{BASE}/items?overdue=true"));
    assert_eq!(late["items"].as_array().unwrap().len(), 1);
    assert_eq!(of(&late, 2)["due_at"], 5, "a target leaves what was set by hand");
    let closed = mark(2, json!({"status": "closed"}));
    assert_eq!(
        server.get(&format!("{BASE}/items?overdue=true"))["items"],
        json!([])
    );
    let third = of(&server.get(&format!("{BASE}/items?status=closed")), 2);
    assert_eq!(third["responded_by"], "status");
    let measured = server.get(&format!("{BASE}/responses"));
    assert_eq!(
        (&measured["items"], &measured["answered"]),
        (&json!(3), &json!(1)),
        "{measured}"
    );
    assert_eq!(measured["target_minutes"], 300);
    // Undone, it was not answered.
    let undo = format!(
        "{BASE}/marks/changes/{}/undo",
        closed["change"]["id"].as_str().unwrap()
    );
    posted(&server, &undo, &json!({}));
    assert_eq!(server.get(&format!("{BASE}/responses"))["answered"], 0);
    assert_eq!(
        of(&server.get(&format!("{BASE}/items?overdue=true")), 2)["responded_at"],
        Value::Null
    );
    assert_eq!(
        server.get(&format!("{BASE}/items?assignee=ana"))["items"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let (status, _) = server.request(
        "PUT",
        &format!("{BASE}/response-target"),
        r#"{"first_response_minutes": 0}"#,
        &[],
    );
    assert_eq!(status, 400);
}

#[test]
fn a_reply_by_our_own_account_closes_what_was_to_be_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 3);
    for n in 0..2 {
        let change = json!({"mentions": [id_of(&ids, n)], "change": {"status": "open", "assignee": "ana"}});
        posted(&server, &format!("{BASE}/marks"), &change);
    }
    // A stranger's answer is none; ours to what nobody was to answer is measured.
    posted(
        &server,
        "/api/v1/posts",
        &json!([reply(1, "stranger"), reply(0, "acme_care"), reply(2, "acme_care")]),
    );
    let measured = server.wait(&format!("{BASE}/responses"), |r| r["answered"] == 2);
    assert_eq!(measured["items"], 3);
    let closed = server.wait("/api/v1/mentions?from=0&status=closed", |p| p["total"] == 1);
    assert_eq!(closed["items"][0]["id"], id_of(&ids, 0));
    assert_eq!(
        server.get("/api/v1/mentions?from=0&status=open")["items"][0]["id"],
        id_of(&ids, 1)
    );
    let items = server.get(&format!("{BASE}/items?status=closed"));
    assert_eq!(items["items"][0]["responded_by"], "reply");
    let changes = server.get(&format!("{BASE}/marks/changes"));
    assert_eq!(changes[0]["actor"], "account:bluesky:acme_care", "{changes}");
    assert!(server.get("/api/v1/audit").to_string().contains("\"answered\""));
}

#[test]
fn a_mention_is_found_by_its_id_and_by_its_number_with_what_is_to_be_answered() {
    let folder = tempfile::tempdir().unwrap();
    let (server, _, ids) = asked(folder.path(), 2);
    let id = id_of(&ids, 0);
    let path = format!("{BASE}/mentions/{id}");
    let found = server.get(&path);
    assert_eq!(
        (&found["mention"]["id"], &found["item"]),
        (&json!(id), &Value::Null),
        "nobody is to answer it"
    );
    let change = json!({"mentions": [id], "change": {"status": "open", "assignee": "ana"}});
    posted(&server, &format!("{BASE}/marks"), &change);
    let by_number = server.get(&format!("{BASE}/mentions/{}", &id[..16]));
    assert_eq!(
        (&by_number["mention"]["id"], &by_number["item"]["assignee"]),
        (&json!(id), &json!("ana"))
    );
    posted(&server, "/api/v1/projects", &json!({"name": "Other"}));
    let elsewhere = server.get("/api/v1/projects");
    let other = elsewhere
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["name"] == "Other");
    let other = other.unwrap()["id"].as_str().unwrap();
    for wrong in [
        format!("/api/v1/projects/{other}/mentions/{id}"),
        format!("/api/v1/projects/{other}/mentions/{}", &id[..16]),
        format!("{BASE}/mentions/0123456789abcdef"),
        format!("{BASE}/mentions/nonsense"),
    ] {
        assert_eq!(server.request("GET", &wrong, "", &[]).0, 404, "{wrong}");
    }
}
