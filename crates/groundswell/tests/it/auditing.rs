//! Shares with intervals, and the samples that say how right the model is on a project's own posts.

use crate::server::{Server, config};
use serde_json::{Value, json};

const BASE: &str = "/api/v1/projects/default";
const GOOD: [&str; 4] = [
    "I love acme, it is great",
    "acme is wonderful, thank you",
    "best acme ever, so happy",
    "acme made my day, fantastic",
];
const BAD: [&str; 4] = [
    "I hate acme, it is terrible",
    "acme is awful and broken",
    "worst acme ever, so angry",
    "acme ruined my day, horrible",
];

fn filled(folder: &std::path::Path, count: u32) -> Server {
    let server = Server::run(&config(folder, ""));
    server.monitor("Acme", "acme");
    let post = |n: u32| {
        let text = if n.is_multiple_of(3) { BAD } else { GOOD }[n as usize / 3 % 4];
        json!({"uid": format!("x:{n}"), "platform": "x", "lang": "en", "text": format!("{text} {n}"),
            "author": {"id": n.to_string(), "handle": format!("p{n}")}})
    };
    let posts: Vec<Value> = (0..count).map(post).collect();
    server.post("/api/v1/posts", &json!(posts));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == count);
    server
}

#[test]
fn shares_say_how_they_were_estimated_and_what_they_assume() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled(folder.path(), 120);
    let said = server.get("/api/v1/sentiment-shares?from=0");
    assert_eq!(
        (&said["n"], &said["caveat"]),
        (
            &json!(120),
            &json!("assumes your posts resemble the training data")
        ),
        "{said}"
    );
    let mut sum = 0.0;
    for share in said["shares"].as_array().unwrap() {
        let estimate = &share["estimate"];
        let (value, low, high) = (
            estimate["value"].as_f64().unwrap(),
            estimate["low"].as_f64().unwrap(),
            estimate["high"].as_f64().unwrap(),
        );
        assert!(low <= value && value <= high && high - low > 0.01, "{share}");
        assert_eq!(
            (&estimate["method"], &estimate["n"]),
            (&json!("pacc"), &json!(120))
        );
        assert!(share["emq"].is_f64());
        sum += value;
    }
    assert!((sum - 1.0).abs() < 1e-9);
    let part = &said["parts"][0];
    assert!(
        ["language and platform", "language", "all"].contains(&part["mistakes"].as_str().unwrap()),
        "{part}"
    );
    assert_eq!(said["advice"].is_string(), said["uncertain"] == true);
    let measured = server.get("/api/v1/measure?from=0&metric=negative_share");
    assert_eq!(
        measured["total"][0]["caveat"], "assumes your posts resemble the training data",
        "{measured}"
    );
    let few = server.get("/api/v1/sentiment-shares?from=0&q=terrible");
    assert!(few["n"].as_u64().unwrap() < 30);
    assert_eq!(few["shares"][0]["estimate"]["value"], Value::Null);
}

