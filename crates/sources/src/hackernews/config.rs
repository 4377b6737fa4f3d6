//! What can be configured about Hacker News.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may(
        "poll_seconds",
        KeyKind::Number,
        "how often to ask for new items; 15",
    ),
    Key::may("items_url", KeyKind::Text, "another server of the items API"),
    Key::may("search_url", KeyKind::Text, "another server of the search API"),
];

/// `[[source]] type = "hackernews"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Seconds between two questions for new items.
    pub poll_seconds: f64,
    /// The items API.
    pub items_url: String,
    /// The search API.
    pub search_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            poll_seconds: 15.0,
            items_url: "https://hacker-news.firebaseio.com".to_owned(),
            search_url: "https://hn.algolia.com".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            [
                not_http("items_url", &c.items_url),
                not_http("search_url", &c.search_url),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
    }
}
