//! The composable question, as a program asks it.

use crate::server::{Server, config};
use serde_json::{Value, json};

/// 2026-03-29, the day on which clocks in Berlin were put forward.
const MIDNIGHT: i64 = 1_774_738_800_000;
const HOUR: i64 = 3_600_000;

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    server.monitor("Acme", "acme");
    server.monitor("Bolt", "bolt");
    let post = |n: i64, text: &str, hour: i64, author: i64| {
        json!({"uid": format!("t:{n}"), "text": text, "lang": "en", "created_at": MIDNIGHT + hour * HOUR,
               "author": {"id": author.to_string(), "followers": 100 * author}})
    };
    let posts: Vec<Value> = (0..40)
        .map(|n| match n % 4 {
            0 => post(n, "Acme is great, I love it", n, n % 8),
            1 => post(n, &format!("acme made a phone number {n}"), n, 1),
            2 => post(n, "The bolt broke again, terrible", n, 3),
            _ => post(n, "acme and BOLT", n, 2),
        })
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait(&path(""), |m| m["total"][0]["value"] == json!(40.0));
    (folder, server)
}

fn path(more: &str) -> String {
    format!(
        "/api/v1/measure?from={MIDNIGHT}&to={}{more}",
        MIDNIGHT + 47 * HOUR
    )
}

fn values(list: &Value, metric: usize) -> Vec<f64> {
    let row = list.as_array().unwrap().iter();
    row.map(|v| v[metric]["value"].as_f64().unwrap()).collect()
}

