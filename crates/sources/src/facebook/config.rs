//! What can be configured about Facebook pages.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::graph::webhook::HookKeys;
use crate::graph::{VERSION, not_an_id};
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("pages", KeyKind::Texts, "ids of the pages"),
    Key::may(
        "token",
        KeyKind::Secret,
        "a page token, or one of a user or system user that may read the pages",
    ),
    Key::may("app_id", KeyKind::Text, "the app's id, to renew tokens"),
    Key::may(
        "app_secret",
        KeyKind::Secret,
        "the app's secret: for renewing tokens, proofs and webhooks",
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
    Key::may(
        "tagged",
        KeyKind::Flag,
        "posts by others that tag the page, too; true",
    ),
    Key::may(
        "comment_days",
        KeyKind::Number,
        "how long a post and its comments are followed; 7",
    ),
    Key::may("poll_seconds", KeyKind::Number, "how often to ask; 300"),
    Key::may("version", KeyKind::Text, "the version of the Graph API"),
    Key::may("graph_url", KeyKind::Text, "another server of the Graph API"),
];

/// `[[source]] type = "facebook"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Ids of the pages.
    pub pages: Vec<String>,
    /// A page token, or one that page tokens are made from.
    pub token: Option<Secret>,
    /// The app's id.
    pub app_id: Option<String>,
    /// The app's secret.
    pub app_secret: Option<Secret>,
    /// What the webhook's handshake must tell.
    pub verify_token: Option<Secret>,
    /// Where people see what became of their request for deletion.
    pub deletion_url: Option<String>,
    /// Posts by others that tag the page.
    pub tagged: bool,
    /// Days for which a post and its comments are followed.
    pub comment_days: f64,
    /// Seconds between two sweeps.
    pub poll_seconds: f64,
    /// The version of the Graph API.
    pub version: String,
    /// The Graph API.
    pub graph_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            token: None,
            app_id: None,
            app_secret: None,
            verify_token: None,
            deletion_url: None,
            tagged: true,
            comment_days: 7.0,
            poll_seconds: 300.0,
            version: VERSION.to_owned(),
            graph_url: "https://graph.facebook.com".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let no_pages = c.pages.is_empty().then(|| "pages: names no page".to_owned());
            [
                no_pages,
                not_http("graph_url", &c.graph_url),
                c.deletion_url
                    .as_deref()
                    .and_then(|u| not_http("deletion_url", u)),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
                not_seconds("comment_days", c.comment_days, 90.0),
                not_an_id("version", &c.version),
            ]
            .into_iter()
            .flatten()
            .chain(c.pages.iter().filter_map(|p| not_an_id("pages", p)))
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
