//! Against three Apache Kafka brokers: `make cluster-test` starts them. Without them these tests are skipped, and
//! say so.

use crate::kafka::clusters::{committed, flow, lying, number, poll_until, settings};
use crate::support::{key, post};
use journal::kafka::{Consumer, Flow, Load, Place, Producer, Settings, empty_dead_letters, make_topics};
use journal::{Batch, Entry};
use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Settings with topics of their own on the running cluster.
fn real(prefix: &str) -> Option<Settings> {
    let brokers = std::env::var("GROUNDSWELL_KAFKA").ok().filter(|b| !b.is_empty());
    let Some(brokers) = brokers else {
        eprintln!("{prefix}: skipped, GROUNDSWELL_KAFKA names no brokers (make cluster-test starts some)");
        return None;
    };
    let mut settings = Settings {
        prefix: prefix.to_owned(),
        ..settings(&brokers)
    };
    // The least that brokers take.
    settings
        .properties
        .insert("session.timeout.ms".into(), "6000".into());
    make_topics(&settings).unwrap();
    Some(settings)
}

fn script(arguments: &[&str]) {
    let script = std::env::var("GROUNDSWELL_KAFKA_SCRIPT").unwrap();
    assert!(Command::new(script).args(arguments).status().unwrap().success());
}

/// Appends over faults that pass, and says how often it had to begin again.
fn append(producer: &mut Producer, batch: &Batch) -> usize {
    let start = Instant::now();
    let mut again = 0;
    while let Err(error) = producer.append(batch) {
        assert!(
            error.is_passing() && start.elapsed() < Duration::from_secs(120),
            "{error}"
        );
        again += 1;
    }
    again
}

#[test]
fn while_a_broker_is_killed_and_comes_back_every_post_is_kept_once() {
    let Some(settings) = real("killed-broker") else {
        return;
    };
    let mut producer = Producer::open(&settings).unwrap();
    let chaos = std::thread::spawn(|| {
        std::thread::sleep(Duration::from_secs(2));
        script(&["kill", "2"]);
        std::thread::sleep(Duration::from_secs(5));
        script(&["up", "2"]);
    });
    let (mut sent, mut again, mut longest) = (0, 0, Duration::ZERO);
    while !chaos.is_finished() || sent < 20_000 {
        let start = Instant::now();
        again += append(&mut producer, &batch(sent, 100));
        longest = longest.max(start.elapsed());
        sent += 100;
    }
    chaos.join().unwrap();
    let records = lying(&settings.brokers, &settings.posts(), settings.partitions).concat();
    let keys: BTreeSet<Vec<u8>> = records.iter().map(|r| r.key.clone()).collect();
    println!(
        "{sent} posts sent, {} records, {again} batches again, longest append {longest:?}",
        records.len()
    );
    assert_eq!(keys.len() as u64, sent);
    assert_eq!(
        Producer::open(&settings).unwrap().cursors()[0].value,
        sent.to_string()
    );
    if again == 0 {
        assert_eq!(
            records.len() as u64,
            sent,
            "the library's own retries double nothing"
        );
    }
    let mut consumer = Consumer::open(&settings, "workers", flow()).unwrap();
    let mut seen = BTreeSet::new();
    poll_until(&mut consumer, |consumer, polled| {
        for delivery in polled.deliveries {
            seen.extend(delivery.records.iter().map(|r| number(&r.entry)));
            consumer.acks().acknowledge(&delivery.range).unwrap();
        }
        seen.len() as u64 == sent
    });
    drop(consumer);
    assert_eq!(committed(&settings, "workers"), records.len() as i64);
}

/// A worker in a process of its own: this test binary again, with the test below.
fn worker(settings: &Settings, store: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "kafka::real::a_worker_process",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("GROUNDSWELL_KAFKA_PREFIX", &settings.prefix)
        .env("GROUNDSWELL_KAFKA_STORE", store)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap()
}

/// Not a test: what `worker` starts. It "stores" by appending the numbers of posts to a file, a line for a delivery,
/// and acknowledges what is in the file.
#[test]
#[ignore = "started by the test of a killed worker"]
fn a_worker_process() {
    let Some(store) = std::env::var_os("GROUNDSWELL_KAFKA_STORE") else {
        return;
    };
    let settings = real(&std::env::var("GROUNDSWELL_KAFKA_PREFIX").unwrap()).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(store)
        .unwrap();
    let small = Flow {
        batch: Load {
            entries: 50,
            bytes: 1 << 20,
        },
        commit_every: Duration::from_millis(100),
        ..flow()
    };
    let mut consumer = Consumer::open(&settings, "workers", small).unwrap();
    loop {
        let polled = match consumer.poll(Duration::from_millis(50)) {
            Ok(polled) => polled,
            Err(error) => {
                eprintln!("worker: {error}");
                continue;
            }
        };
        for delivery in polled.deliveries {
            let numbers: Vec<String> = delivery
                .records
                .iter()
                .map(|r| number(&r.entry).to_string())
                .collect();
            let Place { partition, offset } = delivery.records[0].place;
            file.write_all(format!("{partition} {offset} {}\n", numbers.join(",")).as_bytes())
                .unwrap();
            // So that a kill finds something under way.
            std::thread::sleep(Duration::from_millis(2));
            // Refused where the partition went to another worker: that one stores it again.
            let _ = consumer.acks().acknowledge(&delivery.range);
        }
    }
}

