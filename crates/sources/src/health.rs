//! What a source says about itself while it runs.

use crate::http::Allowance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Not started.
    Idle,
    /// Establishing a connection, or opening a file.
    Connecting,
    /// Receiving.
    Live,
    /// Something failed; it tries again at `retry_at`.
    Waiting,
    /// Nothing more will come.
    Done,
    /// It gave up.
    Failed,
}

impl State {
    const ALL: [State; 6] = [
        State::Idle,
        State::Connecting,
        State::Live,
        State::Waiting,
        State::Done,
        State::Failed,
    ];

    /// The name used in the API.
    pub fn name(self) -> &'static str {
        match self {
            State::Idle => "idle",
            State::Connecting => "connecting",
            State::Live => "live",
            State::Waiting => "waiting",
            State::Done => "done",
            State::Failed => "failed",
        }
    }
}

const UNKNOWN: i64 = i64::MIN;

/// Shared between a running source and those who watch it. Times are milliseconds since 1970.
#[derive(Debug)]
pub struct Health {
    state: AtomicU8,
    posts: AtomicU64,
    ignored: AtomicU64,
    refused: AtomicU64,
    connects: AtomicU64,
    lag_ms: AtomicI64,
    last_at: AtomicI64,
    retry_at: AtomicI64,
    error: Mutex<Option<String>>,
    allowance: Mutex<Option<Allowance>>,
    sampled: Mutex<Sampled>,
}

/// What is gathered between two samples.
#[derive(Debug, Default)]
struct Sampled {
    lags: Vec<u32>,
    seen: u64,
    refused: BTreeMap<&'static str, u64>,
    gaps: Vec<Gap>,
}

/// Lags kept between two samples.
const MAX_LAGS: usize = 4096;
/// Gaps kept between two samples.
const MAX_GAPS: usize = 256;

/// A time from which posts are missing, or were fetched late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// From, milliseconds since 1970.
    pub from: i64,
    /// Until.
    pub until: i64,
    /// Why, in words.
    pub reason: String,
    /// Whether what was missed has been fetched since. A gap is told again, with the same `from`, when it has.
    pub repaired: bool,
}

/// What happened since the last sample.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sample {
    /// Items seen, wanted or not.
    pub seen: u64,
    /// Half of them arrived at most so many milliseconds after they were published.
    pub lag_p50: Option<u32>,
    /// Of twenty, nineteen did.
    pub lag_p95: Option<u32>,
    /// Items refused, by code.
    pub refused: BTreeMap<&'static str, u64>,
    /// Gaps found or repaired.
    pub gaps: Vec<Gap>,
}

/// [`Health`] at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthSnapshot {
    /// How it does.
    pub state: State,
    /// Posts delivered, edits and deletes included.
    pub posts: u64,
    /// Items of kinds this source does not deliver (likes, follows, …).
    pub ignored: u64,
    /// Items refused as malformed.
    pub refused: u64,
    /// Connections established; more than one means that it reconnected.
    pub connects: u64,
    /// Milliseconds between the platform's time of the newest item and its arrival.
    pub lag_ms: Option<i64>,
    /// When something last arrived.
    pub last_at: Option<i64>,
    /// What went wrong last; cleared when it is live again.
    pub error: Option<String>,
    /// When it tries again.
    pub retry_at: Option<i64>,
    /// Requests (or percent) that the platform still allows, where it says.
    pub allowed: Option<u64>,
}

impl Default for Health {
    fn default() -> Self {
        Self {
            state: AtomicU8::new(State::Idle as u8),
            posts: AtomicU64::new(0),
            ignored: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            connects: AtomicU64::new(0),
            lag_ms: AtomicI64::new(UNKNOWN),
            last_at: AtomicI64::new(UNKNOWN),
            retry_at: AtomicI64::new(UNKNOWN),
            error: Mutex::new(None),
            allowance: Mutex::new(None),
            sampled: Mutex::new(Sampled::default()),
        }
    }
}

impl Health {
    /// The present state.
    pub fn snapshot(&self) -> HealthSnapshot {
        HealthSnapshot {
            state: State::ALL[usize::from(self.state.load(Relaxed)).min(State::ALL.len() - 1)],
            posts: self.posts.load(Relaxed),
            ignored: self.ignored.load(Relaxed),
            refused: self.refused.load(Relaxed),
            connects: self.connects.load(Relaxed),
            lag_ms: known(&self.lag_ms),
            last_at: known(&self.last_at),
            error: self.error().clone(),
            retry_at: known(&self.retry_at),
            allowed: lock(&self.allowance).map(|a| a.remaining.max(0.0) as u64),
        }
    }

