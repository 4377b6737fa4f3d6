//! What is expected of a monitor's query: kept in versions, run on any query, and gone with the posts it was taken from.

use crate::server::{Server, config};
use serde_json::{Value, json};

fn put(server: &Server, monitor: &str, version: u32, expectations: &Value) -> (u16, Value) {
    let path = format!("/api/v1/monitors/{monitor}/expectations");
    let body = json!({"version": version, "expectations": expectations}).to_string();
    let (status, answer) = server.request("PUT", &path, &body, &[]);
    (status, serde_json::from_str(&answer).unwrap_or(Value::Null))
}

fn run(server: &Server, query: &str, expectations: &Value) -> Value {
    let body = json!({"query": query, "expectations": expectations});
    let (status, answer) = server.post("/api/v1/queries/expectations", &body);
    assert_eq!(status, 200, "{answer}");
    answer
}

#[test]
fn expectations_are_kept_in_versions_and_run_on_any_query() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("Apple", "apple");
    let path = format!("/api/v1/monitors/{monitor}/expectations");
    assert_eq!(server.get(&path), json!({"version": 0, "expectations": []}));
    let two = json!([{"matches": true, "text": "the new apple"}, {"matches": false, "text": "an apple pie", "why": "food"}]);
    let (status, kept) = put(&server, &monitor, 0, &two);
    assert_eq!(
        (status, &kept["version"], &kept["expectations"]),
        (200, &json!(1), &two)
    );
    assert_eq!(
        put(&server, &monitor, 0, &json!([])).0,
        409,
        "somebody else was first"
    );
    let faulty = json!([{"matches": true, "text": "x", "kind": "letter"}]);
    assert_eq!(put(&server, &monitor, 1, &faulty).0, 400);
    assert_eq!(put(&server, &monitor, 1, &json!([two[0]])).0, 200);
    assert_eq!(server.get(&format!("{path}?version=1"))["expectations"], two);
    let versions = server.get(&format!("{path}/versions"));
    let counts: Vec<_> = versions
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["count"].clone())
        .collect();
    assert_eq!(counts, [1, 2]);
    let audit = server.get("/api/v1/audit?limit=50");
    let rows = audit["items"].as_array().unwrap().iter();
    assert_eq!(
        rows.filter(|row| row["action"] == "expectations_changed").count(),
        2,
        "{audit}"
    );

    let answer = run(&server, "apple", &two);
    assert_eq!((&answer["passed"], &answer["failed"]), (&json!(1), &json!(1)));
    assert_eq!(answer["results"][0]["places"], json!([[8, 13]]));
    assert_eq!(answer["results"][1]["holds"], false);
    assert_eq!(answer["results"][1]["reasons"].as_array().unwrap().len(), 1);
    assert_eq!(run(&server, "apple NOT pie", &two)["failed"], 0);

    let file = json!({"name": "Apple", "query": "apple NOT pie", "expectations": two});
    let (_, file) = server.post("/api/v1/queries/expectations/write", &file);
    let (status, read) = server.post("/api/v1/queries/expectations/read", &file);
    assert_eq!(status, 200, "{read}");
    assert_eq!(read[0]["query"], "apple NOT pie");
    assert_eq!(read[0]["expectations"], two);
    let (status, faults) = server.post(
        "/api/v1/queries/expectations/read",
        &json!({"text": "[[monitor]]\nnam = 1"}),
    );
    assert_eq!(status, 400);
    assert!(
        faults["message"].as_str().unwrap().contains("line 2: "),
        "{faults}"
    );
}

#[test]
fn an_expectation_goes_with_the_post_it_was_taken_from() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("Apple", "apple");
    let post = |uid: &str, text: &str| {
        json!({"uid": format!("x:{uid}"), "platform": "x", "lang": "en", "text": text,
            "author": {"id": uid, "handle": format!("person_{uid}")}})
    };
    server.post(
        "/api/v1/posts",
        &json!([post("1", "an apple of mine"), post("2", "nothing of the kind")]),
    );
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 1);
    let seen = |query: &str| {
        let (_, found) = server.post("/api/v1/queries/preview", &json!({"query": query}));
        found["posts"][0]["key"].clone()
    };
    let (first, second) = (seen("apple"), seen("nothing"));
    let both = json!([
        {"matches": true, "text": "", "post": first},
        {"matches": false, "text": "not what it says", "post": second},
        {"matches": false, "text": "by hand"},
    ]);
    let (status, kept) = put(&server, &monitor, 0, &both);
    assert_eq!(status, 200, "{kept}");
    let texts: Vec<_> = kept["expectations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["text"].clone())
        .collect();
    assert_eq!(texts, ["an apple of mine", "nothing of the kind", "by hand"]);
    assert_eq!(kept["expectations"][0]["lang"], "en");
    let gone = json!([{"matches": true, "text": "", "post": "0".repeat(32)}]);
    assert_eq!(put(&server, &monitor, 1, &gone).0, 404);

    // One post is deleted where it was published; the author of the other, which is no mention, is erased.
    server.post(
        "/api/v1/posts",
        &json!({"uid": "x:1", "platform": "x", "event": "delete"}),
    );
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 0);
    let erased = json!({"platform": "x", "author": "2", "reason": "asked for"});
    let (status, answer) = server.post("/api/v1/erasures", &erased);
    assert!((200..300).contains(&status), "{answer}");
    let path = format!("/api/v1/monitors/{monitor}/expectations");
    let left = server.wait(&path, |set| {
        set["expectations"].as_array().is_some_and(|all| all.len() == 1)
    });
    assert_eq!(left["expectations"][0]["text"], "by hand");
}
