//! A made-up X.

use crate::support::http::{Answer, Asked, Mock, Piece};
use post::RawPost;
use serde_json::{Value, json};
use sources::budget::Budget;
use sources::{Sought, SourceEvent, Wanted};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) fn config(url: &str) -> String {
    format!("url = {url:?}\nbearer_token = \"sesame\"")
}

pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as i64
}

pub(crate) fn wish(id: &str, word: &str) -> Wanted {
    Wanted {
        id: id.to_owned(),
        sought: Sought::Word(word.to_owned()),
    }
}

pub(crate) fn acme() -> Vec<Wanted> {
    vec![wish("m1", "acme")]
}

pub(crate) fn tweet(id: &str) -> Value {
    json!({"id": id, "text": "about acme", "author_id": "42", "lang": "en", "edit_history_tweet_ids": [id],
           "public_metrics": {"like_count": 1, "retweet_count": 0}})
}

pub(crate) fn users() -> Value {
    json!({"users": [{"id": "42", "username": "ann", "name": "Ann", "public_metrics": {"followers_count": 7}}]})
}

/// A message of the stream.
pub(crate) fn line(id: &str) -> Piece {
    let frame = json!({"data": tweet(id), "includes": users(), "matching_rules": [{"id": "1", "tag": "groundswell:m1"}]});
    text(&format!("{frame}\r\n"))
}

pub(crate) fn text(text: &str) -> Piece {
    Piece::Bytes(text.as_bytes().to_vec())
}

pub(crate) fn stream(pieces: Vec<Piece>) -> Answer {
    Answer::stream("application/json", pieces)
}

pub(crate) fn page(ids: &[&str], next: Option<&str>) -> Answer {
    let data: Vec<Value> = ids.iter().map(|id| tweet(id)).collect();
    let mut page = json!({"data": data, "includes": users(), "meta": {"result_count": ids.len()}});
    if let Some(next) = next {
        page["meta"]["next_token"] = json!(next);
    }
    Answer::json(page)
}

/// The rules of the app, kept as X keeps them.
#[derive(Default)]
pub(crate) struct Rules(Mutex<Vec<Value>>);

impl Rules {
    pub(crate) fn with(rules: &[(&str, &str)]) -> Arc<Self> {
        let rules = rules.iter().enumerate();
        let rules =
            rules.map(|(n, (value, tag))| json!({"id": (n + 1).to_string(), "value": value, "tag": tag}));
        Arc::new(Self(Mutex::new(rules.collect())))
    }

    /// Values and tags, in order.
    pub(crate) fn all(&self) -> Vec<(String, String)> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        self.0
            .lock()
            .unwrap()
            .iter()
            .map(|r| (text(&r["value"]), text(&r["tag"])))
            .collect()
    }

    /// The answer of the rules endpoint; `None` for other requests.
    pub(crate) fn answer(&self, asked: &Asked) -> Option<Answer> {
        if asked.path() != "/2/tweets/search/stream/rules" {
            return None;
        }
        assert_eq!(asked.headers["authorization"], "Bearer sesame");
        let mut rules = self.0.lock().unwrap();
        if asked.method == "GET" {
            return Some(Answer::json(
                json!({"data": *rules, "meta": {"result_count": rules.len()}}),
            ));
        }
        let told: Value = serde_json::from_str(&asked.body).unwrap();
        if let Some(ids) = told["delete"]["ids"].as_array() {
            rules.retain(|r| !ids.contains(&r["id"]));
            return Some(Answer::json(json!({"meta": {"summary": {"deleted": ids.len()}}})));
        }
        let (mut made, mut errors) = (Vec::new(), Vec::new());
        for add in told["add"].as_array().unwrap() {
            let value = add["value"].as_str().unwrap();
            if value.contains("wrong") {
                errors.push(json!({"value": value, "title": "Invalid Rule", "type": "https://api.x.com/2/problems/invalid-rules"}));
            } else if rules.iter().any(|r| r["value"] == add["value"]) {
                errors.push(json!({"value": value, "title": "DuplicateRule", "id": "1"}));
            } else {
                let last = rules
                    .iter()
                    .filter_map(|r| r["id"].as_str()?.parse::<u64>().ok())
                    .max();
                let rule =
                    json!({"id": (last.unwrap_or(0) + 1).to_string(), "value": value, "tag": add["tag"]});
                rules.push(rule.clone());
                made.push(rule);
            }
        }
        if made.is_empty() {
            let body = json!({"errors": errors, "title": "Invalid Request"}).to_string();
            return Some(Answer::text(400, "application/json", &body));
        }
        let body = json!({"data": made, "errors": errors, "meta": {"summary": {"created": 1}}}).to_string();
        Some(Answer::text(201, "application/json", &body))
    }
}

/// How often a path was asked for.
pub(crate) fn asked(mock: &Mock, path: &str) -> Vec<Asked> {
    mock.asked().into_iter().filter(|a| a.path() == path).collect()
}

pub(crate) fn posts(events: &[SourceEvent]) -> Vec<RawPost> {
    let post = |e: &SourceEvent| match e {
        SourceEvent::Post(post) => Some((**post).clone()),
        SourceEvent::AuthorGone { .. } => None,
    };
    events.iter().filter_map(post).collect()
}

pub(crate) fn budget(limits: &str) -> Arc<Budget> {
    let keep = Arc::new(sources::keep::Memory::default());
    Arc::new(Budget::new(toml::from_str(limits).unwrap(), &[], 5_000, keep))
}
