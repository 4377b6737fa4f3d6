//! Which mentions are worth a person's time.

use super::features::Vector;
use super::model::Model;
use crate::random::Random;

/// Mentions that are compared with one another, at most.
const POOL: usize = 1500;

/// Of so many, one is drawn at random.
const AT_RANDOM: usize = 3;

/// The next mentions to be judged, as places in `pool`, and for each whether it was drawn at random. Before any label the
/// mentions that stand for most others and not for one another, then by uncertainty times density; and always every third at
/// random: without these nothing can be told of those that nobody judges.
pub fn ask(model: &Model, pool: &[Vector], judged: &[usize], number: usize, seed: u64) -> Vec<(usize, bool)> {
    let mut random = Random::new(seed);
    let mut open: Vec<usize> = (0..pool.len()).filter(|i| !judged.contains(i)).collect();
    random.shuffle(&mut open);
    let mut out: Vec<(usize, bool)> = Vec::new();
    let at_random = number.div_ceil(AT_RANDOM);
    out.extend(open.drain(..at_random.min(open.len())).map(|i| (i, true)));
    open.truncate(POOL);
    // Alike is what shares rare words: being in another language makes no two mentions alike.
    let mut words: Vec<Vector> = vec![Vector::new(); pool.len()];
    for &i in open.iter().chain(judged).chain(out.iter().map(|(i, _)| i)) {
        words[i] = model.sparse(&pool[i]);
    }
    // Density is likeness to a sample of what is open.
    let sample: Vec<usize> = open.iter().take(200).copied().collect();
    let worth: Vec<f64> = open
        .iter()
        .map(|&i| {
            let alike: f64 = sample.iter().map(|s| cosine(&words[i], &words[*s])).sum();
            let density = alike / sample.len().max(1) as f64;
            let p = model.probability(&pool[i]);
            let uncertainty = if judged.is_empty() {
                1.0
            } else {
                4.0 * p * (1.0 - p)
            };
            uncertainty * (0.2 + density)
        })
        .collect();
    let mut likeness: Vec<f64> = open
        .iter()
        .map(|&i| {
            judged
                .iter()
                .chain(out.iter().map(|(j, _)| j))
                .map(|j| cosine(&words[i], &words[*j]))
                .fold(0.0, f64::max)
        })
        .collect();
    while out.len() < number {
        let value = |k: usize| worth[k] * (1.0 - likeness[k]).max(0.0);
        let best = (0..open.len())
            .filter(|k| likeness[*k] < 2.0)
            .max_by(|a, b| value(*a).total_cmp(&value(*b)));
        let Some(best) = best else { break };
        let chosen = open[best];
        out.push((chosen, false));
        likeness[best] = 3.0;
        for (k, i) in open.iter().enumerate() {
            if likeness[k] < 2.0 {
                likeness[k] = likeness[k].max(cosine(&words[*i], &words[chosen]));
            }
        }
    }
    out
}

/// Of two vectors of unit length, ascending.
fn cosine(a: &Vector, b: &Vector) -> f64 {
    let (mut i, mut j, mut dot) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                dot += f64::from(a[i].1 * b[j].1);
                i += 1;
                j += 1;
            }
        }
    }
    dot
}
