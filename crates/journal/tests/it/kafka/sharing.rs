//! Two workers of one group.

use crate::kafka::clusters::{TICK, cluster, committed, flow, number};
use crate::support::batch;
use journal::kafka::{Consumer, Flow, NotInFlight, Producer, Range};
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

/// One worker, and what it holds.
struct Worker {
    consumer: Consumer,
    partitions: Vec<i32>,
    held: Vec<(Range, Vec<u64>)>,
    refused: usize,
    /// It was taken for dead, so what it acknowledged last was not committed: on a machine that stood still.
    was_lost: bool,
}

impl Worker {
    fn open(settings: &journal::kafka::Settings, flow: Flow) -> Worker {
        Worker {
            consumer: Consumer::open(settings, "workers", flow).unwrap(),
            partitions: Vec::new(),
            held: Vec::new(),
            refused: 0,
            was_lost: false,
        }
    }

    /// Takes what comes and acknowledges what it held before, so that a rebalance finds something in flight.
    fn step(&mut self, done: &mut HashMap<u64, usize>, order: &mut BTreeMap<i32, i64>) {
        let before = std::mem::take(&mut self.held);
        match self.consumer.poll(TICK) {
            Ok(polled) => {
                self.partitions.extend(&polled.assigned);
                for revoked in &polled.revoked {
                    self.was_lost |= revoked.lost;
                    self.partitions.retain(|p| !revoked.partitions.contains(p));
                }
                let held = |d: journal::kafka::Delivery| {
                    (d.range, d.records.iter().map(|r| number(&r.entry)).collect())
                };
                self.held.extend(polled.deliveries.into_iter().map(held));
            }
            Err(error) => assert!(error.is_passing(), "{error}"),
        }
        for (range, numbers) in before {
            match self.consumer.acks().acknowledge(&range) {
                Ok(()) => {
                    let last = order.entry(range.partition).or_insert(0);
                    let is_next = range.first >= *last || self.was_lost;
                    assert!(
                        is_next,
                        "offsets before {last} were acknowledged already: {range:?}"
                    );
                    *last = range.end;
                    numbers.into_iter().for_each(|n| *done.entry(n).or_default() += 1);
                }
                Err(NotInFlight::Revoked(_)) => self.refused += 1,
                Err(error) => panic!("{error}"),
            }
        }
    }
}

#[test]
fn a_rebalance_loses_nothing_and_acknowledges_nothing_twice() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    let mut sent = 0;
    let (mut done, mut order) = (HashMap::new(), BTreeMap::new());
    let mut workers = vec![Worker::open(&cluster.settings, flow())];
    let start = Instant::now();
    // The second joins once the first has all, and goes once both have some.
    let (mut joined, mut left) = (false, false);
    while !left || done.len() < sent as usize {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{} of {sent}",
            done.len()
        );
        if !left {
            producer.append(&batch(sent, 5)).unwrap();
            sent += 5;
        }
        for worker in &mut workers {
            worker.step(&mut done, &mut order);
        }
        if !joined && workers[0].partitions.len() == 4 {
            workers.push(Worker::open(&cluster.settings, flow()));
            joined = true;
        }
        if joined && !left && workers.iter().all(|w| w.partitions.len() == 2) {
            workers.pop();
            left = true;
        }
    }
    assert_eq!(done.len() as u64, sent);
    assert!(
        done.values().all(|times| *times == 1),
        "each post was acknowledged once"
    );
    drop(workers);
    assert_eq!(committed(&cluster.settings, "workers"), sent as i64);
}

#[test]
fn before_partitions_go_what_is_in_flight_is_waited_for() {
    let cluster = cluster();
    let mut producer = Producer::open(&cluster.settings).unwrap();
    producer.append(&batch(0, 20)).unwrap();
    let patient = Flow {
        revoke_wait: Duration::from_secs(20),
        ..flow()
    };
    let mut consumer = Consumer::open(&cluster.settings, "workers", patient).unwrap();
    let deliveries = crate::kafka::clusters::take(&mut consumer, 20);
    let acks = consumer.acks();
    let downstream = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        deliveries
            .iter()
            .for_each(|d| acks.acknowledge(&d.range).unwrap());
    });
    // Leaving the group gives all partitions up.
    drop(consumer);
    downstream.join().unwrap();
    assert_eq!(committed(&cluster.settings, "workers"), 20);
}
