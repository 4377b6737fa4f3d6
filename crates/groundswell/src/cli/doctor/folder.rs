//! The data folder: whether it can be written, whose it is, and how much room there is.

use super::report::Report;
use crate::config::Config;
use std::path::Path;

/// With less than this nothing can be promised.
const LEAST: u64 = 500_000_000;
/// What the store and everything beside the journal should have.
const BESIDE: u64 = 1_000_000_000;

pub(super) fn look(data: &Path, settings: Option<&Config>, report: &mut Report) {
    if !data.exists() {
        report.fault(
            "folder",
            data.display(),
            "it is not there",
            "`groundswell run` makes it at its first start; or restore a backup: `groundswell restore ARCHIVE --data DIR`",
        );
        return;
    }
    match tempfile::tempfile_in(data) {
        Ok(_) => report.ok("folder", data.display(), "it can be written"),
        Err(error) => report.fault(
            "folder",
            data.display(),
            format!("nothing can be written there: {error}"),
            "make it the folder of the user that runs groundswell (chown -R USER DIR), on a file system that is mounted to be written",
        ),
    }
    #[cfg(unix)]
    owners(data, report);
    room(data, settings, report);
}

/// Files that another user left there, as a start by root does, cannot be written later.
#[cfg(unix)]
fn owners(data: &Path, report: &mut Report) {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| std::fs::metadata(path).ok().map(|m| m.uid());
    let Some(expected) = owner(data) else { return };
    for name in ["control.db", "keys", "journal", "store", "exports"] {
        let path = data.join(name);
        if owner(&path).is_some_and(|uid| uid != expected) {
            report.fault(
                "folder",
                path.display(),
                format!("it belongs to another user than {}", data.display()),
                format!("chown -R {expected} {}", data.display()),
            );
        }
    }
}

fn room(data: &Path, settings: Option<&Config>, report: &mut Report) {
    let found = match rustix::fs::statvfs(data) {
        Ok(found) => found,
        Err(error) => {
            report.skipped(
                "disk",
                data.display(),
                format!("its file system says nothing: {error}"),
            );
            return;
        }
    };
    let free = found.f_bavail.saturating_mul(found.f_frsize);
    let make_room = "make room; or lower [journal] max_mb, or give projects a shorter retention";
    // File systems without a table of files say 0 of 0.
    if found.f_files > 0 && found.f_favail < 1_000 {
        let what = format!("it takes {} more files", found.f_favail);
        report.fault("disk", data.display(), what, "remove files from it");
    }
    let most = settings.map_or(0, |s| s.journal.max_bytes);
    let grows = most.saturating_sub(bytes_of(&data.join("journal")));
    let what = format!("{} MB are free", free / 1_000_000);
    if free < LEAST {
        report.fault("disk", data.display(), what, make_room);
    } else if most != u64::MAX && free < grows.saturating_add(BESIDE) {
        let what = format!(
            "{what}, and the journal may still grow by {} MB",
            grows / 1_000_000
        );
        report.warning("disk", data.display(), what, make_room);
    } else {
        report.ok("disk", data.display(), what);
    }
}

fn bytes_of(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter_map(|file| file.metadata().ok())
        .map(|m| m.len())
        .sum()
}
