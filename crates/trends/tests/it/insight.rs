//! Best times, drivers of sentiment, influence.

use proptest::prelude::*;
use trends::insight::{Judged, LEAST, Link, Posted, changed, drivers, received, times, total};
use trends::random::Random;

const HOUR: i64 = 3_600_000;
const WEEK: usize = 168;

/// Authors who post every hour for so many weeks, and meet with `engagement(author, hour of the week, chance)`.
fn stream(authors: u64, weeks: usize, engagement: impl Fn(u64, usize, f64) -> u64) -> Vec<Posted> {
    let mut random = Random::new(7);
    let mut posts = Vec::new();
    for author in 0..authors {
        for n in 0..weeks * WEEK {
            posts.push(Posted {
                author,
                at: n as i64 * HOUR,
                hour: (n % WEEK) as u16,
                engagement: engagement(author, n % WEEK, random.share()),
            });
        }
    }
    posts
}

#[test]
fn planted_hours_are_found_whatever_the_size_of_their_authors() {
    // Author 3 meets with a thousand times as much as author 0; from 18 to 20 o'clock everybody meets with twice as much.
    let is_best = |hour: usize| (18..20).contains(&(hour % 24));
    let posts = stream(4, 8, |author, hour, chance| {
        let base = 20.0 * 10f64.powi(author as i32) * (0.5 + chance);
        (if is_best(hour) { 2.0 * base } else { base }) as u64
    });
    let found = times(&posts, 4 * 7 * 24 * HOUR);
    assert_eq!(found.hours.len(), WEEK, "16 posts of every hour");
    assert_eq!((found.posts, found.without_history), (4 * 4 * 168, 0));
    let beyond = trends::peaks::accept(&found.hours.iter().map(|h| h.p).collect::<Vec<_>>(), 0.05);
    let mut others = 0;
    for (hour, beyond) in found.hours.iter().zip(beyond) {
        assert_eq!((hour.posts, hour.authors), (16, 4));
        assert!(beyond || !is_best(usize::from(hour.hour)), "{hour:?}");
        others += usize::from(beyond && !is_best(usize::from(hour.hour)));
        if is_best(usize::from(hour.hour)) {
            assert!(hour.ratio.low > 1.0 && hour.ratio.value < 2.2, "{hour:?}");
        }
    }
    // One in twenty of what is found may be chance.
    assert!(others <= 2, "{others}");
    assert!((0.95..1.2).contains(&found.usual), "{}", found.usual);
}

#[test]
fn hours_that_differ_by_chance_alone_are_drawn_together() {
    let posts = stream(3, 8, |_, _, chance| (100.0 * chance) as u64);
    let found = times(&posts, 4 * 7 * 24 * HOUR);
    let seen = found.hours.iter().map(|h| h.seen.ln().abs()).fold(0.0, f64::max);
    let drawn = found
        .hours
        .iter()
        .map(|h| (h.ratio.value / found.usual).ln().abs())
        .fold(0.0, f64::max);
    assert!(drawn < seen / 3.0, "{drawn} {seen}");
    let below: Vec<f64> = found.hours.iter().map(|h| h.p).collect();
    assert!(!trends::peaks::accept(&below, 0.05).contains(&true));
}

#[test]
fn the_ratio_is_that_of_the_formula() {
    // Three posts of 4 come before; each post of 9 is ln(10 ÷ 5).
    let mut posts: Vec<Posted> = (0..3)
        .map(|n| Posted {
            author: 1,
            at: n,
            hour: 0,
            engagement: 4,
        })
        .collect();
    for n in 0..LEAST as u64 {
        posts.extend((0..3).map(|k| Posted {
            author: 10 + n,
            at: k,
            hour: 0,
            engagement: 4,
        }));
        posts.push(Posted {
            author: 10 + n,
            at: HOUR,
            hour: 1,
            engagement: 9,
        });
    }
    let found = times(&posts, HOUR);
    assert_eq!(found.hours.len(), 1);
    assert!((found.hours[0].seen - 2.0).abs() < 1e-12, "{found:?}");
    // Nine are too few.
    assert!(times(&posts[..posts.len() - 4], HOUR).hours.is_empty());
    // What lies more than thirty days back is forgotten.
    let late: Vec<Posted> = posts
        .iter()
        .map(|p| {
            if p.hour == 1 {
                Posted {
                    at: 31 * 24 * HOUR,
                    ..*p
                }
            } else {
                *p
            }
        })
        .collect();
    assert_eq!(times(&late, HOUR).without_history, LEAST as u64);
}

