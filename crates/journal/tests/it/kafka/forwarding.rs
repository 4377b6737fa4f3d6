//! What workers forward, and the topic of the posts read as the past.

use crate::kafka::clusters::{Cluster, TICK, cluster};
use crate::support::{batch, key, post};
use journal::kafka::{Forwarder, Matched, MatchedReader, Place, Producer, Topic};
use journal::{Batch, Entry};
use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use std::time::Duration;

fn matched(n: u64) -> Matched {
    Matched {
        place: Place {
            partition: (n % 3) as i32,
            offset: 5_000_000_000 + n as i64,
        },
        seen_at: 1_760_000_000_500,
        monitors: n,
        entry: post(n),
        findings: n.to_le_bytes().to_vec(),
    }
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
    let mut forwarder = Forwarder::open(settings).unwrap();
    let mut sent: Vec<Matched> = (0..300).map(matched).collect();
    sent.push(Matched {
        entry: Entry::Delete { key: key(7), at: 9 },
        findings: Vec::new(),
        ..matched(7)
    });
    forwarder.forward(&sent[..100]).unwrap();
    mock.request_errors(
        RDKafkaApiKey::Produce,
        &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION; 2],
    );
    forwarder.forward(&sent[100..]).unwrap();
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
    forwarder.forward(&[matched(500)]).unwrap();
    assert_eq!(arrive(&mut follower, 1), [matched(500)]);
}

#[test]
fn names_are_sealed_in_what_is_forwarded_and_a_bad_record_is_put_aside() {
    let Cluster { settings, .. } = &cluster();
    let mut forwarder = Forwarder::open(settings).unwrap();
    let Entry::Post { identity, .. } = post(3) else {
        panic!("a post")
    };
    let handle = identity.handle.clone().expect("the fixture has a handle");
    forwarder.forward(&[matched(3)]).unwrap();
    let lying = crate::kafka::clusters::lying(&settings.brokers, &settings.matched(), 1);
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
    forwarder.forward(&[matched(4)]).unwrap();
    let mut reader = MatchedReader::open(settings, 0).unwrap();
    let (mut good, mut bad) = (Vec::new(), 0);
    while good.len() < 2 {
        let arrived = reader.arrived(TICK).unwrap();
        bad += arrived.put_aside;
        good.extend(arrived.matched);
    }
    assert_eq!((good, bad), (vec![matched(3), matched(4)], 3));
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
