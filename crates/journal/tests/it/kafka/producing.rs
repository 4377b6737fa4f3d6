//! What a collector can rely on.

use crate::kafka::clusters::{Cluster, PARTITIONS, cluster, flow, lying, past, read, sealed, settings};
use crate::support::{batch, change, key, monitors, post};
use journal::kafka::{Consumer, Error, Producer, Settings};
use journal::{Batch, Cursor, Entry};
use post::{AuthorKey, Counts};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::time::Duration;

fn records(cluster: &Cluster) -> usize {
    let posts = lying(&cluster.settings.brokers, &cluster.settings.posts(), PARTITIONS);
    posts.iter().map(Vec::len).sum()
}

fn of(entries: Vec<Entry>) -> Batch {
    Batch {
        entries,
        ..batch(0, 0)
    }
}

#[test]
fn every_kind_of_entry_comes_out_as_it_went_in() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    let counts = Counts {
        likes: Some(3),
        ..Counts::default()
    };
    let entries = vec![
        post(1),
        post(2),
        Entry::Engagement {
            key: key(1),
            counts,
            at: 5,
        },
        Entry::Delete { key: key(2), at: 6 },
        Entry::AuthorGone {
            author: AuthorKey([9; 16]),
            at: 7,
        },
    ];
    let appended = producer.append(&of(entries.clone())).unwrap();
    assert_eq!(
        appended.records,
        2 + 1 + 3 + PARTITIONS,
        "a delete has two tombstones, a departure goes everywhere"
    );
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let read = read(&mut consumer, 4 + PARTITIONS);
    let past = past(&cluster.settings);
    for entry in &entries {
        assert!(past.contains(entry), "{entry:?}");
        let copies = read
            .iter()
            .filter(|record| record.entry == sealed(entry.clone()))
            .count();
        let wanted = if matches!(entry, Entry::AuthorGone { .. }) {
            PARTITIONS
        } else {
            1
        };
        assert_eq!(copies, wanted, "{entry:?}");
    }
    assert!(read.iter().all(|record| record.seen_at == batch(0, 0).seen_at));
    let place = |wanted: &Entry| {
        let wanted = sealed(wanted.clone());
        read.iter().find(|r| r.entry == wanted).unwrap().place
    };
    assert!(
        place(&entries[1]) < place(&entries[3]),
        "the post is before its delete, in one partition"
    );
}

#[test]
fn the_word_that_a_post_is_gone_stands_before_its_tombstone() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer
        .append(&of(vec![post(2), Entry::Delete { key: key(2), at: 6 }]))
        .unwrap();
    let posts = lying(&cluster.settings.brokers, &cluster.settings.posts(), PARTITIONS);
    let part = posts.into_iter().find(|part| !part.is_empty()).unwrap();
    let kinds: Vec<(usize, bool)> = part.iter().map(|r| (r.key.len(), r.value.is_some())).collect();
    // The post, the word, the tombstones of the post and of its counts.
    assert_eq!(kinds, [(16, true), (17, true), (16, false), (17, false)]);
    assert_eq!(
        (&part[0].key, &part[1].key[1..]),
        (&part[2].key, &part[2].key[..])
    );
    assert_eq!(part[1].key[0], b'd');
    assert_eq!(part[3].key[0], b'e');
}

#[test]
fn posts_are_stamped_with_the_monitor_set_in_force_and_every_version_can_be_had() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&of(vec![post(0)])).unwrap();
    let entries = vec![
        Entry::MonitorSet(monitors(1)),
        post(1),
        Entry::MonitorChange(change(2)),
        post(2),
    ];
    assert_eq!(producer.append(&of(entries)).unwrap().monitors, 2);
    let mut other = Producer::open(&cluster.settings).unwrap();
    assert_eq!(other.append(&of(vec![post(3)])).unwrap().monitors, 2);
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let mut stamps: Vec<(u64, u64)> = read(&mut consumer, 4)
        .iter()
        .map(|r| (crate::kafka::clusters::number(&r.entry), r.monitors))
        .collect();
    stamps.sort_unstable();
    assert_eq!(stamps, [(0, 0), (1, 1), (2, 2), (3, 2)]);
    assert_eq!(consumer.monitors(0).unwrap(), None);
    assert_eq!(*consumer.monitors(1).unwrap().unwrap(), monitors(1));
    assert_eq!(consumer.monitors(2).unwrap().unwrap().monitors, change(2).put);
    // Published later, and asked for by a consumer that has not heard of it.
    producer
        .append(&of(vec![Entry::MonitorChange(change(3))]))
        .unwrap();
    assert_eq!(consumer.monitors(3).unwrap().unwrap().version, 3);
    assert!(matches!(
        consumer.monitors(9),
        Err(Error::UnknownMonitors {
            version: 9,
            newest: 3,
            ..
        })
    ));
    // What is folded is the same set, and what was before it is gone.
    producer.fold_monitors(3, 0).unwrap();
    let mut late = Consumer::open(&cluster.settings, "late", flow()).unwrap();
    assert_eq!(late.monitors(3).unwrap().unwrap().monitors, change(3).put);
    assert_eq!(late.monitors(2).unwrap(), None);
}

