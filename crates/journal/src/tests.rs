//! A disk that is full.
#![allow(clippy::unwrap_used)]

use crate::{Batch, Cursor, Entry, Journal, Options, Position};
use post::PostKey;

fn batch(n: u8) -> Batch {
    Batch {
        cursors: vec![Cursor {
            source: "a".into(),
            value: n.to_string(),
        }],
        entries: vec![
            Entry::Delete {
                key: PostKey([n; 16]),
                at: 0
            };
            3
        ],
        seen_at: i64::from(n),
    }
}

#[test]
fn a_full_disk_leaves_the_journal_as_it_was_and_the_batch_can_be_retried() {
    for space in 0..60 {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(dir.path(), Options::new([1; 32])).unwrap().0;
        journal.append(&batch(1)).unwrap();
        let before = journal.span();
        journal.space = Some(space);
        let error = journal.append(&batch(2)).unwrap_err();
        assert!(error.is_disk_full(), "{error}");
        assert_eq!(journal.span(), before);
        assert_eq!(journal.cursors()[0].value, "1");
        let file = journal.shared.segment_for(Position(0)).unwrap().path;
        assert_eq!(
            std::fs::metadata(file).unwrap().len(),
            before.bytes,
            "half a record stays"
        );
        assert_eq!(journal.reader(Position(0)).count(), 3);
        journal.space = None;
        assert_eq!(journal.append(&batch(3)).unwrap(), Position(3)..Position(6));
        drop(journal);
        let (journal, recovery) = Journal::open(dir.path(), Options::new([1; 32])).unwrap();
        assert_eq!((recovery.cut, recovery.next), (None, Position(6)));
        assert_eq!(journal.cursors()[0].value, "3");
    }
}
