//! A classifier of one's own, from the first label to the stored mentions.

use crate::server::{Server, config};
use serde_json::{Value, json};

const ROOT: &str = "/api/v1/projects/default/classifiers";
const THINGS: [&str; 6] = ["spout", "lid", "handle", "base", "cord", "filter"];

/// A made-up sentence about a kettle, of one of three labels.
fn sentence(label: usize, i: usize) -> String {
    let (thing, other) = (THINGS[i % 6], THINGS[(i / 6 + 2 * i) % 6]);
    match (label, i % 3) {
        (0, 0) => {
            format!("my kettle arrived late, and the {thing} and the {other} came apart in two parcels")
        }
        (0, 1) => format!("still waiting for the kettle parcel with the {thing}, tracking shows no {other}"),
        (0, _) => format!("the courier left the kettle and its {thing} at a neighbour's, {other} missing"),
        (1, 0) => format!("please refund the kettle {thing}, I was charged twice for the {other}"),
        (1, 1) => {
            format!("where is my money back for the kettle {thing}? the invoice for the {other} is wrong")
        }
        (1, _) => format!("the price of the kettle {thing} on my bill is not that of the {other}"),
        (_, 0) => format!("the {thing} of this kettle is broken, it leaks beside the {other}"),
        (_, 1) => format!("a crack in the kettle {thing}, and the {other} will not switch on"),
        (_, _) => format!("this kettle {thing} is faulty, the {other} smells burnt"),
    }
}

const LABELS: [&str; 3] = ["delivery", "billing", "defect"];

fn server() -> (tempfile::TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    (folder, server)
}

fn made(server: &Server, name: &str) -> String {
    let (status, made) = server.post(ROOT, &json!({"name": name}));
    assert_eq!(status, 201, "{made}");
    format!("{ROOT}/{}", made["id"].as_str().unwrap())
}

/// Waits for the end of what is under way.
fn ended(server: &Server, path: &str) -> Value {
    let is_ended = |c: &Value| c["job"]["ended_at"] != Value::Null;
    server.wait(path, is_ended)["job"].clone()
}

fn trained(server: &Server, path: &str, tier: &str) -> Value {
    let (status, job) = server.post(&format!("{path}/train"), &json!({"tier": tier}));
    assert_eq!(status, 202, "{job}");
    let job = ended(server, path);
    assert_eq!(job["state"], "done", "{job}");
    job
}

fn put(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let (status, text) = server.request("PUT", path, &body.to_string(), &[]);
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn labels(from: usize, to: usize) -> Value {
    let one = |(i, l): (usize, usize)| json!({"text": sentence(l, i), "label": LABELS[l]});
    let all: Vec<Value> = (from..to)
        .flat_map(|i| (0..3).map(move |l| (i, l)))
        .map(one)
        .collect();
    json!({ "labels": all })
}

/// The labels of a task that the stored mentions carry, by the text.
fn stored(server: &Server, task: &str) -> Vec<(String, Value)> {
    let page = server.get("/api/v1/mentions?limit=100");
    let class = |m: &Value| {
        let classes = m["classes"].as_array().unwrap();
        classes
            .iter()
            .find(|c| c["task"] == task)
            .cloned()
            .unwrap_or(Value::Null)
    };
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|m| (m["post"]["text"].as_str().unwrap().to_owned(), class(m)))
        .collect()
}