#[test]
fn sources_resume_after_the_posts_that_are_acknowledged() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 3)).unwrap();
    let alone = Batch {
        cursors: vec![Cursor {
            source: "mastodon".into(),
            value: "77".into(),
        }],
        ..Batch::default()
    };
    producer.append(&alone).unwrap();
    let mut next = Producer::open(&cluster.settings).unwrap();
    let values = |producer: &Producer| {
        producer
            .cursors()
            .into_iter()
            .map(|c| c.value)
            .collect::<Vec<_>>()
    };
    assert_eq!(values(&next), ["3", "77"]);
    producer.append(&batch(3, 2)).unwrap();
    assert_eq!(values(&next), ["3", "77"]);
    next.read_cursors().unwrap();
    assert_eq!(values(&next), ["5", "77"]);
}

#[test]
fn a_retry_doubles_nothing() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 1)).unwrap();
    let passing = [
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
    ];
    cluster.mock.request_errors(RDKafkaApiKey::Produce, &passing);
    producer.append(&batch(1, 200)).unwrap();
    assert_eq!(records(&cluster), 201);
    assert_eq!(producer.cursors()[0].value, "201");
}

#[test]
fn while_a_broker_is_down_no_cursor_moves_and_the_same_batch_can_be_appended_again() {
    let cluster = cluster();
    let impatient = Settings {
        deliver_within: Duration::from_millis(1500),
        ..cluster.settings.clone()
    };
    let mut producer = Producer::open(&impatient).unwrap();
    producer.append(&batch(0, 1)).unwrap();
    for partition in 0..PARTITIONS as i32 {
        cluster
            .mock
            .partition_leader(&cluster.settings.posts(), partition, Some(1))
            .unwrap();
    }
    cluster.mock.broker_down(1).unwrap();
    let error = producer.append(&batch(1, 50)).unwrap_err();
    assert!(
        matches!(error, Error::NotAcknowledged { records: 50, .. }),
        "{error}"
    );
    assert!(error.is_passing());
    assert_eq!(producer.cursors()[0].value, "1");
    cluster.mock.broker_up(1).unwrap();
    let patient = std::time::Instant::now();
    while let Err(error) = producer.append(&batch(1, 50)) {
        assert!(
            error.is_passing() && patient.elapsed() < Duration::from_secs(30),
            "{error}"
        );
    }
    assert_eq!(producer.cursors()[0].value, "51");
    let mut keys: Vec<Vec<u8>> = lying(&cluster.settings.brokers, &cluster.settings.posts(), PARTITIONS)
        .concat()
        .into_iter()
        .map(|record| record.key)
        .collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 51, "each post is there, under one key");
}

#[test]
fn topics_of_another_shape_and_settings_that_cannot_be_are_refused() {
    let cluster = cluster();
    let other = Settings {
        partitions: 7,
        ..cluster.settings.clone()
    };
    let Err(error) = Producer::open(&other) else {
        panic!("opened")
    };
    assert!(
        matches!(
            error,
            Error::Partitions {
                found: 4,
                wanted: 7,
                ..
            }
        ),
        "{error}"
    );
    let mut wrong = settings("");
    wrong.prefix = "a b".into();
    wrong.dead_letters = Duration::from_secs(90_000);
    wrong
        .properties
        .insert("enable.auto.commit".into(), "true".into());
    let faults: Vec<String> = wrong.faults().iter().map(ToString::to_string).collect();
    let names = [
        "brokers",
        "prefix",
        "dead_letters",
        "properties.enable.auto.commit",
    ];
    assert_eq!(faults.len(), names.len(), "{faults:?}");
    for (fault, name) in faults.iter().zip(names) {
        assert!(fault.starts_with(&format!("setting {name}: ")), "{fault}");
    }
}
