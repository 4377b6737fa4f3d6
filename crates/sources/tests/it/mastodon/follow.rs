//! Following instances: asked, streamed, cut off.

use super::{posts, status, timeline, uid, with};
use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Piece, Platform};
use crate::support::running::{Start, start, uids};
use crate::support::sockets::{Act, Server};
use post::Event;
use serde_json::{Value, json};
use sources::{Sought, State, Wanted};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn two(url: &str) -> String {
    format!("instances = [\"{url}/a\", \"{url}/b\"]\npoll_seconds = 60")
}

/// Two instances without tokens, which see some of the same posts.
fn asked_platform() -> Platform {
    Box::new(|asked: &Asked| match asked.path() {
        "/a/api/v1/timelines/public" => timeline(asked, &newer(asked, &[101, 102, 103, 104, 105]), 2),
        "/b/api/v1/timelines/public" => timeline(asked, &newer(asked, &[102, 104, 106]), 2),
        _ => Answer::status(404),
    })
}

/// What is there before the first question is not new.
fn newer(asked: &Asked, new: &[u64]) -> Vec<u64> {
    match asked.param("min_id") {
        None => vec![100],
        Some(_) => new.to_vec(),
    }
}

const ALL: &[&str] = &[
    "mastodon:https://home.example/users/ann/statuses/101",
    "mastodon:https://home.example/users/ann/statuses/102",
    "mastodon:https://home.example/users/ann/statuses/103",
    "mastodon:https://home.example/users/ann/statuses/104",
    "mastodon:https://home.example/users/ann/statuses/105",
    "mastodon:https://home.example/users/ann/statuses/106",
];

#[tokio::test]
async fn the_contract_holds_for_two_instances_that_are_asked() {
    holds(Case {
        connector: "mastodon",
        config: two,
        platform: asked_platform,
        cursor: None,
        wanted: Vec::new,
        uids: ALL,
        lists: &[""],
        requests: 6,
        renews: false,
    })
    .await;
}

fn update(event: &str, status: &Value) -> Piece {
    Piece::Bytes(format!("event: {event}\ndata: {status}\n\n").into_bytes())
}

/// An instance whose stream breaks after the first post; two more are published before it is open again.
fn streamed_platform() -> Platform {
    let opened = AtomicUsize::new(0);
    Box::new(move |asked: &Asked| match asked.path() {
        "/api/v2/instance" => Answer::json(json!({"version": "4.6.4", "configuration": {"urls": {}}})),
        "/api/v1/streaming/public" => {
            assert_eq!(asked.headers["authorization"], "Bearer t0ken");
            let kind = "text/event-stream";
            match opened.fetch_add(1, Ordering::Relaxed) {
                0 => Answer::stream(kind, vec![update("update", &status(101))]),
                _ => Answer::stream(
                    kind,
                    vec![
                        Piece::Bytes(b":thump\n".to_vec()),
                        Piece::Pause(Duration::from_millis(2)),
                        update("update", &status(104)),
                        Piece::Stay,
                    ],
                ),
            }
        }
        "/api/v1/timelines/public" => {
            let all = [&[100, 101][..], &[102, 103][..], &[104][..]].concat();
            let there = match opened.load(Ordering::Relaxed) {
                0 => 1,
                1 => 4,
                _ => 5,
            };
            timeline(asked, &all[..there], 40)
        }
        _ => Answer::status(404),
    })
}

fn streamed(url: &str) -> String {
    format!("instances = [{url:?}]\ntokens = \"t0ken\"\ntransport = \"sse\"")
}

#[tokio::test]
async fn the_contract_holds_for_a_stream_that_breaks() {
    holds(Case {
        connector: "mastodon",
        config: streamed,
        platform: streamed_platform,
        cursor: None,
        wanted: Vec::new,
        uids: &ALL[..4],
        lists: &[],
        requests: 6,
        renews: false,
    })
    .await;
}

#[tokio::test]
async fn a_gap_is_fetched_from_the_timeline_and_said() {
    let mock = Mock::start(streamed_platform()).await;
    let mut running = start("mastodon", &streamed(&mock.url), Start::default());
    let found = running.take(4).await;
    assert_eq!(uids(&found.events), (101..=104).map(uid).collect());
    running.until(|h| h.connects == 2).await;
    let asked = mock.asked();
    let repair = asked.iter().find(|a| a.param("min_id").is_some()).unwrap();
    assert_eq!(repair.param("min_id").as_deref(), Some("101"));
    let mut gaps = Vec::new();
    while gaps.is_empty() {
        gaps = running.health.sample().gaps;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(gaps.len() == 1 && gaps[0].repaired, "{gaps:?}");
    running.stop().await;
}

/// An instance that streams from another host, by WebSocket.
async fn socket(scripts: Vec<Vec<Act>>) -> (Mock, Server) {
    let server = Server::start(scripts).await;
    let url = server.url.clone();
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/api/v2/instance" => Answer::json(json!({"configuration": {"urls": {"streaming": url}}})),
        _ => timeline(asked, &[100], 40),
    })
    .await;
    (mock, server)
}

