//! Asking platforms for the past: what a new monitor would have found before it was made, as far back as each platform's
//! own search goes. What is found is journaled and matched like anything else; the time searched is marked as partial.

use super::definition::in_words;
use super::memory::Kept;
use super::supervisor::{Running, Supervisor, take};
use super::wishes;
use crate::control::{Control, CoverageGap, PastRow, PastState};
use query::Query;
use sources::{Ability, Context, Past, Report, ReportSnapshot, Source, Task, Wanted};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use thiserror::Error;
use tokio::sync::{mpsc, watch};

/// How far back a new monitor asks by itself.
const DAYS: i64 = 30;
/// Posts that are read by themselves at most; a larger past is started by hand.
const MOST_POSTS: u64 = 20_000;
const DAY: i64 = 86_400_000;

/// What is to be searched.
#[derive(Debug, Clone)]
pub struct PastSearch {
    /// The source whose platform is asked.
    pub source: String,
    /// The monitor it is for; all, where `None`.
    pub monitor: Option<String>,
    /// A query that no monitor has yet, instead of the monitors'; only estimates have one.
    pub query: Option<Query>,
    /// No older than this, milliseconds since 1970.
    pub from: i64,
    /// No newer.
    pub until: i64,
}

impl PastSearch {
    /// The search as the control state keeps it, with nothing found yet.
    pub(crate) fn row(&self, state: PastState) -> PastRow {
        PastRow {
            id: String::new(),
            source: self.source.clone(),
            monitor: self.monitor.clone(),
            from: self.from,
            until: self.until,
            state,
            posts: 0,
            report: String::new(),
            error: None,
            created_at: crate::clock::now(),
        }
    }
}

/// Why a past cannot be searched.
#[derive(Debug, Error)]
pub enum PastFault {
    /// Its connector has no search, or there is no such source or monitor.
    #[error("{0}")]
    Cannot(String),
    /// The control state.
    #[error(transparent)]
    Control(#[from] crate::control::Error),
}

/// A source, the same ready to run, and what is looked for.
type Prepared = (Running, Box<dyn Source>, Vec<Wanted>);

/// The searches that run now.
#[derive(Default)]
pub struct Searches(Mutex<HashMap<String, watch::Sender<bool>>>);

impl Supervisor {
    /// Says what a search would take, without reading posts.
    pub async fn estimate_past(&self, search: &PastSearch) -> Result<ReportSnapshot, PastFault> {
        let (running, source, wanted) = self.prepared(search)?;
        let (out, _nothing) = mpsc::channel(1);
        let (_stop, shutdown) = watch::channel(false);
        let asked = asked(search, true);
        let context = self.context(&running, wanted, out, shutdown);
        let report = context.report.clone();
        if let Err(error) = source.run(Task::Past(asked), context).await {
            report.say(error.to_string());
        }
        Ok(report.snapshot())
    }

    /// Starts a search; gives its id at once.
    pub fn search_past(self: &Arc<Self>, search: PastSearch) -> Result<String, PastFault> {
        let (running, source, wanted) = self.prepared(&search)?;
        let control = self.intake().control.clone();
        let id = control.begin_past(&search.row(PastState::Running))?;
        let (out, deliveries) = mpsc::channel(2);
        let (stop, shutdown) = watch::channel(false);
        self.searches().hold(&id, stop);
        let context = self.context(&running, wanted, out, shutdown);
        let report = context.report.clone();
        let health = context.health.clone();
        // What it delivers is journaled under a name of its own: it must not move the live cursor.
        let name = format!("{} (past)", search.source);
        let taking = tokio::spawn(take(
            self.intake().clone(),
            name,
            running.mode(),
            health.clone(),
            deliveries,
        ));
        let (supervisor, done) = (self.clone(), id.clone());
        tokio::spawn(async move {
            let ended = source.run(Task::Past(asked(&search, false)), context).await;
            // Its end is told once everything it delivered is taken.
            let _ = taking.await;
            let posts = health.snapshot().posts;
            let error = ended.err().map(|e| e.to_string());
            supervisor.searches().release(&done);
            note_end(&control, &done, &search, posts, &report, error);
        });
        Ok(id)
    }

    /// Tells a running search to stop.
    pub fn stop_past(&self, id: &str) -> bool {
        self.searches().release(id)
    }

    /// Asks every source that can about new monitors, beside whatever else goes on. What costs money, or would be very
    /// much, is only estimated: the operator starts it.
    pub fn ask_past_of(self: &Arc<Self>, monitors: Vec<String>) {
        let supervisor = self.clone();
        tokio::spawn(async move {
            for monitor in monitors {
                for running in supervisor.sources() {
                    if running.has(Ability::Past) && !running.paused {
                        supervisor.ask_source(&running.name, &monitor).await;
                    }
                }
            }
        });
    }

