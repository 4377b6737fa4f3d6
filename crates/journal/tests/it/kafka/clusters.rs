//! A cluster to test against, and what lies in its topics.

use journal::Entry;
use journal::kafka::{Consumer, Delivery, Flow, Load, Polled, Record, Settings, Topic};
use post::Identity;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Headers as _;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};
use rdkafka::{ClientConfig, Message as _, Offset, TopicPartitionList};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

pub(crate) const PARTITIONS: usize = 4;
pub(crate) const TICK: Duration = Duration::from_millis(50);

pub(crate) struct Cluster {
    pub(crate) mock: MockCluster<'static, DefaultProducerContext>,
    pub(crate) settings: Settings,
}

/// Three mocked brokers with the topics on them.
pub(crate) fn cluster() -> Cluster {
    let mock = MockCluster::new(3).unwrap();
    let settings = settings(&mock.bootstrap_servers());
    let one = [
        settings.cursors(),
        settings.monitors(),
        settings.keys(),
        settings.matched(),
        settings.dead(),
    ];
    mock.create_topic(&settings.posts(), PARTITIONS as i32, 3)
        .unwrap();
    for topic in one {
        mock.create_topic(&topic, 1, 3).unwrap();
    }
    Cluster { mock, settings }
}

pub(crate) fn settings(brokers: &str) -> Settings {
    let quick = [
        ("session.timeout.ms", "3000"),
        ("heartbeat.interval.ms", "200"),
        ("fetch.wait.max.ms", "50"),
        ("fetch.error.backoff.ms", "50"),
        ("reconnect.backoff.ms", "20"),
        ("reconnect.backoff.max.ms", "100"),
        ("retry.backoff.ms", "50"),
    ];
    Settings {
        partitions: PARTITIONS,
        answer_within: Duration::from_secs(20),
        deliver_within: Duration::from_secs(20),
        properties: quick.map(|(k, v)| (k.to_owned(), v.to_owned())).into(),
        ..Settings::new(brokers, crate::support::KEY)
    }
}

/// Commits at each poll, and gives partitions up without waiting.
pub(crate) fn flow() -> Flow {
    Flow {
        batch: Load {
            entries: 1000,
            bytes: 1 << 20,
        },
        revoke_wait: Duration::ZERO,
        commit_every: Duration::ZERO,
        lag_every: Duration::ZERO,
        ..Flow::default()
    }
}

/// A record as it lies in a topic.
#[derive(Debug, Clone)]
pub(crate) struct Lying {
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
    pub(crate) headers: BTreeMap<String, String>,
}

/// All that lies in a topic, by partition.
pub(crate) fn lying(brokers: &str, topic: &str, partitions: usize) -> Vec<Vec<Lying>> {
    let reader: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "tests")
        .set("fetch.wait.max.ms", "50")
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    let mut left = BTreeMap::new();
    for partition in 0..partitions as i32 {
        list.add_partition_offset(topic, partition, Offset::Beginning)
            .unwrap();
        let (low, high) = reader
            .fetch_watermarks(topic, partition, Duration::from_secs(20))
            .unwrap();
        if low < high {
            left.insert(partition, high);
        }
    }
    reader.assign(&list).unwrap();
    let mut found = vec![Vec::new(); partitions];
    while !left.is_empty() {
        let Some(Ok(message)) = reader.poll(TICK) else {
            continue;
        };
        let headers = message.headers().into_iter().flat_map(|headers| headers.iter());
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        found[message.partition() as usize].push(Lying {
            key: message.key().unwrap_or_default().to_vec(),
            value: message.payload().map(<[u8]>::to_vec),
            headers: headers
                .map(|h| (h.key.to_owned(), text(h.value.unwrap_or_default())))
                .collect(),
        });
        // Not counted: compaction leaves gaps.
        left.retain(|partition, end| *partition != message.partition() || message.offset() + 1 < *end);
    }
    found
}

/// Puts a record into partition 0, past everything of ours.
pub(crate) fn send(brokers: &str, topic: &str, key: &[u8], value: &[u8]) {
    let sender: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .create()
        .unwrap();
    let record = BaseRecord::to(topic).partition(0).key(key).payload(value);
    sender.send(record).map_err(|(error, _)| error).unwrap();
    sender.flush(Duration::from_secs(20)).unwrap();
}

/// Polls, over faults that pass, until `done`, or panics after half a minute.
pub(crate) fn poll_until(consumer: &mut Consumer, mut done: impl FnMut(&mut Consumer, Polled) -> bool) {
    let start = Instant::now();
    loop {
        match consumer.poll(TICK) {
            Ok(polled) => {
                if done(consumer, polled) {
                    return;
                }
            }
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
        assert!(start.elapsed() < Duration::from_secs(30), "waited in vain");
    }
}

/// Reads `count` entries, acknowledging each delivery.
pub(crate) fn read(consumer: &mut Consumer, count: usize) -> Vec<Record> {
    let deliveries = take(consumer, count);
    for delivery in &deliveries {
        consumer.acks().acknowledge(&delivery.range).unwrap();
    }
    deliveries
        .into_iter()
        .flat_map(|delivery| delivery.records)
        .collect()
}

/// An entry as workers see it: its identity stays sealed.
pub(crate) fn sealed(entry: Entry) -> Entry {
    match entry {
        Entry::Post { post, .. } => Entry::Post {
            post,
            identity: Identity::default(),
        },
        other => other,
    }
}

/// Everything in the posts' topic, opened.
pub(crate) fn past(settings: &Settings) -> Vec<Entry> {
    let mut reader = Topic::new(settings).reader();
    let batches = std::iter::from_fn(|| reader.next_batch());
    batches.flat_map(Result::unwrap).map(|read| read.entry).collect()
}

/// Reads `count` entries without acknowledging them.
pub(crate) fn take(consumer: &mut Consumer, count: usize) -> Vec<Delivery> {
    let mut deliveries = Vec::new();
    let mut seen = 0;
    poll_until(consumer, |_, polled| {
        seen += polled.deliveries.iter().map(|d| d.records.len()).sum::<usize>();
        deliveries.extend(polled.deliveries);
        seen >= count
    });
    deliveries
}

/// What a group has committed, all partitions together.
pub(crate) fn committed(settings: &Settings, group: &str) -> i64 {
    let mut config = ClientConfig::new();
    let asker: BaseConsumer = config
        .set("bootstrap.servers", &settings.brokers)
        .set("group.id", group)
        .create()
        .unwrap();
    let mut list = TopicPartitionList::new();
    list.add_partition_range(&settings.posts(), 0, settings.partitions as i32 - 1);
    let list = asker.committed_offsets(list, Duration::from_secs(20)).unwrap();
    let offset = |offset| match offset {
        Offset::Offset(offset) => offset,
        _ => 0,
    };
    list.elements()
        .iter()
        .map(|element| offset(element.offset()))
        .sum()
}

/// The number of a post made by `support::post`.
pub(crate) fn number(entry: &Entry) -> u64 {
    let Entry::Post { post, .. } = entry else {
        panic!("not a post: {entry:?}")
    };
    u64::from_le_bytes(post.key.0[..8].try_into().unwrap())
}
