//! The topics, and how the brokers keep them.

use crate::kafka::error::{Doing, Error, Result};
use crate::kafka::settings::Settings;
use crate::kafka::table::Quiet;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::util::Timeout;
use rdkafka::{Offset, TopicPartitionList};
use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::Thread;
use std::time::{Duration, Instant};

/// A topic and what the brokers are told of it.
struct Shape {
    name: String,
    partitions: usize,
    settings: Vec<(&'static str, String)>,
}

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

fn ms(duration: Duration) -> String {
    duration.as_millis().to_string()
}

impl Settings {
    fn shapes(&self) -> Vec<Shape> {
        let lag = self.compaction_lag;
        // A segment ends in time for retention and compaction, neither of which touches the one that is written.
        let segment = (self.retention / 8).min(lag).max(Duration::from_secs(60));
        let mut posts = vec![
            ("cleanup.policy", "compact,delete".to_owned()),
            ("retention.ms", ms(self.retention)),
            ("segment.ms", ms(segment)),
            ("max.compaction.lag.ms", ms(lag)),
            // As long as a scan of the whole topic takes at the very most.
            ("delete.retention.ms", ms(DAY)),
        ];
        if let Some(bytes) = self.retention_bytes {
            let bytes = bytes / self.partitions as u64;
            posts.push(("retention.bytes", bytes.to_string()));
            posts.push(("segment.bytes", (bytes / 8).clamp(1 << 20, 1 << 30).to_string()));
        }
        let table = |lag: Duration| {
            vec![
                ("cleanup.policy", "compact".to_owned()),
                ("segment.ms", ms(lag)),
                ("max.compaction.lag.ms", ms(lag)),
                ("delete.retention.ms", ms(DAY)),
                ("max.message.bytes", (32 << 20).to_string()),
            ]
        };
        let dead = vec![
            ("cleanup.policy", "delete".to_owned()),
            ("retention.ms", ms(self.dead_letters)),
            ("segment.ms", ms(HOUR.min(self.dead_letters))),
        ];
        // What is written down is deleted at once; the time is for when nobody writes.
        let matched = vec![
            ("cleanup.policy", "delete".to_owned()),
            ("retention.ms", ms(self.retention)),
            ("segment.ms", ms(HOUR)),
            ("max.message.bytes", (32 << 20).to_string()),
        ];
        let shape = |name, partitions, settings| Shape {
            name,
            partitions,
            settings,
        };
        vec![
            shape(self.posts(), self.partitions, posts),
            shape(self.cursors(), 1, table(lag)),
            shape(self.monitors(), 1, table(lag)),
            // A destroyed key is to be off the disks soon.
            shape(self.keys(), 1, table(lag.min(HOUR))),
            shape(self.matched(), 1, matched),
            shape(self.dead(), 1, dead),
        ]
    }
}

/// Makes the topics that are not there, with two in-sync replicas demanded of three copies, and refuses those that
/// have another number of partitions. Settings of topics that are there are left as they are.
pub fn make_topics(settings: &Settings) -> Result<()> {
    settings.check()?;
    // Who may not make topics can use those that are there.
    match check_topics(settings) {
        Err(Error::Partitions { found: 0, .. }) => {}
        checked => return checked,
    }
    let admin = admin(settings)?;
    let mut shapes = settings.shapes();
    let in_sync = if settings.replication >= 3 { "2" } else { "1" };
    for shape in &mut shapes {
        shape.settings.extend([
            ("min.insync.replicas", in_sync.to_owned()),
            ("unclean.leader.election.enable", "false".to_owned()),
            ("message.timestamp.type", "CreateTime".to_owned()),
        ]);
    }
    let topics: Vec<NewTopic<'_>> = shapes
        .iter()
        .map(|shape| {
            let replication = TopicReplication::Fixed(settings.replication as i32);
            let topic = NewTopic::new(&shape.name, shape.partitions as i32, replication);
            shape
                .settings
                .iter()
                .fold(topic, |topic, (key, value)| topic.set(key, value))
        })
        .collect();
    for result in block_on(admin.create_topics(&topics, &options(settings))).doing("make topics")? {
        match result {
            Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
            Err((_, code)) => {
                return Err(Error::Kafka {
                    action: "make a topic",
                    source: rdkafka::error::KafkaError::AdminOp(code),
                });
            }
        }
    }
    // A broker may hear later than another of a topic that was just made.
    let start = Instant::now();
    loop {
        match check_topics(settings) {
            Err(Error::Partitions { found: 0, .. }) if start.elapsed() < settings.answer_within => {
                std::thread::sleep(Duration::from_millis(100));
            }
            checked => return checked,
        }
    }
}

/// Whether every topic is there with as many partitions as it must have.
pub(crate) fn check_topics(settings: &Settings) -> Result<()> {
    // A consumer asks: to a producer's question brokers may answer by making the topic.
    let asker: BaseConsumer<Quiet> = settings
        .consumer(None)
        .create_with_context(Quiet)
        .doing("make a consumer")?;
    for Shape { name, partitions, .. } in settings.shapes() {
        let metadata = asker.fetch_metadata(Some(&name), settings.answer_within);
        let metadata = metadata.doing("ask for a topic")?;
        let topic = metadata.topics().iter().find(|topic| topic.name() == name);
        let found = topic.map_or(0, |topic| topic.partitions().len());
        if found != partitions {
            return Err(Error::Partitions {
                topic: name,
                found,
                wanted: partitions,
            });
        }
    }
    Ok(())
}

/// How the copies of all topics are, as the brokers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Copies {
    /// Partitions of all topics.
    pub partitions: usize,
    /// Partitions of which a copy is behind or away.
    pub short: usize,
    /// Partitions that nobody leads: they can be neither read nor written.
    pub headless: usize,
    /// Brokers by number that hold copies and are not there.
    pub away: BTreeSet<i32>,
}

