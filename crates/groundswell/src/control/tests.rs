#![allow(clippy::unwrap_used)]

mod audit;
mod backfills;
mod budgets;
mod changes;
mod classifiers;
mod either;
mod findings;
mod import;
mod leases;
mod lists;
mod monitors;
mod moving;
mod opening;
mod people;
mod policies;
mod postgres;
mod projects;
mod relevance;
mod rotation;
mod vault;

use super::{Control, Error, FILE};
use crate::api::types::{Monitor, MonitorInput, Objective, ProjectInput, Role};
use crate::config::MonitorEntry;
use crate::pipeline::BackfillStep;
use either::{file_bytes, is_on_server, open, place, sql, try_sql};
use post::{AuthorKey, Identity, PostKey};
use std::fs;
use std::path::Path;

fn open_error(dir: &Path) -> Error {
    match Control::open(place(dir)) {
        Err(error) => error,
        Ok(_) => panic!("opened"),
    }
}

fn input(name: &str, query: &str) -> MonitorInput {
    MonitorInput {
        name: name.into(),
        role: Role::Topic,
        query: query.into(),
        active: true,
        color: None,
    }
}

#[test]
fn settings_are_kept() {
    let (dir, control) = open();
    assert_eq!(control.setting("tour").unwrap(), None);
    control.set_setting("tour", "seen").unwrap();
    control.set_setting("tour", "done").unwrap();
    drop(control);
    assert_eq!(
        Control::open(place(dir.path()))
            .unwrap()
            .setting("tour")
            .unwrap()
            .as_deref(),
        Some("done")
    );
}
