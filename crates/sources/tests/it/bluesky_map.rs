//! What a frame of the stream becomes.

use post::{Event, Kind, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::bluesky::{Item, decode};

fn frame(operation: &str, collection: &str, record: Value) -> Value {
    json!({"did": "did:plc:ann", "time_us": 1_780_000_000_123_456u64, "kind": "commit", "cursor": 42,
           "commit": {"rev": "r", "operation": operation, "collection": collection, "rkey": "3kabc", "record": record, "cid": "c"}})
}

fn item(frame: &Value) -> Item {
    decode(&frame.to_string()).unwrap().item
}

fn post_of(record: Value) -> RawPost {
    match item(&frame("create", "app.bsky.feed.post", record)) {
        Item::Post(_, post) => *post,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_whole_post_with_facets_counted_in_bytes() {
    let text = "Grüße 👋 @bob.example and @bobby, see acme.example/x… #Kaffee";
    let span = |part: &str| {
        let start = text.find(part).unwrap();
        json!({"byteStart": start, "byteEnd": start + part.len()})
    };
    let post = post_of(json!({
        "$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-05-28T20:26:40.12345678+02:00", "langs": ["de", "en-US"],
        "facets": [
            {"index": span("@bob.example"), "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:bob"}]},
            {"index": span("@bobby"), "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "did:plc:bobby"}]},
            {"index": span("acme.example/x…"), "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://acme.example/x?y"}]},
            {"index": {"byteStart": 6, "byteEnd": 9000}, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "Kaffee"}]}],
        "tags": ["morgen"],
        "labels": {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
    }));
    assert_eq!(
        post.uid.as_deref(),
        Some("bluesky:at://did:plc:ann/app.bsky.feed.post/3kabc")
    );
    assert_eq!(
        post.permalink.as_deref(),
        Some("https://bsky.app/profile/did:plc:ann/post/3kabc")
    );
    assert_eq!(post.created_at.as_deref(), Some("2026-05-28T18:26:40.12345678Z"));
    assert_eq!(
        (post.event, post.kind, post.text.as_str()),
        (Event::Create, Kind::Post, text)
    );
    assert_eq!(post.author.unwrap().id.as_deref(), Some("did:plc:ann"));
    assert_eq!(post.lang_claimed, ["de", "en-US"]);
    assert_eq!(post.hashtags, ["Kaffee", "morgen"]);
    assert_eq!(post.urls, ["https://acme.example/x?y"]);
    assert_eq!(post.content_warning.as_deref(), Some("graphic-media"));
    let handles: Vec<_> = post
        .mentions
        .iter()
        .map(|m| (m.id.as_deref(), m.handle.as_deref()))
        .collect();
    assert_eq!(
        handles,
        [
            (Some("did:plc:bob"), Some("bob.example")),
            (Some("did:plc:bobby"), None)
        ]
    );
}

