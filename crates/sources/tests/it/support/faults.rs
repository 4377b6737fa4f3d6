//! What goes wrong between a platform and us.

use super::http::Answer;
use serde_json::Value;

/// A fault at one request.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// The connection is cut before an answer.
    Cut,
    /// … in the middle of it.
    Half,
    /// The answer comes in small pieces.
    Slow,
    /// Another answer instead, with these headers.
    Status(u16, &'static [(&'static str, &'static str)]),
    /// A page for people, with success.
    Html,
    /// Nothing, with success.
    Empty,
    /// The server's clock is an hour off.
    Skew,
    /// The items of the list at this place (a JSON pointer) come twice.
    Doubled(&'static str),
    /// … or in the opposite order.
    Reversed(&'static str),
}

/// Every fault that needs no knowledge of the platform.
pub(crate) const COMMON: &[Fault] = &[
    Fault::Cut,
    Fault::Half,
    Fault::Slow,
    Fault::Status(429, &[("retry-after", "2")]),
    Fault::Status(429, &[]),
    Fault::Status(500, &[]),
    Fault::Status(503, &[("retry-after", "Wed, 25 Nov 2026 12:00:00 GMT")]),
    Fault::Html,
    Fault::Empty,
    Fault::Skew,
];

impl Fault {
    /// What is answered instead of what the platform would.
    pub(crate) fn instead(&self) -> Option<Answer> {
        match self {
            Fault::Status(status, headers) => {
                let answer = Answer::text(*status, "text/plain", "no");
                Some(headers.iter().fold(answer, |a, (k, v)| a.with(k, v)))
            }
            Fault::Html => Some(Answer::text(
                200,
                "text/html",
                "<!doctype html><title>Sorry</title>",
            )),
            Fault::Empty => Some(Answer::text(200, "application/json", "")),
            _ => None,
        }
    }

    /// Changes what the platform answered.
    pub(crate) fn spoil(&self, answer: &mut Answer) {
        match self {
            Fault::Skew => answer
                .headers
                .push(("date".to_owned(), "Tue, 24 Nov 2026 03:00:00 GMT".to_owned())),
            Fault::Doubled(at) => {
                change(answer, at, |items| {
                    let again = items.clone();
                    items.extend(again);
                });
            }
            Fault::Reversed(at) => change(answer, at, |items| items.reverse()),
            _ => {}
        }
    }
}

fn change(answer: &mut Answer, at: &str, work: impl Fn(&mut Vec<Value>)) {
    let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) else {
        return;
    };
    if let Some(items) = value.pointer_mut(at).and_then(Value::as_array_mut) {
        work(items);
        answer.body = value.to_string().into_bytes();
    }
}