/// How often each post was stored. A line that a kill cut short was not acknowledged.
fn stored(stores: &[&Path]) -> HashMap<u64, usize> {
    let mut times = HashMap::new();
    for store in stores {
        let text = std::fs::read_to_string(store).unwrap_or_default();
        for line in text.split_inclusive('\n').filter(|line| line.ends_with('\n')) {
            let numbers = line.trim_end().rsplit(' ').next().unwrap();
            for number in numbers.split(',') {
                *times.entry(number.parse().unwrap()).or_default() += 1;
            }
        }
    }
    times
}

#[test]
fn a_worker_killed_in_its_work_loses_nothing() {
    let Some(settings) = real("killed-worker") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let stores: Vec<_> = (0..4).map(|n| dir.path().join(n.to_string())).collect();
    let paths: Vec<&Path> = stores.iter().map(|p| p.as_path()).collect();
    let mut producer = Producer::open(&settings).unwrap();
    let mut workers: Vec<Child> = paths[..2].iter().map(|store| worker(&settings, store)).collect();
    let (mut sent, mut kills) = (0_u64, 0);
    let start = Instant::now();
    while stored(&paths).len() < 12_000 {
        assert!(
            start.elapsed() < Duration::from_secs(600),
            "{} of {sent} stored",
            stored(&paths).len()
        );
        if sent < 12_000 {
            append(&mut producer, &batch(sent, 100));
            sent += 100;
        } else {
            std::thread::sleep(Duration::from_millis(100));
        }
        if kills < 2 && stored(&paths).len() > 3_000 * (kills + 1) {
            // SIGKILL, and another in its place.
            let mut killed = workers.remove(0);
            killed.kill().unwrap();
            killed.wait().unwrap();
            workers.push(worker(&settings, paths[2 + kills]));
            kills += 1;
        }
    }
    let until = Instant::now() + Duration::from_secs(60);
    while committed(&settings, "workers") < sent as i64 {
        assert!(
            Instant::now() < until,
            "{} of {sent} committed",
            committed(&settings, "workers")
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    for mut worker in workers {
        worker.kill().unwrap();
        worker.wait().unwrap();
    }
    let times = stored(&paths);
    let again: usize = times.values().map(|n| n - 1).sum();
    println!("{sent} posts, {kills} workers killed, {again} posts delivered again");
    assert_eq!(times.len() as u64, sent);
    assert_eq!(kills, 2);
    assert!(times.keys().all(|n| *n < sent));
}

#[test]
fn compaction_takes_what_has_a_tombstone_and_keeps_the_word_of_it() {
    let Some(plain) = real("compacted") else { return };
    let settings = Settings {
        prefix: "compacted-soon".to_owned(),
        compaction_lag: Duration::from_secs(1),
        ..plain
    };
    make_topics(&settings).unwrap();
    let mut producer = Producer::open(&settings).unwrap();
    append(
        &mut producer,
        &now(vec![post(1), post(1), Entry::Delete { key: key(1), at: 5 }]),
    );
    let start = Instant::now();
    loop {
        // A segment ends when something is written to it after its time.
        append(&mut producer, &now((0..8).map(|n| post(1000 + n)).collect()));
        let records = lying(&settings.brokers, &settings.posts(), settings.partitions).concat();
        let has_post = records.iter().any(|r| r.key == key(1).0 && r.value.is_some());
        let has_word = records
            .iter()
            .any(|r| r.key.len() == 17 && r.key[0] == b'd' && r.value.is_some());
        assert!(has_word, "the word that it is gone stays");
        if !has_post {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(90), "not compacted");
        std::thread::sleep(Duration::from_secs(1));
    }
    println!("compacted after {:?}", start.elapsed());
}

/// Posts numbered from `first`, with a cursor, seen now.
fn batch(first: u64, count: u64) -> Batch {
    Batch {
        seen_at: now(Vec::new()).seen_at,
        ..crate::support::batch(first, count)
    }
}

/// A batch seen now: brokers count retention from there.
fn now(entries: Vec<Entry>) -> Batch {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Batch {
        entries,
        seen_at: since.unwrap().as_millis() as i64,
        ..Batch::default()
    }
}

#[test]
fn dead_letters_can_be_emptied_at_once() {
    let Some(settings) = real("dead-letters") else {
        return;
    };
    let mut producer = Producer::open(&settings).unwrap();
    append(&mut producer, &batch(0, 1));
    let mut consumer = Consumer::open(&settings, "workers", flow()).unwrap();
    let record = crate::kafka::clusters::read(&mut consumer, 1).remove(0);
    consumer.put_aside(&record, "refused").unwrap();
    assert_eq!(lying(&settings.brokers, &settings.dead(), 1)[0].len(), 1);
    empty_dead_letters(&settings).unwrap();
    assert_eq!(lying(&settings.brokers, &settings.dead(), 1)[0].len(), 0);
}
