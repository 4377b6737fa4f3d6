//! `Idempotency-Key`: sent twice, carried out once.

use crate::server::{Server, config};
use serde_json::{Value, json};

#[test]
fn a_post_that_is_sent_again_is_answered_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::run(&config(folder.path(), ""));
    let send = |key: &str, name: &str| {
        let body = json!({"name": name, "role": "viewer"}).to_string();
        server.raw("POST", "/api/v1/keys", &body, &[("Idempotency-Key", key)])
    };
    let answer = |raw: &str| serde_json::from_str::<Value>(raw.split_once("\r\n\r\n").unwrap().1).unwrap();
    let first = send("one", "board");
    assert!(first.starts_with("HTTP/1.1 201"), "{first}");
    let again = send("one", "board");
    assert!(
        again.starts_with("HTTP/1.1 201") && again.contains("idempotency-replayed: true"),
        "{again}"
    );
    assert_eq!(answer(&first), answer(&again));
    assert!(send("one", "other").starts_with("HTTP/1.1 409"));
    assert!(send("two", "board").starts_with("HTTP/1.1 201"));
    assert_eq!(server.get("/api/v1/keys").as_array().unwrap().len(), 2);
    // A refusal is an answer as well.
    assert!(send("three", "").starts_with("HTTP/1.1 400"));
    assert!(send("three", "").contains("idempotency-replayed"));
    assert!(send("", "x").starts_with("HTTP/1.1 400"));
}
