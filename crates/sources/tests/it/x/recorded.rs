//! Recorded exchanges played by the made-up server, and recorded files of other forms.

use super::world::*;
use crate::support::facts::parse;
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use crate::support::shared::shared;
use serde_json::{Value, json};
use sources::{ParseInput, Past, SourceEvent, Task};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The answers of a recording.
fn exchanges(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

fn body(exchange: &Value) -> &str {
    exchange["body"].as_str().unwrap()
}

/// A recorded answer with its headers, as far as they are ours to send.
fn answer(exchange: &Value, body: &str) -> Answer {
    let answer = Answer::text(
        exchange["status"].as_u64().unwrap() as u16,
        "application/json",
        body,
    );
    let headers = exchange["headers"].as_object().into_iter().flatten();
    headers
        .filter(|(name, _)| name.starts_with("x-rate-limit") || *name == "date")
        .fold(answer, |a, (name, value)| a.with(name, value.as_str().unwrap()))
}

fn past(estimate: bool) -> Start {
    Start {
        wanted: acme(),
        task: Task::Past(Past {
            from: now_ms() - 86_400_000,
            until: now_ms(),
            estimate,
        }),
        ..Start::default()
    }
}

#[tokio::test]
async fn recorded_pages_are_read_over_the_wire_as_from_the_file() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let pages = [
        ("tweepy__test_client_search_recent_tweets.http.jsonl", 10),
        ("tweepy__test_client_get_home_timeline.http.jsonl", 98),
        ("tweepy__test_client_get_users_mentions.http.jsonl", 10),
        ("nango_twitter-v2__list-mentions.http.jsonl", 10),
        ("nango_twitter-v2__tweets.http.jsonl", 6),
    ];
    for (file, posts) in pages {
        let path = folder.join(file);
        let page = exchanges(&path).pop().unwrap();
        let served = AtomicUsize::new(0);
        let mock = Mock::start(move |_: &Asked| match served.fetch_add(1, Ordering::Relaxed) {
            0 => answer(&page, body(&page)),
            // What follows a recorded page was not recorded.
            _ => Answer::json(json!({"meta": {"result_count": 0}})),
        })
        .await;
        let mut running = start("x", &config(&mock.url), past(false));
        let (found, ended) = running.rest().await;
        ended.unwrap();
        assert_eq!(uids(&found.events).len(), posts, "{file}");
        let read = parse("x", &path);
        assert!(
            read.iter().eq(super::world::posts(&found.events).iter()),
            "{file}"
        );
    }
}

#[tokio::test]
async fn a_recorded_lookup_tells_of_a_post() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let lookup = exchanges(&folder.join("nango_twitter-v2__get-mention.http.jsonl")).remove(0);
    // Recorded one by one; ours asks for several at once, and the list is of one.
    let one: Value = serde_json::from_str(body(&lookup)).unwrap();
    let id = one["data"]["id"].as_str().unwrap().to_owned();
    let list = json!({"data": [one["data"]]}).to_string();
    let mock = Mock::start(move |_: &Asked| answer(&lookup, &list)).await;
    let with = Start {
        task: Task::Recheck(vec![format!("x:{id}")]),
        ..Start::default()
    };
    let mut running = start("x", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(posts(&found.events)[0].event, post::Event::Edit);
}

#[tokio::test]
async fn recorded_counts_are_an_estimate() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let counts = exchanges(&folder.join("tweepy__test_client_get_recent_tweets_count.http.jsonl")).remove(0);
    let told: Value = serde_json::from_str(body(&counts)).unwrap();
    let mock = Mock::start(move |_: &Asked| answer(&counts, body(&counts))).await;
    let mut running = start("x", &config(&mock.url), past(true));
    running.rest().await.1.unwrap();
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!(estimate.posts, told["meta"]["total_tweet_count"].as_u64());
    assert!(estimate.posts > Some(0));
}

