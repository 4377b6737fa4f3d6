//! The heads of posts: features, costs, passes, 8-bit weights.

use super::{HeadPlan, Label, PanelProgress, Plan, Row};
use crate::error::ModelError;
use crate::features::Features;
use crate::linear::best_scales;
use crate::panel::target::CLASSES;
use crate::panel::{HeadCalibration, MAX_HEADS, MAX_WIDTH, Panel, PanelHead, PanelHeader, outputs};
use crate::train::{Dual, Examples, Labels, Start};
use std::collections::{BTreeMap, BTreeSet};
use text::Tokens;

/// The head of what the whole post says toward whatever it names.
pub(super) const WHOLE: &str = "target";
/// Rows are padded to a multiple of this, which the processor adds at once.
const LANE: usize = 8;
/// Rows by whose features the 8-bit weights are scaled.
const SAMPLE: usize = 4_000;

/// The weights of a head before they are brought into 8 bits.
#[derive(Debug, Default)]
pub(super) struct Fitted {
    /// Rows of as many weights as the head has outputs.
    pub(super) weights: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

/// A panel whose heads of posts are trained, those that rows have labels of; the one toward a target is still empty.
pub(super) fn posts(
    plan: &Plan,
    rows: &[Row],
    progress: &mut dyn FnMut(PanelProgress<'_>),
) -> Result<Panel, ModelError> {
    let sizes = Sizes::of(rows);
    let fitted: Vec<Fitted> = (0..plan.heads.len())
        .map(|head| fit(plan, head, rows, &sizes, progress))
        .collect();
    quantised(plan, &fitted, rows)
}

/// The features of some of the rows.
fn sample(plan: &Plan, rows: &[Row]) -> Vec<Features> {
    let mut tokens = Tokens::new();
    let read = |row: &Row| {
        tokens.read(&row.text);
        let mut features = Features::new();
        features.read(&tokens, &plan.features);
        features
    };
    rows.iter().step_by(1 + rows.len() / SAMPLE).map(read).collect()
}

/// Fits one head on the rows that have a label of it; without any there are no weights.
fn fit(
    plan: &Plan,
    head: usize,
    rows: &[Row],
    sizes: &Sizes<'_>,
    progress: &mut dyn FnMut(PanelProgress<'_>),
) -> Fitted {
    let own = &plan.heads[head];
    let (mut tokens, mut features) = (Tokens::new(), Features::new());
    let (mut examples, mut labels) = (Examples::new(plan.word_weight), Labels::new());
    for row in rows {
        for (_, label) in row.labels.iter().filter(|l| l.0 == head) {
            tokens.read(&row.text);
            features.read(&tokens, &plan.features);
            examples.push(&features);
            put(&mut labels, own, label, sizes.cost(own, row, head, label));
            labels.end();
        }
    }
    if examples.is_empty() {
        return Fitted::default();
    }
    let start = Start {
        rows: 1 << plan.features.bits,
        width: outputs(own.labels.len()),
        variance: variance(&examples, 1 << plan.features.bits, own.rare),
        seed: plan.seed,
        ..Start::default()
    };
    let mut dual = Dual::new(&examples, &labels, start);
    for pass in 1..=own.passes {
        dual.pass();
        progress(PanelProgress {
            head: &own.name,
            pass,
        });
    }
    Fitted {
        weights: dual.weights().to_vec(),
        bias: dual.bias().to_vec(),
    }
}

fn put(labels: &mut Labels, head: &HeadPlan, label: &Label, cost: f32) {
    match (label, head.labels.len()) {
        (Label::Class(k), 2) => labels.soft(0, &[*k as f32], cost),
        (Label::Soft(p), 2) => labels.soft(0, &p[1..], cost),
        (Label::Class(k), n) => labels.class(0, n, *k, cost),
        (Label::Soft(p), _) => labels.soft(0, p, cost),
    }
}

/// How many rows of a set have each class of a head.
struct Sizes<'r>(BTreeMap<(&'r str, usize), BTreeMap<usize, f32>>);

impl<'r> Sizes<'r> {
    fn of(rows: &'r [Row]) -> Self {
        let mut out: BTreeMap<(&str, usize), BTreeMap<usize, f32>> = BTreeMap::new();
        for row in rows {
            for (head, label) in &row.labels {
                if let Label::Class(k) = label {
                    *out.entry((&row.set, *head)).or_default().entry(*k).or_default() += 1.0;
                }
            }
        }
        Self(out)
    }

