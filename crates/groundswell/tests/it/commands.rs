//! The command line as filters: JSON Lines in, lines out.

use crate::server::BINARY;
use crate::shared::shared;
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the binary with `input` on its standard input.
pub(crate) fn groundswell(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(BINARY)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn init_writes_what_check_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("groundswell.toml");
    let path = path.to_str().unwrap();
    assert!(groundswell(&["init", "--yes", path], "").status.success());
    let checked = groundswell(&["check", "--config", path], "");
    assert!(
        checked.status.success() && out(&checked).contains("fine"),
        "{}",
        out(&checked)
    );
    assert_eq!(
        groundswell(&["init", "--yes", path], "").status.code(),
        Some(2),
        "an existing file is kept"
    );
}

#[test]
fn replay_counts_what_a_file_holds() {
    let folder = tempfile::tempdir().unwrap();
    let config = crate::server::config(
        folder.path(),
        "[[monitor]]\nname = \"tea\"\nquery = \"tea\"\n[[monitor]]\nname = \"both\"\nquery = \"tea AND milk\"\n",
    );
    let posts = folder.path().join("posts.csv");
    std::fs::write(&posts, "id,published,body,who\n1,2026-01-01 10:00:00,tea with milk,ann\n2,2026-01-01 10:01:00,green tea,ben\n2,2026-01-01 10:01:00,green tea,ben\n3,2026-01-01 10:02:00,,cat\n4,2026-01-01 10:03:00,milk,dan\n").unwrap();
    let output = groundswell(
        &[
            "replay",
            posts.to_str().unwrap(),
            "--config",
            config.to_str().unwrap(),
            "--format",
            "json",
            "--map",
            "text=body",
            "--map",
            "created_at=published",
            "--map",
            "author.handle=who",
        ],
        "",
    );
    let report: Value = serde_json::from_str(&out(&output))
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(
        (&report["posts"], &report["admitted"], &report["duplicates"]),
        (&5.into(), &3.into(), &1.into())
    );
    let refused: u64 = report["refused"]
        .as_object()
        .unwrap()
        .values()
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(refused, 1);
    let mentions: Vec<(&str, u64)> = report["monitors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| (m["monitor"].as_str().unwrap(), m["mentions"].as_u64().unwrap()))
        .collect();
    assert_eq!(mentions, [("tea", 2), ("both", 1)]);
}

#[test]
fn replaying_twice_adds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = crate::server::config(folder.path(), "[[monitor]]\nname = \"tea\"\nquery = \"tea\"\n");
    let posts = folder.path().join("posts.jsonl");
    let lines: String = (0..500)
        .map(|n| format!("{{\"id\":\"{n}\",\"text\":\"tea number {n}\"}}\n"))
        .collect();
    std::fs::write(&posts, lines).unwrap();
    let replay = || -> Value {
        let output = groundswell(
            &[
                "replay",
                posts.to_str().unwrap(),
                "--config",
                config.to_str().unwrap(),
                "--format",
                "json",
            ],
            "",
        );
        serde_json::from_str(&out(&output)).unwrap()
    };
    assert_eq!(replay()["monitors"][0]["mentions"], 500);
    let again = replay();
    assert_eq!(
        (&again["duplicates"], &again["monitors"][0]["mentions"]),
        (&500.into(), &500.into())
    );
}

#[test]
fn match_gives_exactly_the_pairs_of_the_workload() {
    let (Some(queries), Some(posts), Some(answer)) = (
        shared("workload/queries.jsonl.gz"),
        shared("workload/posts.jsonl.gz"),
        shared("workload/matches_2000x10000.tsv"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let queries = head(&queries, 10_000, &folder.path().join("q.jsonl"));
    let posts = head(&posts, 2_000, &folder.path().join("p.jsonl"));
    let output = groundswell(&["match", "--queries", &queries, "--posts", &posts], "");
    let expected = std::fs::read_to_string(answer).unwrap();
    let expected: BTreeSet<&str> = expected.lines().collect();
    let found = out(&output);
    let found: BTreeSet<&str> = found.lines().collect();
    assert_eq!(expected.len(), 1479);
    assert_eq!(found, expected);
}

/// The first lines of a compressed file, in a file of their own.
fn head(from: &Path, lines: usize, to: &Path) -> String {
    use std::io::{BufRead, BufReader};
    let reader = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(from).unwrap()));
    let text: Vec<String> = reader.lines().take(lines).map(Result::unwrap).collect();
    std::fs::write(to, text.join("\n")).unwrap();
    to.to_str().unwrap().to_owned()
}

