//! Relevance.

use proptest::prelude::*;
use trends::random::Random;
use trends::relevance::{
    Calibration, Config, Drift, Features, Input, Label, Model, Pool, Vector, ask, candidates, share_meant,
    threshold, weighted_share,
};
use trends::snapshot;

const FRUIT: [&str; 6] = ["pie", "cider", "orchard", "juice", "crumble", "tree"];
const MAKER: [&str; 6] = ["phone", "laptop", "store", "update", "battery", "screen"];

fn mention(relevant: bool, random: &mut Random) -> String {
    let words = if relevant { MAKER } else { FRUIT };
    let fill = ["my", "the", "new", "good", "best", "today"];
    format!(
        "{} apple {} {}",
        fill[random.below(6)],
        words[random.below(6)],
        fill[random.below(6)]
    )
}

fn stream(n: usize, random: &mut Random) -> Vec<(String, bool)> {
    (0..n)
        .map(|_| {
            let relevant = random.share() < 0.6;
            (mention(relevant, random), relevant)
        })
        .collect()
}

fn vectors(stream: &[(String, bool)]) -> Vec<Vector> {
    let mut features = Features::new();
    let read = |(text, _): &(String, bool)| {
        let input = Input {
            text,
            ..Input::default()
        };
        features.read(&input, Config::default().bits)
    };
    stream.iter().map(read).collect()
}

#[test]
fn thirty_labels_tell_the_maker_from_the_fruit() {
    let mut random = Random::new(1);
    let (pool, held) = (stream(400, &mut random), stream(400, &mut random));
    let (vectors, test) = (vectors(&pool), vectors(&held));
    let mut model = Model::new(Config::default());
    vectors.iter().for_each(|v| model.see(v));
    let mut judged: Vec<usize> = Vec::new();
    let mut at_random = 0;
    for round in 0..3 {
        let next = ask(&model, &vectors, &judged, 10, round);
        assert_eq!(next.len(), 10);
        at_random += next.iter().filter(|(_, r)| *r).count();
        judged.extend(next.iter().map(|(i, _)| *i));
        let label = |i: &usize| Label {
            vector: vectors[*i].clone(),
            relevant: pool[*i].1,
            weight: 1.0,
            at_random: false,
        };
        model.train(&judged.iter().map(label).collect::<Vec<_>>());
    }
    assert_eq!(at_random, 12, "a third of each batch, rounded up");
    let mut once = judged.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), 30, "nobody is asked twice");
    let right = test
        .iter()
        .zip(&held)
        .filter(|(v, (_, r))| (model.probability(v) >= 0.5) == *r)
        .count();
    assert!(right >= 380, "{right} of 400");
    let again: Model = snapshot::read(&snapshot::write(&model).unwrap()).unwrap();
    assert_eq!(model, again);
}

#[test]
fn labels_of_one_kind_say_that_all_are_of_it() {
    let mut random = Random::new(2);
    let pool = vectors(&stream(20, &mut random));
    let mut model = Model::new(Config::default());
    assert_eq!(model.probability(&pool[0]), 0.5);
    let label = |v: &Vector| Label {
        vector: v.clone(),
        relevant: true,
        weight: 1.0,
        at_random: false,
    };
    model.train(&pool.iter().map(label).collect::<Vec<_>>());
    assert!(model.probability(&pool[0]) > 0.9);
}

#[test]
fn probabilities_are_what_happens() {
    let mut random = Random::new(3);
    let mut draw = |n: usize| -> Vec<(f64, bool)> {
        (0..n)
            .map(|_| {
                let score = random.share() * 8.0 - 4.0;
                // Scores that are twice too sure.
                (score, random.share() < 1.0 / (1.0 + (-score / 2.0).exp()))
            })
            .collect()
    };
    let fitted: Vec<(f64, bool, f64)> = draw(1000).into_iter().map(|(s, y)| (s, y, 1.0)).collect();
    let calibration = Calibration::fit(&fitted);
    for (from, to) in [(-4.0, -2.0), (-2.0, 0.0), (0.0, 2.0), (2.0, 4.0)] {
        let there: Vec<(f64, bool)> = draw(8000)
            .into_iter()
            .filter(|(s, _)| (from..to).contains(s))
            .collect();
        let n = there.len() as f64;
        let said = there
            .iter()
            .map(|(s, _)| calibration.probability(*s))
            .sum::<f64>()
            / n;
        let is = there.iter().filter(|(_, y)| *y).count() as f64 / n;
        assert!((said - is).abs() < 0.06, "{from}: {said} {is}");
    }
}

