//! What a worker can rely on by itself.

use crate::kafka::clusters::{
    PARTITIONS, TICK, cluster, committed, flow, lying, number, poll_until, read, sealed, send, take,
};
use crate::support::{batch, post};
use journal::kafka::{Consumer, Flow, Load, NotInFlight, Producer};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::collections::BTreeSet;
use std::time::Duration;

#[test]
fn offsets_are_committed_up_to_the_first_that_is_not_acknowledged() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    let small = Flow {
        batch: Load {
            entries: 5,
            bytes: 1 << 20,
        },
        ..flow()
    };
    producer.append(&batch(0, 40)).unwrap();
    let mut consumer = Consumer::open(&cluster.settings, "workers", small).unwrap();
    let deliveries = take(&mut consumer, 40);
    let acks = consumer.acks();
    // All but the first of each partition.
    let mut firsts = BTreeSet::new();
    let (held, rest): (Vec<_>, Vec<_>) = deliveries
        .into_iter()
        .partition(|d| firsts.insert(d.range.partition));
    assert!(
        held.len() < rest.len() + held.len(),
        "a partition has several deliveries"
    );
    for delivery in rest.iter().rev() {
        acks.acknowledge(&delivery.range).unwrap();
    }
    consumer.poll(TICK).unwrap();
    drop(consumer);
    assert_eq!(
        committed(&cluster.settings, "workers"),
        0,
        "each partition's first is missing"
    );

    let mut next = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let again = read(&mut next, 40);
    assert_eq!(again.len(), 40, "what was not committed comes again");
    let range = rest[0].range;
    assert!(matches!(
        next.acks().acknowledge(&range),
        Err(NotInFlight::Revoked(_) | NotInFlight::Unknown(_))
    ));
    drop(next);
    assert_eq!(committed(&cluster.settings, "workers"), 40);
}

#[test]
fn a_commit_that_fails_is_made_again() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 20)).unwrap();
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let refused = [RDKafkaRespErr::RD_KAFKA_RESP_ERR_INVALID_COMMIT_OFFSET_SIZE; 2];
    cluster.mock.request_errors(RDKafkaApiKey::OffsetCommit, &refused);
    read(&mut consumer, 20);
    // Nothing more is acknowledged that would bring another commit about.
    poll_until(&mut consumer, |_, _| {
        committed(&cluster.settings, "workers") == 20
    });
}

#[test]
fn what_a_consumer_left_unacknowledged_comes_to_the_next_and_no_more() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 30)).unwrap();
    let mut first = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let done: BTreeSet<u64> = read(&mut first, 30).iter().map(|r| number(&r.entry)).collect();
    assert_eq!(done, (0..30).collect());
    producer.append(&batch(30, 30)).unwrap();
    take(&mut first, 30);
    drop(first);
    let mut second = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let again: Vec<u64> = read(&mut second, 30).iter().map(|r| number(&r.entry)).collect();
    assert_eq!(again.iter().copied().collect::<BTreeSet<_>>(), (30..60).collect());
    assert_eq!(again.len(), 30);
}

#[test]
fn with_a_full_window_partitions_pause_while_polling_goes_on() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    // Small batches on the wire: what was fetched already comes in spite of a pause.
    for n in 0..60 {
        producer.append(&batch(n, 1)).unwrap();
    }
    let narrow = Flow {
        batch: Load {
            entries: 5,
            bytes: 1 << 20,
        },
        in_flight: Load {
            entries: 10,
            bytes: 1 << 20,
        },
        ..flow()
    };
    let mut consumer = Consumer::open(&cluster.settings, "workers", narrow).unwrap();
    let acks = consumer.acks();
    let mut held = Vec::new();
    poll_until(&mut consumer, |_, polled| {
        held.extend(polled.deliveries);
        polled.is_paused
    });
    let full = acks.in_flight();
    assert!((10..=15).contains(&full.entries), "{full:?}");
    for _ in 0..10 {
        let polled = consumer.poll(Duration::from_millis(20)).unwrap();
        assert!(polled.deliveries.is_empty() && polled.is_paused && polled.revoked.is_empty());
    }
    let mut seen = BTreeSet::new();
    poll_until(&mut consumer, |_, polled| {
        held.extend(polled.deliveries);
        for delivery in held.drain(..) {
            seen.extend(delivery.records.iter().map(|r| number(&r.entry)));
            acks.acknowledge(&delivery.range).unwrap();
        }
        seen.len() == 60
    });
    assert_eq!(acks.in_flight(), Load::default());
}

