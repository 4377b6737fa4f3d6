//! Which posts to label next: those a model is unsure of, and no two alike.

use super::corpus::SPEC;
use super::groups::key;
use super::model::{CustomModel, Scratch};
use crate::features::Features;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use text::Tokens;

/// Posts among which so many times fewer are chosen.
const POOL: usize = 20;

/// A post that could be labelled.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'c> {
    /// Its text.
    pub text: &'c str,
    /// Its states, where it was encoded.
    pub states: Option<&'c [f32]>,
}

/// The places of `count` posts to label next, the most useful first: those the model is least sure of, each unlike those
/// before it. Without a model they are merely as different as can be. Of posts that say the same one is named.
pub fn suggest(model: Option<&CustomModel>, candidates: &[Candidate<'_>], count: usize) -> Vec<usize> {
    let (mut tokens, mut features, mut scratch) = (Tokens::new(), Features::new(), Scratch::new());
    let mut seen: HashSet<u64, RandomState> = HashSet::default();
    let mut pool = Vec::new();
    for (place, candidate) in candidates.iter().enumerate() {
        tokens.read(candidate.text);
        if !key(&tokens).is_some_and(|k| seen.insert(k)) {
            continue;
        }
        let doubt = model.map_or(1.0, |model| {
            model.classify_tokens(&tokens, candidate.states, &mut scratch);
            doubt(scratch.probabilities())
        });
        features.read(&tokens, &SPEC);
        pool.push(Open {
            place,
            doubt,
            vector: vector(&features),
            alike: 0.0,
        });
    }
    pool.sort_by(|a, b| b.doubt.total_cmp(&a.doubt).then(a.place.cmp(&b.place)));
    pool.truncate(count.saturating_mul(POOL));
    choose(pool, count)
}

struct Open {
    place: usize,
    doubt: f32,
    vector: HashMap<u32, f32, RandomState>,
    /// How much it is like the nearest of those chosen.
    alike: f32,
}

fn choose(mut pool: Vec<Open>, count: usize) -> Vec<usize> {
    let mut out = Vec::new();
    while out.len() < count && !pool.is_empty() {
        let worth = |o: &Open| o.doubt * (1.0 - o.alike);
        let best = (0..pool.len())
            .reduce(|a, b| if worth(&pool[b]) > worth(&pool[a]) { b } else { a })
            .unwrap_or_default();
        let chosen = pool.remove(best);
        for open in &mut pool {
            open.alike = open.alike.max(cosine(&chosen.vector, &open.vector));
        }
        out.push(chosen.place);
    }
    out
}

/// 1 where the two likeliest labels are equally likely, 0 where the first is certain.
fn doubt(probabilities: &[f32]) -> f32 {
    let (first, second) = probabilities
        .iter()
        .fold((0.0f32, 0.0f32), |(a, b), &p| match p > a {
            true => (p, a),
            false => (a, b.max(p)),
        });
    1.0 - (first - second)
}

/// The n-grams of a text as a vector of length 1.
fn vector(features: &Features) -> HashMap<u32, f32, RandomState> {
    let mut out: HashMap<u32, f32, RandomState> = HashMap::default();
    for &bucket in features.words().iter().chain(features.chars()) {
        *out.entry(bucket).or_default() += 1.0;
    }
    let length = out.values().map(|v| v * v).sum::<f32>().sqrt().max(1e-6);
    out.values_mut().for_each(|v| *v /= length);
    out
}

fn cosine(a: &HashMap<u32, f32, RandomState>, b: &HashMap<u32, f32, RandomState>) -> f32 {
    let (small, large) = if a.len() < b.len() { (a, b) } else { (b, a) };
    small.iter().filter_map(|(k, v)| Some(v * large.get(k)?)).sum()
}
