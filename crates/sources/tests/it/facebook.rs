//! Facebook pages against a made-up server.

use crate::contract::{Case, holds};
use crate::support::faults::Fault;
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::meta::{ago, hmac_hex, json_around, parsed, posts};
use crate::support::running::{Start, start, uids};
use crate::support::shared::shared;
use post::{Event, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::budget::{Budget, BudgetConfig};
use sources::{Past, Task};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

fn config(url: &str) -> String {
    format!(
        "pages = [\"100\"]\ntoken = \"user-token\"\napp_secret = \"shh\"\ngraph_url = {url:?}\npoll_seconds = 60"
    )
}

fn with_error(status: u16, error: Value) -> Answer {
    Answer::text(status, "application/json", &json!({"error": error}).to_string())
}

/// A page and where the next one is, in an address that holds the token.
fn page(items: Value, next: Option<&str>) -> Answer {
    let paging = match next {
        Some(after) => json!({"cursors": {"before": "b", "after": after},
            "next": format!("http://127.0.0.1:9/v24.0/x?access_token=LEAKED&after={after}")}),
        None => json!({"cursors": {"before": "b", "after": "end"}}),
    };
    Answer::json(json!({"data": items, "paging": paging}))
}

fn post(id: &str, minutes: i64, comments: u64) -> Value {
    json!({"id": id, "message": format!("Acme news {id} #acme"), "created_time": ago(minutes), "updated_time": ago(minutes),
        "from": {"id": "100", "name": "Acme"}, "permalink_url": format!("https://www.facebook.com/{id}"),
        "reactions": {"data": [], "summary": {"total_count": 5}}, "shares": {"count": 2},
        "comments": {"data": [], "summary": {"total_count": comments}}, "message_tags": []})
}

fn comment(id: &str, minutes: i64) -> Value {
    json!({"id": id, "message": "I beg to differ", "created_time": ago(minutes), "from": {"id": "9", "name": "Bea"}, "like_count": 0})
}

fn answer(asked: &Asked) -> Answer {
    let second = asked.param("after").as_deref() == Some("p2");
    match (asked.path(), second) {
        ("/v24.0/100", _) => Answer::json(json!({"name": "Acme", "access_token": "page-token", "id": "100"})),
        ("/v24.0/100/feed", false) => page(json!([post("100_1", 10, 3), post("100_2", 20, 0)]), Some("p2")),
        ("/v24.0/100/feed", true) => page(json!([post("100_3", 3000, 0)]), None),
        ("/v24.0/100/tagged", _) => page(
            json!([{"id": "7_5", "message": "@Acme why?", "created_time": ago(30)}]),
            None,
        ),
        ("/v24.0/100_1/comments", false) => page(json!([comment("1_23", 5), comment("1_22", 6)]), Some("p2")),
        ("/v24.0/100_1/comments", true) => page(json!([comment("1_21", 7)]), None),
        ("/v24.0/7_5/comments", _) => page(json!([]), None),
        _ => Answer::status(404),
    }
}

fn platform() -> Platform {
    Box::new(answer)
}

const UIDS: &[&str] = &[
    "facebook:100_1",
    "facebook:100_2",
    "facebook:100_3",
    "facebook:7_5",
    "facebook:1_21",
    "facebook:1_22",
    "facebook:1_23",
];

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "facebook",
        config,
        platform,
        cursor: None,
        wanted: Vec::new,
        uids: UIDS,
        lists: &["/data"],
        requests: 7,
        renews: false,
    })
    .await;
}

#[tokio::test]
async fn posts_and_comments_are_read_with_the_page_s_token_and_its_proof() {
    let mock = Mock::start(answer).await;
    let mut running = start("facebook", &config(&mock.url), Start::default());
    let found = posts(&running.take(7).await.events);
    running.stop().await;
    let of = |uid: &str| found.iter().find(|p| p.uid.as_deref() == Some(uid)).unwrap();
    let own = of("facebook:100_1");
    let author = own.author.clone().unwrap();
    assert_eq!(
        (author.organisation, author.name.as_deref()),
        (Some(true), Some("Acme"))
    );
    assert_eq!(
        (own.counts.likes, own.counts.reposts, own.counts.replies),
        (Some(5), Some(2), Some(3))
    );
    assert_eq!(
        (own.hashtags.as_slice(), own.visibility.as_deref()),
        (&["acme".to_owned()][..], Some("public"))
    );
    let comment = of("facebook:1_22");
    assert_eq!(
        (comment.kind, comment.reply_to.as_deref()),
        (Kind::Comment, Some("facebook:100_1"))
    );
    assert_eq!(comment.mentions[0].id.as_deref(), Some("100"), "who is answered");
    for asked in &mock.asked()[1..] {
        let token = asked.param("access_token").unwrap();
        assert_eq!(token, "page-token");
        assert_eq!(
            asked.param("appsecret_proof"),
            Some(hmac_hex("shh", token.as_bytes()))
        );
    }
}

