//! The past, the re-check and the test.

use super::{acme, comment, listing, page, post, posts, token, with};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start};
use post::Event;
use serde_json::{Value, json};
use sources::{Past, Task};

fn past(from: i64, estimate: bool) -> Start {
    Start {
        wanted: acme(),
        task: Task::Past(Past {
            from,
            until: 1_765_000_000_000,
            estimate,
        }),
        ..Start::default()
    }
}

#[tokio::test]
async fn the_past_is_searched_back_to_where_the_list_ends_and_estimated_first() {
    let all: Vec<Value> = (1000..1950).rev().map(|n| post(&format!("{n}"))).collect();
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/token" => token(),
        "/search" => {
            assert_eq!(asked.param("q").as_deref(), Some("\"acme\""));
            assert_eq!(asked.param("sort").as_deref(), Some("new"));
            page(asked, &all, 100)
        }
        _ => Answer::status(404),
    })
    .await;
    let mut running = start("reddit", &with(&mock.url, ""), past(0, true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty() && mock.asked().is_empty());
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!((estimate.posts, estimate.requests), (None, Some(10)));

    let mut running = start("reddit", &with(&mock.url, ""), past(0, false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(found.events.len(), 950);
    let covered = running.report.snapshot().covered;
    assert_eq!((covered.len(), covered[0].whole), (1, false));
    assert!(
        covered[0].from > 1_764_000_000_000,
        "from the oldest that was shown"
    );

    // A list that goes back far enough covers the whole time.
    let newest = posts(&found.events)[0].created_at.clone().unwrap();
    let from = newest.parse::<jiff::Timestamp>().unwrap().as_millisecond() - 50_000;
    let mut running = start("reddit", &with(&mock.url, ""), past(from, false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.len() < 60, "{}", found.events.len());
    assert!(running.report.snapshot().covered[0].whole);
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        "/api/info" => {
            let mut children = Vec::new();
            for name in asked.param("id").unwrap().split(',') {
                let mut item = match name {
                    "t1_c1" => comment("c1", "t3_a1", json!("")),
                    _ => post(name.strip_prefix("t3_").unwrap()),
                };
                match name {
                    "t3_a2" => item["data"]["selftext"] = json!("[removed]"),
                    "t3_a3" => continue,
                    "t1_c1" => item["data"]["author"] = json!("[deleted]"),
                    _ => {}
                }
                children.push(item);
            }
            Answer::json(listing(children, None))
        }
        _ => Answer::status(404),
    })
    .await;
    let mut asked: Vec<String> = ["t3_a1", "t3_a2", "t3_a3", "t1_c1"]
        .map(|n| format!("reddit:{n}"))
        .to_vec();
    asked.extend(["x:1".to_owned(), "reddit:t3_a,b".to_owned()]);
    asked.extend((1000..1098).map(|n| format!("reddit:t3_{n}")));
    let task = Task::Recheck(asked);
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
    let found = posts(&found.events);
    assert_eq!(found.len(), 102);
    let event = |name: &str| {
        let uid = format!("reddit:{name}");
        found.iter().find(|p| p.uid.as_ref() == Some(&uid)).unwrap()
    };
    assert_eq!(event("t3_a1").event, Event::Edit);
    assert_eq!(event("t3_a1").counts.likes, Some(3));
    assert_eq!(event("t3_a2").event, Event::Delete);
    assert_eq!(event("t3_a3").event, Event::Delete);
    // The account is gone, what it wrote is not: the post stays without an author.
    let orphan = event("t1_c1");
    assert_eq!((orphan.event, orphan.author.is_none()), (Event::Edit, true));
    assert_eq!(orphan.text, "so it is");
    let requests = mock.asked();
    assert_eq!(
        requests.iter().filter(|a| a.path() == "/api/info").count(),
        2,
        "100 at once"
    );
}

#[tokio::test]
async fn a_test_says_what_is_seen_and_delivers_nothing() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/token" => token(),
        "/r/acme/new" => Answer::json(listing(vec![post("a1")], None)),
        "/r/secret/new" => Answer::text(403, "application/json", r#"{"reason": "private", "error": 403}"#),
        _ => Answer::json(listing(Vec::new(), None)),
    })
    .await;
    let config = with(&mock.url, "subreddits = [\"acme\", \"secret\", \"empty\"]");
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("reddit", &config, with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(
        running.report.snapshot().lines,
        [
            "Reddit knows the app",
            "r/acme can be read",
            "r/secret cannot be read: /r/secret/new: the platform answered 403 Forbidden: private",
            "r/empty can be read and is empty",
        ]
    );
}

#[tokio::test]
async fn a_wrong_secret_is_said_without_telling_it() {
    let mock = Mock::start(|_: &Asked| Answer::json(json!({"error": "invalid_grant"})).with("x", "y")).await;
    let refused = Mock::start(|_: &Asked| Answer::text(401, "application/json", "{\"error\": 401}")).await;
    for url in [&mock.url, &refused.url] {
        let task = Task::Test;
        let mut running = start(
            "reddit",
            &with(url, ""),
            Start {
                task,
                ..Start::default()
            },
        );
        let message = running.rest().await.1.unwrap_err().to_string();
        assert!(
            message.contains("token") && !message.contains("hush"),
            "{message}"
        );
    }
}

#[test]
fn every_fault_of_a_configuration_is_named() {
    let table = "client_id = \"\"\nusername = \"a b\"\nsubreddits = [\"r/x\"]\nthreads = [\"T!\"]\nsearches = [\"\"]\n\
                 api_url = \"oauth\"";
    let configure = sources::find("reddit").unwrap().configure;
    let error = configure(table.parse().unwrap()).err().unwrap().to_string();
    for key in [
        "client_id",
        "username",
        "subreddits",
        "threads",
        "searches",
        "api_url",
    ] {
        assert!(error.contains(&format!("{key}: ")), "{key} in {error}");
    }
    let unknown = "client_id = \"a\"\nusername = \"b\"\nsubredits = []";
    assert!(configure(unknown.parse().unwrap()).is_err());
}
