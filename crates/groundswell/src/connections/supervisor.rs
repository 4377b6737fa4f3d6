//! Running the sources: started when there is something to watch for, changed while others run, told to stop when the
//! process ends.

use super::definition::{Definition, Origin, in_words};
use super::memory::Kept;
use super::past::Searches;
use super::wishes;
use crate::control::BudgetReading;
use crate::pipeline::{Incoming, Intake};
use post::Mode;
use sources::budget::Budget;
use sources::{Ability, Context, Delivery, Health, Report, Source, State, Task, Wanted};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thiserror::Error;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// Deliveries of one source that may wait.
const DEPTH: usize = 8;
/// Changes of the monitors that come within this time are told to the sources together.
const SETTLE: Duration = Duration::from_millis(500);

/// A source to be run.
pub enum Plan {
    /// One that the program itself brings (the demo).
    Given {
        /// Its name.
        name: String,
        /// What it is.
        connector: &'static str,
        /// The source.
        source: Box<dyn Source>,
    },
    /// One that somebody defined.
    Defined(Definition),
}

/// A source and how it does.
#[derive(Clone)]
pub struct Running {
    /// Its name.
    pub name: String,
    /// Its connector.
    pub connector: &'static str,
    /// Its definition; `None` for one that the program brings.
    pub definition: Option<Arc<Definition>>,
    /// What it says of itself.
    pub health: Arc<Health>,
    /// What it may spend.
    pub budget: Arc<Budget>,
    /// Whether somebody paused it.
    pub paused: bool,
}

impl Running {
    /// What is left of its budgets at this time. A limit of nothing is none to run low.
    pub fn readings(&self, at: i64) -> Vec<BudgetReading> {
        let left = self.budget.left().into_iter().filter(|left| left.most > 0);
        left.map(|left| BudgetReading {
            source: self.name.clone(),
            unit: left.unit.to_owned(),
            period: left.period.to_owned(),
            at,
            most: left.most,
            left: left.left,
            resets_at: left.resets_at,
        })
        .collect()
    }
}

/// Why sources cannot be changed so.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Change {
    /// There is none.
    #[error("there is no source `{0}`")]
    NotFound(String),
    /// The name is taken.
    #[error("`{0}` is the name of another source")]
    Taken(String),
    /// Only its file can change it.
    #[error("`{0}` stands in the configuration file: change it there")]
    FromFile(String),
    /// The program brings it.
    #[error("`{0}` is the program's own and cannot be changed")]
    Own(String),
}

/// The sources of this process.
pub struct Supervisor {
    intake: Arc<Intake>,
    wanted: watch::Receiver<Arc<Vec<Wanted>>>,
    entries: Mutex<BTreeMap<String, Entry>>,
    wishing: JoinHandle<()>,
    searches: Searches,
    /// Where processes share the sources, those that this one runs.
    held: Option<Mutex<BTreeSet<String>>>,
}

struct Entry {
    running: Running,
    stop: watch::Sender<bool>,
    task: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Takes sources under its care. They start as soon as a monitor is active, and resume where their last durable
    /// delivery ended; those named in the control state as paused wait. Where sources are `shared` among processes, each
    /// waits until [`Supervisor::hold`] says that this one runs it.
    pub fn start(intake: &Arc<Intake>, plans: Vec<Plan>, shared: bool) -> Arc<Supervisor> {
        let (tell, wanted) = watch::channel(Arc::new(Vec::new()));
        let paused = intake.control.paused_sources().unwrap_or_else(|error| {
            tracing::error!(%error, "which sources are paused cannot be read");
            Default::default()
        });
        let supervisor = Arc::new(Supervisor {
            intake: intake.clone(),
            wanted,
            entries: Mutex::default(),
            wishing: tokio::spawn(wish(intake.clone(), tell)),
            searches: Searches::default(),
            held: shared.then(Mutex::default),
        });
        for plan in plans {
            match plan {
                Plan::Given {
                    name,
                    connector,
                    source,
                } => {
                    let running = Running::new(&name, connector, None, Budget::unlimited());
                    supervisor.run(running, Some(source), Mode::Sealed);
                }
                Plan::Defined(definition) => {
                    let held = paused.contains(&definition.name);
                    supervisor.begin(Arc::new(definition), held);
                }
            }
        }
        supervisor
    }

    /// Every source and how it does, by name.
    pub fn sources(&self) -> Vec<Running> {
        self.entries().values().map(|e| e.running.clone()).collect()
    }

    /// Those that this process runs, where processes share them.
    pub(super) fn own_sources(&self) -> Vec<Running> {
        let mut all = self.sources();
        all.retain(|running| self.is_held(&running.name));
        all
    }

    /// The source of this name.
    pub fn find(&self, name: &str) -> Result<Running, Change> {
        let entries = self.entries();
        let entry = entries
            .get(name)
            .ok_or_else(|| Change::NotFound(name.to_owned()))?;
        Ok(entry.running.clone())
    }

    /// Takes a new source under its care.
    pub fn add(&self, definition: Definition) -> Result<(), Change> {
        if self.entries().contains_key(&definition.name) {
            return Err(Change::Taken(definition.name));
        }
        self.begin(Arc::new(definition), false);
        Ok(())
    }