#[tokio::test]
async fn edits_counts_and_new_comments_are_told_once() {
    let sweeps = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| {
        let second = asked.param("after").is_some();
        match asked.path() {
            "/v24.0/100/feed" if !second => {
                let sweep = sweeps.fetch_add(1, Relaxed);
                let mut first = post("100_1", 10, if sweep > 1 { 4 } else { 3 });
                if sweep > 0 {
                    first["message"] = json!("Acme news, mended");
                }
                page(json!([first, post("100_2", 20, 0)]), None)
            }
            "/v24.0/100_1/comments" if !second && sweeps.load(Relaxed) > 2 => page(
                json!([comment("1_24", 1), comment("1_23", 5), comment("1_22", 6)]),
                None,
            ),
            _ => answer(asked),
        }
    })
    .await;
    let mut running = start("facebook", &config(&mock.url), Start::default());
    let found = posts(&running.take(9).await.events);
    running.stop().await;
    let told: Vec<(Event, &str)> = found[6..]
        .iter()
        .map(|p| (p.event, p.uid.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            (Event::Edit, "facebook:100_1"),
            (Event::Engagement, "facebook:100_1"),
            (Event::Create, "facebook:1_24"),
        ]
    );
}

#[tokio::test]
async fn pitfall_06_usage_percentages_hold_requests_back() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/100/feed" => page(json!([post("100_1", 10, 0)]), None).with(
            "x-app-usage",
            r#"{"call_count":28,"total_time":97,"total_cputime":3}"#,
        ),
        _ => answer(asked),
    })
    .await;
    let mut running = start("facebook", &config(&mock.url), Start::default());
    running.take(1).await;
    let health = running
        .until(|h| h.error.as_deref().is_some_and(|e| e.contains("rate limit")))
        .await;
    assert_eq!(health.allowed, Some(0));
    assert!(mock.asked().iter().all(|a| a.path() != "/v24.0/100/tagged"));
    running.stop().await;
}

#[tokio::test]
async fn an_error_is_told_by_its_code_and_without_the_token() {
    let kinds = [
        (
            json!({"code": 190, "error_subcode": 463, "message": "user-token expired"}),
            "expired",
        ),
        (
            json!({"code": 32, "message": "Page request limit reached"}),
            "rate limit",
        ),
        (json!({"code": 2, "is_transient": true}), "unavailable"),
    ];
    for (error, words) in kinds {
        let mock = Mock::start(move |_: &Asked| with_error(400, error.clone())).await;
        let running = start("facebook", &config(&mock.url), Start::default());
        let health = running.until(|h| h.error.is_some()).await;
        let said = health.error.unwrap();
        assert!(said.contains(words), "{said}");
        for hidden in ["user-token", "access_token", "100", "shh"] {
            assert!(!said.contains(hidden), "{said}");
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn an_expired_page_token_is_made_anew() {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/v24.0/100" => {
            let token = format!("page-token-{}", made.fetch_add(1, Relaxed));
            Answer::json(json!({"name": "Acme", "access_token": token}))
        }
        _ if asked.param("access_token").as_deref() == Some("page-token-0") => {
            with_error(400, json!({"code": 190, "error_subcode": 463}))
        }
        _ => answer(asked),
    })
    .await;
    let mut running = start("facebook", &config(&mock.url), Start::default());
    assert_eq!(uids(&running.take(7).await.events).len(), 7);
    assert_eq!(count.load(Relaxed), 2);
    running.stop().await;
}

#[tokio::test]
async fn a_list_that_is_not_shown_does_not_stop_the_others() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/100/tagged" => with_error(403, json!({"code": 10, "message": "(#10) no"})),
        _ => answer(asked),
    })
    .await;
    let mut running = start("facebook", &config(&mock.url), Start::default());
    let found = running.take(7).await;
    assert_eq!(found.refused.len(), 1);
    assert_eq!(found.refused[0].code, "forbidden");
    running.stop().await;
}

