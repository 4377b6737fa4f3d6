//! Recorded instances: every stated fact, every exchange, every example of a stream.

use crate::support::facts::{Facts, Verdict, hold, parse, right};
use crate::support::http::{Answer, Asked, Mock, Piece};
use crate::support::running::{Start, start, uids};
use crate::support::shared::shared;
use serde_json::Value;
use sources::{Delivery, Past, Report, Sought, Task, Wanted};
use std::collections::BTreeSet;
use std::sync::Arc;

const FOLDER: &str = "fixtures/mastodon";

#[test]
fn every_stated_fact_is_read() {
    hold(Facts {
        connector: "mastodon",
        folder: "mastodon",
        // What is not public is never delivered: see below.
        uid: |fact| {
            (fact["visibility"] == "public").then(|| Some(format!("mastodon:{}", fact["uri"].as_str()?)))?
        },
        verdict: |post, field, stated, _| {
            let whole = |handle: &str, short: &str| {
                handle == short || handle.strip_prefix(short).is_some_and(|h| h.starts_with('@'))
            };
            // Its delete is recorded as well.
            let Some(author) = post.author.as_ref() else {
                return Some(Verdict::Wrong);
            };
            let text = stated.as_str().unwrap_or_default();
            Some(match field {
                "uri" => right(post.uid.as_deref() == Some(&format!("mastodon:{text}"))),
                "url" => right(post.permalink.as_deref() == Some(text)),
                "author_id" => Verdict::Differs(
                    "an instance's own number of an account means nothing on others: the account's address is its id",
                ),
                "author_handle" => {
                    let handle = author.handle.as_deref()?;
                    if handle == text {
                        Verdict::Right
                    } else if whole(handle, text) {
                        Verdict::Differs(
                            "an instance's own accounts get their host, as every other instance writes them",
                        )
                    } else {
                        Verdict::Wrong
                    }
                }
                "text_html" if post.text.starts_with(&text::html_to_text(text).text) => {
                    if post.text == text::html_to_text(text).text {
                        Verdict::Right
                    } else {
                        Verdict::Differs("what is asked in a poll stands below the text")
                    }
                }
                "text_html" => Verdict::Wrong,
                "mentions" => right(stated.as_array()?.iter().filter_map(Value::as_str).all(|name| {
                    post.mentions
                        .iter()
                        .any(|m| m.handle.as_deref().is_some_and(|h| whole(h, name)))
                })),
                "card" => right(post.urls.iter().any(|u| u == text)),
                _ => return None,
            })
        },
        at_least: 120,
    });
}

#[test]
fn what_is_not_public_gives_no_post() {
    let Some(folder) = shared(FOLDER) else { return };
    let facts = std::fs::read_to_string(folder.join("FACTS.jsonl")).unwrap();
    let mut checked = 0;
    for fact in facts.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()) {
        let Some(visibility) = fact["visibility"].as_str().filter(|v| *v != "public") else {
            continue;
        };
        let uid = format!("mastodon:{}", fact["uri"].as_str().unwrap());
        let posts = parse("mastodon", &folder.join(fact["file"].as_str().unwrap()));
        assert!(posts.iter().all(|p| p.uid.as_ref() != Some(&uid)), "{visibility}");
        checked += 1;
    }
    assert!(checked > 10, "{checked}");
}

