//! Hacker News against a made-up server.

use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::running::{Start, start, uids};
use post::{Event, Kind, RawPost};
use serde_json::{Value, json};
use sources::{Past, Sought, SourceEvent, Task, Wanted};
use std::sync::atomic::{AtomicUsize, Ordering};

fn config(url: &str) -> String {
    format!("items_url = {url:?}\nsearch_url = {url:?}\npoll_seconds = 60")
}

fn item(id: u64) -> Value {
    match id {
        103 => json!({"id": 103, "type": "comment", "deleted": true, "time": 1_764_000_000, "parent": 101}),
        104 => json!({"id": 104, "type": "comment", "by": "bea", "parent": 101, "time": 1_764_000_004,
                      "text": "Not so: <a href=\"https:&#x2F;&#x2F;acme.example&#x2F;why\" rel=\"nofollow\">https:&#x2F;&#x2F;acme.example&#x2F;why</a>"}),
        106 => {
            json!({"id": 106, "type": "pollopt", "by": "cy", "poll": 105, "text": "Yes", "time": 1_764_000_006})
        }
        _ => {
            json!({"id": id, "type": "story", "by": "ann", "time": 1_764_000_000 + id, "score": 7, "descendants": 2,
                    "title": "Show HN: Acme &amp; friends", "url": "https://acme.example/"})
        }
    }
}

/// Items up to 110; 108 is hidden at first; 90 has changed.
fn platform() -> Platform {
    let asked_for_108 = AtomicUsize::new(0);
    Box::new(move |asked: &Asked| match asked.path() {
        "/v0/maxitem.json" => Answer::json(json!(110)),
        "/v0/updates.json" => Answer::json(json!({"items": [90], "profiles": ["ann"]})),
        "/v0/item/108.json" if asked_for_108.fetch_add(1, Ordering::Relaxed) < 2 => Answer::json(Value::Null),
        path => {
            let id = path
                .strip_prefix("/v0/item/")
                .and_then(|p| p.strip_suffix(".json"));
            id.map_or_else(
                || Answer::status(404),
                |id| Answer::json(item(id.parse().unwrap())),
            )
        }
    })
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "hackernews",
        config,
        platform,
        cursor: Some("101;"),
        wanted: Vec::new,
        uids: &[
            "hackernews:90",
            "hackernews:101",
            "hackernews:102",
            "hackernews:103",
            "hackernews:104",
            "hackernews:105",
            "hackernews:107",
            "hackernews:108",
            "hackernews:109",
            "hackernews:110",
        ],
        lists: &[],
        requests: 5,
        renews: false,
    })
    .await;
}

fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}

#[tokio::test]
async fn items_become_posts() {
    let mock = Mock::start(platform()).await;
    let with = Start {
        cursor: Some("103;".to_owned()),
        ..Start::default()
    };
    let mut running = start("hackernews", &config(&mock.url), with);
    let found = posts(&running.take(3).await.events);
    running.stop().await;
    assert_eq!(found[0].event, Event::Delete);
    let comment = &found[1];
    assert_eq!(
        (comment.kind, comment.text.as_str()),
        (Kind::Comment, "Not so: https://acme.example/why")
    );
    assert_eq!(comment.reply_to.as_deref(), Some("hackernews:101"));
    assert_eq!(comment.urls, ["https://acme.example/why"]);
    assert_eq!(comment.created_at.as_deref(), Some("2025-11-24T16:00:04Z"));
    assert_eq!(found[2].title.as_deref(), Some("Show HN: Acme & friends"));
    assert_eq!(
        (found[2].counts.likes, found[2].counts.replies),
        (Some(7), Some(2))
    );
}

#[tokio::test]
async fn the_first_run_starts_with_what_comes_next() {
    let mock = Mock::start(platform()).await;
    let mut running = start("hackernews", &config(&mock.url), Start::default());
    assert_eq!(running.next().await.unwrap().cursor.as_deref(), Some("111;"));
    running.stop().await;
}

fn hit(id: u64, time: i64) -> Value {
    json!({"objectID": id.to_string(), "author": "ann", "created_at_i": time, "comment_text": "acme", "parent_id": 1,
           "_tags": ["comment", "author_ann"]})
}

fn searched(asked: &Asked) -> Answer {
    assert_eq!(asked.path(), "/api/v1/search_by_date");
    let filter = asked.param("numericFilters").unwrap();
    let until: i64 = filter.split("created_at_i<").nth(1).unwrap().parse().unwrap();
    // 1,200 comments, one a second.
    let hits: Vec<Value> = (0..1200)
        .rev()
        .filter(|t| *t < until)
        .map(|t| hit(1000 + t as u64, t))
        .collect();
    let shown = hits
        .len()
        .min(asked.param("hitsPerPage").unwrap().parse().unwrap());
    Answer::json(json!({"nbHits": hits.len(), "hits": hits[..shown]}))
}

fn acme() -> Vec<Wanted> {
    vec![Wanted {
        id: "m1".to_owned(),
        sought: Sought::Word("acme".to_owned()),
    }]
}

#[tokio::test]
async fn the_past_is_searched_slice_by_slice_and_estimated_first() {
    let mock = Mock::start(searched).await;
    let past = |estimate| Start {
        wanted: acme(),
        task: Task::Past(Past {
            from: 0,
            until: 2_000_000,
            estimate,
        }),
        ..Start::default()
    };
    let mut running = start("hackernews", &config(&mock.url), past(true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!(
        (estimate.posts, estimate.requests, estimate.money),
        (Some(1200), Some(2), Some(0.0))
    );

    let mut running = start("hackernews", &config(&mock.url), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 1200);
    let covered = running.report.snapshot().covered;
    assert!(covered.len() == 1 && covered[0].whole, "{covered:?}");
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(platform()).await;
    let task = Task::Recheck(vec![
        "hackernews:101".to_owned(),
        "hackernews:103".to_owned(),
        "x:1".to_owned(),
    ]);
    let mut running = start(
        "hackernews",
        &config(&mock.url),
        Start {
            task,
            ..Start::default()
        },
    );
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Edit, Event::Delete]);
}

#[tokio::test]
async fn a_test_says_what_is_seen_and_delivers_nothing() {
    let mock = Mock::start(platform()).await;
    let mut running = start(
        "hackernews",
        &config(&mock.url),
        Start {
            task: Task::Test,
            ..Start::default()
        },
    );
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let lines = running.report.snapshot().lines;
    assert_eq!(lines, ["the newest item is number 110", "it reads as a post"]);
}

#[test]
fn every_stated_fact_is_read() {
    use crate::support::facts::{Facts, hold, id, right};
    hold(Facts {
        connector: "hackernews",
        folder: "hackernews",
        uid: |fact| Some(format!("hackernews:{}", id(fact)?)),
        verdict: |post, field, stated, _| {
            Some(match field {
                "url" => right(post.urls.first().map(String::as_str) == stated.as_str()),
                "text_html" => {
                    right(Some(&post.text) == stated.as_str().map(|t| text::html_to_text(t).text).as_ref())
                }
                "title" => {
                    right(post.title.as_ref() == stated.as_str().map(|t| text::html_to_text(t).text).as_ref())
                }
                _ => return None,
            })
        },
        at_least: 10,
    });
}
