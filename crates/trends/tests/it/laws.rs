//! Laws that hold for any input.

use proptest::prelude::*;
use trends::coordination::{Share, edges};
use trends::explain::{Item, explain};
use trends::peaks::{Config, Direction, Scale, Series, accept};
use trends::sketches::{Counts, Seen};
use trends::tails::{negative_binomial, poisson};
use trends::terms::Terms;

proptest! {
    #[test]
    fn a_sketch_never_counts_too_few(keys in prop::collection::vec(0u64..500, 0..400)) {
        let mut counts = Counts::new(64);
        for key in &keys {
            counts.add(*key, 1.0);
        }
        for key in 0..500u64 {
            let true_count = keys.iter().filter(|k| **k == key).count() as f32;
            prop_assert!(counts.get(key) >= true_count);
        }
    }

    #[test]
    fn what_was_seen_is_never_new(keys in prop::collection::vec(any::<u64>(), 0..300)) {
        let mut seen = Seen::new(1000, 1000);
        for key in &keys {
            seen.insert(*key, 5);
            prop_assert!(seen.contains(*key));
            prop_assert!(!seen.insert(*key, 6));
        }
    }

    #[test]
    fn tails_fall_with_the_count_and_rise_with_the_mean(n in 1u32..400, mean in 0.01f64..200.0, size in 0.1f64..1000.0) {
        let n = f64::from(n);
        let here = negative_binomial(n, mean, size);
        prop_assert!(here.is_finite() && here >= 0.0);
        prop_assert!(negative_binomial(n + 1.0, mean, size) >= here - 1e-9);
        prop_assert!(negative_binomial(n, mean * 1.1, size) <= here + 1e-9);
        prop_assert!(poisson(n, mean).is_finite());
    }

    #[test]
    fn shares_of_an_excess_add_up(
        inside in prop::collection::vec((0u64..9, 0u64..30, 0u64..20), 0..120),
        before in prop::collection::vec((0u64..9, 0u64..30, 0u64..20), 0..120),
        windows in 0.5f64..10.0,
    ) {
        let items = |list: &[(u64, u64, u64)]| -> Vec<Item<'static>> {
            list.iter().enumerate().map(|(i, (platform, topic, group))| Item {
                key: i as u64, author: i as u64, at: i as i64, platform: *platform, tier: *platform % 2,
                group: *group, topic: *topic, language: 0, place: *topic % 3, repost_of: None, sentiment: None,
                text: "some words",
            }).collect()
        };
        let found = explain(&items(&inside), &items(&before), windows);
        for parts in &found.parts {
            let excess: f64 = parts.parts.iter().map(|p| p.excess).sum();
            prop_assert!((excess - found.excess).abs() < 1e-6, "{excess} {}", found.excess);
            if found.excess > 1e-6 {
                let share: f64 = parts.parts.iter().filter_map(|p| p.share).sum();
                prop_assert!((share - 1.0).abs() < 1e-6, "{share}");
            }
        }
    }

    #[test]
    fn edges_do_not_depend_on_order(mut list in prop::collection::vec((0u64..6, 0u64..4, 0i64..60), 0..60), seed: u64) {
        let shares = |list: &[(usize, (u64, u64, i64))]| -> Vec<Share> {
            list.iter().map(|(post, (account, object, at))| Share {
                account: *account, object: *object + 1000, post: *post as u64, at: *at,
            }).collect()
        };
        let mut numbered: Vec<_> = list.drain(..).enumerate().collect();
        let first = edges(&shares(&numbered), 10, 2);
        trends::random::Random::new(seed).shuffle(&mut numbered);
        let second = edges(&shares(&numbered), 10, 2);
        prop_assert_eq!(first.len(), second.len());
        for (a, b) in first.iter().zip(&second) {
            prop_assert_eq!((a.first, a.second, a.weight, &a.objects), (b.first, b.second, b.weight, &b.objects));
        }
    }

    #[test]
    fn a_series_survives_anything(bins in prop::collection::vec((any::<i32>(), prop::option::of(any::<f64>())), 0..200)) {
        for scale in [Scale::Count, Scale::Sum, Scale::Figure] {
            let config = Config::new(scale, Direction::Both, 300);
            let mut series = Series::new();
            for (at, value) in &bins {
                if let Some(reading) = series.push(i64::from(*at), *value, &config) {
                    prop_assert!((0.0..=1.0).contains(&reading.p), "{reading:?}");
                    series.alarm(&reading, 1.0, &config);
                }
            }
        }
    }

    #[test]
    fn what_is_accepted_is_the_least_of_all(p in prop::collection::vec(0.0f64..1.0, 0..50), rate in 0.01f64..0.5) {
        let accepted = accept(&p, rate);
        let worst = p.iter().zip(&accepted).filter(|(_, a)| **a).map(|(p, _)| *p).fold(0.0, f64::max);
        for (p, a) in p.iter().zip(&accepted) {
            prop_assert!(*a == (*p <= worst && accepted.contains(&true)));
        }
    }

    #[test]
    fn terms_of_any_text_have_names(text in "\\PC{0,80}") {
        let mut terms = Terms::new();
        terms.read(&text);
        for term in terms.list() {
            prop_assert!(!terms.text(term).is_empty(), "{term:?}");
        }
    }
}
