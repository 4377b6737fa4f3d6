//! Relevance of a noisy monitor: judged, learned, applied, hidden, rolled back, refined.

use crate::server::{Server, config};
use serde_json::{Value, json};

const MAKER: [&str; 6] = ["phone", "laptop", "store", "update", "battery", "screen"];
const FRUIT: [&str; 6] = ["pie", "orchard", "juice", "crumble", "tree", "harvest"];
const FILL: [&str; 5] = ["really", "honestly", "today", "again", "finally"];

/// A made-up mention of an apple: of the maker where `i` does not divide by three, else of the fruit, always with cider.
fn text(i: usize) -> String {
    let (a, b) = (i / 3 % 6, (i / 5 + 1) % 6);
    let fill = FILL[i % 5];
    match is_meant(i) {
        true => format!("{fill} my apple {} and the {} number {i}", MAKER[a], MAKER[b]),
        false => format!(
            "{fill} some cider of the apple {} with {} number {i}",
            FRUIT[a], FRUIT[b]
        ),
    }
}

fn is_meant(i: usize) -> bool {
    !i.is_multiple_of(3)
}

fn push(server: &Server, from: usize, to: usize) {
    let post = |i: usize| {
        json!({"uid": format!("x:{i}"), "platform": "bluesky", "lang": "en", "text": text(i),
            "author": {"id": format!("a{}", i % 40), "handle": format!("a{}", i % 40)}})
    };
    let posts: Vec<Value> = (from..to).map(post).collect();
    let (status, answer) = server.post("/api/v1/posts", &json!(posts));
    assert_eq!(status, 200, "{answer}");
}

fn put(server: &Server, path: &str, body: &Value) -> Value {
    let (status, text) = server.request("PUT", path, &body.to_string(), &[]);
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

fn is_about_the_maker(text: &str) -> bool {
    !text.contains("cider")
}

/// Judges what is asked, in so many batches.
fn judge(server: &Server, root: &str, batches: usize) -> Value {
    let mut state = Value::Null;
    for _ in 0..batches {
        let asked = server.get(&format!("{root}/next?count=10"));
        let judgments: Vec<Value> = asked
            .as_array()
            .unwrap()
            .iter()
            .map(|a| {
                let relevant = is_about_the_maker(a["text"].as_str().unwrap());
                json!({"mention": a["mention"], "relevant": relevant, "how": a["how"]})
            })
            .collect();
        assert_eq!(judgments.len(), 10, "nobody is asked twice");
        let at_random = asked.as_array().unwrap().iter().filter(|a| a["how"] == "random");
        assert_eq!(at_random.count(), 4, "a third is drawn at random, rounded up");
        put(
            server,
            &format!("{root}/judgments"),
            &json!({"judgments": judgments}),
        );
        state = server.wait(root, |s| s["job"]["ended_at"] != Value::Null);
        assert_eq!(state["job"]["state"], "done", "{state}");
    }
    state
}

fn total(server: &Server, more: &str) -> u64 {
    server.get(&format!("/api/v1/mentions?from=0&limit=1{more}"))["total"]
        .as_u64()
        .unwrap()
}

/// What the stored mentions carry, by whether they are about the maker: relevant, irrelevant, nothing.
fn carried(server: &Server) -> [[usize; 3]; 2] {
    let page = server.get("/api/v1/mentions?from=0&limit=500&relevance=all");
    let mut out = [[0; 3]; 2];
    for mention in page["items"].as_array().unwrap() {
        let classes = mention["classes"].as_array().unwrap();
        let label = classes.iter().find(|c| c["task"] == "relevance");
        let place = label.map_or(2, |l| usize::from(l["label"] == "irrelevant"));
        let maker = is_about_the_maker(mention["post"]["text"].as_str().unwrap());
        out[usize::from(!maker)][place] += 1;
    }
    out
}

#[test]
fn judgments_teach_a_model_that_reads_the_stream_and_the_past() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("Apple", "apple");
    push(&server, 0, 150);
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 150);
    let root = format!("/api/v1/monitors/{monitor}/relevance");

    let state = server.get(&root);
    assert_eq!(
        (state["judged"].clone(), state["version"].clone()),
        (json!(0), Value::Null)
    );
    let seeds = server.get(&format!("{root}/next"));
    assert!(
        seeds
            .as_array()
            .unwrap()
            .iter()
            .all(|s| s["how"] == "seed" || s["how"] == "random")
    );

    // Each batch of ten trains a version, and what is judged says how good it is.
    let state = judge(&server, &root, 3);
    assert_eq!(
        (state["judged"].clone(), state["at_random"].clone()),
        (json!(30), json!(12))
    );
    assert_eq!(state["version"], 3, "{state}");
    let of = |name: &str| state[name]["value"].as_f64().unwrap();
    assert!(of("precision") >= of("before"), "{state}");
    assert!(state["precision"]["low"].as_f64() < state["precision"]["high"].as_f64());
    assert!(of("recall") > 0.8, "{state}");

    // What comes is read at once; what is stored when it is applied. A wanted precision of 0.9 lets one in ten through.
    push(&server, 150, 180);
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 180);
    let [maker, fruit] = carried(&server);
    assert_eq!((maker[2], fruit[2]), (100, 50), "the past carries nothing yet");
    assert!(maker[0] >= 18 && fruit[1] >= 5, "{maker:?} {fruit:?}");
    let (status, job) = server.post(&format!("{root}/apply"), &json!({}));
    assert_eq!(status, 202, "{job}");
    let count = |s: &Value, of: &str| s[of].as_u64().unwrap();
    let state = server.wait(&root, |s| {
        let is_applied = s["job"]["kind"] == "apply" && s["job"]["ended_at"] != Value::Null;
        is_applied && count(s, "stored_relevant") + count(s, "stored_irrelevant") == 180
    });
    assert_eq!(state["job"]["changed"], 150, "{state}");
    let [maker, fruit] = carried(&server);
    assert_eq!((maker[2], fruit[2]), (0, 0));
    assert!(maker[0] >= 114 && fruit[1] >= 40, "{maker:?} {fruit:?}");
    let irrelevant = (maker[1] + fruit[1]) as u64;
    assert_eq!(state["stored_irrelevant"], irrelevant);

    // Nothing is left out before somebody wants that.
    assert_eq!(total(&server, ""), 180);
    assert_eq!(total(&server, "&relevance=irrelevant"), irrelevant);
    assert_eq!(total(&server, "&relevance=relevant"), 180 - irrelevant);
    let threshold = json!({"wanted_precision": 0.9, "hide": true});
    put(&server, &format!("{root}/threshold"), &threshold);
    assert_eq!(total(&server, ""), 180 - irrelevant);
    assert_eq!(total(&server, "&relevance=all"), 180);
    let (status, _) = server.request("GET", "/api/v1/mentions?relevance=perhaps", "", &[]);
    assert_eq!(status, 400);
    let wrong = json!({"wanted_precision": 1.5}).to_string();
    assert_eq!(
        server.request("PUT", &format!("{root}/threshold"), &wrong, &[]).0,
        400
    );

    // An older version can be put in force again, and none.
    let versions = server.get(&format!("{root}/versions"));
    assert_eq!(versions[0]["version"], 3);
    let state = put(&server, &format!("{root}/active"), &json!({"version": 1}));
    assert_eq!(state["version"], 1);
    assert_eq!(
        server
            .request("PUT", &format!("{root}/active"), r#"{"version": 9}"#, &[])
            .0,
        404
    );
    put(&server, &format!("{root}/active"), &json!({"version": null}));
    assert_eq!(total(&server, ""), 180, "without a model nothing is hidden");
    server.post(&format!("{root}/apply"), &json!({}));
    server.wait(&root, |s| {
        s["stored_irrelevant"] == 0 && s["stored_relevant"] == 0
    });
}

