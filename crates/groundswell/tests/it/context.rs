//! Context: what answers or quotes a mention is kept and counted apart.

use crate::server::{Server, config};
use serde_json::{Value, json};

fn post(uid: &str, text: &str, more: Value) -> Value {
    let mut post = json!({"uid": format!("x:{uid}"), "platform": "x", "lang": "en", "text": text,
        "author": {"id": uid, "handle": format!("person_{uid}")}});
    post.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    post
}

fn reply(uid: &str, to: &str, text: &str) -> Value {
    post(uid, text, json!({"kind": "reply", "reply_to": format!("x:{to}")}))
}

fn total(server: &Server, filter: &str) -> u64 {
    server.get(&format!("/api/v1/mentions?from=0&{filter}"))["total"]
        .as_u64()
        .unwrap()
}

fn keep(server: &Server, monitor: &str, body: &Value) -> u16 {
    let path = format!("/api/v1/monitors/{monitor}/context");
    server.request("PUT", &path, &body.to_string(), &[]).0
}

#[test]
fn answers_and_quotes_are_kept_live_and_from_the_past_and_counted_apart() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let monitor = server.monitor("Acme", "acme");
    let before = [
        post("m1", "acme broke again", json!({})),
        reply("r1", "m1", "same here, useless thing"),
        reply("r2", "r1", "try another one"),
        post("other", "nothing to see", json!({})),
        reply("r3", "other", "indeed"),
    ];
    server.post("/api/v1/posts", &json!(before));
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 1);
    assert_eq!(total(&server, "context=with"), 1, "none is kept unless asked for");
    assert_eq!(
        keep(&server, &monitor, &json!({"context": true, "depth": 0})),
        400
    );
    assert_eq!(
        keep(
            &server,
            &monitor,
            &json!({"context": true, "depth": 2, "most": 3})
        ),
        200
    );
    // The past is searched.
    server.wait("/api/v1/mentions?from=0&context=only", |p| p["total"] == 2);
    // And what comes from now on is kept.
    let after = [
        reply("r4", "r2", "too deep"),
        post("q1", "look at this", json!({"kind": "quote", "quote_of": "x:m1"})),
        reply("r5", "m1", "one too many"),
        reply("m2", "m1", "acme answered me"),
    ];
    server.post("/api/v1/posts", &json!(after));
    let matched = server.wait("/api/v1/mentions?from=0", |p| p["total"] == 2);
    assert!(
        matched["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|m| m["context"] == false)
    );
    let only = server.get("/api/v1/mentions?from=0&context=only");
    let texts: Vec<&str> = only["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| m["post"]["text"].as_str().unwrap())
        .collect();
    assert_eq!(only["total"], 3, "{texts:?}");
    assert!(
        texts.contains(&"look at this") && !texts.contains(&"too deep") && !texts.contains(&"one too many")
    );
    assert!(
        only["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|m| m["context"] == true && m["monitor_version"] == 0)
    );
    // The monitor's own figures are of what matched.
    assert_eq!(server.get("/api/v1/overview?from=0")["now"]["mentions"], 2);
    assert_eq!(
        server.get("/api/v1/overview?from=0&context=with")["now"]["mentions"],
        5
    );
    assert_eq!(server.get(&format!("/api/v1/monitors/{monitor}"))["mentions"], 2);
    assert_eq!(
        server.request("GET", "/api/v1/mentions?context=some", "", &[]).0,
        400
    );
    let key = matched["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|m| m["post"]["text"] == "acme broke again")
        .unwrap()["post"]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        total(&server, &format!("thread={key}&context=with")),
        3,
        "the thread's answers to it"
    );

    let page = server.get(&format!("/api/v1/projects/default/posts/{key}/thread"));
    let posts = page["posts"].as_array().unwrap();
    let context = posts.iter().filter(|p| p["mention"]["context"] == true).count();
    assert!(context >= 2 && page["context"] == context, "{page}");
    assert_eq!(
        page["counts"]["replies"], 2,
        "answers that did not match are of the thread: {page}"
    );

    // After a restart, what is answered is known still; an author who is erased is gone from it, too.
    assert!(server.stop().success());
    let server = Server::run(&config(folder.path(), ""));
    server.post("/api/v1/posts", &json!([reply("r6", "m2", "well said")]));
    server.wait("/api/v1/mentions?from=0&context=only", |p| p["total"] == 4);
    let erase = json!({"author": "person_q1", "platform": "x", "reason": "asked for"});
    let (status, answer) = server.post("/api/v1/erasures", &erase);
    assert!(status < 300, "{answer}");
    server.wait("/api/v1/mentions?from=0&context=only", |p| p["total"] == 3);
    // No more is kept when it is not asked for, and what there is goes with its monitor.
    assert_eq!(keep(&server, &monitor, &json!({"context": false})), 200);
    server.post(
        "/api/v1/posts",
        &json!([
            reply("r7", "m2", "not kept"),
            post("m3", "acme at last", json!({}))
        ]),
    );
    server.wait("/api/v1/mentions?from=0", |p| p["total"] == 3);
    assert_eq!(total(&server, "context=only"), 3);
    assert_eq!(
        server
            .request("DELETE", &format!("/api/v1/monitors/{monitor}"), "", &[])
            .0,
        204
    );
    server.wait("/api/v1/mentions?from=0&context=with", |p| p["total"] == 0);
}
