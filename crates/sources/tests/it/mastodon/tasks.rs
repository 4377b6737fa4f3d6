//! The past, looking posts up again, testing, configuring.

use super::{posts, status, timeline, uid, with};
use crate::support::http::{Answer, Asked, Mock};
use crate::support::running::{Start, start, uids};
use post::Event;
use serde_json::{Value, json};
use sources::{Past, Sought, Task, Wanted, find};

fn past(estimate: bool, sought: Sought) -> Start {
    let from = 1_764_000_000_000;
    Start {
        wanted: vec![Wanted {
            id: "m".to_owned(),
            sought,
        }],
        task: Task::Past(Past {
            from,
            until: 1_900_000_000_000,
            estimate,
        }),
        ..Start::default()
    }
}

/// One instance with a token and one without; statuses 1 to 90, of which the first ten are too old.
fn platform(asked: &Asked) -> Answer {
    let aged = |mut answer: Answer| {
        let mut page: Vec<Value> = serde_json::from_slice(&answer.body).unwrap();
        for status in &mut page {
            if status["id"].as_str().unwrap().parse::<u64>().unwrap() <= 10 {
                status["created_at"] = json!("2020-01-01T00:00:00Z");
            }
        }
        answer.body = json!(page).to_string().into_bytes();
        answer
    };
    let all: Vec<u64> = (1..=90).collect();
    match asked.path() {
        "/a/api/v2/search" => {
            assert_eq!(asked.headers["authorization"], "Bearer t0ken");
            assert_eq!(asked.param("type").as_deref(), Some("statuses"));
            assert_eq!(
                asked.param("q").as_deref(),
                Some("\"big news\" #acme language:de")
            );
            let page = aged(timeline(asked, &all, 40));
            let statuses: Value = serde_json::from_slice(&page.body).unwrap();
            Answer::json(json!({"accounts": [], "statuses": statuses, "hashtags": []}))
        }
        "/a/api/v1/timelines/tag/acme" => aged(timeline(asked, &all[..30], 40)),
        "/b/api/v1/timelines/tag/acme" => {
            assert!(!asked.headers.contains_key("authorization"));
            aged(timeline(asked, &[91, 92], 40))
        }
        other => panic!("{other}"),
    }
}

fn config(url: &str) -> String {
    let host = url.trim_start_matches("http://");
    format!("instances = [\"{url}/a\", \"{url}/b\"]\ntokens = \"{host}/a t0ken\"")
}

#[tokio::test]
async fn the_past_is_searched_and_hashtags_are_read_back() {
    let sought = Sought::All(vec![
        Sought::Phrase(vec!["big".to_owned(), "news".to_owned()]),
        Sought::Hashtag("acme".to_owned()),
        Sought::Lang("de".to_owned()),
    ]);
    let mock = Mock::start(platform).await;
    let mut running = start("mastodon", &config(&mock.url), past(true, sought.clone()));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty() && mock.asked().is_empty());
    assert_eq!(running.report.snapshot().estimate.unwrap().money, Some(0.0));

    let mut running = start("mastodon", &config(&mock.url), past(false, sought));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events), (11..=92).map(uid).collect());
    let report = running.report.snapshot();
    assert!(
        report.covered.len() == 1 && !report.covered[0].whole,
        "no instance knows all"
    );
    assert!(report.lines.is_empty(), "{:?}", report.lines);
}

#[tokio::test]
async fn what_cannot_be_searched_for_is_said() {
    let mock = Mock::start(|_| Answer::json(json!([]))).await;
    let sought = Sought::Any(vec![
        Sought::Word("acme".to_owned()),
        Sought::Hashtag("acme".to_owned()),
    ]);
    let config = format!("instances = [{:?}]", mock.url);
    let mut running = start("mastodon", &config, past(false, sought));
    running.rest().await.1.unwrap();
    assert!(running.report.snapshot().lines[0].contains("only hashtags"));
    assert_eq!(mock.asked().len(), 1);
}

