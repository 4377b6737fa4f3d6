//! What a source remembers beside its cursor, sealed in the control state.

use crate::control::Control;
use sources::keep::{Keep, KeepError};
use std::sync::Arc;

/// The memory of one source.
pub struct Kept {
    control: Arc<Control>,
    source: String,
}

impl Kept {
    /// The memory of the source of this name.
    pub fn new(control: &Arc<Control>, source: &str) -> Self {
        Self {
            control: control.clone(),
            source: source.to_owned(),
        }
    }
}

impl Keep for Kept {
    fn get(&self, key: &str) -> Option<String> {
        match self.control.source_memory(&self.source, key) {
            Ok(value) => value,
            Err(error) => {
                tracing::error!(source = %self.source, key, %error, "what a source remembers cannot be read");
                None
            }
        }
    }

    fn put(&self, key: &str, value: &str) -> Result<(), KeepError> {
        self.control
            .set_source_memory(&self.source, key, value)
            .map_err(|e| KeepError(e.to_string()))
    }
}
