//! The purge.

use crate::kafka::clusters::{Cluster, PARTITIONS, cluster, flow, lying, read};
use crate::support::{batch, key, post};
use journal::kafka::{Consumer, Expiry, Producer, Purged};
use journal::{Batch, Entry};
use post::AuthorKey;
use std::collections::BTreeMap;

fn of(entries: Vec<Entry>) -> Batch {
    Batch {
        entries,
        ..batch(0, 0)
    }
}

/// What compaction will leave of the posts: whether the newest record of each key has a value.
fn left(cluster: &Cluster) -> BTreeMap<Vec<u8>, bool> {
    let topics = lying(&cluster.settings.brokers, &cluster.settings.posts(), PARTITIONS);
    let posts = topics
        .concat()
        .into_iter()
        .filter(|record| record.key.len() == 16);
    posts.map(|record| (record.key, record.value.is_some())).collect()
}

fn quoting(n: u64, quoted: u64) -> Entry {
    let Entry::Post { mut post, identity } = post(n) else {
        panic!("a post")
    };
    post.quote_of = Some(key(quoted));
    post.quoted_text = Some("the words of another".into());
    Entry::Post { post, identity }
}

#[test]
fn a_departed_authors_posts_get_tombstones_and_those_that_came_later_do_not() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    // The author of post n is n.
    let gone = Entry::AuthorGone {
        author: AuthorKey([1; 16]),
        at: 9,
    };
    let of_one = |n: u64| {
        let Entry::Post { mut post, identity } = post(1) else {
            panic!("a post")
        };
        post.key = key(n);
        Entry::Post { post, identity }
    };
    producer
        .append(&of(vec![of_one(100), of_one(101), post(2), gone, of_one(101)]))
        .unwrap();
    let purged = producer.purge(&Expiry::default(), 20).unwrap();
    assert_eq!(
        purged,
        Purged {
            posts: 1,
            quotations: 0
        }
    );
    let left = left(&cluster);
    assert!(!left[&key(100).0.to_vec()]);
    assert!(
        left[&key(101).0.to_vec()],
        "it came back after its author had left"
    );
    assert!(left[&key(2).0.to_vec()]);
    let again = producer.purge(&Expiry::default(), 21).unwrap();
    assert_eq!(again, Purged::default(), "what has its tombstone needs no other");
}

#[test]
fn the_words_of_a_deleted_post_leave_those_that_quote_it() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    let deleted = Entry::Delete { key: key(1), at: 5 };
    producer
        .append(&of(vec![post(1), quoting(2, 1), quoting(3, 4), deleted]))
        .unwrap();
    let purged = producer.purge(&Expiry::default(), 20).unwrap();
    assert_eq!(
        purged,
        Purged {
            posts: 0,
            quotations: 1
        }
    );
    let mut consumer = Consumer::open(&cluster.settings, "workers", flow()).unwrap();
    let read = read(&mut consumer, 5);
    let versions = |n: u64| {
        let texts = read.iter().filter_map(move |record| match &record.entry {
            Entry::Post { post, .. } if post.key == key(n) => Some(post.quoted_text.is_some()),
            _ => None,
        });
        texts.collect::<Vec<bool>>()
    };
    assert_eq!(versions(2), [true, false], "it is written again without them");
    assert_eq!(versions(3), [true], "another's words stay");
    assert_eq!(producer.purge(&Expiry::default(), 21).unwrap(), Purged::default());
}

#[test]
fn posts_past_their_platforms_time_get_tombstones() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 10)).unwrap();
    let Entry::Post { post: fifth, .. } = post(5) else {
        panic!("a post")
    };
    let mut expiry = Expiry::default();
    expiry.platforms.insert("youtube".into(), i64::MAX);
    expiry.platforms.insert("bluesky".into(), fifth.seen_at);
    assert_eq!(
        producer.purge(&expiry, 20).unwrap(),
        Purged {
            posts: 5,
            quotations: 0
        }
    );
    let left = left(&cluster);
    assert_eq!(left.values().filter(|kept| **kept).count(), 5);
    assert!(left[&key(5).0.to_vec()]);
}