const FOREIGN: &[u8] = b"{\"text\": \"some other program wrote this\"}";

#[test]
fn what_cannot_be_read_is_put_aside_with_its_reason_and_place() {
    let cluster = cluster();
    let settings = &cluster.settings;
    let mut producer = Producer::open(settings).unwrap();
    producer.append(&batch(0, 20)).unwrap();
    let posts = lying(&settings.brokers, &settings.posts(), PARTITIONS);
    let whole = posts.concat().swap_remove(0);
    let mut bent = whole.value.clone().unwrap();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    send(&settings.brokers, &settings.posts(), b"?", FOREIGN);
    send(&settings.brokers, &settings.posts(), &whole.key, &bent);
    // A whole record under another post's key: nobody can be given another's identity.
    send(
        &settings.brokers,
        &settings.posts(),
        &[7; 16],
        &whole.value.unwrap(),
    );
    producer.append(&batch(20, 20)).unwrap();
    let mut consumer = Consumer::open(settings, "workers", flow()).unwrap();
    let mut put_aside = 0;
    let mut seen = BTreeSet::new();
    poll_until(&mut consumer, |consumer, polled| {
        put_aside += polled.put_aside;
        for delivery in polled.deliveries {
            seen.extend(delivery.records.iter().map(|r| number(&r.entry)));
            consumer.acks().acknowledge(&delivery.range).unwrap();
        }
        seen.len() == 40 && put_aside == 3
    });
    drop(consumer);
    let dead = lying(&settings.brokers, &settings.dead(), 1).remove(0);
    let reasons: Vec<&str> = dead.iter().map(|d| d.headers["reason"].as_str()).collect();
    let wanted = [
        "value does not begin with GSK",
        "record has another checksum",
        "record belongs to another key",
    ];
    assert_eq!(reasons, wanted);
    let first = posts[0].len();
    for (n, letter) in dead.iter().enumerate() {
        assert_eq!(letter.headers["topic"], settings.posts());
        assert_eq!(letter.headers["partition"], "0");
        assert_eq!(letter.headers["offset"], (first + n).to_string());
    }
    assert_eq!(dead[0].value.as_deref(), Some(FOREIGN));
    assert_eq!(
        committed(settings, "workers"),
        43,
        "what was put aside is done with"
    );
}

#[test]
fn what_the_store_refuses_for_good_can_be_put_aside() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 1)).unwrap();
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let record = read(&mut consumer, 1).remove(0);
    assert_eq!(record.entry, sealed(post(0)));
    consumer.put_aside(&record, "mapping of field place").unwrap();
    let dead = lying(&cluster.settings.brokers, &cluster.settings.dead(), 1).remove(0);
    assert_eq!(dead[0].headers["reason"], "mapping of field place");
    assert_eq!(dead[0].key, crate::support::key(0).0);
}

#[test]
fn lag_is_what_is_not_acknowledged() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 25)).unwrap();
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let deliveries = take(&mut consumer, 25);
    let acks = consumer.acks();
    let total = |consumer: &mut Consumer| {
        consumer.poll(Duration::ZERO).unwrap();
        acks.lag().iter().map(|lag| lag.records()).sum::<u64>()
    };
    assert_eq!(total(&mut consumer), 25);
    let first = deliveries[0].records.len() as u64;
    acks.acknowledge(&deliveries[0].range).unwrap();
    let left = total(&mut consumer);
    assert!(
        left == 25 - first || left == 25,
        "{left}: only what has no gap before it counts"
    );
    for delivery in &deliveries[1..] {
        acks.acknowledge(&delivery.range).unwrap();
    }
    assert_eq!(total(&mut consumer), 0);
    assert_eq!(acks.lag().len(), PARTITIONS);
    assert!(acks.lag().iter().all(|lag| lag.lost() == 0));
}

#[test]
fn a_broker_that_goes_and_comes_back_costs_no_post() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 40)).unwrap();
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let mut seen = BTreeSet::new();
    let mut round = 0;
    poll_until(&mut consumer, |consumer, polled| {
        for delivery in polled.deliveries {
            seen.extend(delivery.records.iter().map(|r| number(&r.entry)));
            consumer.acks().acknowledge(&delivery.range).unwrap();
        }
        round += 1;
        match round {
            2 => cluster.mock.broker_down(2).unwrap(),
            12 => cluster.mock.broker_up(2).unwrap(),
            _ => {}
        }
        round > 12 && seen.len() == 40
    });
    assert_eq!(seen, (0..40).collect());
}
