//! A backup taken under load is one moment of the installation; a damaged one is refused by name.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

const BATCH: usize = 20;

fn groundswell(folder: &Path, args: &[&str]) -> Output {
    Command::new(BINARY)
        .args(args)
        .current_dir(folder)
        .env("SECRET", "twelve and more")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn batch(n: usize) -> Value {
    let posts =
        (n * BATCH..(n + 1) * BATCH).map(|i| json!({"uid": format!("t:{i}"), "text": format!("acme {i}")}));
    json!(posts.collect::<Vec<_>>())
}

/// The numbers of all posts stored.
fn numbers(server: &Server) -> BTreeSet<usize> {
    let (mut found, mut cursor) = (BTreeSet::new(), String::new());
    loop {
        let page = server.get(&format!("/api/v1/mentions?from=0&limit=500{cursor}"));
        for mention in page["items"].as_array().unwrap() {
            let text = mention["post"]["text"].as_str().unwrap();
            assert!(
                found.insert(text.rsplit(' ').next().unwrap().parse().unwrap()),
                "doubled: {text}"
            );
        }
        let Some(next) = page["next"].as_str() else {
            return found;
        };
        cursor = format!("&cursor={next}");
    }
}

#[test]
fn a_backup_under_load_is_one_moment_and_a_damaged_one_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    server.monitor("acme", "acme");
    let (sent, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (before, after) = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::SeqCst) {
                let n = sent.load(Ordering::SeqCst);
                assert_eq!(server.post("/api/v1/posts", &batch(n)).0, 200);
                sent.store(n + 1, Ordering::SeqCst);
            }
        });
        // Some commits lie behind it by then, and it falls between two.
        server.wait("/api/v1/status", |s| s["generation"].as_u64() >= Some(2));
        let before = sent.load(Ordering::SeqCst);
        let output = groundswell(
            folder.path(),
            &["backup", "--to", "b.tar.zst", "--passphrase", "env:SECRET"],
        );
        let after = sent.load(Ordering::SeqCst) + 1;
        stop.store(true, Ordering::SeqCst);
        assert!(output.status.success(), "{}", said(&output));
        (before, after)
    });
    assert!(server.stop().success());

    let output = groundswell(
        folder.path(),
        &["backup", "--verify", "b.tar.zst", "--passphrase", "env:SECRET"],
    );
    assert!(
        output.status.success() && said(&output).contains("is whole: "),
        "{}",
        said(&output)
    );
    let restored = groundswell(
        folder.path(),
        &[
            "restore",
            "b.tar.zst",
            "--data",
            "again",
            "--passphrase",
            "env:SECRET",
        ],
    );
    assert!(restored.status.success(), "{}", said(&restored));
    let toml = folder.path().join("again.toml");
    fs::write(
        &toml,
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"again\"\n",
    )
    .unwrap();
    let again = Server::run(&toml);
    let mark = json!([{"uid": "t:mark", "text": "acme 999999999"}]);
    assert_eq!(again.post("/api/v1/posts", &mark).0, 200);
    // What came after the replay is stored: so is the replay.
    again.wait("/api/v1/mentions?from=0&limit=1&q=999999999", |page| {
        page["total"] == 1
    });
    let mut found = numbers(&again);
    assert!(found.remove(&999_999_999));
    // Batches are whole, in their order, and none is missing before the last.
    let batches = found.len() / BATCH;
    assert_eq!(found, (0..batches * BATCH).collect(), "{batches} batches");
    assert!(
        (before..=after).contains(&batches),
        "{before} to {after}, but {batches}"
    );
    assert!(again.stop().success());
    assert_eq!(crate::faults::check(&toml)["problems"], json!([]));

    let whole = fs::read(folder.path().join("b.tar.zst")).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    for (bytes, name) in [
        (flipped.as_slice(), "flipped"),
        (&whole[..whole.len() - 200], "short"),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
        let output = groundswell(folder.path(), &["backup", "--verify", name]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(
            said(&output).contains("damaged") || said(&output).contains("cut short"),
            "{}",
            said(&output)
        );
        let args = ["restore", name, "--data", "none", "--passphrase", "env:SECRET"];
        assert!(!groundswell(folder.path(), &args).status.success());
        assert!(!folder.path().join("none").exists(), "nothing was written");
    }
}
