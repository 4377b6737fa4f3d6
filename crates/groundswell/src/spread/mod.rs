//! An installation spread over processes: `groundswell run --role …`.
//!
//! ```text
//! collect ──▶ <prefix>.posts ──▶ process ──▶ <prefix>.matched ──▶ serve ──▶ store, browser
//!   each source at one of them        any number                one, others stand by
//! ```
//!
//! Collectors own sources by lease, admit and produce. Workers keep nothing and share the partitions. One server takes down
//! what they found, watches, alerts and answers; others stand by for its lease.

#[cfg(feature = "kafka")]
mod collector;
#[cfg(feature = "kafka")]
mod health;
mod lease;
mod serving;
#[cfg(feature = "kafka")]
mod sharing;
#[cfg(feature = "kafka")]
mod worker;

#[cfg(feature = "kafka")]
use {
    collector::collect,
    sharing::Sharing,
    worker::{Working, process, start_worker},
};

use lease::Held;
pub(crate) use serving::Serving;

use crate::control::{Control, Place};
use anyhow::Context;
use clap::ValueEnum;
use std::sync::Arc;

/// What a process does of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Role {
    /// Runs sources: admits what they deliver and hands it to the brokers.
    Collect,
    /// Matches and scores what collectors admitted.
    Process,
    /// Takes down what workers found, watches it, answers browsers and programs.
    Serve,
    /// All of it.
    #[default]
    All,
}

impl Role {
    /// Whether a process of this role runs sources.
    pub fn collects(self) -> bool {
        matches!(self, Role::Collect | Role::All)
    }
}

/// The control state of this process, in a data folder that is made where it is not there. Blocks.
fn open_control(place: Place) -> anyhow::Result<Arc<Control>> {
    std::fs::create_dir_all(&place.data)
        .with_context(|| format!("the data folder {} cannot be made", place.data.display()))?;
    Ok(Arc::new(Control::open(place)?))
}

/// The name of this process among those of an installation: no two have the same.
fn owner() -> anyhow::Result<String> {
    let mut random = [0u8; 4];
    getrandom::fill(&mut random).map_err(|e| anyhow::anyhow!("no randomness from the system: {e}"))?;
    Ok(format!(
        "{}-{:08x}",
        std::process::id(),
        u32::from_le_bytes(random)
    ))
}
