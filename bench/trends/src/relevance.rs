//! Relevance with few labels, on brands whose mentions are labelled.

use crate::input;
use crate::report::line;
use anyhow::Result;
use std::collections::BTreeMap;
use trends::random::Random;
use trends::relevance::{Config, Features, Input, Label, Model, Vector, ask};

const LABELS: usize = 50;

/// A brand's mentions: text, and whether it is meant.
type Brand = Vec<(String, bool)>;

#[derive(Default)]
struct Sums {
    accuracy: f64,
    all: f64,
    ece: f64,
    auc: f64,
    runs: f64,
}

pub(crate) fn run() -> Result<()> {
    for (name, brands) in sets() {
        let (mut hard, mut easy) = (Sums::default(), Sums::default());
        for brand in brands.values().filter(|b| b.len() >= 200) {
            let all = brand.iter().filter(|(_, r)| *r).count() as f64 / brand.len() as f64;
            let sum = if all <= 0.8 { &mut hard } else { &mut easy };
            for seed in 0..3 {
                measure(brand, seed, sum);
            }
        }
        for (what, sum, goal) in [
            ("the query alone ≤ .80", hard, "≥ .90"),
            ("the query alone > .80", easy, ""),
        ] {
            if sum.runs == 0.0 {
                continue;
            }
            line(
                &format!(
                    "relevance, {name}, {what} ({:.3}): accuracy with {LABELS} labels",
                    sum.all / sum.runs
                ),
                &format!("{:.3}", sum.accuracy / sum.runs),
                goal,
            );
            line(
                &format!("relevance, {name}: ECE"),
                &format!("{:.3}", sum.ece / sum.runs),
                "≤ .05",
            );
            line(
                &format!("relevance, {name}: AUC; the query alone has .5"),
                &format!("{:.3}", sum.auc / sum.runs),
                "≥ .60",
            );
        }
    }
    Ok(())
}

fn sets() -> Vec<(&'static str, BTreeMap<String, Brand>)> {
    let mut out = Vec::new();
    for (name, file, irrelevant) in [
        ("sanders2011", "brand/sanders2011/dev.jsonl", "irrelevant"),
        ("apple_dfe", "brand/apple_dfe/dev.jsonl", "not_relevant"),
        (
            "twitter_entity",
            "brand/twitter_entity_sentiment/grouped.train.jsonl.gz",
            "Irrelevant",
        ),
    ] {
        let Some(rows) = input::rows(file) else { continue };
        let mut brands: BTreeMap<String, Brand> = BTreeMap::new();
        let mut seen = std::collections::BTreeSet::new();
        for row in &rows {
            let target = row["target"].as_str().unwrap_or("apple").to_owned();
            // Rewordings of one post stand together there: one of each is enough.
            let id = row["id"].as_str().unwrap_or_default();
            if !id.is_empty() && !seen.insert((target.clone(), id.to_owned())) {
                continue;
            }
            let relevant = row["label"].as_str() != Some(irrelevant);
            let text = row["text"].as_str().unwrap_or_default().to_owned();
            brands.entry(target).or_default().push((text, relevant));
        }
        out.push((name, brands));
    }
    out
}

/// Half of the mentions may be asked about, the other half is judged by.
fn measure(brand: &Brand, seed: u64, sum: &mut Sums) {
    let mut order: Vec<usize> = (0..brand.len()).collect();
    Random::new(seed).shuffle(&mut order);
    let (pool, test) = order.split_at(brand.len() / 2);
    let config = Config::default();
    let mut features = Features::new();
    let mut vector = |i: &usize| {
        let input = Input {
            text: &brand[*i].0,
            ..Input::default()
        };
        features.read(&input, config.bits)
    };
    let vectors: Vec<Vector> = pool.iter().map(&mut vector).collect();
    let held: Vec<Vector> = test.iter().map(&mut vector).collect();
    let mut model = Model::new(config);
    vectors.iter().for_each(|v| model.see(v));
    let mut judged: Vec<usize> = Vec::new();
    while judged.len() < LABELS {
        let next = ask(&model, &vectors, &judged, 10, seed * 100 + judged.len() as u64);
        judged.extend(next.into_iter().map(|(i, _)| i));
        let labels: Vec<Label> = judged
            .iter()
            .map(|i| Label {
                vector: vectors[*i].clone(),
                relevant: brand[pool[*i]].1,
                weight: 1.0,
            })
            .collect();
        model.train(&labels);
    }
    let scored: Vec<(f64, bool)> = held
        .iter()
        .zip(test)
        .map(|(v, i)| (model.probability(v), brand[*i].1))
        .collect();
    let n = scored.len() as f64;
    sum.accuracy += scored.iter().filter(|(p, y)| (*p >= 0.5) == *y).count() as f64 / n;
    sum.all += scored.iter().filter(|(_, y)| *y).count() as f64 / n;
    sum.ece += ece(&scored);
    sum.auc += auc(&scored);
    sum.runs += 1.0;
}

/// Expected calibration error over ten bins of equal width.
fn ece(scored: &[(f64, bool)]) -> f64 {
    let mut bins = [(0.0, 0.0, 0.0); 10];
    for (p, y) in scored {
        let bin = &mut bins[((p * 10.0) as usize).min(9)];
        *bin = (bin.0 + p, bin.1 + f64::from(u8::from(*y)), bin.2 + 1.0);
    }
    bins.iter().map(|(p, y, _)| (p - y).abs()).sum::<f64>() / scored.len() as f64
}

fn auc(scored: &[(f64, bool)]) -> f64 {
    let mut sorted = scored.to_vec();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut below, mut sum, mut yes) = (0.0f64, 0.0f64, 0.0f64);
    for (_, y) in sorted {
        if y {
            sum += below;
            yes += 1.0;
        } else {
            below += 1.0;
        }
    }
    sum / (below * yes).max(1.0)
}
