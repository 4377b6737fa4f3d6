//! What can be configured about Instagram.

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
    Key::must("user", KeyKind::Text, "the id of the professional account"),
    Key::may("token", KeyKind::Secret, "a token of the account"),
    Key::may(
        "login",
        KeyKind::Text,
        "what the token comes from: `instagram`, or `facebook` for hashtags, tags and mentions; instagram",
    ),
    Key::may(
        "app_id",
        KeyKind::Text,
        "the app's id, to renew Facebook's tokens",
    ),
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
        "hashtags",
        KeyKind::Texts,
        "hashtags to follow; at most 30 different ones in 7 days",
    ),
    Key::may(
        "search_monitors",
        KeyKind::Flag,
        "the hashtags that monitors look for, too; true",
    ),
    Key::may(
        "top_media",
        KeyKind::Flag,
        "a hashtag's most popular posts, too; false",
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

/// What a token comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Login {
    /// Instagram's own login: own posts and comments.
    Instagram,
    /// Facebook's: hashtags, tags and mentions besides.
    Facebook,
}

/// `[[source]] type = "instagram"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The id of the professional account.
    pub user: String,
    /// A token of the account.
    pub token: Option<Secret>,
    /// What the token comes from.
    pub login: Login,
    /// The app's id.
    pub app_id: Option<String>,
    /// The app's secret.
    pub app_secret: Option<Secret>,
    /// What the webhook's handshake must tell.
    pub verify_token: Option<Secret>,
    /// Where people see what became of their request for deletion.
    pub deletion_url: Option<String>,
    /// Hashtags to follow.
    pub hashtags: Vec<String>,
    /// The hashtags that monitors look for, too.
    pub search_monitors: bool,
    /// A hashtag's most popular posts, too.
    pub top_media: bool,
    /// Days for which a post and its comments are followed.
    pub comment_days: f64,
    /// Seconds between two sweeps.
    pub poll_seconds: f64,
    /// The version of the Graph API.
    pub version: String,
    /// The Graph API; by default the one of the login.
    pub graph_url: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            user: String::new(),
            token: None,
            login: Login::Instagram,
            app_id: None,
            app_secret: None,
            verify_token: None,
            deletion_url: None,
            hashtags: Vec::new(),
            search_monitors: true,
            top_media: false,
            comment_days: 7.0,
            poll_seconds: 300.0,
            version: VERSION.to_owned(),
            graph_url: None,
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let needs_facebook = (c.login == Login::Instagram && !c.hashtags.is_empty())
                .then(|| "hashtags: need login = \"facebook\"".to_owned());
            [
                not_an_id("user", &c.user),
                needs_facebook,
                not_http("graph_url", c.graph_url()),
                c.deletion_url
                    .as_deref()
                    .and_then(|u| not_http("deletion_url", u)),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
                not_seconds("comment_days", c.comment_days, 90.0),
                not_an_id("version", &c.version),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
    }

    /// The Graph API.
    pub(super) fn graph_url(&self) -> &str {
        self.graph_url.as_deref().unwrap_or(match self.login {
            Login::Instagram => "https://graph.instagram.com",
            Login::Facebook => "https://graph.facebook.com",
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