/// A message of the multiplexed stream: its payload is JSON in a string.
fn told(stream: &[&str], event: &str, payload: &str) -> Act {
    Act::Text(json!({"stream": stream, "event": event, "payload": payload}).to_string())
}

#[tokio::test]
async fn many_streams_come_over_one_socket() {
    let script = vec![
        told(&["public:local"], "update", &status(101).to_string()),
        told(&["hashtag", "Acme"], "update", &status(102).to_string()),
        told(
            &["public:local"],
            "status.update",
            &with(status(101), json!({"content": "<p>new</p>"})).to_string(),
        ),
        told(&["public:local"], "delete", "102"),
        told(&["public:local"], "delete", "55"),
        told(
            &["public:local"],
            "update",
            &with(status(103), json!({"visibility": "unlisted"})).to_string(),
        ),
        Act::Stay,
    ];
    let (mock, server) = socket(vec![script]).await;
    let config = format!(
        "instances = [{:?}]\ntokens = \"t0ken\"\ntimeline = \"local\"\nhashtags = [\"acme\"]",
        mock.url
    );
    let mut running = start("mastodon", &config, Start::default());
    let found = running.take(4).await;
    let all = posts(&found.events);
    let seen: Vec<_> = all.iter().map(|p| (p.event, p.uid.clone().unwrap())).collect();
    assert_eq!(
        seen,
        [
            (Event::Create, uid(101)),
            (Event::Create, uid(102)),
            (Event::Edit, uid(101)),
            (Event::Delete, uid(102))
        ],
        "a delete names the instance's own number"
    );
    assert_eq!(all[2].text, "new");
    running.until(|h| h.ignored == 2).await;
    let cursor: Value = serde_json::from_str(&found.cursor.unwrap()).unwrap();
    let ids: Vec<&str> = cursor
        .as_object()
        .unwrap()
        .values()
        .map(|p| p["id"].as_str().unwrap())
        .collect();
    assert!(
        ids.contains(&"101") && ids.contains(&"102") && ids.len() == 2,
        "{ids:?}"
    );
    // The client speaks once it is listened to.
    while server.heard.lock().unwrap().len() < 3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let heard = server.heard.lock().unwrap().clone();
    assert_eq!(heard[0], "Bearer t0ken");
    let said: Vec<Value> = heard[1..]
        .iter()
        .map(|t| serde_json::from_str(t).unwrap())
        .collect();
    assert_eq!(said[0], json!({"type": "subscribe", "stream": "public:local"}));
    assert_eq!(
        said[1],
        json!({"type": "subscribe", "stream": "hashtag", "tag": "acme"})
    );
    assert_eq!(
        server.targets.lock().unwrap()[0],
        "/api/v1/streaming",
        "no token in the address"
    );
    running.stop().await;
}

#[tokio::test]
async fn a_socket_that_answers_with_an_error_says_so_without_its_words() {
    let error = Act::Text(json!({"error": "Falsches Token t0ken", "status": 401}).to_string());
    let (mock, _server) = socket(vec![vec![error, Act::Stay]]).await;
    let config = format!("instances = [{:?}]\ntokens = \"t0ken\"", mock.url);
    let with = Start {
        pace: 1.0,
        ..Start::default()
    };
    let running = start("mastodon", &config, with);
    let health = running.until(|h| h.state == State::Waiting).await;
    let error = health.error.unwrap();
    assert!(
        error.contains("answers with an error") && !error.contains("t0ken"),
        "{error}"
    );
    running.stop().await;
}

#[tokio::test]
async fn pitfall_06_the_reset_is_an_iso_time() {
    let mock = Mock::start(|_| {
        Answer::text(429, "application/json", "{\"error\":\"Zu viele Anfragen\"}")
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-reset", "2026-04-11T23:15:00.346927Z")
            .with("date", "Sat, 11 Apr 2026 23:05:00 GMT")
    })
    .await;
    let with = Start {
        pace: 1.0,
        ..Start::default()
    };
    let before = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis() as i64;
    let running = start("mastodon", &format!("instances = [{:?}]", mock.url), with);
    let health = running.until(|h| h.state == State::Waiting).await;
    assert_eq!(health.allowed, Some(0));
    let error = health.error.unwrap();
    assert!(error.contains("429") && !error.contains("Anfragen"), "{error}");
    assert!(health.retry_at.unwrap() > before, "it waits");
    assert_eq!(mock.asked().len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn pitfall_10_undefined_multi_line_data_and_localised_errors() {
    let lines = status(101).to_string().replacen(",", ",\ndata: ", 3);
    let pieces = vec![
        Piece::Bytes(
            b":)\nevent: filters_changed\ndata: undefined\n\nevent: update\ndata: undefined\n\n".to_vec(),
        ),
        Piece::Bytes(b"event: announcement\n\nevent: update\ndata: {\"id\": 5\n\n".to_vec()),
        Piece::Bytes(format!("event: update\ndata: {lines}\n\n:thump\n\n").into_bytes()),
        Piece::Stay,
    ];
    let tried = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/api/v2/instance" => Answer::status(404),
        "/api/v1/streaming/public/local" => match tried.fetch_add(1, Ordering::Relaxed) {
            0 => Answer::text(
                422,
                "application/json",
                "{\"error\":\"Diese Methode benötigt ein Konto\"}",
            ),
            _ => Answer::stream("text/event-stream", pieces.clone()),
        },
        _ => timeline(asked, &[100], 40),
    })
    .await;
    let config = format!("{}\ntimeline = \"local\"", streamed(&mock.url));
    let mut running = start("mastodon", &config, Start::default());
    let health = running.until(|h| h.error.is_some()).await;
    let error = health.error.unwrap();
    assert!(error.contains("422") && !error.contains("Methode"), "{error}");
    let found = running.take(2).await;
    assert_eq!(
        (uids(&found.events), found.refused[0].code),
        ([uid(101)].into(), "malformed")
    );
    running.stop().await;
}

