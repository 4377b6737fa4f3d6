//! The configuration.

use super::report::Report;
use crate::cli::folder::of_folder;
use crate::config::{self, Config};
use std::path::{Path, PathBuf};

/// The configuration, where it has no fault; each fault is told.
pub(super) fn look(path: Option<&Path>, data: Option<&Path>, report: &mut Report) -> Option<Config> {
    // Of a folder alone nothing more is known.
    if let (None, Some(data)) = (path, data) {
        report.skipped("configuration", "", "there is none; it is named by --config");
        return of_folder(data).ok();
    }
    let place = path.map_or_else(
        || "the default configuration".to_owned(),
        |p| p.display().to_string(),
    );
    match config::load(path) {
        Ok(mut config) => {
            let (sources, monitors) = (config.sources.len(), config.monitors.len());
            report.ok(
                "configuration",
                &place,
                format!("{sources} sources, {monitors} monitors"),
            );
            if let Some(data) = data {
                config.data = data.to_owned();
            }
            Some(config)
        }
        Err(faults) => {
            for fault in &faults {
                report.fault(
                    "configuration",
                    &place,
                    fault,
                    "put it right; `groundswell init` writes a commented example",
                );
            }
            None
        }
    }
}

/// The data folder that a faulty configuration names, as far as it can be read.
pub(super) fn data_of(path: &Path) -> Option<PathBuf> {
    let text = std::fs::read_to_string(path).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let named = table
        .get("data")
        .and_then(|d| d.get("path"))
        .and_then(|p| p.as_str());
    Some(path.parent()?.join(named.unwrap_or("data")))
}
