//! What can be configured about LinkedIn.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must(
        "organisations",
        KeyKind::Texts,
        "numbers of the organisations, of which the token's owner is an administrator",
    ),
    Key::may("token", KeyKind::Secret, "an access token, good for 60 days"),
    Key::may(
        "refresh_token",
        KeyKind::Secret,
        "a refresh token, with client_id and client_secret",
    ),
    Key::may("client_id", KeyKind::Text, "the application's id"),
    Key::may("client_secret", KeyKind::Secret, "the application's secret"),
    Key::may("comments", KeyKind::Flag, "the comments under posts, too; true"),
    Key::may(
        "comment_days",
        KeyKind::Number,
        "how long a post and its comments are followed; 7",
    ),
    Key::may("poll_seconds", KeyKind::Number, "how often to ask; 900"),
    Key::may(
        "version",
        KeyKind::Text,
        "LinkedIn-Version, YYYYMM: each is served for about a year",
    ),
    Key::may("api_url", KeyKind::Text, "another server of the API"),
    Key::may("token_url", KeyKind::Text, "another server of the token endpoint"),
];

/// `[[source]] type = "linkedin"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Numbers of the organisations.
    pub organisations: Vec<String>,
    /// An access token.
    pub token: Option<Secret>,
    /// A refresh token.
    pub refresh_token: Option<Secret>,
    /// The application's id.
    pub client_id: Option<String>,
    /// The application's secret.
    pub client_secret: Option<Secret>,
    /// The comments under posts, too.
    pub comments: bool,
    /// Days for which a post and its comments are followed.
    pub comment_days: f64,
    /// Seconds between two sweeps.
    pub poll_seconds: f64,
    /// `LinkedIn-Version`.
    pub version: String,
    /// The API.
    pub api_url: String,
    /// The token endpoint's server.
    pub token_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            organisations: Vec::new(),
            token: None,
            refresh_token: None,
            client_id: None,
            client_secret: None,
            comments: true,
            comment_days: 7.0,
            poll_seconds: 900.0,
            version: "202609".to_owned(),
            api_url: "https://api.linkedin.com".to_owned(),
            token_url: "https://www.linkedin.com".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let number = |o: &String| {
                let good = !o.is_empty() && o.len() <= 20 && o.bytes().all(|b| b.is_ascii_digit());
                (!good).then(|| format!("organisations: {o:?} is no number"))
            };
            let none = c
                .organisations
                .is_empty()
                .then(|| "organisations: names none".to_owned());
            let version = (c.version.len() != 6 || !c.version.bytes().all(|b| b.is_ascii_digit()))
                .then(|| format!("version: {:?} is no YYYYMM", c.version));
            let alone = (c.refresh_token.is_some() && (c.client_id.is_none() || c.client_secret.is_none()))
                .then(|| "refresh_token: needs client_id and client_secret".to_owned());
            [
                none,
                version,
                alone,
                not_http("api_url", &c.api_url),
                not_http("token_url", &c.token_url),
                not_seconds("poll_seconds", c.poll_seconds, 86_400.0),
                not_seconds("comment_days", c.comment_days, 90.0),
            ]
            .into_iter()
            .flatten()
            .chain(c.organisations.iter().filter_map(number))
            .collect()
        })
    }
}
