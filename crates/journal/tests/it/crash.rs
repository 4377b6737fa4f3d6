//! A crash at any moment keeps every acknowledged batch and no half of another.

use crate::support::{batch, copy, entries, open, options, segments};
use journal::{Journal, Options, Position};
use std::fs::{self, File};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

fn cut_file(path: &Path, len: u64) {
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(len)
        .unwrap();
}

#[test]
fn a_record_cut_anywhere_is_dropped_whole_and_all_before_it_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 3)).unwrap();
    let file = segments(dir.path()).remove(0);
    let whole = fs::metadata(&file).unwrap().len();
    journal.append(&batch(3, 1)).unwrap();
    drop(journal);
    let bytes = fs::read(&file).unwrap();
    for len in whole..bytes.len() as u64 {
        let crashed = copy(dir.path());
        let file = segments(crashed.path()).remove(0);
        cut_file(&file, len);
        let (mut journal, recovery) = Journal::open(crashed.path(), options()).unwrap();
        assert_eq!(recovery.next, Position(3), "cut at {len}");
        let cut = recovery.cut.map(|c| (c.offset, c.bytes));
        assert_eq!(cut, (len > whole).then_some((whole, len - whole)), "cut at {len}");
        assert_eq!(journal.cursors()[0].value, "3");
        assert_eq!(journal.append(&batch(3, 1)).unwrap(), Position(3)..Position(4));
        assert_eq!(entries(&journal, 0).len(), 4);
    }
}

#[test]
fn a_tail_of_zeros_or_noise_is_cut() {
    for noise in [vec![0; 4096], vec![0xff; 7], (0..=255).collect::<Vec<u8>>()] {
        let dir = tempfile::tempdir().unwrap();
        open(dir.path()).append(&batch(0, 3)).unwrap();
        let file = segments(dir.path()).remove(0);
        let mut bytes = fs::read(&file).unwrap();
        bytes.extend_from_slice(&noise);
        fs::write(&file, bytes).unwrap();
        let (journal, recovery) = Journal::open(dir.path(), options()).unwrap();
        assert_eq!(recovery.cut.map(|c| c.bytes), Some(noise.len() as u64));
        assert_eq!(entries(&journal, 0).len(), 3);
    }
}

#[test]
fn a_segment_that_was_being_made_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    open(dir.path()).append(&batch(0, 3)).unwrap();
    fs::write(
        dir.path().join("seg-00000000000000000003.tmp"),
        b"GSJ1 half a hea",
    )
    .unwrap();
    let mut journal = open(dir.path());
    assert_eq!(journal.append(&batch(3, 1)).unwrap(), Position(3)..Position(4));
    assert!(!dir.path().join("seg-00000000000000000003.tmp").exists());
}

#[test]
fn a_segment_whose_key_was_destroyed_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    let small = Options {
        segment_bytes: 1,
        ..options()
    };
    let mut journal = Journal::open(dir.path(), small.clone()).unwrap().0;
    journal.append(&batch(0, 1)).unwrap();
    journal.append(&batch(1, 1)).unwrap();
    drop(journal);
    let oldest = segments(dir.path()).remove(0);
    let mut bytes = fs::read(&oldest).unwrap();
    bytes[..100].fill(0);
    fs::write(&oldest, bytes).unwrap();
    let (journal, recovery) = Journal::open(dir.path(), small).unwrap();
    assert_eq!(recovery.first, Position(1));
    assert!(!oldest.exists());
    assert_eq!(entries(&journal, 0).len(), 1);
}

/// Copies the folder while a writer appends: each copy is what a crash at that moment may leave.
#[test]
fn every_copy_taken_under_load_holds_what_was_acknowledged_before_it() {
    let dir = tempfile::tempdir().unwrap();
    let acknowledged = AtomicU64::new(0);
    let small = Options {
        segment_bytes: 20_000,
        ..options()
    };
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut journal = Journal::open(dir.path(), small.clone()).unwrap().0;
            for n in 0..300 {
                let range = journal.append(&batch(n * 3, 3)).unwrap();
                acknowledged.store(range.end.0, Ordering::SeqCst);
            }
        });
        while acknowledged.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        let mut copies = 0;
        while !writer.is_finished() || copies == 0 {
            let sure = acknowledged.load(Ordering::SeqCst);
            let crashed = tempfile::tempdir().unwrap();
            for file in segments(dir.path()) {
                fs::copy(&file, crashed.path().join(file.file_name().unwrap())).unwrap();
            }
            let (journal, recovery) = Journal::open(crashed.path(), small.clone()).unwrap();
            let kept = entries(&journal, 0);
            assert!(recovery.next.0 >= sure, "{} of {sure}", recovery.next);
            assert_eq!(kept.len() as u64 % 3, 0, "a batch was kept in part");
            assert!(
                kept.iter()
                    .zip(0..)
                    .all(|((p, e), n)| *p == n && *e == crate::support::post(n))
            );
            assert_eq!(journal.cursors()[0].value, recovery.next.to_string());
            copies += 1;
        }
    });
}
