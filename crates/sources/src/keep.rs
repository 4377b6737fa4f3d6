//! What a source must remember beside its cursor: what it has spent, and tokens that the platform renewed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use thiserror::Error;

/// Small values that outlive the process. The app seals them into its control state; a value is durable when `put`
/// returns.
pub trait Keep: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &str) -> Option<String>;

    /// Keeps a value.
    fn put(&self, key: &str, value: &str) -> Result<(), KeepError>;
}

/// A value could not be kept.
#[derive(Debug, Error)]
#[error("cannot be kept: {0}")]
pub struct KeepError(pub String);

/// Remembers until the process ends.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, String>>);

impl Keep for Memory {
    fn get(&self, key: &str) -> Option<String> {
        let values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.get(key).cloned()
    }

    fn put(&self, key: &str, value: &str) -> Result<(), KeepError> {
        let mut values = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(key.to_owned(), value.to_owned());
        Ok(())
    }
}
