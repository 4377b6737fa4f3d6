//! Instagram against a made-up server.

use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::meta::{ago, hmac_hex, json_around, now_ms, parsed, posts};
use crate::support::running::{Start, start, uids};
use post::{Event, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::keep::{Keep, Memory};
use sources::webhook::HookRequest;
use sources::{Past, Sought, Task, Wanted};
use std::sync::Arc;

fn config(url: &str) -> String {
    format!(
        "user = \"100\"\ntoken = \"t0ken\"\nlogin = \"facebook\"\nhashtags = [\"#Acme\"]\ngraph_url = {url:?}\npoll_seconds = 60"
    )
}

fn page(items: Value, next: bool) -> Answer {
    let mut paging = json!({"cursors": {"after": "same"}});
    if next {
        paging["next"] = json!("http://127.0.0.1:9/x?access_token=LEAKED&after=same");
    }
    Answer::json(json!({"data": items, "paging": paging}))
}

fn missing() -> Answer {
    Answer::text(
        400,
        "application/json",
        r#"{"error":{"code":100,"error_subcode":33}}"#,
    )
}

fn rejected() -> Answer {
    Answer::text(
        400,
        "application/json",
        r#"{"error":{"code":100,"message":"(#100) Tried accessing nonexisting field (caption)"}}"#,
    )
}

fn medium(id: &str, minutes: i64, comments: u64) -> Value {
    json!({"id": id, "caption": format!("News {id} #acme"), "media_type": "IMAGE", "media_url": "https://cdn.example/p.jpg?sig=1",
        "alt_text": "a tin", "permalink": "https://www.instagram.com/p/x/", "timestamp": ago(minutes), "username": "acme",
        "owner": {"id": "100"}, "like_count": 3, "comments_count": comments})
}

fn answer(asked: &Asked) -> Answer {
    let next = asked.param("after").is_some();
    match asked.path() {
        "/v24.0/100" => Answer::json(json!({"id": "100", "username": "acme", "media_count": 120})),
        "/v24.0/100/media" => page(json!([medium("1", 10, 2), medium("2", 20, 0)]), false),
        // Tags name no next page: the cursor is enough.
        "/v24.0/100/tags" if !next => page(
            json!([{"id": "31", "caption": "with @acme", "media_type": "VIDEO", "timestamp": ago(5), "username": "bea"}]),
            false,
        ),
        "/v24.0/100/tags" => page(json!([]), false),
        "/v24.0/ig_hashtag_search" => Answer::json(json!({"data": [{"id": "900"}]})),
        // The cursor of a hashtag is always the same.
        "/v24.0/900/recent_media" => {
            let first = json!([{"id": "41", "caption": "#acme a", "media_type": "IMAGE", "timestamp": ago(8), "like_count": 1, "comments_count": 0}]);
            let second = json!([{"id": "42", "caption": "#acme b", "media_type": "IMAGE", "timestamp": ago(9), "comments_count": 0}]);
            page(if next { second } else { first }, true)
        }
        "/v24.0/1/comments" => page(
            json!([{"id": "52", "text": "Nice", "timestamp": ago(4), "username": "bea",
                "replies": {"data": [{"id": "53", "text": "@bea thanks", "timestamp": ago(3), "username": "acme"}]}},
               {"id": "51", "text": "Old", "timestamp": ago(9), "username": "cy"}]),
            false,
        ),
        _ => Answer::status(404),
    }
}

fn platform() -> Platform {
    Box::new(answer)
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "instagram",
        config,
        platform,
        cursor: None,
        wanted: Vec::new,
        uids: &[
            "instagram:1",
            "instagram:2",
            "instagram:31",
            "instagram:41",
            "instagram:42",
            "instagram:51",
            "instagram:52",
            "instagram:53",
        ],
        lists: &["/data"],
        requests: 8,
        renews: false,
    })
    .await;
}