fn exchanges(file: &str) -> Option<Vec<Value>> {
    let lines = std::fs::read_to_string(shared(FOLDER)?.join(file)).unwrap();
    Some(lines.lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

/// Answers as recorded: by path, in turn where one was asked more than once, the last again and again.
async fn play(exchanges: Vec<Value>) -> Mock {
    let turns = std::sync::Mutex::new(std::collections::BTreeMap::<String, usize>::new());
    Mock::start(move |asked: &Asked| {
        let path = |e: &&Value| {
            let url = e["url"].as_str().unwrap();
            let path = url.splitn(4, '/').nth(3).unwrap().split('?').next().unwrap();
            format!("/{}", path.trim_end_matches('/')) == asked.path().trim_end_matches('/')
        };
        let same: Vec<&Value> = exchanges
            .iter()
            .filter(path)
            .filter(|e| e["method"] == "GET")
            .collect();
        let mut turns = turns.lock().unwrap();
        let turn = turns.entry(asked.path().to_owned()).or_default();
        let Some(exchange) = same.get((*turn).min(same.len().saturating_sub(1))) else {
            return Answer::status(404);
        };
        *turn += 1;
        answer(exchange)
    })
    .await
}

fn answer(exchange: &Value) -> Answer {
    let body = exchange["body"].as_str().unwrap_or_default();
    let mut kind = "";
    let headers = exchange["headers"].as_object().unwrap();
    let text = |v: &Value| {
        v.as_array()
            .map_or(v, |a| &a[0])
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let kept: Vec<(String, String)> = headers
        .iter()
        .map(|(k, v)| (k.to_lowercase(), text(v)))
        .filter(|(k, _)| k.starts_with("x-ratelimit") || k == "link" || k == "date")
        .collect();
    if body.contains("event: ") {
        kind = "text/event-stream";
    }
    let status = exchange["status"].as_u64().unwrap() as u16;
    let answer = match kind {
        "" => Answer::text(status, "application/json", body),
        // A recorded stream goes on.
        stream => Answer::stream(stream, vec![Piece::Bytes(body.as_bytes().to_vec()), Piece::Stay]),
    };
    kept.iter().fold(answer, |a, (k, v)| a.with(k, v))
}

async fn run(mock: &Mock, more: &str, task: Task, wanted: Vec<Wanted>) -> (Delivery, Arc<Report>) {
    let with = Start {
        task,
        wanted,
        ..Start::default()
    };
    let mut running = start("mastodon", &format!("instances = [{:?}]\n{more}", mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    (found, running.report.clone())
}

fn past() -> Task {
    Task::Past(Past {
        from: 0,
        until: i64::MAX / 4,
        estimate: false,
    })
}

fn wish(sought: Sought) -> Vec<Wanted> {
    vec![Wanted {
        id: "m".to_owned(),
        sought,
    }]
}

/// The public posts of an exchange, read by `parse`.
fn public(file: &str) -> BTreeSet<String> {
    let folder = shared(FOLDER).unwrap();
    parse("mastodon", &folder.join(file))
        .into_iter()
        .filter_map(|p| p.uid)
        .collect()
}

#[tokio::test]
async fn a_recorded_hashtag_timeline_and_search_are_the_past() {
    let file = "Mastodon.py__test_hashtag_tl.http.jsonl";
    let Some(recorded) = exchanges(file) else { return };
    let mock = play(recorded).await;
    let (found, _) = run(&mock, "", past(), wish(Sought::Hashtag("hoot".to_owned()))).await;
    assert_eq!(uids(&found.events), public(file));
    assert_eq!(found.refused, []);
    let mock = play(exchanges("Mastodon.py__test_search.http.jsonl").unwrap()).await;
    let (found, _) = run(
        &mock,
        "tokens = \"t\"",
        past(),
        wish(Sought::Word("mastodonpy_test".to_owned())),
    )
    .await;
    assert!(found.events.is_empty() && found.refused.is_empty());
}

#[tokio::test]
async fn a_recorded_public_timeline_is_followed() {
    let file = "Mastodon.py__test_public_tl_anonymous.http.jsonl";
    let Some(recorded) = exchanges(file) else { return };
    let mock = play(recorded).await;
    let host = mock.url.trim_start_matches("http://");
    let with = Start {
        cursor: Some(format!("{{\"{host} public\": {{\"id\": \"1\", \"at\": 1}}}}")),
        ..Start::default()
    };
    let mut running = start("mastodon", &format!("instances = [{:?}]", mock.url), with);
    let found = running.next().await.unwrap();
    assert_eq!(uids(&found.events), public(file));
    // The anchor is the one of the recorded `Link` header.
    assert!(found.cursor.unwrap().contains("117020593134559451"));
    running.stop().await;
}

#[tokio::test]
async fn recorded_statuses_are_looked_up_again() {
    let files = [
        ("Mastodon.py__test_status_missing.http.jsonl", "0", 1),
        (
            "Mastodon.py__test_entity_poll.http.jsonl",
            "110446383900387196",
            1,
        ),
        (
            "Mastodon.py__test_entity_previewcard.http.jsonl",
            "110447098625216345",
            1,
        ),
        (
            "Mastodon.py__test_status_edit.http.jsonl",
            "117020586180926938",
            1,
        ),
        (
            "Mastodon.py__test_status_card.http.jsonl",
            "117020609135389699",
            1,
        ),
    ];
    for (file, id, told) in files {
        let Some(recorded) = exchanges(file) else { return };
        let mock = play(recorded).await;
        let host = mock.url.trim_start_matches("http://");
        let task = Task::Recheck(vec![format!("mastodon:http://{host}/users/a/statuses/{id}")]);
        let (found, report) = run(&mock, "", task, Vec::new()).await;
        assert_eq!(found.events.len(), told, "{file}: {:?}", report.snapshot());
    }
}

#[tokio::test]
async fn recorded_instances_are_tested() {
    for (file, version) in [
        ("Mastodon.py__test_instance.http.jsonl", "4.6.4"),
        ("Mastodon.py__test_entity_tag.http.jsonl", "4.6.0-nightly"),
        ("Mastodon.py__test_stream_healthy.http.jsonl", "4.6.4"),
    ] {
        let Some(recorded) = exchanges(file) else { return };
        let mock = play(recorded).await;
        let (_, report) = run(&mock, "", Task::Test, Vec::new()).await;
        assert!(report.snapshot().lines[0].contains(version), "{file}");
    }
}

#[tokio::test]
async fn recorded_streams_are_read() {
    let Some(folder) = shared(FOLDER) else { return };
    let examples =
        std::fs::read_to_string(folder.join("documentation__streaming_examples_even.txt")).unwrap();
    let direct = exchanges("Mastodon.py__test_stream_direct.http.jsonl").unwrap();
    let recorded = direct
        .iter()
        .find(|e| e["url"].as_str().unwrap().contains("streaming/direct"))
        .unwrap();
    let body = format!("{}\n\n{examples}", recorded["body"].as_str().unwrap());
    let mock = Mock::start(move |asked: &Asked| match asked.path() {
        "/api/v1/streaming/public" => Answer::stream(
            "text/event-stream",
            vec![Piece::Bytes(body.clone().into_bytes()), Piece::Stay],
        ),
        "/api/v2/instance" => Answer::status(404),
        _ => Answer::text(200, "application/json", "[]"),
    })
    .await;
    let config = format!(
        "instances = [{:?}]\ntokens = \"t\"\ntransport = \"sse\"",
        mock.url
    );
    let mut running = start("mastodon", &config, Start::default());
    let expected = public("documentation__streaming_examples_even.txt");
    let mut found = BTreeSet::new();
    while !expected.is_subset(&found) {
        found.extend(uids(
            &running.next().await.expect("more of the recorded posts").events,
        ));
    }
    assert!(expected.len() >= 4, "{expected:?}");
    assert_eq!(running.health.snapshot().refused, 0);
    running.stop().await;
}

#[tokio::test]
async fn every_recorded_exchange_is_read_without_refusals() {
    let Some(folder) = shared(FOLDER) else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()) {
        if !file.to_str().unwrap().ends_with(".http.jsonl") {
            continue;
        }
        let input = sources::ParseInput {
            reader: Box::new(std::fs::File::open(&file).unwrap()),
            name: "recorded".to_owned(),
            file: Default::default(),
        };
        let mut refused = Vec::new();
        (sources::find("mastodon").unwrap().parse)(input, &mut |item| refused.extend(item.err())).unwrap();
        assert_eq!(refused, [], "{file:?}");
        seen += 1;
    }
    assert_eq!(seen, 19);
}
