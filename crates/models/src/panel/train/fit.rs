//! The heads of posts: features, costs, passes, 8-bit weights.

use super::{HeadPlan, Label, PanelProgress, Plan, Row};
use crate::error::ModelError;
use crate::features::Features;
use crate::linear::best_scale;
use crate::panel::target::CLASSES;
use crate::panel::{HeadCalibration, MAX_HEADS, MAX_WIDTH, Panel, PanelHead, PanelHeader, outputs};
use crate::train::{Dual, Examples, Labels, Start};
use std::collections::{BTreeMap, BTreeSet};
use text::Tokens;

/// The head of what the whole post says toward whatever it names.
pub(super) const WHOLE: &str = "target";
/// Rows are padded to a multiple of this, which the processor adds at once.
const LANE: usize = 8;

/// Where the outputs of each head begin, those toward a target last, and how many there are.
pub(super) fn places(plan: &Plan) -> Result<(Vec<usize>, usize), ModelError> {
    let mut at = Vec::new();
    let mut width = 0;
    for head in &plan.heads {
        at.push(width);
        width += outputs(head.labels.len());
    }
    let all = width + if plan.target.is_some() { CLASSES } else { 0 };
    if width == 0 || all > MAX_WIDTH || plan.heads.len() > MAX_HEADS {
        return Err(ModelError::Data("too few or too many heads".to_owned()));
    }
    Ok((at, width))
}

/// A panel whose heads of posts are trained; the one toward a target is still empty.
pub(super) fn posts(
    plan: &Plan,
    rows: &[Row],
    progress: &mut dyn FnMut(PanelProgress),
) -> Result<Panel, ModelError> {
    let (at, width) = places(plan)?;
    let sizes = Sizes::of(rows);
    let (mut tokens, mut features) = (Tokens::new(), Features::new());
    let (mut examples, mut labels) = (Examples::new(plan.word_weight), Labels::new());
    for row in rows.iter().filter(|r| !r.labels.is_empty()) {
        tokens.read(&row.text);
        features.read(&tokens, &plan.features);
        examples.push(&features);
        for (head, label) in &row.labels {
            put(
                &mut labels,
                &plan.heads[*head],
                at[*head],
                label,
                sizes.cost(plan, row, *head, label),
            );
        }
        labels.end();
    }
    let start = Start {
        rows: 1 << plan.features.bits,
        width,
        variance: variance(&examples, 1 << plan.features.bits, plan.rare),
        seed: plan.seed,
        ..Start::default()
    };
    let mut dual = Dual::new(&examples, &labels, start);
    for pass in 1..=plan.passes {
        dual.pass();
        progress(PanelProgress { stage: "posts", pass });
    }
    quantised(plan, &at, width, dual.weights(), dual.bias(), rows)
}

fn put(labels: &mut Labels, head: &HeadPlan, at: usize, label: &Label, cost: f32) {
    match (label, head.labels.len()) {
        (Label::Class(k), 2) => labels.soft(at, &[*k as f32], cost),
        (Label::Soft(p), 2) => labels.soft(at, &p[1..], cost),
        (Label::Class(k), n) => labels.class(at, n, *k, cost),
        (Label::Soft(p), _) => labels.soft(at, p, cost),
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
    fn cost(&self, plan: &Plan, row: &Row, head: usize, label: &Label) -> f32 {
        let plan = &plan.heads[head];
        let sizes = self.0.get(&(row.set.as_str(), head));
        let weight = match (label, sizes) {
            (Label::Class(k), Some(sizes)) => rarity(sizes, *k, plan.balance),
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

/// Brings the weights into 8 bits, each output with its own scale.
fn quantised(
    plan: &Plan,
    at: &[usize],
    trained: usize,
    weights: &[f32],
    bias: &[f32],
    rows: &[Row],
) -> Result<Panel, ModelError> {
    let scale: Vec<f32> = (0..trained).map(|k| best_scale(weights, trained, k)).collect();
    let width = (trained + if plan.target.is_some() { CLASSES } else { 0 }).next_multiple_of(LANE);
    let mut table = vec![0i8; width << plan.features.bits];
    for (row, out) in weights.chunks_exact(trained).zip(table.chunks_exact_mut(width)) {
        for ((w, s), o) in row.iter().zip(&scale).zip(out) {
            *o = to_byte(w / s);
        }
    }
    let mut heads: Vec<PanelHead> = Vec::new();
    for (place, (head, &at)) in plan.heads.iter().zip(at).enumerate() {
        let range = at..at + outputs(head.labels.len());
        heads.push(PanelHead {
            name: head.name.clone(),
            labels: head.labels.clone(),
            at,
            scale: scale[range.clone()].to_vec(),
            bias: bias[range].to_vec(),
            calibration: HeadCalibration::default(),
            languages: languages(rows, place),
        });
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
