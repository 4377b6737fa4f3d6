//! An installation of several processes, connected by brokers (the client library's mock of a cluster).

use crate::kill::{batches, found, push, undisturbed};
use crate::server::{BINARY, Server, config};
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::{Duration, Instant};

/// Mocked brokers; gone when dropped.
struct Brokers {
    child: Child,
    address: String,
}

impl Brokers {
    fn start() -> Self {
        let examples = Path::new(BINARY).parent().unwrap().join("examples");
        let mut child = Command::new(examples.join("mock_kafka"))
            .args(["groundswell", "6"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut address = String::new();
        let out = child.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut address).unwrap();
        Self {
            child,
            address: address.trim().to_owned(),
        }
    }

    /// A configuration with these brokers, and `more`.
    fn config(&self, folder: &Path, more: &str) -> PathBuf {
        let kafka = format!(
            "[kafka]\nbrokers = \"{}\"\npartitions = 6\n[kafka.properties]\n\"session.timeout.ms\" = \"3000\"\n\
             \"heartbeat.interval.ms\" = \"200\"\n\"fetch.wait.max.ms\" = \"50\"\n{more}",
            self.address
        );
        config(folder, &kafka)
    }
}

impl Drop for Brokers {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn role(config: &Path, role: &str) -> Server {
    let says = match role {
        "collect" => "Groundswell collects; health and metrics are on http://",
        "process" => "Groundswell processes; health and metrics are on http://",
        _ => "Groundswell is on http://",
    };
    let mut command = Command::new(BINARY);
    command.args(["run", "--role", role, "--config"]).arg(config);
    match std::env::var_os("SPREAD_LOGS") {
        Some(folder) => {
            let log = PathBuf::from(folder).join(format!("{role}-{:?}.log", Instant::now()));
            Server::start_logged(&mut command, says, &log)
        }
        None => Server::start(&mut command, says),
    }
}

#[test]
fn killed_workers_and_servers_lose_and_double_nothing() {
    let batches = batches();
    let expected = undisturbed(&batches);
    let folder = tempfile::tempdir().unwrap();
    let brokers = Brokers::start();
    let path = brokers.config(folder.path(), "");
    let never = AtomicBool::new(false);
    let done = AtomicUsize::new(0);

    let server = role(&path, "serve");
    let mut monitors = vec![server.monitor("acme", "acme")];
    let (first, second) = (role(&path, "process"), role(&path, "process"));
    push(&server, &batches[..80], &done, &never);
    // Two more in mid-stream: what was before is searched for in the brokers' past.
    monitors.push(server.monitor("river", "river"));
    monitors.push(server.monitor("changing", "nothing"));
    first.kill();
    push(&server, &batches[..140], &done, &never);
    let input = json!({"name": "changing", "query": "acme AND river"}).to_string();
    let edit = server.request("PUT", &format!("/api/v1/monitors/{}", monitors[2]), &input, &[]);
    assert_eq!(edit.0, 200, "{}", edit.1);
    let third = role(&path, "process");
    push(&server, &batches[..190], &done, &never);
    server.kill();
    // The lease of the server that died runs out first.
    let server = role(&path, "serve");
    push(&server, &batches, &done, &never);

    let start = Instant::now();
    let mut last = found(&server, &monitors);
    while last != expected && start.elapsed() < Duration::from_secs(180) {
        std::thread::sleep(Duration::from_millis(500));
        last = found(&server, &monitors);
    }
    let lost: Vec<_> = expected.keys().filter(|k| !last.contains_key(*k)).collect();
    let extra: Vec<_> = last.keys().filter(|k| !expected.contains_key(*k)).collect();
    let doubled = last.values().filter(|&&n| n > 1).count();
    assert!(
        lost.is_empty() && extra.is_empty() && doubled == 0,
        "of {} lost {} {:.300}, extra {} {:.300}, doubled {doubled}",
        expected.len(),
        lost.len(),
        format!("{lost:?}"),
        extra.len(),
        format!("{extra:?}")
    );
    for worker in [second, third] {
        let (status, health) = worker.request("GET", "/health", "", &[]);
        assert_eq!((status, health.as_str()), (200, "ready\n"));
        let (_, metrics) = worker.request("GET", "/metrics", "", &[]);
        assert!(
            metrics.contains("groundswell_lag_records{partition="),
            "{metrics}"
        );
        assert!(worker.stop().success());
    }
    assert!(server.stop().success());
}

#[test]
fn one_collector_runs_a_source_and_another_takes_it_over() {
    let folder = tempfile::tempdir().unwrap();
    let brokers = Brokers::start();
    let posts: String = (0..300)
        .map(|n| {
            json!({"uid": format!("test:{n}"), "platform": "test", "text": format!("acme number n{n}"),
                   "author": {"id": format!("a{}", n % 7)}, "created_at": "2026-01-01T00:00:00Z"})
            .to_string()
                + "\n"
        })
        .collect();
    let file = folder.path().join("posts.jsonl");
    std::fs::write(&file, posts).unwrap();
    let source = format!("[[source]]\nname = \"shelf\"\ntype = \"file\"\npaths = [{file:?}]\n");
    let path = brokers.config(folder.path(), &source);
    let server = role(&path, "serve");
    let monitor = server.monitor("acme", "acme");
    let total = format!("/api/v1/mentions?from=0&limit=1&monitor={monitor}");
    let worker = role(&path, "process");
    let idle = |state: &str| {
        let state = state.to_owned();
        move |sources: &serde_json::Value| sources[0]["state"] == state.as_str()
    };
    server.wait("/api/v1/sources", idle("idle"));
    let first = role(&path, "collect");
    server.wait("/api/v1/sources", idle("done"));
    server.wait(&total, |page| page["total"] == 300);
    first.kill();
    server.wait("/api/v1/sources", idle("idle"));
    let second = role(&path, "collect");
    server.wait("/api/v1/sources", idle("done"));
    assert_eq!(server.get(&total)["total"], 300);

    // A server that is asked to stop gives its lease back, and the one that stood by serves.
    let stopping = Instant::now();
    assert!(server.stop().success());
    let next = role(&path, "serve");
    assert!(
        stopping.elapsed() < Duration::from_secs(10),
        "the lease was given back"
    );
    assert_eq!(next.get(&total)["total"], 300);
    assert!(second.stop().success() && worker.stop().success() && next.stop().success());
}
