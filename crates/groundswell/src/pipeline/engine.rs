//! Starting, feeding and stopping the pipeline.

use super::Monitors;
use super::backfill::Tools;
use super::context::Kept;
use super::ingest::{Ingest, Work};
use super::intake::Intake;
use super::process::Processor;
use super::publish::Backfills;
use super::recent::Recent;
use super::snapshot::Snapshot;
use super::stage::Stage;
use super::writer::{Committed, Writer, Written};
use super::{Age, Blocked, Counters};
use crate::accounts::OwnAccounts;
use crate::control::Control;
use crate::detect::{self, Placer};
use crate::marking::Marking;
use crate::policy::Gate;
use crate::privacy;
use crate::relevance::Relevance;
use crate::scoring::own::{Brought, Jobs, Own};
use crate::scoring::{self, Cascade, Scoring};
use arc_swap::ArcSwap;
use journal::{Appender, Entry, Journal, JournalHandle, Log, MonitorSet, Position, Rewriter};
use models::Models;
use post::Admission;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use store::{Store, StoreReader};
use tokio::sync::{mpsc, watch};

/// What the pipeline is made with.
pub struct Settings {
    /// The data folder.
    pub data: PathBuf,
    /// The server that keeps the control state, where it is not in the data folder.
    pub postgres: Option<crate::control::Postgres>,
    /// The cluster that keeps the mentions; the data folder, where `None`.
    pub store: Option<store::elastic::Settings>,
    /// Bounds of the journal.
    pub journal: crate::config::Journal,
    /// The brokers that keep the journal, and this process's key to it; the data folder, where `None`.
    pub kafka: Option<crate::config::Kafka>,
    /// What admission leaves readable.
    pub policy: post::Policy,
    /// How long what is kept.
    pub retention: crate::policy::Retention,
    /// How the tiers of models share the work.
    pub scoring: scoring::Settings,
    /// Folders of ONNX classifiers that read every mention.
    pub onnx: Vec<PathBuf>,
    /// Threads that match and score.
    pub threads: usize,
}

impl Settings {
    /// Where the control state is kept.
    pub(crate) fn place(&self) -> crate::control::Place {
        crate::control::Place {
            data: self.data.clone(),
            postgres: self.postgres.clone(),
        }
    }
}

/// Where mentions are kept: in a cluster, or else in the data folder.
pub(crate) fn location(data: &Path, cluster: Option<&store::elastic::Settings>) -> store::Location {
    match cluster {
        Some(settings) => store::Location::Cluster(settings.clone()),
        None => store::Location::Folder(data.join("store"), store::Options::default()),
    }
}

/// The running pipeline.
pub struct Engine {
    /// Projects, monitors, the vault.
    pub control: Arc<Control>,
    /// The journal, for reading.
    pub journal: Log,
    /// Where sources hand over what they deliver.
    pub intake: Arc<Intake>,
    /// The store, for reading.
    pub store: StoreReader,
    /// The models in use.
    pub models: Arc<Models>,
    /// Scoring by the fast tier alone, for what is only looked at.
    pub(crate) glance: Scoring,
    /// Which models may run on which platform's posts.
    pub gate: Arc<Gate>,
    /// Classifiers of one's own that are in force.
    pub own: Arc<Own>,
    /// Accounts that are likely automated.
    pub likely: crate::detect::Likely,
    /// Models of relevance that are in force.
    pub relevance: Arc<Relevance>,
    /// Which accounts are whose.
    pub accounts: Arc<OwnAccounts>,
    /// The posts whose answers are kept.
    pub kept: Arc<Kept>,
    /// What people and rules did with mentions.
    pub marking: Arc<Marking>,
    /// Copies and topics.
    pub placer: Arc<Placer>,
    placing: detect::Upkeep,
    /// What trains and applies them now.
    pub(crate) jobs: Arc<Jobs>,
    /// How long what is kept, as the operator sets it.
    pub retention: crate::policy::Retention,
    /// The time by which things grow old.
    pub age: Arc<Age>,
    /// The rules of admission.
    pub admission: Arc<Admission>,
    /// The monitor set live matching uses now.
    pub live: Arc<ArcSwap<Snapshot>>,
    /// What is counted.
    pub counters: Arc<Counters>,
    /// Why nothing can be written, if so.
    pub blocked: Blocked,
    /// The next journal position the store has not absorbed.
    pub stored: Arc<AtomicU64>,
    /// Searches of the past.
    pub(super) backfills: Backfills,
    /// Serialises changes of the monitor set. The version of the control state's set that is journaled; `None` until
    /// the two were compared.
    pub(super) changing: tokio::sync::Mutex<Option<u64>>,
    /// Whether what the store had missed is replayed.
    pub(super) replayed: watch::Receiver<bool>,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// How far the matching stage is with what this process appended, where others append, too.
    pub(super) heard: Arc<AtomicU64>,
    /// Where what workers found ends, in a cluster.
    found_end: Arc<AtomicU64>,
    /// What takes off the disk what is gone; brokers do that for a journal in Kafka.
    pub(super) rewriter: Option<Rewriter>,
    /// One erasure or purge at a time.
    pub(crate) purging: tokio::sync::Mutex<()>,
    /// The way to the writer for work on the store.
    pub(super) upkeep: Mutex<Option<SyncSender<Written>>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    /// Held for as long as this process uses the data folder.
    _lock: Option<journal::Lock>,
}

