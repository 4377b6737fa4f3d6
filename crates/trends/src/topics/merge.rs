//! Bringing together what words alone could not.

use super::{REDIRECTS, Topics};

/// Topics looked at in one merge; their number enters with its square.
const MOST: usize = 1024;
/// The same, where their words are compared.
const BY_WORDS: usize = 200;
/// Numbers that a centroid is folded into.
const FOLDED: usize = 256;

impl Topics {
    /// Merges topics whose embeddings, one per topic, have a cosine of at least `similarity`, the nearest two first, until
    /// no two are so near (agglomerative, centroids weighted by posts). The older id survives. Gives who went into whom.
    /// Topics that are gone, and embeddings of different lengths, are passed over.
    pub fn merge(&mut self, embeddings: &[(u64, Vec<f32>)], similarity: f32) -> Vec<(u64, u64)> {
        let length = embeddings.first().map_or(0, |(_, e)| e.len());
        let mut open: Vec<(u64, Vec<f32>, f32)> = embeddings
            .iter()
            .filter(|(id, e)| {
                self.places.contains_key(id) && e.len() == length && e.iter().all(|x| x.is_finite())
            })
            .take(MOST)
            .map(|(id, e)| (*id, unit(e.clone()), self.posts(*id) as f32))
            .collect();
        open.sort_by_key(|(id, _, _)| *id);
        open.dedup_by_key(|(id, _, _)| *id);
        let mut gone = vec![false; open.len()];
        let mut nearest: Vec<(f32, usize)> =
            (0..open.len()).map(|i| nearest_after(&open, &gone, i)).collect();
        let mut merged = Vec::new();
        let of = |nearest: &[(f32, usize)]| {
            (0..nearest.len()).max_by(|a, b| nearest[*a].0.total_cmp(&nearest[*b].0))
        };
        while let Some(first) = of(&nearest) {
            let (cosine, second) = nearest[first];
            if cosine < similarity || second == usize::MAX {
                break;
            }
            let (from, other, weight) = open[second].clone();
            let (into, mine, own) = &mut open[first];
            for (m, o) in mine.iter_mut().zip(&other) {
                *m = *m * *own + o * weight;
            }
            *own += weight;
            *mine = unit(std::mem::take(mine));
            merged.push((from, *into));
            self.join(from, *into);
            gone[second] = true;
            nearest[second] = (f32::NEG_INFINITY, usize::MAX);
            // Only what was near to one of the two, or may be near to both together, has to be looked at again.
            for i in (0..open.len()).filter(|i| !gone[*i]) {
                if i == first || nearest[i].1 == first || nearest[i].1 == second {
                    nearest[i] = nearest_after(&open, &gone, i);
                } else if i < first {
                    let cosine = dot(&open[i].1, &open[first].1);
                    if cosine > nearest[i].0 {
                        nearest[i] = (cosine, first);
                    }
                }
            }
        }
        merged
    }

    /// The same by words, where there are no embeddings: the largest topics whose centroids are so alike. Topics drift
    /// toward each other as posts come that have words of both.
    pub fn merge_by_words(&mut self, similarity: f32) -> Vec<(u64, u64)> {
        let mut largest = self.alive();
        largest.sort_by_key(|id| (std::cmp::Reverse(self.posts(*id)), *id));
        largest.truncate(BY_WORDS);
        let centroids: Vec<(u64, Vec<f32>)> = largest
            .into_iter()
            .filter_map(|id| Some((id, self.folded(id)?)))
            .collect();
        self.merge(&centroids, similarity)
    }

    /// A centroid folded into few numbers, which keeps cosines up to noise (Weinberger et al. 2009, ICML).
    fn folded(&self, id: u64) -> Option<Vec<f32>> {
        let place = *self.places.get(&id)?;
        let topic = self.index.get(place).filter(|t| t.texts > 1)?;
        let mut out = vec![0.0; FOLDED];
        for (term, _) in &topic.terms {
            let hash = crate::hash::mix(u64::from(*term));
            let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
            out[hash as usize % FOLDED] += sign * self.index.weight(place, *term);
        }
        Some(out)
    }

    fn join(&mut self, from: u64, into: u64) {
        let (Some(old), Some(new)) = (self.places.remove(&from), self.places.get(&into).copied()) else {
            return;
        };
        self.index.merge(old, new, self.config.terms);
        if let Some(touched) = self.index.get(new).map(|t| t.touched) {
            // The queue knows the topic by its newest touch, which may be the other's.
            self.touched
                .iter_mut()
                .filter(|(n, _)| *n == touched)
                .for_each(|t| t.1 = new);
        }
        self.redirects.insert(from, into);
        while self.redirects.len() > REDIRECTS {
            self.redirects.pop_first();
        }
    }
}

/// The greatest cosine to one that stands behind and is there still, and where that is.
fn nearest_after(open: &[(u64, Vec<f32>, f32)], gone: &[bool], at: usize) -> (f32, usize) {
    let mut best = (f32::NEG_INFINITY, usize::MAX);
    for (place, (_, other, _)) in open.iter().enumerate().skip(at + 1) {
        if gone[place] {
            continue;
        }
        let cosine = dot(&open[at].1, other);
        if cosine > best.0 {
            best = (cosine, place);
        }
    }
    best
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let norm = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-12);
    vector.iter_mut().for_each(|x| *x /= norm);
    vector
}
