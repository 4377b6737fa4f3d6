//! Asking whether posts are still there, and testing.

use super::world::*;
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start};
use post::Event;
use serde_json::json;
use sources::{Sought, Task, Wanted};
use std::sync::atomic::{AtomicUsize, Ordering};

fn again(ids: &[&str]) -> Start {
    Start {
        task: Task::Recheck(
            ids.iter()
                .map(|id| format!("x:{id}"))
                .chain(["reddit:t3_a".to_owned()])
                .collect(),
        ),
        ..Start::default()
    }
}

/// 1 stands, 2 was edited to 3 (which comes along), 4 was edited to 5 (which does not), 6 is gone, 7 protected.
fn looked_up(asked: &Asked) -> Answer {
    assert_eq!(asked.path(), "/2/tweets");
    let ids = asked.param("ids").unwrap();
    if ids == "5" {
        let mut newest = tweet("5");
        newest["text"] = json!("edited, twice");
        newest["edit_history_tweet_ids"] = json!(["4", "5"]);
        return Answer::json(json!({"data": [newest]}));
    }
    let edited = |id: &str, chain: [&str; 2], text: &str| {
        let mut tweet = tweet(id);
        tweet["edit_history_tweet_ids"] = json!(chain);
        tweet["text"] = json!(text);
        tweet
    };
    let problem = |id: &str, kind: &str| {
        json!({"resource_type": "tweet", "parameter": "ids", "resource_id": id, "value": id, "title": "x",
               "type": format!("https://api.x.com/2/problems/{kind}")})
    };
    Answer::json(json!({
        "data": [tweet("1"), edited("2", ["2", "3"], "before"), edited("4", ["4", "5"], "before")],
        "includes": {"tweets": [edited("3", ["2", "3"], "after")]},
        "errors": [problem("6", "resource-not-found"), problem("7", "not-authorized-for-resource"),
                   {"parameter": "referenced_tweets.id", "resource_id": "99", "type": "https://api.x.com/2/problems/resource-not-found"}],
    }))
}

#[tokio::test]
async fn few_posts_are_looked_up_in_their_newest_version() {
    let mock = Mock::start(looked_up).await;
    let budget = budget("posts_per_day = 100");
    let with = Start {
        budget: Some(budget.clone()),
        ..again(&["1", "2", "4", "6", "7"])
    };
    let mut running = start("x", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let found = posts(&found.events);
    let seen: Vec<(&str, Event, &str)> = found
        .iter()
        .map(|p| (p.uid.as_deref().unwrap(), p.event, p.text.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("x:1", Event::Edit, "about acme"),
            ("x:2", Event::Edit, "after"),
            ("x:6", Event::Delete, ""),
            ("x:7", Event::Delete, ""),
            ("x:4", Event::Edit, "edited, twice"),
        ]
    );
    assert_eq!(budget.posts_left(), 96, "four were read");
    assert_eq!(mock.asked()[0].param("ids").as_deref(), Some("1,2,4,6,7"));
}

#[tokio::test]
async fn many_posts_are_asked_about_by_a_job_which_costs_nothing() {
    let looks = AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| {
        let base = format!("http://{}", asked.headers["host"]);
        match (asked.method.as_str(), asked.path()) {
            ("POST", "/2/compliance/jobs") => {
                assert_eq!(asked.body, r#"{"type":"tweets"}"#);
                Answer::json(json!({"data": {"id": "77", "status": "created", "upload_url": format!("{base}/up?X-Goog-Signature=s"),
                                             "download_url": format!("{base}/down?X-Goog-Signature=s")}}))
            }
            ("PUT", "/up") => {
                assert_eq!((asked.body.as_str(), asked.headers["content-type"].as_str()), ("1\n2\n3\n4", "text/plain"));
                assert!(!asked.headers.contains_key("authorization"), "the token stays with the API");
                Answer::status(200)
            }
            ("GET", "/2/compliance/jobs/77") => {
                let status = ["created", "in_progress", "complete"][looks.fetch_add(1, Ordering::Relaxed).min(2)];
                Answer::json(json!({"data": {"id": "77", "status": status, "download_url": format!("{base}/down?X-Goog-Signature=s")}}))
            }
            ("GET", "/down") => Answer::text(200, "application/json", concat!(
                "{\"id\":\"1\",\"action\":\"delete\",\"created_at\":\"2026-01-01T00:00:00.000Z\",\"reason\":\"deleted\"}\n",
                "{\"id\":\"3\",\"action\":\"delete\",\"created_at\":\"2026-01-01T00:00:00.000Z\",\"reason\":\"scrub_geo\"}\n",
                "{\"id\":\"4\",\"action\":\"delete\",\"created_at\":\"2026-01-01T00:00:00.000Z\",\"reason\":\"suspended\"}\n",
                "{\"id\": 5, \"act",
            )),
            ("GET", "/2/tweets") => {
                assert_eq!(asked.param("ids").as_deref(), Some("3"));
                Answer::json(json!({"data": [tweet("3")]}))
            }
            _ => Answer::status(404),
        }
    })
    .await;
    let config = format!("{}\njobs_from = 4", config(&mock.url));
    let mut running = start("x", &config, again(&["1", "2", "3", "4"]));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let seen: Vec<(String, Event)> = posts(&found.events)
        .into_iter()
        .map(|p| (p.uid.unwrap(), p.event))
        .collect();
    let of = |id: &str, event| (format!("x:{id}"), event);
    assert_eq!(
        seen,
        [
            of("1", Event::Delete),
            of("4", Event::Delete),
            of("3", Event::Edit)
        ]
    );
    assert_eq!(found.refused.len(), 1);
}

#[tokio::test]
async fn an_app_without_jobs_looks_up() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/2/compliance/jobs" => Answer::text(403, "application/json", "{}"),
        _ => Answer::json(json!({"data": [tweet("1")]})),
    })
    .await;
    let config = format!("{}\njobs_from = 1", config(&mock.url));
    let mut running = start("x", &config, again(&["1"]));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(found.events.len(), 1);
    assert!(running.report.snapshot().lines[0].contains("no compliance jobs"));
}