#[tokio::test]
async fn posts_are_looked_up_at_home() {
    let mock = Mock::start(|asked: &Asked| {
        let here = |id: u64| {
            with(
                status(id),
                json!({"uri": format!("http://{}/users/ann/statuses/{id}", asked.headers["host"])}),
            )
        };
        match asked.path() {
            "/api/v1/statuses/1" => Answer::json(here(1)),
            "/api/v1/statuses/2" => Answer::json(with(here(2), json!({"edited_at": "2026-11-25T21:00:00Z"}))),
            "/api/v1/statuses/3" => Answer::text(404, "application/json", "{\"error\":\"Introuvable\"}"),
            "/api/v1/statuses/4" => Answer::status(401),
            "/far.example/notes/a" => {
                assert_eq!(asked.headers["accept"], "application/activity+json");
                assert!(
                    !asked.headers.contains_key("authorization"),
                    "strangers see no token"
                );
                Answer::json(json!({"type": "Note"}))
            }
            "/far.example/notes/b" => Answer::status(410),
            "/far.example/notes/c" => Answer::json(json!({"type": "Tombstone"})),
            "/far.example/notes/d" => Answer::status(500),
            other => panic!("{other}"),
        }
    })
    .await;
    let host = mock.url.trim_start_matches("http://");
    let mut all: Vec<String> = (1..=4)
        .map(|id| format!("mastodon:http://{host}/users/ann/statuses/{id}"))
        .collect();
    all.extend(["a", "b", "c", "d"].map(|n| format!("mastodon:https://far.example/notes/{n}")));
    // Nothing of this network is asked for, whatever a stranger's address says.
    all.extend(
        [
            "10.0.0.1",
            "localhost",
            "printer.local",
            "h.internal",
            "a@b.example",
            "far.example:8080",
        ]
        .map(|h| format!("mastodon:https://{h}/notes/x")),
    );
    all.extend(["x:1", "mastodon:", "mastodon:://"].map(str::to_owned));
    let with = Start {
        task: Task::Recheck(all.clone()),
        ..Start::default()
    };
    let config = format!(
        "instances = [{:?}]\ntokens = \"t0ken\"\nobjects_url = \"{}/{{host}}\"",
        mock.url, mock.url
    );
    let mut running = start("mastodon", &config, with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    let told: Vec<_> = posts(&found.events)
        .into_iter()
        .map(|p| (p.uid.unwrap(), p.event))
        .collect();
    let expected = [
        (all[0].clone(), Event::Engagement),
        (all[1].clone(), Event::Edit),
        (all[2].clone(), Event::Delete),
        (all[5].clone(), Event::Delete),
        (all[6].clone(), Event::Delete),
    ];
    assert_eq!(told, expected);
    assert!(
        running.report.snapshot().lines[0].starts_with("of 9 posts"),
        "{:?}",
        running.report.snapshot()
    );
}

#[tokio::test]
async fn a_test_says_what_each_instance_lets_be_read() {
    let mock = Mock::start(|asked: &Asked| match asked.path() {
        "/a/api/v2/instance" | "/b/api/v2/instance" => Answer::json(json!({"version": "4.6.4"})),
        "/a/api/v1/accounts/verify_credentials" => Answer::json(json!({"id": "1"})),
        "/b/api/v1/timelines/public" => Answer::text(422, "application/json", "{}"),
        other => panic!("{other}"),
    })
    .await;
    let with = || Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("mastodon", &config(&mock.url), with());
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let lines = running.report.snapshot().lines;
    assert!(
        lines[0].contains("the token is good") && lines[1].contains("needs a token"),
        "{lines:?}"
    );

    let nobody = Mock::start(|_| Answer::status(401)).await;
    let mut running = start("mastodon", &config(&nobody.url), with());
    assert!(running.rest().await.1.is_err());
    assert!(!running.report.snapshot().lines.concat().contains("t0ken"));
}

#[test]
fn a_wrong_configuration_names_every_fault_and_no_token() {
    let error = |text: &str| {
        let made = (find("mastodon").unwrap().configure)(text.parse().unwrap());
        made.map(|_| ()).unwrap_err().to_string()
    };
    let faults = error(
        "instances = [\"a.example\", \"https://A.example/\", \"ftp://b\"]\ntokens = \"c.example s3cret\"\nhashtags = [\"#x y\"]\nidle_seconds = 0\nobjects_url = \"h\"",
    );
    for part in [
        "stands there twice",
        "ftp://b",
        "tokens: line 1",
        "#x y",
        "idle_seconds",
        "objects_url",
    ] {
        assert!(faults.contains(part), "{part} is missing in {faults}");
    }
    assert!(!faults.contains("s3cret"), "{faults}");
    assert!(
        error("instances = [\"a.example\", \"b.example\"]\ntokens = \"s3cret\"").contains("needs a host")
    );
    assert!(error("tokens = \"x\"").contains("instances"));
    assert!(error("instances = [\"a.example\"]\ninstance = \"b\"").contains("unknown field `instance`"));
}
