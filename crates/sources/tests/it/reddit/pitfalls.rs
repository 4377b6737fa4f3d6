//! The pitfalls of platforms.md that Reddit has, and bytes of any kind.

use super::{comment, config, listing, post, posts, token, with};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use post::{Event, Kind, RawPost};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::ParseInput;
use std::sync::atomic::{AtomicUsize, Ordering};

fn parse(bytes: Vec<u8>) -> Vec<RawPost> {
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(bytes)),
        name: "made up".to_owned(),
        file: Default::default(),
    };
    let mut found = Vec::new();
    (sources::find("reddit").unwrap().parse)(input, &mut |item| {
        if let Ok(event) = item {
            found.push(event);
        }
    })
    .unwrap();
    posts(&found)
}

fn parsed(value: Value) -> RawPost {
    parse(value.to_string().into_bytes()).remove(0)
}

#[tokio::test]
async fn pitfall_06_reset_is_seconds_from_now_and_remaining_a_decimal() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        _ => Answer::json(listing(Vec::new(), None))
            .with("x-ratelimit-remaining", "0.0")
            .with("x-ratelimit-used", "600")
            .with("x-ratelimit-reset", "0.2"),
    })
    .await;
    let running = start("reddit", &config(&mock.url), Start::default());
    let limited = |e: &Option<String>| e.as_deref().is_some_and(|e| e.contains("rate limit is used up"));
    let health = running.until(|h| limited(&h.error)).await;
    assert_eq!(health.allowed, Some(0));
    assert_eq!(mock.asked().len(), 2, "nothing is asked while nothing is left");
    running.until(|_| mock.asked().len() > 2).await;
    running.stop().await;
}

#[tokio::test]
async fn pitfall_07_success_may_come_with_html_or_with_nothing() {
    let asked_for = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| {
        if asked.path() == "/token" {
            return token();
        }
        match asked_for.fetch_add(1, Ordering::Relaxed) {
            0 => Answer::text(200, "text/html", "<html><h1>whoa there, pardner!</h1></html>"),
            1 => Answer::text(200, "application/json", ""),
            2 => Answer::text(
                200,
                "application/json",
                "{\"kind\": \"Listing\", \"data\": {\"chil",
            ),
            _ => Answer::json(listing(vec![post("a1")], None)),
        }
    })
    .await;
    let mut running = start("reddit", &config(&mock.url), Start::default());
    assert!(uids(&running.take(1).await.events).contains("reddit:t3_a1"));
    running.stop().await;
}

#[tokio::test]
async fn pitfall_08_a_subreddit_that_cannot_be_read_stops_no_other() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        "/r/hidden/new" => Answer::text(302, "text/html", "").with("location", "/subreddits/search"),
        "/r/legal/new" => Answer::status(451),
        "/r/quiet/new" => Answer::text(
            403,
            "application/json",
            r#"{"reason": "quarantined", "error": 403}"#,
        ),
        "/r/banned/new" => Answer::text(404, "application/json", r#"{"reason": "banned", "error": 404}"#),
        _ => Answer::json(listing(vec![post("a1")], None)),
    })
    .await;
    let subreddits =
        "subreddits = [\"hidden\", \"legal\", \"quiet\", \"banned\", \"acme\"]\ncomments = false";
    let mut running = start("reddit", &with(&mock.url, subreddits), Start::default());
    let all = running.take(5).await;
    running.stop().await;
    assert!(uids(&all.events).contains("reddit:t3_a1"));
    let told: Vec<(&str, &str)> = all.refused.iter().map(|r| (r.code, r.place.as_str())).collect();
    assert_eq!(
        told,
        [
            ("forbidden", "r/hidden/new"),
            ("forbidden", "r/legal/new"),
            ("forbidden", "r/quiet/new"),
            ("missing", "r/banned/new"),
        ]
    );
    assert!(all.refused[2].message.ends_with("quarantined"));
}

#[tokio::test]
async fn pitfall_08_if_nothing_can_be_read_the_source_says_so() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        _ => Answer::status(403),
    })
    .await;
    let mut running = start("reddit", &config(&mock.url), Start::default());
    running.take(2).await;
    let health = running.until(|h| h.error.is_some()).await;
    assert!(health.error.unwrap().contains("403"));
    running.stop().await;
}

#[test]
fn pitfall_11_replies_and_edits_come_in_several_forms() {
    let nested = comment(
        "c1",
        "t3_a1",
        listing(vec![comment("c2", "t1_c1", json!(""))], None),
    );
    let found = parse(listing(vec![nested], None).to_string().into_bytes());
    assert_eq!(found.len(), 2);
    for (edited, expected) in [
        (json!(false), None),
        (json!(true), None),
        (json!(1_764_009_000.0), Some("2025-11-24T18:30:00Z")),
        (Value::Null, None),
    ] {
        let mut item = post("a1");
        item["data"]["edited"] = edited;
        assert_eq!(parsed(item).edited_at.as_deref(), expected);
    }
    let more =
        json!({"kind": "more", "data": {"id": "_", "name": "t1__", "children": [], "parent_id": "t1_c1"}});
    assert!(parse(more.to_string().into_bytes()).is_empty());
}

