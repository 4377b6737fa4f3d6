//! Following the stream.

use super::world::*;
use crate::contract::{Case, holds};
use crate::support::http::{Answer, Asked, Mock, Piece, Platform};
use crate::support::running::{Start, start, uids};
use serde_json::json;
use sources::{SourceEvent, State};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const STREAM: &str = "/2/tweets/search/stream";

fn following(wanted: Vec<sources::Wanted>) -> Start {
    Start {
        wanted,
        ..Start::default()
    }
}

/// A platform with a stream that plays one script a connection, the last one again and again.
fn playing(rules: Arc<Rules>, scripts: Vec<Vec<Piece>>) -> impl Fn(&Asked) -> Answer + Send + Sync + 'static {
    let opened = AtomicUsize::new(0);
    move |asked| {
        if let Some(answer) = rules.answer(asked) {
            return answer;
        }
        match asked.path() {
            STREAM => {
                let n = opened.fetch_add(1, Ordering::Relaxed);
                stream(scripts[n.min(scripts.len() - 1)].clone())
            }
            "/2/tweets/search/recent" => page(
                &[
                    "1990000000000000003",
                    "1990000000000000002",
                    "1990000000000000001",
                ],
                None,
            ),
            _ => Answer::status(404),
        }
    }
}

/// The stream is cut behind two posts; the third was published meanwhile.
fn platform() -> Platform {
    let id = |n: u64| line(&format!("199000000000000000{n}"));
    let scripts = vec![
        vec![id(2), text("\r\n"), id(1)],
        vec![id(4), id(4), id(5), Piece::Stay],
    ];
    Box::new(playing(Rules::with(&[]), scripts))
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "x",
        config,
        platform,
        cursor: None,
        wanted: acme,
        uids: &[
            "x:1990000000000000001",
            "x:1990000000000000002",
            "x:1990000000000000003",
            "x:1990000000000000004",
            "x:1990000000000000005",
        ],
        lists: &["/data"],
        requests: 6,
        renews: false,
    })
    .await;
}

#[tokio::test]
async fn only_the_difference_of_the_rules_is_told_and_those_of_others_stay() {
    let rules = Rules::with(&[
        ("acme", "groundswell:m1"),
        ("old", "groundswell:m0"),
        ("theirs", "somebody"),
        ("mug", "somebody"),
    ]);
    let script = vec![line("1990000000000000001"), Piece::Stay];
    let mock = Mock::start(playing(rules.clone(), vec![script])).await;
    // The mug is asked for already, by somebody else.
    let wanted = vec![wish("m1", "acme"), wish("m2", "new"), wish("m3", "mug")];
    let mut running = start("x", &config(&mock.url), following(wanted));
    running.take(1).await;
    let rule = |value: &str, tag: &str| (value.to_owned(), tag.to_owned());
    let kept = [
        rule("acme", "groundswell:m1"),
        rule("theirs", "somebody"),
        rule("mug", "somebody"),
    ];
    let mut expected = kept.to_vec();
    expected.push(rule("new", "groundswell:m2"));
    assert_eq!(rules.all(), expected);
    let posted = |mock: &Mock| mock.asked().iter().filter(|a| a.method == "POST").count();
    assert_eq!(posted(&mock), 2, "one addition, one deletion");

    running
        .wanted
        .send_replace(Arc::new(vec![wish("m1", "acme"), wish("m4", "sale")]));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    expected[3] = rule("sale", "groundswell:m4");
    while rules.all() != expected && tokio::time::Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(rules.all(), expected);
    assert_eq!(asked(&mock, STREAM).len(), 1, "the stream stays open");
    running.stop().await;
}