/// Waiting batches between two stages.
const DEPTH: usize = 4;

/// Opens the journal. Segments that are damaged are set aside, with those before them, where the store has all that they
/// held; where it has not, they are the only place of what was acknowledged, and opening fails.
fn open_journal(
    settings: &Settings,
    options: journal::Options,
) -> anyhow::Result<(Journal, journal::Recovery)> {
    let folder = settings.data.join("journal");
    let key = options.key;
    let error = match Journal::open(&folder, options.clone()) {
        Err(error) if error.is_damage() => error,
        other => return Ok(other?),
    };
    let lock = journal::Lock::take(&folder)?;
    let found = journal::check(&folder, &key)?;
    let stored = Position(open_store(settings)?.position());
    if journal::harmed_upto(&found).is_none_or(|upto| upto > stored) {
        return Err(error.into());
    }
    let moved = journal::set_aside(&lock, &found, &folder.join("set-aside"))?;
    let files: Vec<_> = moved.iter().map(|path| path.display().to_string()).collect();
    tracing::error!(%error, files = files.join(", "), "a part of the journal is damaged and was set aside: all of it is stored, but searches of the past begin later");
    drop(lock);
    Ok(Journal::open(&folder, options)?)
}

fn open_store(settings: &Settings) -> Result<Store, store::Error> {
    Ok(Store::open_at(&location(&settings.data, settings.store.as_ref()))?.0)
}

/// Journal and store as a run begins with them.
struct Opened {
    store: Store,
    appender: Appender,
    log: Log,
    rewriter: Option<Rewriter>,
    recent: Recent,
    monitors: MonitorSet,
    incoming: Entries,
    /// Where no journal holds the data folder: that this process does.
    lock: Option<journal::Lock>,
}

/// Where the matching stage takes up what the store has not absorbed.
enum Entries {
    /// In a folder, to be matched here.
    Folder(Box<journal::Reader>),
    /// From workers, matched already.
    #[cfg(feature = "kafka")]
    Kafka(Box<journal::kafka::MatchedReader>),
}

impl Opened {
    /// The journal first: only who holds the data folder may take over the store.
    fn open(settings: &Settings, wrap: [u8; 32]) -> anyhow::Result<Self> {
        match &settings.kafka {
            None => Self::folder(settings, wrap),
            Some(kafka) => Self::kafka(settings, kafka, wrap),
        }
    }

    fn folder(settings: &Settings, wrap: [u8; 32]) -> anyhow::Result<Self> {
        let options = journal::Options {
            max_bytes: settings.journal.max_bytes,
            max_age_ms: settings.journal.max_hours as i64 * 3_600_000,
            ..journal::Options::new(wrap)
        };
        let (mut journal, recovery) = open_journal(settings, options)?;
        if let Some(cut) = &recovery.cut {
            tracing::warn!(path = %cut.path.display(), offset = cut.offset, bytes = cut.bytes, "cut a torn tail off the journal");
        }
        let store = open_store(settings)?;
        let stored = Position(store.position());
        // A journal folder that was lost or cut short must not give out positions the store already knows.
        journal.advance_to(stored)?;
        let handle = journal.handle();
        Ok(Self {
            store,
            rewriter: Some(journal.rewriter()),
            recent: refill(&handle)?,
            monitors: handle.monitors_at(stored)?.unwrap_or_default(),
            incoming: Entries::Folder(Box::new(handle.reader(stored))),
            lock: None,
            log: Log::Folder(handle),
            appender: Appender::Folder(Box::new(journal)),
        })
    }