#[test]
fn replies_quotes_and_media() {
    let image = json!({"alt": "a red mug", "image": {"$type": "blob", "ref": {"$link": "bafk1"}, "mimeType": "image/jpeg", "size": 1}});
    let quote = post_of(
        json!({"text": "look", "embed": {"$type": "app.bsky.embed.recordWithMedia",
        "record": {"record": {"uri": "at://did:plc:bob/app.bsky.feed.post/3q", "cid": "c"}},
        "media": {"$type": "app.bsky.embed.images", "images": [image]}}}),
    );
    assert_eq!(quote.kind, Kind::Quote);
    assert_eq!(
        quote.quote_of.as_deref(),
        Some("bluesky:at://did:plc:bob/app.bsky.feed.post/3q")
    );
    assert_eq!(quote.media[0].alt.as_deref(), Some("a red mug"));
    assert_eq!(
        quote.media[0].url.as_deref(),
        Some("https://cdn.bsky.app/img/feed_fullsize/plain/did:plc:ann/bafk1@jpeg")
    );
    assert_eq!(
        quote.created_at.as_deref(),
        Some("2026-05-28T20:26:40.123456Z"),
        "no createdAt: the frame's time"
    );

    let parent = json!({"uri": "at://did:plc:bob/app.bsky.feed.post/3p", "cid": "c"});
    let reply = post_of(
        json!({"text": "no", "reply": {"parent": parent, "root": {"uri": "at://r/app.bsky.feed.post/1"}},
        "embed": {"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:c/app.bsky.feed.post/3q"}}}),
    );
    assert_eq!(reply.kind, Kind::Reply);
    assert_eq!(
        reply.reply_to.as_deref(),
        Some("bluesky:at://did:plc:bob/app.bsky.feed.post/3p")
    );
    assert_eq!(
        reply.thread_root.as_deref(),
        Some("bluesky:at://r/app.bsky.feed.post/1")
    );
    assert!(reply.quote_of.is_some());

    let card = post_of(
        json!({"text": "", "embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example", "title": "A"}}}),
    );
    assert_eq!(card.urls, ["https://a.example"]);
    let video = post_of(
        json!({"text": "", "embed": {"$type": "app.bsky.embed.video", "alt": "", "video": {"ref": {"$link": "bafkv"}}}}),
    );
    assert_eq!(
        (video.media[0].kind.as_str(), video.media[0].alt.as_deref()),
        ("video", None)
    );
    assert_eq!(
        video.media[0].url.as_deref(),
        Some("https://video.bsky.app/watch/did%3Aplc%3Aann/bafkv/playlist.m3u8")
    );
}

#[test]
fn edits_deletes_and_reposts() {
    let Item::Post(_, edit) = item(&frame(
        "update",
        "app.bsky.feed.post",
        json!({"text": "b", "createdAt": "2026-05-01T00:00:00Z"}),
    )) else {
        panic!("an update is a post");
    };
    assert_eq!(
        (edit.event, edit.created_at.as_deref()),
        (Event::Edit, Some("2026-05-01T00:00:00Z"))
    );
    assert_eq!(edit.edited_at.as_deref(), Some("2026-05-28T20:26:40.123456Z"));
    let mut gone = frame("delete", "app.bsky.feed.post", Value::Null);
    gone["commit"].as_object_mut().unwrap().remove("record");
    let Item::Post(_, gone) = item(&gone) else {
        panic!("a delete is a post event")
    };
    assert_eq!(gone.event, Event::Delete);
    assert_eq!(
        gone.uid.as_deref(),
        Some("bluesky:at://did:plc:ann/app.bsky.feed.post/3kabc")
    );
    let subject = json!({"subject": {"uri": "at://did:plc:bob/app.bsky.feed.post/3p", "cid": "c"}, "createdAt": "2026-05-01T00:00:00Z"});
    let Item::Post(_, repost) = item(&frame("create", "app.bsky.feed.repost", subject)) else {
        panic!("a repost")
    };
    assert_eq!(
        (repost.kind, repost.repost_of.as_deref()),
        (
            Kind::Repost,
            Some("bluesky:at://did:plc:bob/app.bsky.feed.post/3p")
        )
    );
}

#[test]
fn only_accounts_that_are_gone_are_told_of() {
    let account = |active: bool, status: Value| {
        item(
            &json!({"did": "did:plc:ann", "time_us": 1, "kind": "account", "account": {"active": active, "did": "did:plc:ann", "seq": 1, "status": status}}),
        )
    };
    for status in ["deleted", "takendown", "suspended", "deactivated"] {
        assert!(
            matches!(account(false, json!(status)), Item::AuthorGone(did) if did == "did:plc:ann"),
            "{status}"
        );
    }
    for (active, status) in [
        (true, Value::Null),
        (false, Value::Null),
        (false, json!("throttled")),
        (false, json!("desynchronized")),
    ] {
        assert!(matches!(account(active, status), Item::Ignored));
    }
}

