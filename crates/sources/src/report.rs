//! What a test or a search of the past found out.

use serde::{Deserialize, Serialize};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What it would take to search a platform's past; `None` is not known.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// Posts it would read.
    pub posts: Option<u64>,
    /// Requests it would send.
    pub requests: Option<u64>,
    /// US dollars.
    pub money: Option<f64>,
    /// Days of the platform's own allowance, where it is the bound.
    pub days: Option<f64>,
}

/// A time that was searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// From, milliseconds since 1970.
    pub from: i64,
    /// Until.
    pub until: i64,
    /// Whether the platform gave all it has of it, as far as can be known.
    pub whole: bool,
}

/// [`Report`] at one moment.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportSnapshot {
    /// Sentences for the operator.
    pub lines: Vec<String>,
    /// What a search of the past would take.
    pub estimate: Option<Estimate>,
    /// What was searched.
    pub covered: Vec<Covered>,
}

/// Shared between a running task and those who asked for it.
#[derive(Debug, Default)]
pub struct Report(Mutex<ReportSnapshot>);

/// Lines kept.
const MAX_LINES: usize = 100;

impl Report {
    /// Says something to the operator: no secret, no text of a post.
    pub fn say(&self, line: impl Into<String>) {
        let mut report = self.lock();
        if report.lines.len() < MAX_LINES {
            report.lines.push(line.into());
        }
    }

    /// States what a search of the past would take; called again, adds to it.
    pub fn estimate(&self, more: Estimate) {
        let add = |a: Option<u64>, b: Option<u64>| a.zip(b).map(|(a, b)| a.saturating_add(b));
        let sum = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a + b);
        let mut report = self.lock();
        report.estimate = Some(match report.estimate.take() {
            None => more,
            Some(before) => Estimate {
                posts: add(before.posts, more.posts),
                requests: add(before.requests, more.requests),
                money: sum(before.money, more.money),
                days: sum(before.days, more.days),
            },
        });
    }

    /// States what was searched.
    pub fn covered(&self, covered: Covered) {
        self.lock().covered.push(covered);
    }

    /// What is known now.
    pub fn snapshot(&self) -> ReportSnapshot {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, ReportSnapshot> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
