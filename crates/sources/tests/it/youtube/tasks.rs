//! The past, the re-check and the test.

use super::{ACME, acme, channel, comment, config, hit, list, page, posts, thread, video, videos, with};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start};
use post::{Event, RawPost};
use serde_json::json;
use sources::budget::{Budget, BudgetConfig, Limit, Period};
use sources::keep::Memory;
use sources::{Past, Task};
use std::sync::Arc;

fn past(estimate: bool) -> Start {
    Start {
        wanted: acme(),
        task: Task::Past(Past {
            from: 1_783_000_000_000,
            until: 1_784_000_000_000,
            estimate,
        }),
        ..Start::default()
    }
}

fn searched(asked: &Asked) -> Answer {
    match asked.path() {
        "/youtube/v3/search" => {
            assert_eq!(
                asked.param("publishedAfter").as_deref(),
                Some("2026-07-02T13:46:40Z")
            );
            page(asked, "search", (1..=120).rev().map(hit).collect(), 50)
        }
        _ => list("video", videos(asked), None),
    }
}

#[tokio::test]
async fn the_past_is_searched_within_its_bucket_and_estimated_first() {
    let mock = Mock::start(searched).await;
    let mut running = start("youtube", &with(&mock.url, ""), past(true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty() && mock.asked().is_empty());
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!(
        (estimate.posts, estimate.requests, estimate.days),
        (None, Some(20), Some(0.1))
    );

    let mut running = start("youtube", &with(&mock.url, ""), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(found.events.len(), 120);
    assert!(running.report.snapshot().covered[0].whole);
    assert_eq!(mock.asked().len(), 6, "three searches, and what they found whole");

    // Two searches are left today.
    let limit = Limit {
        unit: "search",
        period: Period::PacificDay,
        most: 2,
    };
    let budget = Budget::new(BudgetConfig::default(), &[limit], 0, Arc::new(Memory::default()));
    let with_budget = Start {
        budget: Some(Arc::new(budget)),
        ..past(false)
    };
    let mut running = start("youtube", &with(&mock.url, ""), with_budget);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(found.events.len(), 100);
    let report = running.report.snapshot();
    assert!(!report.covered[0].whole);
    assert_eq!(
        report.lines,
        ["the day's searches are used up: 1 are left undone"]
    );
}

#[tokio::test]
async fn posts_are_asked_about_again() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/youtube/v3/videos" => list("video", vec![video(1)], None),
        "/youtube/v3/commentThreads" => list("commentThread", vec![thread("UgA", 10, 3, vec![])], None),
        "/youtube/v3/comments" => {
            let mut edited = comment("UgA.r2", 12, Some("UgA"));
            edited["snippet"]["updatedAt"] = json!("2026-07-05T12:00:00Z");
            list("comment", vec![comment("UgA.r1", 11, Some("UgA")), edited], None)
        }
        _ => Answer::status(404),
    })
    .await;
    let ids = [
        "video000001",
        "video000002",
        "UgA",
        "UgB",
        "UgA.r1",
        "UgA.r2",
        "UgA.r3",
        "no id",
    ];
    let task = Task::Recheck(ids.map(|id| format!("youtube:{id}")).to_vec());
    let mut running = start(
        "youtube",
        &with(&mock.url, ""),
        Start {
            task,
            ..Start::default()
        },
    );
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let found = posts(&found.events);
    let event = |id: &str| {
        let of = |p: &&RawPost| p.uid.as_deref() == Some(&format!("youtube:{id}"));
        found.iter().find(of).unwrap().event
    };
    assert_eq!(found.len(), 7);
    assert_eq!(
        (event("video000001"), event("video000002")),
        (Event::Edit, Event::Delete)
    );
    assert_eq!((event("UgA"), event("UgB")), (Event::Edit, Event::Delete));
    // An unchanged reply would come back without its video: only its counts are news.
    assert_eq!(
        (event("UgA.r1"), event("UgA.r2"), event("UgA.r3")),
        (Event::Engagement, Event::Edit, Event::Delete)
    );
    assert_eq!(mock.asked().len(), 3);
}

#[tokio::test]
async fn a_test_says_what_is_seen_and_delivers_nothing() {
    let mock = Mock::start(|asked: &Asked| match asked.param("forHandle").as_deref() {
        Some("@nobody") => list("channel", Vec::new(), None),
        _ => list("channel", vec![channel()], None),
    })
    .await;
    let config = with(&mock.url, &format!("channels = [{ACME:?}, \"@nobody\"]"));
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("youtube", &config, with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(
        running.report.snapshot().lines,
        [
            "the Data API answers",
            "1 of 1 channels are there",
            "@nobody is no channel"
        ]
    );
}

#[tokio::test]
async fn a_wrong_key_is_said_without_telling_it() {
    let body = r#"{"error": {"code": 400, "message": "API key not valid: hush", "details": [{"reason": "API_KEY_INVALID"}]}}"#;
    let mock = Mock::start(move |_: &Asked| Answer::text(400, "application/json", body)).await;
    let task = Task::Test;
    let mut running = start(
        "youtube",
        &config(&mock.url),
        Start {
            task,
            ..Start::default()
        },
    );
    let message = running.rest().await.1.unwrap_err().to_string();
    assert!(
        message.contains("API_KEY_INVALID") && !message.contains("hush"),
        "{message}"
    );
}

#[test]
fn every_fault_of_a_configuration_is_named() {
    let table =
        "channels = [\"acme\"]\nvideos = [\"x\"]\nsearches = [\"\"]\npoll_seconds = 0\napi_url = \"google\"";
    let configure = sources::find("youtube").unwrap().configure;
    let error = configure(table.parse().unwrap()).err().unwrap().to_string();
    for key in [
        "api_key",
        "channels",
        "videos",
        "searches",
        "poll_seconds",
        "api_url",
    ] {
        assert!(error.contains(&format!("{key}: ")), "{key} in {error}");
    }
}
