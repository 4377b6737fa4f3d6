//! The coverage meter: what each source saw, how late, what was refused, which times are missing and what was left of its
//! budgets, minute by minute.

use super::supervisor::{Running, Supervisor};
use crate::control::{Control, CoverageGap, CoverageSlot, HOUR, MINUTE};
use sources::{Health, State};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often it is looked whether a source is connected.
const LOOK: Duration = Duration::from_secs(5);

/// Keeps the series of every source.
pub struct Meter {
    control: Arc<Control>,
    supervisor: Arc<Supervisor>,
    live: HashMap<String, i64>,
}

impl Meter {
    /// A meter of these sources.
    pub fn new(control: &Arc<Control>, supervisor: &Arc<Supervisor>) -> Self {
        Self {
            control: control.clone(),
            supervisor: supervisor.clone(),
            live: HashMap::new(),
        }
    }

    /// Measures until told to stop.
    pub async fn run(mut self, mut ending: watch::Receiver<bool>) {
        let mut minute = crate::clock::now().div_euclid(MINUTE);
        let mut looked = crate::clock::now();
        loop {
            let stopped = tokio::select! {
                _ = ending.wait_for(|end| *end) => true,
                () = tokio::time::sleep(LOOK) => false,
            };
            let now = crate::clock::now();
            let sources = self.supervisor.own_sources();
            for source in &sources {
                if source.health.snapshot().state == State::Live {
                    *self.live.entry(source.name.clone()).or_default() += now - looked;
                }
            }
            looked = now;
            let present = now.div_euclid(MINUTE);
            if present > minute || stopped {
                self.write(minute * MINUTE, sources).await;
                // The hour's end condenses what has grown old.
                if present.div_euclid(60) > minute.div_euclid(60) {
                    self.condense(now).await;
                }
                minute = present;
            }
            if stopped {
                return;
            }
        }
    }

    async fn write(&mut self, at: i64, sources: Vec<Running>) {
        let live = std::mem::take(&mut self.live);
        let control = self.control.clone();
        let now = crate::clock::now();
        let written = tokio::task::spawn_blocking(move || -> Result<(), crate::control::Error> {
            let readings: Vec<_> = sources.iter().flat_map(|source| source.readings(now)).collect();
            control.note_budgets(&readings)?;
            for source in sources {
                let live = live.get(&source.name).copied().unwrap_or(0).min(MINUTE);
                let sampled = sample(&source.name, &source.health, at, live);
                for gap in &sampled.1 {
                    control.note_gap(gap)?;
                }
                control.add_coverage(&source.name, &sampled.0)?;
            }
            Ok(())
        });
        match written.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "coverage cannot be kept"),
            Err(error) => tracing::error!(%error, "coverage cannot be kept"),
        }
    }

    async fn condense(&self, now: i64) {
        let control = self.control.clone();
        let condensed = tokio::task::spawn_blocking(move || control.condense_coverage(now)).await;
        if let Ok(Err(error)) = condensed {
            tracing::error!(%error, hours = HOUR, "old coverage cannot be condensed");
        }
    }
}

/// What a source did since the last sample, as the slot that begins at `at`, and the gaps it found.
fn sample(name: &str, health: &Health, at: i64, live: i64) -> (CoverageSlot, Vec<CoverageGap>) {
    let sample = health.sample();
    let slot = CoverageSlot {
        at,
        width: MINUTE,
        seen: sample.seen,
        lag_p50: sample.lag_p50,
        lag_p95: sample.lag_p95,
        refused: sample
            .refused
            .into_iter()
            .map(|(k, n)| (k.to_owned(), n))
            .collect(),
        live,
    };
    let gap = |g: sources::Gap| CoverageGap {
        source: name.to_owned(),
        from: g.from,
        until: g.until,
        kind: "gap".to_owned(),
        reason: g.reason,
        repaired: g.repaired,
    };
    (slot, sample.gaps.into_iter().map(gap).collect())
}
