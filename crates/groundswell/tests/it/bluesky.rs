//! `groundswell run` follows a Jetstream: cut in the middle, resumed, deletes honoured, nothing doubled.

use crate::server::{Server, config};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

const BASE: i64 = 1_780_000_000_000_000;

/// Frame `n` of a made-up stream: a post every second, the 30th deleted by the 40th frame.
fn frame(n: i64) -> Value {
    let commit = if n == 40 {
        json!({"rev": "r", "operation": "delete", "collection": "app.bsky.feed.post", "rkey": "k30"})
    } else {
        json!({"rev": "r", "operation": "create", "collection": "app.bsky.feed.post", "rkey": format!("k{n}"),
            "record": {"$type": "app.bsky.feed.post", "text": format!("kettle number {n}"), "createdAt": "2026-05-25T14:23:28.757Z", "langs": ["en"]}})
    };
    // A delete comes from the post's own author.
    let author = if n == 40 { 30 } else { n };
    json!({"did": format!("did:plc:user{}", author % 7), "time_us": BASE + n * 1_000_000, "kind": "commit", "commit": commit, "cursor": n})
}

/// Serves frames `0..50` to the first connection and cuts it; to the next, everything from the cursor it asks for.
async fn jetstream(listener: TcpListener, asked: Arc<Mutex<Vec<Option<i64>>>>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        let mut cursor = None;
        #[allow(clippy::result_large_err, reason = "the library's own callback type")]
        let read = |request: &Request, response: Response| {
            let query = request.uri().query().unwrap_or_default();
            cursor = query
                .split('&')
                .find_map(|p| p.strip_prefix("cursor="))
                .and_then(|c| c.parse::<i64>().ok());
            Ok(response)
        };
        let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, read).await else {
            continue;
        };
        let first = asked.lock().unwrap().is_empty();
        asked.lock().unwrap().push(cursor);
        let range = if first { 0..50 } else { 0..100 };
        for n in range {
            if cursor.is_some_and(|c| BASE + n * 1_000_000 < c) {
                continue;
            }
            if socket.send(Message::text(frame(n).to_string())).await.is_err() {
                break;
            }
        }
        if first {
            // Time for the frames to be taken, then the line is cut without a word.
            tokio::time::sleep(std::time::Duration::from_millis(800)).await;
            drop(socket);
        } else {
            while socket.next().await.is_some_and(|m| m.is_ok()) {}
        }
    }
}

#[test]
fn a_cut_stream_is_resumed_and_nothing_is_doubled() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    runtime.spawn(jetstream(listener, asked.clone()));

    let folder = tempfile::tempdir().unwrap();
    let source = format!(
        "[[source]]\ntype = \"bluesky\"\nname = \"sky\"\nurl = \"ws://127.0.0.1:{port}/subscribe\"\n"
    );
    let server = Server::run(&config(folder.path(), &source));
    server.monitor("kettle", "kettle");
    // 100 frames: 99 posts, one of them deleted.
    let page = server.wait("/api/v1/mentions?from=0", |p| {
        p["total"] == 98 && p["items"][0]["post"]["source"] == "bluesky"
    });
    assert_eq!(page["total"], 98);
    let searched = server.get("/api/v1/mentions?from=0&q=%22number%2030%22");
    assert_eq!(searched["total"], 0);
    let cursors = asked.lock().unwrap().clone();
    assert_eq!(cursors[0], None);
    // A few seconds before the last frame it had: 49 s after the base.
    assert_eq!(cursors[1], Some(BASE + 49 * 1_000_000 - 5_000_000));

    // A restart goes on from the cursor in the journal.
    assert!(server.stop().success());
    let server = Server::run(&folder.path().join("groundswell.toml"));
    server.wait("/api/v1/status", |s| s["sources"][0]["state"] == "live");
    let cursors = asked.lock().unwrap().clone();
    assert_eq!(cursors[2], Some(BASE + 99 * 1_000_000 - 5_000_000));
    assert_eq!(server.get("/api/v1/mentions?from=0")["total"], 98);
}
