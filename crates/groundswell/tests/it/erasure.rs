//! Erasure, from outside: the acceptance tests of what is promised to the people who wrote.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What only this author has. The text is found in files as its rarest words.
const ID: &str = "did:plc:zoequuxid77";
const HANDLE: &str = "zoe-quux77.example";
const NAME: &str = "Zoe Quuxname";
const MARKS: [&str; 5] = [ID, HANDLE, NAME, "zyzzyvaword", "quokkatag"];

fn zoe(n: usize) -> Value {
    json!({"uid": format!("bluesky:at://{ID}/post/{n}"), "platform": "bluesky",
           "author": {"id": ID, "handle": HANDLE, "name": NAME},
           "text": format!("my kettle says zyzzyvaword{n} #quokkatag"), "hashtags": ["quokkatag"],
           "permalink": format!("https://bsky.app/profile/{HANDLE}/post/{n}")})
}

fn other(n: usize) -> Value {
    json!({"uid": format!("bluesky:at://did:plc:other{n}/post/1"), "platform": "bluesky",
           "author": {"id": format!("did:plc:other{n}"), "handle": format!("other{n}.example")},
           "text": format!("a kettle of ordinary make, number {n}")})
}

/// Two of hers (one matches no monitor), a repost of the first, and ten of others.
fn posts() -> Value {
    let first = format!("bluesky:at://{ID}/post/1");
    let mut all: Vec<Value> = (0..10).map(other).collect();
    all.push(zoe(1));
    let mut silent = zoe(2);
    silent["text"] = json!("nothing anybody looks for: zyzzyvaword2");
    all.push(silent);
    let mut repost = other(20);
    repost["kind"] = json!("repost");
    repost["repost_of"] = json!(first);
    repost["text"] = zoe(1)["text"].clone();
    all.push(repost);
    json!(all)
}

fn filled(folder: &Path) -> Server {
    let server = Server::run(&config(folder, ""));
    server.monitor("kettle", "kettle");
    let (status, receipt) = server.post("/api/v1/posts", &posts());
    assert_eq!((status, &receipt["accepted"]), (200, &json!(13)), "{receipt}");
    server.wait("/api/v1/mentions", |p| p["total"] == 12);
    server
}

/// The files under a folder that hold any of the marks.
fn holding(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path));
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let lower = bytes.to_ascii_lowercase();
        for mark in MARKS {
            let needle = mark.to_ascii_lowercase();
            if lower.windows(needle.len()).any(|w| w == needle.as_bytes()) {
                found.push((path.clone(), mark));
            }
        }
    }
    found
}

