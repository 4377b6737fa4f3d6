//! Relevance.

use trends::random::Random;
use trends::relevance::{
    Calibration, Config, Drift, Features, Input, Judged, Label, Model, Vector, ask, candidates, precision,
    threshold,
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
    assert_eq!(at_random, 6, "a fifth of each batch");
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
fn precision_undoes_how_mentions_were_chosen() {
    // Of 1,000 mentions 900 are meant; the others were nine times as likely to be judged.
    let judged: Vec<Judged> = (0..180)
        .map(|i| Judged {
            probability: 0.8,
            relevant: i % 2 == 0,
            chosen: if i % 2 == 0 { 0.1 } else { 0.9 },
        })
        .collect();
    let p = precision(&judged, 0.5).unwrap();
    assert!(
        (p.value - 0.9).abs() < 1e-9 && p.low > 0.8 && p.high < 0.95,
        "{p:?}"
    );
    assert_eq!(precision(&judged, 0.9), None);
    let stream: Vec<f64> = (0..100).map(|i| f64::from(i) / 100.0).collect();
    let t = threshold(&stream, 0.9).unwrap();
    assert!((0.78..0.84).contains(&t), "{t}");
    assert_eq!(threshold(&stream, 0.995), None);
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
