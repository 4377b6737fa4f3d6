//! The forms a post travels in.

use crate::{let_in, raw};
use post::{Event, Kind, Post, RawPost};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn a_complete_post_is_read_and_written() {
    let value = json!({
        "uid": "bluesky:at://did:plc:abc/app.bsky.feed.post/3k", "platform": "bluesky", "event": "edit", "kind": "reply",
        "created_at": "2026-07-04T12:00:00.123Z", "seen_at": "2026-07-04T12:00:01Z", "edited_at": null,
        "author": {"id": "did:plc:abc", "handle": "ann.example", "name": "Ann", "followers": 120, "verified": null, "bot": null,
            "organisation": null, "location": "Köln"},
        "title": null, "text": "plain", "content_warning": null, "lang_claimed": ["en"], "lang": "en",
        "community": null, "reply_to": "bluesky:at://1", "thread_root": "bluesky:at://0", "repost_of": null, "quote_of": null,
        "edit_of": [], "hashtags": ["rust"], "mentions": [{"id": "did:plc:x", "handle": "acme.example"}],
        "urls": ["https://a.example"], "media": [{"kind": "image", "url": "https://a.example/i", "alt": "x"}],
        "counts": {"likes": 3, "reposts": null, "replies": 0, "quotes": null, "views": null},
        "country": "DE", "region": "Bayern", "site_country": null, "utc_offset": 120, "quoted_text": "quoted",
        "permalink": "https://a.example/p", "visibility": "public", "indexable": true, "sensitive": false
    });
    let post = raw(value.clone());
    assert_eq!((post.event, post.kind), (Event::Edit, Kind::Reply));
    assert_eq!(
        (post.counts.likes, post.counts.reposts, post.counts.replies),
        (Some(3), None, Some(0))
    );
    assert_eq!(serde_json::to_value(&post).unwrap(), value);
}

#[test]
fn files_are_read_leniently() {
    let post = raw(json!({
        "id": 18446744073709551615u64, "created": 20260704, "author": "ann", "unknown": {"x": [1]},
        "text": null, "hashtags": null, "mentions": [{"id": 5}], "media": null, "counts": null, "event": null, "kind": null
    }));
    assert_eq!(post.uid.as_deref(), Some("18446744073709551615"));
    assert_eq!(post.created_at.as_deref(), Some("20260704"));
    assert_eq!(post.author.unwrap().handle.as_deref(), Some("ann"));
    assert_eq!(post.mentions[0].id.as_deref(), Some("5"));
    assert_eq!(
        (post.text.as_str(), post.hashtags.len(), post.event),
        ("", 0, Event::Create)
    );
    assert_eq!(
        raw(json!({"text": "a", "author": {"id": 5, "extra": 1}}))
            .author
            .unwrap()
            .id
            .as_deref(),
        Some("5")
    );
    assert_eq!(raw(json!({"text": "a", "author": null})).author, None);
    assert_eq!(raw(json!({})), RawPost::default());
}

#[test]
fn wrong_types_are_errors() {
    for value in [
        json!({"text": 5}),
        json!({"event": "explode"}),
        json!({"hashtags": "rust"}),
        json!("text"),
    ] {
        assert!(
            serde_json::from_value::<RawPost>(value.clone()).is_err(),
            "{value}"
        );
    }
}

proptest! {
    #[test]
    fn posts_survive_writing_and_reading(text in "\\PC{1,60}", uid in "[a-z0-9]{1,8}", likes in any::<Option<u64>>(), tags in prop::collection::vec("\\w{1,5}", 0..4)) {
        let original = raw(json!({"uid": uid, "text": format!("x {text}"), "counts": {"likes": likes}, "hashtags": tags, "author": "ann"}));
        let json = serde_json::to_string(&original).unwrap();
        prop_assert_eq!(&serde_json::from_str::<RawPost>(&json).unwrap(), &original);
        let (post, _) = let_in(original);
        prop_assert_eq!(&postcard::from_bytes::<Post>(&postcard::to_stdvec(&post).unwrap()).unwrap(), &post);
        prop_assert_eq!(&serde_json::from_str::<Post>(&serde_json::to_string(&post).unwrap()).unwrap(), &post);
    }
}
