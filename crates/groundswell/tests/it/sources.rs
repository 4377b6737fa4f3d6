//! Sources of a running server: added, paused, resumed, removed, and asked for the past, against a made-up Hacker News.

use crate::server::{Server, config};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A Hacker News whose newest item can be set; every item names the brand.
struct News {
    url: String,
    newest: Arc<AtomicU64>,
}

impl News {
    fn start(newest: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let newest = Arc::new(AtomicU64::new(newest));
        let known = newest.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(stream, known.load(Ordering::Relaxed));
            }
        });
        Self { url, newest }
    }

    fn options(&self) -> Value {
        json!({"items_url": self.url, "search_url": self.url, "poll_seconds": 0.05})
    }
}

fn answer(mut stream: TcpStream, newest: u64) {
    let mut request = [0; 8192];
    let n = stream.read(&mut request).unwrap_or(0);
    let head = String::from_utf8_lossy(&request[..n]).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let now = jiff::Timestamp::now().as_second();
    let body = if path.starts_with("/v0/maxitem") {
        json!(newest)
    } else if path.starts_with("/v0/updates") {
        json!({"items": []})
    } else if path.starts_with("/api/v1/search_by_date") {
        let hit = json!({"objectID": "7", "author": "ann", "created_at_i": now - 86_400, "comment_text": "the kettle of old",
                         "_tags": ["comment"], "parent_id": 1});
        let shown = if path.contains("hitsPerPage=0") {
            json!([])
        } else {
            json!([hit])
        };
        json!({"nbHits": 1, "hits": shown})
    } else {
        let id: u64 = path
            .trim_start_matches("/v0/item/")
            .trim_end_matches(".json")
            .parse()
            .unwrap_or(0);
        json!({"id": id, "type": "comment", "by": "ann", "time": now, "parent": 1, "text": format!("kettle number {id}")})
    };
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes()));
}

fn put(server: &Server, name: &str, body: &Value) -> (u16, Value) {
    let (status, text) = server.request("PUT", &format!("/api/v1/sources/{name}"), &body.to_string(), &[]);
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn mentions(server: &Server, at_least: u64) {
    server.wait("/api/v1/status", |s| s["mentions"].as_u64() >= Some(at_least));
}

#[test]
fn a_source_is_added_paused_resumed_and_removed_while_the_server_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let news = News::start(100);
    let server = Server::run(&path);
    server.monitor("Kettles", "kettle");
    let (status, made) = put(
        &server,
        "hn",
        &json!({"connector": "hackernews", "options": news.options()}),
    );
    assert_eq!((status, &made["origin"]), (200, &json!("api")), "{made}");
    server.wait("/api/v1/sources/hn", |s| s["state"] == "live");
    news.newest.store(110, Ordering::Relaxed);
    mentions(&server, 10);

    let (status, held) = server.post("/api/v1/sources/hn/pause", &json!({}));
    assert_eq!((status, &held["state"]), (200, &json!("paused")));
    news.newest.store(120, Ordering::Relaxed);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(
        server.get("/api/v1/status")["mentions"],
        10,
        "a paused source delivers nothing"
    );
    assert_eq!(server.post("/api/v1/sources/hn/resume", &json!({})).0, 200);
    mentions(&server, 20);

    // A restart knows it, and where it was.
    assert!(server.stop().success());
    let server = Server::run(&path);
    news.newest.store(125, Ordering::Relaxed);
    mentions(&server, 25);
    let coverage = server.get("/api/v1/coverage");
    let series = coverage["sources"]
        .as_array()
        .unwrap()
        .iter()
        .find(|s| s["source"] == "hn")
        .unwrap();
    let seen: u64 = series["slots"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|s| s["seen"].as_u64())
        .sum();
    assert!(seen >= 20, "the first run's coverage is kept: {coverage}");
    let hours = server.get("/api/v1/coverage?step=3600000");
    assert!(hours.to_string().len() <= coverage.to_string().len());
    assert_eq!(server.request("GET", "/api/v1/coverage?step=1", "", &[]).0, 400);

    let (status, trial) = server.post("/api/v1/sources/hn/test", &json!({}));
    assert_eq!((status, &trial["works"]), (200, &json!(true)), "{trial}");
    let (status, _) = server.request("DELETE", "/api/v1/sources/hn", "", &[]);
    assert_eq!(status, 204);
    assert_eq!(server.request("GET", "/api/v1/sources/hn", "", &[]).0, 404);
    let actions: Vec<Value> = server.get("/api/v1/audit")["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["action"].clone())
        .collect();
    for action in ["source_added", "source_changed", "source_removed"] {
        assert!(actions.contains(&json!(action)), "{action} is not in {actions:?}");
    }
}

#[test]
fn a_source_of_the_file_is_read_only_and_bad_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let news = News::start(1);
    let file = format!(
        "[[source]]\ntype = \"hackernews\"\nitems_url = {:?}\nsearch_url = {0:?}\n",
        news.url
    );
    let server = Server::run(&config(folder.path(), &file));
    let (status, refused) = put(&server, "hackernews", &json!({"connector": "hackernews"}));
    assert_eq!((status, &refused["code"]), (409, &json!("conflict")));
    assert_eq!(
        server.request("DELETE", "/api/v1/sources/hackernews", "", &[]).0,
        409
    );
    assert_eq!(server.get("/api/v1/sources/hackernews")["origin"], "file");
    let (status, refused) = put(&server, "x1", &json!({"connector": "hackernewz"}));
    assert_eq!(status, 400);
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `hackernews`"),
        "{refused}"
    );
    let (status, refused) = put(
        &server,
        "x1",
        &json!({"connector": "hackernews", "options": {"poll_second": 3}}),
    );
    assert_eq!(status, 400);
    assert!(
        refused["message"].as_str().unwrap().contains("poll_second"),
        "{refused}"
    );
}

