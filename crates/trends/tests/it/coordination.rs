//! Coordination.

use trends::coordination::{Config, Coordination, Share, edges};
use trends::random::Random;
use trends::snapshot;

/// A day of people who share what they come across.
fn day(random: &mut Random) -> Vec<Share> {
    (0..20_000u64)
        .map(|post| Share {
            account: 100 + (2000f64.powf(random.share())) as u64,
            object: 1000 + (5000f64.powf(random.share())) as u64,
            post,
            at: (random.share() * 86_400.0) as i64,
        })
        .collect()
}

fn ring(random: &mut Random) -> Vec<Share> {
    let mut out = Vec::new();
    for link in 0..5u64 {
        let at = (random.share() * 80_000.0) as i64;
        for account in 0..8u64 {
            out.push(Share {
                account,
                object: 90_000 + link,
                post: 100_000 + link * 8 + account,
                at: at + account as i64,
            });
        }
    }
    out
}

#[test]
fn a_ring_is_found_and_a_crowd_is_none() {
    let mut random = Random::new(1);
    let mut state = Coordination::new(Config::default());
    for share in day(&mut random) {
        state.observe(share, 86_400);
    }
    let (_, rings) = state.clone().look(86_400);
    assert_eq!(rings, []);
    for share in ring(&mut random) {
        assert!(state.observe(share, 86_400));
        assert!(!state.observe(share, 86_400), "what comes twice counts once");
    }
    let mut again: Coordination = snapshot::read(&snapshot::write(&state).unwrap()).unwrap();
    let (found, rings) = state.look(86_400);
    assert_eq!(rings.len(), 1);
    assert_eq!(rings[0].accounts, (0..8).collect::<Vec<u64>>());
    assert_eq!(rings[0].objects, (90_000..90_005).collect::<Vec<u64>>());
    assert!(
        found
            .iter()
            .filter(|f| f.second < 8)
            .all(|f| f.objects.len() == 5)
    );
    assert_eq!((found, rings), again.look(86_400), "the same after a restart");
}

#[test]
fn old_and_future_shares_do_not_count() {
    let mut state = Coordination::new(Config::default());
    let share = |at| Share {
        account: 1,
        object: 2,
        post: at as u64,
        at,
    };
    assert!(!state.observe(share(1_000_000 - 2 * 86_400), 1_000_000));
    assert!(!state.observe(share(1_000_000 + 3600), 1_000_000));
    assert!(state.observe(share(1_000_000), 1_000_000));
}

#[test]
fn two_objects_are_no_habit() {
    let mut state = Coordination::new(Config::default());
    for share in ring(&mut Random::new(3))
        .into_iter()
        .filter(|s| s.object < 90_002)
    {
        state.observe(share, 86_400);
    }
    assert_eq!(state.look(86_400), (Vec::new(), Vec::new()));
}

#[test]
fn edges_follow_the_rules_of_coortweet() {
    let share = |account, object, post, at| Share {
        account,
        object,
        post,
        at,
    };
    let shares = [
        share(1, 50, 1, 0),
        share(2, 50, 2, 8),
        share(1, 51, 3, 100),
        share(2, 51, 4, 110),
        share(2, 51, 5, 111),
        // Eleven seconds apart, one account with one share, the same account twice.
        share(3, 50, 6, 19),
        share(4, 51, 7, 100),
        share(1, 52, 8, 0),
        share(1, 52, 9, 0),
    ];
    let found = edges(&shares, 10, 2);
    assert_eq!(found.len(), 1, "{found:?}");
    let edge = &found[0];
    assert_eq!((edge.first, edge.second, edge.weight), (1, 2, 2));
    assert_eq!(edge.objects, [50, 51]);
    assert_eq!(edge.apart, 9.0);
}