#[tokio::test]
async fn a_rule_that_x_refuses_is_said_and_the_others_are_followed() {
    let rules = Rules::with(&[]);
    let script = vec![line("1990000000000000001"), Piece::Stay];
    let mock = Mock::start(playing(rules.clone(), vec![script])).await;
    let prefix = sources::Wanted {
        id: "m9".to_owned(),
        sought: sources::Sought::Prefix("acm".to_owned()),
    };
    let wanted = vec![wish("m1", "wrong1"), wish("m2", "acme"), prefix];
    let mut running = start("x", &config(&mock.url), following(wanted));
    running.take(1).await;
    assert_eq!(rules.all(), [("acme".to_owned(), "groundswell:m2".to_owned())]);
    let lines = running.report.snapshot().lines;
    assert!(
        lines.iter().any(|l| l.contains("refuses") && l.contains("m1")),
        "{lines:?}"
    );
    assert!(
        lines
            .iter()
            .any(|l| l.contains("cannot be written") && l.contains("m9")),
        "{lines:?}"
    );
    running.stop().await;
}

#[tokio::test]
async fn monitors_without_room_for_their_rules_are_said() {
    let rules = Rules::with(&[("theirs", "somebody")]);
    let script = vec![line("1990000000000000001"), Piece::Stay];
    let mock = Mock::start(playing(rules.clone(), vec![script])).await;
    let config = format!("{}\nmax_rules = 2", config(&mock.url));
    let mut running = start(
        "x",
        &config,
        following(vec![wish("m1", "acme"), wish("m2", "new")]),
    );
    running.take(1).await;
    assert_eq!(rules.all().len(), 2);
    let lines = running.report.snapshot().lines;
    assert!(
        lines.iter().any(|l| l.contains("no room") && l.contains("m2")),
        "{lines:?}"
    );
    running.stop().await;
}