#[test]
fn sixty_labels_train_a_classifier_that_reads_the_stream_and_the_past() {
    let (_folder, server) = server();
    server.monitor("Kettle", "kettle");
    let push = |from: usize, to: usize| {
        let post = |(i, l): (usize, usize)| json!({"uid": format!("x:{l}-{i}"), "platform": "bluesky", "lang": "en", "text": sentence(l, i)});
        let posts: Vec<Value> = (from..to)
            .flat_map(|i| (0..3).map(move |l| (i, l)))
            .map(post)
            .collect();
        server.post("/api/v1/posts", &json!(posts));
    };
    push(30, 36);
    server.wait("/api/v1/mentions", |p| p["total"] == 18);
    let path = made(&server, "topic");

    // Before there are labels: what to label first, and no training.
    let first = server.get(&format!("{path}/suggest?count=5"));
    assert_eq!(first.as_array().unwrap().len(), 5);
    assert_eq!(first[0]["label"], Value::Null);
    let (status, _) = server.post(&format!("{path}/classify"), &json!({"text": "late"}));
    assert_eq!(status, 409);
    server.post(&format!("{path}/train"), &json!({"tier": "fast"}));
    let job = ended(&server, &path);
    assert_eq!(job["state"], "failed");
    assert!(
        job["error"].as_str().unwrap().contains("0 labelled posts"),
        "{job}"
    );

    // Sixty labels, one of them given to a stored post.
    let (status, answer) = server.post(&format!("{path}/labels"), &labels(0, 20));
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["labels"][0]["rows"], 20);
    let key = first[0]["post"].as_str().unwrap();
    let text = first[0]["text"].as_str().unwrap();
    let of = |text: &str| {
        LABELS[(0..3)
            .find(|&l| (30..40).any(|i| sentence(l, i) == text))
            .unwrap()]
    };
    let (status, _) = server.post(
        &format!("{path}/labels"),
        &json!({"labels": [{"post": key, "label": of(text)}]}),
    );
    assert_eq!(status, 200);
    let job = trained(&server, &path, "full");
    assert_eq!(job["version"], 1);
    let versions = server.get(&format!("{path}/versions"));
    let report = &versions[0]["report"];
    assert_eq!(
        (&report["rows"], &versions[0]["active"]),
        (&json!(61), &json!(false))
    );
    assert!(report["accuracy"][0].as_f64().unwrap() > 0.85, "{report}");
    assert!(report["accuracy"][1].as_f64() <= report["accuracy"][0].as_f64());
    assert_eq!(report["warnings"][0]["code"], "few_rows");
    assert_ne!(versions[0]["encoder"], Value::Null);
    assert_eq!(report["confusion"].as_array().unwrap().len(), 3);

    // Asked before it is in force; nothing stored carries its label yet.
    let (status, said) = server.post(&format!("{path}/classify"), &json!({"text": sentence(1, 25)}));
    assert_eq!(
        (status, &said["label"], &said["model"]),
        (200, &json!("billing"), &json!("topic@1"))
    );
    assert!(stored(&server, "topic").iter().all(|(_, class)| class.is_null()));
    let (status, _) = server.post(&format!("{path}/apply"), &json!({}));
    assert_eq!(status, 409, "no version is in force");

    // In force: what comes is read.
    let (status, now) = put(&server, &format!("{path}/active"), &json!({"version": 1}));
    assert_eq!((status, &now["active"]), (200, &json!(1)));
    push(36, 38);
    server.wait("/api/v1/mentions", |p| p["total"] == 24);
    let labelled = stored(&server, "topic")
        .into_iter()
        .filter(|(_, c)| !c.is_null())
        .count();
    assert!((4..=6).contains(&labelled), "{labelled} of the 6 new ones");

    // And the past, once it is asked for; a second time there is nothing left to do.
    let (status, job) = server.post(&format!("{path}/apply"), &json!({}));
    assert_eq!(status, 202, "{job}");
    let job = ended(&server, &path);
    assert_eq!(
        (&job["state"], &job["done"], &job["of"]),
        (&json!("done"), &json!(24), &json!(24))
    );
    assert!(job["changed"].as_u64().unwrap() >= 14, "{job}");
    let many = |p: &Value| p["total"].as_u64().unwrap() >= 18;
    server.wait(
        "/api/v1/mentions?label=topic:delivery&label=topic:billing&label=topic:defect",
        many,
    );
    let labelled: Vec<_> = stored(&server, "topic")
        .into_iter()
        .filter(|(_, c)| !c.is_null())
        .collect();
    let right = labelled
        .iter()
        .filter(|(text, class)| class["label"] == of(text))
        .count();
    assert!(right * 10 >= labelled.len() * 9, "{right} of {}", labelled.len());
    assert!(labelled.iter().all(|(_, class)| class["model"] == "topic@1"));
    server.post(&format!("{path}/apply"), &json!({}));
    let job = ended(&server, &path);
    assert_eq!(job["changed"], 0, "{job}");
    assert_eq!(server.get("/api/v1/mentions")["total"], 24);

    // A second version, and back.
    server.post(&format!("{path}/labels"), &labels(20, 24));
    assert_eq!(trained(&server, &path, "fast")["version"], 2);
    put(&server, &format!("{path}/active"), &json!({"version": 2}));
    let (status, back) = server.post(&format!("{path}/rollback"), &json!({}));
    assert_eq!((status, &back["active"]), (200, &json!(1)));
    let (status, _) = server.post(&format!("{path}/rollback"), &json!({}));
    assert_eq!(status, 409, "there is nothing before version 1");
    let said = server
        .post(
            &format!("{path}/classify"),
            &json!({"text": sentence(0, 26), "version": 2}),
        )
        .1;
    assert_eq!(said["model"], "topic@2");
    let next = server.get(&format!("{path}/suggest?count=3"));
    assert_eq!(next.as_array().unwrap().len(), 3);
    assert!(
        next.as_array()
            .unwrap()
            .iter()
            .all(|s| s["post"] != key && s["label"] != Value::Null)
    );

    // On record, and gone.
    let audit = server.get("/api/v1/audit").to_string();
    for word in ["classifier_trained", "classifier_changed", "version 1 in force"] {
        assert!(audit.contains(word), "{word}");
    }
    assert_eq!(server.request("DELETE", &path, "", &[]).0, 204);
    assert_eq!(server.request("GET", &path, "", &[]).0, 404);
    server.wait("/api/v1/mentions?limit=100", |_| {
        stored(&server, "topic").iter().all(|(_, class)| class.is_null())
    });
}