    /// The source of this name, if the API may change it.
    pub fn changeable(&self, name: &str) -> Result<Running, Change> {
        let running = self.find(name)?;
        match running.definition.as_ref().map(|d| &d.origin) {
            Some(Origin::Api) => Ok(running),
            Some(Origin::File(_)) => Err(Change::FromFile(name.to_owned())),
            None => Err(Change::Own(name.to_owned())),
        }
    }

    /// Runs a source as it is now defined, in place of how it was.
    pub async fn replace(&self, definition: Definition) -> Result<(), Change> {
        let running = self.changeable(&definition.name)?;
        self.end(&definition.name).await;
        self.begin(Arc::new(definition), running.paused);
        Ok(())
    }

    /// Stops a source and forgets it.
    pub async fn remove(&self, name: &str) -> Result<(), Change> {
        self.changeable(name)?;
        self.end(name).await;
        self.entries().remove(name);
        // A source of the same name that is made later must not resume where this one was.
        self.deliver_cursor(name, String::new()).await;
        Ok(())
    }

    /// Stops a source until it is resumed, or resumes it.
    pub async fn pause(&self, name: &str, paused: bool) -> Result<(), Change> {
        let running = self.find(name)?;
        let definition = running.definition.ok_or_else(|| Change::Own(name.to_owned()))?;
        if running.paused != paused {
            self.end(name).await;
            self.begin(definition, paused);
        }
        Ok(())
    }

    /// Runs a source here from now on, or no longer: another process does.
    pub async fn hold(&self, name: &str, held: bool) -> Result<(), Change> {
        let running = self.find(name)?;
        if let Some(all) = &self.held {
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            match held {
                true => all.insert(name.to_owned()),
                false => all.remove(name),
            };
        }
        if let Some(definition) = running.definition {
            self.end(name).await;
            self.begin(definition, running.paused);
        }
        Ok(())
    }

    /// Takes up a source as another process defined it.
    pub async fn adopt(&self, definition: Definition, paused: bool) {
        self.end(&definition.name).await;
        self.begin(Arc::new(definition), paused);
    }

    /// Forgets a source that another process removed.
    pub async fn let_go(&self, name: &str) {
        self.end(name).await;
        self.entries().remove(name);
    }

    /// Whether this process runs a source.
    fn is_held(&self, name: &str) -> bool {
        let held = self.held.as_ref();
        held.is_none_or(|all| all.lock().unwrap_or_else(PoisonError::into_inner).contains(name))
    }

    /// Stops a source and starts it anew: it has a new token.
    pub async fn restart(&self, name: &str) -> Result<(), Change> {
        let running = self.find(name)?;
        let definition = running.definition.ok_or_else(|| Change::Own(name.to_owned()))?;
        self.end(name).await;
        self.begin(definition, running.paused);
        Ok(())
    }

    /// Waits until every source has ended by itself.
    pub async fn finished(&self) {
        let tasks: Vec<_> = self
            .entries()
            .values_mut()
            .filter_map(|e| e.task.take())
            .collect();
        for task in tasks {
            if task.await.is_err() {
                tracing::error!("a source's task failed");
            }
        }
    }

    /// Tells every source to stop and waits until what it delivered is taken.
    pub async fn stop(&self) {
        self.wishing.abort();
        self.searches.stop();
        for entry in self.entries().values() {
            entry.stop.send_replace(true);
        }
        self.finished().await;
    }

    pub(super) fn searches(&self) -> &Searches {
        &self.searches
    }

    pub(super) fn intake(&self) -> &Arc<Intake> {
        &self.intake
    }

    fn begin(&self, definition: Arc<Definition>, paused: bool) {
        let keep = Arc::new(Kept::new(&self.intake.control, &definition.name));
        let (name, mode) = (definition.name.clone(), definition.mode);
        let connector = definition.connector.name;
        let mut running = Running::new(&name, connector, Some(definition.clone()), definition.purse(keep));
        running.paused = paused;
        if let Some(before) = self.entries().get(&name).map(|e| e.running.clone()) {
            // What it counted and was not sampled yet stays; searches that go on share the purse.
            running.health = before.health;
            running.health.set_state(State::Idle);
            if before.definition.is_some_and(|d| Arc::ptr_eq(&d, &definition)) {
                running.budget = before.budget;
            }
        }
        let source = match definition.source() {
            _ if paused || !self.is_held(&name) => None,
            Ok(source) => Some(source),
            Err(faults) => {
                running.health.failed(in_words(&faults));
                None
            }
        };
        self.run(running, source, mode);
    }

    fn run(&self, running: Running, source: Option<Box<dyn Source>>, mode: Mode) {
        let (stop, shutdown) = watch::channel(false);
        let task = source.map(|source| {
            let over = Over {
                intake: self.intake.clone(),
                running: running.clone(),
                mode,
                wanted: self.wanted.clone(),
            };
            tokio::spawn(over.watch(source, shutdown))
        });
        let entry = Entry { running, stop, task };
        self.entries().insert(entry.running.name.clone(), entry);
    }

