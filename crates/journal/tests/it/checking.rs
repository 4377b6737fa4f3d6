//! A check goes on behind damage, changes nothing, and says what can be done without.

use crate::support::{batch, entries, options, segments};
use journal::{Flaw, Journal, Lock, Options, Position, check, set_aside};
use std::fs;
use std::path::Path;

fn small() -> Options {
    Options {
        segment_bytes: 1,
        ..options()
    }
}

/// Segments of one batch of three entries each.
fn journal(dir: &Path, batches: u64) {
    let mut journal = Journal::open(dir, small()).unwrap().0;
    for n in 0..batches {
        journal.append(&batch(n * 3, 3)).unwrap();
    }
}

fn flip(path: &Path, from_end: usize) {
    let mut bytes = fs::read(path).unwrap();
    let at = bytes.len() - from_end;
    bytes[at] ^= 0xff;
    fs::write(path, bytes).unwrap();
}

fn flaws(dir: &Path) -> Vec<(u64, Flaw)> {
    let reports = check(dir, &options().key).unwrap();
    let each = |r: &journal::SegmentReport| {
        r.flaws
            .clone()
            .into_iter()
            .map(|f| (r.first.0, f))
            .collect::<Vec<_>>()
    };
    reports.iter().flat_map(each).collect()
}

#[test]
fn a_whole_journal_has_no_flaw() {
    let dir = tempfile::tempdir().unwrap();
    journal(dir.path(), 4);
    let reports = check(dir.path(), &options().key).unwrap();
    assert!(reports.iter().all(|r| r.flaws.is_empty()), "{reports:?}");
    let entries: u64 = reports.iter().map(|r| r.end.0 - r.first.0).sum();
    assert_eq!((reports.len(), entries), (4, 12));
    assert!(
        matches!(&check(dir.path(), &[9; 32]).unwrap()[0].flaws[..], [Flaw::Damaged { reason, .. }] if reason.contains("installation key"))
    );
}

#[test]
fn every_flaw_is_named_and_what_is_stored_can_be_done_without() {
    let dir = tempfile::tempdir().unwrap();
    journal(dir.path(), 6);
    let files = segments(dir.path());
    flip(&files[1], 5);
    fs::remove_file(&files[3]).unwrap();
    let found = flaws(dir.path());
    assert!(
        matches!(
            &found[..],
            [
                (
                    3,
                    Flaw::Damaged {
                        from: Position(3),
                        upto: Some(Position(6)),
                        ..
                    }
                ),
                (
                    12,
                    Flaw::Gap {
                        from: Position(9),
                        to: Position(12)
                    }
                ),
            ]
        ),
        "{found:?}"
    );
    assert!(Journal::open(dir.path(), small()).is_err());
    let aside = dir.path().join("aside");
    let lock = Lock::take(dir.path()).unwrap();
    let moved = set_aside(&lock, &check(dir.path(), &options().key).unwrap(), &aside).unwrap();
    drop(lock);
    assert_eq!(moved.len(), 3);
    assert!(moved.iter().all(|m| m.exists()));
    let journal = Journal::open(dir.path(), small()).unwrap().0;
    assert_eq!(
        (journal.first_position(), journal.next_position()),
        (Position(12), Position(18))
    );
    assert_eq!(entries(&journal, 0).len(), 6);
    assert_eq!(journal.cursors()[0].value, "18");
}

#[test]
fn damage_in_the_newest_segment_ends_where_the_whole_records_end() {
    let dir = tempfile::tempdir().unwrap();
    {
        let mut journal = Journal::open(dir.path(), options()).unwrap().0;
        journal.append(&batch(0, 3)).unwrap();
        journal.append(&batch(3, 3)).unwrap();
        journal.append(&batch(6, 2)).unwrap();
    }
    let file = segments(dir.path()).remove(0);
    let whole = fs::read(&file).unwrap();
    let mut bytes = whole.clone();
    // Within the second record: the first of equal batches is a third of the rest away.
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0xff;
    fs::write(&file, &bytes).unwrap();
    let found = flaws(dir.path());
    assert!(
        matches!(&found[..], [(0, Flaw::Damaged { from, upto: Some(Position(8)), .. })] if from.0 < 6),
        "{found:?}"
    );
    assert_eq!(fs::read(&file).unwrap(), bytes, "a check changes nothing");
    // A torn tail is no damage.
    fs::write(&file, &whole[..whole.len() - 3]).unwrap();
    assert!(matches!(&flaws(dir.path())[..], [(0, Flaw::Torn { .. })]));
}
