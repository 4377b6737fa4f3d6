//! What happened.

use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Mentions that an alert names as its evidence.
pub(super) const EVIDENCE: usize = 5;

/// What happened, as it is kept and shown. It holds figures and no text of anybody.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = AlertFired)]
pub struct Fired {
    /// When.
    pub at: Millis,
    /// Begin of what it is about.
    pub from: Millis,
    /// Its end.
    pub until: Millis,
    /// The monitor or the source, where it is about one.
    pub subject: Option<String>,
    /// What happened, in a line.
    pub title: String,
    /// Why it is told: what was expected, what was seen.
    pub why: Vec<String>,
    /// What was measured.
    pub value: Option<f64>,
    /// The lower end of its 95 % interval, where it is an estimate.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// What was to be expected, or the limit.
    pub expected: Option<f64>,
    /// Mentions it is made of.
    pub count: u64,
    /// Some of them, by their numbers in hexadecimal digits.
    pub mentions: Vec<String>,
    /// The finding it tells of.
    pub finding: Option<String>,
}