#[tokio::test]
async fn a_recorded_compliance_job_is_gone_through() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let all =
        exchanges(&folder.join("tweepy__test_client_create_and_get_compliance_job_and_jobs.http.jsonl"));
    let results = fs::read_to_string(folder.join("twarc-csv__tweets_compliance.jsonl")).unwrap();
    let looks = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| {
        // The storage that the recording leads to is played here as well.
        let here = |text: &str| {
            text.replace(
                "https://storage.googleapis.com",
                &format!("http://{}", asked.headers["host"]),
            )
        };
        match (asked.method.as_str(), asked.path()) {
            ("POST", "/2/compliance/jobs") => answer(&all[0], &here(body(&all[0]))),
            ("PUT", _) => Answer::status(200),
            ("GET", path) if path.starts_with("/2/compliance/jobs/") => {
                let body = here(body(&all[1]));
                answer(
                    &all[1],
                    &match looks.fetch_add(1, Ordering::Relaxed) {
                        0 => body,
                        _ => body.replace("\"status\":\"created\"", "\"status\":\"complete\""),
                    },
                )
            }
            ("GET", path) if path.contains("/delivery/") => Answer::text(200, "application/json", &results),
            _ => Answer::status(404),
        }
    })
    .await;
    let config = format!("{}\njobs_from = 1", config(&mock.url));
    let with = Start {
        task: Task::Recheck(vec!["x:1170025343920402432".to_owned()]),
        ..Start::default()
    };
    let mut running = start("x", &config, with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(found.events.len(), 2);
    assert!(
        posts(&found.events)
            .iter()
            .all(|p| p.event == post::Event::Delete)
    );
}

#[tokio::test]
async fn recorded_frames_of_a_stream_come_over_the_wire() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let path = folder.join("twarc-csv__streaming_output_with_error.jsonl");
    let frames = fs::read_to_string(&path).unwrap();
    let rules = Rules::with(&[]);
    let mock = Mock::start(move |asked: &Asked| {
        let frames = crate::support::http::Piece::Bytes(frames.clone().into_bytes());
        rules.answer(asked).unwrap_or_else(|| match asked.path() {
            "/2/tweets/search/stream" => stream(vec![frames]),
            _ => Answer::json(json!({"meta": {"result_count": 0}})),
        })
    })
    .await;
    let with = Start {
        wanted: acme(),
        ..Start::default()
    };
    let mut running = start("x", &config(&mock.url), with);
    let found = running.take(7).await;
    assert!(parse("x", &path).iter().eq(posts(&found.events).iter().take(7)));
    running.stop().await;
}

#[test]
fn other_recorded_documents_give_posts_or_nothing() {
    let Some(folder) = shared("fixtures/x") else {
        return;
    };
    let count = |file: &str| parse("x", &folder.join(file)).len();
    for (file, posts) in [
        ("twitter-api-v2__search_recent.json", 6),
        ("twitter-api-v2__lookup_quote_tweets.json", 10),
        ("twitter-api-v2__connect_sample10_stream_with_error.json", 5),
        ("twitter-api-v2__create_filtering_rules.json", 0),
        ("twitter-api-v2__counts_recent.json", 0),
        ("twitter-api-v2__lookup_job.json", 0),
        ("twitter-api-v2__no_data.json", 0),
        ("twitter-api-v2__rate_limit_exceeded_error.json", 0),
        ("twittered__user_example_v2.json", 0),
        ("twitter-ruby__forbidden.json", 0),
        ("twitter-ruby__not_found.json", 0),
        ("spring-social-twitter__error-revoked-token.json", 0),
        ("tweepy__testmentionstimeline.http.jsonl", 0),
    ] {
        assert_eq!(count(file), posts, "{file}");
    }
}

#[test]
fn pitfall_01_a_cut_line_of_a_file_is_refused_and_the_others_are_read() {
    let whole = json!({"data": tweet("1990000000000000001")});
    let text = format!("{whole}\n{{\"data\": {{\"author_id\": \"1\"");
    let input = ParseInput {
        reader: Box::new(std::io::Cursor::new(text)),
        name: "made up".to_owned(),
        file: Default::default(),
    };
    let (mut good, mut bad) = (0, Vec::new());
    sources::x::parse(input, &mut |item| match item {
        Ok(SourceEvent::Post(_)) => good += 1,
        Ok(SourceEvent::AuthorGone { .. }) => panic!("nobody is gone"),
        Err(refused) => bad.push(refused),
    })
    .unwrap();
    assert_eq!((good, bad.len()), (1, 1));
    assert_eq!(bad[0].place, "line 2");
}
