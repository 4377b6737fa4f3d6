//! Where the control state is kept: `[control]`.

use super::check::Fault;
use super::load::secret;
use super::reader::Reader;
use crate::control::Postgres;
use std::path::Path;
use toml::Table;

/// The server of the control state; `None` where it is in the data folder.
pub(super) fn read_control(table: &Table, base: &Path, faults: &mut Vec<Fault>) -> Option<Postgres> {
    let mut r = Reader::new(table, "control", faults);
    let address = r.required_text("postgres").map(str::to_owned);
    let password = match r.text("password").map(|text| secret(text, base)) {
        Some(Err(message)) => {
            r.fault("password", message);
            None
        }
        other => other.and_then(Result::ok),
    };
    let ca = match r.text("ca").map(|path| (path, std::fs::read(base.join(path)))) {
        Some((path, Err(error))) => {
            r.fault("ca", format!("{path}: {error}"));
            None
        }
        other => other.and_then(|(_, read)| read.ok()),
    };
    let made = address.and_then(|address| {
        let password = password.as_ref().map(|secret| secret.0.as_str());
        match Postgres::new(&address, password, ca.as_deref()) {
            Ok(server) => Some(server),
            Err(message) => {
                r.fault("postgres", message);
                None
            }
        }
    });
    r.finish();
    made
}