    #[cfg(feature = "kafka")]
    fn kafka(settings: &Settings, kafka: &crate::config::Kafka, wrap: [u8; 32]) -> anyhow::Result<Self> {
        let lock = journal::Lock::take(&settings.data.join("journal"))?;
        let topics = kafka.settings(wrap);
        journal::kafka::make_topics(&topics)?;
        let mut producer = journal::kafka::Producer::open(&topics)?;
        let store = open_store(settings)?;
        let found = journal::kafka::MatchedReader::open(&topics, store.position())?;
        let monitors = producer.monitors()?.map(|set| (*set).clone());
        Ok(Self {
            store,
            lock: Some(lock),
            rewriter: None,
            recent: Recent::default(),
            monitors: monitors.unwrap_or_default(),
            incoming: Entries::Kafka(Box::new(found)),
            log: Log::Kafka(Arc::new(journal::kafka::Topic::new(&topics))),
            appender: Appender::Kafka {
                producer: Box::new(producer),
                appended: 0,
            },
        })
    }

    #[cfg(not(feature = "kafka"))]
    fn kafka(_: &Settings, _: &crate::config::Kafka, _: [u8; 32]) -> anyhow::Result<Self> {
        anyhow::bail!(crate::config::WITHOUT_KAFKA)
    }
}

