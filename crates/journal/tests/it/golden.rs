//! A journal written by the first version of the format still reads.

use crate::support::{KEY, copy, entries, key, monitors, open, options, post, segments};
use journal::{Batch, Cursor, Entry, Journal, Options, Position};
use post::{AuthorKey, Counts};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/format-1")
}

fn cursor(source: &str, value: &str) -> Cursor {
    Cursor {
        source: source.into(),
        value: value.into(),
    }
}

/// Every kind of entry once, in two batches.
fn batches() -> [Batch; 2] {
    let counts = Counts {
        likes: Some(3),
        views: Some(1 << 40),
        ..Counts::default()
    };
    [
        Batch {
            cursors: vec![cursor("bluesky", "1760000000000001")],
            entries: vec![Entry::MonitorSet(monitors(2)), post(1), post(2)],
            seen_at: 1_760_000_000_000,
        },
        Batch {
            cursors: vec![cursor("bluesky", "1760000000000002"), cursor("mastodon", "99")],
            entries: vec![
                Entry::Delete {
                    key: key(1),
                    at: 1_760_000_001_000,
                },
                Entry::AuthorGone {
                    author: AuthorKey([9; 16]),
                    at: 1_760_000_002_000,
                },
                Entry::Engagement {
                    key: key(2),
                    counts,
                    at: -1,
                },
            ],
            seen_at: 1_760_000_003_000,
        },
    ]
}

#[test]
#[ignore = "writes the golden files: only for a new format, in a new folder"]
fn write() {
    let mut journal = Journal::open(
        &folder(),
        Options {
            segment_bytes: 1,
            ..options()
        },
    )
    .unwrap()
    .0;
    for batch in batches() {
        journal.append(&batch).unwrap();
    }
}

#[test]
fn format_1_reads() {
    let dir = copy(&folder());
    assert_eq!(segments(dir.path()).len(), 2);
    let (journal, recovery) = Journal::open(
        dir.path(),
        Options {
            key: KEY,
            ..options()
        },
    )
    .unwrap();
    assert_eq!((recovery.cut, recovery.next), (None, Position(6)));
    let want: Vec<Entry> = batches().into_iter().flat_map(|b| b.entries).collect();
    assert_eq!(entries(&journal, 0), (0u64..).zip(want).collect::<Vec<_>>());
    assert_eq!(
        journal.cursors(),
        [cursor("bluesky", "1760000000000002"), cursor("mastodon", "99")]
    );
    drop(journal);
    assert_eq!(open(dir.path()).append(&batches()[0]).unwrap().start, Position(6));
}