#[test]
fn a_bad_line_is_named_and_does_not_stop_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let queries = folder.path().join("q.jsonl");
    std::fs::write(&queries, "{\"id\":1,\"q\":\"tea\"}\n").unwrap();
    let input = "{\"id\":1,\"text\":\"tea\"}\n{broken\n{\"id\":3,\"text\":\"more tea\"}\n";
    let args = ["match", "--queries", queries.to_str().unwrap(), "--posts", "-"];
    let output = groundswell(&args, input);
    assert!(output.status.success());
    assert_eq!(out(&output), "1\t1\n3\t1\n");
    assert!(
        String::from_utf8_lossy(&output.stderr).contains(":2:"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let strict: Vec<&str> = args.iter().copied().chain(["--strict"]).collect();
    assert_eq!(groundswell(&strict, input).status.code(), Some(1));
}

#[test]
fn classify_answers_each_line_in_order() {
    let input = "{\"id\":\"a\",\"text\":\"I love this so much, thank you!\",\"lang\":\"en\"}\n{\"id\":\"b\",\"text\":\"this is awful, I hate it\",\"lang\":\"en\"}\n";
    let output = groundswell(&["classify", "--task", "sentiment"], input);
    let lines: Vec<Value> = out(&output)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let labels: Vec<(&str, &str)> = lines
        .iter()
        .map(|l| (l["id"].as_str().unwrap(), l["label"].as_str().unwrap()))
        .collect();
    assert_eq!(labels, [("a", "positive"), ("b", "negative")]);
    let sum: f64 = lines[0]["probabilities"]
        .as_object()
        .unwrap()
        .values()
        .map(|p| p.as_f64().unwrap())
        .sum();
    assert!((sum - 1.0).abs() < 1e-3, "{sum}");
    let language = groundswell(
        &["classify", "--task", "language"],
        "{\"id\":1,\"text\":\"das ist ein schöner Tag heute, nicht wahr?\"}\n",
    );
    assert_eq!(
        serde_json::from_str::<Value>(out(&language).trim()).unwrap()["label"],
        "de"
    );
}

#[test]
fn a_classifier_of_ones_own_is_trained_from_csv_and_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("labels.csv");
    let mut csv = "text,label\n".to_owned();
    for i in 0..20 {
        csv.push_str(&format!("the parcel number {i} came late once more,delivery\n"));
        csv.push_str(&format!("\"please refund the invoice, position {i}\",billing\n"));
    }
    csv.push_str(",billing\n");
    std::fs::write(&file, csv).unwrap();
    let (file, models) = (file.to_str().unwrap(), folder.path().join("topic"));
    let models = models.to_str().unwrap();
    let train = [
        "train", "--task", "topic", "--tier", "fast", "--data", file, "--out", models,
    ];
    let output = groundswell(&train, "");
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{error}");
    assert!(error.contains("labels.csv: line 42, text: is empty"), "{error}");
    assert!(
        out(&output).contains("topic@1: 40 rows, 2 labels"),
        "{}",
        out(&output)
    );
    let post = "{\"id\":7,\"text\":\"my parcel is late\",\"label\":\"delivery\"}\n";
    let output = groundswell(&["classify", "--task", "topic", "--models", models], post);
    let line: Value = serde_json::from_str(out(&output).trim()).unwrap();
    assert_eq!(
        (&line["label"], &line["model"]),
        (&"delivery".into(), &"topic@1".into())
    );
    let output = groundswell(&["evaluate", "--task", "topic", "--models", models], post);
    assert_eq!(
        serde_json::from_str::<Value>(out(&output).trim()).unwrap()["accuracy"],
        1.0
    );
    let refused = [&train[..], &["--bits", "18"]].concat();
    assert!(String::from_utf8_lossy(&groundswell(&refused, "").stderr).contains("--bits is for the tasks"));
}

fn lines(output: &Output) -> Vec<Value> {
    let parse = |l: &str| serde_json::from_str(l).unwrap();
    out(output).lines().map(parse).collect()
}

