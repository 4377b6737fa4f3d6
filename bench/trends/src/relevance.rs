//! Relevance with few labels, on brands whose mentions are labelled.

use crate::input;
use crate::report::line;
use anyhow::Result;
use models::{Language, Scratch};
use std::collections::BTreeMap;
use text::Tokens;
use trends::hash;
use trends::random::Random;
use trends::relevance::{Config, Features, Input, Label, Model, Vector, ask};

const LABELS: usize = 50;

/// Orders in which mentions come, each with its own halves and its own choice of labels.
const SEEDS: u64 = 5;

/// A mention: its text, its language, and whether it is meant.
struct Row {
    text: String,
    lang: u64,
    relevant: bool,
}

type Brand = Vec<Row>;

/// What each seed comes to, over brands.
#[derive(Default)]
struct Sums(Vec<[f64; 6]>);

impl Sums {
    /// The mean over brands and seeds, and the standard deviation of the seeds' means.
    fn at(&self, which: usize) -> (f64, f64) {
        let brands = self.0.len() / SEEDS as usize;
        let of = |seed: usize| {
            (0..brands)
                .map(|b| self.0[b * SEEDS as usize + seed][which])
                .sum::<f64>()
                / brands as f64
        };
        let means: Vec<f64> = (0..SEEDS as usize).map(of).collect();
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (means.len() - 1) as f64;
        (mean, variance.sqrt())
    }
}

pub(crate) fn run() -> Result<()> {
    for (name, brands) in sets()? {
        let (mut hard, mut easy) = (Sums::default(), Sums::default());
        for brand in brands.values().filter(|b| b.len() >= 200) {
            let all = brand.iter().filter(|r| r.relevant).count() as f64 / brand.len() as f64;
            let sum = if all <= 0.8 { &mut hard } else { &mut easy };
            sum.0.extend((0..SEEDS).map(|seed| measure(brand, seed)));
        }
        for (what, sum, goal) in [
            ("the query alone ≤ .80", hard, "≥ .90"),
            ("the query alone > .80", easy, ""),
        ] {
            if sum.0.is_empty() {
                continue;
            }
            let alone = sum.at(0).0;
            for (row, which, goal) in [
                (format!("accuracy with {LABELS} labels"), 1, goal),
                ("ECE".to_owned(), 2, "≤ .05"),
                ("AUC; the query alone has .5".to_owned(), 3, "≥ .60"),
                ("accuracy with every label of its half".to_owned(), 4, ""),
                ("AUC with every label of its half".to_owned(), 5, ""),
            ] {
                let (value, spread) = sum.at(which);
                line(
                    &format!("relevance, {name}, {what} ({alone:.3}): {row}"),
                    &format!("{value:.3} ± {spread:.3}"),
                    goal,
                );
            }
        }
    }
    Ok(())
}

fn sets() -> Result<Vec<(&'static str, BTreeMap<String, Brand>)>> {
    let mut linguist = Linguist::new()?;
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
            let lang = linguist.language(&text);
            brands
                .entry(target)
                .or_default()
                .push(Row { text, lang, relevant });
        }
        out.push((name, brands));
    }
    Ok(out)
}

/// Half of the mentions may be asked about, the other half is judged by.
fn measure(brand: &Brand, seed: u64) -> [f64; 6] {
    let mut order: Vec<usize> = (0..brand.len()).collect();
    Random::new(seed).shuffle(&mut order);
    let (pool, test) = order.split_at(brand.len() / 2);
    let config = Config::default();
    let mut features = Features::new();
    let most = most_common(brand);
    let mut vector = |i: &usize| {
        let row = &brand[*i];
        let input = Input {
            text: &row.text,
            language: row.lang,
            is_foreign: row.lang != most,
            ..Input::default()
        };
        features.read(&input, config.bits)
    };
    let vectors: Vec<Vector> = pool.iter().map(&mut vector).collect();
    let held: Vec<Vector> = test.iter().map(&mut vector).collect();
    let mut model = Model::new(config);
    vectors.iter().for_each(|v| model.see(v));
    let label = |i: usize, at_random: bool| Label {
        vector: vectors[i].clone(),
        relevant: brand[pool[i]].relevant,
        weight: 1.0,
        at_random,
    };
    let mut judged: Vec<usize> = Vec::new();
    let mut labels: Vec<Label> = Vec::new();
    while judged.len() < LABELS {
        let next = ask(&model, &vectors, &judged, 10, seed * 100 + judged.len() as u64);
        judged.extend(next.iter().map(|(i, _)| *i));
        labels.extend(next.iter().map(|(i, at_random)| label(*i, *at_random)));
        model.train(&labels);
    }
    let score = |model: &Model| -> Vec<(f64, bool)> {
        let pairs = held.iter().zip(test);
        pairs
            .map(|(v, i)| (model.probability(v), brand[*i].relevant))
            .collect()
    };
    let accuracy = |scored: &[(f64, bool)]| {
        scored.iter().filter(|(p, y)| (*p >= 0.5) == *y).count() as f64 / scored.len() as f64
    };
    let scored = score(&model);
    let alone = scored.iter().filter(|(_, y)| *y).count() as f64 / scored.len() as f64;
    let all: Vec<Label> = (0..pool.len()).map(|i| label(i, true)).collect();
    model.train(&all);
    let oracle = score(&model);
    [
        alone,
        accuracy(&scored),
        ece(&scored),
        auc(&scored),
        accuracy(&oracle),
        auc(&oracle),
    ]
}

fn most_common(brand: &Brand) -> u64 {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    brand.iter().for_each(|r| *counts.entry(r.lang).or_default() += 1);
    counts.into_iter().max_by_key(|c| c.1).map_or(0, |c| c.0)
}

/// Says languages, by the model that the pipeline asks.
struct Linguist {
    model: Language,
    tokens: Tokens,
    scratch: Scratch,
}

impl Linguist {
    fn new() -> Result<Self> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../models/language/weights.gsm");
        Ok(Self {
            model: Language::load(&std::fs::read(file)?)?,
            tokens: Tokens::new(),
            scratch: Scratch::default(),
        })
    }

    fn language(&mut self, text: &str) -> u64 {
        self.tokens.read(text);
        hash::text(self.model.identify(&self.tokens, &mut self.scratch).lang)
    }
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
