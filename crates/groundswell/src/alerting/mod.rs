//! Alerts: what is to be told, when it happened, and whom it is told.
//!
//! A definition is evaluated the same way on what comes in and on what is stored ([`backtest`]): windows of counts over
//! the store ([`windows`]), mentions as they are written ([`stream`]), and what detectors found ([`found`]). What one
//! evaluation made is written in one transaction with how far it has come, so that nothing is lost or told twice.

mod backtest;
mod check;
mod definition;
mod due;
mod fired;
mod found;
mod pass;
mod quiet;
mod scope;
mod sources;
mod state;
mod stream;
mod telling;
#[cfg(test)]
mod tests;
mod windows;
mod words;

pub(crate) use backtest::{Backtest, backtest};
pub(crate) use check::faults;
pub use definition::{Against, Condition, Definition, Every, Hours, Kind, Measure, Quiet, Side, WINDOWS};
pub use fired::Fired;
pub(crate) use pass::run;
pub use state::State;

use crate::connections::Supervisor;
use crate::pipeline::Engine;
use post::Millis;
use std::sync::Arc;

/// What evaluations ask.
pub(crate) struct Ground<'a> {
    /// The store and the control state.
    pub(crate) engine: &'a Arc<Engine>,
    /// The sources of this process, where there are any.
    pub(crate) supervisor: Option<&'a Supervisor>,
    /// Where browsers reach this server, for links.
    pub(crate) public_url: Option<&'a str>,
}

/// One minute.
const MINUTE: Millis = 60_000;
/// One hour.
const HOUR: Millis = 60 * MINUTE;
/// One day.
const DAY: Millis = 24 * HOUR;

impl State {
    /// Where the evaluation of a new or changed definition begins: nothing that happened before is told.
    pub(crate) fn beginning(ground: &Ground<'_>, now: Millis) -> Result<Self, crate::control::Error> {
        Ok(Self {
            since: now,
            generation: ground.engine.store.generation(),
            finding: ground.engine.control.last_finding()?,
            tick: now,
            due: now,
            ..Self::default()
        })
    }
}