#[test]
fn a_sample_is_drawn_labelled_and_corrects_the_shares() {
    let folder = tempfile::tempdir().unwrap();
    let server = filled(folder.path(), 120);
    let samples = format!("{BASE}/audit-samples");
    let (status, refused) = server.post(&samples, &json!({"size": 500}));
    assert!(
        status == 400 && refused["message"].as_str().unwrap().contains("fewer than 500"),
        "{refused}"
    );
    let (status, sample) = server.post(&samples, &json!({}));
    assert_eq!(
        (status, &sample["posts"], &sample["population"]),
        (201, &json!(50), &json!(120)),
        "{sample}"
    );
    assert_eq!(
        sample["results"]["accuracy"]["value"],
        Value::Null,
        "nothing is labelled"
    );
    let one = format!("{samples}/{}", sample["id"].as_str().unwrap());
    let queue = server.get(&format!("{one}/queue"));
    let queue = queue.as_array().unwrap();
    assert_eq!(queue.len(), 50);
    assert!(
        queue[0].get("sentiment").is_none(),
        "what the model says is not told"
    );
    let before = server.get("/api/v1/sentiment-shares?from=0");
    // As people see them; one cannot be told.
    let label = |(i, post): (usize, &Value)| {
        let text = post["post"]["text"].as_str().unwrap();
        let is_bad = ["hate", "awful", "worst", "ruined"]
            .iter()
            .any(|w| text.contains(w));
        let label = if is_bad { "negative" } else { "positive" };
        json!({"mention": post["mention"], "label": if i == 0 { Value::Null } else { json!(label) }})
    };
    let labels: Vec<Value> = queue.iter().enumerate().map(label).collect();
    let (status, done) = server.post(&format!("{one}/labels"), &json!({"labels": labels}));
    assert_eq!(
        (status, &done["labelled"], &done["skipped"]),
        (200, &json!(49), &json!(1)),
        "{done}"
    );
    let accuracy = &done["results"]["accuracy"];
    let (value, low, high) = (
        accuracy["value"].as_f64().unwrap(),
        accuracy["low"].as_f64().unwrap(),
        accuracy["high"].as_f64().unwrap(),
    );
    assert!(low < value && value <= high && high - low > 0.02, "{accuracy}");
    assert_eq!(
        (&accuracy["n"], &accuracy["method"]),
        (&json!(49), &json!("audit"))
    );
    let confusion: u64 = done["results"]["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|row| row.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()))
        .sum();
    assert_eq!(confusion, 49);
    // A third of the posts is negative: the labels alone say so.
    let negative = &done["results"]["shares"][0];
    assert!(negative["low"].as_f64().unwrap() < 1.0 / 3.0 && 1.0 / 3.0 < negative["high"].as_f64().unwrap());
    let after = server.get("/api/v1/sentiment-shares?from=0");
    assert_eq!(
        (&after["caveat"], &after["labels"]["drawn"]),
        (&Value::Null, &json!(49))
    );
    assert_ne!(before["shares"], after["shares"], "the labels correct the shares");
    let gap = |said: &Value| (said["shares"][0]["estimate"]["value"].as_f64().unwrap() - 1.0 / 3.0).abs();
    assert!(
        gap(&after) <= gap(&before) + 0.02,
        "{} and {}",
        gap(&before),
        gap(&after)
    );

    // Corrections are labels, too, though not random ones.
    let change = json!({"mentions": [queue[0]["mention"]], "change": {"sentiment": "neutral"}});
    server.post(&format!("{BASE}/marks"), &change);
    assert_eq!(
        server.get("/api/v1/sentiment-shares?from=0")["labels"]["corrections"],
        1
    );
    for (body, says) in [
        (json!({"labels": []}), "1 to 1000"),
        (json!({"labels": [{"mention": "zz", "label": null}]}), "zz"),
        (
            json!({"labels": [{"mention": "0".repeat(32), "label": "angry"}]}),
            "angry",
        ),
        (
            json!({"labels": [{"mention": "0".repeat(32), "label": "neutral"}]}),
            "not in this sample",
        ),
    ] {
        let (status, answer) = server.post(&format!("{one}/labels"), &body);
        assert!(
            status == 400 && answer["message"].as_str().unwrap().contains(says),
            "{body}: {answer}"
        );
    }
    assert_eq!(server.get(&one)["labelled"], 49);
    // Who is erased leaves the sample.
    let author = queue[1]["post"]["text"]
        .as_str()
        .unwrap()
        .rsplit(' ')
        .next()
        .unwrap();
    let erase = json!({"author": format!("p{author}"), "platform": "x", "reason": "asked for"});
    assert!(server.post("/api/v1/erasures", &erase).0 < 300);
    server.wait(&one, |s| s["posts"] == 49 && s["labelled"] == 48);
}
