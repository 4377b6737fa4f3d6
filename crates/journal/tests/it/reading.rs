//! Readers beside a writer.

use crate::support::{KEY, batch, open, options, post, segments};
use journal::{Journal, JournalHandle, Options, Position, Read};
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn a_reader_at_the_end_goes_on_when_more_comes() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(
        dir.path(),
        Options {
            segment_bytes: 1,
            ..options()
        },
    )
    .unwrap()
    .0;
    let mut reader = journal.reader(Position(1));
    assert!(reader.next().is_none());
    journal.append(&batch(0, 2)).unwrap();
    assert_eq!(reader.position(), Position(1));
    let Read {
        position,
        seen_at,
        entry,
        ..
    } = reader.next().unwrap().unwrap();
    assert_eq!(
        (position, seen_at, entry),
        (Position(1), batch(0, 2).seen_at, post(1))
    );
    assert!(reader.next().is_none());
    journal.append(&batch(2, 1)).unwrap();
    assert_eq!(reader.next().unwrap().unwrap().entry, post(2));
    assert!(reader.next().is_none());
}

#[test]
fn batches_and_single_entries_can_be_mixed() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 3)).unwrap();
    journal.append(&batch(3, 2)).unwrap();
    let mut reader = journal.reader(Position(0));
    let positions = |batch: Vec<Read>| batch.iter().map(|r| r.position.0).collect::<Vec<_>>();
    assert_eq!(reader.next().unwrap().unwrap().position, Position(0));
    assert_eq!(reader.position(), Position(1));
    assert_eq!(positions(reader.next_batch().unwrap().unwrap()), [1, 2]);
    assert_eq!(positions(reader.next_batch().unwrap().unwrap()), [3, 4]);
    assert!(reader.next_batch().is_none());
}

#[test]
fn readers_in_other_threads_see_every_entry_once_and_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = Journal::open(
        dir.path(),
        Options {
            segment_bytes: 5000,
            ..options()
        },
    )
    .unwrap()
    .0;
    let handle = journal.handle();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let (mut reader, mut seen) = (handle.reader(Position(0)), 0);
                    loop {
                        let finished = done.load(Ordering::SeqCst);
                        for read in reader.by_ref() {
                            let read = read.unwrap();
                            assert_eq!((read.position, read.entry), (Position(seen), post(seen)));
                            seen += 1;
                        }
                        if finished {
                            return seen;
                        }
                    }
                })
            })
            .collect();
        for n in 0..100 {
            journal.append(&batch(n * 2, 2)).unwrap();
        }
        done.store(true, Ordering::SeqCst);
        for reader in readers {
            assert_eq!(reader.join().unwrap(), 200);
        }
    });
}

#[test]
fn a_program_that_does_not_write_can_look_while_another_writes() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&batch(0, 3)).unwrap();
    let view = JournalHandle::open(dir.path(), KEY).unwrap();
    journal.append(&batch(3, 1)).unwrap();
    assert_eq!(view.reader(Position(0)).count(), 3);
    assert_eq!(view.cursors()[0].value, "3");
    assert_eq!(segments(dir.path()).len(), 1);
}
