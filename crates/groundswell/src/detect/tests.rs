//! What happens to a stream must not look like what happens in it.
#![allow(clippy::unwrap_used)]

use super::finding::{Detail, Finding, FindingKind, Metric};
use super::heard::{Coverage, Heard};
use super::settings::Sensitivity;
use super::state::{InForce, Walked};
use super::walk::Reading;
use super::watch::bins;
use super::{BIN, DAY, keep};
use crate::control::HeardSlot;
use crate::policy::Gate;
use post::{Author, AuthorKey, Counts, Event, Kind, MentionId, Post, PostKey};
use std::collections::{BTreeMap, BTreeSet};
use store::{Mention, Scores, Sentiment};
use trends::random::Random;

/// A Monday.
const BEGIN: i64 = 1_767_571_200;
const DAYS: i64 = 5;

pub(in crate::detect) fn mention(n: u64, at: i64, author: u64, text: &str, monitor: &str) -> Mention {
    let key = (u128::from(trends::hash::mix(n)) << 64 | u128::from(n)).to_be_bytes();
    let author = (u128::from(trends::hash::mix(author)) << 64 | u128::from(author)).to_be_bytes();
    Mention {
        id: MentionId(key),
        project: "default".to_owned(),
        monitor: monitor.to_owned(),
        monitor_version: 1,
        primary: true,
        post: Post {
            key: PostKey(key),
            platform: "bluesky".to_owned(),
            event: Event::Create,
            kind: Kind::Post,
            created_at: at * 1000,
            seen_at: at * 1000 + 2_000,
            edited_at: None,
            author: Some(Author {
                key: AuthorKey(author),
                handle_token: None,
                public_handle: None,
                public_name: None,
                followers: None,
                verified: None,
                bot: None,
            }),
            title: None,
            text: text.to_owned(),
            content_warning: None,
            lang_claimed: Vec::new(),
            lang: None,
            community: None,
            reply_to: None,
            thread_root: None,
            repost_of: None,
            quote_of: None,
            hashtags: Vec::new(),
            mentions: Vec::new(),
            urls: Vec::new(),
            media: Vec::new(),
            counts: Counts::default(),
            place: None,
            utc_offset: None,
            quoted_text: None,
            sensitive: None,
            indexable: None,
        },
        lang: "en".to_owned(),
        sentiment: Some(Sentiment {
            probabilities: if trends::hash::mix(n).is_multiple_of(4) {
                [0.8, 0.1, 0.1]
            } else {
                [0.1, 0.8, 0.1]
            },
            model: "m@1".to_owned(),
            is_toward: false,
        }),
        scores: Scores::default(),
        group: None,
        topic: None,
    }
}

/// A quiet stream of some mentions a bin, by the hour of the day, the oldest first.
fn quiet(monitor: &str, seed: u64) -> Vec<Mention> {
    let mut random = Random::new(seed);
    let words = [
        "tea", "train", "river", "moon", "kettle", "garden", "paper", "window",
    ];
    let mut all = Vec::new();
    for bin in 0..DAYS * DAY / BIN {
        let at = BEGIN + bin * BIN;
        let hour = (at.rem_euclid(DAY) / 3_600) as f64;
        let mean = 3.0 + 2.0 * (hour / 24.0 * std::f64::consts::TAU).sin();
        // A Poisson count by Knuth's product of shares.
        let (mut n, mut product) = (0u64, random.share());
        while product > (-mean).exp() {
            n += 1;
            product *= random.share();
        }
        for i in 0..n {
            let number = seed * 10_000_000 + bin as u64 * 1_000 + i;
            let word = |r: f64| words[(r * 8.0) as usize % 8];
            let text = format!("{} and {} {number}", word(random.share()), word(random.share()));
            let author = seed * 100_000 + (random.share() * 3_000.0) as u64;
            all.push(mention(number, at + (i as i64 * 7) % BIN, author, &text, monitor));
        }
    }
    all.sort_by_key(|m| m.post.created_at);
    all
}

