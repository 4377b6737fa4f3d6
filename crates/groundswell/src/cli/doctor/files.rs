//! Keys, database, journal and store: quickly. `groundswell store check` reads every byte.

use super::report::Report;
use super::{brokers, cluster};
use crate::config::Config;
use crate::control::{self, Control, Place};
use journal::JournalHandle;
use std::path::Path;

const CHECK: &str = "stop the server and run `groundswell store check`, which says what can be saved and how";
const BACKUP: &str = "restore the data folder from a backup: `groundswell restore ARCHIVE --data NEW`";

/// The control state, where it can be opened.
pub(super) fn look(
    place: &Place,
    settings: Option<&Config>,
    running: bool,
    report: &mut Report,
) -> Option<Control> {
    let data = place.data.as_path();
    let in_cluster = settings.and_then(|s| s.store.as_ref());
    let kafka = settings.and_then(|s| s.kafka.as_ref());
    if !place.exists() {
        if data.join("keys").exists() || data.join("store").exists() {
            report.fault("database", place.database().display(), "it is gone", BACKUP);
        } else {
            report.skipped("database", data.display(), "no server has started here yet");
        }
        return None;
    }
    keys(data, report);
    let control = database(place, report);
    if running {
        let why = "the server that is using them tells what it found damaged, under `server`";
        match (kafka, &control) {
            (Some(kafka), Some(control)) => brokers::look(kafka, control, report),
            _ => report.skipped("journal", data.join("journal").display(), why),
        }
        match in_cluster {
            Some(settings) => cluster::look(settings, report),
            None => report.skipped("store", data.join("store").display(), why),
        }
        return control;
    }
    match (&control, kafka) {
        (Some(control), Some(kafka)) => brokers::look(kafka, control, report),
        (Some(control), None) => journal(data, control, report),
        (None, _) => report.skipped(
            "journal",
            data.join("journal").display(),
            "its keys are known through the database",
        ),
    }
    match in_cluster {
        Some(settings) => cluster::look(settings, report),
        None => store(data, report),
    }
    control
}

fn keys(data: &Path, report: &mut Report) {
    for name in ["id", "wrap", "sign"] {
        let path = data.join("keys").join(format!("{name}.key"));
        match std::fs::read(&path) {
            Ok(bytes) if bytes.len() == 32 => {}
            Ok(bytes) => {
                let what = format!("it has {} bytes instead of 32", bytes.len());
                report.fault("keys", path.display(), what, "restore this file from a backup");
                continue;
            }
            Err(error) => {
                let advice = "restore this file from a backup: without it what it sealed stays sealed";
                report.fault("keys", path.display(), error, advice);
                continue;
            }
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path).map_or(0, |m| m.permissions().mode() & 0o777);
            if mode & 0o077 != 0 {
                let what = format!("other users of this machine can use it (mode {mode:o})");
                report.fault(
                    "keys",
                    path.display(),
                    what,
                    format!("chmod 600 {}", path.display()),
                );
            }
        }
    }
    if !report.has_fault("keys") {
        report.ok(
            "keys",
            data.join("keys").display(),
            "three keys, for their owner alone",
        );
    }
}

fn database(kept: &Place, report: &mut Report) -> Option<Control> {
    let place = kept.database();
    if let Some(left) = kept.left() {
        let what = "the control state was moved to PostgreSQL and this was left: no erasure reaches it";
        report.warning(
            "database",
            left.display(),
            what,
            "remove it when you are content with the move",
        );
    }
    let opened = Control::open_to_read(kept.clone()).and_then(|c| Ok((c.quick_faults()?, c)));
    match opened {
        Ok((faults, control)) => {
            if faults.is_empty() {
                let what = if kept.postgres.is_some() {
                    "it answers"
                } else {
                    "whole"
                };
                report.ok("database", place.display(), what);
            }
            for fault in faults {
                report.fault("database", place.display(), fault, BACKUP);
            }
            Some(control)
        }
        // A fault of a key was told with the key.
        Err(error @ control::Error::Key { .. }) if report.has_fault("keys") => {
            report.skipped("database", place.display(), error);
            None
        }
        // After an upgrade, before the first start.
        Err(error @ control::Error::Older { .. }) => {
            let advice = "start the server once; then the rest can be looked at, too";
            report.warning("database", place.display(), error, advice);
            None
        }
        Err(error @ (control::Error::Elsewhere { .. } | control::Error::Closed { .. })) => {
            let advice = "docs/guides/moving.md says how a move is ended, and how one goes back";
            report.fault("database", place.display(), error, advice);
            None
        }
        Err(error) => {
            let advice = match kept.postgres {
                Some(_) => "see that the server runs and lets this one in: [control] of the configuration",
                None => BACKUP,
            };
            report.fault("database", place.display(), error, advice);
            None
        }
    }
}

/// Reads it as a start does, checksums and all, and changes nothing.
fn journal(data: &Path, control: &Control, report: &mut Report) {
    let folder = data.join("journal");
    match JournalHandle::open(&folder, control.keys().wrap) {
        Ok(journal) => {
            let span = journal.span();
            let what = format!("{} entries, {} MB", span.entries, span.bytes / 1_000_000);
            report.ok("journal", folder.display(), what);
        }
        Err(error) => report.fault("journal", folder.display(), error, CHECK),
    }
}

fn store(data: &Path, report: &mut Report) {
    let folder = data.join("store");
    let place = store::Location::Folder(folder.clone(), store::Options::default());
    if let Ok(Some(why)) = store::moving::closed(&place) {
        let advice = "docs/guides/moving.md says how a move is ended, and how one goes back";
        report.fault("store", folder.display(), format!("it is closed: {why}"), advice);
        return;
    }
    match store::glance(&folder) {
        Ok(problems) if problems.is_empty() => {
            report.ok(
                "store",
                folder.display(),
                "every file is there; `store check` reads them",
            );
        }
        Ok(problems) => {
            for problem in problems {
                report.fault("store", problem.place, problem.what, problem.advice);
            }
        }
        Err(error) => report.fault("store", folder.display(), error, CHECK),
    }
}