fn judged(author: u64, score: i8, keys: u64) -> Judged {
    Judged { author, score, keys }
}

#[test]
fn what_a_subject_adds_is_its_share_times_its_distance() {
    // 40 posts speak of the battery, 30 badly; 60 do not, 30 of them well.
    let posts: Vec<Judged> = (0..100u64)
        .map(|n| match n {
            0..30 => judged(n, -1, 1),
            30..40 => judged(n, 1, 1),
            40..70 => judged(n, 1, 0),
            _ => judged(n, 0, 0),
        })
        .collect();
    let found = drivers(&posts, &[], 1);
    let battery = found.drivers[0];
    // 0.4 × (−0.5 − 0.5).
    let adds = battery.adds.unwrap();
    assert!(
        (adds.value + 0.4).abs() < 1e-12 && adds.low < -0.4 && adds.high > -0.4 && adds.high < 0.0,
        "{adds:?}"
    );
    assert_eq!(
        (battery.posts[0], battery.net[0], found.drivers[1].posts[0]),
        (40, Some(-0.5), 60)
    );
    assert!(battery.adds_p.unwrap() < 0.001);
    assert_eq!((found.change, battery.part), (None, None));
    // Said by one author alone, nothing is sure.
    let one: Vec<Judged> = posts
        .iter()
        .map(|p| {
            if p.keys == 1 {
                Judged { author: 1000, ..*p }
            } else {
                *p
            }
        })
        .collect();
    let wide = drivers(&one, &[], 1).drivers[0].adds.unwrap();
    assert!(wide.high - wide.low > 3.0 * (adds.high - adds.low), "{wide:?}");
}

#[test]
fn intervals_hold_the_truth_nineteen_times_in_twenty() {
    // Two subjects; the truth of the first part by a large sample.
    let draw = |random: &mut Random, n: usize, shift: f64| -> Vec<Judged> {
        (0..n)
            .map(|i| {
                let keys = (random.share() * 4.0) as u64;
                let up = if keys & 1 == 1 { 0.3 + shift } else { 0.5 };
                let score = if random.share() < up { 1 } else { -1 };
                judged(i as u64, score, keys)
            })
            .collect()
    };
    let mut random = Random::new(3);
    let (big, past) = (draw(&mut random, 400_000, 0.1), draw(&mut random, 400_000, 0.0));
    let truth = drivers(&big, &past, 2).drivers[0];
    let (mut adds, mut part) = (0, 0);
    for _ in 0..400 {
        let (now, before) = (draw(&mut random, 400, 0.1), draw(&mut random, 400, 0.0));
        let found = drivers(&now, &before, 2).drivers[0];
        let holds =
            |e: trends::Estimate, t: trends::Estimate| usize::from(e.low <= t.value && t.value <= e.high);
        adds += holds(found.adds.unwrap(), truth.adds.unwrap());
        part += holds(found.part.unwrap(), truth.part.unwrap());
    }
    assert!(
        (370..=394).contains(&adds) && (370..=394).contains(&part),
        "{adds} {part} of 400"
    );
}

#[test]
fn few_posts_are_counted_and_say_nothing() {
    let posts: Vec<Judged> = (0..29).map(|n| judged(n, 1, 1)).collect();
    let found = drivers(&posts, &posts, 1);
    assert_eq!(
        (found.posts, found.net, found.change),
        ([29, 29], [None, None], None)
    );
    assert_eq!(
        (
            found.drivers[0].posts,
            found.drivers[0].adds,
            found.drivers[0].part
        ),
        ([29, 29], None, None)
    );
}

