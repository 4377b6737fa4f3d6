//! Records written by any version of the format still read.
//!
//! `GROUNDSWELL_GOLDEN=FOLDER cargo test -p journal --features kafka kafka::golden` writes the files of this program's
//! format into a folder.

use crate::kafka::clusters::{Lying, PARTITIONS, cluster, flow, lying, past, read, sealed, send};
use crate::support::{batch, key, monitors, post};
use journal::kafka::{Consumer, Producer};
use journal::{Batch, Entry};
use std::fs;
use std::path::{Path, PathBuf};

/// The topics that have a format of their own, each in a file: its records, length before key and length before value.
const FILES: [&str; 3] = ["posts", "keys", "monitors"];

fn entries() -> Vec<Entry> {
    vec![
        Entry::MonitorSet(monitors(4)),
        post(1),
        post(2),
        Entry::Delete {
            key: key(1),
            at: 1_760_000_001_000,
        },
    ]
}

fn write(records: &[Lying]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut put = |bytes: &[u8]| {
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    for record in records {
        put(&record.key);
        put(record.value.as_deref().unwrap_or_default());
    }
    out
}

fn parse(mut bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut fields = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        let (field, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        fields.push(field.to_vec());
        bytes = rest;
    }
    fields
        .chunks(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect()
}

/// Writes the files anew.
fn record(folder: &Path) {
    let cluster = cluster();
    let settings = &cluster.settings;
    let batch = Batch {
        entries: entries(),
        ..batch(0, 0)
    };
    Producer::open(settings).unwrap().append(&batch).unwrap();
    let topics = [
        lying(&settings.brokers, &settings.posts(), PARTITIONS).concat(),
        lying(&settings.brokers, &settings.keys(), 1).concat(),
        lying(&settings.brokers, &settings.monitors(), 1).concat(),
    ];
    for (name, records) in FILES.iter().zip(topics) {
        let with_value: Vec<Lying> = records.into_iter().filter(|r| r.value.is_some()).collect();
        fs::write(folder.join(name), write(&with_value)).unwrap();
    }
}

#[test]
fn records_of_every_format_still_read() {
    if let Some(folder) = std::env::var_os("GROUNDSWELL_GOLDEN") {
        record(&PathBuf::from(folder));
    }
    for format in ["kafka-1-posts-2"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(format);
        let cluster = cluster();
        let settings = &cluster.settings;
        for (name, topic) in FILES
            .iter()
            .zip([settings.posts(), settings.keys(), settings.monitors()])
        {
            for (key, value) in parse(&fs::read(folder.join(name)).unwrap()) {
                send(&settings.brokers, &topic, &key, &value);
            }
        }
        let mut consumer = Consumer::open(settings, "workers", flow()).unwrap();
        let read = read(&mut consumer, 3);
        let past = past(settings);
        for wanted in &entries()[1..] {
            assert!(past.contains(wanted), "{wanted:?}");
            let wanted = sealed(wanted.clone());
            let found = read.iter().find(|record| record.entry == wanted).unwrap();
            assert_eq!(found.monitors, 4);
            assert_eq!(found.seen_at, batch(0, 0).seen_at);
        }
        assert_eq!(*consumer.monitors(4).unwrap().unwrap(), monitors(4));
    }
}
