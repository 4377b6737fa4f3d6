//! Trying a source out: it connects, says what it sees, delivers nothing and spends nothing.

use super::definition::{Definition, Faults};
use sources::keep::Keep;
use sources::{Ability, Context, Report, Task};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// A platform that does not answer within this time is said not to.
const PATIENCE: Duration = Duration::from_secs(45);

/// What a trial found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whether the platform answered as it should.
    pub works: bool,
    /// What was seen, in sentences.
    pub lines: Vec<String>,
}

/// Tries a source out.
pub async fn try_out(definition: &Definition, keep: Arc<dyn Keep>) -> Result<Trial, Faults> {
    let source = definition.source()?;
    if !definition.connector.abilities.contains(&Ability::Test) {
        return Ok(Trial {
            works: true,
            lines: vec!["the configuration is valid; this connector has nothing to try".to_owned()],
        });
    }
    // Nothing is delivered: whatever comes all the same is dropped.
    let (out, mut deliveries) = mpsc::channel(1);
    let (_stop, shutdown) = watch::channel(false);
    let report = Arc::new(Report::default());
    let context = Context {
        keep: keep.clone(),
        budget: Arc::new(definition.purse(keep)),
        report: report.clone(),
        ..Context::plain(out, shutdown)
    };
    let dropping = tokio::spawn(async move { while deliveries.recv().await.is_some() {} });
    let ended = tokio::time::timeout(PATIENCE, source.run(Task::Test, context)).await;
    dropping.abort();
    let mut lines = report.snapshot().lines;
    let works = match ended {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            lines.push(error.to_string());
            false
        }
        Err(_) => {
            lines.push(format!("no answer in {} s", PATIENCE.as_secs()));
            false
        }
    };
    Ok(Trial { works, lines })
}
