//! What can be configured about YouTube.

use super::PLATFORM;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;

/// The most channels, videos or searches.
const MOST: usize = 100;
/// A longer search is refused.
const MAX_SEARCH: usize = 300;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may(
        "api_key",
        KeyKind::Secret,
        "a key of the YouTube Data API; or sign in with the next three",
    ),
    Key::may(
        "client_id",
        KeyKind::Text,
        "the id of your OAuth client at Google",
    ),
    Key::may("client_secret", KeyKind::Secret, "its secret"),
    Key::may(
        "refresh_token",
        KeyKind::Secret,
        "a refresh token that an account gave it",
    ),
    Key::may(
        "channels",
        KeyKind::Texts,
        "channels whose videos and comments are read: ids (UC…) or @handles",
    ),
    Key::may(
        "videos",
        KeyKind::Texts,
        "videos whose comments are read: ids or addresses",
    ),
    Key::may("comments", KeyKind::Flag, "whether comments are read; true"),
    Key::may(
        "searches",
        KeyKind::Texts,
        "searches for videos, in YouTube's own language",
    ),
    Key::may(
        "search_wanted",
        KeyKind::Flag,
        "whether to search for what the monitors look for; true",
    ),
    Key::may(
        "followed_videos",
        KeyKind::Number,
        "of so many videos found by searching, comments are read too; 20",
    ),
    Key::may(
        "poll_seconds",
        KeyKind::Number,
        "how often channels and comments are read; 900",
    ),
    Key::may(
        "search_seconds",
        KeyKind::Number,
        "how often to search at most; 3600",
    ),
    Key::may("api_url", KeyKind::Text, "another server of the API"),
    Key::may("token_url", KeyKind::Text, "another token endpoint"),
];

/// `[[source]] type = "youtube"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// A key of the API.
    pub api_key: Option<Secret>,
    /// The OAuth client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: Option<Secret>,
    /// A refresh token.
    pub refresh_token: Option<Secret>,
    /// Channel ids or handles.
    pub channels: Vec<String>,
    /// Video ids or addresses.
    pub videos: Vec<String>,
    /// Whether comments are read.
    pub comments: bool,
    /// Searches.
    pub searches: Vec<String>,
    /// Whether what monitors look for is searched.
    pub search_wanted: bool,
    /// Videos found by searching whose comments are read.
    pub followed_videos: usize,
    /// Seconds between two readings.
    pub poll_seconds: f64,
    /// Seconds between two searches for the same, at least.
    pub search_seconds: f64,
    /// The API.
    pub api_url: String,
    /// The token endpoint.
    pub token_url: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            api_key: None,
            client_id: String::new(),
            client_secret: None,
            refresh_token: None,
            channels: Vec::new(),
            videos: Vec::new(),
            comments: true,
            searches: Vec::new(),
            search_wanted: true,
            followed_videos: 20,
            poll_seconds: 900.0,
            search_seconds: 3600.0,
            api_url: "https://www.googleapis.com".to_owned(),
            token_url: "https://oauth2.googleapis.com/token".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, Config::faults)
    }

    fn faults(&self) -> Vec<String> {
        let many = |key: &str, all: &[String]| (all.len() > MOST).then(|| format!("{key}: more than {MOST}"));
        let keyless = self.api_key.is_none() && self.client_id.is_empty();
        let channels = self.channels.iter().filter(|c| channel(c).is_none());
        let videos = self.videos.iter().filter(|v| video_id(v).is_none());
        let searches = self
            .searches
            .iter()
            .filter(|q| q.trim().is_empty() || q.chars().count() > MAX_SEARCH);
        [
            keyless.then(|| "api_key: neither it nor client_id is there".to_owned()),
            many("channels", &self.channels),
            many("videos", &self.videos),
            many("searches", &self.searches),
            (self.followed_videos > MOST).then(|| format!("followed_videos: more than {MOST}")),
            not_seconds("poll_seconds", self.poll_seconds, 86_400.0),
            not_seconds("search_seconds", self.search_seconds, 30.0 * 86_400.0),
            not_http("api_url", &self.api_url),
            not_http("token_url", &self.token_url),
        ]
        .into_iter()
        .flatten()
        .chain(channels.map(|c| format!("channels: {c:?} is neither a channel's id nor a @handle")))
        .chain(videos.map(|v| format!("videos: {v:?} is no id or address of a video")))
        .chain(searches.map(|q| format!("searches: {q:?} is empty or longer than {MAX_SEARCH} characters")))
        .collect()
    }
}

/// How a channel is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Channel {
    Id(String),
    /// With its `@`.
    Handle(String),
}

pub(super) fn channel(text: &str) -> Option<Channel> {
    if text.starts_with('@') && text.len() > 1 && !text.contains(char::is_whitespace) {
        return Some(Channel::Handle(text.to_owned()));
    }
    let is_id = text.starts_with("UC") && text.len() == 24 && is_token(text);
    is_id.then(|| Channel::Id(text.to_owned()))
}

/// The id of a video, from itself or its address.
pub(super) fn video_id(text: &str) -> Option<&str> {
    let behind = |mark: &str| text.split_once(mark).map(|(_, rest)| rest);
    let rest = behind("watch?v=")
        .or_else(|| behind("youtu.be/"))
        .or_else(|| behind("/shorts/"));
    let id = rest.unwrap_or(text).split(['&', '?', '#', '/']).next()?;
    is_video(id).then_some(id)
}

/// Whether this has the form of a video's id.
pub(super) fn is_video(id: &str) -> bool {
    id.len() == 11 && is_token(id)
}

/// Whether this may be an id of YouTube at all.
pub(super) fn is_token(id: &str) -> bool {
    let good = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=200).contains(&id.len()) && id.bytes().all(good)
}
