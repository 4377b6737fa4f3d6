//! Starting under bad conditions: a clear reason, and nothing touched.

use crate::server::{BINARY, Server, config};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

fn run(config: &Path) -> Output {
    Command::new(BINARY)
        .args(["run", "--config"])
        .arg(config)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_taken_port_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("groundswell.toml");
    let address = taken.local_addr().unwrap();
    std::fs::write(
        &path,
        format!("[server]\nlisten = \"{address}\"\n[data]\npath = \"data\"\n"),
    )
    .unwrap();
    let output = run(&path);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains(&format!("{address} is taken by another program")),
        "{}",
        said(&output)
    );
}

#[test]
fn a_configuration_with_three_mistakes_names_all_three() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(
        folder.path(),
        "[journal]\nmax_hour = 3\n[[source]]\ntype = \"blusky\"\n[[monitor]]\nname = \"a\"\nquery = \"acme AND\"\n",
    );
    let output = run(&path);
    assert_eq!(output.status.code(), Some(2));
    let said = said(&output);
    for part in [
        "has 3 faults",
        "journal.max_hour: unknown key, did you mean `max_hours`?",
        "did you mean `bluesky`?",
        "monitor.1.query: at ",
    ] {
        assert!(said.contains(part), "{part:?} is missing from: {said}");
    }
    assert!(
        !folder.path().join("data").exists(),
        "a faulty configuration must not touch the data folder"
    );
}

#[test]
fn a_data_folder_in_use_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let output = run(&path);
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("data"), "{}", said(&output));
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}

#[test]
fn a_damaged_journal_that_nothing_else_holds_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let posts: Vec<_> = (0..50)
        .map(|n| serde_json::json!({"text": format!("number {n}")}))
        .collect();
    for _ in 0..3 {
        server.post("/api/v1/posts", &serde_json::json!(posts));
    }
    server.post("/api/v1/posts", &serde_json::json!({"text": "the last"}));
    server.stop();
    let segment = std::fs::read_dir(folder.path().join("data/journal"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "gsj"))
        .unwrap();
    let mut bytes = std::fs::read(&segment).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    std::fs::write(&segment, bytes).unwrap();
    // The store went, too: the journal is the only place of what was acknowledged.
    std::fs::remove_dir_all(folder.path().join("data/store")).unwrap();
    let output = run(&path);
    assert_eq!(output.status.code(), Some(2));
    let name = segment.file_name().unwrap().to_string_lossy().into_owned();
    assert!(said(&output).contains(&name), "{}", said(&output));
}

#[test]
fn a_demo_leaves_a_strangers_folder_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("thesis.txt"), "years of work").unwrap();
    let output = Command::new(BINARY)
        .args(["demo", "--no-open", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("is left alone"), "{}", said(&output));
    assert!(folder.path().join("thesis.txt").exists());
}

#[test]
fn a_run_without_monitors_collects_nothing_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(
        folder.path(),
        "[[source]]\ntype = \"bluesky\"\nname = \"sky\"\nurl = \"ws://127.0.0.1:9/subscribe\"\n",
    );
    let server = Server::run(&path);
    let idle = server.get("/api/v1/status");
    assert_eq!(idle["sources"][0]["state"], "idle");
    // With a monitor it tries, and names why it waits.
    server.monitor("acme", "acme");
    let waiting = server.wait("/api/v1/status", |s| s["sources"][0]["state"] == "waiting");
    assert!(
        waiting["sources"][0]["error"]
            .as_str()
            .is_some_and(|e| !e.is_empty())
    );
    assert!(waiting["sources"][0]["retry_at"].is_i64());
}
