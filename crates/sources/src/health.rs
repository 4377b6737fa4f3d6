//! What a source says about itself while it runs.

use serde::Serialize;
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a source does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
}

/// [`Health`] at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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
        }
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
        if let Some(lag) = lag_ms {
            self.lag_ms.store(lag, Relaxed);
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

    /// Counts a malformed item.
    pub fn refused(&self) {
        self.refused.fetch_add(1, Relaxed);
    }

    fn error(&self) -> MutexGuard<'_, Option<String>> {
        self.error.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn known(value: &AtomicI64) -> Option<i64> {
    Some(value.load(Relaxed)).filter(|v| *v != UNKNOWN)
}