#[tokio::test]
async fn a_cursor_that_is_none_starts_with_the_recent_days() {
    let mock = Mock::start(answer).await;
    let with = Start {
        cursor: Some("not a cursor".to_owned()),
        ..Start::default()
    };
    let mut running = start("facebook", &config(&mock.url), with);
    assert_eq!(uids(&running.take(7).await.events).len(), 7);
    running.stop().await;
}

#[tokio::test]
async fn what_was_edited_while_it_was_away_is_told_as_an_edit() {
    let mock = Mock::start(answer).await;
    let now = crate::support::meta::now_ms();
    // The last run saw everything up to a quarter of an hour ago, and the comments up to six and a half minutes.
    let cursor = json!({"m": {"f:100": now - 15 * 60_000, "t:100": now, "c:100_1": now - 390_000}, "w": []});
    let with = Start {
        cursor: Some(cursor.to_string()),
        ..Start::default()
    };
    let mut running = start("facebook", &config(&mock.url), with);
    let found = posts(&running.take(6).await.events);
    running.stop().await;
    let event = |id: &str| {
        let uid = format!("facebook:{id}");
        found
            .iter()
            .find(|p| p.uid.as_ref() == Some(&uid))
            .map(|p| p.event)
    };
    assert_eq!(
        (event("100_1"), event("100_2"), event("100_3")),
        (Some(Event::Create), Some(Event::Edit), Some(Event::Edit))
    );
    assert_eq!(
        (event("1_23"), event("1_22")),
        (Some(Event::Create), Some(Event::Create))
    );
    assert_eq!(event("7_5"), None, "the mark says that it was delivered");
}

#[tokio::test]
async fn the_budget_stops_before_it_is_overspent() {
    let mock = Mock::start(answer).await;
    let keep = Arc::new(sources::keep::Memory::default());
    let limits = BudgetConfig {
        posts_per_day: Some(3),
        ..BudgetConfig::default()
    };
    let with = Start {
        budget: Some(Arc::new(Budget::new(limits, &[], 0, keep))),
        ..Start::default()
    };
    let mut running = start("facebook", &config(&mock.url), with);
    running.take(2).await;
    let health = running.until(|h| h.error.is_some()).await;
    assert!(health.posts <= 3, "{health:?}");
    let limits: Vec<u64> = mock
        .asked()
        .iter()
        .filter_map(|a| a.param("limit")?.parse().ok())
        .collect();
    assert!(limits.iter().all(|l| *l <= 3), "{limits:?}");
    running.stop().await;
}

#[tokio::test]
async fn the_past_is_paged_back_and_estimated_first() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/100/published_posts" => Answer::json(json!({"data": [], "summary": {"total_count": 250}})),
        _ => answer(asked),
    })
    .await;
    let now = crate::support::meta::now_ms();
    let past = |estimate| Start {
        task: Task::Past(Past {
            from: now - 86_400_000,
            until: now,
            estimate,
        }),
        ..Start::default()
    };
    let mut running = start("facebook", &config(&mock.url), past(true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(running.report.snapshot().estimate.unwrap().posts, Some(250));
    let mut running = start("facebook", &config(&mock.url), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let found = uids(&found.events);
    assert_eq!(found.len(), 6, "the one of two days ago is left out: {found:?}");
    assert!(running.report.snapshot().covered[0].whole);
}

fn recheck(ids: &[&str]) -> Start {
    Start {
        task: Task::Recheck(ids.iter().map(|i| format!("facebook:{i}")).collect()),
        ..Start::default()
    }
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/100_1" => Answer::json(post("100_1", 10, 3)),
        "/v24.0/100_2" => with_error(400, json!({"code": 100, "error_subcode": 33})),
        // Says nothing about whether it is there.
        "/v24.0/100_4" => with_error(400, json!({"code": 100, "message": "needs proof"})),
        _ => answer(asked),
    })
    .await;
    let with = recheck(&["100_1", "100_2", "100_3", "100_4", "../100"]);
    let mut running = start("facebook", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Edit, Event::Delete, Event::Delete]);
    assert_eq!(found.refused.len(), 1);
}

#[tokio::test]
async fn a_token_without_rights_deletes_nothing() {
    let mock = Mock::start(|_: &Asked| with_error(400, json!({"code": 100, "error_subcode": 33}))).await;
    let mut running = start("facebook", &config(&mock.url), recheck(&["100_1"]));
    let (found, ended) = running.rest().await;
    assert!(ended.is_err());
    assert!(found.events.is_empty());
}

