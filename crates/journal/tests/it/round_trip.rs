//! What is appended is read back, through reopening and over segment borders.

use crate::support::{change, entries, key, list, monitor, monitors, open, options, post, segments};
use journal::{Batch, Cursor, Entry, Journal, MonitorChange, MonitorDef, MonitorSet, Options, Position};
use post::{AuthorKey, Counts};
use proptest::prelude::*;

fn any_entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        4 => (any::<u32>(), ".{0,40}", any::<bool>()).prop_map(|(n, text, author)| {
            let mut entry = post(u64::from(n));
            if let Entry::Post { post, identity } = &mut entry {
                identity.name = Some(text.clone());
                post.text = text;
                if !author {
                    post.author = None;
                    identity.author_id = None;
                }
            }
            entry
        }),
        1 => (any::<u64>(), any::<i64>()).prop_map(|(n, at)| Entry::Delete { key: key(n), at }),
        1 => (any::<[u8; 16]>(), any::<i64>())
            .prop_map(|(a, at)| Entry::AuthorGone { author: AuthorKey(a), at }),
        1 => (any::<u64>(), any::<Option<u64>>(), any::<i64>()).prop_map(|(n, likes, at)| {
            Entry::Engagement { key: key(n), counts: Counts { likes, ..Counts::default() }, at }
        }),
        1 => (any::<u64>(), ".{0,20}", any::<bool>()).prop_map(|(version, query, active)| {
            let monitor =
                MonitorDef { id: "m".into(), project: "p".into(), version: version as u32, query, active };
            Entry::MonitorSet(MonitorSet { version, monitors: vec![monitor], lists: vec![] })
        }),
        1 => (2u64..9).prop_map(|version| Entry::MonitorChange(change(version))),
    ]
}

fn any_batch() -> impl Strategy<Value = Batch> {
    let cursor = ("[a-c]", "[0-9]{1,16}").prop_map(|(source, value)| Cursor { source, value });
    (
        prop::collection::vec(cursor, 0..3),
        prop::collection::vec(any_entry(), 0..6),
        any::<i32>(),
    )
        .prop_map(|(cursors, entries, at)| Batch {
            cursors,
            entries,
            seen_at: i64::from(at),
        })
}

fn expected_cursors(batches: &[Batch]) -> Vec<(String, String)> {
    let all = batches
        .iter()
        .flat_map(|b| &b.cursors)
        .map(|c| (c.source.clone(), c.value.clone()));
    all.collect::<std::collections::BTreeMap<_, _>>()
        .into_iter()
        .collect()
}

fn cursors(journal: &Journal) -> Vec<(String, String)> {
    let mut all: Vec<_> = journal
        .cursors()
        .into_iter()
        .map(|c| (c.source, c.value))
        .collect();
    all.sort();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the batches, the segment size and the point of reopening.
    #[test]
    fn reads_back_what_was_appended(
        batches in prop::collection::vec(any_batch(), 1..10),
        segment_bytes in 200u64..4000,
        reopen_after in 0usize..10,
        from in 0u64..30,
    ) {
        let dir = tempfile::tempdir().unwrap();
        let options = Options { segment_bytes, ..options() };
        let mut journal = Journal::open(dir.path(), options.clone()).unwrap().0;
        let mut next = 0;
        for (index, batch) in batches.iter().enumerate() {
            if index == reopen_after {
                drop(journal);
                journal = Journal::open(dir.path(), options.clone()).unwrap().0;
            }
            let range = journal.append(batch).unwrap();
            prop_assert_eq!(range, Position(next)..Position(next + batch.entries.len() as u64));
            next += batch.entries.len() as u64;
        }
        let all: Vec<Entry> = batches.iter().flat_map(|b| b.entries.clone()).collect();
        let want: Vec<(u64, Entry)> = (0u64..).zip(all).skip(from as usize).collect();
        prop_assert_eq!(&entries(&journal, from), &want);
        prop_assert_eq!(cursors(&journal), expected_cursors(&batches));
        let before = journal.span();
        drop(journal);
        let (journal, recovery) = Journal::open(dir.path(), options).unwrap();
        prop_assert_eq!(recovery.cut, None);
        prop_assert_eq!(recovery.next, Position(next));
        prop_assert_eq!(entries(&journal, from), want);
        prop_assert_eq!(cursors(&journal), expected_cursors(&batches));
        prop_assert_eq!(journal.span(), before);
    }
}

