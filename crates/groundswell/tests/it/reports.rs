//! Reports: made, approved, downloaded; what leaves the house.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::process::Command;

/// Forty posts of this month's first days, by people of their own; the last by one alone in another tongue.
fn posts() -> Vec<Value> {
    (0..40)
        .map(|n| {
            let rare = n == 39;
            let text = if rare { "La bouilloire kettle est cassée et personne ne répond à mes messages".to_owned() } else { format!("The kettle number {n} leaks again and nobody answers my letters about it") };
            json!({"uid": format!("bluesky:{n}"), "platform": "bluesky", "text": text, "created_at": format!("2026-06-{:02}T{:02}:00:00Z", 1 + n % 10, n % 24),
                "author": {"id": format!("a{n}"), "handle": format!("secret{n}")}, "hashtags": if rare { json!(["Seule"]) } else { json!(["Tea"]) }})
        })
        .collect()
}

#[test]
fn a_report_is_made_approved_and_handed_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let monitor = server.monitor("Kettle", "kettle");
    server.post("/api/v1/posts", &json!(posts()));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 40);

    let reports = "/api/v1/projects/default/reports";
    let definition = json!({"name": "Kettles in June", "text": "First words.\n\nSecond words.", "zone": "Europe/Berlin",
        "period": {"days": {"first": "2026-06-01", "last": "2026-06-30"}}, "recipients": ["boss@example.org"],
        "filter": {"monitor": monitor}});
    let (status, made) = server.post(reports, &definition);
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().unwrap();
    assert_eq!(server.get(reports)[0]["definition"]["name"], "Kettles in June");

    let render = |form: &str| {
        let (status, rendition) = server.post(&format!("{reports}/{id}/render?format={form}"), &Value::Null);
        assert_eq!(status, 201, "{rendition}");
        rendition
    };
    for form in ["pdf", "pptx", "xlsx"] {
        let rendition = render(form);
        let file = server.raw("GET", rendition["download"].as_str().unwrap(), "", &[]);
        assert!(
            file.contains("200 OK") && file.contains(&format!("-draft.{form}\"")),
            "{form}"
        );
    }
    let draft = render("html");
    assert_eq!(
        (&draft["state"], &draft["recipients"]),
        (&json!("draft"), &json!(["boss@example.org"]))
    );
    let download = draft["download"].as_str().unwrap();
    let page = || server.request("GET", download, "", &[]).1;
    let text = page();
    assert!(text.contains("Draft: not approved yet"));
    for said in [
        "Kettles in June",
        "<p class=\"value\">40</p>",
        "1–30 June 2026, Europe/Berlin",
        "Second words.",
        "Wilson",
    ] {
        assert!(text.contains(said), "{said}");
    }
    // Nobody's post, and no group of one, leaves the house.
    for secret in [
        "leaks again",
        "secret1",
        "seule",
        "<text x=\"0.0\" y=\"15.5\" font-size=\"11\" text-anchor=\"start\" fill=\"#18191b\">fr<",
    ] {
        assert!(!text.to_lowercase().contains(secret), "{secret}");
    }

    let (status, approved) = server.post(&format!("{download}/approve"), &Value::Null);
    assert_eq!(
        (status, &approved["state"], &approved["approved_by"]),
        (200, &json!("approved"), &json!("local"))
    );
    assert!(!page().contains("Draft") && page().contains("<p class=\"value\">40</p>"));
    let list = server.get("/api/v1/projects/default/renditions?state=approved");
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let audit = server.get("/api/v1/audit").to_string();
    assert!(audit.contains("report_approved") && audit.contains("report_downloaded"));

    // In the house, posts are shown.
    let mut inside = definition.clone();
    inside["internal"] = json!(true);
    inside["sections"] = json!(["mentions", "hashtags", "languages"]);
    assert_eq!(
        server
            .request("PUT", &format!("{reports}/{id}"), &inside.to_string(), &[])
            .0,
        200
    );
    let text = server
        .request("GET", render("html")["download"].as_str().unwrap(), "", &[])
        .1;
    assert!(text.contains("leaks again") && text.contains(">#seule<"));

    // What cannot be used is named.
    let bad = |change: Value| {
        let mut definition = definition.clone();
        definition
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        server.post(reports, &definition).0
    };
    assert_eq!(bad(json!({"sections": ["mentions"]})), 400);
    assert_eq!(bad(json!({"zone": "Mars"})), 400);
    assert_eq!(bad(json!({"logo": "PHN2Zz4="})), 400);
    let narrow = json!({"filter": {"lang": "fr"}});
    let mut definition = definition.clone();
    definition
        .as_object_mut()
        .unwrap()
        .extend(narrow.as_object().unwrap().clone());
    let (_, made) = server.post(reports, &definition);
    let (status, refused) = server.post(
        &format!("{reports}/{}/render", made["id"].as_str().unwrap()),
        &Value::Null,
    );
    assert_eq!(status, 400, "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("`lang`"));

    // What was made stays when the definition goes, until it is taken away itself.
    assert_eq!(
        server.request("DELETE", &format!("{reports}/{id}"), "", &[]).0,
        204
    );
    assert_eq!(server.request("GET", download, "", &[]).0, 200);
    assert_eq!(server.request("DELETE", download, "", &[]).0, 204);
    assert_eq!(server.request("GET", download, "", &[]).0, 404);
    assert!(server.stop().success());

    // The command does the same while no server runs.
    let out = folder.path().join("june.html");
    let done = Command::new(BINARY)
        .args([
            "report",
            "--format",
            "html",
            "--title",
            "From the command line",
            "--period",
            "2026-06-01..2026-06-30",
            "--config",
        ])
        .arg(&path)
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(
        text.contains("From the command line")
            && text.contains("<p class=\"value\">40</p>")
            && !text.contains("Draft")
    );
}

#[test]
fn a_schedule_makes_drafts_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let definition =
        json!({"name": "Daily", "forms": ["html", "xlsx"], "schedule": {"every": "day", "hour": 0}});
    let (status, made) = server.post("/api/v1/projects/default/reports", &definition);
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        server.get("/api/v1/projects/default/renditions"),
        json!([]),
        "its schedule begins now"
    );
    assert!(server.stop().success());
    // As if it had been made long ago.
    let data = std::fs::read_dir(folder.path())
        .unwrap()
        .filter_map(|e| Some(e.ok()?.path()));
    let database = data.map(|p| p.join("control.db")).find(|p| p.exists()).unwrap();
    let db = rusqlite::Connection::open(database).unwrap();
    db.execute("UPDATE reports SET last_due = 0", []).unwrap();
    drop(db);
    for _ in 0..2 {
        let server = Server::run(&path);
        let list = server.wait("/api/v1/projects/default/renditions", |l| {
            l.as_array().is_some_and(|l| l.len() == 2)
        });
        for rendition in list.as_array().unwrap() {
            assert_eq!(
                (&rendition["made_by"], &rendition["state"]),
                (&json!("schedule"), &json!("draft"))
            );
        }
        assert!(server.stop().success());
    }
}
