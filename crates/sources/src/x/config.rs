//! What can be configured about X.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("bearer_token", KeyKind::Secret, "the app's bearer token"),
    Key::may(
        "stream",
        KeyKind::Text,
        "`search` (posts by rules), or with Enterprise access `tweets_compliance` or `users_compliance`; search",
    ),
    Key::may(
        "partition",
        KeyKind::Number,
        "which quarter of a compliance stream, 1 to 4; 1",
    ),
    Key::may(
        "enterprise",
        KeyKind::Flag,
        "whether the app may ask the stream itself for what was missed; no",
    ),
    Key::may(
        "archive",
        KeyKind::Flag,
        "whether the app may search the whole archive, not the last seven days only; no",
    ),
    Key::may("max_rules", KeyKind::Number, "rules that the app may have; 1000"),
    Key::may("rule_chars", KeyKind::Number, "characters of a rule; 1024"),
    Key::may(
        "query_chars",
        KeyKind::Number,
        "characters of a search; 512, or 1024 with `archive`",
    ),
    Key::may(
        "rule_tag",
        KeyKind::Text,
        "begins the tags of our rules; rules with other tags are left alone; groundswell",
    ),
    Key::may(
        "withheld_in",
        KeyKind::Texts,
        "countries (ISO codes): what X withholds there is withheld here; what it withholds everywhere always is",
    ),
    Key::may(
        "jobs_from",
        KeyKind::Number,
        "so many posts and more are asked about again by a compliance job, fewer one by one; 1000",
    ),
    Key::may(
        "silence_seconds",
        KeyKind::Number,
        "a stream silent for so long is opened anew; 20",
    ),
    Key::may("url", KeyKind::Text, "another server of the API"),
];

/// `[[source]] type = "x"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The app's token.
    pub bearer_token: Secret,
    /// What is followed.
    #[serde(default)]
    pub stream: Which,
    /// Which part of a compliance stream.
    #[serde(default = "one")]
    pub partition: u8,
    /// Whether `backfill_minutes` and recovery may be asked for.
    #[serde(default)]
    pub enterprise: bool,
    /// Whether the whole archive may be searched.
    #[serde(default)]
    pub archive: bool,
    /// Rules there may be.
    #[serde(default = "max_rules")]
    pub max_rules: usize,
    /// Characters of a rule.
    #[serde(default = "rule_chars")]
    pub rule_chars: usize,
    /// Characters of a search.
    pub query_chars: Option<usize>,
    /// What begins the tags of our rules.
    #[serde(default = "rule_tag")]
    pub rule_tag: String,
    /// Countries whose withholdings count here.
    #[serde(default)]
    pub withheld_in: Vec<String>,
    /// From how many posts on a job is made.
    #[serde(default = "jobs_from")]
    pub jobs_from: usize,
    /// A stream silent for so long is opened anew.
    #[serde(default = "silence_seconds")]
    pub silence_seconds: f64,
    /// The API's base address.
    #[serde(default = "url")]
    pub url: String,
}

/// What is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The filtered stream.
    #[default]
    Search,
    /// Deletions and withholdings of posts.
    TweetsCompliance,
    /// Deletions, suspensions and protections of accounts.
    UsersCompliance,
}

fn one() -> u8 {
    1
}

fn max_rules() -> usize {
    1000
}

fn rule_chars() -> usize {
    1024
}

fn rule_tag() -> String {
    "groundswell".to_owned()
}

fn jobs_from() -> usize {
    1000
}

/// X sends a sign of life at least every 20 seconds.
fn silence_seconds() -> f64 {
    20.0
}

fn url() -> String {
    "https://api.x.com".to_owned()
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, |c: &Config| {
            [
                not_http("url", &c.url),
                outside("partition", usize::from(c.partition), 1, 4),
                outside("max_rules", c.max_rules, 1, 1_000_000),
                outside("rule_chars", c.rule_chars, 64, 4096),
                outside("query_chars", c.query_chars(), 64, 4096),
                outside("jobs_from", c.jobs_from, 1, 10_000_000),
                bad_tag(&c.rule_tag),
                not_seconds("silence_seconds", c.silence_seconds, 600.0),
            ]
            .into_iter()
            .flatten()
            .chain(c.withheld_in.iter().filter_map(|code| no_country(code)))
            .collect()
        })
    }

    /// Characters of a search.
    pub(super) fn query_chars(&self) -> usize {
        self.query_chars.unwrap_or(if self.archive { 1024 } else { 512 })
    }
}

fn outside(key: &str, value: usize, least: usize, most: usize) -> Option<String> {
    (!(least..=most).contains(&value)).then(|| format!("{key}: {value} is not between {least} and {most}"))
}

fn bad_tag(tag: &str) -> Option<String> {
    let good =
        !tag.is_empty() && tag.len() <= 32 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    (!good).then(|| format!("rule_tag: {tag:?} is not 1 to 32 letters, digits and hyphens"))
}

fn no_country(code: &str) -> Option<String> {
    let good = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    (!good).then(|| format!("withheld_in: {code:?} is no ISO 3166-1 alpha-2 code"))
}
