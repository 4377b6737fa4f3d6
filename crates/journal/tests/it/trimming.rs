//! The bounds of time and size.

use crate::support::{batch, entries, monitors, open, options, segments};
use journal::{Batch, Cursor, Entry, Journal, Options, Position, Trimmed};

const DAY: i64 = 24 * 3_600_000;

/// One segment a batch.
fn small() -> Options {
    Options {
        segment_bytes: 1,
        max_age_ms: 7 * DAY,
        ..options()
    }
}

fn at(day: i64, first: u64) -> Batch {
    Batch {
        seen_at: day * DAY,
        ..batch(first, 2)
    }
}

#[test]
fn old_segments_go_once_they_are_clean() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path(), small()).unwrap().0;
    for day in 0..4 {
        journal.append(&at(day, day as u64 * 2)).unwrap();
    }
    assert_eq!(journal.trim(Position(8), 7 * DAY).unwrap(), Trimmed::default());
    assert_eq!(journal.trim(Position(1), 9 * DAY).unwrap(), Trimmed::default());
    let trimmed = journal.trim(Position(3), 9 * DAY).unwrap();
    assert_eq!((trimmed.segments, trimmed.entries), (1, 2));
    assert_eq!(journal.trim(Position(8), 9 * DAY).unwrap().segments, 1);
    assert_eq!(journal.first_position(), Position(4));
    assert_eq!(journal.span().from, Some(2 * DAY));
    assert_eq!(entries(&journal, 0)[0].0, 4);
    assert_eq!(segments(dir.path()).len(), 2);
}

#[test]
fn trimming_everything_keeps_positions_cursors_and_monitors() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path(), small()).unwrap().0;
    let set = Batch {
        cursors: vec![Cursor {
            source: "mastodon".into(),
            value: "17".into(),
        }],
        entries: vec![Entry::MonitorSet(monitors(5))],
        seen_at: 0,
    };
    journal.append(&set).unwrap();
    journal.append(&at(1, 1)).unwrap();
    let trimmed = journal.trim(Position(3), 100 * DAY).unwrap();
    assert_eq!((trimmed.segments, trimmed.entries), (2, 3));
    assert!(entries(&journal, 0).is_empty());
    assert_eq!(journal.trim(Position(3), 100 * DAY).unwrap(), Trimmed::default());
    drop(journal);
    let (mut journal, recovery) = Journal::open(dir.path(), small()).unwrap();
    assert_eq!((recovery.first, recovery.next), (Position(3), Position(3)));
    assert_eq!(journal.cursors().len(), 2);
    assert_eq!(journal.handle().monitors(), Some(monitors(5)));
    assert_eq!(journal.append(&at(100, 3)).unwrap(), Position(3)..Position(5));
    assert_eq!(
        journal.handle().monitors_at(Position(4)).unwrap(),
        Some(monitors(5))
    );
}

#[test]
fn the_oldest_go_until_the_rest_fits() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path(), small()).unwrap().0;
    for n in 0..6 {
        journal.append(&at(0, n * 2)).unwrap();
    }
    let bytes = journal.span().bytes;
    drop(journal);
    let mut journal = Journal::open(
        dir.path(),
        Options {
            max_bytes: bytes / 2,
            ..small()
        },
    )
    .unwrap()
    .0;
    let clean = journal.trim(Position(2), 0).unwrap();
    assert_eq!(clean.segments, 1);
    let rest = journal.trim(Position(12), 0).unwrap();
    assert!(rest.segments > 1 && journal.span().bytes <= bytes / 2);
    assert_eq!(clean.bytes + rest.bytes + journal.span().bytes, bytes);
    assert_eq!(journal.next_position(), Position(12));
}

#[test]
fn a_quiet_journal_still_ends_its_segments_by_time() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&at(0, 0)).unwrap();
    journal.append(&at(0, 2)).unwrap();
    assert_eq!(segments(dir.path()).len(), 1);
    journal.append(&at(1, 4)).unwrap();
    assert_eq!(segments(dir.path()).len(), 2);
}

#[test]
fn a_reader_goes_on_behind_what_was_trimmed() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(dir.path(), small()).unwrap().0;
    for day in 0..4 {
        journal.append(&at(day, day as u64 * 2)).unwrap();
    }
    let mut reader = journal.reader(Position(0));
    assert_eq!(reader.next().unwrap().unwrap().position, Position(0));
    journal.trim(Position(6), 20 * DAY).unwrap();
    let rest: Vec<u64> = reader.map(|r| r.unwrap().position.0).collect();
    assert_eq!(rest, [1, 6, 7]);
}
