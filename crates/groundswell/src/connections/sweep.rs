//! Deletion sweeps: where a platform does not tell of deletions by itself, it is asked again about what is kept, as often
//! as its policy profile demands.

use super::definition::in_words;
use super::memory::Kept;
use super::supervisor::{Running, Supervisor, take};
use post::profile;
use sources::{Ability, Context, Health, Task};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// How often it is looked for posts that are due.
const EVERY: Duration = Duration::from_secs(300);
/// Posts asked about in one go.
const TOGETHER: usize = 1_000;
const HOUR: i64 = 3_600_000;

impl Supervisor {
    /// Sweeps until told to stop.
    pub async fn sweep(self: Arc<Self>, mut ending: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                _ = ending.wait_for(|end| *end) => return,
                () = tokio::time::sleep(EVERY) => {}
            }
            self.sweep_once(crate::clock::now(), &ending).await;
        }
    }

    /// Asks each platform about the posts that are due at `now`.
    pub async fn sweep_once(&self, now: i64, ending: &watch::Receiver<bool>) {
        // One source of a platform can ask for all.
        let mut asked = BTreeSet::new();
        for running in self.sources() {
            if running.paused || !running.has(Ability::Recheck) || !asked.insert(running.connector) {
                continue;
            }
            let Some(hours) = profile::of(running.connector).recheck.value.every_hours else {
                continue;
            };
            // Half of the time that is allowed, so that a sweep that fails can be made again.
            let before = now - i64::from(hours) * HOUR / 2;
            while !*ending.borrow() {
                match self.ask_about(&running, before, ending).await {
                    Ok(posts) if posts == TOGETHER => {}
                    Ok(_) => break,
                    Err(error) => {
                        tracing::warn!(source = %running.name, %error, "a deletion sweep stopped; the next one goes on");
                        break;
                    }
                }
            }
        }
    }

    /// Asks about the posts that are due, a bounded number of them; how many there were.
    async fn ask_about(
        &self,
        running: &Running,
        before: i64,
        ending: &watch::Receiver<bool>,
    ) -> anyhow::Result<usize> {
        let (control, platform) = (self.intake().control.clone(), running.connector);
        let due = tokio::task::spawn_blocking(move || control.posts_to_recheck(platform, before, TOGETHER))
            .await??;
        let Some(definition) = running.definition.as_ref().filter(|_| !due.is_empty()) else {
            return Ok(0);
        };
        let (keys, uids): (Vec<_>, Vec<_>) = due.into_iter().unzip();
        let source = definition.source().map_err(|f| anyhow::anyhow!(in_words(&f)))?;
        let (out, deliveries) = mpsc::channel(2);
        let health = Arc::new(Health::default());
        let context = Context {
            health: health.clone(),
            budget: running.budget.clone(),
            keep: Arc::new(Kept::new(&self.intake().control, &running.name)),
            ..Context::plain(out, ending.clone())
        };
        let name = format!("{} (sweep)", running.name);
        let taking = tokio::spawn(take(
            self.intake().clone(),
            name,
            definition.mode,
            health,
            deliveries,
        ));
        let ended = source.run(Task::Recheck(uids), context).await;
        taking.await?;
        ended?;
        let count = keys.len();
        if !*ending.borrow() {
            let control = self.intake().control.clone();
            let at = crate::clock::now();
            tokio::task::spawn_blocking(move || control.note_rechecked(&keys, at)).await??;
        }
        Ok(count)
    }
}
