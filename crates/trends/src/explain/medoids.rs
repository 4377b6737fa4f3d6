//! Posts that stand for the rest.

use super::Item;
use crate::hash::{KeyMap, mix};
use crate::terms::Terms;

/// Texts looked at; of more, a sample that is the same every time.
const TEXTS: usize = 300;
/// Medoids given.
const GIVEN: usize = 3;
/// A text is spoken for by a medoid from this cosine on.
const ALIKE: f64 = 0.2;

/// A post that stands for others.
#[derive(Debug, Clone, PartialEq)]
pub struct Medoid {
    /// The post.
    pub post: u64,
    /// The share of the peak's posts that are like it, copies included.
    pub share: f64,
}

/// The three texts that together are most like all others, copies weighing as many as they are (greedy facility location;
/// within 1 − 1/e of the best three: Nemhauser, Wolsey and Fisher 1978).
pub(super) fn medoids(inside: &[Item]) -> Vec<Medoid> {
    let mut groups: KeyMap<u64, (usize, f64)> = KeyMap::default();
    for (i, item) in inside.iter().enumerate() {
        groups.entry(item.group).or_insert((i, 0.0)).1 += 1.0;
    }
    let mut texts: Vec<(usize, f64)> = groups.into_values().collect();
    texts.sort_by_key(|(i, _)| mix(inside[*i].key));
    texts.truncate(TEXTS);
    let vectors = vectors(inside, &texts);
    let all: f64 = texts.iter().map(|(_, n)| n).sum();
    let mut best = vec![0.0f64; texts.len()];
    let mut out = Vec::new();
    while out.len() < GIVEN {
        let gain = |candidate: usize| -> f64 {
            let likeness = texts
                .iter()
                .enumerate()
                .map(|(i, (_, n))| n * (cosine(&vectors[candidate], &vectors[i]) - best[i]).max(0.0));
            likeness.sum()
        };
        let gains = (0..texts.len()).map(|c| (gain(c), c));
        let Some((gain, chosen)) = gains.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            break;
        };
        if gain <= 1e-9 {
            break;
        }
        let mut spoken_for = 0.0;
        for (i, (_, n)) in texts.iter().enumerate() {
            let likeness = cosine(&vectors[chosen], &vectors[i]);
            if likeness >= ALIKE && likeness > best[i] {
                spoken_for += n;
            }
            best[i] = best[i].max(likeness);
        }
        out.push(Medoid {
            post: inside[texts[chosen].0].key,
            share: spoken_for / all,
        });
    }
    out
}

/// Unit vectors of tf-idf within the peak, ascending by term.
fn vectors(inside: &[Item], texts: &[(usize, f64)]) -> Vec<Vec<(u64, f64)>> {
    let mut terms = Terms::new();
    let keys: Vec<Vec<u64>> = texts
        .iter()
        .map(|(i, _)| {
            let mut keys: Vec<u64> = terms.read(inside[*i].text).iter().map(|t| t.key).collect();
            keys.sort_unstable();
            keys
        })
        .collect();
    let mut posts: KeyMap<u64, f64> = KeyMap::default();
    keys.iter()
        .flatten()
        .for_each(|k| *posts.entry(*k).or_default() += 1.0);
    let all = texts.len() as f64;
    keys.into_iter()
        .map(|keys| {
            let mut vector: Vec<(u64, f64)> =
                keys.into_iter().map(|k| (k, (all / posts[&k]).ln_1p())).collect();
            let norm = vector.iter().map(|(_, w)| w * w).sum::<f64>().sqrt().max(1e-12);
            vector.iter_mut().for_each(|(_, w)| *w /= norm);
            vector
        })
        .collect()
}

fn cosine(a: &[(u64, f64)], b: &[(u64, f64)]) -> f64 {
    let (mut i, mut j, mut dot) = (0, 0, 0.0);
    while i < a.len() && j < b.len() {
        match a[i].0.cmp(&b[j].0) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                dot += a[i].1 * b[j].1;
                i += 1;
                j += 1;
            }
        }
    }
    dot
}
