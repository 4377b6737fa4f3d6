//! How good a monitor's model is, by what was judged.

use super::{Artefact, Card, Pool};
use crate::control::{Chosen, Control, Error};
use trends::Estimate;
use trends::relevance::{self, Judged, share_meant, weighted_share};

/// Judgments from which on it is said how far probabilities are off.
const CALIBRATED: usize = 50;
const BINS: usize = 5;

/// What the judgments say.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// Judged mentions.
    pub(crate) judged: usize,
    /// Of these, how many are relevant.
    pub(crate) relevant: usize,
    /// Of these, how many were drawn at random.
    pub(crate) at_random: usize,
    /// The share of the monitor's mentions that is relevant.
    pub(crate) before: Option<Estimate>,
    /// The share of what the model calls relevant that is.
    pub(crate) precision: Option<Estimate>,
    /// The share of what is relevant that the model calls so.
    pub(crate) recall: Option<Estimate>,
    /// How far probabilities are off, in the mean.
    pub(crate) calibration_error: Option<f64>,
}

/// What the judgments of a pool say of a model at a threshold. Each judged mention is asked of a model that did not see it.
pub(crate) fn standing(pool: &Pool, model: Option<(&Artefact, f64)>) -> Standing {
    let labels = pool.labels();
    let chosen = pool.chosen();
    let held_out = model.map(|(artefact, _)| artefact.model.held_out(&labels));
    let probability = |i: usize| held_out.as_ref().map_or(1.0, |h| h[i]);
    let judged: Vec<Judged> = (0..labels.len())
        .map(|i| Judged {
            probability: probability(i),
            relevant: labels[i].relevant,
            chosen: chosen[i],
        })
        .collect();
    // Without any mention drawn at random nothing is known of those that nobody judged.
    let at_random = pool
        .judged
        .iter()
        .filter(|(_, j)| j.how == Chosen::Random)
        .count();
    let is_told = at_random > 0;
    let threshold = model.map_or(0.0, |(_, t)| t);
    let (random, picked) = (0..labels.len()).partition::<Vec<usize>, _>(|i| labels[*i].at_random);
    let of = |places: Vec<usize>| -> Vec<(f64, bool)> {
        let one = |i: usize| (judged[i].probability, judged[i].relevant);
        places.into_iter().map(one).collect()
    };
    let (random, picked) = (of(random), of(picked));
    let open = pool.open(|vector| model.map_or(1.0, |(artefact, _)| artefact.model.probability(vector)));
    let known = relevance::Pool {
        open: &open,
        random: &random,
        picked: &picked,
    };
    Standing {
        judged: judged.len(),
        relevant: labels.iter().filter(|l| l.relevant).count(),
        at_random,
        before: share_meant(&known, 0.0),
        precision: share_meant(&known, threshold).filter(|_| model.is_some()),
        recall: recall(&judged, threshold).filter(|_| is_told && model.is_some()),
        calibration_error: held_out.and_then(|_| calibration_error(&judged)),
    }
}

fn recall(judged: &[Judged], threshold: f64) -> Option<Estimate> {
    let relevant = judged.iter().filter(|j| j.relevant && j.chosen > 0.0);
    let found: Vec<(f64, f64)> = relevant
        .map(|j| (1.0 / j.chosen, f64::from(u8::from(j.probability >= threshold))))
        .collect();
    weighted_share(&found)
}

/// The expected calibration error over fifths, each mention by its weight.
fn calibration_error(judged: &[Judged]) -> Option<f64> {
    if judged.len() < CALIBRATED {
        return None;
    }
    let mut bins = [(0.0, 0.0); BINS];
    let mut all = 0.0;
    for j in judged.iter().filter(|j| j.chosen > 0.0) {
        let weight = 1.0 / j.chosen;
        let bin = &mut bins[((j.probability * BINS as f64) as usize).min(BINS - 1)];
        *bin = (
            bin.0 + weight * j.probability,
            bin.1 + weight * f64::from(u8::from(j.relevant)),
        );
        all += weight;
    }
    Some(bins.iter().map(|(p, y)| (p - y).abs()).sum::<f64>() / all)
}

/// How many judgments the newest version learned from.
pub(crate) fn learned(control: &Control, monitor: &str) -> Result<Option<usize>, Error> {
    let versions = control.relevance_versions(monitor)?;
    let newest = versions.first();
    Ok(newest.and_then(|v| Some(serde_json::from_str::<Card>(&v.card).ok()?.judged)))
}