#[tokio::test]
async fn a_test_says_what_is_seen_and_delivers_nothing() {
    let mock = Mock::start(answer).await;
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("facebook", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(
        running.report.snapshot().lines,
        ["page 1 of the configuration can be read"]
    );
    assert_eq!(mock.asked().len(), 1);
}

#[tokio::test]
async fn long_lived_tokens_are_renewed_and_kept() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/v24.0/oauth/access_token" => {
            assert_eq!(asked.param("fb_exchange_token").as_deref(), Some("user-token"));
            Answer::json(json!({"access_token": "longer", "expires_in": 5_184_000}))
        }
        _ => answer(asked),
    })
    .await;
    let keep: Arc<dyn sources::keep::Keep> = Arc::new(sources::keep::Memory::default());
    let config = format!("{}\napp_id = \"1\"", config(&mock.url));
    for _ in 0..2 {
        let with = Start {
            task: Task::Test,
            keep: keep.clone(),
            ..Start::default()
        };
        start("facebook", &config, with).rest().await.1.unwrap();
    }
    let asked = mock.asked();
    let exchanges = asked.iter().filter(|a| a.path().contains("oauth")).count();
    assert_eq!(exchanges, 1, "the second run has it");
    assert_eq!(
        asked.last().unwrap().param("access_token").as_deref(),
        Some("longer")
    );
}

#[test]
fn pitfall_09_shapes_differ_and_read_alike() {
    let tags = [
        json!([{"id": "7", "name": "Bea", "offset": 0, "length": 3}]),
        json!({"0": [{"id": "7", "name": "Bea", "offset": 0, "length": 3}]}),
        json!({"data": [{"id": 7, "name": "Bea"}]}),
    ];
    for tags in tags {
        let mut document = post("100_1", 1, 0);
        document["message_tags"] = tags;
        document["attachments"] = json!([]);
        let (found, refused) = parsed("facebook", &document.to_string());
        assert_eq!((found.len(), refused), (1, 0));
        assert_eq!(found[0].mentions[0].id.as_deref(), Some("7"));
    }
    let mut odd = post("100_1", 1, 0);
    for key in [
        "from",
        "reactions",
        "comments",
        "shares",
        "attachments",
        "privacy",
        "parent",
    ] {
        odd[key] = json!([]);
    }
    let (found, refused) = parsed("facebook", &odd.to_string());
    assert_eq!((found.len(), refused), (1, 0));
    assert_eq!(found[0].author, None);
}

#[test]
fn pitfall_15_what_is_not_told_is_not_zero() {
    let (found, _) = parsed(
        "facebook",
        &json!({"id": "1_2", "message": "x", "created_time": ago(1)}).to_string(),
    );
    assert_eq!(found[0].counts, post::Counts::default());
    let (found, _) = parsed("facebook", &post("1_2", 1, 0).to_string());
    assert_eq!(found[0].counts.replies, Some(0));
}

#[test]
fn shares_media_and_hidden_posts() {
    let mut share = post("100_9", 1, 0);
    share["parent_id"] = json!("55_6");
    share["attachments"] = json!({"data": [{"description": "the original", "media_type": "photo",
        "media": {"image": {"src": "https://cdn.example/p.jpg"}}}]});
    let quote = &parsed("facebook", &share.to_string()).0[0];
    assert_eq!(
        (
            quote.kind,
            quote.quote_of.as_deref(),
            quote.quoted_text.as_deref()
        ),
        (Kind::Quote, Some("facebook:55_6"), Some("the original"))
    );
    assert_eq!(quote.media[0].kind, "image");
    share["message"] = Value::Null;
    let repost = &parsed("facebook", &share.to_string()).0[0];
    assert_eq!(
        (repost.kind, repost.repost_of.as_deref(), repost.text.as_str()),
        (Kind::Repost, Some("facebook:55_6"), "the original")
    );
    share["is_hidden"] = json!(true);
    assert_eq!(parsed("facebook", &share.to_string()).0[0].event, Event::Withhold);
    share["is_published"] = json!(false);
    assert!(parsed("facebook", &share.to_string()).0.is_empty());
}

