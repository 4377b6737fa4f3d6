//! `kill -9` at any moment loses nothing that was acknowledged and doubles nothing.

use crate::faults::check;
use crate::server::{Server, config};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

pub(crate) const POSTS: usize = 6_000;
const BATCH: usize = 25;
const KILLS: u64 = 20;

/// Post `n`: every second one is about acme, every third about the river, every seventh is edited two batches later
/// (and then speaks of acme no more), every eleventh is deleted three batches later.
fn post(n: usize) -> Value {
    let about = match (n.is_multiple_of(2), n.is_multiple_of(3)) {
        (true, true) => "acme by the river",
        (true, false) => "acme",
        (false, true) => "the river",
        (false, false) => "nothing",
    };
    json!({"uid": format!("test:{n}"), "platform": "test", "text": format!("{about} number n{n}"),
           "author": {"id": format!("a{}", n % 97)}, "created_at": "2026-01-01T00:00:00Z"})
}

pub(crate) fn batches() -> Vec<Value> {
    let mut batches: Vec<Vec<Value>> = (0..POSTS)
        .collect::<Vec<_>>()
        .chunks(BATCH)
        .map(|c| c.iter().map(|&n| post(n)).collect())
        .collect();
    let last = batches.len() - 1;
    for n in 0..POSTS {
        let at = n / BATCH;
        if n % 7 == 3 {
            let edit = json!({"uid": format!("test:{n}"), "platform": "test", "event": "edit", "text": format!("the river again, number n{n}")});
            batches[(at + 2).min(last)].push(edit);
        }
        if n % 11 == 5 {
            batches[(at + 3).min(last)]
                .push(json!({"uid": format!("test:{n}"), "platform": "test", "event": "delete"}));
        }
    }
    batches.into_iter().map(Value::Array).collect()
}

/// Pushes from `done` on until everything is acknowledged or the server is gone.
pub(crate) fn push(server: &Server, batches: &[Value], done: &AtomicUsize, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let next = done.load(Ordering::Relaxed);
        let Some(batch) = batches.get(next) else { return };
        let (status, answer) = server.post("/api/v1/posts", batch);
        if status != 200 {
            return;
        }
        assert_eq!(answer["refused"], json!([]));
        done.store(next + 1, Ordering::Relaxed);
    }
}

/// Gives the third monitor another query; 0 where the server was gone before it answered.
fn edit(server: &Server, monitor: &str, query: &str) -> u16 {
    let input = json!({"name": "changing", "query": query}).to_string();
    server
        .request("PUT", &format!("/api/v1/monitors/{monitor}"), &input, &[])
        .0
}

fn stored(server: &Server, monitors: &[String]) -> BTreeMap<(usize, String), usize> {
    settle(server);
    found(server, monitors)
}

/// Everything stored: how often each text was found, by monitor.
pub(crate) fn found(server: &Server, monitors: &[String]) -> BTreeMap<(usize, String), usize> {
    let mut found = BTreeMap::new();
    for (i, monitor) in monitors.iter().enumerate() {
        let mut cursor = String::new();
        loop {
            let page = server.get(&format!(
                "/api/v1/mentions?from=0&limit=500&monitor={monitor}{cursor}"
            ));
            for m in page["items"].as_array().unwrap() {
                *found
                    .entry((i, m["post"]["text"].as_str().unwrap().to_owned()))
                    .or_default() += 1;
            }
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
    }
    found
}

/// Waits until the store has absorbed the whole journal and no search of the past runs.
fn settle(server: &Server) {
    let value = |text: &str, name: &str| -> u64 {
        let line = text
            .lines()
            .find(|l| l.starts_with(&format!("groundswell_{name} ")))
            .unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    for _ in 0..1200 {
        let (_, text) = server.request("GET", "/metrics", "", &[]);
        let monitors = server.get("/api/v1/projects/default/monitors");
        let searching = monitors
            .as_array()
            .unwrap()
            .iter()
            .any(|m| m["backfill"]["state"] == "running");
        if value(&text, "journal_position") == value(&text, "store_position") && !searching {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the store does not catch up with the journal");
}

/// What one process that nobody disturbs makes of these batches, for the queries `acme`, `river` and `acme AND river`.
pub(crate) fn undisturbed(batches: &[Value]) -> BTreeMap<(usize, String), usize> {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitors = [
        server.monitor("acme", "acme"),
        server.monitor("river", "river"),
        server.monitor("changing", "acme AND river"),
    ];
    push(&server, batches, &AtomicUsize::new(0), &AtomicBool::new(false));
    let expected = stored(&server, &monitors);
    assert!(expected.len() > POSTS / 2 && expected.values().all(|&n| n == 1));
    assert!(server.stop().success());
    expected
}

#[test]
fn a_killed_server_loses_and_doubles_nothing() {
    let batches = batches();
    let never = AtomicBool::new(false);
    let expected = undisturbed(&batches);

    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let done = AtomicUsize::new(0);
    let mut monitors: Vec<String> = Vec::new();
    let mut changing = String::new();
    for round in 0..KILLS {
        let server = Server::run(&path);
        // The second monitor comes in mid-stream, so that its search of the past is killed, too.
        match round {
            0 => monitors.push(server.monitor("acme", "acme")),
            2 => changing = server.monitor("changing", "nothing"),
            6 => monitors.push(server.monitor("river", "river")),
            _ => {}
        }
        let quota = batches.len() * (round as usize + 1) / KILLS as usize;
        let upto = &batches[..quota];
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| push(&server, upto, &done, &stop));
            // A third one changes in every round, so that changes, too, are killed at any moment.
            if round > 2 {
                let query = ["river", "acme", "acme OR river"][round as usize % 3];
                scope.spawn(|| edit(&server, &changing, query));
            }
            // Spread over the commit period: 0 to 1.2 s, the same in every run of this test.
            std::thread::sleep(Duration::from_millis((round * 7919) % 1200));
            stop.store(true, Ordering::Relaxed);
        });
        server.kill();
    }
    let server = Server::run(&path);
    assert_eq!(edit(&server, &changing, "acme AND river"), 200);
    monitors.push(changing.clone());
    push(&server, &batches, &done, &never);
    assert_eq!(done.load(Ordering::Relaxed), batches.len());
    let found = stored(&server, &monitors);
    let lost: Vec<_> = expected
        .keys()
        .filter(|k| !found.contains_key(*k))
        .take(5)
        .collect();
    let extra: Vec<_> = found
        .keys()
        .filter(|k| !expected.contains_key(*k))
        .take(5)
        .collect();
    let doubled: Vec<_> = found.iter().filter(|f| *f.1 > 1).take(5).collect();
    assert!(
        lost.is_empty() && extra.is_empty() && doubled.is_empty(),
        "lost {lost:?}, extra {extra:?}, doubled {doubled:?}"
    );
    assert_eq!(found, expected);
    let versions = server.get(&format!("/api/v1/monitors/{changing}/versions"));
    let versions = versions.as_array().unwrap();
    assert!(versions.len() > 3, "{versions:?}");
    assert!(versions[0]["in_force_from"].is_u64(), "{versions:?}");
    assert!(server.stop().success());
    // Every file is as it was written, no leftover is there, and the store has all of the journal.
    let check = check(&path);
    assert_eq!(check["problems"], json!([]), "{check}");
    assert_eq!(check["position"], check["journal"]["next"], "{check}");
}
