//! What a status becomes.

use super::{status, uid, with};
use post::{Counts, Event, Kind, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::mastodon::{Known, read_post};

fn map(status: &Value) -> RawPost {
    read_post(&status.to_string(), &()).unwrap().unwrap().1
}

#[test]
fn a_whole_status() {
    let post = map(&with(
        status(1),
        json!({
            "content": "<p>See <a href=\"https://acme.example/x\">acme</a> <a href=\"https://home.example/tags/Caf%C3%A9\" class=\"mention hashtag\">#<span>Café</span></a> <span class=\"h-card\"><a href=\"https://far.example/@bob\" class=\"u-url mention\">@<span>bob</span></a></span></p>",
            "spoiler_text": "food", "sensitive": true, "tags": [{"name": "café", "url": "https://read.example/tags/caf%C3%A9"}],
            "mentions": [{"id": "8", "username": "cy", "acct": "cy", "url": "https://read.example/@cy"},
                         {"id": "9", "username": "bob", "acct": "bob@far.example", "url": "https://far.example/@bob"}],
            "in_reply_to_id": "77", "in_reply_to_account_id": "9",
            "media_attachments": [{"type": "gifv", "url": "https://read.example/m", "remote_url": "https://home.example/m", "description": "a cup"}],
            "card": {"url": "https://acme.example/card"},
            "poll": {"options": [{"title": "Tea"}, {"title": null}, {"title": "Mate"}]},
            "edited_at": "2026-11-25T21:00:00.000Z", "quotes_count": 3
        }),
    ));
    assert_eq!(post.uid, Some(uid(1)));
    assert_eq!(post.text, "See acme #Café @bob\nTea\nMate");
    assert_eq!(post.urls, ["https://acme.example/x", "https://acme.example/card"]);
    assert_eq!(post.hashtags, ["café"]);
    assert_eq!(
        (post.content_warning.as_deref(), post.sensitive),
        (Some("food"), Some(true))
    );
    let handles: Vec<_> = post.mentions.iter().map(|m| m.handle.clone().unwrap()).collect();
    assert_eq!(
        handles,
        ["bob@far.example", "cy@read.example"],
        "the answered account comes first"
    );
    assert_eq!(
        (post.kind, post.reply_to),
        (Kind::Reply, None),
        "another instance's number of it is not known"
    );
    assert_eq!(
        (post.media[0].kind.as_str(), post.media[0].alt.as_deref()),
        ("gif", Some("a cup"))
    );
    assert_eq!(post.media[0].url.as_deref(), Some("https://home.example/m"));
    assert_eq!(
        (post.event, post.edited_at.as_deref()),
        (Event::Edit, Some("2026-11-25T21:00:00.000Z"))
    );
    assert_eq!(post.lang_claimed, ["en"]);
    let author = post.author.unwrap();
    assert_eq!(author.id.as_deref(), Some("https://home.example/users/ann"));
    assert_eq!(
        (author.handle.as_deref(), author.followers, author.bot),
        (Some("ann@home.example"), Some(12), Some(false))
    );
    assert_eq!(post.community.as_deref(), Some("home.example"));
    assert_eq!(post.permalink.as_deref(), Some("https://home.example/@ann/1"));
    let counts = Counts {
        likes: Some(2),
        reposts: Some(1),
        replies: Some(0),
        quotes: Some(3),
        views: None,
    };
    assert_eq!(post.counts, counts);
}

#[test]
fn the_same_account_is_the_same_from_every_instance() {
    let far = map(&status(1));
    let mut home = status(1);
    home["account"]["acct"] = json!("ann");
    home["account"]["id"] = json!("1");
    let home = map(&home);
    assert_eq!(
        (far.author, far.community, far.uid),
        (home.author, home.community, home.uid)
    );
}

#[test]
fn pitfall_15_counts_that_are_not_told_are_not_zero() {
    let mut bare = status(1);
    bare["favourites_count"] = Value::Null;
    bare.as_object_mut().unwrap().remove("quotes_count");
    bare["account"]["followers_count"] = json!(-1);
    let post = map(&bare);
    assert_eq!(
        (post.counts.likes, post.counts.quotes, post.counts.replies),
        (None, None, Some(0))
    );
    assert_eq!(post.author.unwrap().followers, None);
}

#[test]
fn only_who_opted_in_is_indexable() {
    for (indexable, noindex, expected) in [
        (json!(true), json!(false), true),
        (json!(true), json!(null), true),
        (json!(true), json!(true), false),
        (json!(false), json!(false), false),
        (json!(null), json!(false), false),
    ] {
        let mut status = status(1);
        status["account"]["indexable"] = indexable;
        status["account"]["noindex"] = noindex;
        status["account"]["discoverable"] = json!(!expected);
        assert_eq!(map(&status).indexable, Some(expected), "{status}");
    }
}

#[test]
fn a_boost_carries_the_whole_text_and_both_wishes() {
    let mut original = status(2);
    original["account"]["acct"] = json!("cy@far.example");
    let boost = |original: &Value| {
        map(&with(
            status(3),
            json!({"content": "", "reblog": original, "uri": "https://home.example/users/ann/statuses/3/activity"}),
        ))
    };
    let post = boost(&original);
    assert_eq!((post.kind, post.text.as_str()), (Kind::Repost, "post 2"));
    assert_eq!(post.repost_of, Some(uid(2)));
    assert_eq!(
        post.uid.as_deref(),
        Some("mastodon:https://home.example/users/ann/statuses/3/activity")
    );
    assert_eq!(post.author.unwrap().handle.as_deref(), Some("ann@home.example"));
    assert_eq!(
        (post.indexable, post.visibility.as_deref()),
        (Some(true), Some("public"))
    );
    original["account"]["indexable"] = json!(false);
    assert_eq!(boost(&original).indexable, Some(false));
    original["visibility"] = json!("private");
    assert_eq!(boost(&original).visibility.as_deref(), Some("private"));
}

#[test]
fn quotes_hold_where_they_are_allowed() {
    let quoting = |state: &str, quoted: Value| {
        map(&with(
            status(3),
            json!({
            "content": "<p class=\"quote-inline\">RE: <a href=\"https://home.example/@ann/2\">x</a></p><p>so true</p>",
            "quote": {"state": state, "quoted_status": quoted}}),
        ))
    };
    let post = quoting("accepted", status(2));
    assert_eq!((post.kind, post.quote_of), (Kind::Quote, Some(uid(2))));
    assert_eq!(
        (post.text.as_str(), post.quoted_text.as_deref()),
        ("so true", Some("post 2"))
    );
    let mut shy = status(2);
    shy["account"]["indexable"] = json!(false);
    assert_eq!(quoting("accepted", shy).quoted_text, None);
    for state in ["pending", "rejected", "revoked", "deleted", "unauthorized"] {
        let post = quoting(state, status(2));
        assert_eq!(
            (post.kind, post.quote_of, post.quoted_text),
            (Kind::Post, None, None),
            "{state}"
        );
    }
    assert_eq!(quoting("accepted", Value::Null).kind, Kind::Post);
}

#[test]
fn answers_are_found_by_number_where_it_is_known() {
    struct Seen;
    impl Known for Seen {
        fn uid(&self, id: &str) -> Option<String> {
            (id == "5").then(|| "mastodon:https://far.example/notes/abc".to_owned())
        }
    }
    let answer = |to: &str, account: &str| {
        with(
            status(6),
            json!({"in_reply_to_id": to, "in_reply_to_account_id": account}),
        )
    };
    let read = |status: Value| read_post(&status.to_string(), &Seen).unwrap().unwrap().1;
    assert_eq!(
        read(answer("5", "9")).reply_to.as_deref(),
        Some("mastodon:https://far.example/notes/abc")
    );
    assert_eq!(read(answer("4", "9")).reply_to, None);
    assert_eq!(
        read(answer("4", "7")).reply_to,
        Some(uid(4)),
        "an author who goes on"
    );
    let mut elsewhere = answer("4", "7");
    elsewhere["id"] = json!("600");
    assert_eq!(read(elsewhere).reply_to, None, "the number is another instance's");
}

fn anything() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "id",
        "uri",
        "url",
        "account",
        "acct",
        "content",
        "visibility",
        "reblog",
        "quote",
        "state",
        "quoted_status",
        "tags",
        "mentions",
        "name",
        "media_attachments",
        "poll",
        "options",
        "in_reply_to_id",
        "in_reply_to_account_id",
        "card",
        "created_at",
        "edited_at",
        "favourites_count",
        "language",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "public",
            "<p>é<a href='/tags/%'>",
            "https://h/1",
            "accepted",
            "@@",
            "👋",
            ""
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 60, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(changes in anything(), account in anything()) {
        let mut status = status(1);
        if changes.is_object() {
            status = with(status, changes);
        }
        if account.is_object() {
            status["account"] = account;
        }
        if let Ok(Some((_, post))) = read_post(&status.to_string(), &()) {
            prop_assert!(post.uid.unwrap().starts_with("mastodon:"));
        }
    }
}