#[test]
fn every_fault_of_a_configuration_is_named() {
    let table = "pages = [\"a/b\"]\ngraph_url = \"ftp://x\"\npoll_seconds = 0"
        .parse()
        .unwrap();
    let fault = (sources::find("facebook").unwrap().configure)(table)
        .err()
        .unwrap()
        .to_string();
    for key in ["pages", "graph_url", "poll_seconds"] {
        assert!(fault.contains(key), "{fault}");
    }
    let unknown = "pages = [\"1\"]\npage = 1".parse().unwrap();
    assert!((sources::find("facebook").unwrap().configure)(unknown).is_err());
}

#[tokio::test]
async fn recorded_exchanges_are_replayed() {
    let Some(path) = shared("fixtures/facebook/nango_facebook__page-posts.http.jsonl") else {
        return;
    };
    let lines = std::fs::read_to_string(path).unwrap();
    let exchanges: Vec<Value> = lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let mock = Mock::with_faults(
        Box::new(move |asked: &Asked| {
            if asked.path() == "/v24.0/1148671018324630" {
                return Answer::json(json!({"name": "n"}));
            }
            let after = asked.param("after");
            let same = |e: &&Value| {
                asked.path() == format!("/v24.0{}", e["url"].as_str().unwrap())
                    && e["params"]["after"].as_str() == after.as_deref()
            };
            match exchanges.iter().find(same) {
                Some(e) => Answer::text(200, "application/json", e["body"].as_str().unwrap()),
                None => Answer::status(404),
            }
        }),
        vec![(2, Fault::Half)],
    )
    .await;
    let config = config(&mock.url).replace("\"100\"", "\"1148671018324630\"");
    let with = Start {
        task: Task::Past(Past {
            from: 0,
            until: crate::support::meta::now_ms(),
            estimate: false,
        }),
        ..Start::default()
    };
    let config = format!("{config}\ntagged = false");
    let mut running = start("facebook", &config, with);
    // The recording holds no comments: asking for them is refused.
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 10);
}

const KEYS: &[&str] = &[
    "id",
    "message",
    "created_time",
    "from",
    "name",
    "message_tags",
    "attachments",
    "data",
    "media",
    "image",
    "src",
    "shares",
    "count",
    "reactions",
    "summary",
    "total_count",
    "comments",
    "parent",
    "parent_id",
    "privacy",
    "value",
    "entry",
    "changes",
    "field",
    "item",
    "verb",
    "post_id",
    "comment_id",
    "time",
    "is_hidden",
    "link",
    "object",
    "photos",
];

proptest! {
    #[test]
    fn no_json_makes_it_panic(document in json_around(KEYS)) {
        for post in parsed("facebook", &document.to_string()).0 {
            prop_assert!(post.uid.is_some_and(|u| u.starts_with("facebook:")));
        }
    }
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, Verdict, hold, id, right};
    hold(Facts {
        connector: "facebook",
        folder: "facebook",
        uid: |fact| {
            // A like or a reaction tells no number and is no post; an album names no post.
            let kind = fact["kind"].as_str()?;
            let silent = ["/like/", "/reaction/", "/album/"];
            if silent.iter().any(|s| kind.contains(s)) {
                return None;
            }
            Some(format!("facebook:{}", id(fact)?))
        },
        verdict: |post, field, stated, fact| {
            let text = match stated {
                Value::Number(n) => Some(n.to_string()),
                other => other.as_str().map(str::to_owned),
            };
            let gone = matches!(post.event, Event::Delete | Event::Withhold);
            if gone && !matches!(field, "file" | "loc" | "kind" | "id") {
                return Some(Verdict::Differs(
                    "what is removed or hidden is told by its uid only",
                ));
            }
            let author = post.author.as_ref();
            Some(match field {
                "author_id" => right(author.and_then(|a| a.id.clone()) == text),
                // Facebook has names, no handles.
                "author_handle" => right(author.and_then(|a| a.name.clone()) == text),
                "url" => right(post.permalink == text),
                "updated_at" => Verdict::Differs("Facebook moves it with every comment: no sign of an edit"),
                "page_id" if fact["kind"].as_str().is_some_and(|k| k.contains("mention")) => {
                    Verdict::Differs("a mention stands on the wall of who wrote it")
                }
                "page_id" => right(post.community == text),
                "post" => {
                    let root = post.thread_root.as_ref().or(post.uid.as_ref());
                    right(root.and_then(|u| u.split_once(':')).map(|u| u.1) == text.as_deref())
                }
                _ => return None,
            })
        },
        at_least: 500,
    });
}
