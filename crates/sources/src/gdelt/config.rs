//! What can be configured about GDELT.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may(
        "query",
        KeyKind::Text,
        "a question in GDELT's own language, beside what the monitors look for",
    ),
    Key::may(
        "poll_seconds",
        KeyKind::Number,
        "how often to ask; 900, as often as GDELT is updated",
    ),
    Key::may(
        "pause_seconds",
        KeyKind::Number,
        "between two requests; 6, as GDELT asks for",
    ),
    Key::may("url", KeyKind::Text, "another server of the DOC API"),
];

/// `[[source]] type = "gdelt"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A question in GDELT's own language.
    pub query: Option<String>,
    /// Seconds between two rounds of questions.
    pub poll_seconds: f64,
    /// Seconds between two requests.
    pub pause_seconds: f64,
    /// The DOC API.
    pub url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            query: None,
            poll_seconds: 900.0,
            pause_seconds: 6.0,
            url: "https://api.gdeltproject.org".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let empty = c.query.as_ref().is_some_and(|q| q.trim().is_empty());
            [
                not_http("url", &c.url),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
                not_seconds("pause_seconds", c.pause_seconds, 3_600.0),
                empty.then(|| "query: is empty".to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
    }
}