    /// Stops a source and waits until what it delivered is taken.
    async fn end(&self, name: &str) {
        let task = self.entries().get_mut(name).and_then(|entry| {
            entry.stop.send_replace(true);
            entry.task.take()
        });
        if let Some(task) = task
            && task.await.is_err()
        {
            tracing::error!(source = %name, "its task failed");
        }
    }

    async fn deliver_cursor(&self, name: &str, cursor: String) {
        let incoming = Incoming::Delivery {
            source: name.to_owned(),
            mode: Mode::Sealed,
            health: None,
            events: Vec::new(),
            cursor: Some(cursor),
            reply: None,
        };
        if let Err(error) = self.intake.deliver(incoming).await {
            tracing::warn!(source = %name, %error, "its place in the stream is not forgotten");
        }
    }

    fn entries(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    /// What its posts keep of who wrote them.
    pub(super) fn mode(&self) -> Mode {
        self.definition.as_ref().map_or(Mode::Sealed, |d| d.mode)
    }

    /// Whether its connector can do this.
    pub fn has(&self, ability: Ability) -> bool {
        let abilities = self
            .definition
            .as_ref()
            .map_or(&[][..], |d| d.connector.abilities);
        abilities.contains(&ability)
    }

    fn new(name: &str, connector: &'static str, definition: Option<Arc<Definition>>, budget: Budget) -> Self {
        Self {
            name: name.to_owned(),
            connector,
            definition,
            health: Arc::new(Health::default()),
            budget: Arc::new(budget),
            paused: false,
        }
    }
}

/// Tells the sources what is looked for, whenever that changes.
async fn wish(intake: Arc<Intake>, tell: watch::Sender<Arc<Vec<Wanted>>>) {
    let mut in_force = intake.in_force();
    let mut first = true;
    loop {
        let snapshot = intake.live.load_full();
        let wishes = tokio::task::spawn_blocking(move || wishes::of(&snapshot)).await;
        if let Ok(wishes) = wishes {
            tell.send_if_modified(|known| {
                let changed = std::mem::take(&mut first) || **known != wishes;
                *known = Arc::new(wishes);
                changed
            });
        }
        if in_force.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(SETTLE).await;
    }
}

/// Watching over one source.
struct Over {
    intake: Arc<Intake>,
    running: Running,
    mode: Mode,
    wanted: watch::Receiver<Arc<Vec<Wanted>>>,
}

impl Over {
    async fn watch(self, source: Box<dyn Source>, mut shutdown: watch::Receiver<bool>) {
        tokio::select! {
            () = self.intake.something_to_watch_for() => {}
            () = async { drop(shutdown.wait_for(|stop| *stop).await) } => return,
        }
        let mut wanted = self.wanted;
        // What is looked for is known a moment after the start; a source that is told nothing would unsay its rules.
        if wanted.changed().await.is_err() {
            return;
        }
        let Running {
            name, health, budget, ..
        } = self.running;
        let (out, deliveries) = mpsc::channel(DEPTH);
        let cursor = match resumes_at(&self.intake, &name).await {
            Ok(cursor) => cursor,
            Err(error) => {
                tracing::error!(source = %name, %error, "where it resumes cannot be read");
                return health.failed(error.to_string());
            }
        };
        let context = Context {
            cursor,
            health: health.clone(),
            wanted,
            budget,
            keep: Arc::new(Kept::new(&self.intake.control, &name)),
            report: Arc::new(Report::default()),
            ..Context::plain(out, shutdown)
        };
        let taking = tokio::spawn(take(
            self.intake,
            name.clone(),
            self.mode,
            health.clone(),
            deliveries,
        ));
        match source.run(Task::Follow, context).await {
            Ok(()) => {
                if health.snapshot().state != State::Failed {
                    health.set_state(State::Done);
                }
            }
            Err(error) => {
                tracing::error!(source = %name, %error, "the source gave up");
                health.failed(error.to_string());
            }
        }
        if taking.await.is_err() {
            tracing::error!(source = %name, "its deliveries could not be taken");
        }
    }
}

/// Where a source resumes; brokers are asked off the async threads.
async fn resumes_at(intake: &Arc<Intake>, name: &str) -> anyhow::Result<Option<String>> {
    let (intake, name) = (intake.clone(), name.to_owned());
    Ok(tokio::task::spawn_blocking(move || intake.cursor(&name)).await??)
}

/// Hands deliveries on to the pipeline until there are no more.
pub(super) async fn take(
    intake: Arc<Intake>,
    source: String,
    mode: Mode,
    health: Arc<Health>,
    mut deliveries: mpsc::Receiver<Delivery>,
) {
    while let Some(delivery) = deliveries.recv().await {
        for refused in &delivery.refused {
            intake.counters.refuse(refused.code);
            tracing::debug!(%source, reason = refused.code, "refused");
        }
        let incoming = Incoming::Delivery {
            source: source.clone(),
            mode,
            health: Some(health.clone()),
            events: delivery.events,
            cursor: delivery.cursor,
            reply: None,
        };
        if intake.deliver(incoming).await.is_err() {
            return;
        }
    }
}