fn run(args: &[&str], folder: &Path) -> Output {
    Command::new(BINARY)
        .args(args)
        .current_dir(folder)
        .env("SECRET_WORDS", "correct horse battery")
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn ok(args: &[&str], folder: &Path) -> String {
    let output = run(args, folder);
    assert!(output.status.success(), "{args:?}: {}", said(&output));
    said(&output)
}

/// Nothing of the author is answered or on the disk, and everybody else is there.
fn assert_erased(server: &Server, data: &Path) {
    for question in [
        "/api/v1/mentions?q=zyzzyvaword1",
        "/api/v1/mentions?q=%40zoe-quux77.example",
        "/api/v1/mentions?hashtag=quokkatag",
    ] {
        assert_eq!(server.get(question)["total"], 0, "{question}");
    }
    let page = server.get("/api/v1/mentions?from=0&limit=100");
    assert_eq!(page["total"], 10, "{page}");
    assert!(!page.to_string().contains("zyzzyvaword"));
    let terms = server.get("/api/v1/breakdown?by=hashtag");
    assert!(!terms.to_string().contains("quokkatag"));
    assert_eq!(holding(data), []);
}

#[test]
fn an_erased_author_is_gone_from_answers_and_from_every_file_and_stays_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = filled(folder.path());
    std::fs::create_dir(data.join("exports")).unwrap();
    std::fs::write(
        data.join("exports/hers.csv"),
        format!("key,text\n1,of {HANDLE}\n"),
    )
    .unwrap();
    std::fs::write(data.join("exports/others.csv"), "key,text\n1,a kettle\n").unwrap();
    assert!(
        !holding(&data).is_empty(),
        "what is searched for must be there first"
    );

    let receipt = folder.path().join("receipt.json");
    let told = ok(
        &[
            "erase",
            "--author",
            HANDLE,
            "--reason",
            "asked by zoe-quux77.example by letter",
            "--receipt",
            "receipt.json",
        ],
        folder.path(),
    );
    assert!(
        told.contains("erased: 2 posts (2 mentions, 3 journal entries), 1 reposts, 0 quotations, 1 keys"),
        "{told}"
    );
    assert_erased(&server, &data);
    assert!(!data.join("exports/hers.csv").exists() && data.join("exports/others.csv").exists());

    // She is refused from now on, over the restart too, and the rest goes on as before.
    let (_, again) = server.post("/api/v1/posts", &json!([zoe(3), other(30)]));
    assert_eq!(
        (&again["accepted"], &again["refused"][0]["reason"]),
        (&json!(1), &json!("suppressed"))
    );
    assert!(server.stop().success());
    assert_eq!(holding(&data), []);
    let server = Server::run(&folder.path().join("groundswell.toml"));
    let (_, again) = server.post("/api/v1/posts", &posts());
    assert_eq!(again["refused"].as_array().unwrap().len(), 2, "{again}");
    let refused = server.get("/api/v1/suppressions");
    assert!(refused["total"].as_u64() > Some(0), "{refused}");
    assert!(
        refused["items"][0]["erasure"]
            .as_str()
            .unwrap()
            .starts_with("er_"),
        "{refused}"
    );
    assert!(refused["items"][0].get("pseudonym").is_none());
    let all = server.get("/api/v1/erasures");
    assert_eq!(
        (&all[0]["state"], &all[0]["reason"]),
        (&json!("done"), &json!("asked by [author] by letter"))
    );

    // The receipt holds, and a tampered one does not.
    let path = receipt.to_str().unwrap();
    assert!(ok(&["erase", "--verify", path], folder.path()).contains("holds, signed by key"));
    let public = serde_json::from_slice::<Value>(&std::fs::read(&receipt).unwrap()).unwrap();
    let public = public["key"]["public"].as_str().unwrap();
    ok(
        &["erase", "--verify", path, "--public-key", public],
        folder.path(),
    );
    let text = std::fs::read_to_string(&receipt).unwrap();
    std::fs::write(&receipt, text.replace("\"mentions\": 2", "\"mentions\": 1")).unwrap();
    let output = run(&["erase", "--verify", path], folder.path());
    assert_eq!(output.status.code(), Some(1));
    for fault in ["signature does not belong", "erased.mentions is 1, but 2"] {
        assert!(said(&output).contains(fault), "{}", said(&output));
    }
    assert!(ok(&["audit", "--verify"], folder.path()).contains("whole:"));
}

#[test]
fn without_a_server_the_folder_itself_is_worked_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    filled(folder.path()).stop();
    let address = format!("https://bsky.app/profile/{HANDLE}/post/1");
    let told = ok(&["erase", "--author", &address], folder.path());
    assert!(told.contains("\"signature\""), "{told}");
    assert_eq!(holding(&data), []);
    let server = Server::run(&folder.path().join("groundswell.toml"));
    assert_erased(&server, &data);
}

#[test]
fn whoever_is_not_known_or_known_twice_is_not_guessed() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled(folder.path());
    let ask = |body: Value| server.post("/api/v1/erasures", &body);
    let (status, answer) = ask(json!({"author": "nobody.example", "reason": "a test"}));
    assert_eq!(status, 404, "{answer}");
    // On another platform somebody else has her handle.
    let twin = json!({"uid": "mastodon:1", "platform": "mastodon", "text": "the kettle of a namesake",
                      "author": {"id": "9", "handle": HANDLE}});
    server.post("/api/v1/posts", &twin);
    let (status, answer) = ask(json!({"author": HANDLE, "reason": "a test"}));
    assert_eq!(status, 409);
    assert!(
        answer["message"].as_str().unwrap().contains("bluesky, mastodon"),
        "{answer}"
    );
    let (status, _) = ask(json!({"author": HANDLE, "platform": "mastodon", "reason": "a test"}));
    assert_eq!(status, 200);
    assert_eq!(server.get("/api/v1/mentions?q=zyzzyvaword1")["total"], 2);
    // Nothing stored, but the platform named: refused from now on.
    let (status, _) = ask(json!({"author": "early.example", "platform": "bluesky", "reason": "a test"}));
    assert_eq!(status, 200);
    let early = json!({"text": "a kettle", "platform": "bluesky", "author": {"id": "did:plc:e", "handle": "Early.example"}});
    assert_eq!(
        server.post("/api/v1/posts", &early).1["refused"][0]["reason"],
        "suppressed"
    );
}

