//! Rules: if a mention passes the filter, then change its mark. They run on what each commit brings, and on the past.

use super::{Marking, numbers_under};
use crate::api::types::FilterParams;
use crate::control::{AuditEvent, Rule};
use crate::pipeline::Engine;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::Filter;
use tokio::sync::watch;

/// How often new commits are looked for.
const EVERY: Duration = Duration::from_secs(1);
/// Mentions of the past that are changed in one step.
const STEP: usize = 5_000;

/// How far the application of a rule to the past has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// Mentions looked at.
    pub done: u64,
    /// Mentions under the filter.
    pub total: u64,
    /// Mentions changed.
    pub changed: u64,
    /// The changes made, to be undone.
    pub changes: Vec<String>,
    /// Whether it came to its end.
    pub ended: bool,
    /// Why it stopped before.
    pub fault: Option<String>,
    /// Whether somebody stopped it, or asked for that: the step under way is done first.
    pub stopped: bool,
}

/// The runs of this process, by rule; the last of each.
#[derive(Debug, Default)]
pub struct Runs(Mutex<HashMap<String, Run>>);

impl Runs {
    /// The last run of a rule.
    pub fn of(&self, rule: &str) -> Option<Run> {
        self.map().get(rule).cloned()
    }

    /// Asks the run of a rule to stop after the step under way; `false` where none is under way.
    pub fn stop(&self, rule: &str) -> bool {
        let mut runs = self.map();
        let running = runs.get_mut(rule).filter(|run| !run.ended);
        let Some(run) = running else {
            return false;
        };
        run.stopped = true;
        true
    }

    /// Begins a run; `false` where one is under way.
    fn begin(&self, rule: &str) -> bool {
        let mut runs = self.map();
        if runs.get(rule).is_some_and(|run| !run.ended) {
            return false;
        }
        runs.insert(rule.to_owned(), Run::default());
        true
    }

    fn change(&self, rule: &str, change: impl FnOnce(&mut Run)) {
        if let Some(run) = self.map().get_mut(rule) {
            change(run);
        }
    }

    fn map(&self) -> std::sync::MutexGuard<'_, HashMap<String, Run>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Applies the rules to what every commit brings, until the process ends.
pub(crate) async fn run(engine: Arc<Engine>, mut ending: watch::Receiver<bool>) {
    loop {
        let worker = engine.clone();
        let done = tokio::task::spawn_blocking(move || pass(&worker)).await;
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "rules could not be applied; they are tried again"),
            Err(error) => tracing::error!(%error, "applying rules failed"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            _ = ending.wait_for(|end| *end) => return,
        }
    }
}

/// Applies the active rules to what was written since they were last applied.
fn pass(engine: &Engine) -> anyhow::Result<()> {
    let control = &engine.control;
    let upto = engine.store.generation();
    let since = control.rules_upto()?;
    if since == Some(upto) {
        return Ok(());
    }
    for rule in control.active_rules()? {
        let filter = Filter {
            since: Some(since.unwrap_or(0).max(rule.since)),
            upto: Some(upto),
            ..filter(engine, &rule)?
        };
        let snapshot = engine.store.snapshot();
        // What a rule changes is what came in since, never more than a commit holds.
        let mentions = snapshot.numbers(&filter)?;
        let by = author(&rule);
        engine
            .marking
            .apply(control, &rule.project, &mentions, &rule.change, &by)?;
    }
    control.note_rules_upto(upto)?;
    Ok(())
}

impl Marking {
    /// Begins to apply a rule to all mentions there are; `false` where that is under way. It runs on a thread of its own.
    pub fn apply_to_the_past(&self, engine: &Arc<Engine>, rule: Rule) -> bool {
        if !self.runs.begin(&rule.id) {
            return false;
        }
        let engine = engine.clone();
        std::thread::spawn(move || {
            let runs = &engine.marking.runs;
            if let Err(error) = past(&engine, &rule) {
                tracing::error!(%error, rule = rule.id, "a rule could not be applied to the past");
                runs.change(&rule.id, |run| run.fault = Some(error.to_string()));
            }
            runs.change(&rule.id, |run| run.ended = true);
        });
        true
    }
}

fn past(engine: &Engine, rule: &Rule) -> anyhow::Result<()> {
    let snapshot = engine.store.snapshot();
    let Some(mentions) = numbers_under(&snapshot, &filter(engine, rule)?)? else {
        anyhow::bail!("its filter has more than {} mentions", super::MOST);
    };
    let (runs, by) = (&engine.marking.runs, author(rule));
    runs.change(&rule.id, |run| run.total = mentions.len() as u64);
    for step in mentions.chunks(STEP) {
        if runs.of(&rule.id).is_some_and(|run| run.stopped) {
            break;
        }
        let made = engine
            .marking
            .apply(&engine.control, &rule.project, step, &rule.change, &by)?;
        runs.change(&rule.id, |run| {
            run.done += step.len() as u64;
            if let Some(made) = made {
                run.changed += made.mentions;
                run.changes.push(made.id);
            }
        });
    }
    Ok(())
}

/// The filter of a rule: of all times, and of mentions rather than posts.
fn filter(engine: &Engine, rule: &Rule) -> anyhow::Result<Filter> {
    let params: FilterParams = serde_json::from_value(rule.filter.clone())?;
    // Its period is ignored, whatever it says.
    let params = FilterParams {
        project: Some(rule.project.clone()),
        from: None,
        to: None,
        ..params
    };
    let asked = crate::api::ask_filter(engine, &params, crate::clock::now())
        .map_err(|e| anyhow::anyhow!("its filter cannot be read: {}", e.message()))?;
    Ok(Filter {
        from: None,
        to: None,
        ..asked.filter
    })
}

fn author(rule: &Rule) -> AuditEvent {
    AuditEvent::of_rule(&rule.id)
}

/// What is wrong with the filter of a rule, if anything is.
pub(crate) fn fault(engine: &Engine, rule: &Rule) -> Option<String> {
    filter(engine, rule).err().map(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::Runs;

    #[test]
    fn only_a_run_under_way_can_be_stopped() {
        let runs = Runs::default();
        assert!(!runs.stop("r"), "there is none");
        assert!(runs.begin("r") && runs.stop("r"));
        assert!(runs.of("r").is_some_and(|run| run.stopped && !run.ended));
        runs.change("r", |run| run.ended = true);
        assert!(!runs.stop("r"), "it has ended");
        assert!(runs.begin("r") && runs.of("r").is_some_and(|run| !run.stopped));
    }
}