#[test]
fn what_is_not_delivered_is_ignored_not_refused() {
    for frame in [
        frame("create", "app.bsky.feed.like", json!({"subject": 7})),
        frame("update", "place.stream.broadcast.origin", json!([])),
        frame("purge", "app.bsky.feed.post", json!({"text": "x"})),
        json!({"did": "did:plc:ann", "time_us": 1, "kind": "identity", "identity": {"did": "did:plc:ann"}}),
        json!({"did": "did:plc:ann", "time_us": 1, "kind": "sync", "sync": {"rev": "x"}}),
    ] {
        assert!(matches!(item(&frame), Item::Ignored), "{frame}");
    }
}

#[test]
fn malformed_frames_are_refused_and_odd_fields_are_unknown() {
    for text in [
        "",
        "{",
        "[]",
        "{\"did\":7}",
        "{\"did\":\"did:plc:a\",\"kind\":\"commit\",\"time_us\":-1}",
        "{\"did\":\"did:plc:a\",\"kind\":\"commit\"}",
    ] {
        assert_eq!(decode(text).unwrap_err().code, "malformed", "{text}");
    }
    assert!(decode(&frame("create", "app.bsky.feed.post", json!({"text": 7})).to_string()).is_err());
    assert!(decode(&frame("create", "app.bsky.feed.post", Value::Null).to_string()).is_err());
    let odd = post_of(
        json!({"text": "ok", "langs": "en", "facets": {"a": 1}, "reply": [], "embed": "x", "labels": 3, "tags": null, "createdAt": 5}),
    );
    assert_eq!(
        (odd.text.as_str(), odd.lang_claimed.len(), odd.reply_to),
        ("ok", 0, None)
    );
    let facets = json!([7, {"features": "x"}, {"features": [{"tag": "kept"}]}]);
    assert_eq!(
        post_of(json!({"text": "ok", "facets": facets})).hashtags,
        ["kept"]
    );
    let half = frame("create", "app.bsky.feed.post", json!({"text": "HALF"}))
        .to_string()
        .replace("HALF", "a\\ud83d");
    let Item::Post(_, post) = decode(&half).unwrap().item else {
        panic!("half a surrogate pair is repaired")
    };
    assert_eq!(post.text, "a\u{fffd}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-zé👋#@/:.]{0,12}".prop_map(Value::from),
        Just(json!("app.bsky.feed.post")),
        Just(json!("did:plc:a")),
        Just(json!("app.bsky.embed.recordWithMedia")),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        let key = prop::sample::select(vec![
            "did",
            "kind",
            "commit",
            "operation",
            "collection",
            "rkey",
            "record",
            "text",
            "facets",
            "features",
            "index",
            "byteStart",
            "byteEnd",
            "embed",
            "$type",
            "media",
            "images",
            "image",
            "ref",
            "$link",
            "video",
            "external",
            "uri",
            "reply",
            "parent",
            "root",
            "labels",
            "values",
            "tags",
            "langs",
            "createdAt",
            "subject",
            "account",
            "active",
            "status",
            "time_us",
            "author",
            "value",
            "body",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..7).prop_map(|fields| Value::Object(
                fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()
            )),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(record in any_json(), whole in any_json()) {
        let text = whole.to_string();
        let _ = decode(&text);
        if let Ok(decoded) = decode(&frame("create", "app.bsky.feed.post", record).to_string()) {
            prop_assert!(matches!(decoded.item, Item::Post(..)));
        }
        let (seen, input) = (&mut 0, sources::ParseInput { reader: Box::new(std::io::Cursor::new(text)), name: "t".into(), file: Default::default() });
        sources::bluesky::parse(input, &mut |_| *seen += 1).unwrap();
    }

    #[test]
    fn no_text_makes_it_panic(text in ".{0,200}") {
        let _ = decode(&text);
    }
}
