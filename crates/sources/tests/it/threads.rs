//! Threads against a made-up server.

use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::meta::{ago, json_around, now_ms, parsed, posts};
use crate::support::running::{Start, start, uids};
use post::{Event, Kind};
use proptest::prelude::*;
use serde_json::{Value, json};
use sources::budget::{Budget, BudgetConfig};
use sources::keep::{Keep, Memory};
use sources::{Past, Sought, Task, Wanted};
use std::collections::BTreeSet;
use std::sync::Arc;

fn config(url: &str) -> String {
    format!("token = \"t0ken\"\ngraph_url = {url:?}\npoll_seconds = 60")
}

fn page(items: Value, next: Option<&str>) -> Answer {
    let mut paging = json!({"cursors": {"after": next.unwrap_or("end")}});
    if let Some(after) = next {
        paging["next"] = json!(format!("http://127.0.0.1:9/x?access_token=LEAKED&after={after}"));
    }
    Answer::json(json!({"data": items, "paging": paging}))
}

fn thread(id: &str, minutes: i64) -> Value {
    json!({"id": id, "media_product_type": "THREADS", "media_type": "TEXT_POST", "permalink": "https://www.threads.net/@a/post/x",
        "username": "acme", "text": format!("Thread {id} #acme"), "timestamp": ago(minutes), "has_replies": id == "1"})
}

fn answer(asked: &Asked) -> Answer {
    let next = asked.param("after");
    match (asked.path(), next.as_deref()) {
        ("/v1.0/me", _) => Answer::json(json!({"id": "100", "username": "acme"})),
        ("/v1.0/me/threads", _) => page(json!([thread("1", 10), thread("2", 30)]), None),
        ("/v1.0/me/mentions", _) => page(json!([thread("21", 5)]), None),
        ("/v1.0/keyword_search", None) => page(json!([thread("31", 6)]), Some("p2")),
        ("/v1.0/keyword_search", Some(_)) => page(json!([thread("32", 60)]), None),
        ("/v1.0/1/conversation", _) => page(
            json!([{"id": "41", "text": "why?", "timestamp": ago(3), "username": "bea", "is_reply": true,
                    "replied_to": {"id": "1", "username": "acme"}, "root_post": {"id": "1"}},
                   {"id": "42", "text": "spam", "timestamp": ago(4), "username": "cy", "hide_status": "HIDDEN"}]),
            None,
        ),
        _ => Answer::status(404),
    }
}

fn platform() -> Platform {
    Box::new(answer)
}

fn wished(sought: Sought) -> Vec<Wanted> {
    vec![Wanted {
        id: "m1".to_owned(),
        sought,
    }]
}

fn acme() -> Vec<Wanted> {
    wished(Sought::Word("acme".to_owned()))
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "threads",
        config,
        platform,
        cursor: None,
        wanted: acme,
        uids: &[
            "threads:1",
            "threads:2",
            "threads:21",
            "threads:31",
            "threads:32",
            "threads:41",
            "threads:42",
        ],
        lists: &["/data"],
        requests: 7,
        renews: false,
    })
    .await;
}

#[tokio::test]
async fn replies_name_who_is_answered_and_hidden_ones_are_withheld() {
    let mock = Mock::start(answer).await;
    let mut running = start("threads", &config(&mock.url), Start::default());
    let found = posts(&running.take(5).await.events);
    running.stop().await;
    let of = |uid: &str| found.iter().find(|p| p.uid.as_deref() == Some(uid)).unwrap();
    let reply = of("threads:41");
    assert_eq!(
        (
            reply.kind,
            reply.reply_to.as_deref(),
            reply.thread_root.as_deref()
        ),
        (Kind::Reply, Some("threads:1"), Some("threads:1"))
    );
    assert_eq!(reply.mentions[0].handle.as_deref(), Some("acme"));
    assert_eq!(of("threads:42").event, Event::Withhold);
}

async fn asked_for(sought: Sought, searches: usize) -> (BTreeSet<(String, String)>, Vec<String>) {
    let mock = Mock::start(answer).await;
    let with = Start {
        wanted: wished(sought),
        ..Start::default()
    };
    let mut running = start("threads", &config(&mock.url), with);
    running.take(if searches > 0 { 7 } else { 5 }).await;
    running.until(|h| h.posts >= 5).await;
    let lines = running.report.snapshot().lines;
    running.stop().await;
    let asked = mock.asked();
    let searched = asked.iter().filter(|a| a.path().ends_with("keyword_search"));
    let terms = searched.map(|a| (a.param("q").unwrap(), a.param("search_mode").unwrap()));
    (terms.collect(), lines)
}

