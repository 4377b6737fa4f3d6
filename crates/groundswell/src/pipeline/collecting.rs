//! The collector's part of the pipeline: admission and the brokers; what is matched, workers do elsewhere.

use super::engine::{Settings, spawn};
use super::ingest::{Ingest, Work};
use super::intake::Intake;
use super::recent::Recent;
use super::{Age, Blocked, Counters, Monitors};
use crate::config::Kafka;
use crate::control::Control;
use crate::privacy;
use arc_swap::ArcSwap;
use journal::kafka::{MonitorSets, Producer, Topic};
use journal::{Appender, Log};
use post::{Admission, Pseudonyms};
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};

/// How often it looks for other monitors.
const LOOK: Duration = Duration::from_secs(1);
/// How often it reads who was erased.
const REFRESH: Duration = Duration::from_secs(5);

/// A running collector, without its sources.
pub struct Collecting {
    /// Where sources hand over what they deliver.
    pub intake: Arc<Intake>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Collecting {
    /// Reaches the brokers and starts the threads. Blocks.
    pub fn start(settings: &Settings, kafka: &Kafka, control: Arc<Control>) -> anyhow::Result<Self> {
        let keys = control.keys();
        let topics = kafka.settings(keys.wrap);
        journal::kafka::make_topics(&topics)?;
        let producer = Producer::open(&topics)?;
        let topic = Topic::new(&topics);
        let sets = topic.monitors()?;
        let pseudonyms = Pseudonyms::new(&keys.id);
        let admission = Arc::new(Admission::new(pseudonyms.clone(), &settings.policy));
        privacy::suppress(&admission, &control)?;
        let monitors = Monitors::new(journal::MonitorSet::default(), &pseudonyms);
        let (tell, in_force) = watch::channel(0);
        let (incoming, incoming_rx) = mpsc::channel(64);
        let blocked = Blocked::default();
        let intake = Arc::new(Intake {
            live: Arc::new(ArcSwap::new(monitors.snapshot().clone())),
            journal: Log::Kafka(Arc::new(topic)),
            counters: Arc::<Counters>::default(),
            blocked: blocked.clone(),
            in_force,
            incoming: Mutex::new(Some(incoming)),
            control: control.clone(),
        });
        let ingest = Ingest {
            admission: admission.clone(),
            journal: Appender::Kafka {
                producer: Box::new(producer),
                appended: 0,
            },
            recent: Recent::default(),
            counters: intake.counters.clone(),
            blocked: blocked.clone(),
            stored: Arc::new(AtomicU64::new(0)),
            now: crate::clock::now,
            age: Arc::new(Age::open(&control, crate::clock::now())?),
            upkeep: Vec::new(),
        };
        let following = Following {
            intake: intake.clone(),
            sets,
            monitors,
            tell,
            admission,
        };
        // Workers match: nobody takes up here what was admitted.
        let (work, nobody) = sync_channel::<Work>(4);
        let threads = vec![
            spawn("admitted", &blocked, move || nobody.into_iter().for_each(drop))?,
            spawn("follow", &blocked, move || following.run())?,
            spawn("ingest", &blocked, move || ingest.run(incoming_rx, work))?,
        ];
        Ok(Self {
            intake,
            threads: Mutex::new(threads),
        })
    }

    /// Hands everything that was taken to the brokers, then ends. Blocks.
    pub fn stop(&self) {
        self.intake.blocked.end();
        self.intake.close();
        let mut threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        while let Some(thread) = threads.pop() {
            if thread.join().is_err() {
                tracing::error!("a thread of the collector panicked");
            }
        }
    }
}

/// Keeps up with what servers change: monitors, for what platforms are asked, and who was erased.
struct Following {
    intake: Arc<Intake>,
    sets: MonitorSets,
    monitors: Monitors,
    tell: watch::Sender<u64>,
    admission: Arc<Admission>,
}

impl Following {
    fn run(mut self) {
        let mut refreshed: Option<Instant> = None;
        while !self.intake.blocked.ending() {
            match self.sets.newest() {
                Ok(Some(set)) if set.version != self.monitors.snapshot().version => {
                    self.monitors.replace((*set).clone());
                    self.intake.live.store(self.monitors.snapshot().clone());
                    self.tell.send_replace(set.version);
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the monitors cannot be read; those known hold"),
            }
            if refreshed.is_none_or(|at| at.elapsed() > REFRESH) {
                refreshed = Some(Instant::now());
                if let Err(error) = privacy::suppress(&self.admission, &self.intake.control) {
                    tracing::warn!(%error, "who was erased cannot be read; those known hold");
                }
            }
            std::thread::sleep(LOOK);
        }
    }
}