/// A burst of an hour, four days in.
fn burst(monitor: &str) -> Vec<Mention> {
    let begin = BEGIN + 4 * DAY + 10 * 3_600;
    (0..400)
        .map(|i| {
            let text = format!("the boiler recall is a disgrace {}", i * 31);
            mention(
                900_000_000 + i as u64,
                begin + i * 9,
                800_000 + i as u64,
                &text,
                monitor,
            )
        })
        .collect()
}

fn sorted(mut mentions: Vec<Mention>) -> Vec<Mention> {
    mentions.sort_by_key(|m| m.post.created_at);
    mentions
}

fn fresh(monitors: &[&str], at: i64) -> Walked {
    Walked::new("k", at, &in_force(monitors, 1, at))
}

fn in_force(monitors: &[&str], version: u32, begin: i64) -> BTreeMap<String, InForce> {
    let now = InForce { version, begin };
    monitors.iter().map(|m| ((*m).to_owned(), now)).collect()
}

/// Walks from the cursor up to `until`, all of it long past or not.
fn walk(
    walked: &mut Walked,
    all: &[Mention],
    until: i64,
    now: i64,
    heard: &dyn Fn(i64) -> Heard,
) -> Vec<Finding> {
    let from = walked.cursor * 1000;
    let begin = all.partition_point(|m| m.post.created_at < from);
    let end = all.partition_point(|m| m.post.created_at < until * 1000);
    let (gate, sensitivity) = (Gate::default(), Sensitivity::default());
    let by = Reading {
        project: "default",
        gate: &gate,
        sensitivity: &sensitivity,
        now,
    };
    bins(walked, &all[begin..end.max(begin)], until, heard, &by)
}

const END: i64 = BEGIN + DAYS * DAY;

fn series(findings: &[Finding]) -> Vec<(FindingKind, Metric)> {
    let of = |f: &Finding| match f.detail {
        Detail::Series { metric, .. } => Some((f.kind, metric)),
        _ => None,
    };
    let all: BTreeSet<_> = findings.iter().filter_map(of).collect();
    all.into_iter().collect()
}

#[test]
fn a_burst_is_found_with_its_words_and_its_size() {
    let all = sorted([quiet("m", 1), burst("m")].concat());
    let found = walk(&mut fresh(&["m"], BEGIN), &all, END, END, &|_| Heard::Yes);
    let peaks: Vec<&Finding> = found
        .iter()
        .filter(|f| {
            matches!(
                f.detail,
                Detail::Series {
                    metric: Metric::Mentions,
                    ..
                }
            )
        })
        .collect();
    let ids: BTreeSet<&str> = peaks.iter().map(|f| &*f.id).collect();
    assert_eq!(ids.len(), 1, "one burst is one finding, which grows: {ids:?}");
    let last = peaks.last().unwrap();
    let begin = (BEGIN + 4 * DAY + 10 * 3_600) * 1000;
    assert!(
        (last.from - begin).abs() <= 2 * BIN * 1000,
        "{} {begin}",
        last.from
    );
    assert!((last.until - begin - 3_600_000).abs() <= 4 * BIN * 1000);
    let Detail::Series { value, expected, .. } = last.detail else {
        unreachable!()
    };
    assert!(value > 380.0 && expected < 120.0, "{value} {expected}");
    assert!(last.is_past);
    let trend = found.iter().find_map(|f| match &f.detail {
        Detail::Terms { terms, .. } => Some(terms),
        _ => None,
    });
    assert!(
        trend.unwrap().iter().any(|t| t.text.contains("recall")),
        "{trend:?}"
    );
}

