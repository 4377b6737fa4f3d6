//! Control state: projects, monitors and their versions, searches of the past, settings, and the identity vault.
//!
//! One SQLite file, `control.db`, beside the installation's keys in the data folder, or a PostgreSQL database that
//! several servers share. Every function is one transaction and blocks until it is on disk.

mod access;
mod accounts;
mod alerts;
mod api_keys;
mod audit;
mod audit_samples;
mod backfills;
mod budgets;
mod changes;
mod check;
mod classifiers;
mod contexts;
mod coverage;
mod dashboards;
mod deletions;
mod desks;
mod destinations;
mod erasures;
mod error;
mod expectations;
mod findings;
mod handovers;
mod import;
mod items;
mod kept_sources;
mod keys;
mod leases;
mod lists;
mod marks;
mod monitors;
pub mod moving;
mod notes;
mod notices;
mod outbox;
mod past;
mod permalinks;
mod place;
mod policies;
mod projects;
mod relevance;
mod repeats;
mod replies;
mod reports;
mod rotate;
mod schema;
mod schema_alert;
mod schema_cluster;
mod schema_dashboard;
mod schema_detect;
mod schema_insight;
mod schema_lab;
mod schema_relevance;
mod schema_respond;
mod schema_server;
mod seal;
mod settings;
mod shares;
mod signing;
mod source_states;
mod sql;
mod suppression;
mod sweeps;
mod targets;
mod tokens;
mod users;
mod vault;
mod vendor_labels;
mod versions;

#[cfg(test)]
mod tests;

pub use access::{AccessRole, Grants, Scope, Scopes};
pub use accounts::Account;
pub(crate) use alerts::event_id;
pub use alerts::{AlertEvent, AlertRow, Answered, Evaluated, EventFilter, NewEvent, Released};
pub use api_keys::{ApiKey, NewKey};
pub use audit::{Action, AuditRow, Chain, Event as AuditEvent};
pub(crate) use audit::{from_hex, hex};
pub use audit_samples::{AuditPost, AuditSample, NewAuditPost};
pub use backfills::OpenBackfill;
pub use budgets::BudgetReading;
pub use classifiers::{ClassifierRow, ClassifierVersion, Labelled};
pub use coverage::{CoverageGap, CoverageSlot, HOUR, HeardSlot, MINUTE, stepped};
pub use dashboards::{DashboardRow, DashboardText};
pub use desks::{Desk, DeskKind, DeskSecrets, DeskSettings};
pub use destinations::{Channel, Destination, DestinationSecrets, DestinationSettings, Signing};
pub use erasures::{Erasure, Found, Target};
pub use error::Error;
pub use expectations::{ExpectationRow, ExpectationVersion};
pub use findings::{FindingFilter, FindingRow};
pub use handovers::{Handover, HandoverState};
pub use items::{Item, ItemFilter, Response};
pub use kept_sources::KeptSource;
pub use keys::Keys;
pub use leases::Lease;
pub use marks::{MarkRow, MarksChanged, Rule};
pub use notes::Note;
pub use notices::Notice;
pub use outbox::{Content, NewOutgoing, Outgoing, OutgoingState, OutgoingTry};
pub use past::{PastRow, PastState};
pub use permalinks::{Annotation, Permalink, PinnedRow};
pub use place::Place;
pub use policies::Acceptance;
pub use projects::DEFAULT_PROJECT;
pub use relevance::{Chosen, Judgment, RelevanceRow, RelevanceVersion};
pub use repeats::Seen;
pub use replies::OwnReply;
pub use reports::{NewRendition, Rendition, ReportRow};
pub use shares::{NewShare, Share, ShareLevel};
pub use signing::SigningKeyInfo;
pub(crate) use signing::key_id;
pub use source_states::SourceState;
pub use sql::Error as DatabaseError;
pub use sql::postgres::Postgres;
pub use suppression::{Suppressed, SuppressionRow};
pub use tokens::Kind as TokenKind;
pub use users::{
    ABSOLUTE_LIMIT, IDLE_LIMIT, Link, LinkKind, MAX_PASSWORD, MIN_PASSWORD, Member, SignedIn, User,
    UserChange, UserSession, Vouched,
};
pub use vault::VaultItem;
pub use vendor_labels::VendorLabel;

use error::Result;
use sql::{Connection, Transaction};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The database's name in the data folder.
pub const FILE: &str = "control.db";

/// The control state of one installation.
pub struct Control {
    connection: Mutex<Connection>,
    keys: Keys,
}

impl Control {
    /// Opens the control state of a place (a data folder, or a server beside one), making database, keys and the default
    /// project at the first start. Refuses a database of a newer program, foreign files, keys that others can read and
    /// keys that are not this database's.
    pub fn open(place: impl Into<Place>) -> Result<Control> {
        let place = place.into();
        let dir = &place.data;
        std::fs::create_dir_all(dir).map_err(Error::io("create folder", dir))?;
        place.check()?;
        let (file, keys) = (dir.join(FILE), dir.join("keys"));
        let connection = match &place.postgres {
            None => {
                Keys::prepare(&keys, file.exists())?;
                Connection::Sqlite(schema::open(&file)?)
            }
            Some(server) => {
                let connection = schema_server::open(server)?;
                Keys::prepare(&keys, Keys::are_known(&connection)?)?;
                place.mark()?;
                connection
            }
        };
        let keys = Keys::open(&keys, &connection, &place.database())?;
        let control = Control {
            connection: Mutex::new(connection),
            keys,
        };
        control.ensure_default_project()?;
        Ok(control)
    }

    /// Opens the control state of a data folder that a server made, and may be using, to be read: nothing is changed,
    /// and writing through it fails.
    pub fn open_to_read(place: impl Into<Place>) -> Result<Control> {
        let place = place.into();
        let dir = &place.data;
        place.check()?;
        let connection = match &place.postgres {
            None => {
                let file = dir.join(FILE);
                std::fs::metadata(&file).map_err(Error::io("read", &file))?;
                Connection::Sqlite(schema::open_to_read(&file)?)
            }
            Some(server) => schema_server::open_to_read(server)?,
        };
        let keys = Keys::read(&dir.join("keys"), &connection)?;
        Ok(Control {
            connection: Mutex::new(connection),
            keys,
        })
    }

    /// The installation's keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic in between rolled its transaction back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let connection = self.connection();
        let snapshot = connection.snapshot()?;
        work(&snapshot)
    }

    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let connection = self.connection();
        let transaction = connection.transaction()?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}

/// SQLite's integers are signed; positions and counts stay far below its limit.
fn to_sql(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn from_sql(n: i64) -> u64 {
    u64::try_from(n).unwrap_or(0)
}

/// An id nobody can confuse: the prefix and 60 random bits.
fn new_id(prefix: &str) -> Result<String> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = [0u8; 12];
    getrandom::fill(&mut random).map_err(Error::Random)?;
    let letters = random.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)]));
    Ok(prefix.chars().chain(letters).collect())
}

/// A name as it is kept: trimmed, 1 to 200 characters, one line.
fn clean_name(name: &str) -> Result<&str> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(Error::Invalid("the name is empty")),
        201.. => Err(Error::Invalid("the name is longer than 200 characters")),
        _ if name.chars().any(char::is_control) => Err(Error::Invalid("the name holds a control character")),
        _ => Ok(name),
    }
}