    /// What an error costs. What a larger model says is not weighed by class: it is how the classes come.
    fn cost(&self, plan: &HeadPlan, row: &Row, head: usize, label: &Label) -> f32 {
        let sizes = self.0.get(&(row.set.as_str(), head));
        let weight = match (label, sizes) {
            (Label::Class(k), Some(sizes)) if !row.natural => rarity(sizes, *k, plan.balance),
            _ => 1.0,
        };
        plan.cost * row.weight * weight
    }
}

/// How much more than others a class counts, by a power of how rare it is in its set, within 0.2 and 5.
pub(super) fn rarity(sizes: &BTreeMap<usize, f32>, class: usize, balance: f32) -> f32 {
    let even = sizes.values().sum::<f32>() / sizes.len() as f32;
    (even / sizes.get(&class).copied().unwrap_or(even))
        .powf(balance)
        .clamp(0.2, 5.0)
}

/// The variance of each row's weights: the inverse document frequency of its feature, as a share of the largest, to a
/// power.
pub(super) fn variance(examples: &Examples, rows: usize, power: f32) -> Vec<f32> {
    if power == 0.0 {
        return Vec::new();
    }
    let mut frequency = vec![0u32; rows];
    for i in 0..examples.len() {
        examples.summed(i).for_each(|(row, _)| frequency[row] += 1);
    }
    let n = examples.len().max(2) as f32;
    // A feature that one text in ten thousand has counts in full.
    let full = n.min(10_000.0).ln();
    let one = |f: u32| {
        ((n / f.max(1) as f32).ln() / full)
            .clamp(0.05, 1.0)
            .powf(2.0 * power)
    };
    frequency.into_iter().map(one).collect()
}

/// Brings the weights of the heads that answer into 8 bits, each output with its own scale.
fn quantised(plan: &Plan, fitted: &[Fitted], rows: &[Row]) -> Result<Panel, ModelError> {
    let kept: Vec<usize> = (0..plan.heads.len())
        .filter(|&h| !fitted[h].bias.is_empty())
        .collect();
    let toward = if plan.target.is_some() { CLASSES } else { 0 };
    let all: usize = kept.iter().map(|&h| outputs(plan.heads[h].labels.len())).sum();
    let width = (all + toward).next_multiple_of(LANE);
    if all == 0 || width > MAX_WIDTH || kept.len() > MAX_HEADS {
        return Err(ModelError::Data("too few or too many heads".to_owned()));
    }
    let mut table = vec![0i8; width << plan.features.bits];
    // A row that no sampled post has may be in some others.
    let mut frequency = vec![0.1f32; 1 << plan.features.bits];
    for features in sample(plan, rows) {
        let buckets = features.words().iter().chain(features.chars());
        buckets.for_each(|&b| frequency[b as usize] += 1.0);
    }
    let (mut heads, mut at): (Vec<PanelHead>, usize) = (Vec::new(), 0);
    for place in kept {
        let (head, Fitted { weights, bias }) = (&plan.heads[place], &fitted[place]);
        let n = bias.len();
        let scale = best_scales(weights, n, |row| frequency[row]);
        for (row, out) in weights.chunks_exact(n).zip(table.chunks_exact_mut(width)) {
            for ((w, s), o) in row.iter().zip(&scale).zip(&mut out[at..]) {
                *o = to_byte(w / s);
            }
        }
        heads.push(PanelHead {
            name: head.name.clone(),
            labels: head.labels.clone(),
            at,
            scale,
            bias: bias.clone(),
            calibration: HeadCalibration::default(),
            languages: languages(rows, place),
        });
        at += n;
    }
    let header = PanelHeader {
        id: plan.id.clone(),
        tokeniser: text::TOKENISER_VERSION,
        features: plan.features,
        word_weight: plan.word_weight,
        width,
        heads,
        target: None,
    };
    Panel::new(header, table, Vec::new())
}

pub(super) fn to_byte(value: f32) -> i8 {
    value.round().clamp(-127.0, 127.0) as i8
}

/// Rows of a language that a head needs to answer for it.
const FEWEST: usize = 100;

fn languages(rows: &[Row], head: usize) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows.iter().filter(|r| r.labels.iter().any(|l| l.0 == head)) {
        if let Some(lang) = &row.lang {
            *counts.entry(lang).or_default() += 1;
        }
    }
    let enough: BTreeSet<String> = counts
        .into_iter()
        .filter(|c| c.1 >= FEWEST)
        .map(|c| c.0.to_owned())
        .collect();
    enough.into_iter().collect()
}
