//! What can be configured about a file source.

use super::CONNECTOR;
use super::columns::ColumnMap;
use super::reader::{FileOptions, Format};
use crate::error::SourceError;
use crate::registry::{Key, KeyKind};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

/// The keys of [`Config`].
pub(super) const KEYS: &[Key] = &[
    Key::must("paths", KeyKind::Texts, "the files, read one after the other"),
    Key::may(
        "format",
        KeyKind::Text,
        "`jsonl`, `json`, `csv` or `tsv`; found out where absent",
    ),
    Key::may("platform", KeyKind::Text, "the platform of posts that do not say"),
    Key::may("map", KeyKind::Table, "columns by other names: field = column"),
    Key::may(
        "speed",
        KeyKind::Text,
        "`max`, or how many times faster than recorded",
    ),
    Key::may(
        "keep_ids",
        KeyKind::Flag,
        "keep ids as they are, without the platform before them",
    ),
];

/// `[[source]] type = "file"`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The files, read one after the other.
    pub paths: Vec<PathBuf>,
    /// `jsonl`, `json`, `csv` or `tsv`; found out where absent.
    pub format: Option<Format>,
    /// The platform of posts that do not say.
    pub platform: Option<String>,
    /// Columns with other names: field = "column".
    #[serde(default)]
    pub map: BTreeMap<String, String>,
    /// `1` is the recorded pace (the default), `10` ten times that, `"max"` as fast as possible.
    #[serde(default)]
    pub speed: Speed,
    /// Leave ids as the file writes them instead of making `<platform>:<id>` of them.
    #[serde(default)]
    pub keep_ids: bool,
}

impl Config {
    /// Reads and checks a configuration table; the error names every fault.
    pub fn from_table(table: toml::Table) -> Result<Self, SourceError> {
        let fault = |message| SourceError::Config {
            connector: CONNECTOR,
            message,
        };
        let config = Config::deserialize(table).map_err(|e| fault(e.message().trim().to_owned()))?;
        let mut faults: Vec<String> = match ColumnMap::from_table(&config.map) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(|e| format!("map: {e}")).collect(),
        };
        if config.paths.is_empty() {
            faults.push("paths: is empty, name at least one file".to_owned());
        }
        if faults.is_empty() {
            Ok(config)
        } else {
            Err(fault(faults.join("; ")))
        }
    }

    /// How to read each file.
    pub(super) fn options(&self) -> Result<FileOptions, SourceError> {
        let map = ColumnMap::from_table(&self.map).map_err(|errors| SourceError::Config {
            connector: CONNECTOR,
            message: errors
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; "),
        })?;
        Ok(FileOptions {
            format: self.format,
            map,
            platform: self.platform.clone(),
            keep_ids: self.keep_ids,
        })
    }
}

/// How fast recorded posts are delivered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Speed {
    /// This many times the recorded pace.
    Times(f64),
    /// As fast as they are taken.
    Max,
}

impl Default for Speed {
    fn default() -> Self {
        Speed::Times(1.0)
    }
}

impl FromStr for Speed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("max") {
            return Ok(Speed::Max);
        }
        match text.parse::<f64>() {
            Ok(times) if times > 0.0 && times.is_finite() => Ok(Speed::Times(times)),
            _ => Err(format!("speed {text:?} is neither a number above 0 nor \"max\"")),
        }
    }
}

impl<'de> Deserialize<'de> for Speed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Number(n) => n.to_string(),
            Written::Text(t) => t,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}
