//! The recorded exchanges, answered again by a local server.

use super::{acme, listing, post, posts, token, with};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::recordings::{Exchange, exchanges};
use crate::support::running::{Start, start, uids};
use post::Event;
use serde_json::Value;
use sources::Task;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The uids of all posts and comments in a recorded answer.
fn names(value: &Value, into: &mut BTreeSet<String>) {
    let is_post = matches!(value["kind"].as_str(), Some("t1" | "t3"));
    if let Some(name) = value["data"]["name"].as_str().filter(|_| is_post) {
        into.insert(format!("reddit:{name}"));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|v| names(v, into)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(k, _)| *k != "crosspost_parent_list")
            .for_each(|(_, v)| names(v, into)),
        _ => {}
    }
}

fn all_names(recorded: &[Exchange]) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    recorded.iter().for_each(|e| names(&e.json(), &mut all));
    all
}

/// Answers each request with the first unused exchange that `fits`; when there is none, with an empty list.
async fn play(recorded: Vec<Exchange>, fits: fn(&Asked, &Exchange) -> bool) -> Mock {
    let left = Mutex::new(recorded);
    Mock::start(move |asked: &Asked| {
        if asked.path() == "/token" {
            return token();
        }
        let mut left = left.lock().unwrap();
        match left.iter().position(|e| fits(asked, e)) {
            Some(at) => left.remove(at).answer,
            None => Answer::json(listing(Vec::new(), None)),
        }
    })
    .await
}

async fn follow(file: &str, config: &str, fits: fn(&Asked, &Exchange) -> bool) {
    let Some(recorded) = exchanges(&format!("reddit/praw__{file}.http.jsonl")) else {
        return;
    };
    let expected = all_names(&recorded);
    let mock = play(recorded, fits).await;
    let with_wishes = Start {
        wanted: acme(),
        ..Start::default()
    };
    let mut running = start("reddit", &with(&mock.url, config), with_wishes);
    let found = uids(&running.take(expected.len()).await.events);
    running.stop().await;
    assert!(
        expected.is_subset(&found),
        "{file}: {} of {}",
        found.len(),
        expected.len()
    );
}

#[tokio::test]
async fn recorded_lists_are_followed() {
    let any = |_: &Asked, _: &Exchange| true;
    let whole = "comments = false\nsearch_wanted = false";
    let of = |name: &str| format!("subreddits = [\"{name}\"]\n{whole}");
    follow("TestSubredditListings.test_new", &of("askreddit"), any).await;
    follow("TestSubredditListings.test_controversial", &of("askreddit"), any).await;
    // Recorded as r/all/comments: pages from the newest on, and pages before an item, some of which had been deleted.
    follow("TestSubredditStreams.test_comments", &of("all"), any).await;
    follow("TestRedditorListings.test_comments__new", &of("spez"), any).await;
    follow("TestInbox.test_mentions", &of("inbox"), any).await;
    follow("TestSubmission.test_duplicates", &of("science"), any).await;
    follow("TestComment.test_edit", &of("edited"), any).await;
    follow("TestSubreddit.test_search", "", |asked, _| {
        asked.path() == "/search"
    })
    .await;
}

#[tokio::test]
async fn recorded_threads_are_read_whole() {
    let same_path = |asked: &Asked, e: &Exchange| asked.path() == e.path();
    follow(
        "TestCommentForest.test_replace__all",
        "threads = [\"3hahrw\"]\nsearch_wanted = false",
        same_path,
    )
    .await;
    follow(
        "TestSubmission.test_crosspost",
        "threads = [\"6vx01b\", \"6vx8n0\"]\nsearch_wanted = false",
        same_path,
    )
    .await;
    follow(
        "TestSubmission.test_delete",
        "threads = [\"4b1tfm\"]\nsearch_wanted = false",
        same_path,
    )
    .await;
    follow(
        "TestSubreddit.test_submit__selftext",
        "threads = [\"4bbe4b\"]\nsearch_wanted = false",
        same_path,
    )
    .await;
    let by_thread =
        |asked: &Asked, e: &Exchange| asked.path() == "/comments/54hhwl" && e.path().contains("54hhwl");
    follow(
        "TestComment.test_refresh",
        "threads = [\"54hhwl\"]\nsearch_wanted = false",
        by_thread,
    )
    .await;
}

#[tokio::test]
async fn a_recorded_deletion_is_found_out() {
    let Some(recorded) = exchanges("reddit/praw__TestComment.test_delete.http.jsonl") else {
        return;
    };
    let mock = play(recorded, |asked, e| asked.path() == e.path()).await;
    let task = Task::Recheck(vec!["reddit:t1_d1616q2".to_owned()]);
    let mut running = start(
        "reddit",
        &with(&mock.url, ""),
        Start {
            task,
            ..Start::default()
        },
    );
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let events: Vec<Event> = posts(&found.events).iter().map(|p| p.event).collect();
    assert_eq!(events, [Event::Delete]);
}

/// Recorded failures at first; then all is well again.
#[tokio::test]
async fn recorded_failures_are_survived() {
    for (case, told) in [
        ("cloudflare_unknown_error", None),
        ("service_unavailable", None),
        // With one list, not with Reddit: told with what is delivered.
        ("forbidden", Some("403")),
        ("redirect", Some("302")),
        ("okay_with_0_byte_content", None),
        ("too__many_requests__with_retry_headers", None),
        ("with_invalid_access_token", None),
    ] {
        let file = format!("reddit/prawcore__TestSession.test_request__{case}.http.jsonl");
        let Some(recorded) = exchanges(&file) else {
            return;
        };
        let left = Mutex::new(recorded);
        let mock = Mock::start(move |asked: &Asked| match asked.path() {
            "/token" => token(),
            _ => match left.lock().unwrap().pop() {
                Some(exchange) => exchange.answer,
                None => Answer::json(listing(vec![post("a1")], None)),
            },
        })
        .await;
        let config = with(&mock.url, "subreddits = [\"acme\"]\ncomments = false");
        let mut running = start("reddit", &config, Start::default());
        let all = running.take(1 + usize::from(told.is_some())).await;
        running.stop().await;
        assert!(uids(&all.events).contains("reddit:t3_a1"), "{case}");
        let messages: Vec<&str> = all.refused.iter().map(|r| r.message.as_str()).collect();
        assert_eq!(messages.len(), usize::from(told.is_some()), "{case}");
        assert!(
            messages.iter().all(|m| told.is_some_and(|t| m.contains(t))),
            "{case}: {messages:?}"
        );
    }
}
