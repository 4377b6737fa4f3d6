//! What can be configured about Reddit.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The most subreddits, searches or threads.
const MOST: usize = 100;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("client_id", KeyKind::Text, "the id of your app at Reddit"),
    Key::may(
        "client_secret",
        KeyKind::Secret,
        "the app's secret; installed apps have none",
    ),
    Key::may(
        "refresh_token",
        KeyKind::Secret,
        "reads as the account that gave it; without it as the app alone",
    ),
    Key::must(
        "username",
        KeyKind::Text,
        "the account behind the app, which Reddit wants named in every request",
    ),
    Key::may(
        "app_id",
        KeyKind::Text,
        "the app's name in every request; groundswell",
    ),
    Key::may(
        "subreddits",
        KeyKind::Texts,
        "subreddits to read whole; a+b reads two as one list",
    ),
    Key::may(
        "comments",
        KeyKind::Flag,
        "whether their comments are read too; true",
    ),
    Key::may(
        "searches",
        KeyKind::Texts,
        "searches in Reddit's own language, of at most 512 characters",
    ),
    Key::may(
        "search_wanted",
        KeyKind::Flag,
        "whether to search for what the monitors look for; true",
    ),
    Key::may(
        "threads",
        KeyKind::Texts,
        "posts whose comments are read whole: ids or addresses",
    ),
    Key::may("poll_seconds", KeyKind::Number, "how often lists are read; 30"),
    Key::may(
        "thread_seconds",
        KeyKind::Number,
        "how often threads are read; 600",
    ),
    Key::may("api_url", KeyKind::Text, "another server of the API"),
    Key::may("token_url", KeyKind::Text, "another token endpoint"),
];

/// `[[source]] type = "reddit"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The app's id.
    pub client_id: String,
    /// The app's secret.
    pub client_secret: Option<Secret>,
    /// A refresh token of an account.
    pub refresh_token: Option<Secret>,
    /// The account named in the User-Agent.
    pub username: String,
    /// The app's name in the User-Agent.
    #[serde(default = "app_id")]
    pub app_id: String,
    /// Subreddits read whole, without `r/`.
    #[serde(default)]
    pub subreddits: Vec<String>,
    /// Whether their comments are read.
    #[serde(default = "yes")]
    pub comments: bool,
    /// Searches in Reddit's language.
    #[serde(default)]
    pub searches: Vec<String>,
    /// Whether what monitors look for is searched.
    #[serde(default = "yes")]
    pub search_wanted: bool,
    /// Posts whose comments are read whole.
    #[serde(default)]
    pub threads: Vec<String>,
    /// Seconds between two readings of the lists.
    #[serde(default = "poll_seconds")]
    pub poll_seconds: f64,
    /// Seconds between two readings of a thread.
    #[serde(default = "thread_seconds")]
    pub thread_seconds: f64,
    /// The API.
    #[serde(default = "api_url")]
    pub api_url: String,
    /// The token endpoint.
    #[serde(default = "token_url")]
    pub token_url: String,
}

fn app_id() -> String {
    "groundswell".to_owned()
}
fn yes() -> bool {
    true
}
fn poll_seconds() -> f64 {
    30.0
}
fn thread_seconds() -> f64 {
    600.0
}
fn api_url() -> String {
    "https://oauth.reddit.com".to_owned()
}
fn token_url() -> String {
    "https://www.reddit.com/api/v1/access_token".to_owned()
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, Config::faults)
    }

    fn faults(&self) -> Vec<String> {
        let named = |key: &str, name: &str| {
            let good = !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            (!good).then(|| format!("{key}: {name:?} is no name"))
        };
        let many = |key: &str, all: &[String]| (all.len() > MOST).then(|| format!("{key}: more than {MOST}"));
        let subreddits = self.subreddits.iter().filter(|s| !is_subreddit(s));
        let searches = self
            .searches
            .iter()
            .filter(|q| q.trim().is_empty() || q.chars().count() > super::query::MAX_QUERY);
        let threads = self.threads.iter().filter(|t| thread_id(t).is_none());
        [
            named("client_id", &self.client_id),
            named("username", &self.username),
            named("app_id", &self.app_id),
            many("subreddits", &self.subreddits),
            many("searches", &self.searches),
            many("threads", &self.threads),
            not_seconds("poll_seconds", self.poll_seconds, 86_400.0),
            not_seconds("thread_seconds", self.thread_seconds, 86_400.0),
            not_http("api_url", &self.api_url),
            not_http("token_url", &self.token_url),
        ]
        .into_iter()
        .flatten()
        .chain(subreddits.map(|s| format!("subreddits: {s:?} is no subreddit, which is written without r/")))
        .chain(searches.map(|q| format!("searches: {q:?} is empty or longer than 512 characters")))
        .chain(threads.map(|t| format!("threads: {t:?} is no id or address of a post")))
        .collect()
    }

    /// What Reddit wants every request to say: `<platform>:<app>:<version> (by /u/<account>)`.
    pub(super) fn user_agent(&self) -> String {
        let version = env!("CARGO_PKG_VERSION");
        format!("server:{}:v{version} (by /u/{})", self.app_id, self.username)
    }
}

fn is_subreddit(name: &str) -> bool {
    let one =
        |n: &str| (2..=30).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // Names stand in the cursor, which is bounded.
    name.len() <= 90 && name.split('+').all(one)
}

/// The id of a post, from itself, its fullname or its address.
pub(super) fn thread_id(text: &str) -> Option<&str> {
    let id = match text.split_once("/comments/") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next()?,
        None => text.strip_prefix("t3_").unwrap_or(text),
    };
    super::wire::number(id).map(|_| id)
}
