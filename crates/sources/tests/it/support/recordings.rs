//! Recorded HTTP exchanges, to be answered again.

use super::http::Answer;
use super::shared::shared;
use serde_json::Value;

/// A recorded exchange.
pub(crate) struct Exchange {
    /// Path and query of the request.
    pub(crate) target: String,
    pub(crate) answer: Answer,
}

impl Exchange {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap().trim_end_matches('/')
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.answer.body).unwrap_or_default()
    }
}

/// The exchanges of a `*.http.jsonl` file under `fixtures/`; `None` where it is not here. Headers about the transport
/// are left out: the body lies unpacked.
pub(crate) fn exchanges(file: &str) -> Option<Vec<Exchange>> {
    let text = std::fs::read_to_string(shared(&format!("fixtures/{file}"))?).unwrap();
    let all = text.lines().map(|line| {
        let recorded: Value = serde_json::from_str(line).unwrap();
        let url = recorded["url"].as_str().unwrap();
        let target = url
            .split_once("://")
            .map_or(url, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
        let mut answer = Answer::status(u16::try_from(recorded["status"].as_u64().unwrap()).unwrap());
        answer.body = recorded["body"].as_str().unwrap_or_default().as_bytes().to_vec();
        answer.headers.clear();
        for (name, value) in recorded["headers"].as_object().into_iter().flatten() {
            let about_transport = [
                "connection",
                "transfer-encoding",
                "content-length",
                "content-encoding",
            ];
            if !about_transport.contains(&name.as_str()) {
                answer = answer.with(name, value.as_str().unwrap_or_default());
            }
        }
        Exchange {
            target: target.to_owned(),
            answer,
        }
    });
    Some(all.collect())
}