#[test]
fn weights_undo_how_mentions_were_chosen() {
    // Of 1,000 mentions 900 are meant; the others were nine times as likely to be judged.
    let judged: Vec<(f64, f64)> = (0..180)
        .map(|i| if i % 2 == 0 { (10.0, 1.0) } else { (1.0 / 0.9, 0.0) })
        .collect();
    let p = weighted_share(&judged).unwrap();
    assert!(
        (p.value - 0.9).abs() < 1e-9 && p.low > 0.8 && p.high < 0.95,
        "{p:?}"
    );
    assert_eq!(weighted_share(&judged[..4]), None);
    let stream: Vec<f64> = (0..100).map(|i| f64::from(i) / 100.0).collect();
    let t = threshold(&stream, 0.9).unwrap();
    assert!((0.78..0.84).contains(&t), "{t}");
    assert_eq!(threshold(&stream, 0.995), None);
}

/// A monitor's mentions after so many judgments: some at random, the others where the classifier is least sure.
struct Judging {
    open: Vec<f64>,
    random: Vec<(f64, bool)>,
    picked: Vec<(f64, bool)>,
    /// The share that is meant of all that reach one half.
    truth: f64,
}

/// `skill`: how much the classifier knows; `bias`: how far its odds are off, on the logarithm.
fn judging(
    judgments: usize,
    at_random: usize,
    (base, skill, bias): (f64, f64, f64),
    random: &mut Random,
) -> Judging {
    let logit = |p: f64| (p / (1.0 - p)).ln();
    let mut all: Vec<(f64, bool)> = (0..2_000)
        .map(|_| {
            let spread = (random.share() + random.share() + random.share() - 1.5) * 4.0;
            let odds = logit(base) + skill * spread;
            let meant = random.share() < 1.0 / (1.0 + (-odds).exp());
            (1.0 / (1.0 + (-(odds + bias)).exp()), meant)
        })
        .collect();
    let shown: Vec<bool> = all.iter().filter(|(p, _)| *p >= 0.5).map(|(_, y)| *y).collect();
    let truth = shown.iter().filter(|y| **y).count() as f64 / shown.len() as f64;
    random.shuffle(&mut all);
    let drawn: Vec<_> = all.drain(..at_random).collect();
    all.sort_by(|a, b| (a.0 - 0.5).abs().total_cmp(&(b.0 - 0.5).abs()));
    let picked: Vec<_> = all.drain(..judgments - at_random).collect();
    Judging {
        open: all.iter().map(|(p, _)| *p).collect(),
        random: drawn,
        picked,
        truth,
    }
}