#[test]
fn a_batch_without_anything_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    let before = journal.span();
    assert_eq!(
        journal.append(&Batch::default()).unwrap(),
        Position(0)..Position(0)
    );
    assert_eq!(journal.span(), before);
}

#[test]
fn the_monitor_set_in_force_is_known_at_every_position() {
    let dir = tempfile::tempdir().unwrap();
    let small = Options {
        segment_bytes: 1,
        ..options()
    };
    let mut journal = Journal::open(dir.path(), small.clone()).unwrap().0;
    let set = |v| Entry::MonitorSet(monitors(v));
    let put = |version, id| {
        Entry::MonitorChange(MonitorChange {
            version,
            put: vec![monitor(id, version)],
            ..MonitorChange::default()
        })
    };
    for entries in [
        vec![post(0)],
        vec![set(1), post(1), put(2, "m2"), post(2)],
        vec![post(3)],
        vec![put(3, "m1")],
        vec![set(4)],
    ] {
        journal
            .append(&Batch {
                entries,
                ..Batch::default()
            })
            .unwrap();
    }
    assert!(segments(dir.path()).len() >= 5);
    for reopened in [false, true] {
        if reopened {
            drop(journal);
            journal = Journal::open(dir.path(), small.clone()).unwrap().0;
        }
        let at = |p| {
            let set = journal.handle().monitors_at(Position(p)).unwrap();
            set.map(|s| {
                let monitors = s.monitors.iter().map(|m| format!("{}@{}", m.id, m.version));
                (s.version, monitors.collect::<Vec<_>>().join(" "))
            })
        };
        let seen: Vec<_> = (0..9).map(at).collect();
        let is = |version, monitors: &str| Some((version, monitors.to_owned()));
        assert_eq!(
            seen,
            [
                None,
                None,
                is(1, "m1@1"),
                is(1, "m1@1"),
                is(2, "m1@1 m2@2"),
                is(2, "m1@1 m2@2"),
                is(2, "m1@1 m2@2"),
                is(3, "m1@3 m2@2"),
                is(4, "m1@4")
            ]
        );
        assert_eq!(journal.handle().monitors(), Some(monitors(4)));
        assert_eq!(journal.handle().in_force_since("m1"), Some((Position(7), 0)));
        assert_eq!(journal.handle().in_force_since("m2"), None);
    }
}

fn any_set() -> impl Strategy<Value = MonitorSet> {
    let monitors = prop::collection::btree_map(0u8..6, 1u64..3, 0..6);
    let lists = prop::collection::btree_map(0u8..3, "[a-c]{1,2}", 0..3);
    (1u64..100, monitors, lists).prop_map(|(version, monitors, lists)| MonitorSet {
        version,
        monitors: monitors
            .into_iter()
            .map(|(n, v)| monitor(&format!("m{n}"), v))
            .collect(),
        lists: lists
            .into_iter()
            .map(|(n, term)| list(&format!("l{n}"), &[&term]))
            .collect(),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// The change from one set to another, journaled behind the one, puts the other in force.
    #[test]
    fn a_change_leads_from_one_set_to_another(from in any_set(), to in any_set()) {
        let dir = tempfile::tempdir().unwrap();
        let mut journal = open(dir.path());
        let change = from.change_to(&to);
        prop_assert_eq!(change.is_empty(), (&from.monitors, &from.lists) == (&to.monitors, &to.lists));
        let entries = vec![Entry::MonitorSet(from), Entry::MonitorChange(change)];
        journal.append(&Batch { entries, ..Batch::default() }).unwrap();
        prop_assert_eq!(journal.handle().monitors(), Some(to.clone()));
        drop(journal);
        prop_assert_eq!(open(dir.path()).handle().monitors(), Some(to));
    }
}

#[test]
fn positions_go_on_where_they_are_told_and_the_jump_survives_reopening() {
    let dir = tempfile::tempdir().unwrap();
    let mut journal = open(dir.path());
    journal.append(&crate::support::batch(0, 2)).unwrap();
    journal.advance_to(Position(1)).unwrap();
    assert_eq!(journal.next_position(), Position(2));
    journal.advance_to(Position(100)).unwrap();
    journal.append(&crate::support::batch(100, 1)).unwrap();
    drop(journal);
    let journal = open(dir.path());
    let positions: Vec<u64> = entries(&journal, 0).into_iter().map(|(p, _)| p).collect();
    assert_eq!(positions, [0, 1, 100]);
    assert_eq!(journal.next_position(), Position(101));
}
