//! What can be configured about the Bluesky source.

use super::PLATFORM;
use super::frame::Collection;
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use serde::Deserialize;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::may(
        "endpoints",
        KeyKind::Texts,
        "Jetstream hosts, tried in turn; the public ones by default",
    ),
    Key::may(
        "url",
        KeyKind::Text,
        "one address instead, of a server of your own",
    ),
    Key::may(
        "wanted_collections",
        KeyKind::Texts,
        "`app.bsky.feed.post` and, if wished, `app.bsky.feed.repost`",
    ),
    Key::may(
        "wanted_dids",
        KeyKind::Texts,
        "only these authors, at most 10,000",
    ),
    Key::may(
        "idle_seconds",
        KeyKind::Number,
        "silence after which the connection is probed; 30",
    ),
];

/// The most authors a Jetstream server accepts in one subscription.
const MAX_DIDS: usize = 10_000;

/// `[[source]] type = "bluesky"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Jetstream hosts, or `ws://` and `wss://` addresses, tried in turn. The public hosts by default.
    pub endpoints: Vec<String>,
    /// One address instead of `endpoints`, such as `ws://127.0.0.1:6008` of a server of your own.
    pub url: Option<String>,
    /// `app.bsky.feed.post` (the default) and, if wished, `app.bsky.feed.repost`; reposts have no text.
    pub wanted_collections: Vec<String>,
    /// Only these authors (DIDs), at most 10,000; everybody where empty.
    pub wanted_dids: Vec<String>,
    /// Seconds of silence after which the connection is probed; after half as long again without an answer it is
    /// made anew. 30 by default.
    pub idle_seconds: f64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            endpoints: [
                "jetstream1.us-east.bsky.network",
                "jetstream2.us-east.bsky.network",
                "jetstream1.us-west.bsky.network",
                "jetstream2.us-west.bsky.network",
            ]
            .map(str::to_owned)
            .to_vec(),
            url: None,
            wanted_collections: vec![Collection::Post.nsid().to_owned()],
            wanted_dids: Vec::new(),
            idle_seconds: 30.0,
        }
    }
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        let fault = |message| SourceError::Config {
            connector: PLATFORM,
            message,
        };
        let config = Config::deserialize(table).map_err(|e| fault(e.message().trim().to_owned()))?;
        let faults = config.faults();
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(fault(faults.join("; ")))
        }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.url.is_none() && self.endpoints.is_empty() {
            faults.push("endpoints: is empty, name at least one host".to_owned());
        }
        for address in self.url.iter().chain(&self.endpoints) {
            if !is_address(address) {
                faults.push(format!(
                    "endpoints: {address:?} is neither a host nor a ws:// or wss:// address"
                ));
            }
        }
        if self.wanted_collections.is_empty() {
            faults.push("wanted_collections: is empty".to_owned());
        }
        for name in &self.wanted_collections {
            if Collection::from_nsid(name).is_none() {
                faults.push(format!(
                    "wanted_collections: {name:?} is not delivered, only app.bsky.feed.post and app.bsky.feed.repost"
                ));
            }
        }
        if self.wanted_dids.len() > MAX_DIDS {
            faults.push(format!(
                "wanted_dids: {} authors, more than {MAX_DIDS}",
                self.wanted_dids.len()
            ));
        }
        for did in self.wanted_dids.iter().filter(|d| !is_did(d)) {
            faults.push(format!("wanted_dids: {did:?} is not a DID such as did:plc:…"));
        }
        if !(0.05..=3600.0).contains(&self.idle_seconds) {
            faults.push(format!(
                "idle_seconds: {} is not between 0.05 and 3600",
                self.idle_seconds
            ));
        }
        faults
    }

    /// The addresses to try in turn, without query.
    pub(super) fn addresses(&self) -> Vec<String> {
        match &self.url {
            Some(url) => vec![subscribe_address(url)],
            None => self.endpoints.iter().map(|e| subscribe_address(e)).collect(),
        }
    }

    /// The query of a subscription that resumes at `cursor` (µs since 1970), or starts now.
    pub(super) fn query(&self, cursor: Option<u64>) -> String {
        let collections = self
            .wanted_collections
            .iter()
            .map(|c| format!("wantedCollections={c}"));
        let dids = self.wanted_dids.iter().map(|d| format!("wantedDids={d}"));
        let cursor = cursor.map(|c| format!("cursor={c}"));
        collections
            .chain(dids)
            .chain(cursor)
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn subscribe_address(address: &str) -> String {
    let full = if address.contains("://") {
        address.to_owned()
    } else {
        format!("wss://{address}")
    };
    let trimmed = full.trim_end_matches('/');
    let has_path = trimmed
        .split_once("://")
        .is_some_and(|(_, rest)| rest.contains('/'));
    if has_path {
        trimmed.to_owned()
    } else {
        format!("{trimmed}/subscribe")
    }
}

fn is_address(address: &str) -> bool {
    let host = match address.split_once("://") {
        Some(("ws" | "wss", rest)) => rest,
        Some(_) => return false,
        None => address,
    };
    !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_graphic() && !"?#@\"<>".contains(c))
}

fn is_did(did: &str) -> bool {
    did.len() <= 2048
        && did.strip_prefix("did:").is_some_and(|rest| {
            rest.contains(':')
                && rest
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._:%-".contains(&b))
        })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        Config::from_table(text.parse().unwrap()).map_err(|e| e.to_string())
    }

    #[test]
    fn the_default_follows_the_public_hosts() {
        let config = read("").unwrap();
        assert_eq!(
            config.addresses()[0],
            "wss://jetstream1.us-east.bsky.network/subscribe"
        );
        assert_eq!(config.query(None), "wantedCollections=app.bsky.feed.post");
        assert_eq!(
            config.query(Some(7)),
            "wantedCollections=app.bsky.feed.post&cursor=7"
        );
    }

    #[test]
    fn own_servers_may_have_a_path() {
        let address = |url: &str| read(&format!("url = {url:?}")).unwrap().addresses();
        assert_eq!(address("ws://127.0.0.1:6008"), ["ws://127.0.0.1:6008/subscribe"]);
        assert_eq!(address("ws://127.0.0.1:6008/"), ["ws://127.0.0.1:6008/subscribe"]);
        assert_eq!(
            address("wss://h.example/js/subscribe"),
            ["wss://h.example/js/subscribe"]
        );
    }

    #[test]
    fn every_fault_is_named_with_its_value() {
        let error = read(
            "url = \"http://h\"\nwanted_collections = [\"a.b\"]\nwanted_dids = [\"ann\"]\nidle_seconds = 0",
        )
        .unwrap_err();
        for part in ["\"http://h\"", "\"a.b\"", "\"ann\"", "idle_seconds: 0"] {
            assert!(error.contains(part), "{part} is missing in {error}");
        }
        assert!(
            read("endpoint = \"x\"")
                .unwrap_err()
                .contains("unknown field `endpoint`")
        );
    }
}
