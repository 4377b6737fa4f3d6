//! Who may say explanations in other words: `[rephrase]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use crate::rephrase::Settings;
use sources::http::outgoing;
use std::path::Path;
use std::time::Duration;
use toml::Table;

/// How long an answer may take where nothing is said, in seconds.
const TIMEOUT: u64 = 30;
const PATH: &str = "/chat/completions";

pub(super) fn read_rephrase(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Settings> {
    let mut r = Reader::new(table, "rephrase", faults);
    let allow_remote = r.truth("allow_remote").unwrap_or(false);
    let url = r
        .required_text("url")
        .and_then(|text| match address(text, allow_remote) {
            Ok(url) => Some(url),
            Err(message) => {
                r.fault("url", message);
                None
            }
        });
    let model = r.required_text("model").map(str::trim).map(str::to_owned);
    if model.as_deref() == Some("") {
        r.fault("model", "is empty");
    }
    let key = r.text("key").and_then(|text| match secret(text, base) {
        Ok(secret) => Some(secret),
        Err(message) => {
            r.fault("key", message);
            None
        }
    });
    let timeout = r.number("timeout_seconds", 1, 120).unwrap_or(TIMEOUT);
    r.finish();
    Some(Settings {
        url: url?,
        model: model?,
        key,
        timeout: Duration::from_secs(timeout),
    })
}

/// The address that is asked: this machine's own in any case, any other with TLS and where it is allowed.
fn address(text: &str, allow_remote: bool) -> Result<String, String> {
    let mut url = outgoing::check(text)?;
    if !outgoing::is_of_this_machine(&url) {
        if url.scheme() != "https" {
            return Err("an address that is not of this machine needs https://".to_owned());
        }
        if !allow_remote {
            return Err("is not of this machine: rephrase.allow_remote = true lets counts, terms and sentences leave it".to_owned());
        }
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("ends with its path: what follows `?` or `#` is not asked for".to_owned());
    }
    let path = url.path().trim_end_matches('/');
    if !path.ends_with(PATH) {
        let path = format!("{path}{PATH}");
        url.set_path(&path);
    }
    Ok(url.into())
}