#[tokio::test]
async fn media_comments_and_replies_become_posts() {
    let mock = Mock::start(answer).await;
    let mut running = start("instagram", &config(&mock.url), Start::default());
    let found = posts(&running.take(8).await.events);
    running.stop().await;
    let of = |id: &str| {
        let uid = format!("instagram:{id}");
        found.iter().find(|p| p.uid.as_ref() == Some(&uid)).unwrap()
    };
    let own = of("1");
    assert_eq!(own.author.as_ref().unwrap().organisation, Some(true));
    assert_eq!(
        (own.media[0].kind.as_str(), own.media[0].alt.as_deref()),
        ("image", Some("a tin"))
    );
    assert_eq!(own.hashtags, ["acme"]);
    let reply = of("53");
    assert_eq!(
        (
            reply.kind,
            reply.reply_to.as_deref(),
            reply.thread_root.as_deref()
        ),
        (Kind::Comment, Some("instagram:52"), Some("instagram:1"))
    );
    assert_eq!(
        reply.mentions[0].handle.as_deref(),
        Some("bea"),
        "who is answered"
    );
    assert_eq!(of("51").mentions[0].id.as_deref(), Some("100"));
    let tagged = of("42");
    assert_eq!(
        (tagged.author.as_ref(), tagged.community.as_deref()),
        (None, Some("#acme"))
    );
}

#[test]
fn pitfall_15_hidden_likes_are_unknown() {
    let mut hidden = medium("1", 1, 0);
    hidden.as_object_mut().unwrap().remove("like_count");
    let found = parsed("instagram", &hidden.to_string()).0;
    assert_eq!((found[0].counts.likes, found[0].counts.replies), (None, Some(0)));
}

#[test]
fn carousels_are_one_post_and_hidden_comments_are_withheld() {
    let mut carousel = medium("1", 1, 0);
    carousel["children"] = json!({"data": [{"id": "8", "media_type": "VIDEO", "media_url": "https://cdn.example/v"},
        {"id": "9", "media_type": "IMAGE", "media_url": "https://cdn.example/i"}]});
    let found = parsed("instagram", &carousel.to_string()).0;
    let kinds: Vec<&str> = found[0].media.iter().map(|m| m.kind.as_str()).collect();
    assert_eq!((found.len(), kinds), (1, vec!["video", "image"]));
    let hidden = json!({"id": "5", "text": "x", "timestamp": ago(1), "hidden": true});
    assert_eq!(
        parsed("instagram", &hidden.to_string()).0[0].event,
        Event::Withhold
    );
}

#[test]
fn pitfall_09_empty_lists_stand_for_objects() {
    let mut odd = medium("1", 1, 0);
    for key in ["children", "owner", "replies"] {
        odd[key] = json!([]);
    }
    let (found, refused) = parsed("instagram", &odd.to_string());
    assert_eq!((found.len(), refused), (1, 0));
}

fn wishes(tags: impl Iterator<Item = usize>) -> Vec<Wanted> {
    let sought = tags.map(|n| Sought::Hashtag(format!("tag{n}"))).collect();
    vec![
        Wanted {
            id: "m1".to_owned(),
            sought: Sought::Any(sought),
        },
        Wanted {
            id: "m2".to_owned(),
            sought: Sought::Word("acme".to_owned()),
        },
    ]
}

