//! Where real recordings lie, if they are here.

use std::path::PathBuf;

/// A path under the shared data; `None`, with a notice, where it is absent.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GROUNDSWELL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: shared data {path} is not here");
    None
}