#[test]
fn the_interval_of_precision_holds_what_is_true_and_is_narrower_than_it_was() {
    let mut random = Random::new(11);
    let mut widths = Vec::new();
    for judgments in [50, 100, 200] {
        let (mut held, mut told) = (0, 0);
        let (mut wide, mut narrow) = (0.0, 0.0);
        for (base, skill, bias) in [
            (0.8, 2.0, 0.0),
            (0.6, 2.5, 0.0),
            (0.6, 1.0, 0.0),
            (0.7, 2.0, 0.8),
            (0.5, 2.0, -0.8),
            (0.9, 1.0, 0.0),
            (0.7, 0.0, 0.0),
        ] {
            let (mut hits, runs) = (0, 300);
            for _ in 0..runs {
                let case = (base, skill, bias);
                let j = judging(judgments, judgments.div_ceil(3), case, &mut random);
                let pool = Pool {
                    open: &j.open,
                    random: &j.random,
                    picked: &j.picked,
                };
                let e = share_meant(&pool, 0.5).unwrap();
                hits += usize::from(e.low <= j.truth && j.truth <= e.high);
                told += 1;
                // As it was: every fifth at random, told by weights alone.
                let j = judging(judgments, judgments / 5, case, &mut random);
                let share = j.random.len() as f64 / (j.open.len() + j.random.len()) as f64;
                let weighted = |weight: f64| {
                    move |(p, y): &(f64, bool)| (*p >= 0.5).then(|| (weight, f64::from(u8::from(*y))))
                };
                let drawn = j.random.iter().filter_map(weighted(1.0 / share));
                let all: Vec<(f64, f64)> = drawn.chain(j.picked.iter().filter_map(weighted(1.0))).collect();
                if let Some(before) = weighted_share(&all) {
                    wide += before.high - before.low;
                    narrow += e.high - e.low;
                }
            }
            held += hits;
            let share = hits as f64 / f64::from(runs);
            println!("{judgments} judgments, {base} {skill} {bias}: {share:.3} held");
            assert!(
                share > 0.9,
                "{judgments} judgments of {base} {skill} {bias}: {share}"
            );
        }
        let share = f64::from(held as u32) / f64::from(told as u32);
        println!(
            "{judgments} judgments: {share:.3} held, {:.3} of the width by weights",
            narrow / wide
        );
        assert!(share > 0.94, "{judgments}: {share}");
        widths.push(narrow / wide);
    }
    let most = [0.95, 0.85, 0.8];
    assert!(widths.iter().zip(most).all(|(w, most)| *w < most), "{widths:?}");
}

#[test]
fn of_what_nobody_drew_at_random_nothing_is_told() {
    let picked = [(0.9, true); 20];
    let pool = Pool {
        open: &[0.9; 100],
        random: &[],
        picked: &picked,
    };
    assert_eq!(share_meant(&pool, 0.5), None);
    let random = [(0.9, true), (0.8, true), (0.7, true), (0.9, false), (0.2, false)];
    let pool = Pool {
        random: &random,
        picked: &[],
        ..pool
    };
    assert_eq!(share_meant(&pool, 0.5), None, "four of them reach it");
    let e = share_meant(&pool, 0.0).unwrap();
    assert!(
        e.low >= 0.0 && e.high <= 1.0 && e.low < e.value && e.value < e.high,
        "{e:?}"
    );
    // Where all is judged there is nothing to guess.
    let pool = Pool { open: &[], ..pool };
    let e = share_meant(&pool, 0.0).unwrap();
    assert!((e.value - 0.6).abs() < 1e-9);
}

#[test]
fn excluding_a_word_does_what_was_predicted() {
    let mut random = Random::new(4);
    let mut said = Vec::new();
    for i in 0..400u64 {
        let cider = random.share() < 0.2;
        let relevant = !cider && random.share() < 0.95;
        let text = format!("apple {} number{i}", if cider { "cider" } else { "news" });
        said.push((text, i, relevant, 1.0));
    }
    let judged: Vec<(&str, u64, bool, f64)> =
        said.iter().map(|(t, a, r, c)| (t.as_str(), *a, *r, *c)).collect();
    let found = candidates(&judged);
    let cider = &found[0];
    assert!(cider.text.contains("cider"), "{found:?}");
    let kept: Vec<_> = judged.iter().filter(|(t, ..)| !t.contains("cider")).collect();
    let after = kept.iter().filter(|(_, _, r, _)| *r).count() as f64 / kept.len() as f64;
    assert!((cider.after.value - after).abs() < 1e-9);
    assert!(cider.before.value < 0.8 && cider.lost.value == 0.0);
}

#[test]
fn drift_is_noticed_and_calm_is_not() {
    let (mut drift, mut random) = (Drift::new(), Random::new(5));
    (0..1000).for_each(|_| drift.expect(random.share()));
    assert_eq!(drift.index(), None);
    (0..1000).for_each(|_| drift.observe(random.share()));
    assert!(!drift.alarm());
    (0..1500).for_each(|_| drift.observe(random.share() / 2.0));
    assert!(drift.alarm());
}