#[test]
fn a_new_monitor_asks_for_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let news = News::start(1);
    let file = format!(
        "[[source]]\ntype = \"hackernews\"\nname = \"hn\"\nitems_url = {:?}\nsearch_url = {0:?}\n",
        news.url
    );
    let server = Server::run(&config(folder.path(), &file));
    let id = server.monitor("Kettles", "kettle AND old");
    mentions(&server, 1);
    let searches = server.wait("/api/v1/past-searches", |s| s[0]["state"] == "done");
    assert_eq!(
        (&searches[0]["monitor"], &searches[0]["posts"]),
        (&json!(id), &json!(1))
    );
    let gaps = server.get("/api/v1/coverage?from=0")["gaps"].clone();
    assert_eq!(
        (&gaps[0]["kind"], &gaps[0]["source"]),
        (&json!("partial"), &json!("hn")),
        "{gaps}"
    );
    let month = jiff::Timestamp::now().as_millisecond() - 30 * 86_400_000;
    let (status, estimate) = server.post(
        "/api/v1/sources/hn/past",
        &json!({"from": month, "estimate": true}),
    );
    assert_eq!(
        (status, &estimate["estimated_posts"], &estimate["estimated_money"]),
        (200, &json!(1), &json!(0.0))
    );
    // Before there is a monitor a query alone can be counted, and never searched.
    let (status, estimate) = server.post(
        "/api/v1/sources/hn/past",
        &json!({"from": month, "estimate": true, "query": "kettle"}),
    );
    assert_eq!((status, &estimate["estimated_posts"]), (200, &json!(1)));
    for (wrong, status) in [
        (json!({"from": month, "query": "kettle"}), 400),
        (
            json!({"from": month, "estimate": true, "query": "kettle", "monitor": id}),
            400,
        ),
        (json!({"from": month, "estimate": true, "query": "(kettle"}), 422),
    ] {
        let (refused, _) = server.post("/api/v1/sources/hn/past", &wrong);
        assert_eq!(refused, status, "{wrong}");
    }
}
