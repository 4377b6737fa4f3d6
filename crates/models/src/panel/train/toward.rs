//! The head toward a target.

use super::fit::{WHOLE, rarity, to_byte, variance};
use super::{PanelProgress, Plan, Row, TargetPlan};
use crate::classifier::Scratch;
use crate::error::ModelError;
use crate::features::Features;
use crate::linear::best_scales;
use crate::panel::near::Around;
use crate::panel::target::{CLASSES, DENSE, TargetHead};
use crate::panel::{HeadCalibration, Panel, PanelHead, Readout};
use crate::sentiment::SENTIMENT_LABELS;
use crate::train::{Dual, Examples, Labels, Start};
use std::cell::Cell;
use std::collections::BTreeMap;
use text::Tokens;

/// Fits the head on the rows' spots and puts it into the panel.
pub(super) fn fit(
    plan: &Plan,
    target: &TargetPlan,
    panel: Panel,
    rows: &[Row],
    progress: &mut dyn FnMut(PanelProgress<'_>),
) -> Result<Panel, ModelError> {
    let Some(sentiment) = panel.head("sentiment").cloned() else {
        return Err(ModelError::Data(
            "a head toward a target needs sentiment".to_owned(),
        ));
    };
    let (examples, labels) = read(plan, target, &panel, rows)?;
    if examples.is_empty() {
        return Ok(panel);
    }
    let posts = 1usize << plan.features.bits;
    let all = posts + (1 << target.bits);
    let mut variance = variance(&examples, all, target.rare);
    variance.resize(all, 1.0);
    variance[..posts]
        .iter_mut()
        .for_each(|v| *v *= target.post_variance);
    let mut weights = vec![0.0; all * CLASSES];
    for (out, row) in weights.chunks_exact_mut(CLASSES).zip(panel.rows()) {
        for (k, w) in out.iter_mut().enumerate() {
            *w = target.from_sentiment * sentiment.scale[k] * f32::from(row[sentiment.at + k]);
        }
    }
    let start = Start {
        rows: all,
        width: CLASSES,
        variance,
        dense_variance: target.dense_variance,
        weights,
        seed: plan.seed,
    };
    let mut dual = Dual::new(&examples, &labels, start);
    for pass in 1..=target.passes {
        dual.pass();
        progress(PanelProgress { head: WHOLE, pass });
    }
    put(plan, target, panel, &dual)
}

/// An example for each spot: the post without its target, the neighbourhood, the sentiment of the parts.
fn read(
    plan: &Plan,
    target: &TargetPlan,
    panel: &Panel,
    rows: &[Row],
) -> Result<(Examples, Labels), ModelError> {
    let mut sizes: BTreeMap<&str, BTreeMap<usize, f32>> = BTreeMap::new();
    for row in rows {
        for spot in &row.spots {
            *sizes.entry(&row.set).or_default().entry(spot.class).or_default() += 1.0;
        }
    }
    let (mut examples, mut labels) = (Examples::with_dense(plan.word_weight, DENSE), Labels::new());
    let (mut tokens, mut features, mut scratch) = (Tokens::new(), Features::new(), Scratch::new());
    let (mut readout, mut near) = (Readout::default(), Vec::new());
    let offset = 1u32 << plan.features.bits;
    for row in rows.iter().filter(|r| !r.spots.is_empty()) {
        tokens.read(&row.text);
        panel.read(&tokens, &mut scratch, &mut readout);
        for spot in &row.spots {
            let around = Around::of(&tokens, &spot.spans);
            let place = Cell::new(0);
            features.read_where(&tokens, &plan.features, |_| {
                !around.is_own(place.replace(place.get() + 1))
            });
            around.features(&tokens, target.bits, &mut near);
            near.iter_mut().for_each(|b| *b += offset);
            let dense = panel
                .parts(&tokens, &around, &readout, &mut scratch)
                .ok_or_else(|| ModelError::Data("sentiment has three labels".to_owned()))?;
            examples.push_with(&features, &near, target.length, &dense);
            let balance = if row.natural { 0.0 } else { target.balance };
            let weight = rarity(&sizes[row.set.as_str()], spot.class, balance);
            labels.class(0, CLASSES, spot.class, target.cost * row.weight * weight);
            labels.end();
        }
    }
    Ok((examples, labels))
}

/// Brings the weights into 8 bits and into the panel.
fn put(plan: &Plan, target: &TargetPlan, panel: Panel, dual: &Dual<'_>) -> Result<Panel, ModelError> {
    let (mut header, mut table, _) = panel.into_parts();
    let (posts, near) = dual.weights().split_at(CLASSES << plan.features.bits);
    let scales = |weights: &[f32]| best_scales(weights, CLASSES, |_| 1.0);
    let (post_scale, near_scale) = (scales(posts), scales(near));
    let at = header.heads.iter().map(|h| h.at + h.outputs()).max().unwrap_or(0);
    for (row, out) in posts
        .chunks_exact(CLASSES)
        .zip(table.chunks_exact_mut(header.width))
    {
        for (k, w) in row.iter().enumerate() {
            out[at + k] = to_byte(w / post_scale[k]);
        }
    }
    let near: Vec<i8> = near
        .iter()
        .enumerate()
        .map(|(i, w)| to_byte(w / near_scale[i % CLASSES]))
        .collect();
    header.heads.push(PanelHead {
        name: WHOLE.to_owned(),
        labels: SENTIMENT_LABELS.map(str::to_owned).to_vec(),
        at,
        scale: post_scale,
        bias: dual.bias().to_vec(),
        calibration: HeadCalibration::default(),
        languages: Vec::new(),
    });
    header.target = Some(TargetHead {
        bits: target.bits,
        length: target.length,
        scale: near_scale,
        dense: dual.dense().to_vec(),
        head: WHOLE.to_owned(),
        calibration: HeadCalibration::default(),
    });
    Panel::new(header, table, near)
}
