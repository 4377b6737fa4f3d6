//! A disk that is full: what was acknowledged is kept, what is stored is served, and taking in says why it waits.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

fn numbers(server: &Server) -> BTreeSet<String> {
    let page = server.get("/api/v1/mentions?from=0&limit=500");
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|m| m["post"]["text"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn nothing_acknowledged_is_lost_on_a_full_disk_and_what_is_stored_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    server.monitor("acme", "acme");
    assert!(server.stop().success());

    // No file may grow beyond 256 kB: writing fails as on a full disk. The signal that would kill is ignored.
    let mut command = Command::new("sh");
    let script = "trap '' XFSZ; ulimit -f 512 || exit 9; exec \"$0\" run --config \"$1\"";
    command.args(["-c", script, BINARY]).arg(&path);
    let server = Server::start(&mut command, "Groundswell is on http://");
    let batch = |n: usize| -> Value {
        let post = |i: usize| {
            // Random-like words, so that nothing packs them small.
            let words: Vec<String> = (0..60)
                .map(|w| format!("w{:x}", (n * 7919 + i * 104_729 + w * 1_299_709) % 16_777_213))
                .collect();
            json!({"uid": format!("t:{n}-{i}"), "text": format!("acme {n}-{i} {}", words.join(" "))})
        };
        json!((0..10).map(post).collect::<Vec<_>>())
    };
    let mut acknowledged = BTreeSet::new();
    let mut refused = None;
    for n in 0..200 {
        let body = batch(n);
        let (status, text) = {
            let (tx, rx) = std::sync::mpsc::channel();
            std::thread::scope(|scope| {
                let server = &server;
                let sent = body.to_string();
                scope.spawn(move || tx.send(server.request("POST", "/api/v1/posts", &sent, &[])));
                // A delivery on its way when the disk fills waits for it: health says so meanwhile.
                loop {
                    if let Ok(answer) = rx.recv_timeout(std::time::Duration::from_millis(100)) {
                        return answer;
                    }
                    let (status, said) = server.request("GET", "/health", "", &[]);
                    if status == 503 {
                        refused = Some(said);
                        // What is stored is served all the while.
                        assert!(!numbers(server).is_empty());
                        server.signal("KILL");
                    }
                }
            })
        };
        match status {
            200 => acknowledged.extend(
                body.as_array()
                    .unwrap()
                    .iter()
                    .map(|p| p["text"].as_str().unwrap().to_owned()),
            ),
            503 => {
                assert!(!numbers(&server).is_empty());
                refused = refused.or(Some(text));
            }
            _ => {}
        }
        if refused.is_some() {
            break;
        }
    }
    let refused = refused.expect("the disk never was full");
    assert!(refused.contains("cannot be written"), "{refused}");
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    drop(server);

    let server = Server::run(&path);
    let all = |server: &Server| {
        let mut found = BTreeSet::new();
        let mut cursor = String::new();
        loop {
            let page = server.get(&format!("/api/v1/mentions?from=0&limit=500{cursor}"));
            found.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|m| m["post"]["text"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else {
                return found;
            };
            cursor = format!("&cursor={next}");
        }
    };
    server.wait("/api/v1/mentions?from=0&limit=1", |page| {
        page["total"].as_u64() >= Some(acknowledged.len() as u64)
    });
    let found = all(&server);
    let lost: Vec<_> = acknowledged.difference(&found).take(3).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    assert!(server.stop().success());
    // Files of segments that were merged away go at the next commit; nothing is damaged.
    let checked = crate::faults::check(&path);
    let problems = checked["problems"].as_array().unwrap().iter();
    let damage: Vec<_> = problems.filter(|p| p["damage"] != json!(false)).collect();
    assert!(damage.is_empty(), "{damage:?}");
}
