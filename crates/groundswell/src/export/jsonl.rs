//! JSON Lines.

use super::record::Record;
use super::{Manifest, Sink};
use std::io::Write;

pub(super) struct Lines<'w>(pub(super) &'w mut dyn Write);

impl Sink for Lines<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.0, &serde_json::json!({ "manifest": manifest }))?;
        Ok(self.0.write_all(b"\n")?)
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.0, record)?;
        Ok(self.0.write_all(b"\n")?)
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}