fn wish(sought: Sought) -> Vec<Wanted> {
    vec![Wanted {
        id: "m".to_owned(),
        sought,
    }]
}

fn tag(name: &str) -> Sought {
    Sought::Hashtag(name.to_owned())
}

#[tokio::test]
async fn hashtags_of_monitors_are_followed_and_change_while_it_runs() {
    let mock = Mock::start(|asked: &Asked| timeline(asked, &newer(asked, &[101]), 40)).await;
    let config = format!(
        "instances = [{:?}]\ntimeline = \"none\"\nhashtags = [\"Own\"]\npoll_seconds = 1",
        mock.url
    );
    let both = Sought::All(vec![
        tag("launch"),
        tag("acme"),
        Sought::Not(Box::new(tag("job"))),
        Sought::Word("new".to_owned()),
    ]);
    let with = Start {
        wanted: wish(Sought::Any(vec![
            tag("A"),
            both,
            Sought::Word("only words".to_owned()),
        ])),
        pace: 0.01,
        ..Start::default()
    };
    let mut running = start("mastodon", &config, with);
    running.take(2).await;
    let targets: Vec<String> = mock.asked().iter().map(|a| a.target.clone()).collect();
    assert!(
        targets
            .iter()
            .any(|t| t.starts_with("/api/v1/timelines/tag/a?any%5B%5D=own&limit")),
        "{targets:?}"
    );
    let narrow = "/api/v1/timelines/tag/launch?all%5B%5D=acme&none%5B%5D=job&limit";
    assert!(targets.iter().any(|t| t.starts_with(narrow)), "{targets:?}");
    let said = running.report.snapshot().lines;
    assert!(said[0].contains("not all that is looked for"), "{said:?}");

    running.wanted.send_replace(Arc::new(wish(tag("late"))));
    while !mock.asked().iter().any(|a| a.path().ends_with("/tag/late")) {
        running.received.try_recv().ok();
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn without_a_hashtag_it_waits_until_one_is_wanted() {
    let mock = Mock::start(|asked: &Asked| timeline(asked, &newer(asked, &[101]), 40)).await;
    let config = format!("instances = [{:?}]\ntimeline = \"none\"", mock.url);
    let mut running = start("mastodon", &config, Start::default());
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert_eq!(mock.asked().len(), 0);
    running.wanted.send_replace(Arc::new(wish(tag("late"))));
    assert_eq!(uids(&running.take(1).await.events), [uid(101)].into());
    running.stop().await;
}

#[tokio::test]
async fn one_instance_that_fails_does_not_hold_up_another() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/b/api/v1/timelines/public" => timeline(asked, &newer(asked, &[101]), 40),
        _ => Answer::status(500),
    })
    .await;
    let mut running = start("mastodon", &two(&mock.url), Start::default());
    assert_eq!(uids(&running.take(1).await.events), [uid(101)].into());
    running.stop().await;
}

#[tokio::test]
async fn the_operators_budget_stops_it() {
    use sources::budget::{Budget, BudgetConfig};
    let keep: Arc<dyn sources::keep::Keep> = Arc::new(sources::keep::Memory::default());
    let limit = BudgetConfig {
        posts_per_day: Some(41),
        ..BudgetConfig::default()
    };
    let mock = Mock::start(|asked: &Asked| timeline(asked, &newer(asked, &[101, 102]), 40)).await;
    let with = Start {
        budget: Some(Arc::new(Budget::new(limit, &[], 0, keep))),
        ..Start::default()
    };
    let mut running = start("mastodon", &format!("instances = [{:?}]", mock.url), with);
    assert_eq!(running.take(2).await.events.len(), 2);
    let health = running.until(|h| h.state == State::Waiting).await;
    assert_eq!(
        mock.asked().len(),
        2,
        "one for the place, one for posts: {health:?}"
    );
    running.stop().await;
}