/// A model that finds half of the positive posts: of a hundred, thirty were positive, and fifteen are said to be.
#[test]
fn quantify_takes_out_what_the_model_gets_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labelled.jsonl");
    let line = |positive: f32, truth: &str| {
        let probabilities = serde_json::json!({"none": 1.0 - positive, "some": positive});
        format!(
            "{}\n",
            serde_json::json!({"probabilities": probabilities, "truth": truth})
        )
    };
    let labelled: String = (0..200)
        .map(|i| match i % 2 {
            0 => line(0.1, "none"),
            _ => line(if i % 4 == 1 { 0.9 } else { 0.1 }, "some"),
        })
        .collect();
    std::fs::write(&path, labelled).unwrap();
    let scored: String = (0..400)
        .map(|i| line(if i % 20 < 3 { 0.9 } else { 0.1 }, "none"))
        .collect();
    let output = groundswell(&["quantify", "--labelled", path.to_str().unwrap()], &scored);
    let shares = lines(&output);
    let some = shares.iter().find(|s| s["class"] == "some").unwrap();
    let share = some["share"].as_f64().unwrap();
    assert!((share - 0.3).abs() < 0.02, "{some}");
    assert_eq!(some["count"], 60);
    assert!(
        some["low"].as_f64().unwrap() < 0.3 && some["high"].as_f64().unwrap() > 0.3,
        "{some}"
    );
}

#[test]
fn quantify_without_labels_asks_the_card() {
    let posts: String = (0..40)
        .map(|i| format!("{{\"id\":{i},\"text\":\"I love this, thank you so much!\",\"lang\":\"en\"}}\n"))
        .collect();
    let scored = out(&groundswell(
        &["classify", "--task", "sentiment", "--tier", "fast"],
        &posts,
    ));
    let shares = lines(&groundswell(&["quantify"], &scored));
    assert_eq!(shares.len(), 3);
    let positive = shares.iter().find(|s| s["class"] == "positive").unwrap();
    assert!(positive["share"].as_f64().unwrap() > 0.7, "{positive}");
    assert_eq!(positive["method"], "acc");
    let refused = groundswell(
        &["quantify", "--task", "sentiment"],
        "{\"probabilities\":{\"blue\":1}}\n",
    );
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("blue"));
}

#[test]
fn detectors_run_over_a_file_of_posts() {
    // Four days of some posts every five minutes, an hour in which many speak of one thing, and a ring.
    let begin = 1_767_571_200i64;
    let mut posts = String::new();
    let mut post = |n: i64, at: i64, author: &str, text: &str| {
        let time = post::to_rfc3339(at * 1000);
        let line = serde_json::json!({"uid": format!("x:{n}"), "platform": "x", "text": text, "created_at": time,
            "author": {"id": author, "handle": author}});
        posts += &format!("{line}\n");
    };
    let mut state = 7u64;
    let mut below = |n: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    for bin in 0..4 * 288 {
        for i in 0..2 + below(4) as i64 {
            let words = ["tea", "train", "river", "moon"];
            let text = format!(
                "{} and {} {bin} {i}",
                words[below(4) as usize],
                words[below(4) as usize]
            );
            post(
                bin * 10 + i,
                begin + bin * 300 + i * 40,
                &format!("a{}", below(2_000)),
                &text,
            );
        }
    }
    for i in 0..300 {
        let at = begin + 3 * 86_400 + 36_000 + i * 12;
        post(
            100_000 + i,
            at,
            &format!("b{i}"),
            &format!("the boiler recall is a disgrace {}", i * 31),
        );
    }
    post(200_000, begin + 100, "a1", "");
    let run = |command: &str| {
        let output = groundswell(&[command], &posts);
        assert!(output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("1 lines were refused"));
        let found: Vec<Value> = out(&output)
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        found
    };
    let peaks = run("anomalies");
    let of_mentions: Vec<&Value> = peaks
        .iter()
        .filter(|f| f["detail"]["metric"] == "mentions")
        .collect();
    assert_eq!(of_mentions.len(), 1, "{peaks:?}");
    assert_eq!(of_mentions[0]["kind"], "peak");
    let from = of_mentions[0]["from"].as_i64().unwrap() / 1000 - begin - 3 * 86_400 - 36_000;
    assert!((-600..=600).contains(&from), "{from}");
    let trends = run("trends");
    assert!(
        trends
            .iter()
            .any(|f| f["detail"]["terms"].to_string().contains("recall")),
        "{trends:?}"
    );
    assert_eq!(
        groundswell(&["anomalies", "--strict"], &posts).status.code(),
        Some(1)
    );
}