    /// Says what another process, which runs the source, said of it.
    pub fn repeat(&self, said: &HealthSnapshot) {
        let unless_known = |n: Option<i64>| n.unwrap_or(UNKNOWN);
        self.posts.store(said.posts, Relaxed);
        self.ignored.store(said.ignored, Relaxed);
        self.refused.store(said.refused, Relaxed);
        self.connects.store(said.connects, Relaxed);
        self.lag_ms.store(unless_known(said.lag_ms), Relaxed);
        self.last_at.store(unless_known(said.last_at), Relaxed);
        self.error().clone_from(&said.error);
        self.state.store(said.state as u8, Relaxed);
        self.retry_at.store(unless_known(said.retry_at), Relaxed);
    }

    /// Changes the state to one without an error.
    pub fn set_state(&self, state: State) {
        self.state.store(state as u8, Relaxed);
        self.retry_at.store(UNKNOWN, Relaxed);
    }

    /// A connection stands, or a file is open.
    pub fn connected(&self) {
        self.connects.fetch_add(1, Relaxed);
        *self.error() = None;
        self.set_state(State::Live);
    }

    /// Something failed; the source tries again at `retry_at`.
    pub fn waiting(&self, error: impl Into<String>, retry_at: i64) {
        *self.error() = Some(error.into());
        self.state.store(State::Waiting as u8, Relaxed);
        self.retry_at.store(retry_at, Relaxed);
    }

    /// The source gave up.
    pub fn failed(&self, error: impl Into<String>) {
        *self.error() = Some(error.into());
        self.set_state(State::Failed);
    }

    /// Something arrived now, `lag_ms` after the platform had it, where the platform says.
    pub fn arrived(&self, now: i64, lag_ms: Option<i64>) {
        self.last_at.store(now, Relaxed);
        let mut sampled = lock(&self.sampled);
        sampled.seen += 1;
        if let Some(lag) = lag_ms {
            self.lag_ms.store(lag, Relaxed);
            let lag = u32::try_from(lag.max(0)).unwrap_or(u32::MAX);
            // Of many, the latest are kept.
            if sampled.lags.len() < MAX_LAGS {
                sampled.lags.push(lag);
            } else {
                let place = (sampled.seen % MAX_LAGS as u64) as usize;
                sampled.lags[place] = lag;
            }
        }
    }

    /// What the platform still allows.
    pub fn allowance(&self, allowance: Allowance) {
        *lock(&self.allowance) = Some(allowance);
    }

    /// Posts of a time are missing, or no longer.
    pub fn gap(&self, gap: Gap) {
        let gaps = &mut lock(&self.sampled).gaps;
        gaps.retain(|g| g.from != gap.from);
        if gaps.len() < MAX_GAPS {
            gaps.push(gap);
        }
    }

    /// What happened since the last call.
    pub fn sample(&self) -> Sample {
        let mut taken = std::mem::take(&mut *lock(&self.sampled));
        taken.lags.sort_unstable();
        let at = |share: f64| {
            let last = taken.lags.len().checked_sub(1)?;
            taken.lags.get((last as f64 * share).round() as usize).copied()
        };
        Sample {
            seen: taken.seen,
            lag_p50: at(0.5),
            lag_p95: at(0.95),
            refused: taken.refused,
            gaps: taken.gaps,
        }
    }

    /// Counts posts taken by the app.
    pub fn delivered(&self, posts: u64) {
        self.posts.fetch_add(posts, Relaxed);
    }

    /// Counts an item of a kind this source does not deliver.
    pub fn ignored(&self) {
        self.ignored.fetch_add(1, Relaxed);
    }

    /// Counts an item that was refused, by its code.
    pub fn refused(&self, code: &'static str) {
        self.refused.fetch_add(1, Relaxed);
        *lock(&self.sampled).refused.entry(code).or_default() += 1;
    }

    fn error(&self) -> MutexGuard<'_, Option<String>> {
        lock(&self.error)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn known(value: &AtomicI64) -> Option<i64> {
    Some(value.load(Relaxed)).filter(|v| *v != UNKNOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_tells_what_happened_since_the_last_one() {
        let health = Health::default();
        (1..=100).for_each(|n| health.arrived(n, Some(n * 10)));
        health.refused("malformed");
        let gap = |repaired| Gap {
            from: 5,
            until: 9,
            reason: "cut".to_owned(),
            repaired,
        };
        health.gap(gap(false));
        health.gap(gap(true));
        let sample = health.sample();
        assert_eq!((sample.seen, sample.refused["malformed"]), (100, 1));
        assert_eq!((sample.lag_p50, sample.lag_p95), (Some(510), Some(950)));
        assert_eq!(sample.gaps, [gap(true)]);
        assert_eq!(health.sample(), Sample::default());
        assert_eq!(health.snapshot().refused, 1);
    }
}