    async fn ask_source(self: &Arc<Self>, source: &str, monitor: &str) {
        let now = crate::clock::now();
        let search = PastSearch {
            source: source.to_owned(),
            monitor: Some(monitor.to_owned()),
            query: None,
            from: now - DAYS * DAY,
            until: now,
        };
        let report = match self.estimate_past(&search).await {
            Ok(report) => report,
            Err(error) => {
                tracing::debug!(%source, %error, "the past is not asked");
                return;
            }
        };
        let estimate = report.estimate.clone().unwrap_or_default();
        let cheap = estimate.money.is_none_or(|m| m <= 0.0) && estimate.posts.is_none_or(|p| p <= MOST_POSTS);
        let outcome = if cheap {
            self.search_past(search).map(drop)
        } else {
            self.note_estimate(&search, &report)
        };
        if let Err(error) = outcome {
            tracing::warn!(%source, %error, "the past cannot be searched");
        }
    }

    fn note_estimate(&self, search: &PastSearch, report: &ReportSnapshot) -> Result<(), PastFault> {
        let mut row = search.row(PastState::Estimated);
        row.report = serde_json::to_string(report).unwrap_or_default();
        self.intake().control.begin_past(&row)?;
        Ok(())
    }

    /// The source, ready to run, and what is looked for.
    fn prepared(&self, search: &PastSearch) -> Result<Prepared, PastFault> {
        let running = self
            .find(&search.source)
            .map_err(|e| PastFault::Cannot(e.to_string()))?;
        let definition = running.definition.clone().filter(|_| running.has(Ability::Past));
        let Some(definition) = definition else {
            let message = format!("the platform of `{}` has no search of its past", search.source);
            return Err(PastFault::Cannot(message));
        };
        let wanted = self.wanted(search);
        if wanted.is_empty() {
            return Err(PastFault::Cannot(
                "there is nothing that a platform could be asked for".to_owned(),
            ));
        }
        let source = definition.source().map_err(|f| PastFault::Cannot(in_words(&f)))?;
        Ok((running, source, wanted))
    }

    /// What is looked for: what the one query says, or the monitors.
    fn wanted(&self, search: &PastSearch) -> Vec<Wanted> {
        if let Some(query) = &search.query {
            let wish = wishes::sought(query.ast()).map(|sought| Wanted {
                id: "query".to_owned(),
                sought,
            });
            return wish.into_iter().collect();
        }
        let mut wanted = wishes::of(&self.intake().live.load_full());
        if let Some(monitor) = &search.monitor {
            wanted.retain(|w| w.id == *monitor);
        }
        wanted
    }

    fn context(
        &self,
        running: &Running,
        wanted: Vec<Wanted>,
        out: mpsc::Sender<sources::Delivery>,
        shutdown: watch::Receiver<bool>,
    ) -> Context {
        Context {
            wanted: watch::channel(Arc::new(wanted)).1,
            budget: running.budget.clone(),
            keep: Arc::new(Kept::new(&self.intake().control, &running.name)),
            ..Context::plain(out, shutdown)
        }
    }
}

impl Searches {
    fn hold(&self, id: &str, stop: watch::Sender<bool>) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert(id.to_owned(), stop);
    }

    /// Stops a search and forgets it; whether it ran.
    fn release(&self, id: &str) -> bool {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        found.is_some_and(|stop| stop.send(true).is_ok())
    }

    /// Stops all.
    pub(super) fn stop(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

fn asked(search: &PastSearch, estimate: bool) -> Past {
    Past {
        from: search.from,
        until: search.until,
        estimate,
    }
}

fn note_end(
    control: &Control,
    id: &str,
    search: &PastSearch,
    posts: u64,
    report: &Report,
    error: Option<String>,
) {
    let snapshot = report.snapshot();
    let text = serde_json::to_string(&snapshot).unwrap_or_default();
    let ended = control
        .end_past(id, posts, &text, error.as_deref())
        .and_then(|()| {
            for covered in &snapshot.covered {
                control.note_gap(&CoverageGap {
                    source: search.source.clone(),
                    from: covered.from,
                    until: covered.until,
                    kind: "partial".to_owned(),
                    reason: if covered.whole {
                        "searched in the platform's past".to_owned()
                    } else {
                        "searched in the platform's past, as far as it can be asked".to_owned()
                    },
                    repaired: false,
                })?;
            }
            Ok(())
        });
    if let Err(error) = ended {
        tracing::error!(%error, "the end of a search of the past cannot be noted");
    }
}
