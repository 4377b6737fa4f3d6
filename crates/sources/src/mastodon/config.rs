//! What can be configured about Mastodon.

use super::PLATFORM;
use super::instance::Instance;
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must(
        "instances",
        KeyKind::Texts,
        "hosts or addresses of instances, at most 64",
    ),
    Key::may(
        "tokens",
        KeyKind::Secret,
        "user tokens with `read:statuses`: a line `host token` for each instance that has one; a token alone where there \
         is one instance. With it an instance is streamed and searched, without it its timeline is asked for",
    ),
    Key::may(
        "timeline",
        KeyKind::Text,
        "`public` (all that the instance sees), `local`, `remote` or `none`; public, or none where hashtags are given",
    ),
    Key::may(
        "hashtags",
        KeyKind::Texts,
        "hashtags to follow. Unless the timeline is public, those of the monitors are followed as well",
    ),
    Key::may(
        "transport",
        KeyKind::Text,
        "how an instance is streamed: `websocket` or `sse`; websocket",
    ),
    Key::may(
        "poll_seconds",
        KeyKind::Number,
        "how often a timeline is asked for; 30",
    ),
    Key::may(
        "idle_seconds",
        KeyKind::Number,
        "silence after which a stream is taken for dead; 60 (instances thump every 15 s)",
    ),
    Key::may(
        "objects_url",
        KeyKind::Text,
        "where posts of other instances are looked up again; https://{host}",
    ),
];

/// More instances are no one source's.
const MOST_INSTANCES: usize = 64;

/// `[[source]] type = "mastodon"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Hosts, or addresses with `https://` or `http://`.
    pub instances: Vec<String>,
    /// A line an instance: its host, a space, its token.
    pub tokens: Option<Secret>,
    /// Which timeline is followed.
    pub timeline: Option<Feed>,
    /// Hashtags followed.
    pub hashtags: Vec<String>,
    /// How instances are streamed.
    pub transport: Transport,
    /// Seconds between two questions for a timeline.
    pub poll_seconds: f64,
    /// Seconds of silence.
    pub idle_seconds: f64,
    /// Where objects of other instances are; `{host}` is put in.
    pub objects_url: String,
}

/// A timeline of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feed {
    /// Every public post the instance sees.
    Public,
    /// Those of its own accounts.
    Local,
    /// Those of other instances.
    Remote,
    /// None: hashtags only.
    None,
}

/// How an instance is streamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// All its timelines over one WebSocket.
    #[default]
    Websocket,
    /// Each timeline as Server-Sent Events.
    Sse,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            instances: Vec::new(),
            tokens: None,
            timeline: None,
            hashtags: Vec::new(),
            transport: Transport::default(),
            poll_seconds: 30.0,
            idle_seconds: 60.0,
            objects_url: "https://{host}".to_owned(),
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(PLATFORM, table, Config::faults)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !(1..=MOST_INSTANCES).contains(&self.instances.len()) {
            faults.push(format!("instances: name 1 to {MOST_INSTANCES} of them"));
        }
        let mut names = BTreeSet::new();
        for instance in &self.instances {
            let (base, name) = address(instance);
            if let Some(fault) = not_http("instances", &base) {
                faults.push(fault);
            }
            if !names.insert(name) {
                faults.push(format!("instances: {instance:?} stands there twice"));
            }
        }
        if let Err(fault) = self.each_token() {
            faults.push(fault);
        }
        for tag in self.hashtags.iter().filter(|t| !is_tag(t)) {
            faults.push(format!("hashtags: {tag:?} is no hashtag"));
        }
        faults.extend(not_seconds("poll_seconds", self.poll_seconds, 86_400.0));
        faults.extend(not_seconds("idle_seconds", self.idle_seconds, 3600.0));
        let objects = self.objects_url.replace("{host}", "h");
        faults.extend(not_http("objects_url", &objects));
        faults
    }

    /// The timeline followed.
    pub(super) fn feed(&self) -> Feed {
        let default = if self.hashtags.is_empty() {
            Feed::Public
        } else {
            Feed::None
        };
        self.timeline.unwrap_or(default)
    }

    /// The instances with their tokens.
    pub(super) fn each_instance(&self) -> Vec<Instance> {
        let tokens = self.each_token().unwrap_or_default();
        let instance = |text: &String| {
            let (base, name) = address(text);
            let token = tokens.iter().find(|(n, _)| *n == name).map(|(_, t)| t.clone());
            Instance { base, name, token }
        };
        self.instances.iter().map(instance).collect()
    }

    /// The instances' names with their tokens; faults do not show them.
    fn each_token(&self) -> Result<Vec<(String, Secret)>, String> {
        let mut tokens = Vec::new();
        let names: Vec<String> = self.instances.iter().map(|i| address(i).1).collect();
        let text = self.tokens.as_ref().map_or("", Secret::expose);
        for (number, line) in text
            .lines()
            .map(str::trim)
            .enumerate()
            .filter(|(_, l)| !l.is_empty())
        {
            let place = format!("tokens: line {}", number + 1);
            let (name, token) = match (line.split_once(char::is_whitespace), names.as_slice()) {
                (Some((host, token)), _) => (address(host).1, token.trim()),
                (None, [only]) => (only.clone(), line),
                (None, _) => return Err(format!("{place}: needs a host before the token")),
            };
            if !names.contains(&name) {
                return Err(format!("{place}: its host is not one of the instances"));
            }
            if !token.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(format!("{place}: is no token"));
            }
            tokens.push((name, Secret::new(token)));
        }
        Ok(tokens)
    }
}

/// The base address of an instance, and its name: the same without scheme.
fn address(text: &str) -> (String, String) {
    let text = text.trim().trim_end_matches('/');
    match text.split_once("://") {
        Some((_, rest)) => (text.to_owned(), rest.to_lowercase()),
        None => (format!("https://{text}"), text.to_lowercase()),
    }
}

fn is_tag(tag: &str) -> bool {
    !tag.is_empty()
        && tag.chars().count() <= 100
        && tag.chars().all(|c| c.is_alphanumeric() || "_·・".contains(c))
}
