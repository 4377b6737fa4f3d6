//! The country of a community or site.

use super::gazetteer::gazetteer;

/// Country-code domains in general use, or of no country: they say nothing of where a site belongs.
const GENERIC: [&str; 41] = [
    "ac", "ad", "ag", "ai", "am", "as", "bz", "cc", "cd", "cf", "cm", "co", "cx", "dj", "fm", "ga", "gg",
    "gl", "gq", "gs", "im", "io", "is", "la", "li", "ly", "me", "ml", "ms", "mu", "nu", "pw", "sc", "sh",
    "st", "tk", "to", "tv", "vc", "vg", "ws",
];

/// The country whose domain the host `community` ends in.
pub(super) fn country_of_host(community: &str) -> Option<&'static str> {
    let host = community.trim().trim_end_matches('.');
    let (name, top) = host.rsplit_once('.')?;
    let is_host = (1..254).contains(&name.len())
        && !name.starts_with('.')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    if !is_host || top.len() != 2 {
        return None;
    }
    let top = top.to_ascii_lowercase();
    if GENERIC.contains(&top.as_str()) {
        return None;
    }
    let code = if top == "uk" {
        "GB".to_owned()
    } else {
        top.to_ascii_uppercase()
    };
    let gazetteer = gazetteer();
    gazetteer.area(gazetteer.country(&code)?).map(|a| a.country)
}
