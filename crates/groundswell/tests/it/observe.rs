//! What the server tells of itself: the metrics that rules and dashboard name, its log as JSON, and traces.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

/// Names of metrics of ours in a text.
fn named(text: &str) -> BTreeSet<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    text.split(|c| !is_part(c))
        .filter(|word| word.starts_with("groundswell_") || word.starts_with("process_"))
        // Names of files of secrets.
        .filter(|word| !word.ends_with("_password"))
        .collect()
}

#[test]
fn rules_and_dashboard_name_metrics_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let (status, exposed) = server.request("GET", "/metrics", "", &[]);
    assert_eq!(status, 200);
    let mut exposed: BTreeSet<&str> = exposed
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
        .collect();
    // That of a worker, of which `spread.rs` asks for it.
    exposed.insert("groundswell_lag_records");
    let deploy = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy");
    for file in [
        "prometheus/groundswell.rules.yml",
        "prometheus/groundswell.rules.test.yml",
        "grafana/dashboards/groundswell.json",
    ] {
        let text = std::fs::read_to_string(deploy.join(file)).unwrap();
        let missing: Vec<_> = named(&text).difference(&exposed).copied().collect();
        assert!(
            missing.is_empty(),
            "{file} names what /metrics does not expose: {missing:?}"
        );
        assert!(named(&text).len() > 5, "{file}");
    }
}

#[test]
fn every_alert_has_a_page_that_says_what_to_do() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let rules = std::fs::read_to_string(root.join("deploy/prometheus/groundswell.rules.yml")).unwrap();
    let pages: Vec<_> = rules
        .lines()
        .filter_map(|l| l.trim().strip_prefix("runbook: "))
        .collect();
    assert_eq!(pages.len(), rules.matches("- alert:").count());
    for page in pages {
        assert!(root.join(page).exists(), "{page}");
    }
}

#[test]
fn the_log_is_json_where_it_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Command::new(BINARY);
    command
        .args(["run", "--log", "json", "--config"])
        .arg(config(folder.path(), ""));
    let server = Server::start_logged(&mut command, "Groundswell is on http://", &log);
    assert!(server.stop().success());
    let text = std::fs::read_to_string(log).unwrap();
    let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(
        lines
            .iter()
            .any(|l| l["level"] == "INFO" && l["fields"]["message"].is_string()),
        "{text}"
    );
}

/// One request's path and body; answered with 200.
fn take(listener: &TcpListener) -> (String, Vec<u8>) {
    let (mut stream, _) = listener.accept().unwrap();
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    loop {
        let head_ends = bytes.windows(4).position(|w| w == b"\r\n\r\n");
        if let Some(at) = head_ends {
            let head = String::from_utf8_lossy(&bytes[..at]).to_ascii_lowercase();
            let length = head.lines().find_map(|l| l.strip_prefix("content-length: "));
            let length: usize = length.unwrap().trim().parse().unwrap();
            if bytes.len() >= at + 4 + length {
                stream
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .unwrap();
                let path = head.split(' ').nth(1).unwrap().to_owned();
                return (path, bytes.split_off(at + 4));
            }
        }
        match stream.read(&mut some).unwrap() {
            0 => panic!("the request was cut"),
            n => bytes.extend_from_slice(&some[..n]),
        }
    }
}

#[test]
fn traces_go_to_a_collector_and_hold_no_text() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let collector = format!("http://{}", listener.local_addr().unwrap());
    let (send, taken) = mpsc::channel();
    std::thread::spawn(move || while send.send(take(&listener)).is_ok() {});
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(BINARY);
    command
        .args(["run", "--traces", &collector, "--config"])
        .arg(config(folder.path(), ""));
    let server = Server::start(&mut command, "Groundswell is on http://");
    server.monitor("acme", "acme");
    let post = json!([{"uid": "t:1", "text": "acme xylophonist", "author": {"id": "somebody-secret"}}]);
    assert_eq!(server.post("/api/v1/posts", &post).0, 200);
    server.wait("/api/v1/mentions?from=0&q=xylophonist", |page| page["total"] == 1);
    // What is not sent yet is sent at the end.
    assert!(server.stop().success());
    let (mut spans, mut said) = (Vec::new(), String::new());
    while let Ok((path, body)) = taken.recv_timeout(Duration::from_millis(200)) {
        assert_eq!(path, "/v1/traces");
        said += std::str::from_utf8(&body).unwrap();
        let document: Value = serde_json::from_slice(&body).unwrap();
        let about = &document["resourceSpans"][0];
        assert_eq!(
            about["resource"]["attributes"][0]["value"]["stringValue"],
            "groundswell"
        );
        spans.extend(about["scopeSpans"][0]["spans"].as_array().unwrap().clone());
    }
    for name in [
        "journal",
        "match and score",
        "commit",
        "POST /api/v1/posts",
        "GET /api/v1/mentions",
    ] {
        let span = spans.iter().find(|s| s["name"] == name);
        let span = span.unwrap_or_else(|| panic!("no span {name}: {said}"));
        let time = |key: &str| span[key].as_str().unwrap().parse::<u64>().unwrap();
        assert!(time("startTimeUnixNano") <= time("endTimeUnixNano"), "{span}");
        assert!(
            span["traceId"].as_str().unwrap().len() == 32 && span["spanId"].as_str().unwrap().len() == 16
        );
    }
    let request = spans.iter().find(|s| s["name"] == "POST /api/v1/posts").unwrap();
    let status = json!({"key": "http.response.status_code", "value": {"intValue": "200"}});
    assert!(
        request["attributes"].as_array().unwrap().contains(&status) && request["kind"] == 2,
        "{request}"
    );
    for secret in ["xylophonist", "somebody-secret"] {
        assert!(!said.contains(secret), "{secret}");
    }
}
