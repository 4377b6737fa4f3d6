//! What workers forward, and the topic of the posts read as the past.

use crate::kafka::clusters::{Cluster, PARTITIONS, TICK, cluster, flow, lying, read, sealed, send};
use crate::support::{batch, key, post};
use journal::kafka::{Consumer, Forwarder, Found, Matched, MatchedReader, Producer, Record, Settings, Topic};
use journal::{Batch, Entry};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::time::Duration;

/// What a worker found in posts, which it reads as collectors wrote them.
struct Worker {
    producer: Producer,
    consumer: Consumer,
    forwarder: Forwarder,
}

impl Worker {
    fn new(settings: &Settings) -> Worker {
        Worker {
            producer: Producer::open(settings).unwrap(),
            consumer: Consumer::open(settings, "workers", flow()).unwrap(),
            forwarder: Forwarder::open(settings).unwrap(),
        }
    }

    /// Has these entries admitted, and finds something in each.
    fn find(&mut self, entries: Vec<Entry>) -> Vec<Found> {
        let wanted = entries.len();
        self.producer
            .append(&Batch {
                entries,
                ..batch(0, 0)
            })
            .unwrap();
        let records = read(&mut self.consumer, wanted).into_iter();
        let findings = |record: &Record| match &record.entry {
            Entry::Post { post, .. } => post.key.0.to_vec(),
            _ => Vec::new(),
        };
        records
            .map(|record| Found {
                findings: findings(&record),
                record,
            })
            .collect()
    }
}

/// How what was found is to arrive, of posts as they were admitted: with their identities.
fn arriving(found: &[Found], admitted: &[Entry]) -> Vec<Matched> {
    let whole = |record: &Record| {
        let is_it = |entry: &&Entry| sealed((*entry).clone()) == record.entry;
        admitted.iter().find(is_it).unwrap().clone()
    };
    let matched = |found: &Found| Matched {
        place: found.record.place,
        seen_at: found.record.seen_at,
        monitors: found.record.monitors,
        entry: whole(&found.record),
        findings: found.findings.clone(),
    };
    found.iter().map(matched).collect()
}

/// Reads until so many came.
fn arrive(reader: &mut MatchedReader, wanted: usize) -> Vec<Matched> {
    let mut all = Vec::new();
    while all.len() < wanted {
        all.extend(reader.arrived(Duration::from_secs(1)).unwrap().matched);
    }
    all
}

#[test]
fn what_is_forwarded_arrives_as_it_was_and_in_order() {
    let Cluster { settings, mock } = &cluster();
    let mut worker = Worker::new(settings);
    let mut admitted: Vec<Entry> = (0..300).map(post).collect();
    admitted.push(Entry::Delete { key: key(7), at: 9 });
    let found = worker.find(admitted.clone());
    let sent = arriving(&found, &admitted);
    worker.forwarder.forward(&found[..100]).unwrap();
    mock.request_errors(
        RDKafkaApiKey::Produce,
        &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION; 2],
    );
    worker.forwarder.forward(&found[100..]).unwrap();
    let mut reader = MatchedReader::open(settings, 0).unwrap();
    assert_eq!(reader.lag().unwrap(), 301);
    assert_eq!(arrive(&mut reader, 301), sent);
    assert_eq!((reader.next(), reader.lag().unwrap()), (301, 0));
    // Another goes on where the first one's work is written down.
    let mut later = MatchedReader::open(settings, 290).unwrap();
    assert_eq!(arrive(&mut later, 11), sent[290..]);
    // A position of a topic that is no more is news from the begin.
    let mut anew = MatchedReader::open(settings, 9_999).unwrap();
    assert_eq!(arrive(&mut anew, 301).len(), 301);
    let mut follower = MatchedReader::follow(settings).unwrap();
    let found = worker.find(vec![post(500)]);
    worker.forwarder.forward(&found).unwrap();
    assert_eq!(arrive(&mut follower, 1), arriving(&found, &[post(500)]));
}