#[tokio::test]
async fn an_address_handed_out_must_be_encrypted() {
    let mock = Mock::start(|_: &Asked| {
        Answer::json(
            json!({"data": {"id": "77", "status": "created", "upload_url": "ftp://elsewhere.example/"}}),
        )
    })
    .await;
    let config = format!("{}\njobs_from = 1", config(&mock.url));
    let mut running = start("x", &config, again(&["1"]));
    let ended = running.rest().await.1.unwrap_err().to_string();
    assert!(
        ended.contains("no address") && !ended.contains("elsewhere"),
        "{ended}"
    );
}

#[tokio::test]
async fn a_test_looks_at_the_rules_and_spends_nothing() {
    let rules = Rules::with(&[("acme", "groundswell:m1"), ("theirs", "somebody")]);
    let mock = Mock::start(move |asked: &Asked| rules.answer(asked).unwrap()).await;
    let prefix = Wanted {
        id: "m2".to_owned(),
        sought: Sought::Prefix("a".to_owned()),
    };
    let budget = budget("posts_per_day = 10");
    let with = Start {
        task: Task::Test,
        wanted: vec![wish("m1", "acme"), prefix],
        budget: Some(budget.clone()),
        ..Start::default()
    };
    let mut running = start("x", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(budget.posts_left(), 10);
    let lines = running.report.snapshot().lines;
    assert_eq!(lines[1], "the app has 1 rules of ours and 1 of others");
    assert_eq!(
        lines[3],
        "what is wanted makes 1 rules; 1 monitors cannot be asked for"
    );
}

#[test]
fn every_fault_of_a_configuration_is_named_at_once() {
    let fault = |text: &str| {
        let made = (sources::find("x").unwrap().configure)(text.parse().unwrap());
        made.err().map(|e| e.to_string()).unwrap_or_default()
    };
    let all = fault(
        "bearer_token = \"t\"\nurl = \"x\"\npartition = 5\nmax_rules = 0\nwithheld_in = [\"de\"]\nrule_tag = \"a:b\"",
    );
    for key in ["url", "partition", "max_rules", "withheld_in", "rule_tag"] {
        assert!(all.contains(key), "{key} in {all}");
    }
    assert!(fault("").contains("bearer_token"));
    assert!(fault("bearer_token = \"t\"\nfilter = 1").contains("filter"));
    assert_eq!(fault("bearer_token = \"t\""), "");
}