#[test]
fn a_quiet_stream_a_gap_and_a_pause_of_the_clock_are_no_news() {
    let all = quiet("m", 2);
    let found = walk(&mut fresh(&["m"], BEGIN), &all, END, END, &|_| Heard::Yes);
    assert_eq!(series(&found), []);

    // A day in which nobody listened: neither the silence nor the return is news.
    let gap = BEGIN + 3 * DAY..BEGIN + 4 * DAY;
    let lost: Vec<Mention> = all
        .iter()
        .filter(|m| !gap.contains(&(m.post.created_at / 1000)))
        .cloned()
        .collect();
    let heard = |at: i64| if gap.contains(&at) { Heard::Gap } else { Heard::Yes };
    let found = walk(&mut fresh(&["m"], BEGIN), &lost, END, END, &heard);
    assert_eq!(series(&found), []);

    // The same day where somebody did: told once, and the return is no peak.
    let found = walk(&mut fresh(&["m"], BEGIN), &lost, END, END, &|_| Heard::Yes);
    assert_eq!(series(&found), [(FindingKind::Silence, Metric::Mentions)]);
    let ids: BTreeSet<&str> = found.iter().map(|f| &*f.id).collect();
    assert_eq!(ids.len(), 1);
    // And where it is not known whether somebody did, nothing is said.
    let found = walk(&mut fresh(&["m"], BEGIN), &lost, END, END, &|_| Heard::Unmeasured);
    assert_eq!(series(&found), []);
}

#[test]
fn a_restart_in_mid_burst_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let all = sorted([quiet("m", 3), burst("m")].concat());
    let whole = walk(&mut fresh(&["m"], BEGIN), &all, END, END, &|_| Heard::Yes);

    let middle = BEGIN + 4 * DAY + 10 * 3_600 + 1_800;
    let mut walked = fresh(&["m"], BEGIN);
    let mut found = walk(&mut walked, &all, middle, END, &|_| Heard::Yes);
    keep::save(folder.path(), "default", &walked).unwrap();
    // What was read after the last writing is read again.
    found.extend(walk(&mut walked, &all, middle + 3 * BIN, END, &|_| Heard::Yes));
    let mut again = keep::load(folder.path(), "default", "k").unwrap();
    found.extend(walk(&mut again, &all, END, END, &|_| Heard::Yes));

    let last = |found: &[Finding]| -> BTreeMap<String, Finding> {
        found.iter().map(|f| (f.id.clone(), f.clone())).collect()
    };
    assert_eq!(last(&found), last(&whole));
}

#[test]
fn what_cannot_be_read_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let walked = fresh(&["m"], BEGIN);
    keep::save(folder.path(), "default", &walked).unwrap();
    assert!(keep::load(folder.path(), "default", "other keys").is_none());
    assert!(
        keep::load(folder.path(), "default", "k").is_none(),
        "it was set aside"
    );
    keep::save(folder.path(), "default", &walked).unwrap();
    let file = folder.path().join("detect/default.state");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes.truncate(bytes.len() / 2);
    std::fs::write(&file, bytes).unwrap();
    assert!(keep::load(folder.path(), "default", "k").is_none());
    assert!(file.with_extension("aside").exists());
}

#[test]
fn an_edited_monitor_and_a_new_one_begin_with_nothing_to_compare() {
    let (first, second) = (quiet("m", 4), quiet("wide", 5));
    let middle = BEGIN + 3 * DAY + 4_000;
    // From the middle on the query brings ten times as much, and another monitor begins to bring something.
    let mut all = first.clone();
    for (n, m) in first
        .iter()
        .filter(|m| m.post.created_at >= middle * 1000)
        .enumerate()
    {
        for copy in 0..9 {
            let number = 500_000_000 + n as u64 * 10 + copy;
            let text = format!("more of it {number}");
            all.push(mention(
                number,
                m.post.created_at / 1000,
                600_000 + number % 2_000,
                &text,
                "m",
            ));
        }
    }
    all.extend(second.into_iter().filter(|m| m.post.created_at >= middle * 1000));
    let all = sorted(all);
    let mut walked = fresh(&["m"], BEGIN);
    let mut found = walk(&mut walked, &all, middle.div_euclid(BIN) * BIN, END, &|_| {
        Heard::Yes
    });
    let mut now = in_force(&["m"], 2, middle);
    now.extend(in_force(&["wide"], 1, middle));
    assert!(walked.follow(&now));
    found.extend(walk(&mut walked, &all, END, END, &|_| Heard::Yes));
    assert_eq!(series(&found), []);
}