#[test]
fn names_are_sealed_in_what_is_forwarded_and_a_bad_record_is_put_aside() {
    let Cluster { settings, .. } = &cluster();
    let mut worker = Worker::new(settings);
    let Entry::Post { identity, .. } = post(3) else {
        panic!("a post")
    };
    let handle = identity.handle.clone().expect("the fixture has a handle");
    let third = worker.find(vec![post(3)]);
    worker.forwarder.forward(&third).unwrap();
    let lying = lying(&settings.brokers, &settings.matched(), 1);
    let value = lying[0][0].value.clone().unwrap();
    let holds = |word: &str| value.windows(word.len()).any(|w| w == word.as_bytes());
    assert!(
        holds("lantern") && !holds(&handle),
        "the text is readable, the name is not"
    );
    let raw: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", &settings.brokers)
        .create()
        .unwrap();
    for bad in [
        &b"GSM"[..],
        b"what is this, it is long enough",
        b"GSM\x01aaaabbbbbbbb\xff\xff\xff\xff....",
    ] {
        raw.send(BaseRecord::to(&settings.matched()).key("k").payload(bad))
            .unwrap();
    }
    raw.flush(Duration::from_secs(10)).unwrap();
    let fourth = worker.find(vec![post(4)]);
    worker.forwarder.forward(&fourth).unwrap();
    let mut reader = MatchedReader::open(settings, 0).unwrap();
    let (mut good, mut bad) = (Vec::new(), 0);
    while good.len() < 2 {
        let arrived = reader.arrived(TICK).unwrap();
        bad += arrived.put_aside;
        good.extend(arrived.matched);
    }
    let wanted = arriving(&[third, fourth].concat(), &[post(3), post(4)]);
    assert_eq!((good, bad), (wanted, 3));
}

#[test]
fn an_identity_that_somebody_bent_is_put_aside_where_it_is_opened() {
    let Cluster { settings, .. } = &cluster();
    let mut worker = Worker::new(settings);
    worker.producer.append(&batch(1, 1)).unwrap();
    let posts = lying(&settings.brokers, &settings.posts(), PARTITIONS).concat();
    let (key, mut value) = (posts[0].key.clone(), posts[0].value.clone().unwrap());
    // The envelope is 30 bytes, then come length and checksum of the rest, at whose end the identity is.
    *value.last_mut().unwrap() ^= 1;
    let checksum = crc32fast::hash(&value[38..]);
    value[34..38].copy_from_slice(&checksum.to_le_bytes());
    send(&settings.brokers, &settings.posts(), &key, &value);
    let found: Vec<Found> = read(&mut worker.consumer, 2)
        .into_iter()
        .map(|record| Found {
            record,
            findings: b"something".to_vec(),
        })
        .collect();
    worker.forwarder.forward(&found).unwrap();
    let mut reader = MatchedReader::open(settings, 0).unwrap();
    let (mut good, mut bad) = (0, 0);
    while good + bad < 2 {
        let arrived = reader.arrived(TICK).unwrap();
        good += arrived.matched.len();
        bad += arrived.put_aside;
    }
    assert_eq!((good, bad), (1, 1));
    let dead = lying(&settings.brokers, &settings.dead(), 1).concat();
    assert_eq!(dead[0].headers["reason"], "entry cannot be read");
}

#[test]
fn the_past_is_read_to_its_end_and_goes_on() {
    let Cluster { settings, .. } = &cluster();
    let mut producer = Producer::open(settings).unwrap();
    let topic = Topic::new(settings);
    assert!(topic.reader().next_batch().is_none(), "nothing is there");
    producer.append(&batch(0, 50)).unwrap();
    let gone = Batch {
        entries: vec![Entry::Delete { key: key(7), at: 9 }],
        seen_at: 1_760_000_000_600,
        ..Batch::default()
    };
    producer.append(&gone).unwrap();
    let mut reader = topic.reader();
    let mut read = Vec::new();
    while let Some(batch) = reader.next_batch() {
        read.extend(batch.unwrap());
    }
    assert_eq!(read.len(), 51);
    let place = |wanted: &dyn Fn(&Entry) -> bool| read.iter().find(|r| wanted(&r.entry)).unwrap().position;
    let made = place(&|entry| matches!(entry, Entry::Post { post, .. } if post.key == key(7)));
    let deleted = place(&|entry| matches!(entry, Entry::Delete { .. }));
    assert!(made < deleted, "what is said of one post is in order");
    producer.append(&batch(50, 3)).unwrap();
    let more: usize = std::iter::from_fn(|| reader.next_batch())
        .map(|b| b.unwrap().len())
        .sum();
    assert_eq!(more, 3);
    let newest: usize = {
        let mut tail = topic.newest(8);
        std::iter::from_fn(|| tail.next_batch())
            .map(|b| b.unwrap().len())
            .sum()
    };
    assert!((4..=8).contains(&newest), "{newest}");
    let span = topic.span().unwrap();
    assert!(read.iter().any(|r| Some(r.seen_at) == span.from));
    assert!(span.entries >= 51);
}
