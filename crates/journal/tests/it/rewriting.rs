//! What is gone leaves the disk, and nothing else changes its place.

use crate::support::{batch, change, entries, key, monitors, open, options, post, segments};
use journal::{Batch, Entry, Error, Gone, Journal, JournalHandle, Lock, Options, Position, Rewritten};
use post::AuthorKey;
use std::fs;
use std::path::Path;

const MARK: &str = "evening 7 ";

fn of(entry: Entry) -> Batch {
    Batch {
        entries: vec![entry],
        seen_at: 1_760_000_002_000,
        ..Batch::default()
    }
}

/// A journal of two closed segments and an open one: posts 0 to 19, of which 3 is deleted and author 7 leaves, then
/// author 7 writes again.
fn filled(dir: &Path) -> Journal {
    let mut journal = open(dir);
    journal.append(&of(Entry::MonitorSet(monitors(1)))).unwrap();
    journal.append(&batch(0, 10)).unwrap();
    journal.append(&of(Entry::MonitorChange(change(2)))).unwrap();
    journal.close_segment().unwrap();
    journal.append(&batch(10, 10)).unwrap();
    journal.append(&of(Entry::Delete { key: key(3), at: 5 })).unwrap();
    journal
        .append(&of(Entry::AuthorGone {
            author: AuthorKey([7; 16]),
            at: 6,
        }))
        .unwrap();
    journal.close_segment().unwrap();
    journal.append(&of(post(7))).unwrap();
    journal
}

fn purge(journal: &Journal) -> Rewritten {
    let gone = Gone::read(&journal.handle()).unwrap();
    journal.rewriter().purge(&gone).unwrap()
}

fn bytes(dir: &Path) -> Vec<u8> {
    segments(dir).iter().flat_map(|p| fs::read(p).unwrap()).collect()
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|w| w == what.as_bytes())
}

#[test]
fn what_is_gone_becomes_a_delete_at_its_place_and_all_else_stays() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = filled(dir.path());
    let before = entries(&journal, 0);
    let (cursors, set) = (journal.cursors(), journal.handle().monitors());
    assert!(holds(&bytes(dir.path()), MARK) && holds(&bytes(dir.path()), "evening 3 "));

    let done = purge(&journal);
    assert_eq!((done.segments, done.posts), (1, 2));
    let expected: Vec<(u64, Entry)> = before
        .into_iter()
        .map(|(position, entry)| match entry {
            // Positions 4 and 8 hold posts 3 and 7: the monitor set came first.
            Entry::Post { post, .. } if [4, 8].contains(&position) => (
                position,
                Entry::Delete {
                    key: post.key,
                    at: post.seen_at,
                },
            ),
            other => (position, other),
        })
        .collect();
    assert_eq!(entries(&journal, 0), expected);
    assert!(!holds(&bytes(dir.path()), "evening 3 "));
    // What the author wrote after coming back is in the open segment, and stays there and when that is closed.
    journal.close_segment().unwrap();
    assert_eq!(purge(&journal).posts, 0);
    drop(journal);
    let journal = open(dir.path());
    assert_eq!(entries(&journal, 0), expected);
    assert_eq!((journal.cursors(), journal.handle().monitors()), (cursors, set));
    assert_eq!(
        journal.handle().monitors_at(Position(5)).unwrap(),
        Some(monitors(1))
    );
}

#[test]
fn a_reader_half_way_through_a_segment_goes_on_in_the_new_one() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path());
    let mut reader = journal.reader(Position(0));
    // It has read the first record; the second is still to come.
    assert_eq!(reader.next_batch().unwrap().unwrap().len(), 1);
    purge(&journal);
    let rest: Vec<_> = reader.map(|r| r.unwrap()).collect();
    assert_eq!(rest.first().unwrap().position, Position(1));
    assert_eq!(rest.len() as u64, journal.next_position().0 - 1);
    assert!(matches!(rest[3].entry, Entry::Delete { .. }));
    // So does another process that looks anew.
    let handle = JournalHandle::open(dir.path(), options().key).unwrap();
    assert_eq!(
        handle.reader(Position(0)).count() as u64,
        journal.next_position().0
    );
}

