//! What was learned, on disk: one file per project, written whole or not at all. It can be lost: the store is walked
//! again then.

use super::state::Walked;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use trends::snapshot;

/// The folder in the data folder.
pub(super) const FOLDER: &str = "detect";

fn path(data: &Path, project: &str) -> PathBuf {
    data.join(FOLDER).join(format!("{project}.state"))
}

/// Writes a project's.
pub(super) fn save(data: &Path, project: &str, walked: &Walked) -> io::Result<()> {
    let bytes = snapshot::write(walked).map_err(io::Error::other)?;
    let path = path(data, project);
    let beside = path.with_extension("new");
    fs::create_dir_all(data.join(FOLDER))?;
    let mut file = fs::File::create(&beside)?;
    file.write_all(&bytes)?;
    file.sync_all()?;
    fs::rename(&beside, &path)
}

/// Reads a project's. What cannot be read, or is of other keys, is set aside.
pub(super) fn load(data: &Path, project: &str, keys: &str) -> Option<Walked> {
    let path = path(data, project);
    let bytes = fs::read(&path).ok()?;
    let reason = match snapshot::read::<Walked>(&bytes) {
        Ok(walked) if walked.keys == keys => return Some(walked),
        Ok(_) => "it is of other keys".to_owned(),
        Err(error) => error.to_string(),
    };
    tracing::warn!(
        project,
        reason,
        "what detectors had learned cannot be used; the store is walked again"
    );
    if let Err(error) = fs::rename(&path, path.with_extension("aside")) {
        tracing::warn!(project, %error, "it cannot be set aside");
    }
    None
}

/// Removes a project's.
pub(super) fn remove(data: &Path, project: &str) {
    // One that was never there is as good.
    let _ = fs::remove_file(path(data, project));
}