#[test]
fn posts_that_come_out_of_order_twice_or_a_month_late_change_nothing() {
    // Bins are read from what the store holds once they are closed, in order of time, each post once; what comes later
    // belongs to bins that were read.
    let all = quiet("m", 6);
    let mut walked = fresh(&["m"], BEGIN);
    let quietly = walk(&mut walked, &all, BEGIN + 4 * DAY, END, &|_| Heard::Yes);
    let month: Vec<Mention> = (0..20_000)
        .map(|i| {
            mention(
                700_000_000 + i as u64,
                BEGIN - 30 * DAY + i * 100,
                i as u64,
                "long ago",
                "m",
            )
        })
        .collect();
    let filled = sorted([all.clone(), month].concat());
    let found = walk(&mut walked, &filled, END, END, &|_| Heard::Yes);
    assert_eq!(series(&[quietly, found].concat()), []);
    // The walk from the beginning that follows finds nothing either, though it begins a month before.
    let begin = (BEGIN - 30 * DAY).div_euclid(BIN) * BIN;
    let found = walk(&mut fresh(&["m"], begin), &filled, END, END, &|_| {
        Heard::Unmeasured
    });
    let late = |f: &&Finding| f.until > BEGIN * 1000 + DAY * 1000;
    assert_eq!(
        series(&found.iter().filter(late).cloned().collect::<Vec<_>>()),
        []
    );
}

#[test]
fn a_clock_that_jumps_ahead_reads_unknown_bins_and_not_empty_ones() {
    let all = quiet("m", 7);
    let mut walked = fresh(&["m"], BEGIN);
    let mut found = walk(&mut walked, &all, END, END, &|_| Heard::Yes);
    // Two days ahead: nothing was heard there. (Set back, the project is walked again from its beginning.)
    found.extend(walk(&mut walked, &all, END + 2 * DAY, END, &|_| Heard::Gap));
    assert_eq!(series(&found), []);
}

#[test]
fn accounts_that_share_the_same_within_moments_are_one_ring() {
    let mut all = quiet("m", 8);
    for object in 0..5i64 {
        for account in 0..8i64 {
            let at = BEGIN + 4 * DAY + object * 2_000 + account;
            let number = 950_000_000 + (object * 10 + account) as u64;
            let text = format!("look at what they wrote about us in issue {object}");
            let mut m = mention(number, at, 40_000_000 + account as u64, &text, "m");
            m.post.urls = vec![format!("https://news.example/{object}")];
            all.push(m);
        }
    }
    let found = walk(&mut fresh(&["m"], BEGIN), &sorted(all), END, END, &|_| Heard::Yes);
    let rings: Vec<&Finding> = found
        .iter()
        .filter(|f| f.kind == FindingKind::Coordination)
        .collect();
    let ids: BTreeSet<&str> = rings.iter().map(|f| &*f.id).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    let Detail::Shares {
        accounts,
        objects,
        mentions,
        ..
    } = &rings.last().unwrap().detail
    else {
        unreachable!()
    };
    assert_eq!(accounts.len(), 8);
    assert!(
        *objects >= 5 && mentions.len() >= 10,
        "{objects} {}",
        mentions.len()
    );
}

#[test]
fn a_gap_of_a_source_that_matters_is_a_gap() {
    let slot = |source: &str, minute: i64, seen: u64, live: i64| HeardSlot {
        source: source.to_owned(),
        at: (BEGIN + minute * 60) * 1000,
        width: 60_000,
        seen,
        live,
    };
    let of = |live: i64, other: u64| {
        let mut slots: Vec<HeardSlot> = (0..60).map(|m| slot("big", m, 100, 60_000)).collect();
        slots.extend((60..65).map(|m| slot("big", m, 0, live)));
        slots.extend((0..65).map(|m| slot("other", m, other, 0)));
        Coverage::new(slots).of(BEGIN + 3_600)
    };
    assert_eq!(
        of(60_000, 1),
        Heard::Yes,
        "a source that brings one in a hundred does not matter"
    );
    assert_eq!(of(60_000, 50), Heard::Gap);
    assert_eq!(of(0, 1), Heard::Gap);
    assert_eq!(Coverage::new(Vec::new()).of(BEGIN), Heard::Unmeasured);
}