#[tokio::test]
async fn thirty_hashtags_in_seven_days_and_no_more() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/ig_hashtag_search" => {
            Answer::json(json!({"data": [{"id": format!("9{}", asked.param("q").unwrap().replace(|c: char| !c.is_ascii_digit(), ""))}]}))
        }
        path if path.ends_with("recent_media") => page(json!([]), false),
        _ => answer(asked),
    })
    .await;
    let keep: Arc<dyn Keep> = Arc::new(Memory::default());
    let searched = || {
        let asked = mock.asked();
        let names = asked
            .iter()
            .filter(|a| a.path().ends_with("hashtag_search"))
            .map(|a| a.param("q").unwrap());
        names.collect::<std::collections::BTreeSet<_>>().len()
    };
    for first in [0, 40] {
        let with = Start {
            wanted: wishes(first..first + 35),
            keep: keep.clone(),
            ..Start::default()
        };
        let mut running = start("instagram", &config(&mock.url), with);
        running.take(3).await;
        for _ in 0..400 {
            if searched() >= 30 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        // A second sweep asks for no more.
        let media = || {
            mock.asked()
                .iter()
                .filter(|a| a.path() == "/v24.0/100/media")
                .count()
        };
        let before = media();
        for _ in 0..400 {
            if media() > before {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        let lines = running.report.snapshot().lines;
        assert!(lines.iter().any(|l| l.contains("hashtags")), "{lines:?}");
        running.stop().await;
        assert_eq!(searched(), 30, "the book outlives the run");
    }
}

#[tokio::test]
async fn a_hashtag_s_gap_beyond_a_day_is_told() {
    let mock = Mock::start(answer).await;
    let now = now_ms();
    let cursor = json!({"m": {"h:acme": now - 3 * 86_400_000}, "w": []}).to_string();
    let with = Start {
        cursor: Some(cursor),
        ..Start::default()
    };
    let mut running = start("instagram", &config(&mock.url), with);
    running.take(5).await;
    let gaps = running.health.sample().gaps;
    running.stop().await;
    assert_eq!(gaps.len(), 1);
    assert!(gaps[0].from == now - 3 * 86_400_000 && !gaps[0].repaired);
}

#[tokio::test]
async fn mentions_heard_of_are_asked_about() {
    let account = "10077";
    let mock = Mock::start(move |asked: &Asked| {
        let fields = asked.param("fields").unwrap_or_default();
        match asked.path() {
            "/v24.0/10077" if fields.starts_with("mentioned_comment.comment_id(66)") => Answer::json(json!({"mentioned_comment":
                {"id": "66", "text": "@acme look", "timestamp": ago(1), "media": {"id": "65"}}, "id": account})),
            "/v24.0/10077" => missing(),
            _ => page(json!([]), false),
        }
    })
    .await;
    let config = config(&mock.url)
        .replace("\"100\"", "\"10077\"")
        .replace("hashtags = [\"#Acme\"]\n", "");
    let table = format!("{config}\napp_secret = \"shh\"\nverify_token = \"open\"");
    let hook = (sources::find("instagram").unwrap().hook.unwrap())(table.parse().unwrap()).unwrap();
    let body = json!({"object": "instagram", "entry": [{"id": account, "time": 1, "changes": [
        {"field": "mentions", "value": {"media_id": "64"}},
        {"field": "mentions", "value": {"media_id": "65", "comment_id": "66"}}]}]})
    .to_string();
    let headers = [(
        "x-hub-signature-256".to_owned(),
        format!("sha256={}", hmac_hex("shh", body.as_bytes())),
    )];
    let answer = hook.answer(&HookRequest {
        method: "POST",
        query: "",
        headers: &headers,
        body: body.as_bytes(),
        now: 0,
    });
    assert!(answer.delivery.events.is_empty() && answer.status == 200);
    let mut running = start("instagram", &config, Start::default());
    let found = running.take(2).await;
    running.stop().await;
    assert_eq!(
        (uids(&found.events).len(), found.refused.len()),
        (1, 1),
        "the other is gone"
    );
    assert_eq!(posts(&found.events)[0].reply_to.as_deref(), Some("instagram:65"));
}

#[tokio::test]
async fn the_past_of_the_account_is_read_back() {
    let mock = Mock::start(answer).await;
    let past = |estimate| Start {
        task: Task::Past(Past {
            from: 0,
            until: now_ms(),
            estimate,
        }),
        ..Start::default()
    };
    let mut running = start("instagram", &config(&mock.url), past(true));
    running.rest().await.1.unwrap();
    assert_eq!(running.report.snapshot().estimate.unwrap().posts, Some(120));
    let mut running = start("instagram", &config(&mock.url), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 5);
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(|asked: &Asked| {
        let comment = asked.param("fields").is_some_and(|f| f.starts_with("id,text"));
        match asked.path() {
            "/v24.0/100" if asked.param("fields").unwrap().starts_with("mentioned") => missing(),
            "/v24.0/1" => Answer::json(medium("1", 10, 2)),
            "/v24.0/52" if !comment => rejected(),
            "/v24.0/52" => Answer::json(json!({"id": "52", "text": "Nice", "timestamp": ago(4)})),
            "/v24.0/9" => missing(),
            _ => answer(asked),
        }
    })
    .await;
    let task = || {
        Task::Recheck(
            ["instagram:1", "instagram:52", "instagram:9"]
                .map(str::to_owned)
                .to_vec(),
        )
    };
    let with = || Start {
        task: task(),
        ..Start::default()
    };
    let mut running = start("instagram", &config(&mock.url), with());
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(
        events,
        [Event::Edit, Event::Edit],
        "what a hashtag found cannot be asked about"
    );
    let own = config(&mock.url).replace("hashtags = [\"#Acme\"]\n", "");
    let mut running = start("instagram", &own, with());
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Edit, Event::Edit, Event::Delete]);
}

