//! Monitors of the configuration file.

use super::error::Result;
use super::{Control, DEFAULT_PROJECT, monitors};
use crate::api::types::{Monitor, MonitorInput};
use crate::config::MonitorEntry;
use crate::control::sql::{Transaction, params};
use std::collections::{HashMap, HashSet};

impl Control {
    /// Brings the default project's monitors in line with the configuration file, by name. Gives the ids of those for
    /// which the past is to be searched: new ones, changed queries, and ones that came back.
    ///
    /// What stands in the file has the file's role and query; whether it is paused is decided in the app. A monitor
    /// made in the app that the file names becomes the file's. What left the file is paused and the app's from then
    /// on, so that nothing found is lost by deleting a line.
    pub fn import_monitors(&self, entries: &[MonitorEntry]) -> Result<Vec<String>> {
        self.write(|db| {
            let mut search = Vec::new();
            let known = monitors::list(db, Some(DEFAULT_PROJECT))?;
            let by_name: HashMap<String, &Monitor> = known.iter().map(|m| (folded(&m.name), m)).collect();
            for entry in entries {
                search.extend(import(db, entry, by_name.get(&folded(&entry.name)).copied())?);
            }
            let names: HashSet<String> = entries.iter().map(|e| folded(&e.name)).collect();
            let left = |m: &&Monitor| m.origin == "file" && !names.contains(&folded(&m.name));
            for monitor in known.iter().filter(left) {
                monitors::update(
                    db,
                    monitor,
                    &MonitorInput {
                        active: false,
                        ..as_input(monitor)
                    },
                )?;
                set_origin(db, monitor, "ui")?;
            }
            Ok(search)
        })
    }
}

/// As the database compares names: ASCII letters in any case.
fn folded(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

fn import(db: &Transaction<'_>, entry: &MonitorEntry, old: Option<&Monitor>) -> Result<Option<String>> {
    let MonitorEntry { name, role, query } = entry.clone();
    let input = MonitorInput {
        name,
        role,
        query,
        active: true,
        color: None,
    };
    let Some(old) = old else {
        return monitors::create(db, DEFAULT_PROJECT, &input, "file").map(|m| Some(m.id));
    };
    let adopted = old.origin != "file";
    let active = old.active || adopted;
    let input = MonitorInput { active, ..input };
    let same = (
        old.name == input.name.trim(),
        old.role == input.role,
        old.query == input.query.trim(),
    );
    if same == (true, true, true) && !adopted {
        return Ok(None);
    }
    let new = monitors::update(db, old, &input)?;
    set_origin(db, &new, "file")?;
    let searchable = new.version > old.version || new.active && !old.active;
    Ok((new.active && searchable).then_some(new.id))
}

fn as_input(monitor: &Monitor) -> MonitorInput {
    MonitorInput {
        name: monitor.name.clone(),
        role: monitor.role,
        query: monitor.query.clone(),
        active: monitor.active,
        color: Some(monitor.color),
    }
}

fn set_origin(db: &Transaction<'_>, monitor: &Monitor, origin: &str) -> Result<()> {
    db.execute(
        "UPDATE monitors SET origin = ?2 WHERE id = ?1",
        params![monitor.id, origin],
    )?;
    Ok(())
}