#[test]
fn ten_thousand_monitors_fit_into_a_hundred_megabytes() {
    let mut walked = fresh(&[], BEGIN);
    let names: Vec<String> = (0..200).map(|n| format!("m_{n:016}")).collect();
    let names: Vec<&str> = names.iter().map(|n| &**n).collect();
    let before = trends::snapshot::write(&walked).unwrap().len();
    walked.follow(&in_force(&names, 1, BEGIN));
    let all: Vec<Mention> = (0..200)
        .map(|n| mention(n, BEGIN, n, "tea", &format!("m_{n:016}")))
        .collect();
    walk(&mut walked, &all, BEGIN + 30 * BIN, BEGIN, &|_| Heard::Yes);
    // The form on disk is a little smaller than that in memory, which has no pointers to pay for in it.
    let each = (trends::snapshot::write(&walked).unwrap().len() - before) / 200;
    assert!(each < 6_000, "{each} bytes for each monitor");
}

#[test]
fn the_first_mentions_of_a_monitor_that_was_silent_from_its_beginning_are_a_peak() {
    let all = sorted([quiet("other", 21), burst("m")].concat());
    let of_m = |found: Vec<Finding>| {
        let of: Vec<Finding> = found
            .into_iter()
            .filter(|f| f.monitor.as_deref() == Some("m"))
            .collect();
        series(&of)
    };
    let peaks = [
        (FindingKind::Peak, Metric::Mentions),
        (FindingKind::Peak, Metric::NewAuthors),
    ];
    // Whether somebody listened is known, or others of the project were mentioned meanwhile.
    for heard in [Heard::Yes, Heard::Unmeasured] {
        let found = walk(&mut fresh(&["m", "other"], BEGIN), &all, END, END, &|_| heard);
        assert_eq!(of_m(found), peaks, "{heard:?}");
    }
    // Nobody listened before: what comes first is no news.
    let found = walk(&mut fresh(&["m", "other"], BEGIN), &all, END, END, &|_| {
        Heard::Gap
    });
    assert_eq!(of_m(found), []);
    // A monitor that was made two hours before knows nothing of the days before it.
    let mut young = fresh(&["other"], BEGIN);
    let made = BEGIN + 4 * DAY + 8 * 3_600;
    let mut found = walk(&mut young, &all, made, END, &|_| Heard::Yes);
    let mut now = in_force(&["other"], 1, BEGIN);
    now.extend(in_force(&["m"], 1, made));
    young.follow(&now);
    found.extend(walk(&mut young, &all, END, END, &|_| Heard::Yes));
    assert_eq!(of_m(found), []);
}

#[test]
fn rare_monitors_that_begin_with_silence_alarm_no_more_often_than_is_asked() {
    // 200 monitors of one mention in half a day to a fortnight, asked for 0.1 false alarms a week.
    let (monitors, days) = (200u64, 18);
    let names: Vec<String> = (0..monitors).map(|n| format!("m{n}")).collect();
    let names: Vec<&str> = names.iter().map(|n| &**n).collect();
    let mut random = Random::new(77);
    let mut all = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let mean = [0.00025, 0.0005, 0.002, 0.007][n % 4];
        for bin in 0..days * DAY / BIN {
            if random.share() < mean {
                let number = n as u64 * 100_000 + bin as u64;
                all.push(mention(
                    number,
                    BEGIN + bin * BIN,
                    number,
                    &format!("tea {number}"),
                    name,
                ));
            }
        }
    }
    let end = BEGIN + days * DAY;
    let found = walk(&mut fresh(&names, BEGIN), &sorted(all), end, end, &|_| Heard::Yes);
    let alarmed: BTreeSet<(&str, &str)> = found
        .iter()
        .filter(|f| f.kind == FindingKind::Peak)
        .filter_map(|f| Some((f.monitor.as_deref()?, &*f.id)))
        .collect();
    // Mentions and new authors of 200 monitors over 16 days: 91 are asked for.
    assert!(alarmed.len() <= 91, "{} alarms", alarmed.len());
}
