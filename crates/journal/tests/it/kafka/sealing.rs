//! What could name a person is not readable in any topic, and its keys can be destroyed.

use crate::kafka::clusters::{PARTITIONS, cluster, flow, lying, past, poll_until, read, sealed};
use crate::support::{batch, post};
use journal::kafka::{Consumer, Error, Producer, Settings, rewrap_keys};

const DAY: i64 = 24 * 3_600_000;

#[test]
fn no_identity_is_readable_in_any_topic() {
    let cluster = cluster();
    let settings = &cluster.settings;
    Producer::open(settings).unwrap().append(&batch(0, 10)).unwrap();
    let posts = lying(&settings.brokers, &settings.posts(), PARTITIONS).concat();
    let cursors = lying(&settings.brokers, &settings.cursors(), 1).concat();
    let keys = lying(&settings.brokers, &settings.keys(), 1).concat();
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    for record in posts.iter().chain(&cursors).chain(&keys) {
        for secret in ["secret", "Secret", "did:plc"] {
            assert!(!holds(&record.key, secret));
            assert!(
                !holds(record.value.as_deref().unwrap_or_default(), secret),
                "{secret}"
            );
        }
    }
    assert!(
        posts
            .iter()
            .all(|r| holds(r.value.as_deref().unwrap(), "lantern festival")),
        "the admitted text is plain"
    );
    assert_eq!(keys.len(), 1, "one producer, one day, one key");
}

#[test]
fn each_producer_has_a_key_for_each_day() {
    let cluster = cluster();
    let mut producers = [(); 2].map(|()| Producer::open(&cluster.settings).unwrap());
    for producer in &mut producers {
        for day in 0..3 {
            let mut batch = batch(day as u64, 1);
            batch.seen_at += day * DAY;
            producer.append(&batch).unwrap();
        }
    }
    let keys = lying(&cluster.settings.brokers, &cluster.settings.keys(), 1).concat();
    assert_eq!(keys.len(), 6);
}

#[test]
fn once_its_key_is_destroyed_nobody_reads_who_wrote_a_post() {
    let cluster = cluster();
    let settings = &cluster.settings;
    let mut producer = Producer::open(settings).unwrap();
    let (old, mut new) = (batch(0, 3), batch(3, 2));
    new.seen_at += 7 * DAY;
    producer.append(&old).unwrap();
    producer.append(&new).unwrap();
    assert_eq!(
        producer.destroy_expired_keys(new.seen_at).unwrap(),
        0,
        "its last post is not past its retention"
    );
    assert_eq!(producer.destroy_expired_keys(new.seen_at + DAY).unwrap(), 1);
    assert_eq!(producer.destroy_expired_keys(new.seen_at + DAY).unwrap(), 0);
    let mut consumer = Consumer::open(settings, "workers", flow()).unwrap();
    let (mut entries, mut put_aside) = (Vec::new(), 0);
    poll_until(&mut consumer, |_, polled| {
        entries.extend(
            polled
                .deliveries
                .into_iter()
                .flat_map(|d| d.records)
                .map(|r| r.entry),
        );
        put_aside += polled.put_aside;
        put_aside == 3 && entries.len() == 2
    });
    assert!(entries.contains(&sealed(post(3))) && entries.contains(&sealed(post(4))));
    let dead = lying(&settings.brokers, &settings.dead(), 1).concat();
    assert!(
        dead.iter()
            .all(|letter| letter.value.as_deref().is_none_or(<[u8]>::is_empty)),
        "no text is kept longer"
    );
}

#[test]
fn another_installations_key_is_refused_at_the_start_and_a_rotated_one_is_not() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 2)).unwrap();
    let new = Settings {
        key: [8; 32],
        ..cluster.settings.clone()
    };
    let Err(error) = Consumer::open(&new, "workers", flow()) else {
        panic!("opened")
    };
    assert!(matches!(error, Error::WrongKey { .. }), "{error}");
    assert_eq!(rewrap_keys(&cluster.settings, &new.key, 0).unwrap(), 1);
    assert_eq!(
        rewrap_keys(&cluster.settings, &new.key, 0).unwrap(),
        0,
        "once more, as after a crash"
    );
    Producer::open(&new).unwrap().append(&batch(2, 2)).unwrap();
    let mut consumer = Consumer::open(&new, "workers", flow()).unwrap();
    let read = read(&mut consumer, 4);
    let past = past(&new);
    for n in 0..4 {
        assert!(read.iter().any(|record| record.entry == sealed(post(n))));
        assert!(past.contains(&post(n)), "its identity opens");
    }
    let Err(error) = Producer::open(&cluster.settings) else {
        panic!("opened")
    };
    assert!(matches!(error, Error::WrongKey { .. }), "{error}");
}