#[tokio::test]
async fn wishes_are_searched_for_and_never_more_narrowly() {
    let word = |w: &str| Sought::Word(w.to_owned());
    let sought = Sought::All(vec![
        Sought::Any(vec![
            Sought::Phrase(vec!["acme".to_owned(), "tools".to_owned()]),
            Sought::Hashtag("acmetools".to_owned()),
        ]),
        word("new"),
        Sought::Not(Box::new(word("job"))),
    ]);
    let (terms, lines) = asked_for(sought, 2).await;
    let expected = [("acme tools", "KEYWORD"), ("new", "KEYWORD")];
    let expected = expected.map(|(q, mode)| (q.to_owned(), mode.to_owned()));
    assert_eq!(terms, expected.into());
    assert!(lines.is_empty(), "{lines:?}");
    let (terms, lines) = asked_for(Sought::From("bea".to_owned()), 0).await;
    assert!(terms.is_empty());
    assert_eq!(lines.len(), 1, "a wish that cannot be asked is said");
}

#[tokio::test]
async fn a_new_wish_is_searched_for_while_it_runs() {
    let mock = Mock::start(answer).await;
    let with = Start {
        wanted: acme(),
        pace: 1.0,
        ..Start::default()
    };
    let config = format!("{}\nown = false\nmentions = false", config(&mock.url));
    let mut running = start("threads", &config, with);
    running.take(2).await;
    let sought = Sought::Any(vec![
        Sought::Word("acme".to_owned()),
        Sought::Word("rival".to_owned()),
    ]);
    running.wanted.send_replace(Arc::new(wished(sought)));
    let searched = |q: &str| {
        let asked = mock.asked();
        asked
            .iter()
            .filter(|a| a.param("q").as_deref() == Some(q))
            .count()
    };
    running.until(|_| searched("rival") > 0).await;
    assert_eq!(searched("acme"), 2, "its turn has not come yet");
    running.stop().await;
}

#[tokio::test]
async fn searches_are_taken_from_the_quota_and_empty_ones_given_back() {
    let mock = Mock::start(|asked: &Asked| match asked.param("q").as_deref() {
        Some("nothing") => page(json!([]), None),
        _ => answer(asked),
    })
    .await;
    let registration = sources::find("threads").unwrap();
    let keep: Arc<dyn Keep> = Arc::new(Memory::default());
    let budget = Arc::new(Budget::new(BudgetConfig::default(), registration.quotas, 0, keep));
    // One sweep.
    let with = Start {
        budget: Some(budget.clone()),
        pace: 1.0,
        ..Start::default()
    };
    let config = format!(
        "{}\nkeywords = [\"acme\", \"nothing\"]\nown = false\nmentions = false",
        config(&mock.url)
    );
    let mut running = start("threads", &config, with);
    running.take(2).await;
    let left = || {
        let of = |l: &sources::budget::Left| l.unit == sources::threads::SEARCHES;
        budget.left().into_iter().find(of).unwrap()
    };
    let searched = || mock.asked().len() >= 4;
    running.until(|_| searched() && left().left == 2198).await;
    running.stop().await;
    assert_eq!((left().most, left().left), (2200, 2198));
}

#[tokio::test]
async fn a_used_up_quota_stops_searches_until_tomorrow() {
    let mock = Mock::start(answer).await;
    let quota = [sources::budget::Limit {
        unit: sources::threads::SEARCHES,
        period: sources::budget::Period::Day,
        most: 1,
    }];
    let keep: Arc<dyn Keep> = Arc::new(Memory::default());
    let with = Start {
        wanted: acme(),
        budget: Some(Arc::new(Budget::new(BudgetConfig::default(), &quota, 0, keep))),
        pace: 1.0,
        ..Start::default()
    };
    let mut running = start("threads", &config(&mock.url), with);
    assert_eq!(uids(&running.take(4).await.events).len(), 4);
    let health = running.until(|h| h.error.is_some()).await;
    assert!(health.retry_at.unwrap() > now_ms());
    running.stop().await;
}

