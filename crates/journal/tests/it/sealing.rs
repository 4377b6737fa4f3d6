//! What could name a person is not readable on disk.

use crate::support::{batch, open, post, segments};
use journal::{Entry, Position};
use std::fs;

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

#[test]
fn no_identity_is_readable_in_any_file() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 5)).unwrap();
    for item in fs::read_dir(dir.path()).unwrap() {
        let bytes = fs::read(item.unwrap().path()).unwrap();
        for secret in ["secret", "Secret", "did:plc"] {
            assert!(!holds(&bytes, secret), "{secret}");
        }
    }
    let bytes = fs::read(&segments(dir.path())[0]).unwrap();
    assert!(holds(&bytes, "lantern festival"), "the admitted text is plain");
    let read = journal.reader(Position(4)).next().unwrap().unwrap();
    let (Entry::Post { identity, .. }, Entry::Post { identity: want, .. }) = (read.entry, post(4)) else {
        panic!("a post was appended")
    };
    assert_eq!(identity, want);
}

#[test]
fn equal_batches_are_sealed_differently() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    let file = segments(dir.path()).remove(0);
    let sealed = |from: usize| {
        let bytes = fs::read(&file).unwrap();
        bytes[from.max(bytes.len() - 60)..].to_vec()
    };
    journal.append(&batch(0, 1)).unwrap();
    let first = sealed(0);
    journal.append(&batch(0, 1)).unwrap();
    assert_ne!(first, sealed(0));
}