#[test]
fn training_can_be_stopped_and_started_again() {
    let (_folder, server) = server();
    let path = made(&server, "topic");
    let rows: String = (0..6_000)
        .map(|i| format!("\"{} {i}\",{}\n", sentence(i % 3, i), LABELS[i % 3]))
        .collect();
    let file = format!("text,label\n{rows}");
    assert_eq!(
        server.request("POST", &format!("{path}/import"), &file, &[]).0,
        200
    );
    server.post(&format!("{path}/train"), &json!({"tier": "full"}));
    assert_eq!(server.request("DELETE", &format!("{path}/job"), "", &[]).0, 204);
    assert_eq!(ended(&server, &path)["state"], "stopped");
    assert_eq!(server.request("DELETE", &format!("{path}/job"), "", &[]).0, 404);
    assert_eq!(trained(&server, &path, "fast")["version"], 1);
    let versions = server.get(&format!("{path}/versions"));
    assert_eq!(
        versions.as_array().unwrap().len(),
        1,
        "the one that was stopped is none"
    );
}

#[test]
fn a_file_of_labels_is_taken_and_its_faults_are_told() {
    let (_folder, server) = server();
    let path = made(&server, "topic");
    let mut file = "id,text,label\n".to_owned();
    for i in 0..20 {
        for (l, label) in LABELS.into_iter().enumerate() {
            file.push_str(&format!("{i},\"{}\",{}\n", sentence(l, i), label));
        }
    }
    file.push_str(
        "61,,delivery\n62,late again,\n63,too,many,fields\n64,write to ann@shop.example please,billing\n",
    );
    let import = format!("{path}/import");
    let (status, answer) = server.request("POST", &import, &file, &[]);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(
        (status, &answer["taken"], &answer["refused"]),
        (200, &json!(61), &json!(3)),
        "{answer}"
    );
    assert_eq!(
        answer["problems"][0],
        json!({"line": 62, "column": "text", "message": "is empty"})
    );
    assert_eq!(answer["problems"][2]["line"], 64);
    let lines = format!(
        "{}\n{{\"text\": 3}}\n",
        json!({"text": "so late", "label": "delivery"})
    );
    let (status, answer) = server.request("POST", &import, &lines, &[]);
    assert_eq!(status, 200, "{answer}");
    assert!(
        answer.contains("\"line\":2") && answer.contains("is not a string"),
        "{answer}"
    );
    let (status, answer) = server.request("POST", &import, "message;class\nx;y\n", &[]);
    assert_eq!(status, 400);
    assert!(answer.contains("no column text"), "{answer}");
    // A file larger than a push may be.
    let long = format!(
        "text,label\n{}",
        "a text of many words that says nothing at all,none\n".repeat(700_000)
    );
    let (status, answer) = server.request("POST", &import, &long, &[]);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("\"taken\":700000"), "{answer}");
    assert_eq!(trained(&server, &path, "fast")["version"], 1);
    let report = &server.get(&format!("{path}/versions"))[0]["report"];
    assert_eq!(report["rows"], 63);
}

#[test]
fn what_makes_no_classifier_is_refused() {
    let (_folder, server) = server();
    let path = made(&server, "topic");
    let refused = |name: &str| server.post(ROOT, &json!({"name": name})).0;
    assert_eq!(refused("topic"), 409);
    assert_eq!(refused("sentiment"), 409);
    assert_eq!(refused("Emotion"), 409);
    assert_eq!(refused("a:b"), 400);
    assert_eq!(refused(""), 400);
    let label = |body: Value| {
        server
            .post(&format!("{path}/labels"), &json!({"labels": [body]}))
            .0
    };
    assert_eq!(label(json!({"label": "x"})), 400);
    assert_eq!(label(json!({"text": " ", "label": "x"})), 400);
    assert_eq!(label(json!({"post": "00", "label": "x"})), 404);
    assert_eq!(
        label(json!({"post": "00000000000000000000000000000000", "label": "x"})),
        404
    );
    // One label only.
    let one: Vec<Value> = (0..30)
        .map(|i| json!({"text": sentence(0, i), "label": "delivery"}))
        .collect();
    server.post(&format!("{path}/labels"), &json!({ "labels": one }));
    server.post(&format!("{path}/train"), &json!({}));
    let job = ended(&server, &path);
    assert!(
        job["error"]
            .as_str()
            .unwrap()
            .contains("every post has the label \"delivery\""),
        "{job}"
    );
    assert_eq!(server.request("DELETE", &format!("{path}/job"), "", &[]).0, 404);
    let (status, _) = put(&server, &format!("{path}/active"), &json!({"version": 1}));
    assert_eq!(status, 404);
    // Another project has none of it.
    let foreign = path.replace("/projects/default/", "/projects/other/");
    assert_eq!(server.request("GET", &foreign, "", &[]).0, 404);
    // A viewer may ask and not change.
    let (_, made) = server.post("/api/v1/keys", &json!({"name": "v", "role": "viewer"}));
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let headers = [("Authorization", bearer.as_str())];
    assert_eq!(server.request("GET", &path, "", &headers).0, 200);
    assert_eq!(
        server.request("POST", &format!("{path}/train"), "{}", &headers).0,
        403
    );
    assert_eq!(
        server
            .request("POST", &format!("{path}/classify"), "{\"text\":\"x\"}", &headers)
            .0,
        409
    );
}