/// Asks how the copies are.
pub fn copies(settings: &Settings) -> Result<Copies> {
    let asker: BaseConsumer<Quiet> = settings
        .consumer(None)
        .create_with_context(Quiet)
        .doing("make a consumer")?;
    let mut copies = Copies::default();
    for shape in settings.shapes() {
        let metadata = asker.fetch_metadata(Some(&shape.name), settings.answer_within);
        let metadata = metadata.doing("ask for a topic")?;
        let present: BTreeSet<i32> = metadata.brokers().iter().map(|broker| broker.id()).collect();
        for partition in metadata.topics().iter().flat_map(|topic| topic.partitions()) {
            copies.partitions += 1;
            copies.short += usize::from(partition.isr().len() < partition.replicas().len());
            copies.headless += usize::from(partition.leader() < 0);
            let away = partition
                .replicas()
                .iter()
                .filter(|broker| !present.contains(broker));
            copies.away.extend(away);
        }
    }
    Ok(copies)
}

/// Empties the dead-letter topic at once: an erasure cannot look into what could not be read.
pub fn empty_dead_letters(settings: &Settings) -> Result<()> {
    delete_below(settings, &settings.dead(), Offset::End)
}

/// Deletes the records of a topic of one partition that lie before an offset.
pub(crate) fn delete_below(settings: &Settings, topic: &str, offset: Offset) -> Result<()> {
    let mut list = TopicPartitionList::new();
    list.add_partition_offset(topic, 0, offset)
        .doing("delete records")?;
    let deleted = block_on(admin(settings)?.delete_records(&list, &options(settings)));
    for element in deleted.doing("delete records")?.elements() {
        element.error().doing("delete records")?;
    }
    Ok(())
}

fn admin(settings: &Settings) -> Result<AdminClient<Quiet>> {
    settings
        .admin()
        .create_with_context(Quiet)
        .doing("make an administrator")
}

fn options(settings: &Settings) -> AdminOptions {
    let within = Some(Timeout::After(settings.answer_within));
    AdminOptions::new()
        .request_timeout(within)
        .operation_timeout(within)
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Waits for a future that another thread completes.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => std::thread::park(),
        }
    }
}
