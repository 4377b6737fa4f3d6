//! What can be configured about a webhook.

use super::CONNECTOR;
use crate::config;
use crate::error::SourceError;
use crate::file::ColumnMap;
use crate::registry::{Key, KeyKind};
use crate::secret::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("secret", KeyKind::Secret, "what the sender signs with, or shows"),
    Key::may(
        "scheme",
        KeyKind::Text,
        "`standard` (Standard Webhooks), `sha256` (X-Hub-Signature-256) or `bearer`",
    ),
    Key::may(
        "tolerance_seconds",
        KeyKind::Number,
        "how old a signed call may be; 300",
    ),
    Key::may("platform", KeyKind::Text, "the platform of posts that do not say"),
    Key::may(
        "map",
        KeyKind::Table,
        "fields by other names: field = field or path",
    ),
    Key::may(
        "keep_ids",
        KeyKind::Flag,
        "keep ids as they are, without the platform before them",
    ),
];

/// How a call shows that it may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature: v1,<base64>`.
    #[default]
    Standard,
    /// `X-Hub-Signature-256: sha256=<hex>` over the body.
    Sha256,
    /// `Authorization: Bearer <secret>`.
    Bearer,
}

/// `[[source]] type = "webhook"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What the sender signs with, or shows. For `standard` in base64, with or without `whsec_` before it.
    pub secret: Secret,
    /// How a call shows that it may.
    #[serde(default)]
    pub scheme: Scheme,
    /// Seconds that the time of a signed call may be off (`standard`).
    #[serde(default = "tolerance")]
    pub tolerance_seconds: u32,
    /// The platform of posts that do not say.
    pub platform: Option<String>,
    /// Fields with other names.
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// Leave ids as the sender writes them.
    #[serde(default)]
    pub keep_ids: bool,
}

fn tolerance() -> u32 {
    300
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        config::read(CONNECTOR, table, |c: &Config| {
            let mut faults: Vec<String> = match ColumnMap::from_table(&c.map) {
                Ok(_) => Vec::new(),
                Err(errors) => errors.iter().map(|e| format!("map: {e}")).collect(),
            };
            if c.scheme == Scheme::Standard && c.key().is_none() {
                faults.push(
                    "secret: is no base64 of 16 bytes or more, as Standard Webhooks asks for".to_owned(),
                );
            }
            if !(10..=86_400).contains(&c.tolerance_seconds) {
                faults.push(format!(
                    "tolerance_seconds: {} is not between 10 and 86400",
                    c.tolerance_seconds
                ));
            }
            faults
        })
    }

    /// The key of a Standard Webhooks secret.
    pub(super) fn key(&self) -> Option<Vec<u8>> {
        let secret = self.secret.expose();
        let key = BASE64_STANDARD
            .decode(secret.strip_prefix("whsec_").unwrap_or(secret))
            .ok()?;
        (key.len() >= 16).then_some(key)
    }
}