#[tokio::test]
async fn instagram_s_own_login_renews_its_token_and_asks_for_what_it_may() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/refresh_access_token" => {
            assert_eq!(asked.param("grant_type").as_deref(), Some("ig_refresh_token"));
            Answer::json(json!({"access_token": "n3w", "expires_in": 5_184_000}))
        }
        _ => answer(asked),
    })
    .await;
    let config = format!(
        "user = \"100\"\ntoken = \"t0ken\"\ngraph_url = {:?}\npoll_seconds = 60",
        mock.url
    );
    let mut running = start("instagram", &config, Start::default());
    running.take(5).await;
    running.stop().await;
    let asked = mock.asked();
    assert!(
        asked[1..]
            .iter()
            .all(|a| a.param("access_token").as_deref() == Some("n3w") && !a.path().contains("tags"))
    );
    let fault = "user = \"1\"\nhashtags = [\"a\"]".parse().unwrap();
    assert!((sources::find("instagram").unwrap().configure)(fault).is_err());
}

#[tokio::test]
async fn a_test_says_what_is_seen_and_delivers_nothing() {
    let mock = Mock::start(answer).await;
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("instagram", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(running.report.snapshot().lines, ["the account can be read"]);
}

const KEYS: &[&str] = &[
    "id",
    "caption",
    "text",
    "media_type",
    "media_url",
    "timestamp",
    "username",
    "owner",
    "from",
    "children",
    "data",
    "replies",
    "media",
    "parent_id",
    "like_count",
    "comments_count",
    "hidden",
    "entry",
    "changes",
    "field",
    "value",
    "time",
];

proptest! {
    #[test]
    fn no_json_makes_it_panic(document in json_around(KEYS)) {
        for post in parsed("instagram", &document.to_string()).0 {
            prop_assert!(post.uid.is_some_and(|u| u.starts_with("instagram:")));
        }
    }
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, Verdict, hold, id, right};
    hold(Facts {
        connector: "instagram",
        folder: "instagram",
        uid: |fact| {
            // The webhook names a mention by ids only; a carousel's pictures are its post's media.
            let loc = fact["loc"].as_str()?;
            if fact["kind"].as_str()?.contains("mentions") || loc.contains("/children/") {
                return None;
            }
            Some(format!("instagram:{}", id(fact)?))
        },
        verdict: |post, field, stated, _| {
            let text = stated.as_str();
            Some(match field {
                "url" => right(post.permalink.as_deref() == text),
                "page_id" => Verdict::NotOurs,
                "media_type" => right(match text {
                    Some("VIDEO" | "BROADCAST") => post.media[0].kind == "video",
                    _ => post.media[0].kind == "image",
                }),
                "post" => right(
                    post.thread_root
                        .as_deref()
                        .and_then(|u| u.strip_prefix("instagram:"))
                        == text,
                ),
                _ => return None,
            })
        },
        at_least: 80,
    });
}
