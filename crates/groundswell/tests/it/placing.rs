//! Copies and topics, from outside: what the API tells of them, through a kill, and the two commands over files.

use crate::server::{BINARY, Server, config};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::process::Command;

const TEXT: &str = "This kettle boiled over twice and ruined the whole kitchen floor, never again";

fn post(n: usize, minute: usize, text: &str) -> Value {
    json!({"uid": format!("test:{n}"), "platform": if n.is_multiple_of(2) { "test" } else { "other" }, "text": text,
           "author": {"id": format!("a{n}")}, "created_at": format!("2026-01-01T00:{minute:02}:00Z")})
}

/// Of one text the first and nine copies, and twenty others about two things.
fn posts() -> Value {
    let mut all = vec![post(0, 0, TEXT)];
    for n in 1..10 {
        let text = match n % 3 {
            0 => format!("RT @somebody: {TEXT}"),
            1 => format!("{} #kettle", TEXT.to_uppercase()),
            _ => TEXT.replace("whole", "entire"),
        };
        all.push(post(n, n, &text));
    }
    for n in 10..30 {
        let about = [
            "descaling limescale vinegar filter jug",
            "lid hinge handle broken spout",
        ][n % 2];
        // Enough words of its own to be no copy of the others.
        all.push(post(n, n, &format!("kettle {about} a{n}x b{n}x c{n}x d{n}x")));
    }
    json!(all)
}

const MENTIONS: &str = "/api/v1/mentions?from=0&limit=100";
const PROJECT: &str = "/api/v1/projects/default";

fn groups(page: &Value) -> Vec<(String, String)> {
    let items = page["items"].as_array().unwrap();
    let of = |m: &Value| {
        let text = m["post"]["text"].as_str().unwrap().to_lowercase();
        (m["group"].as_str().unwrap().to_owned(), text)
    };
    items.iter().map(of).collect()
}

#[test]
fn copies_count_as_one_text_and_stay_together_through_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = config(folder.path(), "");
    let server = Server::run(&path);
    server.monitor("kettle", "kettle");
    let (status, receipt) = server.post("/api/v1/posts", &posts());
    assert_eq!((status, &receipt["accepted"]), (200, &json!(30)), "{receipt}");
    server.wait(MENTIONS, |page| page["total"] == 30);

    let page = server.get(MENTIONS);
    let first = page["items"].as_array().unwrap().last().unwrap();
    let group = first["group"].as_str().unwrap().to_owned();
    assert_eq!(first["copies"], 9, "{first}");
    let together = |page: &Value| groups(page).iter().filter(|(g, _)| *g == group).count();
    assert_eq!(together(&page), 10);
    assert!(
        groups(&page)
            .iter()
            .all(|(g, text)| (*g == group) == text.contains("boiled"))
    );
    assert_eq!(server.get(&format!("{MENTIONS}&copies_of={group}"))["total"], 10);
    assert_eq!(server.get(&format!("{MENTIONS}&copies_of=-{group}"))["total"], 20);
    let measured = server.get("/api/v1/measure?from=0&metric=mentions,texts");
    assert_eq!(
        (&measured["total"][0]["value"], &measured["total"][1]["value"]),
        (&json!(30.0), &json!(21.0))
    );

    let copies = server.get(&format!("{PROJECT}/copies?from=0"));
    let cascade = &copies["groups"][0];
    assert_eq!(
        (&cascade["posts"], &cascade["authors"]),
        (&json!(10), &json!(10)),
        "{copies}"
    );
    assert_eq!(
        (&copies["copies"], &cascade["first"]["post"]["text"]),
        (&json!(9), &json!(TEXT))
    );
    assert_eq!(cascade["platforms"].as_array().unwrap().len(), 2);
    let lines = cascade["spread"]["lines"].as_array().unwrap();
    let counts = lines.iter().flat_map(|l| l["counts"].as_array().unwrap());
    assert_eq!(counts.map(|n| n.as_u64().unwrap()).sum::<u64>(), 10);
    let id = first["id"].as_str().unwrap();
    assert_eq!(&server.get(&format!("{PROJECT}/mentions/{id}/copies")), cascade);
    server.kill();

    let server = Server::run(&path);
    let (_, receipt) = server.post(
        "/api/v1/posts",
        &json!([post(40, 50, &format!("{TEXT}!!")), post(41, 51, "kettle")]),
    );
    assert_eq!(receipt["accepted"], 2);
    server.wait(MENTIONS, |page| page["total"] == 32);
    assert_eq!(
        together(&server.get(MENTIONS)),
        11,
        "what was known before the kill is known after it"
    );
    let names = BTreeSet::from_iter(groups(&server.get(MENTIONS)).into_iter().map(|(g, _)| g));
    assert_eq!(names.len(), 22, "nothing is in two groups");
    assert!(server.stop().success());
}