#[test]
fn a_backup_from_before_does_not_bring_the_erased_back() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled(folder.path());
    let secret = "env:SECRET_WORDS";
    ok(
        &["backup", "--to", "old.tar.zst", "--passphrase", secret],
        folder.path(),
    );
    assert!(!folder.path().join("data/backup.staging").exists());
    ok(&["erase", "--author", ID], folder.path());
    ok(
        &["backup", "--to", "new.tar.zst", "--passphrase", secret],
        folder.path(),
    );
    server.stop();

    let restored = |file: &str, to: &str, more: &[&str]| {
        let mut args = vec!["restore", file, "--data", to, "--passphrase", secret];
        args.extend(more);
        run(&args, folder.path())
    };
    let wrong = Command::new(BINARY)
        .args([
            "restore",
            "old.tar.zst",
            "--data",
            "wrong",
            "--passphrase",
            "env:OTHER_WORDS",
        ])
        .current_dir(folder.path())
        .env("OTHER_WORDS", "incorrect horse battery")
        .output()
        .unwrap();
    assert!(said(&wrong).contains("passphrase is wrong"), "{}", said(&wrong));
    let left = std::fs::read_dir(folder.path().join("wrong"));
    assert!(left.is_ok_and(|mut files| files.next().is_none()) || !folder.path().join("wrong").exists());

    let output = restored(
        "old.tar.zst",
        "again",
        &["--suppressions", "data/suppressions.jsonl"],
    );
    assert!(
        said(&output).contains("erasures done again: 1"),
        "{}",
        said(&output)
    );
    assert_eq!(holding(&folder.path().join("again")), []);
    let taken = restored("old.tar.zst", "again", &[]);
    assert!(said(&taken).contains("is not empty"), "{}", said(&taken));
    // The backup from after the erasure knows of it without help; one from before without the ledger does not.
    assert!(restored("new.tar.zst", "later", &[]).status.success());
    assert_eq!(holding(&folder.path().join("later")), []);
    assert!(restored("old.tar.zst", "plain", &[]).status.success());
    assert_ne!(holding(&folder.path().join("plain")), []);

    for (data, total) in [("again", 10), ("later", 10), ("plain", 12)] {
        std::fs::write(
            folder.path().join("restored.toml"),
            format!("[server]\nlisten = \"127.0.0.1:0\"\n[data]\npath = \"{data}\"\n"),
        )
        .unwrap();
        let server = Server::run(&folder.path().join("restored.toml"));
        assert_eq!(server.get("/api/v1/mentions?from=0")["total"], total, "{data}");
        let refused = server.post("/api/v1/posts", &zoe(9)).1["refused"]
            .as_array()
            .unwrap()
            .len();
        assert_eq!(refused, usize::from(data != "plain"), "{data}");
    }
}

#[test]
fn a_ledger_that_was_changed_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled(folder.path());
    ok(
        &[
            "backup",
            "--to",
            "old.tar.zst",
            "--passphrase",
            "env:SECRET_WORDS",
        ],
        folder.path(),
    );
    ok(&["erase", "--author", ID], folder.path());
    server.stop();
    let ledger = folder.path().join("data/suppressions.jsonl");
    let line: Value = serde_json::from_str(std::fs::read_to_string(&ledger).unwrap().trim()).unwrap();
    let victim = line
        .to_string()
        .replace(line["authors"][0].as_str().unwrap(), &"ab".repeat(16));
    std::fs::write(&ledger, victim).unwrap();
    let output = run(
        &[
            "restore",
            "old.tar.zst",
            "--data",
            "again",
            "--passphrase",
            "env:SECRET_WORDS",
            "--suppressions",
            "data/suppressions.jsonl",
        ],
        folder.path(),
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        said(&output).contains("line 1: it was changed"),
        "{}",
        said(&output)
    );
}