impl Engine {
    /// Opens the data folder, replays what the store has not absorbed, and starts the threads. `committed` is told
    /// of every commit.
    pub fn start(
        settings: &Settings,
        models: Models,
        committed: impl Fn(Committed, &Snapshot) + Send + 'static,
    ) -> anyhow::Result<Arc<Engine>> {
        let control = Arc::new(Control::open(settings.place())?);
        privacy::finish_rotation(&control, &settings.data)?;
        let keys = control.keys();
        let opened = Opened::open(settings, keys.wrap)?;
        let store = opened.store;
        let stored = Position(store.position());

        let pseudonyms = post::Pseudonyms::new(&keys.id);
        let admission = Arc::new(Admission::new(pseudonyms.clone(), &settings.policy));
        privacy::suppress(&admission, &control)?;
        let monitors = Monitors::new(opened.monitors, &pseudonyms);
        let snapshot = monitors.snapshot().clone();
        let live = Arc::new(ArcSwap::new(snapshot.clone()));
        let models = Arc::new(models);
        let gate = Arc::new(Gate::default());
        gate.refresh(&control)?;
        let brought = settings.onnx.iter().map(|folder| Brought::load(folder));
        let brought = brought.collect::<Result<_, _>>()?;
        let encoder = models.encoder.as_ref().map(|e| e.id().to_owned());
        let own = Arc::new(Own::new(encoder, brought));
        own.refresh(&control)?;
        let relevance = Arc::new(Relevance::default());
        relevance.refresh(&control)?;
        let age = Arc::new(Age::open(&control, crate::clock::now())?);
        let counters = Arc::new(Counters::default());
        let blocked = Blocked::default();
        let reader = store.reader();
        let stored_position = Arc::new(AtomicU64::new(stored.0));

        let (incoming, incoming_rx) = mpsc::channel(64);
        let (work, work_rx) = sync_channel::<Work>(DEPTH);
        let (written, written_rx) = sync_channel::<Written>(DEPTH);
        let (in_force_tx, in_force) = watch::channel(snapshot.version);
        let (replayed_tx, replayed) = watch::channel(false);
        let (heard, found_end) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));

        let shown = live.clone();
        let writer = Writer {
            store,
            control: control.clone(),
            counters: counters.clone(),
            blocked: blocked.clone(),
            stored: stored_position.clone(),
            in_force: snapshot,
            gave_up: false,
            admission: admission.clone(),
            committed: Box::new(move |commit| committed(commit, &shown.load())),
        };
        let scoring = |part: scoring::Settings, threads| Scoring {
            models: models.clone(),
            gate: gate.clone(),
            cascade: Cascade::new(part, threads),
            own: own.clone(),
            relevance: relevance.clone(),
        };
        // Searches of the past have a thread of their own beside the stream.
        let (live_scoring, past) = (settings.scoring.part(0.75), settings.scoring.part(0.25));
        let live_scoring = Arc::new(scoring(live_scoring, settings.threads));
        let accounts = Arc::new(OwnAccounts::default());
        accounts.refresh(&control, admission.pseudonyms())?;
        let kept = Arc::new(Kept::default());
        kept.load(&kept.refresh(&control)?, &reader.snapshot())?;
        let placer = Arc::new(Placer::open(&settings.data, &reader.snapshot())?);
        let processor = Processor::new(
            monitors,
            live_scoring,
            kept.clone(),
            accounts.clone(),
            placer.clone(),
            settings.threads,
        );
        let stage = Stage {
            processor,
            live: live.clone(),
            in_force: in_force_tx,
            replayed: replayed_tx,
            blocked: blocked.clone(),
            written: written.clone(),
        };
        let ingest = Ingest {
            admission: admission.clone(),
            recent: opened.recent,
            journal: opened.appender,
            counters: counters.clone(),
            blocked: blocked.clone(),
            stored: stored_position.clone(),
            now: crate::clock::now,
            age: age.clone(),
            upkeep: Vec::new(),
        };
        let incoming_entries = opened.incoming;
        #[cfg(feature = "kafka")]
        let beside = super::take_down::Beside {
            admission: admission.clone(),
            stored: stored_position.clone(),
            heard: heard.clone(),
            end: found_end.clone(),
        };
        let threads = vec![
            spawn("writer", &blocked, move || writer.run(written_rx))?,
            spawn("match", &blocked, move || match incoming_entries {
                Entries::Folder(replay) => stage.run(*replay, stored, work_rx),
                #[cfg(feature = "kafka")]
                Entries::Kafka(reader) => stage.take_down(*reader, &beside, &work_rx),
            })?,
            spawn("ingest", &blocked, move || ingest.run(incoming_rx, work))?,
        ];
        let tools = Tools {
            control: control.clone(),
            journal: opened.log.clone(),
            scoring: Arc::new(scoring(past, settings.threads)),
            pseudonyms,
            live: live.clone(),
            kept: kept.clone(),
            placer: placer.clone(),
            writer: written.clone(),
        };
        let marking = Arc::new(Marking::open(&control, reader.clone())?);
        let intake = Arc::new(Intake {
            control: control.clone(),
            journal: opened.log.clone(),
            counters: counters.clone(),
            blocked: blocked.clone(),
            live: live.clone(),
            in_force,
            incoming: Mutex::new(Some(incoming)),
        });
        Ok(Arc::new(Engine {
            likely: crate::detect::Likely::default(),
            accounts,
            kept,
            marking,
            placing: detect::Upkeep::start(placer.clone(), control.clone(), reader.clone())?,
            placer,
            backfills: Backfills::new(tools)?,
            control,
            journal: opened.log,
            intake,
            store: reader,
            glance: scoring(scoring::Settings::FAST, 1),
            models: models.clone(),
            gate: gate.clone(),
            own: own.clone(),
            relevance: relevance.clone(),
            jobs: Arc::default(),
            retention: settings.retention.clone(),
            age,
            admission,
            live,
            counters,
            blocked,
            stored: stored_position,
            changing: tokio::sync::Mutex::default(),
            replayed,
            data: settings.data.clone(),
            heard,
            found_end,
            rewriter: opened.rewriter,
            purging: tokio::sync::Mutex::default(),
            upkeep: Mutex::new(Some(written)),
            threads: Mutex::new(threads),
            _lock: opened.lock,
        }))
    }

    /// The position up to which the store is to come: the journal's next, or the end of what workers found.
    pub(crate) fn end_position(&self) -> u64 {
        let found = || self.found_end.load(Ordering::Relaxed);
        self.journal.next_position().map_or_else(found, |next| next.0)
    }

    /// Lets everything that was taken run through to the store, then stops. Blocks.
    pub fn stop(&self) {
        // First: a search that waits for a writer that waits for the disk would never end.
        self.blocked.end();
        self.backfills.stop();
        drop(self.upkeep.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.intake.close();
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        // Ingest ends first and so ends matching; the writer ends when the backfills let go of it, too.
        while let Some(thread) = threads.pop() {
            if thread.join().is_err() {
                tracing::error!("a thread of the pipeline panicked");
            }
        }
        self.placing.stop();
    }
}

/// Starts a thread of the pipeline. Should it panic, nothing can be taken any more, and health says so.
pub(super) fn spawn(
    name: &'static str,
    blocked: &Blocked,
    run: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    let alarm = Alarm(name, blocked.clone());
    std::thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _alarm = alarm;
        run();
    })
}

struct Alarm(&'static str, Blocked);

impl Drop for Alarm {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let reason = format!(
                "the thread `{}` failed, see the log; start groundswell again",
                self.0
            );
            self.1.set(self.0, reason);
        }
    }
}

/// The keys of the newest posts of the journal.
fn refill(journal: &JournalHandle) -> anyhow::Result<Recent> {
    let mut recent = Recent::default();
    let from = journal.next_position().0.saturating_sub(Recent::REFILL);
    let mut reader = journal.reader(Position(from));
    while let Some(batch) = reader.next_batch() {
        for read in batch? {
            match read.entry {
                Entry::Post { post, .. } => drop(recent.insert(post.key)),
                Entry::Delete { key, .. } => drop(recent.insert(key)),
                _ => {}
            }
        }
    }
    Ok(recent)
}
