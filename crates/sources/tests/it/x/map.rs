//! What a post becomes, in each form.

use super::world::tweet;
use post::{Event, Kind, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::x::{Item, decode, read};

fn all(value: &Value) -> Vec<Item> {
    let mut items = Vec::new();
    read(value, "", &mut |item| items.push(item.unwrap()));
    items
}

fn one(value: &Value) -> RawPost {
    match all(value).pop() {
        Some(Item::Post(post)) => *post,
        other => panic!("{other:?}"),
    }
}

/// A post of the stream; the file reads the same.
fn streamed(frame: &Value) -> RawPost {
    let Item::Post(post) = decode(&frame.to_string(), &[]).unwrap() else {
        panic!("no post");
    };
    assert_eq!(one(frame), *post);
    *post
}

fn handles(post: &RawPost) -> Vec<&str> {
    post.mentions
        .iter()
        .map(|m| m.handle.as_deref().unwrap_or("?"))
        .collect()
}

#[test]
fn a_whole_post() {
    let post = streamed(&json!({
        "data": {"id": "1990000000000000001", "author_id": "42", "created_at": "2026-11-25T10:00:00.000Z", "lang": "en",
            "text": "@bea R&amp;D &lt;3 see https://t.co/a #mug https://t.co/b", "conversation_id": "1989",
            "in_reply_to_user_id": "43", "referenced_tweets": [{"type": "replied_to", "id": "1989"}],
            "possibly_sensitive": true, "attachments": {"media_keys": ["3_1", "16_2"]}, "geo": {"place_id": "p", "coordinates": {"type": "Point", "coordinates": [1.5, 2.5]}},
            "entities": {"hashtags": [{"start": 1, "end": 2, "tag": "mug"}], "cashtags": null,
                "mentions": [{"start": 0, "end": 4, "username": "bea", "id": "43"}, {"start": 5, "end": 9, "username": "cy", "id": "44"}],
                "urls": [{"url": "https://t.co/a", "expanded_url": "https://bit.example/a", "unwound_url": "https://acme.example/whole"}]},
            "public_metrics": {"like_count": 3, "retweet_count": 0, "reply_count": 1, "quote_count": 2, "impression_count": 99, "bookmark_count": 1}},
        "includes": {
            "users": [{"id": "42", "username": "acme", "name": "Acme", "verified": true, "verified_type": "business", "location": "Zürich", "public_metrics": {"followers_count": 7}},
                      {"id": "43", "username": "bea"}],
            "media": [{"media_key": "3_1", "type": "photo", "url": "https://img.example/1.jpg", "alt_text": "a red mug"},
                      {"media_key": "16_2", "type": "animated_gif", "preview_image_url": "https://img.example/2.jpg"}],
            "places": [{"id": "p", "country_code": "CH", "country": "Switzerland", "place_type": "admin", "name": "Zürich", "full_name": "Zürich, Switzerland"}]},
        "matching_rules": [{"id": "1", "tag": "groundswell:m1"}]}));
    assert_eq!(post.text, "@bea R&D <3 see https://t.co/a #mug https://t.co/b");
    assert_eq!((post.kind, post.event), (Kind::Reply, Event::Create));
    assert_eq!(
        (post.reply_to.as_deref(), post.thread_root.as_deref()),
        (Some("x:1989"), Some("x:1989"))
    );
    let author = post.author.as_ref().unwrap();
    assert_eq!(
        (author.handle.as_deref(), author.followers, author.organisation),
        (Some("acme"), Some(7), Some(true))
    );
    assert_eq!(
        (author.verified, author.location.as_deref()),
        (Some(true), Some("Zürich"))
    );
    assert_eq!(handles(&post), ["bea", "cy"], "whom it answers comes first, once");
    assert_eq!(
        (post.hashtags.as_slice(), post.urls.as_slice()),
        (
            &["mug".to_owned()][..],
            &["https://acme.example/whole".to_owned()][..]
        )
    );
    let media: Vec<_> = post
        .media
        .iter()
        .map(|m| (m.kind.as_str(), m.alt.as_deref()))
        .collect();
    assert_eq!(media, [("image", Some("a red mug")), ("gif", None)]);
    assert_eq!(
        (post.country.as_deref(), post.region.as_deref()),
        (Some("CH"), Some("Zürich"))
    );
    assert!(
        !serde_json::to_string(&post).unwrap().contains("2.5"),
        "a point is never kept"
    );
    assert_eq!(
        (post.sensitive, post.visibility.as_deref()),
        (Some(true), Some("public"))
    );
    assert_eq!((post.counts.likes, post.counts.views), (Some(3), Some(99)));
    assert_eq!(
        post.permalink.as_deref(),
        Some("https://x.com/acme/status/1990000000000000001")
    );
}

#[test]
fn newer_names_of_the_same_fields_and_long_texts() {
    let post = streamed(&json!({
        "data": {"id": "1990000000000000001", "text": "short…", "referenced_posts": [{"type": "quoted", "id": "5"}],
                 "note_post": {"text": "the whole long text #end", "entities": {"hashtags": [{"tag": "end"}]}}},
        "includes": {"posts": [{"id": "5", "text": "what is &gt; quoted"}]}}));
    assert_eq!(
        (post.text.as_str(), post.kind),
        ("the whole long text #end", Kind::Quote)
    );
    assert_eq!(post.quoted_text.as_deref(), Some("what is > quoted"));
    assert_eq!(post.hashtags, ["end"]);
    assert_eq!(
        post.created_at.as_deref(),
        Some("2025-11-16T10:12:27.069Z"),
        "the id holds the time"
    );
}

#[test]
fn pitfall_02_a_repost_carries_the_whole_text_of_what_it_repeats() {
    let long = "all of it, and this is the end #tail";
    let post = streamed(&json!({
        "data": {"id": "1990000000000000001", "text": "RT @bea: all of it, and…", "referenced_tweets": [{"type": "retweeted", "id": "7"}],
                 "entities": {"mentions": [{"username": "bea", "id": "43"}]}},
        "includes": {"tweets": [{"id": "7", "text": long, "author_id": "43", "entities": {"hashtags": [{"tag": "tail"}]},
                                 "referenced_tweets": [{"type": "quoted", "id": "8"}]}, {"id": "8", "text": "inner"}]}}));
    assert_eq!(
        (post.kind, post.text.as_str(), post.repost_of.as_deref()),
        (Kind::Repost, long, Some("x:7"))
    );
    assert_eq!(
        (post.hashtags.as_slice(), handles(&post).as_slice()),
        (&["tail".to_owned()][..], &["bea"][..])
    );
    assert_eq!(
        (post.quote_of.as_deref(), post.quoted_text.as_deref()),
        (Some("x:8"), Some("inner"))
    );

    let v1 = one(
        &json!({"id_str": "9", "text": "RT @bea: all…", "user": {"id_str": "1", "screen_name": "ann"},
        "retweeted_status": {"id_str": "7", "text": "all…", "truncated": true, "user": {"id_str": "43"},
            "extended_tweet": {"full_text": long, "entities": {"hashtags": [{"text": "tail"}]}}}}),
    );
    assert_eq!((v1.text.as_str(), v1.repost_of.as_deref()), (long, Some("x:7")));
}

#[test]
fn pitfall_03_codes_of_languages() {
    let lang = |code: &str| {
        let mut data = tweet("1990000000000000001");
        data["lang"] = json!(code);
        let v1 = one(&json!({"id_str": "1", "text": "a", "lang": code, "user": {"id_str": "1"}}));
        let v2 = streamed(&json!({"data": data}));
        assert_eq!(v1.lang_claimed, v2.lang_claimed);
        assert_eq!(v2.lang, None, "what X thinks is a claim");
        v2.lang_claimed.join(",")
    };
    for (code, ours) in [
        ("in", "id"),
        ("iw", "he"),
        ("ji", "yi"),
        ("und", ""),
        ("qst", ""),
        ("zxx", ""),
        ("zh-CN", "zh-CN"),
    ] {
        assert_eq!(lang(code), ours, "{code}");
    }
}

#[test]
fn pitfall_04_offsets_count_code_points_of_the_escaped_text_and_do_not_leak() {
    let text = "👋🏽👋🏽 &amp; #mug @bea";
    let data = json!({"id": "1990000000000000001", "text": text, "entities": {
        "hashtags": [{"start": 11, "end": 15, "tag": "mug"}], "mentions": [{"start": 16, "end": 20, "username": "bea"}]}});
    let post = streamed(&json!({ "data": data }));
    // As many code points of what X sent as it says.
    let sent: Vec<char> = text.chars().collect();
    assert_eq!(sent[11..15].iter().collect::<String>(), "#mug");
    assert_eq!(
        (post.hashtags.as_slice(), handles(&post).as_slice()),
        (&["mug".to_owned()][..], &["bea"][..])
    );
    assert!(post.text.contains("& #mug @bea"));
}

#[test]
fn pitfall_14_an_edit_is_the_same_post_and_a_quote_of_an_edit_is_of_its_first_version() {
    let chain = [
        "1990000000000000001",
        "1990000000020000002",
        "1990000000030000003",
    ];
    let post = streamed(
        &json!({"data": {"id": chain[1], "text": "second", "created_at": "2026-11-25T10:00:00.000Z",
        "edit_history_tweet_ids": chain, "conversation_id": chain[1]}}),
    );
    assert_eq!(
        (post.uid.as_deref(), post.event),
        (Some("x:1990000000000000001"), Event::Edit)
    );
    assert_eq!(post.edit_of, ["x:1990000000000000001"]);
    assert_eq!(post.created_at.as_deref(), Some("2025-11-16T10:12:27.069Z"));
    assert_eq!(post.edited_at.as_deref(), Some("2026-11-25T10:00:00.000Z"));
    assert_eq!(post.thread_root, post.uid);
    let first =
        streamed(&json!({"data": {"id": chain[0], "text": "first", "edit_history_tweet_ids": chain}}));
    assert_eq!(
        (first.uid, first.event, first.edit_of.len()),
        (post.uid, Event::Create, 0)
    );
    let quote = streamed(&json!({
        "data": {"id": "1990000000040000004", "text": "look", "referenced_tweets": [{"type": "quoted", "id": chain[1]}]},
        "includes": {"tweets": [{"id": chain[1], "text": "second", "edit_history_tweet_ids": chain}]}}));
    assert_eq!(
        (quote.quote_of.as_deref(), quote.quoted_text.as_deref()),
        (Some("x:1990000000000000001"), Some("second"))
    );
}

#[test]
fn pitfall_15_counts_that_are_not_told_are_not_nought() {
    let mut data = tweet("1990000000000000001");
    data["public_metrics"] = json!({"like_count": 0, "reply_count": null});
    let post = streamed(&json!({ "data": data }));
    assert_eq!(
        (post.counts.likes, post.counts.replies, post.counts.views),
        (Some(0), None, None)
    );
    let v1 = one(
        &json!({"id_str": "1", "text": "a", "favorite_count": 0, "retweet_count": null, "user": {"id_str": "1"}}),
    );
    assert_eq!((v1.counts.likes, v1.counts.reposts), (Some(0), None));
}

#[test]
fn what_is_withheld_everywhere_or_in_our_countries_is_withheld_here() {
    let withheld = |codes: Value, ours: &[String]| {
        let mut data = tweet("1990000000000000001");
        data["withheld"] = json!({"copyright": false, "country_codes": codes});
        match decode(&json!({ "data": data }).to_string(), ours).unwrap() {
            Item::Post(post) => post.event,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(withheld(json!(["XX"]), &[]), Event::Withhold);
    assert_eq!(withheld(json!(["DE", "IN"]), &[]), Event::Create);
    assert_eq!(withheld(json!(["DE", "IN"]), &["DE".to_owned()]), Event::Withhold);
}

#[test]
fn a_post_flattened_by_twarc_reads_like_the_page_it_came_from() {
    let page = json!({
        "data": [{"id": "1990000000000000001", "text": "hi", "author_id": "42", "geo": {"place_id": "p"}, "attachments": {"media_keys": ["3_1"]},
                  "referenced_tweets": [{"type": "quoted", "id": "5"}]}],
        "includes": {"users": [{"id": "42", "username": "ann"}], "tweets": [{"id": "5", "text": "inner", "author_id": "42"}],
                     "places": [{"id": "p", "full_name": "Chile", "country_code": "CL", "place_type": "country"}],
                     "media": [{"media_key": "3_1", "type": "photo", "url": "https://img.example/1"}]}});
    let author = json!({"id": "42", "username": "ann"});
    let flat = json!({"id": "1990000000000000001", "text": "hi", "author_id": "42", "author": author,
        "geo": {"place_id": "p", "id": "p", "full_name": "Chile", "country_code": "CL", "place_type": "country"},
        "attachments": {"media_keys": ["3_1"], "media": [{"media_key": "3_1", "type": "photo", "url": "https://img.example/1"}]},
        "referenced_tweets": [{"type": "quoted", "id": "5", "text": "inner", "author_id": "42", "author": author}]});
    assert_eq!(one(&flat), one(&page));
    assert_eq!(one(&flat).quoted_text.as_deref(), Some("inner"));
}

#[test]
fn control_lines_of_the_old_streams_and_deletes_of_gnip() {
    let delete =
        one(&json!({"delete": {"status": {"id": 12, "id_str": "12", "user_id": 3}, "timestamp_ms": "1"}}));
    assert_eq!(
        (delete.uid.as_deref(), delete.event),
        (Some("x:12"), Event::Delete)
    );
    let gnip = one(
        &json!({"id": "tag:search.twitter.com,2005:99", "verb": "delete", "objectType": "activity",
                           "object": {"id": "object:search.twitter.com,2005:12"}, "actor": {"id": "id:twitter.com:3"}}),
    );
    assert_eq!((gnip.uid.as_deref(), gnip.event), (Some("x:12"), Event::Delete));
    assert!(matches!(
        all(&json!({"limit": {"track": 7}}))[..],
        [Item::Ignored]
    ));
    assert!(matches!(&all(&json!({"user_suspend": {"id": 3}}))[..], [Item::AuthorGone(id)] if id == "3"));
}

#[test]
fn one_bad_post_of_a_page_is_refused_and_the_others_are_read() {
    let page = json!({"data": [tweet("1990000000000000001"), {"id": {"not": "an id"}, "text": "x"}, tweet("1990000000000000003")],
                      "includes": {"users": [{"id": 7}, {"id": "42", "username": "ann"}], "media": "none"}});
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    read(&page, "line 3", &mut |item| match item {
        Ok(Item::Post(post)) => good.push(post),
        Ok(other) => panic!("{other:?}"),
        Err(refused) => bad.push(refused),
    });
    assert_eq!((good.len(), bad.len()), (2, 1));
    assert_eq!(bad[0].place, "line 3, item 1");
    assert_eq!(good[0].author.as_ref().unwrap().handle.as_deref(), Some("ann"));
}

/// JSON built around the platform's keys.
fn hostile() -> impl Strategy<Value = Value> {
    const KEYS: [&str; 40] = [
        "data",
        "includes",
        "errors",
        "meta",
        "users",
        "tweets",
        "media",
        "places",
        "id",
        "id_str",
        "text",
        "full_text",
        "user",
        "author_id",
        "lang",
        "referenced_tweets",
        "type",
        "entities",
        "hashtags",
        "urls",
        "mentions",
        "geo",
        "place_id",
        "edit_history_tweet_ids",
        "retweeted_status",
        "quoted_status",
        "extended_tweet",
        "delete",
        "status",
        "verb",
        "object",
        "actor",
        "body",
        "tweet",
        "action",
        "withheld",
        "country_codes",
        "attachments",
        "statuses",
        "author",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[0-9]{1,20}".prop_map(Value::from),
        "[a-zé&;@#:/_👋 ]{0,16}".prop_map(Value::from),
        prop::sample::select(vec![
            "retweeted",
            "quoted",
            "share",
            "post",
            "delete",
            "photo",
            "XX"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 80, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::hash_map(prop::sample::select(&KEYS[..]), inner, 0..8)
                .prop_map(|m| Value::Object(m.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_reading_panic_or_gives_a_post_without_a_name(value in hostile()) {
        let check = |item: Item| match item {
            Item::Post(post) => assert!(post.uid.is_some_and(|uid| uid.starts_with("x:") && uid.len() > 2)),
            Item::AuthorGone(id) => assert!(!id.is_empty()),
            Item::End(_) | Item::Ignored => {}
        };
        read(&value, "", &mut |item| { item.map(check).ok(); });
        decode(&value.to_string(), &[]).map(check).ok();
        decode(&json!({"data": value, "includes": value}).to_string(), &[]).map(check).ok();
    }
}
