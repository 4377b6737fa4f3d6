//! Which sources this process runs, and how those do that others run.
//!
//! Every source has one owner at a time, by lease; one that died loses its sources after twelve seconds. A process takes
//! one more in each round, so that several share them out. Where a source resumes stands in the journal, so the next
//! owner goes on where the last durable batch ended.

use super::lease::{EVERY, LASTS};
use crate::connections::{Running, Supervisor};
use crate::control::{self, Control, KeptSource, SourceState};
use crate::serve::kept_source;
use sources::{HealthSnapshot, State};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tokio::sync::watch;

/// What was said of a source for the last time longer ago than this, in milliseconds, holds no more.
const STALE: i64 = 30_000;

/// The sharing of one process.
pub(crate) struct Sharing {
    control: Arc<Control>,
    supervisor: Arc<Supervisor>,
    owner: String,
    collects: bool,
    /// The sources of the control state as they were last taken up.
    kept: BTreeMap<String, KeptSource>,
    /// Sources whose lease this process has.
    held: BTreeSet<String>,
}

/// What the control state says.
struct Shared {
    kept: Vec<KeptSource>,
    paused: BTreeSet<String>,
    states: Vec<SourceState>,
}

impl Sharing {
    /// Of the sources under this care, which hold what the control state has now.
    pub(crate) fn new(
        control: Arc<Control>,
        supervisor: Arc<Supervisor>,
        collects: bool,
    ) -> anyhow::Result<Self> {
        let kept = control.kept_sources()?.into_iter();
        Ok(Self {
            kept: kept.map(|source| (source.name.clone(), source)).collect(),
            owner: super::owner()?,
            control,
            supervisor,
            collects,
            held: BTreeSet::new(),
        })
    }

    /// Shares until told to stop, then gives back what it has.
    pub(crate) async fn run(mut self, mut ending: watch::Receiver<bool>) {
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(%error, "which process runs which source cannot be agreed upon");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = ending.wait_for(|end| *end) => break,
            }
        }
        for name in std::mem::take(&mut self.held) {
            self.release(name).await;
        }
    }

    async fn round(&mut self) -> anyhow::Result<()> {
        let control = self.control.clone();
        let read = move || {
            Ok::<_, control::Error>(Shared {
                kept: control.kept_sources()?,
                paused: control.paused_sources()?,
                states: control.source_states()?,
            })
        };
        let shared = tokio::task::spawn_blocking(read).await??;
        self.take_up(shared.kept, &shared.paused).await;
        let mut took_one = false;
        for running in self.supervisor.sources() {
            if running.definition.is_none() {
                continue;
            }
            let paused = shared.paused.contains(&running.name);
            if paused != running.paused {
                // It is there: it was listed just now, and has a definition.
                let _ = self.supervisor.pause(&running.name, paused).await;
            }
            self.share(&running, self.collects && !paused, &mut took_one)
                .await?;
        }
        self.tell(shared.states).await
    }

    /// Takes up what other processes defined, changed and removed.
    async fn take_up(&mut self, kept: Vec<KeptSource>, paused: &BTreeSet<String>) {
        let now: BTreeMap<String, KeptSource> = kept.into_iter().map(|k| (k.name.clone(), k)).collect();
        for (name, source) in &now {
            if self.kept.get(name) == Some(source) {
                continue;
            }
            match kept_source(source.clone()) {
                Ok(definition) => self.supervisor.adopt(definition, paused.contains(name)).await,
                Err(error) => tracing::error!(source = %name, %error, "a source cannot be run"),
            }
        }
        for name in self.kept.keys().filter(|name| !now.contains_key(*name)) {
            self.supervisor.let_go(name).await;
        }
        self.kept = now;
    }

    /// Keeps, takes or gives back the lease of a source.
    async fn share(&mut self, running: &Running, wanted: bool, took_one: &mut bool) -> anyhow::Result<()> {
        let name = &running.name;
        let (control, lease, owner) = (self.control.clone(), lease_of(name), self.owner.clone());
        match (self.held.contains(name), wanted) {
            (true, true) => {
                let renew = move || control.renew_lease(&lease, &owner, LASTS);
                if tokio::task::spawn_blocking(renew).await??.is_none() {
                    tracing::warn!(source = %name, "another process may run it: it stops here");
                    self.held.remove(name);
                    self.supervisor.hold(name, false).await?;
                }
            }
            (false, true) if !*took_one => {
                let take = move || control.take_lease(&lease, &owner, LASTS);
                if tokio::task::spawn_blocking(take).await??.is_some() {
                    *took_one = true;
                    self.held.insert(name.clone());
                    self.supervisor.hold(name, true).await?;
                }
            }
            (true, false) => {
                self.held.remove(name);
                self.release(name.clone()).await;
            }
            _ => {}
        }
        Ok(())
    }

    /// Stops a source here and lets the next process have it at once.
    async fn release(&self, name: String) {
        // One that is gone runs no more.
        let _ = self.supervisor.hold(&name, false).await;
        let (control, owner) = (self.control.clone(), self.owner.clone());
        let given = tokio::task::spawn_blocking(move || control.release_lease(&lease_of(&name), &owner));
        if let Ok(Err(error)) = given.await {
            tracing::warn!(%error, "a lease was not given back; it runs out by itself");
        }
    }

    /// Says how the sources do that run here, and repeats what others say of theirs.
    async fn tell(&self, said: Vec<SourceState>) -> anyhow::Result<()> {
        let now = crate::clock::now();
        let said: BTreeMap<String, SourceState> = said.into_iter().map(|s| (s.name.clone(), s)).collect();
        let mut states = Vec::new();
        for running in self.supervisor.sources() {
            if self.held.contains(&running.name) {
                states.push(SourceState {
                    state: serde_json::to_string(&running.health.snapshot())?,
                    name: running.name,
                    owner: self.owner.clone(),
                    at: now,
                });
            } else if !running.paused {
                repeat(&running, said.get(&running.name), now);
            }
        }
        let control = self.control.clone();
        Ok(tokio::task::spawn_blocking(move || control.put_source_states(&states)).await??)
    }
}

fn repeat(running: &Running, said: Option<&SourceState>, now: i64) {
    let known = said.and_then(|s| serde_json::from_str::<HealthSnapshot>(&s.state).ok());
    let is_stale = said.is_none_or(|s| now.saturating_sub(s.at) > STALE);
    match known {
        Some(known) if !is_stale => running.health.repeat(&known),
        known => {
            if let Some(known) = known {
                running.health.repeat(&known);
            }
            running.health.failed("no process runs it");
            running.health.set_state(State::Idle);
        }
    }
}

fn lease_of(source: &str) -> String {
    format!("source:{source}")
}