#[test]
fn metrics_are_cut_by_monitor_and_by_days_of_a_zone() {
    let (_folder, server) = server();
    let m = server.get(&path(
        "&metric=mentions,authors,texts,share_of_voice&by=monitor&then=time&interval=day&zone=Europe%2FBerlin",
    ));
    let labels: Vec<&Value> = m["axes"][0]["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|k| &k["label"])
        .collect();
    assert_eq!(labels, ["Acme", "Bolt", "other"]);
    let days = m["axes"][1]["keys"].as_array().unwrap();
    let hours: Vec<i64> = days
        .iter()
        .map(|d| (d["to"].as_i64().unwrap() - d["from"].as_i64().unwrap()) / HOUR)
        .collect();
    assert_eq!(hours, [23, 24], "the first day is an hour short");
    assert_eq!(values(&m["rows"], 0), [30.0, 20.0, 0.0]);
    assert_eq!(values(&m["rows"], 1)[1], 2.0);
    assert_eq!(values(&m["cells"][0], 0), [17.0, 13.0]);
    // 30 of 50 mentions, with an interval.
    assert_eq!(m["rows"][0][3]["value"], json!(0.6));
    assert!(m["rows"][0][3]["low"].as_f64().unwrap() < 0.6);
    let total = &m["total"];
    assert_eq!(
        (&total[0]["value"], &total[2]["value"]),
        (&json!(50.0), &json!(13.0))
    );
}

#[test]
fn a_formula_and_a_period_before_stand_beside_the_metrics() {
    let (_folder, server) = server();
    let second = MIDNIGHT + 23 * HOUR;
    let m = server.get(&format!(
        "/api/v1/measure?from={second}&to={}&metric=mentions,%3D100*mentions/authors&compare=previous&zone=Europe%2FBerlin",
        second + 24 * HOUR
    ));
    assert_eq!(
        (&m["before"]["from"], &m["before"]["to"]),
        (&json!(MIDNIGHT), &json!(second))
    );
    assert_eq!(
        (&m["total"][0]["value"], &m["before"]["total"][0]["value"]),
        (&json!(17.0), &json!(23.0))
    );
    let people = server.get(&format!(
        "/api/v1/measure?from={second}&to={}&metric=authors",
        second + 24 * HOUR
    ));
    let expected = 1700.0 / people["total"][0]["value"].as_f64().unwrap();
    assert!((m["total"][1]["value"].as_f64().unwrap() - expected).abs() < 1e-9);
    assert_eq!(
        m["formulas"],
        json!([{"place": 1, "needs": ["mentions", "authors"]}])
    );
}

#[test]
fn a_permalink_gives_the_same_numbers_after_a_restart_and_says_what_happened_since() {
    let (folder, server) = server();
    let question = json!({
        "filter": {"from": MIDNIGHT, "to": MIDNIGHT + 47 * HOUR},
        "measure": {"metric": "mentions,authors,net_sentiment", "by": "monitor", "then": "time", "interval": "day"},
    });
    let (status, pinned) = server.post("/api/v1/projects/default/permalinks", &question);
    assert_eq!((status, &pinned["same"]), (200, &json!(true)), "{pinned}");
    let path = format!(
        "/api/v1/projects/default/permalinks/{}",
        pinned["id"].as_str().unwrap()
    );
    let listed = server.get("/api/v1/projects/default/permalinks");
    assert_eq!(
        (&listed[0]["id"], &listed[0]["question"], &listed[1]),
        (&pinned["id"], &pinned["question"], &Value::Null)
    );
    assert!(listed[0]["mentions"].as_u64() > Some(0) && listed[0].get("answer").is_none());
    assert!(server.stop().success());

    let server = Server::run(&config(folder.path(), ""));
    let again = server.get(&path);
    assert_eq!((&again["same"], &again["was"]), (&json!(true), &Value::Null));
    for part in ["axes", "cells", "rows", "total"] {
        assert_eq!(again["answer"][part], pinned["answer"][part], "{part}");
    }
    assert_eq!(
        again["since"],
        json!({"gone": 0, "edited": 0, "marked": 0, "monitors": []})
    );

    // More comes in: the numbers stay. One post is edited, two are deleted: it says so.
    let more = |n: i64, event: &str, text: &str| json!({"uid": format!("t:{n}"), "event": event, "text": text, "lang": "en", "created_at": MIDNIGHT + n * HOUR});
    server.post("/api/v1/posts", &json!([more(44, "create", "acme again")]));
    server.wait(&self::path(""), |m| m["total"][0]["value"] == json!(41.0));
    assert_eq!(server.get(&path)["same"], json!(true));
    server.post(
        "/api/v1/posts",
        &json!([
            more(1, "edit", "acme edited"),
            more(4, "delete", ""),
            more(6, "delete", "")
        ]),
    );
    let now = server.wait(&path, |p| p["since"]["gone"] == json!(2));
    assert_eq!(
        (&now["same"], &now["since"]["edited"]),
        (&json!(false), &json!(1))
    );
    assert_eq!(now["was"]["total"], pinned["answer"]["total"]);
    assert_eq!(
        server
            .request("GET", "/api/v1/projects/default/permalinks/p_none", "", &[])
            .0,
        404
    );
}

#[test]
fn an_action_stands_on_the_time_axis_with_what_coincided() {
    let (_folder, server) = server();
    let annotations = "/api/v1/projects/default/annotations";
    let action = json!({"at": MIDNIGHT + 24 * HOUR, "title": "Recall", "kind": "fix", "until": null, "text": "from Monday"});
    let (status, made) = server.post(annotations, &action);
    assert_eq!(status, 200, "{made}");
    assert_eq!(server.get(annotations)[0]["title"], "Recall");
    assert_eq!(server.get(&format!("{annotations}?to={MIDNIGHT}")), json!([]));
    let id = made["id"].as_str().unwrap();
    let around = server.get(&format!("{annotations}/{id}/around?days=1&metric=mentions"));
    assert_eq!(
        (
            &around["subject"]["before"][0]["value"],
            &around["subject"]["after"][0]["value"]
        ),
        (&json!(24.0), &json!(16.0))
    );
    assert!(around["subject"]["change"][0]["low"].as_f64().unwrap() < 1.0);
    assert_eq!(
        around["words"][0],
        "Mentions: no change beyond chance around “Recall”."
    );
    let wrong = json!({"at": 5, "until": 4, "title": "x", "kind": "y"});
    assert_eq!(server.post(annotations, &wrong).0, 400);
    assert_eq!(
        server
            .request("DELETE", &format!("{annotations}/{id}"), "", &[])
            .0,
        204
    );
}

#[test]
fn what_own_accounts_publish_is_owned_and_left_out_unless_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let acme = server.monitor("Acme", "acme");
    let post = |n: i64, handle: &str| json!({"uid": format!("t:{n}"), "text": format!("acme {n}"), "author": {"id": handle, "handle": handle}});
    let posts: Vec<Value> = (0..9)
        .map(|n| post(n, if n < 3 { "AcmeHQ" } else { "ann" }))
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 9);
    let source = server.get("/api/v1/mentions?from=0")["items"][0]["post"]["source"].clone();
    let path = format!("/api/v1/monitors/{acme}/accounts");
    let accounts = json!([{"platform": source, "handle": "@acmehq"}]).to_string();
    let (status, body) = server.request("PUT", &path, &accounts, &[]);
    assert_eq!(status, 200, "{body}");
    let count = |voice: &str| {
        server.get(&format!("/api/v1/measure?from=0{voice}"))["total"][0]["value"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(
        (count(""), count("&voice=owned"), count("&voice=all")),
        (6.0, 3.0, 9.0)
    );
    assert_eq!(
        server
            .request("PUT", &path, r#"[{"platform": "x", "handle": "two words"}]"#, &[])
            .0,
        400
    );
}

#[test]
fn monitors_are_compared_with_what_is_beyond_chance() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let (acme, bolt) = (server.monitor("Acme", "acme"), server.monitor("Bolt", "bolt"));
    let posts: Vec<Value> = (0..160)
        .map(|n| {
            let text = match n % 2 {
                0 => "I love the acme camera, wonderful and great",
                _ => "bolt battery broke again, terrible and awful",
            };
            json!({"uid": format!("t:{n}"), "text": format!("{text} {n}"), "lang": "en", "author": {"id": n.to_string()}})
        })
        .collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 160);
    let c = server.get(&format!("/api/v1/compare?from=0&monitor={acme},{bolt}"));
    assert_eq!(
        (
            &c["monitors"][0]["label"],
            &c["monitors"][0]["values"][0]["value"]
        ),
        (&json!("Acme"), &json!(80.0))
    );
    let topics = |i: usize| -> Vec<&str> {
        let list = c["monitors"][i]["topics"].as_array().unwrap();
        list.iter().map(|t| t["key"].as_str().unwrap()).collect()
    };
    assert!(
        topics(0).contains(&"camera") && topics(1).contains(&"battery"),
        "{c}"
    );
    assert!(!topics(0).contains(&"battery"));
    let net = c["differences"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["measure"] == "net_sentiment")
        .unwrap();
    assert!(
        net["beyond_chance"] == json!(true) && net["by"]["low"].as_f64().unwrap() > 0.5,
        "{net}"
    );
    // Shares are corrected by what the models are known to get wrong.
    let shares =
        server.get("/api/v1/measure?from=0&by=monitor&metric=negative_share,positive_share,net_sentiment");
    let row = |name: &str| {
        let keys = shares["axes"][0]["keys"].as_array().unwrap();
        keys.iter().position(|k| k["label"] == name).unwrap()
    };
    let (negative, positive) = (&shares["rows"][row("Bolt")][0], &shares["rows"][row("Acme")][1]);
    assert_eq!(
        (&negative["method"], &negative["n"]),
        (&json!("pacc"), &json!(80))
    );
    assert!(
        negative["low"].as_f64().unwrap() > 0.5 && positive["low"].as_f64().unwrap() > 0.5,
        "{shares}"
    );
    let (status, body) = server.request("GET", &format!("/api/v1/compare?monitor={acme}"), "", &[]);
    assert!(status == 400 && body.contains("2 to 10"), "{body}");
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_place() {
    let (_folder, server) = server();
    let refused = |more: &str| {
        let (status, body) = server.request("GET", &path(more), "", &[]);
        let body: Value = serde_json::from_str(&body).unwrap();
        (status, body["message"].as_str().unwrap().to_owned())
    };
    for (more, says) in [
        ("&metric=reach", "no metric `reach`"),
        ("&metric=%3Dmentions/", "at 9"),
        ("&by=mood", "nothing to cut by"),
        ("&then=time", "needs `by`"),
        ("&zone=Mars", "no time zone"),
        ("&by=time&interval=fortnight", "no such interval"),
        ("&compare=tomorrow", "previous, year"),
        ("&followers=many", "10..200"),
    ] {
        let (status, message) = refused(more);
        assert!(
            status == 400 && message.contains(says),
            "{more}: {status} {message}"
        );
    }
    let (status, message) = server.request(
        "GET",
        "/api/v1/measure?from=1400000000000&to=1774738800000&by=time&interval=minute",
        "",
        &[],
    );
    assert!(status == 400 && message.contains("too many"), "{message}");
}

#[test]
fn the_page_of_definitions_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concepts/metrics.md");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed == groundswell::analytics::reference::page(),
        "docs/concepts/metrics.md is stale: make reference"
    );
}
