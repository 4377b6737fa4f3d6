//! Automation.

use trends::automation::{Account, Post, Profile, Reason, Score, Verdict};
use trends::random::Random;
use trends::snapshot;

const DAY: i64 = 86_400;

fn score(account: &Account, profile: &Profile) -> Score {
    match account.score(profile, 60 * DAY) {
        Verdict::Scored(score) => score,
        Verdict::InsufficientEvidence => panic!("enough posts"),
    }
}

/// Someone who posts some times a day, at no fixed time, and sleeps.
fn person() -> Account {
    let (mut account, mut random) = (Account::new(), Random::new(1));
    for day in 40..60 {
        let mut times: Vec<i64> = (0..6)
            .map(|_| day * DAY + 8 * 3600 + (random.share() * 50_000.0) as i64)
            .collect();
        times.sort_unstable();
        for at in times {
            account.observe(&Post {
                at,
                links: u8::from(random.share() < 0.2),
                site: random.bits(),
                mentions: u8::from(random.share() < 0.4),
                ..Post::default()
            });
        }
    }
    account
}

/// A machine that posts the same link every ten minutes.
fn machine() -> Account {
    let mut account = Account::new();
    for i in 0..1500 {
        account.observe(&Post {
            at: 45 * DAY + i * 600,
            copies_self: true,
            links: 1,
            site: 7,
            ..Post::default()
        });
    }
    account
}

#[test]
fn a_machine_scores_high_with_its_reasons_and_a_person_low() {
    let low = score(&person(), &Profile::default());
    assert!(low.value < 0.2, "{low:?}");
    let high = score(&machine(), &Profile::default());
    assert!(
        high.value > 0.9 && high.low <= high.value && high.value <= high.high,
        "{high:?}"
    );
    let reasons: Vec<Reason> = high.reasons.iter().map(|(r, _)| *r).collect();
    for reason in [
        Reason::Regular,
        Reason::CopiesItself,
        Reason::OneSite,
        Reason::NoSleep,
    ] {
        assert!(reasons.contains(&reason), "{reason:?}: {reasons:?}");
    }
}

#[test]
fn who_says_it_is_a_machine_is_believed() {
    let declared = Profile {
        declared: true,
        ..Profile::default()
    };
    let score = score(&person(), &declared);
    assert!(score.value > 0.9 && score.reasons[0].0 == Reason::Declared);
}

#[test]
fn few_posts_and_old_posts_say_nothing() {
    let mut account = Account::new();
    for i in 0..4 {
        account.observe(&Post {
            at: 59 * DAY + i,
            copies_self: true,
            ..Post::default()
        });
    }
    assert_eq!(
        account.score(&Profile::default(), 60 * DAY),
        Verdict::InsufficientEvidence
    );
    assert_eq!(
        machine().score(&Profile::default(), 120 * DAY),
        Verdict::InsufficientEvidence
    );
}

#[test]
fn order_does_not_make_a_machine_and_snapshots_keep_all() {
    let mut account = person();
    // A back-fill of older posts, the newest first.
    for i in 0..200 {
        account.observe(&Post {
            at: 40 * DAY - i * 7001,
            ..Post::default()
        });
    }
    assert!(score(&account, &Profile::default()).value < 0.3);
    let again: Account = snapshot::read(&snapshot::write(&account).unwrap()).unwrap();
    assert_eq!(account, again);
    assert!(snapshot::write(&account).unwrap().len() < 256);
}
