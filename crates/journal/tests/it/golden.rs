//! A journal written by any version of the format, with posts of any form, still reads.

use crate::support::{
    KEY, change, copy, entries, key, list, monitor, monitors, open, options, post, segments,
};
use journal::{Batch, Cursor, Entry, Journal, MonitorSet, Options, Position};
use post::{AuthorKey, Counts, Place, PlaceEvidence, Post};
use std::path::PathBuf;

/// Length of a segment's header.
const HEADER: usize = 24 + 24 + 48 + 4;

/// Formats 1 and 2 with posts of form 1, and format 2 with posts of form 2.
fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}"))
}

fn cursor(source: &str, value: &str) -> Cursor {
    Cursor {
        source: source.into(),
        value: value.into(),
    }
}

/// Every kind of entry that format 1 has once, in two batches.
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

/// What format 2 adds.
fn changes() -> [Batch; 2] {
    let set = MonitorSet {
        lists: vec![list("l2", &["free money"])],
        ..monitors(2)
    };
    let batch = |entries| Batch {
        entries,
        seen_at: 1_760_000_004_000,
        ..Batch::default()
    };
    [
        batch(vec![
            Entry::MonitorSet(set),
            post(3),
            Entry::MonitorChange(change(3)),
        ]),
        batch(vec![post(4)]),
    ]
}

fn format_2() -> Vec<Batch> {
    batches().into_iter().chain(changes()).collect()
}

/// What form 2 of posts adds.
fn posts_2() -> Vec<Batch> {
    let place = Some(Place {
        country: "DE".into(),
        region: Some("Bavaria".into()),
        evidence: PlaceEvidence::Author,
        confidence: 0.75,
    });
    let Entry::Post { post, identity } = post(5) else {
        unreachable!()
    };
    let post = Post {
        place,
        utc_offset: Some(-210),
        quoted_text: Some("the lantern makers".into()),
        sensitive: Some(true),
        indexable: Some(false),
        ..*post
    };
    let batch = Batch {
        entries: vec![Entry::Post {
            post: Box::new(post),
            identity,
        }],
        seen_at: 1_760_000_005_000,
        ..Batch::default()
    };
    format_2().into_iter().chain([batch]).collect()
}

#[test]
#[ignore = "writes the golden files: only for a new format, in a new folder"]
fn write() {
    let one_a_segment = Options {
        segment_bytes: 1,
        ..options()
    };
    let mut journal = Journal::open(&folder("format-2-posts-2"), one_a_segment)
        .unwrap()
        .0;
    for batch in posts_2() {
        journal.append(&batch).unwrap();
    }
}

fn open_golden(dir: &std::path::Path, want: &[Batch]) -> Journal {
    let (journal, recovery) = Journal::open(
        dir,
        Options {
            key: KEY,
            ..options()
        },
    )
    .unwrap();
    let want: Vec<Entry> = want.iter().flat_map(|b| b.entries.clone()).collect();
    assert_eq!((recovery.cut, recovery.next), (None, Position(want.len() as u64)));
    assert_eq!(entries(&journal, 0), (0u64..).zip(want).collect::<Vec<_>>());
    assert_eq!(
        journal.cursors(),
        [cursor("bluesky", "1760000000000002"), cursor("mastodon", "99")]
    );
    journal
}

#[test]
fn format_1_reads_and_goes_on_in_the_newest() {
    let dir = copy(&folder("format-1"));
    assert_eq!(segments(dir.path()).len(), 2);
    let format = |path: &PathBuf| std::fs::read(path).unwrap()[4];
    let mut journal = open_golden(dir.path(), &batches());
    assert_eq!(journal.handle().monitors(), Some(monitors(2)));
    assert_eq!(
        segments(dir.path()).iter().map(format).collect::<Vec<_>>(),
        [1, 1, 2],
        "a segment has one format"
    );
    journal.append(&changes()[0]).unwrap();
    drop(journal);
    assert_eq!(open(dir.path()).append(&batches()[0]).unwrap().start, Position(9));
}

#[test]
fn an_empty_segment_of_format_1_is_replaced() {
    let dir = copy(&folder("format-1"));
    // As a start that wrote nothing leaves it: only the carried record of the last segment.
    let last = segments(dir.path()).pop().unwrap();
    let whole = std::fs::read(&last).unwrap();
    let carried = 8 + u32::from_le_bytes(*whole[HEADER..].first_chunk().unwrap()) as usize;
    std::fs::write(&last, &whole[..HEADER + carried]).unwrap();
    let journal = open(dir.path());
    assert_eq!(journal.next_position(), Position(3));
    assert_eq!(segments(dir.path()).len(), 2);
    assert_eq!(std::fs::read(&last).unwrap()[4], 2);
    drop(journal);
    let journal = open(dir.path());
    assert_eq!(journal.handle().monitors(), Some(monitors(2)));
    assert_eq!(journal.cursors(), [cursor("bluesky", "1760000000000001")]);
}

#[test]
fn posts_of_form_2_read() {
    let dir = copy(&folder("format-2-posts-2"));
    let before = segments(dir.path());
    open_golden(dir.path(), &posts_2());
    assert_eq!(
        segments(dir.path()),
        before,
        "nothing older: the last segment goes on"
    );
}

#[test]
fn posts_of_an_unknown_form_are_refused_by_name() {
    let dir = copy(&folder("format-2-posts-2"));
    let first = segments(dir.path()).remove(0);
    let mut bytes = std::fs::read(&first).unwrap();
    bytes[6] = 3;
    let crc = crc32fast::hash(&bytes[..HEADER - 4]).to_le_bytes();
    bytes[HEADER - 4..HEADER].copy_from_slice(&crc);
    std::fs::write(&first, bytes).unwrap();
    let error = Journal::open(dir.path(), options()).err().unwrap().to_string();
    assert!(
        error.contains("form 3") && error.contains("forms 1 to 2"),
        "{error}"
    );
}

#[test]
fn format_2_reads() {
    let dir = copy(&folder("format-2"));
    let journal = open_golden(dir.path(), &format_2());
    let forms = segments(dir.path());
    let forms: Vec<u8> = forms.iter().map(|path| std::fs::read(path).unwrap()[6]).collect();
    assert_eq!(forms, [1, 1, 1, 1, 2], "a segment has one form of posts");
    let want = MonitorSet {
        version: 3,
        monitors: vec![monitor("m1", 2), monitor("m3", 3)],
        lists: vec![list("l3", &["spam", "win a prize"])],
    };
    assert_eq!(journal.handle().monitors(), Some(want.clone()));
    assert_eq!(journal.handle().monitors_at(Position(9)).unwrap(), Some(want));
}
