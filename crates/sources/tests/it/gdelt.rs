//! GDELT against a made-up server.

use crate::contract::{Case, holds};
use crate::support::facts::{Facts, Verdict, hold, id, right};
use crate::support::http::{Answer, Asked, Mock, Platform};
use crate::support::running::{Start, start, uids};
use post::RawPost;
use serde_json::{Value, json};
use sources::{Past, Sought, SourceEvent, Task, Wanted};
use std::time::{SystemTime, UNIX_EPOCH};

fn config(url: &str) -> String {
    format!("url = {url:?}\nquery = \"(acme OR zeta)\"")
}

fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64
}

/// `20230918T031500Z` of seconds.
fn stamp(seconds: i64) -> String {
    let text = sources::file::to_rfc3339(&seconds.to_string()).unwrap();
    text.replace(['-', ':'], "")
}

fn seconds(digits: &str) -> i64 {
    let d = digits;
    let text = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &d[..4],
        &d[4..6],
        &d[6..8],
        &d[8..10],
        &d[10..12],
        &d[12..14]
    );
    post::parse_time(&text).unwrap() / 1000
}

fn article(number: usize, seen: i64) -> Value {
    json!({"url": format!("https://n{number}.example/a"), "title": format!("Acme {number}"), "seendate": stamp(seen),
           "socialimage": "", "domain": "n.example", "language": "Spanish", "sourcecountry": "Mexico"})
}

fn window(asked: &Asked) -> (i64, i64) {
    (
        seconds(&asked.param("startdatetime").unwrap()),
        seconds(&asked.param("enddatetime").unwrap()),
    )
}

/// Four articles of the last hour.
fn platform() -> Platform {
    Box::new(|asked: &Asked| {
        assert_eq!(asked.path(), "/api/v2/doc/doc");
        let (from, until) = window(asked);
        let found: Vec<Value> = (1..=4)
            .map(|n| (n, now() / 900 * 900 - 600 * n as i64))
            .filter(|(_, at)| (from..=until).contains(at))
            .map(|(n, at)| article(n, at))
            .collect();
        Answer::text(200, "text/plain", &json!({"articles": found}).to_string())
    })
}

#[tokio::test]
async fn the_contract_holds() {
    holds(Case {
        connector: "gdelt",
        config,
        platform,
        cursor: None,
        wanted: Vec::new,
        uids: &[
            "gdelt:https://n1.example/a",
            "gdelt:https://n2.example/a",
            "gdelt:https://n3.example/a",
            "gdelt:https://n4.example/a",
        ],
        lists: &["/articles"],
        requests: 2,
        renews: false,
    })
    .await;
}

fn all(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}

#[tokio::test]
async fn articles_become_posts() {
    let mock = Mock::start(platform()).await;
    let mut running = start("gdelt", &config(&mock.url), Start::default());
    let post = all(&running.take(4).await.events).remove(0);
    assert_eq!(post.title.as_deref(), Some("Acme 1"));
    assert_eq!(
        (post.lang_claimed[0].as_str(), post.site_country.as_deref()),
        ("es", Some("MX"))
    );
    assert_eq!(
        (post.community.as_deref(), post.author),
        (Some("n.example"), None)
    );
    assert!(post.media.is_empty() && post.created_at.unwrap().ends_with(":00Z"));
    assert_eq!(mock.asked()[0].param("query").as_deref(), Some("(acme OR zeta)"));
    running.stop().await;
}

#[tokio::test]
async fn what_monitors_look_for_is_asked_for_and_a_change_is_heard() {
    let mock = Mock::start(|_: &Asked| Answer::text(200, "text/plain", "{}")).await;
    let wish = |word: &str| Wanted {
        id: word.to_owned(),
        sought: Sought::Word(word.to_owned()),
    };
    let with = Start {
        wanted: vec![wish("acme")],
        pace: 1.0,
        ..Start::default()
    };
    let mut running = start("gdelt", &format!("url = {:?}", mock.url), with);
    running.next().await.unwrap();
    running
        .wanted
        .send_replace(std::sync::Arc::new(vec![wish("acme"), wish("zeta")]));
    running.next().await.unwrap();
    running.stop().await;
    let asked: Vec<String> = mock.asked().iter().map(|a| a.param("query").unwrap()).collect();
    assert_eq!(asked, ["acme", "(acme OR zeta)"]);
}

/// 600 articles, a hundred a quarter of an hour.
fn many(asked: &Asked) -> Answer {
    let begin = now() / 900 * 900 - 86_400;
    let (from, until) = window(asked);
    let found: Vec<Value> = (0..600)
        .rev()
        .map(|n| (n, begin + 900 * (n as i64 / 100)))
        .filter(|(_, at)| (from..=until).contains(at))
        .map(|(n, at)| article(n, at))
        .collect();
    if asked.param("mode").unwrap() == "timelinevolraw" {
        return Answer::json(
            json!({"timeline": [{"series": "Article Count", "data": [{"date": "x", "value": found.len(), "norm": 9999}]}]}),
        );
    }
    let shown = found
        .len()
        .min(asked.param("maxrecords").unwrap().parse().unwrap());
    Answer::json(json!({"articles": found[..shown]}))
}

