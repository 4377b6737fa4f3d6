//! How far the evaluation of a definition has come.

use post::Millis;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Kept with the definition, in the transaction of the alerts made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// When it began: what happened before is not told.
    pub since: Millis,
    /// Mentions written up to this generation were looked at.
    pub generation: u64,
    /// Findings up to this number were looked at.
    pub finding: u64,
    /// The last moment that windows were looked at.
    pub tick: Millis,
    /// The last time of a schedule that was dealt with.
    pub due: Millis,
    /// When it was last told, by monitor or source (empty: of the whole scope).
    pub last: BTreeMap<String, Millis>,
    /// Mentions that wait for the cooldown to end, or for enough others.
    pub pending: u64,
    /// When the first of them was published.
    pub pending_from: Millis,
    /// Some of them, by their numbers in hexadecimal digits.
    pub pending_mentions: Vec<String>,
    /// Budgets that are known to be low.
    pub low: BTreeSet<String>,
    /// Findings that came within the cooldown and were not told.
    pub cooled: u64,
}

impl State {
    /// Whether something about a subject may be told at `at`, `cooldown` milliseconds after the last time.
    pub(super) fn may(&self, subject: &str, at: Millis, cooldown: Millis) -> bool {
        let since = self.last.get(subject).map(|last| at - last);
        // What was told in the future was told before the clock was set back.
        since.is_none_or(|since| since >= cooldown || since < -super::HOUR)
    }

    /// Notes that something was told.
    pub(super) fn told(&mut self, subject: &str, at: Millis) {
        self.last.insert(subject.to_owned(), at);
    }
}