#[test]
fn another_language_alone_tells_mentions_apart() {
    let mut features = Features::new();
    let mut read = |n: usize, is_foreign: bool| {
        let text = format!("apple w{} w{}", n, n + 1000);
        let input = Input {
            text: &text,
            language: if is_foreign { n as u64 % 9 + 2 } else { 1 },
            is_foreign,
            ..Input::default()
        };
        features.read(&input, Config::default().bits)
    };
    let pool: Vec<Vector> = (0..200).map(|n| read(n, n % 3 == 0)).collect();
    let test: Vec<Vector> = (5000..5200).map(|n| read(n, n % 3 == 0)).collect();
    let mut model = Model::new(Config::default());
    pool.iter().for_each(|v| model.see(v));
    let mut judged: Vec<usize> = Vec::new();
    let mut labels: Vec<Label> = Vec::new();
    for round in 0..3 {
        let next = ask(&model, &pool, &judged, 10, round);
        judged.extend(next.iter().map(|(i, _)| *i));
        labels.extend(next.iter().map(|(i, at_random)| Label {
            vector: pool[*i].clone(),
            relevant: i % 3 != 0,
            weight: 1.0,
            at_random: *at_random,
        }));
        model.train(&labels);
    }
    let right = (5000..5200)
        .zip(&test)
        .filter(|(n, v)| (model.probability(v) >= 0.5) == (n % 3 != 0));
    assert!(right.count() >= 190);
}

#[test]
fn what_is_held_out_knows_nothing_of_its_own_label() {
    let mut random = Random::new(9);
    let pool = stream(60, &mut random);
    let vectors = vectors(&pool);
    let mut model = Model::new(Config::default());
    vectors.iter().for_each(|v| model.see(v));
    // Labels by the toss of a coin: nothing can be learned, and whoever saw a label would know it.
    let labels: Vec<Label> = vectors
        .iter()
        .map(|v| Label {
            vector: v.clone(),
            relevant: random.share() < 0.5,
            weight: 1.0,
            at_random: true,
        })
        .collect();
    model.train(&labels);
    let right = |p: &[f64]| {
        p.iter()
            .zip(&labels)
            .filter(|(p, l)| (**p >= 0.5) == l.relevant)
            .count()
    };
    let held_out = model.held_out(&labels);
    assert!(right(&held_out) <= 42, "{} of 60", right(&held_out));
}

proptest! {
    #[test]
    fn a_weighted_share_lies_in_its_interval(some in proptest::collection::vec((0.01f64..100.0, any::<bool>()), 5..60)) {
        let weighted: Vec<(f64, f64)> = some.iter().map(|(w, y)| (*w, f64::from(u8::from(*y)))).collect();
        let e = weighted_share(&weighted).unwrap();
        prop_assert!(0.0 <= e.low && e.low <= e.value + 1e-9 && e.value <= e.high + 1e-9 && e.high <= 1.0, "{e:?}");
        let same: Vec<(f64, f64)> = weighted.iter().map(|(w, y)| (w * 7.0, *y)).collect();
        let again = weighted_share(&same).unwrap();
        prop_assert!((again.value - e.value).abs() < 1e-9 && (again.low - e.low).abs() < 1e-9);
    }

    #[test]
    fn whoever_wants_more_precision_gets_no_lower_threshold(stream in proptest::collection::vec(0.0f64..=1.0, 1..200), a in 0.5f64..1.0, b in 0.5f64..1.0) {
        let (less, more) = (a.min(b), a.max(b));
        if let Some(high) = threshold(&stream, more) {
            let low = threshold(&stream, less);
            prop_assert!(low.is_some_and(|low| low <= high));
            let shown: Vec<f64> = stream.iter().copied().filter(|p| *p >= high).collect();
            prop_assert!(shown.iter().sum::<f64>() / shown.len() as f64 >= more - 1e-9);
        }
    }
}