#[tokio::test]
async fn the_past_is_asked_slice_by_slice_and_estimated_first() {
    let mock = Mock::start(many).await;
    let past = |estimate| Start {
        task: Task::Past(Past {
            from: (now() - 2 * 86_400) * 1000,
            until: now() * 1000,
            estimate,
        }),
        ..Start::default()
    };
    let mut running = start("gdelt", &config(&mock.url), past(true));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    let estimate = running.report.snapshot().estimate.unwrap();
    assert_eq!(
        (estimate.posts, estimate.requests, estimate.money),
        (Some(600), Some(3), Some(0.0))
    );
    let mut running = start("gdelt", &config(&mock.url), past(false));
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert_eq!(uids(&found.events).len(), 600);
    assert!(running.report.snapshot().covered[0].whole);
}

#[tokio::test]
async fn a_time_with_more_than_an_answer_holds_is_a_gap() {
    let seen = now() / 900 * 900;
    let mock = Mock::start(move |asked: &Asked| {
        let (from, until) = window(asked);
        let inside = (from..=until).contains(&seen);
        let found: Vec<Value> = (0..250).filter(|_| inside).map(|n| article(n, seen)).collect();
        Answer::json(json!({"articles": found}))
    })
    .await;
    let mut running = start("gdelt", &config(&mock.url), Start::default());
    running.take(250).await;
    running.next().await;
    assert!(!running.health.sample().gaps.is_empty());
    running.stop().await;
}

/// Pitfall 7: notices in plain text, and JSON that is nearly right.
#[tokio::test]
async fn pitfall_07_notices_in_plain_text_are_understood() {
    let turn = std::sync::atomic::AtomicUsize::new(0);
    let mock = Mock::start(move |asked: &Asked| match turn.fetch_add(1, std::sync::atomic::Ordering::Relaxed) {
        0 => Answer::text(200, "text/html", "Please limit requests to one every 5 seconds or contact us."),
        1 => Answer::text(200, "text/html", "Your query was too short or too long."),
        _ => Answer::text(200, "application/json", &format!("{{\"articles\": [{{\"url\": \"https://a.example/\", \"title\": \"it\\'s\u{1} here\", \"seendate\": \"{}\"}}]}}", stamp(window(asked).1))),
    })
    .await;
    let mut running = start("gdelt", &config(&mock.url), Start::default());
    let found = running.take(2).await;
    running.stop().await;
    assert_eq!((found.refused.len(), found.refused[0].code), (1, "rejected"));
    assert_eq!(all(&found.events)[0].title.as_deref(), Some("it\\'s  here"));
}

#[tokio::test]
async fn a_test_says_what_is_seen() {
    let mock = Mock::start(platform()).await;
    let with = Start {
        task: Task::Test,
        ..Start::default()
    };
    let mut running = start("gdelt", &config(&mock.url), with);
    let (found, ended) = running.rest().await;
    ended.unwrap();
    assert!(found.events.is_empty());
    assert_eq!(
        running.report.snapshot().lines,
        ["1 questions; the first finds 4 articles of the last day"]
    );
}

#[test]
fn every_stated_fact_is_read() {
    hold(Facts {
        connector: "gdelt",
        folder: "gdelt",
        uid: |fact| Some(format!("gdelt:{}", id(fact)?)),
        verdict: |post, field, stated, _| {
            let text = stated.as_str();
            Some(match field {
                "url" => right(post.permalink.as_deref() == text),
                // The site: nobody's handle.
                "author_handle" => right(post.community.as_deref() == text),
                "lang" => right(post.lang_claimed.first().map(String::as_str) == text.and_then(two_letters)),
                // Of the event, not of the article; and GDELT's own reading of it.
                "event" | "tone" => Verdict::NotOurs,
                _ => return None,
            })
        },
        at_least: 700,
    });
}

fn two_letters(three: &str) -> Option<&'static str> {
    let all = [
        ("ara", "ar"),
        ("spa", "es"),
        ("por", "pt"),
        ("fra", "fr"),
        ("tur", "tr"),
        ("deu", "de"),
        ("rus", "ru"),
        ("ita", "it"),
        ("ell", "el"),
        ("kor", "ko"),
        ("fin", "fi"),
        ("nld", "nl"),
    ];
    all.iter().find(|(t, _)| *t == three).map(|(_, two)| *two)
}

proptest::proptest! {
    #[test]
    fn no_article_makes_it_panic(url in ".{0,20}", seen in "[0-9TZé]{0,20}", language in ".{0,10}") {
        let article = sources::gdelt::Article { url, seendate: Some(seen), language: Some(language.clone()), sourcecountry: Some(language), ..Default::default() };
        sources::gdelt::map(article);
    }
}
