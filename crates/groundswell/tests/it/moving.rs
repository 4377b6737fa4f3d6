//! A running installation moves its mentions into a cluster and back: `groundswell migrate` as somebody uses it.
//!
//! The cluster is osmem-server, whose path `GROUNDSWELL_OSMEM` gives (`make test` sets it); without it these are skipped.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// A stand-in for a cluster; it ends with the test.
struct Cluster {
    child: Child,
    url: String,
}

impl Cluster {
    fn start() -> Option<Self> {
        let Some(program) = std::env::var_os("GROUNDSWELL_OSMEM").filter(|path| !path.is_empty()) else {
            eprintln!(
                "moving: skipped, GROUNDSWELL_OSMEM is not set (scripts/osmem.sh prints what to set it to)"
            );
            return None;
        };
        let mut child = Command::new(program)
            .args(["-no-ja", "-addr", "127.0.0.1:0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        let (_, rest) = line.split_once("\"url\":\"").unwrap();
        let url = rest.split('"').next().unwrap().to_owned();
        Some(Self { child, url })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn migrate(config: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["migrate", "--config"]).arg(config).args(args);
    command
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Posts of many days: every third one about tea too.
fn posts(numbers: std::ops::Range<usize>, text: &str) -> Value {
    let post = |n: usize| {
        let about = if n.is_multiple_of(3) { "acme tea" } else { "acme" };
        json!({
            "uid": format!("t:{n}"), "platform": "test", "text": format!("{about} {text} #tag{}", n % 7), "lang": "en",
            "author": {"id": format!("a{}", n % 53)}, "likes": n % 10,
            "created_at": format!("2026-0{}-{:02}T{:02}:00:00Z", 1 + n % 4, 1 + n % 28, n % 24),
        })
    };
    Value::Array(numbers.map(post).collect())
}

/// Begins something, and kills it after so many milliseconds.
pub(crate) fn killed(command: &mut Command, after: u64) {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(after));
    child.kill().unwrap();
    child.wait().unwrap();
}

fn push(server: &Server, posts: &Value) {
    assert_eq!(server.post("/api/v1/posts", posts).0, 200);
}

/// What an installation answers to a number of questions.
fn answers(server: &Server, permalink: &str) -> Vec<(String, Value)> {
    let asked = [
        "/api/v1/overview?from=0&to=1796083200000",
        "/api/v1/mentions?from=0&limit=500",
        "/api/v1/mentions?from=0&limit=500&q=tea&sort=engagement",
        "/api/v1/mentions?from=0&limit=500&tag=kept",
        "/api/v1/breakdown?from=0&by=hashtag&limit=20",
        "/api/v1/breakdown?from=0&by=author&limit=20",
        "/api/v1/breakdown?from=0&by=tag&limit=20",
        "/api/v1/series?from=1767225600000&to=1777593600000&by=monitor&interval=day",
        "/api/v1/projects/default/marks/changes",
        permalink,
    ];
    let mut all: Vec<(String, Value)> = asked
        .into_iter()
        .map(|path| (path.to_owned(), server.get(path)))
        .collect();
    for (_, answer) in &mut all {
        // When it was answered.
        for name in ["generation", "now_at", "took_ms"] {
            answer.as_object_mut().map(|fields| fields.remove(name));
        }
    }
    all
}

fn alike(one: &[(String, Value)], other: &[(String, Value)]) {
    for ((path, one), (_, other)) in one.iter().zip(other) {
        assert_eq!(one, other, "{path}");
    }
}

/// Waits until the store has everything.
pub(crate) fn settle(server: &Server) {
    let value = |name: &str| {
        let (_, text) = server.request("GET", "/metrics", "", &[]);
        let line = text
            .lines()
            .find(|l| l.starts_with(&format!("groundswell_{name} ")));
        line.unwrap().rsplit(' ').next().unwrap().to_owned()
    };
    for _ in 0..600 {
        if value("journal_position") == value("store_position") {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the store does not catch up");
}

/// The configuration with the cluster in it.
fn with_cluster(folder: &Path, url: &str) -> PathBuf {
    let path = folder.join("cluster.toml");
    let text = fs::read_to_string(folder.join("groundswell.toml")).unwrap();
    fs::write(
        &path,
        format!("{text}\n[store]\nurl = \"{url}\"\nprefix = \"gs\"\nreplicas = 0\n"),
    )
    .unwrap();
    path
}

#[test]
fn a_running_installation_moves_into_a_cluster_and_back() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let old = config(folder.path(), "");
    let new = with_cluster(folder.path(), &cluster.url);
    let server = Server::run(&old);
    server.monitor("acme", "acme");
    server.monitor("tea", "tea");
    push(&server, &posts(0..1_500, "first"));
    settle(&server);
    // Killed at any time while the server runs, and begun again.
    for after in [50, 400, 900] {
        killed(&mut migrate(&new, &["--to", "cluster"]), after);
    }
    let output = migrate(&new, &["--to", "cluster"]).output().unwrap();
    assert!(
        output.status.success() && said(&output).contains("Nearly everything is there"),
        "{}",
        said(&output)
    );
    // Half-filled, it is nobody's.
    let refused = Command::new(BINARY)
        .args(["export", "--config"])
        .arg(&new)
        .args(["--out", "x.csv"])
        .output()
        .unwrap();
    assert!(!refused.status.success(), "{}", said(&refused));

    push(&server, &posts(1_400..1_700, "later"));
    let gone: Vec<Value> = (0..50)
        .map(|n| json!({"uid": format!("t:{n}"), "platform": "test", "event": "delete"}))
        .collect();
    push(&server, &json!(gone));
    settle(&server);
    let id = server.get("/api/v1/mentions?from=0&limit=1")["items"][0]["id"].clone();
    let marked = json!({"mentions": [id], "change": {"add_tags": ["kept"]}});
    assert_eq!(server.post("/api/v1/projects/default/marks", &marked).0, 200);
    let question = json!({
        "filter": {"from": 1_767_225_600_000_i64, "to": 1_777_593_600_000_i64},
        "measure": {"metric": "mentions,net_sentiment", "by": "hashtag"},
    });
    let (status, pinned) = server.post("/api/v1/projects/default/permalinks", &question);
    assert!((200..300).contains(&status), "{pinned}");
    let permalink = format!(
        "/api/v1/projects/default/permalinks/{}",
        pinned["id"].as_str().unwrap()
    );
    let before = answers(&server, &permalink);
    let output = migrate(&new, &["--to", "cluster", "--finish"]).output().unwrap();
    assert!(
        !output.status.success() && said(&output).contains("stop it first"),
        "{}",
        said(&output)
    );
    assert!(server.stop().success());
    let output = migrate(&new, &["--to", "cluster", "--finish"]).output().unwrap();
    assert!(
        output.status.success() && said(&output).contains("the same on both sides"),
        "{}",
        said(&output)
    );
    assert!(!folder.path().join("data/migrate.json").exists());

    // The old store is closed, and says where to look.
    let refused = Command::new(BINARY)
        .args(["run", "--config"])
        .arg(&old)
        .output()
        .unwrap();
    assert!(
        !refused.status.success() && said(&refused).contains(&cluster.url),
        "{}",
        said(&refused)
    );
    let again = migrate(&new, &["--to", "cluster"]).output().unwrap();
    assert!(
        !again.status.success() && said(&again).contains("nothing to move"),
        "{}",
        said(&again)
    );
    let server = Server::run(&new);
    alike(&before, &answers(&server, &permalink));
    push(&server, &posts(1_600..1_900, "in the cluster"));
    settle(&server);
    let before = answers(&server, &permalink);
    assert!(server.stop().success());

    let output = migrate(&new, &["--to", "folder", "--finish"]).output().unwrap();
    assert!(
        !output.status.success() && said(&output).contains("mentions already"),
        "{}",
        said(&output)
    );
    let output = migrate(&new, &["--to", "folder", "--finish", "--replace"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let server = Server::run(&old);
    alike(&before, &answers(&server, &permalink));
    assert!(server.stop().success());
    let audit = Command::new(BINARY)
        .args(["audit", "--config"])
        .arg(&old)
        .output()
        .unwrap();
    assert_eq!(said(&audit).matches(") moved {").count(), 2, "{}", said(&audit));
    assert_eq!(crate::faults::check(&old)["problems"], json!([]));
}
