//! Why nothing can be written: shared by the threads that write and the API that says so.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The current obstacles, by what they stop.
#[derive(Debug, Clone, Default)]
pub struct Blocked(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    reasons: Mutex<BTreeMap<String, String>>,
    ending: AtomicBool,
}

impl Blocked {
    /// Something is stopped, for this reason.
    pub fn set(&self, what: &str, reason: String) {
        self.0
            .reasons
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(what.to_owned(), reason);
    }

    /// It goes on again.
    pub fn clear(&self, what: &str) {
        self.0
            .reasons
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(what);
    }

    /// The first reason, if anything is stopped.
    pub fn reason(&self) -> Option<String> {
        self.0
            .reasons
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .next()
            .cloned()
    }

    /// The process wants to end: nobody waits for an obstacle any longer.
    pub fn end(&self) {
        self.0.ending.store(true, Ordering::Relaxed);
    }

    /// Whether the process wants to end.
    pub fn ending(&self) -> bool {
        self.0.ending.load(Ordering::Relaxed)
    }
}
