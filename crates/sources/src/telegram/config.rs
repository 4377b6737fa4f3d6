//! What can be configured about Telegram.

use super::PLATFORM;
use crate::config::{self, not_http};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("token", KeyKind::Secret, "the bot's token, from @BotFather"),
    Key::may(
        "webhook_url",
        KeyKind::Text,
        "the public address of this source's webhook; where it is set, Telegram calls instead of being asked",
    ),
    Key::may(
        "webhook_secret",
        KeyKind::Secret,
        "what Telegram must send along with each call: 1 to 256 of A-Z a-z 0-9 _ -",
    ),
    Key::may(
        "wait_seconds",
        KeyKind::Number,
        "how long Telegram may hold a question open until something is new; 25",
    ),
    Key::may("api_url", KeyKind::Text, "another server of the Bot API"),
];

/// `[[source]] type = "telegram"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `<bot's number>:<secret>`.
    pub token: Secret,
    /// Where Telegram is told to send updates.
    pub webhook_url: Option<String>,
    /// What it sends along.
    pub webhook_secret: Option<Secret>,
    /// Seconds of a long poll; at most 50, so that it ends before the client gives up.
    #[serde(default = "wait_seconds")]
    pub wait_seconds: u32,
    /// The Bot API.
    #[serde(default = "api_url")]
    pub api_url: String,
}

fn wait_seconds() -> u32 {
    25
}

fn api_url() -> String {
    "https://api.telegram.org".to_owned()
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            let too_long = format!("wait_seconds: {} is more than 50", c.wait_seconds);
            let lonely = "webhook_url and webhook_secret: one needs the other".to_owned();
            [
                not_http("api_url", &c.api_url),
                c.webhook_url.as_ref().and_then(|u| not_http("webhook_url", u)),
                (!is_token(c.token.expose())).then(|| "token: is no bot's token (123456:ABC…)".to_owned()),
                (c.wait_seconds > 50).then_some(too_long),
                (c.webhook_url.is_some() != c.webhook_secret.is_some()).then_some(lonely),
                c.webhook_secret
                    .as_ref()
                    .filter(|s| !is_webhook_secret(s.expose()))
                    .map(|_| "webhook_secret: holds other characters than A-Z a-z 0-9 _ -".to_owned()),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
    }
}

/// Telegram answers any other with 404. It goes into the path, so nothing else may stand in it.
fn is_token(token: &str) -> bool {
    token.split_once(':').is_some_and(|(number, secret)| {
        !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) && is_webhook_secret(secret)
    })
}

fn is_webhook_secret(secret: &str) -> bool {
    (1..=256).contains(&secret.len())
        && secret
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}