#[tokio::test]
async fn the_past_is_searched_in_its_bounds() {
    let mock = Mock::start(answer).await;
    let (from, until) = (now_ms() - 30 * 60_000, now_ms());
    let past = |estimate| Start {
        wanted: acme(),
        task: Task::Past(Past {
            from,
            until,
            estimate,
        }),
        ..Start::default()
    };
    let mut running = start("threads", &config(&mock.url), past(true));
    running.rest().await.1.unwrap();
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!((estimate.posts, estimate.requests), (None, Some(1)));
    let mut running = start("threads", &config(&mock.url), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(
        uids(&found.events).into_iter().collect::<Vec<_>>(),
        ["threads:31"],
        "the other is too old"
    );
    assert!(running.report.snapshot().covered[0].whole);
    let search = mock
        .asked()
        .into_iter()
        .find(|a| a.path().ends_with("keyword_search"))
        .unwrap();
    assert_eq!(search.param("since"), Some((from / 1000).to_string()));
    assert_eq!(search.param("until"), Some((until / 1000).to_string()));
}

#[tokio::test]
async fn tokens_are_exchanged_renewed_and_an_expired_one_is_said() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/access_token" => {
            assert_eq!(asked.param("grant_type").as_deref(), Some("th_exchange_token"));
            Answer::json(json!({"access_token": "long", "expires_in": 5_184_000}))
        }
        _ => answer(asked),
    })
    .await;
    // As signing in leaves it: a token of an hour.
    let keep: Arc<dyn Keep> = Arc::new(Memory::default());
    keep.put(sources::oauth::ACCESS, "short").unwrap();
    keep.put(sources::oauth::EXPIRES, &(now_ms() + 3_600_000).to_string())
        .unwrap();
    let with = Start {
        task: Task::Test,
        keep: keep.clone(),
        ..Start::default()
    };
    let config = format!("graph_url = {:?}\napp_secret = \"shh\"", mock.url);
    start("threads", &config, with).rest().await.1.unwrap();
    assert_eq!(keep.get(sources::oauth::ACCESS).as_deref(), Some("long"));

    let mock = Mock::start(|_: &Asked| {
        Answer::text(
            400,
            "application/json",
            r#"{"error":{"code":190,"message":"t0ken"}}"#,
        )
    })
    .await;
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let ended = start("threads", &self::config(&mock.url), with).rest().await.1;
    let said = ended.unwrap_err().to_string();
    assert!(
        said.contains("sign in again") && !said.contains("t0ken"),
        "{said}"
    );
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let gone = || {
        Answer::text(
            400,
            "application/json",
            r#"{"error":{"code":100,"error_subcode":33}}"#,
        )
    };
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/v1.0/1" => Answer::json(thread("1", 10)),
        "/v1.0/9" => gone(),
        _ => answer(asked),
    })
    .await;
    let with = |wanted| Start {
        wanted,
        task: Task::Recheck(vec!["threads:1".to_owned(), "threads:9".to_owned()]),
        ..Start::default()
    };
    for (wanted, expected) in [
        (Vec::new(), vec![Event::Edit, Event::Delete]),
        (acme(), vec![Event::Edit]),
    ] {
        let mut running = start("threads", &config(&mock.url), with(wanted));
        let (found, ended) = running.rest().await;
        ended.unwrap();
        let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
        assert_eq!(events, expected);
    }
}

#[test]
fn quotes_reposts_and_attachments() {
    let mut quote = thread("1", 1);
    quote["is_quote_post"] = json!(true);
    quote["quoted_post"] = json!({"id": "7", "text": "the first"});
    quote["topic_tag"] = json!("tools");
    quote["link_attachment_url"] = json!("https://acme.example/");
    let found = &parsed("threads", &quote.to_string()).0[0];
    assert_eq!(
        (
            found.kind,
            found.quote_of.as_deref(),
            found.quoted_text.as_deref()
        ),
        (Kind::Quote, Some("threads:7"), Some("the first"))
    );
    assert_eq!(
        (found.hashtags.as_slice(), found.urls.as_slice()),
        (
            &["tools".to_owned(), "acme".to_owned()][..],
            &["https://acme.example/".to_owned()][..]
        )
    );
    let repost = json!({"id": "2", "media_type": "REPOST_FACADE", "timestamp": ago(1), "username": "acme",
        "reposted_post": {"id": "7", "text": "the whole first"}});
    let found = &parsed("threads", &repost.to_string()).0[0];
    assert_eq!(
        (found.kind, found.repost_of.as_deref(), found.text.as_str()),
        (Kind::Repost, Some("threads:7"), "the whole first")
    );
}

#[test]
fn pitfall_15_likes_are_not_told() {
    let found = &parsed("threads", &thread("1", 1).to_string()).0[0];
    assert_eq!(found.counts, post::Counts::default());
}

#[test]
fn pitfall_09_empty_lists_stand_for_objects() {
    let mut odd = thread("1", 1);
    for key in ["children", "owner", "quoted_post", "replied_to", "root_post"] {
        odd[key] = json!([]);
    }
    let (found, refused) = parsed("threads", &odd.to_string());
    assert_eq!((found.len(), refused, found[0].kind), (1, 0, Kind::Post));
}

const KEYS: &[&str] = &[
    "id",
    "text",
    "media_type",
    "media_url",
    "timestamp",
    "username",
    "owner",
    "children",
    "data",
    "quoted_post",
    "is_quote_post",
    "reposted_post",
    "replied_to",
    "root_post",
    "topic_tag",
    "values",
    "value",
    "field",
    "hide_status",
    "has_replies",
];

proptest! {
    #[test]
    fn no_json_makes_it_panic(document in json_around(KEYS)) {
        for post in parsed("threads", &document.to_string()).0 {
            prop_assert!(post.uid.is_some_and(|u| u.starts_with("threads:")));
        }
    }
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, Verdict, hold, id, right};
    hold(Facts {
        connector: "threads",
        folder: "threads",
        uid: |fact| Some(format!("threads:{}", id(fact)?)),
        verdict: |post, field, stated, _| {
            Some(match field {
                "url" => right(post.permalink.as_deref() == stated.as_str()),
                "media_type" if stated == "TEXT_POST" => right(post.media.is_empty()),
                "media_type" => Verdict::Wrong,
                _ => return None,
            })
        },
        at_least: 10,
    });
}
