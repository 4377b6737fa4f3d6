//! Searching the past.

use super::world::*;
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use serde_json::json;
use sources::{Past, Sought, SourceError, Task, Wanted};
use std::collections::BTreeSet;

const DAY: i64 = 86_400_000;

fn past(days: i64, estimate: bool) -> Start {
    Start {
        wanted: acme(),
        task: Task::Past(Past {
            from: now_ms() - days * DAY,
            until: now_ms(),
            estimate,
        }),
        ..Start::default()
    }
}

/// Two pages, newest first; 150 posts by the count.
fn searched(asked: &Asked) -> Answer {
    match (asked.path(), asked.param("next_token").as_deref()) {
        ("/2/tweets/search/recent" | "/2/tweets/search/all", None) => {
            page(&["1990000000000000005", "1990000000000000004"], Some("b26v"))
        }
        ("/2/tweets/search/recent" | "/2/tweets/search/all", Some("b26v")) => {
            page(&["1990000000000000003"], None)
        }
        ("/2/tweets/counts/recent" | "/2/tweets/counts/all", None) => {
            Answer::json(json!({"data": [], "meta": {"total_tweet_count": 100, "next_token": "c"}}))
        }
        ("/2/tweets/counts/recent" | "/2/tweets/counts/all", Some("c")) => {
            Answer::json(json!({"data": [], "meta": {"total_tweet_count": 50}}))
        }
        _ => Answer::status(404),
    }
}

#[tokio::test]
async fn the_past_is_searched_page_by_page_and_paid_for() {
    let mock = Mock::start(searched).await;
    let budget = budget("posts_per_day = 1000");
    let with = Start {
        budget: Some(budget.clone()),
        ..past(3, false)
    };
    let mut running = start("x", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 3);
    assert_eq!(budget.posts_left(), 997);
    let covered = running.report.snapshot().covered;
    assert!(covered.len() == 1 && covered[0].whole, "{covered:?}");
    let first = asked(&mock, "/2/tweets/search/recent").remove(0);
    assert_eq!(first.param("query").as_deref(), Some("acme"));
    assert_eq!(first.param("max_results").as_deref(), Some("100"));
    assert!(
        first
            .param("tweet.fields")
            .unwrap()
            .contains("edit_history_tweet_ids")
    );
    assert!(
        first
            .param("expansions")
            .unwrap()
            .contains("referenced_tweets.id")
    );
}

#[tokio::test]
async fn an_estimate_counts_and_reads_nothing() {
    let mock = Mock::start(searched).await;
    let mut running = start("x", &config(&mock.url), past(3, true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!((estimate.posts, estimate.money), (Some(150), Some(0.75)));
    assert!(asked(&mock, "/2/tweets/search/recent").is_empty());
}

#[tokio::test]
async fn without_the_archive_seven_days_are_covered() {
    let mock = Mock::start(searched).await;
    let mut running = start("x", &config(&mock.url), past(30, false));
    running.rest().await.1.unwrap();
    let report = running.report.snapshot();
    assert!(now_ms() - report.covered[0].from < 7 * DAY);
    assert!(
        report.lines.iter().any(|l| l.contains("seven days")),
        "{report:?}"
    );

    let archive = format!("{}\narchive = true", config(&mock.url));
    let mut running = start("x", &archive, past(30, false));
    running.rest().await.1.unwrap();
    assert!(now_ms() - running.report.snapshot().covered[0].from > 29 * DAY);
    assert_eq!(asked(&mock, "/2/tweets/search/all").len(), 2);
}

#[tokio::test]
async fn a_budget_that_ends_on_the_way_leaves_the_past_partial() {
    let mock = Mock::start(searched).await;
    let with = Start {
        budget: Some(budget("posts_per_day = 11")),
        ..past(3, false)
    };
    let mut running = start("x", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    assert!(matches!(ended, Err(SourceError::Trouble(_))), "{ended:?}");
    assert_eq!(
        uids(&found.events).len(),
        2,
        "nine are left, and a search is ten at least"
    );
    assert_eq!(
        asked(&mock, "/2/tweets/search/recent")[0]
            .param("max_results")
            .as_deref(),
        Some("11")
    );
    assert!(!running.report.snapshot().covered[0].whole);
}

#[tokio::test]
async fn many_wishes_are_few_searches_and_what_cannot_be_asked_is_said() {
    let mock = Mock::start(|_: &Asked| page(&[], None)).await;
    let mut wanted: Vec<Wanted> = (0..60)
        .map(|n| wish(&format!("m{n}"), &format!("monitor{n:02}")))
        .collect();
    wanted.push(Wanted {
        id: "p".to_owned(),
        sought: Sought::Prefix("acm".to_owned()),
    });
    let with = Start {
        wanted,
        ..past(3, false)
    };
    let mut running = start("x", &config(&mock.url), with);
    running.rest().await.1.unwrap();
    let queries: BTreeSet<String> = mock.asked().iter().map(|a| a.param("query").unwrap()).collect();
    assert!(
        queries.len() == 2 && queries.iter().all(|q| q.len() <= 512),
        "{queries:?}"
    );
    let report = running.report.snapshot();
    assert!(
        report.lines.iter().any(|l| l.starts_with("1 monitors cannot")),
        "{report:?}"
    );
    assert!(!report.covered[0].whole);
}
