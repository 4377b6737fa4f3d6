//! Recorded data beside the project: never committed, skipped with a notice where absent.

use std::path::PathBuf;

/// The path of something in the shared folder, if it is there.
pub(crate) fn shared(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("GROUNDSWELL_SHARED").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")),
        PathBuf::from,
    );
    let path = root.join(relative);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {relative} is not beside the project (GROUNDSWELL_SHARED names the folder)");
    None
}