#[test]
fn new_keys_open_and_sign_what_the_old_ones_did() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = filled(folder.path());
    ok(
        &["erase", "--author", "other3.example", "--receipt", "first.json"],
        folder.path(),
    );
    let refused = run(&["key", "rotate", "wrap"], folder.path());
    assert!(said(&refused).contains("stop it first"), "{}", said(&refused));
    server.stop();
    let key = |name: &str| std::fs::read(data.join("keys").join(name)).unwrap();
    let before = (key("id.key"), key("wrap.key"), key("sign.key"));
    let told = ok(&["key", "rotate", "wrap"], folder.path());
    assert!(
        told.contains("data keys and the journal's are wrapped by a new key"),
        "{told}"
    );
    ok(&["key", "rotate", "sign"], folder.path());
    assert_eq!(key("id.key"), before.0);
    assert!(key("wrap.key") != before.1 && key("sign.key") != before.2);
    assert_eq!(ok(&["key", "list"], folder.path()).lines().count(), 2);
    ok(&["erase", "--verify", "first.json"], folder.path());

    let server = Server::run(&folder.path().join("groundswell.toml"));
    let page = server.get("/api/v1/mentions?q=zyzzyvaword1&kind=post");
    let post = page["items"][0]["post"]["key"].as_str().unwrap().to_owned();
    let (status, who) = server.post(
        &format!("/api/v1/posts/{post}/reveal"),
        &json!({"reason": "a test of keys"}),
    );
    assert_eq!((status, &who["handle"]), (200, &json!(HANDLE)), "{who}");
    ok(
        &["erase", "--author", ID, "--receipt", "second.json"],
        folder.path(),
    );
    assert_erased_but_one(&server, &data);
    ok(&["erase", "--verify", "second.json"], folder.path());
}

fn assert_erased_but_one(server: &Server, data: &Path) {
    assert_eq!(server.get("/api/v1/mentions?from=0")["total"], 9);
    assert_eq!(holding(data), []);
}

#[test]
fn no_log_at_any_level_names_anybody_or_holds_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let log = folder.path().join("log.txt");
    let mut command = Command::new(BINARY);
    command
        .args(["run", "--config"])
        .arg(&path)
        .env("GROUNDSWELL_LOG", "trace");
    let server = Server::start_logged(&mut command, "Groundswell is on http://", &log);
    server.monitor("kettle", "kettle");
    server.post("/api/v1/posts", &posts());
    let page = server.wait("/api/v1/mentions?q=zyzzyvaword1", |p| p["total"] == 2);
    let post = page["items"][0]["post"]["key"].as_str().unwrap().to_owned();
    server.post(
        &format!("/api/v1/posts/{post}/reveal"),
        &json!({"reason": "a test of logs"}),
    );
    server.get("/api/v1/mentions?q=%40zoe-quux77.example");
    // What is wrong is answered, not logged.
    server.post("/api/v1/posts", &json!({"text": 5, "author": {"id": ID}}));
    server.post(
        "/api/v1/posts",
        &json!({"author": HANDLE, "text": "zyzzyvaword9"}),
    );
    server.post(
        "/api/v1/erasures",
        &json!({"author": HANDLE, "platform": 5, "reason": NAME}),
    );
    server.post(
        "/api/v1/posts",
        &json!({"uid": format!("bluesky:at://{ID}/post/1"), "platform": "bluesky", "event": "delete"}),
    );
    let (status, _) = server.post(
        "/api/v1/erasures",
        &json!({"author": HANDLE, "platform": "bluesky", "reason": "a test of logs"}),
    );
    assert_eq!(status, 200);
    server.stop();
    let log = std::fs::read_to_string(&log).unwrap().to_lowercase();
    assert!(
        log.contains("stopping"),
        "the log is where it is looked for: {log}"
    );
    for mark in MARKS {
        let line = log.lines().find(|l| l.contains(&mark.to_lowercase()));
        assert_eq!(line, None);
    }
}
