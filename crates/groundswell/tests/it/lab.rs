//! The query lab from outside: expectations, labelled posts, and two queries on the past.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn query(folder: &Path, args: &[&str]) -> Output {
    Command::new(BINARY)
        .arg("query")
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

#[test]
fn expectations_are_counted_and_the_failures_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = "[[list]]\nname = \"fruit\"\nterms = [\"pie\", \"apple juice\"]\n\
        [[monitor]]\nname = \"apple\"\nquery = \"(apple OR iphone) AND lang:en NOT list:fruit\"\nmatch = [\n  \
        \"I bought the new iPhone today and I really like it\",\n  \
        { text = \"iPhone\", lang = \"de\", why = \"German counts, too\" },\n]\n\
        skip = [\n  \"an apple pie for everybody in the house\",\n  \"the apple fell far from the old tree\",\n]\n";
    write(folder.path(), "apple.toml", file);
    let output = query(folder.path(), &["test", "apple.toml"]);
    assert_eq!(output.status.code(), Some(1), "{}", err(&output));
    let said = out(&output);
    assert_eq!(said.lines().last(), Some("2 passed, 2 failed"));
    for part in [
        "apple.toml:9: apple: should match, does not",
        "needs `lang:en`; lang is de",
        "expected because: German counts, too",
        "apple.toml:13: apple: should not match, does",
        "        ^^^^^\n",
        "`apple` lets it in",
    ] {
        assert!(said.contains(part), "{part:?} is missing from: {said}");
    }
    let json = objects(&out(&query(
        folder.path(),
        &["test", "apple.toml", "--format", "json"],
    )));
    assert_eq!(json[2], json!({"passed": 2, "failed": 2}));
    assert_eq!(
        (&json[0]["line"], &json[0]["expected"]),
        (&json!(9), &json!("match"))
    );
}

#[test]
fn monitors_of_the_configuration_are_tested_by_name() {
    let folder = tempfile::tempdir().unwrap();
    config(
        folder.path(),
        "[[monitor]]\nname = \"tea\"\nquery = \"tea NOT bag\"\n",
    );
    write(
        folder.path(),
        "t.toml",
        "config = \"groundswell.toml\"\n[[monitor]]\nname = \"tea\"\nmatch = [\"tea\"]\nskip = [\"tea bag\"]\n",
    );
    let output = query(folder.path(), &["test", "t.toml"]);
    assert_eq!(
        (output.status.code(), out(&output)),
        (Some(0), "2 passed, 0 failed\n".to_owned())
    );
}

#[test]
fn a_bad_file_is_refused_with_the_places_of_all_its_faults() {
    let folder = tempfile::tempdir().unwrap();
    let file = "[[monitor]]\nname = \"a\"\nquery = \"a AND\"\nmatch = [\"a\"]\n[[monitor]]\nname = \"b\"\nfile = \"gone.txt\"\nskip = [\"b\"]\n";
    write(folder.path(), "t.toml", file);
    let output = query(folder.path(), &["test", "t.toml"]);
    assert_eq!((output.status.code(), out(&output).as_str()), (Some(2), ""));
    assert!(
        err(&output).contains("t.toml:3: the query of `a`: "),
        "{}",
        err(&output)
    );
    assert!(
        err(&output).contains("t.toml:7: cannot read gone.txt"),
        "{}",
        err(&output)
    );
    write(folder.path(), "t.toml", "[[monitor]]\nnme = \"a\"\n");
    let output = query(folder.path(), &["test", "t.toml"]);
    assert!(
        err(&output).contains("t.toml:2: unknown key `nme`, did you mean `name`?"),
        "{}",
        err(&output)
    );
}

#[test]
fn the_expectations_of_the_case_study_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/lab");
    let output = query(
        &folder,
        &["test", "apple.toml", "amazon.toml", "borderlands.toml"],
    );
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), err(&output));
}

#[test]
fn labelled_posts_give_precision_and_recall() {
    let folder = tempfile::tempdir().unwrap();
    let line = |text: &str, label: &str| format!("{}\n", json!({"text": text, "class": label}));
    let posts: String = (0..40)
        .map(|_| line("apple", "good"))
        .chain((0..10).map(|_| line("apple pie", "irrelevant")))
        .chain((0..20).map(|_| line("pear", "bad")))
        .collect();
    write(folder.path(), "posts.jsonl", &posts);
    let args = [
        "test",
        "--labelled",
        "posts.jsonl",
        "--label",
        "class",
        "--negative",
        "irrelevant",
        "--query",
        "apple",
    ];
    let output = query(folder.path(), &args);
    let said = out(&output);
    assert!(
        said.contains("80.0 (67.0–88.8)") && said.contains("66.7 (54.1–77.3)"),
        "{said}{}",
        err(&output)
    );
    let json = [&args[..], &["--format", "json", "--show", "1"]].concat();
    let json = objects(&out(&query(folder.path(), &json)));
    assert_eq!(
        (&json[0]["right"], &json[0]["wrong"], &json[0]["missed"]),
        (&json!(40), &json!(10), &json!(20))
    );
    assert_eq!(
        json[0]["false_negatives"][0]["reasons"][0]["message"],
        "needs `apple`"
    );
}