#[tokio::test]
async fn without_a_wish_nothing_is_opened() {
    let rules = Rules::with(&[("theirs", "somebody")]);
    let script = vec![line("1990000000000000001"), Piece::Stay];
    let mock = Mock::start(playing(rules, vec![script])).await;
    let with = Start {
        pace: 1.0,
        ..Start::default()
    };
    let mut running = start("x", &config(&mock.url), with);
    while mock.asked().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.wanted.send_replace(Arc::new(acme()));
    running.take(1).await;
    assert_eq!(asked(&mock, STREAM).len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn pitfall_01_cut_lines_keep_alives_and_errors_beside_data() {
    let both = json!({"data": tweet("1990000000000000001"), "includes": users(),
        "errors": [{"resource_id": "5", "title": "Not Found Error", "parameter": "referenced_tweets.id",
                    "type": "https://api.x.com/2/problems/resource-not-found"}]})
    .to_string();
    let script = vec![
        text("\r\n\r\n"),
        // A message comes in two pieces.
        text(&both[..40]),
        Piece::Pause(Duration::from_millis(5)),
        text(&format!("{}\r\n", &both[40..])),
        text("{\"something\": {\"new\": 1}}\r\n"),
        text("{\"errors\": []}\r\n"),
        text("{\"data\": {\"id\": \"1990000000000000002\", \"te"),
    ];
    let again = vec![line("1990000000000000002"), Piece::Stay];
    let mock = Mock::start(playing(Rules::with(&[]), vec![script, again])).await;
    let mut running = start("x", &config(&mock.url), following(acme()));
    let found = running.take(5).await;
    let expected = [
        "x:1990000000000000001",
        "x:1990000000000000002",
        "x:1990000000000000003",
    ];
    assert!(uids(&found.events).iter().eq(expected.iter()), "{found:?}");
    assert!(
        found.refused.is_empty(),
        "a cut line is no message: {:?}",
        found.refused
    );
    assert_eq!(running.health.snapshot().ignored, 2);
    running.stop().await;
}

#[tokio::test]
async fn the_platform_ends_the_stream_in_its_own_words() {
    let operational = json!({"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect",
        "detail": "This stream has been disconnected upstream for operational reasons.",
        "type": "https://api.x.com/2/problems/operational-disconnect"}]});
    let many = json!({"errors": [{"title": "ConnectionException", "connection_issue": "TooManyConnections",
        "type": "https://api.x.com/2/problems/streaming-connection"}]});
    for (end, wait, words) in [
        (operational, 5_000, "operational disconnect"),
        (many, 60_000, "too many connections"),
    ] {
        let script = vec![
            line("1990000000000000001"),
            text(&format!("{end}\r\n")),
            Piece::Stay,
        ];
        let mock = Mock::start(playing(Rules::with(&[]), vec![script])).await;
        let with = Start {
            pace: 1.0,
            ..following(acme())
        };
        let mut running = start("x", &config(&mock.url), with);
        running.take(1).await;
        let health = running.until(|h| h.state == State::Waiting).await;
        assert!(health.error.unwrap().contains(words));
        let left = health.retry_at.unwrap() - now_ms();
        assert!(left <= wait && left > wait - 4_000, "{words}: {left} ms");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_silent_stream_is_opened_anew() {
    let scripts = vec![vec![Piece::Stay], vec![line("1990000000000000001"), Piece::Stay]];
    let mock = Mock::start(playing(Rules::with(&[]), scripts)).await;
    let config = format!("{}\nsilence_seconds = 0.05", config(&mock.url));
    let mut running = start("x", &config, following(acme()));
    running.take(1).await;
    assert!(asked(&mock, STREAM).len() >= 2);
    running.stop().await;
}

#[tokio::test]
async fn pitfall_06_the_reset_of_x_is_a_moment_in_seconds() {
    let reset = (now_ms() / 1000 + 900).to_string();
    let rules = Rules::with(&[("acme", "groundswell:m1")]);
    let mock = Mock::start(move |asked: &Asked| {
        rules.answer(asked).unwrap_or_else(|| {
            Answer::text(429, "application/json", r#"{"title":"ConnectionException"}"#)
                .with("x-rate-limit-remaining", "0")
                .with("x-rate-limit-reset", &reset)
        })
    })
    .await;
    let running = start("x", &config(&mock.url), following(acme()));
    let far = |h: &sources::HealthSnapshot| {
        h.retry_at
            .is_some_and(|at| (800_000..=900_000).contains(&(at - now_ms())))
    };
    running.until(far).await;
    running.stop().await;
}

#[tokio::test]
async fn a_refused_token_is_said_without_it() {
    let mock =
        Mock::start(|_: &Asked| Answer::text(401, "application/json", r#"{"title":"Unauthorized"}"#)).await;
    let running = start("x", &config(&mock.url), following(acme()));
    let health = running.until(|h| h.state == State::Waiting).await;
    let error = health.error.unwrap();
    assert!(error.contains("401") && !error.contains("sesame"), "{error}");
    running.stop().await;
}

#[tokio::test]
async fn the_stream_is_closed_before_the_budget_is_overspent() {
    let script: Vec<Piece> = (1..=5)
        .map(|n| line(&format!("199000000000000000{n}")))
        .chain([Piece::Stay])
        .collect();
    let mock = Mock::start(playing(Rules::with(&[]), vec![script])).await;
    let budget = budget("money_per_day = 0.015");
    let with = Start {
        budget: Some(budget.clone()),
        ..following(acme())
    };
    let mut running = start("x", &config(&mock.url), with);
    let found = running.take(3).await;
    assert_eq!(found.events.len(), 3);
    let health = running.until(|h| h.state == State::Waiting).await;
    assert!(health.error.unwrap().contains("budget"));
    assert_eq!(budget.posts_left(), 0);
    assert_eq!(asked(&mock, STREAM).len(), 1);
    running.stop().await;
}

#[tokio::test]
async fn what_was_paid_ahead_and_not_read_goes_back() {
    let script = vec![
        line("1990000000000000001"),
        line("1990000000000000002"),
        Piece::Stay,
    ];
    let mock = Mock::start(playing(Rules::with(&[]), vec![script])).await;
    let budget = budget("posts_per_day = 1000");
    let with = Start {
        budget: Some(budget.clone()),
        ..following(acme())
    };
    let mut running = start("x", &config(&mock.url), with);
    running.take(2).await;
    assert_eq!(budget.posts_left(), 900, "a hundred are paid ahead");
    running.stop().await;
    assert_eq!(budget.posts_left(), 998);
}

#[tokio::test]
async fn what_a_cut_stream_missed_is_searched_for_and_the_gap_closed() {
    let mock = Mock::with_faults(platform(), Vec::new()).await;
    let mut running = start("x", &config(&mock.url), following(acme()));
    let mut found = running.take(6).await;
    while !uids(&found.events).contains("x:1990000000000000003") {
        found.events.extend(running.take(1).await.events);
    }
    let search = asked(&mock, "/2/tweets/search/recent").remove(0);
    assert_eq!(search.param("query").as_deref(), Some("acme"));
    assert!(search.param("start_time").unwrap().ends_with('Z'));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    let mut gaps = Vec::new();
    while !gaps.iter().any(|g: &sources::Gap| g.repaired) && tokio::time::Instant::now() < deadline {
        gaps.extend(running.health.sample().gaps);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(gaps.iter().any(|g| g.repaired), "{gaps:?}");
    running.stop().await;
}

#[tokio::test]
async fn with_enterprise_access_the_stream_repeats_minutes_and_recovers_hours() {
    let repeated = |asked: &Asked| asked.param("start_time").is_some();
    let rules = Rules::with(&[]);
    let platform = move |asked: &Asked| {
        rules.answer(asked).unwrap_or_else(|| match repeated(asked) {
            true => stream(vec![line("1990000000000000003"), text("\r\n")]),
            false => stream(vec![line("1990000000000000001"), Piece::Stay]),
        })
    };
    let mock = Mock::start(platform).await;
    let config = format!("{}\nenterprise = true", config(&mock.url));
    let ago = |minutes: i64| Start {
        cursor: Some((now_ms() - minutes * 60_000).to_string()),
        ..following(acme())
    };
    let mut running = start("x", &config, ago(2));
    running.take(1).await;
    let opened = asked(&mock, STREAM).remove(0);
    assert_eq!(opened.param("backfill_minutes").as_deref(), Some("3"));
    running.stop().await;

    let mut running = start("x", &config, ago(120));
    let found = running.take(2).await;
    assert_eq!(uids(&found.events).len(), 2);
    let opened = asked(&mock, STREAM);
    assert!(
        opened
            .iter()
            .any(|a| a.param("start_time").is_some() && a.param("end_time").is_some())
    );
    running.stop().await;
    assert!(asked(&mock, "/2/tweets/search/recent").is_empty());
}

#[tokio::test]
async fn compliance_streams_tell_of_posts_and_accounts_that_are_gone() {
    let user = |event: &str, id: &str| json!({"data": {event: {"user": {"id": id}, "event_at": "2026-11-01T00:00:00.000Z"}}});
    let tweet = |event: &str, id: &str| {
        json!({"data": {event: {"tweet": {"id": id, "author_id": "9"}, "event_at": "2026-11-01T00:00:00.000Z",
        "withheld_in_countries": ["XX"]}}})
    };
    let lines = [
        user("user_suspend", "7"),
        user("user_unsuspend", "7"),
        tweet("delete", "11"),
        tweet("withheld", "12"),
        tweet("undrop", "13"),
    ];
    let pieces: Vec<Piece> = lines
        .iter()
        .map(|l| text(&format!("{l}\r\n")))
        .chain([Piece::Stay])
        .collect();
    let mock = Mock::start(move |_: &Asked| stream(pieces.clone())).await;
    let config = format!(
        "{}\nstream = \"tweets_compliance\"\npartition = 3",
        config(&mock.url)
    );
    let mut running = start("x", &config, Start::default());
    let found = running.take(3).await.events;
    assert!(matches!(&found[0], SourceEvent::AuthorGone { platform: "x", author_id } if author_id == "7"));
    let posts = posts(&found);
    assert_eq!(posts[0].event, post::Event::Delete);
    assert_eq!(
        (posts[1].event, posts[1].uid.as_deref()),
        (post::Event::Withhold, Some("x:12"))
    );
    let opened = asked(&mock, "/2/tweets/compliance/stream").remove(0);
    assert_eq!(opened.param("partition").as_deref(), Some("3"));
    running.stop().await;
}