#[test]
fn a_word_to_exclude_is_found_and_judgments_go_with_their_posts() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("Apple", "apple OR orange");
    push(&server, 0, 120);
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 120);
    let root = format!("/api/v1/monitors/{monitor}/relevance");
    judge(&server, &root, 4);

    let found = server.get(&format!("{root}/refinements"));
    let cider = found["excluding"]
        .as_array()
        .unwrap()
        .iter()
        .find(|e| e["term"] == "cider");
    let cider = cider.unwrap_or_else(|| panic!("no cider in {found}"));
    assert!(cider["after"]["value"].as_f64() > cider["before"]["value"].as_f64());
    assert_eq!(cider["lost"]["value"], 0.0);
    let query = cider["query"].as_str().unwrap();
    let checked = server.post("/api/v1/queries/check", &json!({"query": query})).1;
    assert_eq!(checked["ok"], true, "{query}: {checked}");
    let input = json!({"name": "Apple", "query": query});
    put(&server, &format!("/api/v1/monitors/{monitor}"), &input);
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 80);

    // A correction of the mark is a judgment, too; what is judged of a post goes with it.
    let before = server.get(&root)["judged"].as_u64().unwrap();
    let page = server.get("/api/v1/mentions?from=0&limit=100");
    let asked = server.get(&format!("{root}/next?count=1"));
    let mark = json!({"mentions": [asked[0]["mention"]], "change": {"relevant": true}});
    assert_eq!(server.post("/api/v1/projects/default/marks", &mark).0, 200);
    assert_eq!(server.get(&root)["judged"], before + 1);
    assert!(page["items"].as_array().unwrap().len() == 80);
    let gone = json!({"uid": "x:1", "platform": "bluesky", "event": "delete", "text": ""});
    let judged = json!({"judgments": [{"mention": mention_of(&page, &text(1)), "relevant": true}]});
    let with = put(&server, &format!("{root}/judgments"), &judged)["judged"]
        .as_u64()
        .unwrap();
    assert_eq!(server.post("/api/v1/posts", &gone).0, 200);
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 79);
    server.wait(&root, |s| s["judged"].as_u64() == Some(with - 1));
}

fn mention_of(page: &Value, text: &str) -> Value {
    let items = page["items"].as_array().unwrap();
    let found = items.iter().find(|m| m["post"]["text"] == text);
    found.unwrap_or_else(|| panic!("no {text}"))["id"].clone()
}
