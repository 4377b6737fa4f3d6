//! What the tests of Meta's platforms and LinkedIn share: times, posts, and arbitrary JSON.

use hmac::{Hmac, KeyInit, Mac};
use post::RawPost;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::Sha256;
use sources::{ParseInput, SourceEvent, find};
use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

/// So many minutes ago, as Graph writes it.
pub(crate) fn ago(minutes: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(now_ms() - minutes * 60_000).unwrap();
    at.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// The posts among events.
pub(crate) fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}

/// What a connector reads in a document.
pub(crate) fn parsed(connector: &str, document: &str) -> (Vec<RawPost>, usize) {
    let (mut found, mut refused) = (Vec::new(), 0);
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(document.as_bytes().to_vec())),
        name: "made up".to_owned(),
        file: Default::default(),
    };
    (find(connector).unwrap().parse)(input, &mut |item| match item {
        Ok(SourceEvent::Post(post)) => found.push(*post),
        Ok(SourceEvent::AuthorGone { .. }) => {}
        Err(_) => refused += 1,
    })
    .unwrap();
    (found, refused)
}

/// HMAC-SHA-256 in hexadecimal.
pub(crate) fn hmac_hex(key: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Arbitrary JSON built around these keys.
pub(crate) fn json_around(keys: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|f| json!(f)),
        Just(json!([])),
        prop_oneof![
            "[@#{}|\\[\\]()\\\\a-z0-9é😀 _.:/-]{0,30}".prop_map(Value::from),
            Just(json!("2026-01-01T00:00:00+0000")),
            Just(json!("add")),
            Just(json!("comment")),
            Just(json!("1_2")),
        ],
    ];
    leaf.prop_recursive(5, 60, 8, move |inner| {
        let key = prop::sample::select(keys).prop_map(str::to_owned);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..10)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
