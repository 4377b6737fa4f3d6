#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

const ONE: Load = Load {
    entries: 1,
    bytes: 10,
};

fn ledger() -> Ledger {
    let ledger = Ledger::default();
    ledger.assign(&[0]);
    ledger
}

proptest! {
    /// Whatever the order of the acknowledgements, what is committed is the longest prefix without a gap.
    #[test]
    fn committed_is_the_prefix_without_a_gap(
        lengths in proptest::collection::vec(1_i64..5, 1..20),
        order in proptest::collection::vec(any::<u32>(), 20),
    ) {
        let ledger = ledger();
        let mut next = 7;
        let mut ranges = Vec::new();
        for length in lengths {
            ranges.push(ledger.hand_out(0, next, next + length, ONE).unwrap());
            next += length;
        }
        let mut by_chance: Vec<usize> = (0..ranges.len()).collect();
        by_chance.sort_by_key(|i| order[*i]);
        let mut done = vec![false; ranges.len()];
        let mut committed = 7;
        for index in by_chance {
            ledger.acknowledge(&ranges[index]).unwrap();
            done[index] = true;
            let gap = done.iter().position(|d| !d).unwrap_or(done.len());
            let want = ranges.get(gap).map_or(next, |range| range.first);
            for (_, offset) in ledger.to_commit() {
                prop_assert!(offset > committed, "told twice, or backwards");
                committed = offset;
            }
            prop_assert_eq!(committed, want);
        }
        prop_assert_eq!(ledger.load(), Load::default());
    }
}

#[test]
fn nothing_is_acknowledged_twice() {
    let ledger = ledger();
    let range = ledger.hand_out(0, 0, 3, ONE).unwrap();
    ledger.acknowledge(&range).unwrap();
    assert_eq!(ledger.acknowledge(&range), Err(NotInFlight::Unknown(range)));
    let later = ledger.hand_out(0, 3, 5, ONE).unwrap();
    let other = Range { end: 4, ..later };
    assert_eq!(ledger.acknowledge(&other), Err(NotInFlight::Unknown(other)));
}

#[test]
fn a_range_of_an_earlier_tenure_is_refused_though_the_partition_came_back() {
    let ledger = ledger();
    let old = ledger.hand_out(0, 0, 3, ONE).unwrap();
    assert_eq!(ledger.revoke(&[0]), ONE);
    assert_eq!(ledger.load(), Load::default());
    ledger.assign(&[0]);
    let again = ledger.hand_out(0, 0, 3, ONE).unwrap();
    assert_eq!(ledger.acknowledge(&old), Err(NotInFlight::Revoked(0)));
    ledger.acknowledge(&again).unwrap();
    assert_eq!(ledger.to_commit(), [(0, 3)]);
}

#[test]
fn offsets_that_compaction_took_leave_no_gap() {
    let ledger = ledger();
    let first = ledger.hand_out(0, 0, 3, ONE).unwrap();
    let second = ledger.hand_out(0, 8, 9, ONE).unwrap();
    assert_eq!((second.first, second.end), (3, 9));
    ledger.acknowledge(&second).unwrap();
    assert!(ledger.to_commit().is_empty());
    ledger.acknowledge(&first).unwrap();
    assert_eq!(ledger.to_commit(), [(0, 9)]);
}

#[test]
fn a_commit_that_did_not_arrive_is_told_of_again() {
    let ledger = ledger();
    let range = ledger.hand_out(0, 0, 3, ONE).unwrap();
    assert!(ledger.unconfirmed(&[0]).is_empty());
    ledger.acknowledge(&range).unwrap();
    assert_eq!(ledger.to_commit(), [(0, 3)]);
    assert!(ledger.to_commit().is_empty());
    assert_eq!(ledger.to_confirm(), [0]);
    assert_eq!(ledger.unconfirmed(&[0, 1]), [(0, 3)]);
    ledger.confirm(0, None);
    assert_eq!(ledger.to_commit(), [(0, 3)]);
    ledger.confirm(0, Some(3));
    assert!(ledger.to_commit().is_empty() && ledger.to_confirm().is_empty());
    assert!(ledger.unconfirmed(&[0]).is_empty());
}

#[test]
fn lag_counts_what_is_kept_and_not_acknowledged() {
    let ledger = ledger();
    assert!(ledger.lag().is_empty());
    ledger.resumes(0, 4);
    ledger.note_ends(0, 2, 10);
    assert_eq!((ledger.lag()[0].records(), ledger.lag()[0].lost()), (6, 0));
    ledger.note_ends(0, 7, 10);
    assert_eq!((ledger.lag()[0].records(), ledger.lag()[0].lost()), (3, 3));
}
