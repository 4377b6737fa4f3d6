//! Reading a connector's configuration table.

use crate::error::SourceError;
use serde::de::DeserializeOwned;

/// Reads a table into a connector's configuration and checks it; the error names every fault that `faults` finds.
pub(crate) fn read<T: DeserializeOwned>(
    connector: &'static str,
    table: toml::Table,
    faults: impl FnOnce(&T) -> Vec<String>,
) -> Result<T, SourceError> {
    let fault = |message| SourceError::Config { connector, message };
    let config = T::deserialize(table).map_err(|e| fault(e.message().trim().to_owned()))?;
    let faults = faults(&config);
    if faults.is_empty() {
        Ok(config)
    } else {
        Err(fault(faults.join("; ")))
    }
}

/// A fault where an address is neither `http://` nor `https://`.
pub(crate) fn not_http(key: &str, url: &str) -> Option<String> {
    let host = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let good =
        host.is_some_and(|h| !h.is_empty() && h.chars().all(|c| c.is_ascii_graphic() && !"\"<>".contains(c)));
    (!good).then(|| format!("{key}: {url:?} is no http:// or https:// address"))
}

/// A fault where a number of seconds is out of bounds.
pub(crate) fn not_seconds(key: &str, value: f64, most: f64) -> Option<String> {
    (!(0.01..=most).contains(&value)).then(|| format!("{key}: {value} is not between 0.01 and {most}"))
}