#[test]
fn a_rewrite_cut_short_by_a_crash_leaves_the_old_segment() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path());
    let before = entries(&journal, 0);
    drop(journal);
    let first = segments(dir.path())[0].clone();
    let half = fs::read(&first).unwrap();
    let unfinished = first.with_extension("tmp");
    fs::write(&unfinished, &half[..half.len() / 2]).unwrap();
    let journal = open(dir.path());
    assert_eq!(entries(&journal, 0), before);
    assert!(!unfinished.exists());
    assert_eq!(purge(&journal).posts, 2);
}

#[test]
fn trimmed_segments_are_passed_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = filled(dir.path());
    let (gone, rewriter) = (Gone::read(&journal.handle()).unwrap(), journal.rewriter());
    journal.trim(Position(12), i64::MAX).unwrap();
    assert_eq!(rewriter.purge(&gone).unwrap().posts, 0);
    assert!(!holds(&bytes(dir.path()), "evening 3 "));
}

#[test]
fn another_installation_key_opens_what_the_old_one_opens_no_more() {
    let dir = tempfile::tempdir().unwrap();
    let journal = filled(dir.path());
    let before = entries(&journal, 0);
    let (old, new) = (options().key, [9; 32]);
    assert!(matches!(Lock::take(dir.path()), Err(Error::Locked { .. })));
    drop(journal);
    // As if the first call had been cut short after one segment.
    let rest: Vec<_> = segments(dir.path())
        .into_iter()
        .skip(1)
        .map(|p| (fs::read(&p).unwrap(), p))
        .collect();
    let lock = Lock::take(dir.path()).unwrap();
    assert_eq!(lock.rewrap(&old, &new).unwrap(), 3);
    rest.iter()
        .for_each(|(bytes, path)| fs::write(path, bytes).unwrap());
    assert_eq!(lock.rewrap(&old, &new).unwrap(), 2);
    drop(lock);
    assert!(matches!(
        Journal::open(dir.path(), options()),
        Err(Error::WrongKey { .. })
    ));
    let (journal, _) = Journal::open(
        dir.path(),
        Options {
            key: new,
            ..options()
        },
    )
    .unwrap();
    assert_eq!(entries(&journal, 0), before);
}

#[test]
fn what_others_quote_of_it_goes_too() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    let quoting = |n: u64, of: u64| {
        let Entry::Post { mut post, identity } = post(n) else {
            unreachable!()
        };
        post.quote_of = Some(key(of));
        post.quoted_text = Some(format!("they wrote {of}"));
        Entry::Post { post, identity }
    };
    let entries_of = [post(1), quoting(11, 1), post(2), quoting(12, 2), quoting(13, 3)];
    for entry in entries_of {
        journal.append(&of(entry)).unwrap();
    }
    journal.append(&of(Entry::Delete { key: key(1), at: 5 })).unwrap();
    journal
        .append(&of(Entry::AuthorGone {
            author: AuthorKey([2; 16]),
            at: 6,
        }))
        .unwrap();
    journal.close_segment().unwrap();
    assert_eq!(purge(&journal).posts, 4);
    let left = bytes(dir.path());
    assert!(!holds(&left, "they wrote 1") && !holds(&left, "they wrote 2") && holds(&left, "they wrote 3"));
    assert!(holds(&left, "evening 11 ") && holds(&left, "evening 12 "));
    assert_eq!(purge(&journal).posts, 0);
}

#[test]
fn what_is_past_its_time_goes_by_its_platform() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    let aged = |n: u64, platform: &str, seen_at| {
        let Entry::Post { mut post, identity } = post(n) else {
            panic!("no post")
        };
        (post.platform, post.seen_at) = (platform.to_owned(), seen_at);
        Entry::Post { post, identity }
    };
    for (n, platform, seen_at) in [
        (1, "youtube", 10),
        (2, "youtube", 20),
        (3, "x", 10),
        (4, "myspace", 10),
    ] {
        journal.append(&of(aged(n, platform, seen_at))).unwrap();
    }
    journal.close_segment().unwrap();
    let mut gone = Gone::read(&journal.handle()).unwrap();
    gone.expire("youtube", 20);
    gone.expire("x", i64::MIN);
    gone.expire_others(15);
    let done = journal.rewriter().purge(&gone).unwrap();
    assert_eq!(
        done,
        Rewritten {
            segments: 1,
            posts: 2
        }
    );
    let left: Vec<_> = entries(&journal, 0)
        .into_iter()
        .map(|(_, entry)| matches!(entry, Entry::Post { .. }))
        .collect();
    assert_eq!(left, [false, true, true, false]);
    assert_eq!(journal.rewriter().purge(&gone).unwrap(), Rewritten::default());
}
