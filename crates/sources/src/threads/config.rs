//! What can be configured about Threads.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::graph::not_an_id;
use crate::graph::webhook::HookKeys;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may("token", KeyKind::Secret, "a token of the account"),
    Key::may(
        "app_secret",
        KeyKind::Secret,
        "the app's secret: for exchanging tokens and for webhooks",
    ),
    Key::may(
        "verify_token",
        KeyKind::Secret,
        "what the webhook's handshake must tell",
    ),
    Key::may(
        "deletion_url",
        KeyKind::Text,
        "where people see what became of their request for deletion",
    ),
    Key::may("user", KeyKind::Text, "the account's id; me"),
    Key::may(
        "own",
        KeyKind::Flag,
        "the account's own threads and their replies; true",
    ),
    Key::may(
        "mentions",
        KeyKind::Flag,
        "threads that mention the account; true",
    ),
    Key::may(
        "keywords",
        KeyKind::Texts,
        "words to search for; with # a topic tag",
    ),
    Key::may(
        "search_monitors",
        KeyKind::Flag,
        "search for what monitors look for, too; true",
    ),
    Key::may(
        "reply_days",
        KeyKind::Number,
        "how long a thread and its replies are followed; 7",
    ),
    Key::may("poll_seconds", KeyKind::Number, "how often to ask; 300"),
    Key::may("version", KeyKind::Text, "the version of the API"),
    Key::may("graph_url", KeyKind::Text, "another server of the Threads API"),
];

/// `[[source]] type = "threads"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A token of the account.
    pub token: Option<Secret>,
    /// The app's secret.
    pub app_secret: Option<Secret>,
    /// What the webhook's handshake must tell.
    pub verify_token: Option<Secret>,
    /// Where people see what became of their request for deletion.
    pub deletion_url: Option<String>,
    /// The account's id.
    pub user: String,
    /// The account's own threads and their replies.
    pub own: bool,
    /// Threads that mention the account.
    pub mentions: bool,
    /// Words to search for.
    pub keywords: Vec<String>,
    /// Search for what monitors look for, too.
    pub search_monitors: bool,
    /// Days for which a thread and its replies are followed.
    pub reply_days: f64,
    /// Seconds between two sweeps.
    pub poll_seconds: f64,
    /// The version of the API.
    pub version: String,
    /// The Threads API.
    pub graph_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            token: None,
            app_secret: None,
            verify_token: None,
            deletion_url: None,
            user: "me".to_owned(),
            own: true,
            mentions: true,
            keywords: Vec::new(),
            search_monitors: true,
            reply_days: 7.0,
            poll_seconds: 300.0,
            version: "v1.0".to_owned(),
            graph_url: "https://graph.threads.net".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let keyword = |k: &String| {
                let words = k.trim().trim_start_matches('#');
                (words.is_empty() || k.len() > 200).then(|| format!("keywords: {k:?} is no keyword"))
            };
            [
                not_an_id("user", &c.user),
                not_http("graph_url", &c.graph_url),
                c.deletion_url
                    .as_deref()
                    .and_then(|u| not_http("deletion_url", u)),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
                not_seconds("reply_days", c.reply_days, 90.0),
                not_an_id("version", &c.version),
            ]
            .into_iter()
            .flatten()
            .chain(c.keywords.iter().filter_map(keyword))
            .collect()
        })
    }

    pub(super) fn hook_keys(self) -> HookKeys {
        HookKeys {
            app_secret: self.app_secret,
            verify_token: self.verify_token,
            deletion_url: self.deletion_url,
        }
    }
}