proptest! {
    #[test]
    fn parts_add_up_to_the_change(
        now in prop::collection::vec((0u64..50, -1i8..=1, 0u64..16), 30..200),
        before in prop::collection::vec((0u64..50, -1i8..=1, 0u64..16), 30..200),
    ) {
        let of = |list: &[(u64, i8, u64)]| -> Vec<Judged> { list.iter().map(|(a, s, k)| judged(*a, *s, *k)).collect() };
        let found = drivers(&of(&now), &of(&before), 4);
        let sum: f64 = found.drivers.iter().filter_map(|d| d.part).map(|p| p.value).sum();
        let change = found.change.unwrap();
        prop_assert!((sum - change.value).abs() < 1e-9, "{} {}", sum, change.value);
        for driver in &found.drivers {
            let part = driver.part.is_none_or(|p| p.low <= p.value && p.value <= p.high);
            prop_assert!(part && (0.0..=1.0).contains(&driver.share));
        }
    }

    #[test]
    fn attention_is_neither_made_nor_lost(
        links in prop::collection::vec((0u64..20, 0u64..20, 0u64..40), 1..120),
    ) {
        let links: Vec<Link> = links.into_iter().map(|(from, to, object)| Link { from, to, object }).collect();
        let found = received(&links);
        prop_assume!(!found.is_empty());
        prop_assert!((found.iter().map(|r| r.rank).sum::<f64>() - 1.0).abs() < 1e-9);
        let twice: Vec<Link> = links.iter().chain(&links).copied().collect();
        prop_assert_eq!(received(&twice), found.clone());
        for one in &found {
            prop_assert!(one.people <= one.times && one.posts <= one.times.max(one.posts));
        }
    }

    #[test]
    fn ratios_are_finite_and_within_their_intervals(
        posts in prop::collection::vec((0u64..4, 0i64..60, 0u16..4, 0u64..1000), 0..300),
    ) {
        let posts: Vec<Posted> = posts
            .into_iter()
            .map(|(author, day, hour, engagement)| Posted { author, at: day * 24 * HOUR, hour, engagement })
            .collect();
        for hour in times(&posts, 0).hours {
            let e = hour.ratio;
            prop_assert!(e.low <= e.value && e.value <= e.high && e.high.is_finite() && e.low > 0.0);
            prop_assert!(hour.posts as usize >= LEAST && (0.0..=1.0).contains(&hour.p));
        }
    }
}

#[test]
fn ranks_are_those_of_a_known_graph() {
    // B and C answer A, C answers B, A answers nobody: solved by hand with d = .85.
    // a = .05 + .85 (b + c/2 + a/3), b = .05 + .85 (c/2 + a/3), c = .05 + .85 a/3.
    let link = |from, to, object| Link { from, to, object };
    let found = received(&[link(2, 1, 10), link(3, 1, 10), link(3, 2, 20), link(1, 1, 10)]);
    let rank: Vec<f64> = found.iter().map(|r| r.rank).collect();
    let (a, b, c) = (rank[0], rank[1], rank[2]);
    for (got, wanted) in [
        (a, 0.05 + 0.85 * (b + c / 2.0 + a / 3.0)),
        (b, 0.05 + 0.85 * (c / 2.0 + a / 3.0)),
        (c, 0.05 + 0.85 * a / 3.0),
    ] {
        assert!((got - wanted).abs() < 1e-9, "{rank:?}");
    }
    assert_eq!((found[0].people, found[0].times, found[0].posts), (2, 2, 1));
    assert_eq!((found[2].people, found[2].times), (0, 0));
    // A thousand answers of one account are one voice.
    let mut many: Vec<Link> = (0..1000).map(|n| link(9, 8, n)).collect();
    many.extend((0..5).map(|n| link(20 + n, 7, 5000)));
    let found = received(&many);
    let of = |author: u64| found.iter().find(|r| r.author == author).unwrap();
    assert!(of(7).rank > 2.0 * of(8).rank && of(8).people == 1 && of(7).people == 5);
}

#[test]
fn a_change_is_held_against_how_much_days_differ_anyway() {
    let steady = changed(&[100; 7], &[130; 7]).unwrap();
    assert!((steady.ratio.value - 1.3).abs() < 1e-12 && steady.dispersion == 1.0);
    // √(1/700.5 + 1/910.5) × 1.96 = 0.0985 on the logarithm.
    assert!(
        (steady.ratio.low - 1.3 * (-0.0985f64).exp()).abs() < 2e-3 && steady.p < 1e-4,
        "{steady:?}"
    );
    let bursts = changed(&[20, 20, 20, 20, 20, 20, 580], &[30, 30, 30, 30, 30, 30, 730]).unwrap();
    assert!(
        bursts.dispersion > 50.0 && bursts.ratio.low < 1.0 && bursts.p > 0.3,
        "{bursts:?}"
    );
    // Per day: half a week with half the posts is no change.
    assert!((changed(&[100; 8], &[100; 4]).unwrap().ratio.value - 1.0).abs() < 1e-12);
    assert_eq!(changed(&[0; 7], &[50; 7]), None);
    assert_eq!(changed(&[1; 4], &[1; 4]), None);
    let sum = total(&[100; 7]);
    assert!((sum.value - 700.0).abs() < 1e-9 && (sum.high - 700.0 - 1.96 * 700f64.sqrt()).abs() < 0.01);
}
