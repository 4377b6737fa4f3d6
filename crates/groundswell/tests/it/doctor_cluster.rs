//! `groundswell doctor` on installations whose mentions are in a cluster that is broken in some way.

use crate::server::{BINARY, Server, config};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

const ROOT: &str = r#"{"version":{"number":"3.8.0","distribution":"opensearch"}}"#;
const FOUND: &str = r#"{"_shards":{"failed":0},"timed_out":false,"hits":{"total":{"value":7},"hits":[]}}"#;

/// A cluster that works, but for requests whose line has one of these in it.
fn cluster(but: &'static [(&'static str, u16, &'static str)]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = serve(stream.unwrap(), but);
        }
    });
    url
}

fn serve(mut stream: TcpStream, but: &[(&str, u16, &str)]) -> std::io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let (mut line, mut length) = (String::new(), 0);
    reader.read_line(&mut line)?;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        if header.trim().is_empty() {
            break;
        }
        let header = header.to_ascii_lowercase();
        if let Some(n) = header.strip_prefix("content-length:") {
            length = n.trim().parse().unwrap();
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let special = but.iter().find(|(part, ..)| line.contains(part));
    let (status, body) = match special {
        Some((_, status, body)) => (*status, *body),
        None if line.starts_with("GET / ") => (200, ROOT),
        None if line.contains("_search") => (200, FOUND),
        None => (200, "{}"),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// What the doctor says of the store, and its advice.
fn told(folder: &Path, url: &str, check: &str) -> (String, String, String) {
    let path = folder.join("cluster.toml");
    let text = fs::read_to_string(folder.join("groundswell.toml")).unwrap();
    let login = "user = \"gs\"\npassword = \"file:secret\"";
    fs::write(folder.join("secret"), "open sesame").unwrap();
    fs::write(
        &path,
        format!("{text}\n[store]\nurl = \"{url}\"\nprefix = \"gs\"\n{login}\n"),
    )
    .unwrap();
    let output = Command::new(BINARY)
        .args(["doctor", "--json", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(!said.contains("sesame"), "{said}");
    let found: Value = serde_json::from_str(&said).unwrap();
    let mut all = found["checks"].as_array().unwrap().iter();
    let line = all
        .find(|c| c["check"] == check && c["place"] == url)
        .unwrap_or_else(|| panic!("{found:#}"));
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    (text("state"), text("what"), text("advice"))
}

#[test]
fn what_is_wrong_with_a_cluster_is_said_and_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    assert!(Server::run(&path).stop().success());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let faulty: [(String, &str, &str); 7] = [
        (format!("http://{closed}"), "onnection refused", "[store] url"),
        (
            cluster(&[("GET / ", 401, r#"{"error":{"type":"security_exception"}}"#)]),
            "HTTP 401 security_exception",
            "user and password",
        ),
        (
            cluster(&[("_mapping", 403, r#"{"error":{"type":"security_exception"}}"#)]),
            "HTTP 403",
            "the right to",
        ),
        (
            cluster(&[(
                "_mapping",
                200,
                r#"{"gs-mentions-month-2026-01-01":{"mappings":{"_meta":{"format":98}}}}"#,
            )]),
            "has format 98, this program knows up to",
            "a newer groundswell wrote it",
        ),
        (
            cluster(&[(
                "_search",
                503,
                r#"{"error":{"type":"no_shard_available_action_exception"}}"#,
            )]),
            "HTTP 503 no_shard_available_action_exception",
            "_cat/shards/gs-*?v names it",
        ),
        (
            cluster(&[(
                "_search",
                200,
                r#"{"_shards":{"failed":1},"hits":{"total":{"value":3},"hits":[]}}"#,
            )]),
            "1 shards did not answer",
            "_cat/shards/gs-*?v names it",
        ),
        (
            cluster(&[(
                "_doc/store",
                200,
                r#"{"_source":{"writer":3,"closed":"being filled"}}"#,
            )]),
            "is closed: being filled",
            "moving.md",
        ),
    ];
    for (url, what, advice) in &faulty {
        let told = told(folder.path(), url, "store");
        assert_eq!(told.0, "fault", "{told:?}");
        assert!(told.1.contains(what) && told.2.contains(advice), "{told:?}");
    }
    let health = |nodes: &'static str| [("_cluster/health", 200, nodes)];
    let alone: &'static _ = Box::leak(Box::new(health(
        r#"{"number_of_data_nodes":1,"unassigned_shards":2}"#,
    )));
    let lost: &'static _ = Box::leak(Box::new(health(
        r#"{"number_of_data_nodes":3,"unassigned_shards":2}"#,
    )));
    for (url, advice) in [
        (cluster(alone), "replicas = 0"),
        (cluster(lost), "allocation/explain"),
    ] {
        assert_eq!(told(folder.path(), &url, "store").0, "ok");
        let told = told(folder.path(), &url, "copies");
        assert!(told.0 == "warning" && told.2.contains(advice), "{told:?}");
    }
}

/// A node of a cluster that is called so, and the headers it hears.
fn node(cluster: &'static str) -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let heard = Arc::new(Mutex::new(String::new()));
    let hearing = heard.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = hear(stream.unwrap(), cluster, &hearing);
        }
    });
    (url, heard)
}

fn hear(mut stream: TcpStream, cluster: &str, heard: &Mutex<String>) -> std::io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let (mut said, mut length) = (String::new(), 0);
    while reader.read_line(&mut said)? > 2 {
        let line = said.lines().last().unwrap_or_default().to_ascii_lowercase();
        if let Some(n) = line.strip_prefix("content-length:") {
            length = n.trim().parse().unwrap();
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    let root = format!(
        r#"{{"name":"n","cluster_uuid":"{cluster}","version":{{"number":"3.8.0","distribution":"opensearch"}}}}"#
    );
    let body = if said.starts_with("GET / ") { &root } else { FOUND };
    heard.lock().unwrap().push_str(&said);
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 -\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

#[test]
fn each_node_is_looked_at_and_a_key_is_sent_but_never_shown() {
    const KEY: &str = "aWQ6b3BlbnNlc2FtZQ==";
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    assert!(Server::run(&path).stop().success());
    let (away, (first, heard), (stranger, _)) = (
        format!(
            "http://{}",
            TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
        ),
        node("one"),
        node("two"),
    );
    let text = fs::read_to_string(&path).unwrap();
    let urls = format!("url = [\"{away}\", \"{first}\", \"{stranger}\"]");
    fs::write(
        &path,
        format!("{text}\n[store]\n{urls}\napi_key = \"file:key\"\n"),
    )
    .unwrap();
    fs::write(folder.path().join("key"), KEY).unwrap();
    let output = Command::new(BINARY)
        .env("GROUNDSWELL_LOG", "trace")
        .args(["doctor", "--json", "--config"])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let logged = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        heard
            .lock()
            .unwrap()
            .contains(&format!("authorization: ApiKey {KEY}\r\n"))
    );
    for secret in [KEY, "opensesame"] {
        assert!(
            !said.contains(secret) && !logged.contains(secret),
            "{said} {logged}"
        );
    }
    let found: Value = serde_json::from_str(&said).unwrap();
    let state = |check: &str, place: &str| {
        let mut all = found["checks"].as_array().unwrap().iter();
        let line = all.find(|c| c["check"] == check && c["place"] == place);
        line.unwrap_or_else(|| panic!("{found:#}"))["state"].clone()
    };
    assert_eq!(state("node", &away), "warning");
    assert_eq!(state("node", &first), "ok");
    assert_eq!(state("node", &stranger), "fault");
    assert_eq!(state("store", &away), "ok");
}
