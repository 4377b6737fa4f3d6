//! Two workers of one group.

use crate::kafka::clusters::{Cluster, TICK, cluster, committed, flow, number};
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
    /// Something that it acknowledged could not be committed: the group was changing again, or took it for dead.
    /// The mock refuses commits for as long as members join.
    is_unsure: bool,
}

impl Worker {
    fn open(settings: &journal::kafka::Settings, flow: Flow) -> Worker {
        Worker {
            consumer: Consumer::open(settings, "workers", flow).unwrap(),
            partitions: Vec::new(),
            held: Vec::new(),
            refused: 0,
            is_unsure: false,
        }
    }

    /// Takes what comes and acknowledges what it held before, so that a rebalance finds something in flight.
    fn step(&mut self, done: &mut HashMap<u64, usize>, order: &mut BTreeMap<i32, i64>) {
        let before = std::mem::take(&mut self.held);
        match self.consumer.poll(TICK) {
            Ok(polled) => {
                self.partitions.extend(&polled.assigned);
                for revoked in &polled.revoked {
                    self.is_unsure |= !revoked.is_committed;
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
                    let is_next = range.first >= *last || self.is_unsure;
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

/// A group at work.
struct Work {
    cluster: Cluster,
    producer: Producer,
    workers: Vec<Worker>,
    sent: u64,
    /// How often each post was acknowledged.
    done: HashMap<u64, usize>,
    /// How far each partition was acknowledged.
    order: BTreeMap<i32, i64>,
}

impl Work {
    /// Posts come and are acknowledged until `done`.
    fn until(&mut self, what: &str, posts: u64, done: impl Fn(&Work) -> bool) {
        let start = Instant::now();
        while !done(self) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{what}: {} of {}",
                self.done.len(),
                self.sent
            );
            if posts > 0 {
                self.producer.append(&batch(self.sent, posts)).unwrap();
                self.sent += posts;
            }
            for worker in &mut self.workers {
                worker.step(&mut self.done, &mut self.order);
            }
        }
    }

    fn is_all_committed(&self) -> bool {
        self.done.len() as u64 == self.sent
            && committed(&self.cluster.settings, "workers") >= self.sent as i64
    }
}

#[test]
fn a_rebalance_loses_nothing_and_acknowledges_nothing_twice() {
    let cluster = cluster();
    let mut work = Work {
        producer: Producer::open(&cluster.settings).unwrap(),
        workers: vec![Worker::open(&cluster.settings, flow())],
        cluster,
        sent: 0,
        done: HashMap::new(),
        order: BTreeMap::new(),
    };
    work.until("the first has all partitions", 5, |work| {
        work.workers[0].partitions.len() == 4
    });
    work.until("all is committed", 0, Work::is_all_committed);
    work.workers.push(Worker::open(&work.cluster.settings, flow()));
    work.until("each has two", 5, |work| {
        work.workers.iter().all(|w| w.partitions.len() == 2)
    });
    work.until("all is committed", 0, Work::is_all_committed);
    // The second goes.
    drop(work.workers.pop());
    work.until("the first has all again", 5, |work| {
        work.workers[0].partitions.len() == 4
    });
    work.until("all is committed", 0, Work::is_all_committed);
    let again = work.done.values().filter(|times| **times > 1).count();
    assert!(
        again == 0 || work.workers[0].is_unsure,
        "{again} posts were acknowledged again"
    );
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
