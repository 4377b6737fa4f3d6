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