/// Posts of three days; one is edited, one deleted.
const PAST: &str = r#"{"id":"a","text":"tea","created_at":"2026-03-01T10:00:00Z"}
{"id":"b","text":"tea with milk","created_at":"2026-03-01T11:00:00Z"}
{"id":"c","text":"milk","created_at":"2026-03-02T10:00:00Z"}
{"id":"d","text":"tea","created_at":"2026-03-02T12:00:00Z"}
{"id":"d","event":"edit","text":"coffee","created_at":"2026-03-02T12:00:00Z"}
{"id":"e","text":"tea","created_at":"2026-03-02T13:00:00Z"}
{"id":"e","event":"delete"}
{"id":"f","text":"coffee","created_at":"2026-03-03T10:00:00Z"}
"#;

#[test]
fn a_diff_of_a_file_counts_edits_once_and_deletes_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "past.jsonl", PAST);
    write(folder.path(), "new.txt", "(tea OR milk) NOT coffee\n");
    let output = query(
        folder.path(),
        &[
            "diff",
            "tea",
            "@new.txt",
            "--on",
            "past.jsonl",
            "--format",
            "json",
        ],
    );
    let diff: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|e| panic!("{e}: {}", err(&output)));
    assert_eq!(diff["total"], json!({"old": 2, "new": 3, "gained": 1, "lost": 0}));
    assert_eq!(
        (&diff["read"]["posts"], &diff["read"]["edited_or_deleted"]),
        (&json!(5), &json!(2))
    );
    assert_eq!(
        diff["days"][1],
        json!({"day": "2026-03-02", "old": 0, "new": 1, "gained": 1, "lost": 0})
    );
    assert_eq!(diff["gained"][0]["why_not"], json!(["needs `tea`"]));
    let table = out(&query(
        folder.path(),
        &["diff", "tea", "milk", "--on", "past.jsonl"],
    ));
    assert!(
        table.contains("2026-03-01 10:00 to 2026-03-03 10:00 UTC (2.00 days)"),
        "{table}"
    );
    assert!(table.contains("lost, 1 of 1:"), "{table}");
}

#[test]
fn the_past_names_dead_terms_and_hot_ones_and_the_rate() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "past.jsonl", PAST);
    let q = "(tea OR milk OR oolong) NOT sugar";
    let output = query(
        folder.path(),
        &["lint", "--query", q, "--on", "past.jsonl", "--hot", "1"],
    );
    let found: Vec<(Value, Value)> = objects(&out(&output))
        .into_iter()
        .map(|l| (l["code"].clone(), l["at"].clone()))
        .collect();
    for (code, at) in [
        ("hot-or", [1, 4]),
        ("dead-term", [16, 22]),
        ("dead-term", [28, 33]),
    ] {
        assert!(
            found.contains(&(json!(code), json!(at))),
            "{code} {at:?}: {found:?}"
        );
    }
    let output = query(
        folder.path(),
        &["estimate", "--query", "tea", "--on", "past.jsonl"],
    );
    let rate = &objects(&out(&output))[0];
    assert_eq!((&rate["matches"], &rate["per_day"]), (&json!(2), &json!(1.0)));
    assert!(
        rate["low"].as_f64() < Some(1.0) && rate["high"].as_f64() > Some(1.0),
        "{rate}"
    );
}

#[test]
fn the_journal_of_a_running_server_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    let monitor = server.monitor("tea", "tea");
    let posts: Vec<Value> = PAST.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for post in &posts {
        let (status, answer) = server.post("/api/v1/posts", post);
        assert!(status < 300, "{answer}");
    }
    let changed = json!({"name": "tea", "query": "tea OR milk"}).to_string();
    let (status, answer) = server.request("PUT", &format!("/api/v1/monitors/{monitor}"), &changed, &[]);
    assert_eq!(status, 200, "{answer}");
    let output = query(folder.path(), &["diff", "tea@1", "tea@now", "--format", "json"]);
    let diff: Value = serde_json::from_str(&out(&output)).unwrap_or_else(|e| panic!("{e}: {}", err(&output)));
    assert_eq!(diff["new"], "tea OR milk");
    assert_eq!(diff["total"], json!({"old": 2, "new": 3, "gained": 1, "lost": 0}));
    let (status, answer) = server.post(
        "/api/v1/queries/diff",
        &json!({"old": "tea", "new": "tea OR milk"}),
    );
    assert_eq!((status, &answer["total"]), (200, &diff["total"]), "{answer}");
    assert_eq!(answer["gained"][0]["why_not"], json!(["needs `tea`"]));
    let (status, answer) = server.post("/api/v1/queries/diff", &json!({"old": "tea AND", "new": "tea"}));
    assert_eq!((status, &answer["code"]), (422, &json!("bad_query")), "{answer}");
    assert_eq!(server.request("GET", "/health", "", &[]).0, 200);
}

#[test]
fn a_folder_that_is_none_of_ours_is_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let output = query(folder.path(), &["diff", "tea", "milk", "--data", "nowhere"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(err(&output).contains("nowhere"), "{}", err(&output));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn explain_tells_people_what_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let text = "an apple and a very nice pie";
    let args = [
        "explain",
        "--query",
        "apple NEAR/2 pie NOT street",
        "--text",
        text,
    ];
    let said = out(&query(folder.path(), &[&args[..], &["--plain"]].concat()));
    for part in [
        "does not match",
        "✗ apple NEAR/2 pie",
        "✓ NOT street",
        "→ needs `apple NEAR/2 pie`: both are there, but 5 words apart",
    ] {
        assert!(said.contains(part), "{part:?} is missing from: {said}");
    }
    let answer = &objects(&out(&query(folder.path(), &args)))[0];
    assert_eq!(answer["why_not"][0]["clause"], "apple NEAR/2 pie");
    assert_eq!(answer["why_not"][0]["text"], json!([[3, 8], [25, 28]]));
}
