//! Addresses of links: what `url:` and `links:` compare.

/// An address without scheme, `www.`, fragment and closing slash. It must be folded.
pub(crate) fn normalise(address: &str) -> &str {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    let address = address.strip_prefix("www.").unwrap_or(address);
    let address = address.split_once('#').map_or(address, |(before, _)| before);
    address.trim_end_matches('/')
}

/// The words of a folded address: everything between punctuation, the scheme left out.
pub(crate) fn words(address: &str) -> impl Iterator<Item = &str> {
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    address
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
}

/// Parts of a path that are looked at.
const MAX_PARTS: usize = 16;

/// Calls `each` with everything a normalised address can be asked for by: its host and the hosts above it, each alone
/// and with every begin of the path.
pub(crate) fn heads(address: &str, mut each: impl FnMut(&str)) {
    let host_end = address.find(['/', '?']).unwrap_or(address.len());
    let mut start = 0;
    loop {
        each(&address[start..host_end]);
        let path = &address[host_end..];
        let bounds = path
            .char_indices()
            .filter(|(i, c)| *i > 0 && matches!(c, '/' | '?' | '&'));
        for (i, _) in bounds.take(MAX_PARTS) {
            each(&address[start..host_end + i]);
        }
        if !path.is_empty() {
            each(&address[start..]);
        }
        let Some((label, parent)) = address[start..host_end].split_once('.') else {
            return;
        };
        if !parent.contains('.') {
            return;
        }
        start += label.len() + 1;
    }
}
