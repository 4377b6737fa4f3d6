//! What can be configured about feeds.

use super::{CONNECTOR, tree};
use crate::config::{self, not_http, not_seconds};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Feeds of one source. Its cursor must stay within 32 KiB.
pub(super) const MAX_FEEDS: usize = 200;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may(
        "urls",
        KeyKind::Texts,
        "addresses of feeds, or of pages that name their feed",
    ),
    Key::may("opml", KeyKind::Text, "an OPML file with more of them"),
    Key::may(
        "poll_seconds",
        KeyKind::Number,
        "how often to ask each feed at most; 600",
    ),
    Key::may(
        "country",
        KeyKind::Text,
        "the country of these sites (ISO 3166-1 alpha-2)",
    ),
];

/// `[[source]] type = "feed"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Addresses of feeds, or of pages that name their feed.
    pub urls: Vec<String>,
    /// An OPML file with more of them.
    pub opml: Option<PathBuf>,
    /// Seconds between two questions to a feed; more where the feed asks for it.
    pub poll_seconds: f64,
    /// The country of these sites, ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            opml: None,
            poll_seconds: 600.0,
            country: None,
        }
    }
}

impl Config {
    /// Reads and checks a configuration table, and the OPML file it names; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        let mut config: Self = config::read(CONNECTOR, table, |_| Vec::new())?;
        let mut faults = Vec::new();
        if let Some(path) = &config.opml {
            match outlines(path) {
                Ok(urls) => config.urls.extend(urls),
                Err(why) => faults.push(format!("opml: {why}")),
            }
        }
        faults.extend(config.urls.iter().filter_map(|u| not_http("urls", u)));
        config.urls.sort_unstable();
        config.urls.dedup();
        if config.urls.is_empty() && faults.is_empty() {
            faults.push("urls: is empty, name at least one feed".to_owned());
        }
        if config.urls.len() > MAX_FEEDS {
            faults.push(format!(
                "urls: {} feeds, more than {MAX_FEEDS} in one source",
                config.urls.len()
            ));
        }
        faults.extend(not_seconds("poll_seconds", config.poll_seconds, 86_400.0));
        if let Some(country) = &config.country
            && !(country.len() == 2 && country.bytes().all(|b| b.is_ascii_uppercase()))
        {
            faults.push(format!("country: {country:?} is no ISO 3166-1 alpha-2 code"));
        }
        if faults.is_empty() {
            return Ok(config);
        }
        Err(SourceError::Config {
            connector: CONNECTOR,
            message: faults.join("; "),
        })
    }
}

/// The addresses of an OPML file.
fn outlines(path: &Path) -> Result<Vec<String>, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("cannot read {}: {e}", path.display()))?;
    let text = super::encoding::decode(&bytes, None);
    let root = tree::read(&text)
        .map(|(root, _)| root)
        .filter(|r| r.name == "opml");
    let root = root.ok_or_else(|| format!("{} is no OPML", path.display()))?;
    let mut urls = Vec::new();
    let mut open = vec![&root];
    while let Some(node) = open.pop() {
        urls.extend(node.attribute("xmlurl").map(|u| u.trim().to_owned()));
        open.extend(node.nodes());
    }
    Ok(urls)
}
