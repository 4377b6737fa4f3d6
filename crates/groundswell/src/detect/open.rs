//! What goes on: a finding grows while it lasts.

use super::finding::{Detail, Finding, FindingKind, Metric};
use super::{BIN, NEWS};
use serde::{Deserialize, Serialize};
use trends::hash;

/// So many bins as usual end a peak.
const CALM: u8 = 6;
/// Nothing goes on for longer than so many seconds: then it is the rule.
const LONGEST: i64 = 2 * super::DAY;

/// A peak, a silence or a shift that goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Open {
    pub(super) id: String,
    pub(super) kind: FindingKind,
    pub(super) metric: Metric,
    pub(super) from: i64,
    pub(super) until: i64,
    pub(super) value: f64,
    pub(super) expected: f64,
    pub(super) strength: f64,
    pub(super) per_week: f64,
    found_at: i64,
    calm: u8,
    /// Value and expected value of the calm bins since.
    pending: [f64; 2],
}

/// Where and when something is found.
pub(super) struct Place<'a> {
    pub(super) project: &'a str,
    pub(super) monitor: &'a str,
    /// Now, Unix seconds.
    pub(super) now: i64,
}

impl Open {
    /// One that begins at `from` and goes up to the end of the bin at `at`.
    pub(super) fn new(place: &Place, kind: FindingKind, metric: Metric, from: i64, at: i64) -> Self {
        let named = format!(
            "{}\n{}\n{}\n{metric:?}\n{from}",
            place.project,
            place.monitor,
            kind.name()
        );
        Self {
            id: format!("f_{:016x}", hash::text(&named)),
            kind,
            metric,
            from,
            until: at + BIN,
            value: 0.0,
            expected: 0.0,
            strength: 0.0,
            per_week: 0.0,
            found_at: place.now,
            calm: 0,
            pending: [0.0; 2],
        }
    }

    /// Whether the calm bins and this one come to clearly more than was to be expected of them. A window of an hour still
    /// stands out after the end of a burst; what came since does not.
    pub(super) fn adds_up(&self, value: f64, expected: f64) -> bool {
        let (value, expected) = (self.pending[0] + value, self.pending[1] + expected);
        value > 1.2 * expected && value - expected > 2.0 * expected.max(1.0).sqrt()
    }

    /// Takes in the bin at `at`. True where it makes the finding longer.
    pub(super) fn grow(&mut self, at: i64, value: f64, expected: f64, goes_on: bool) -> bool {
        let share = self.metric == Metric::NegativeShare;
        if !share {
            self.pending[0] += value;
            self.pending[1] += expected;
        }
        if !goes_on {
            self.calm = self.calm.saturating_add(1);
            return false;
        }
        if share && (value - self.expected).abs() > (self.value - self.expected).abs() {
            self.value = value;
        }
        self.value += self.pending[0];
        self.expected += self.pending[1];
        self.pending = [0.0; 2];
        self.calm = 0;
        self.until = at + BIN;
        true
    }

    /// Whether it is over.
    pub(super) fn is_over(&self, at: i64) -> bool {
        self.calm >= CALM || at - self.from > LONGEST
    }

    /// As it is told.
    pub(super) fn finding(&self, place: &Place) -> Finding {
        Finding {
            id: self.id.clone(),
            project: place.project.to_owned(),
            monitor: Some(place.monitor.to_owned()),
            kind: self.kind,
            from: self.from * 1000,
            until: self.until * 1000,
            found_at: self.found_at * 1000,
            strength: self.strength,
            is_past: self.until < place.now - NEWS,
            detail: Detail::Series {
                metric: self.metric,
                value: self.value,
                expected: self.expected,
                per_week: self.per_week,
            },
        }
    }
}
