//! Questions that would cost too much are refused before anything is counted, with how much they ask for.

use crate::server::{Server, config};
use serde_json::Value;

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    (folder, server)
}

fn refused(server: &Server, path: &str) -> (u16, Value) {
    let (status, body) = server.request("GET", path, "", &[]);
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// Ten years.
const FROM: i64 = 1_450_000_000_000;
const TO: i64 = FROM + 10 * 365 * 86_400_000;

#[test]
fn what_is_too_large_is_refused_with_its_size() {
    let (_folder, server) = server();
    let whole = format!("from={FROM}&to={TO}");
    let many = vec!["v"; 10_000].join(",");
    let metrics = vec!["mentions"; 40].join(",");
    for (path, size) in [
        (
            format!("/api/v1/measure?{whole}&by=time&interval=minute"),
            "5256000 buckets",
        ),
        (
            format!("/api/v1/measure?{whole}&by=time&interval=hour&then=week_hour"),
            "cells are too many",
        ),
        (
            format!("/api/v1/measure?{whole}&by=time&interval=hour&then=time"),
            "cells are too many",
        ),
        (format!("/api/v1/measure?{whole}&metric={metrics}"), "40 metrics"),
        (format!("/api/v1/measure?{whole}&hashtag={many}"), "10000 values"),
        (format!("/api/v1/mentions?{whole}&author={many}"), "10000 values"),
        (format!("/api/v1/series?{whole}&interval=minute"), "points here"),
    ] {
        let (status, problem) = refused(&server, &path);
        let message = problem["message"].as_str().unwrap_or_default();
        assert_eq!(
            (status, problem["code"].as_str()),
            (400, Some("too_large")),
            "{:.90}: {problem}",
            path
        );
        assert!(
            message.contains(size) && message.contains("at most "),
            "{:.90}: {message}",
            path
        );
        assert!(problem["hint"].is_string());
    }
}

#[test]
fn formulas_and_queries_that_grow_without_end_are_refused() {
    let (_folder, server) = server();
    let deep = format!("{}mentions{}", "(".repeat(200), ")".repeat(200));
    let long = vec!["mentions"; 100].join("*");
    for (formula, why) in [
        (deep, "nested too deep, more than 32 levels"),
        (long, "899 bytes are too many, at most 500"),
    ] {
        let (status, problem) = refused(&server, &format!("/api/v1/measure?metric=%3D{formula}"));
        assert_eq!(status, 400, "{problem}");
        assert!(problem["message"].as_str().unwrap().contains(why), "{problem}");
    }
    let nested = format!("{}acme{}", "(".repeat(90), ")".repeat(90));
    let not = format!("{}acme", "NOT%20(".repeat(90));
    let terms = |count: usize| {
        (0..count)
            .map(|n| format!("{n}"))
            .collect::<Vec<_>>()
            .join("%20OR%20")
    };
    // An address of more than 64 kB is not even read.
    assert_eq!(
        refused(&server, &format!("/api/v1/mentions?from=0&q={}", terms(6_000))).0,
        414
    );
    for (query, why) in [
        (nested, "64 levels"),
        (not, "64 levels"),
        (terms(3_000), "characters; at most 20000"),
        ("%2A".to_owned(), ""),
        ("a%2A".to_owned(), ""),
        (format!("{}b%2A", "a%2A".repeat(40)), ""),
        (format!("a{}", "%3F".repeat(200)), ""),
    ] {
        let (status, problem) = refused(&server, &format!("/api/v1/mentions?from=0&q={query}"));
        assert_eq!(status, 422, "{:.60}: {problem}", query);
        assert!(
            problem["message"].as_str().unwrap().contains(why),
            "{:.60}: {problem}",
            query
        );
    }
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}

#[test]
fn a_body_nested_without_end_is_refused() {
    let (_folder, server) = server();
    let body = "[".repeat(100_000);
    let (status, said) = server.request("POST", "/api/v1/posts", &body, &[]);
    assert!((400..500).contains(&status), "{status}: {said:.200}");
    let filter = format!(
        r#"{{"filter": {}{}, "measure": {{}}}}"#,
        "{\"q\":".repeat(5_000),
        "}".repeat(5_000)
    );
    let (status, _) = server.request("POST", "/api/v1/projects/default/permalinks", &filter, &[]);
    assert!((400..500).contains(&status));
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}