#[test]
fn topics_have_words_figures_and_mentions() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    server.monitor("kettle", "kettle");
    let hot = server.monitor("lid", "lid");
    let lime = server.monitor("limescale", "limescale");
    server.post("/api/v1/posts", &posts());
    server.wait("/api/v1/mentions?from=0", |page| page["total"] == 30);
    let page = server.get(&format!("{PROJECT}/topics?from=0"));
    let topics = page["topics"].as_array().unwrap();
    let listed: u64 = topics.iter().map(|t| t["posts"].as_u64().unwrap()).sum();
    let (other, without) = (page["other"].as_u64().unwrap(), page["without"].as_u64().unwrap());
    assert_eq!(listed + other + without, 30, "{page}");
    for topic in topics {
        let id = topic["id"].as_str().unwrap();
        let found = server.get(&format!("/api/v1/mentions?from=0&topic={id}"));
        assert_eq!(found["total"], topic["posts"], "{topic}");
        assert!(topic["texts"].as_u64() <= topic["posts"].as_u64());
        assert!(
            !topic["words"].as_array().unwrap().is_empty()
                && !topic["examples"].as_array().unwrap().is_empty()
        );
        assert!(
            found["items"]
                .as_array()
                .unwrap()
                .iter()
                .all(|m| m["topic"] == id)
        );
    }
    let said = page.to_string();
    assert!(said.contains("limescale") && said.contains("hinge"), "{said}");
    let tree = server.get(&format!("{PROJECT}/topics/tree?from=0"));
    let headings = tree["headings"].as_array().unwrap();
    assert_eq!(
        headings.iter().map(|h| h["posts"].as_u64().unwrap()).sum::<u64>(),
        30 - without,
        "{tree}"
    );
    let compared = server.get(&format!("{PROJECT}/topics/compare?from=0&monitor={hot},{lime}"));
    for side in compared["sides"].as_array().unwrap() {
        assert!(side["authors"].as_u64().unwrap() >= 10, "{compared}");
        for topic in side["more"].as_array().unwrap() {
            assert!(topic["odds"]["low"].as_f64().unwrap() > 0.0);
        }
    }
    assert!(compared.to_string().contains("limescale"), "{compared}");
    let (status, answer) = {
        let (status, text) = server.request("GET", &format!("{PROJECT}/topics/compare?against=x"), "", &[]);
        (status, text)
    };
    assert!(status == 400 && answer.contains("monitors, previous"), "{answer}");
    assert_eq!(
        server.get(&format!("{PROJECT}/topics/compare?against=previous"))["sides"][0]["key"],
        "now"
    );
    let metrics = server.request("GET", "/metrics", "", &[]).1;
    assert!(metrics.contains("groundswell_topics_alive "), "{metrics}");
}

#[test]
fn the_commands_say_of_a_file_what_is_a_copy_and_what_it_is_about() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("posts.jsonl");
    let lines: Vec<String> = posts().as_array().unwrap().iter().map(Value::to_string).collect();
    std::fs::write(&file, format!("{}\nnot a post\n", lines.join("\n"))).unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(BINARY)
            .args(args)
            .arg("--posts")
            .arg(&file)
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, said, faults) = run(&["dedup"]);
    assert!(
        code == Some(0) && faults.contains(":31:") && faults.contains("1 lines were refused"),
        "{faults}"
    );
    assert!(
        said.starts_with("test:0\ttest:0\tfirst\ntest:1\ttest:0\t"),
        "{said}"
    );
    assert_eq!(
        said.lines().filter(|l| l.contains("\ttest:0\t")).count(),
        10,
        "{said}"
    );
    let (_, unique, _) = run(&["dedup", "--unique"]);
    assert_eq!(unique.lines().count(), 21);
    assert_eq!(unique.lines().next(), Some(lines[0].as_str()));
    assert_eq!(run(&["dedup", "--strict"]).0, Some(1));
    let topics = folder.path().join("topics.tsv");
    let (code, said, _) = run(&["cluster", "--topics", topics.to_str().unwrap()]);
    assert_eq!((code, said.lines().count()), (Some(0), 30));
    let of = |n: usize| {
        said.lines()
            .nth(n)
            .unwrap()
            .split('\t')
            .nth(1)
            .unwrap()
            .to_owned()
    };
    assert!(of(0) == of(9) && of(20) != of(21), "{said}");
    let described = std::fs::read_to_string(topics).unwrap();
    assert!(described.contains("vinegar"), "{described}");
}