#[test]
fn pitfall_15_what_is_not_known_is_not_nothing() {
    let mut item = comment("c1", "t3_a1", json!(""));
    item["data"]["score_hidden"] = json!(true);
    assert_eq!(
        parsed(item.clone()).counts.likes,
        None,
        "a hidden score is always given as 1"
    );
    item["data"]["score_hidden"] = json!(false);
    item["data"]["score"] = json!(-4);
    assert_eq!(
        parsed(item.clone()).counts.likes,
        None,
        "below nothing is no number of likes"
    );
    item["data"]["score"] = json!(0);
    assert_eq!(parsed(item).counts.likes, Some(0));
    let mut item = post("a1");
    item["data"]["num_comments"] = Value::Null;
    item["data"]["view_count"] = Value::Null;
    let counts = parsed(item).counts;
    assert_eq!(
        (counts.likes, counts.replies, counts.views),
        (Some(3), None, None)
    );
}

#[test]
fn a_post_tells_what_reddit_tells() {
    let mut item = post("a1");
    item["data"]["selftext"] =
        json!("Thanks u/Dee-1 and /u/bob_2! See [this](https://acme.example/a) but not reddit.com/u/other.");
    item["data"]["over_18"] = json!(true);
    item["data"]["url"] = json!("https://www.reddit.com/r/acme/comments/a1/title/");
    let told = parsed(item);
    assert_eq!(told.kind, Kind::Post);
    let named: Vec<&str> = told.mentions.iter().filter_map(|m| m.handle.as_deref()).collect();
    assert_eq!(named, ["Dee-1", "bob_2"]);
    assert_eq!(
        told.urls,
        ["https://acme.example/a"],
        "a text post does not link to itself"
    );
    assert_eq!(
        (told.sensitive, told.visibility.as_deref()),
        (Some(true), Some("public"))
    );
    assert_eq!(told.author.unwrap().id.as_deref(), Some("t2_b1"));
    assert_eq!(
        told.permalink.as_deref(),
        Some("https://www.reddit.com/r/acme/comments/a1/title/")
    );

    let mut picture = post("a2");
    picture["data"]["is_self"] = json!(false);
    picture["data"]["selftext"] = json!("");
    picture["data"]["url"] = json!("https://pictures.example/anvil.png");
    picture["data"]["post_hint"] = json!("image");
    let told = parsed(picture);
    assert_eq!(told.urls, ["https://pictures.example/anvil.png"]);
    assert_eq!(told.media[0].kind, "image");

    let mut gallery = post("a3");
    gallery["data"]["gallery_data"] =
        json!({"items": [{"media_id": "m1", "caption": "an anvil"}, {"media_id": "m2"}]});
    gallery["data"]["media_metadata"] =
        json!({"m1": {"e": "Image", "s": {"u": "https://pictures.example/1.png"}}});
    let told = parsed(gallery);
    assert_eq!(told.media.len(), 1);
    assert_eq!(told.media[0].alt.as_deref(), Some("an anvil"));

    let mut crosspost = post("a4");
    crosspost["data"]["selftext"] = json!("");
    crosspost["data"]["crosspost_parent"] = json!("t3_a1");
    crosspost["data"]["crosspost_parent_list"] = json!([post("a1")["data"]]);
    let told = parsed(crosspost);
    assert_eq!(
        (told.kind, told.repost_of.as_deref()),
        (Kind::Repost, Some("reddit:t3_a1"))
    );
    assert_eq!(told.text, "an acme anvil");

    let mut removed = post("a5");
    removed["data"]["removed_by_category"] = json!("moderator");
    assert_eq!(parsed(removed).event, Event::Delete);
    let mut left = post("a6");
    left["data"]["author"] = json!("[deleted]");
    let told = parsed(left);
    assert_eq!((told.event, told.author), (Event::Create, None));
}

/// JSON of any shape, made of the names that Reddit uses.
fn any_json() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
        "kind",
        "data",
        "json",
        "errors",
        "things",
        "children",
        "after",
        "id",
        "name",
        "author",
        "created_utc",
        "edited",
        "body",
        "selftext",
        "title",
        "link_id",
        "parent_id",
        "replies",
        "url",
        "score",
        "crosspost_parent",
        "crosspost_parent_list",
        "gallery_data",
        "items",
        "media_metadata",
        "m",
        "e",
        "s",
        "u",
        "media_id",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        prop::sample::select(vec![
            "t1",
            "t3",
            "more",
            "Listing",
            "t3_a1",
            "t1_c1",
            "[deleted]",
            "",
            "/u/ann u/b",
            "é u/"
        ])
        .prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner.clone()), 0..8).prop_map(|fields| {
                Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
            inner
                .clone()
                .prop_map(|data| json!({"kind": "Listing", "data": {"children": [data]}})),
            (prop::sample::select(vec!["t1", "t3"]), inner).prop_map(|(kind, mut data)| {
                if data.is_object() {
                    data["name"] = json!(format!("{kind}_a1"));
                }
                json!({"kind": kind, "data": data})
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(value in any_json()) {
        for post in parse(value.to_string().into_bytes()) {
            prop_assert!(post.uid.is_some_and(|uid| uid.starts_with("reddit:t")));
        }
    }
}

#[tokio::test]
async fn trees_as_deep_as_a_mine_are_cut() {
    let deep = |levels: usize| {
        let open = r#"{"kind":"Listing","data":{"children":[{"kind":"t1","data":{"name":"t1_c1","replies":"#;
        format!("{}\"\"{}", open.repeat(levels), "}}]}}".repeat(levels))
    };
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/token" => token(),
        _ => Answer::text(200, "application/json", &deep(2000)),
    })
    .await;
    let mut running = start("reddit", &config(&mock.url), Start::default());
    let all = running.take(2).await;
    running.stop().await;
    assert_eq!(uids(&all.events).len(), 1);
    assert!(all.refused[0].message.contains("too deep"));
}
