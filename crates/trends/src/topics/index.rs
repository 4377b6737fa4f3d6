//! Centroids, and which of them hold a term.

use super::Sample;
use serde::{Deserialize, Serialize};

/// A topic that is alive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Topic {
    pub(super) id: u64,
    /// Posts, copies included.
    pub(super) posts: u64,
    /// Posts whose words were read.
    pub(super) texts: u32,
    /// Number of the post that touched it last.
    pub(super) touched: u64,
    pub(super) samples: Vec<Sample>,
    /// Terms of the centroid with the posts they stood in; their weights are in the index.
    pub(super) terms: Vec<(u32, u32)>,
    square: f32,
}

/// A centroid is the sum of its posts' unit vectors. Weights stand by term, so that only the topics that share a term
/// with a post are looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Index {
    topics: Vec<Option<Topic>>,
    free: Vec<u32>,
    /// Topic and weight, by term.
    postings: Vec<Vec<(u32, f32)>>,
    #[serde(skip)]
    dots: Vec<f32>,
    #[serde(skip)]
    near: Vec<u32>,
}

impl Index {
    pub(super) fn get(&self, place: u32) -> Option<&Topic> {
        self.topics.get(place as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut Topic> {
        self.topics.get_mut(place as usize)?.as_mut()
    }

    pub(super) fn begin(&mut self, id: u64) -> u32 {
        let topic = Topic {
            id,
            posts: 0,
            texts: 0,
            touched: 0,
            samples: Vec::new(),
            terms: Vec::new(),
            square: 0.0,
        };
        match self.free.pop() {
            Some(place) => {
                self.topics[place as usize] = Some(topic);
                place
            }
            None => {
                self.topics.push(Some(topic));
                self.topics.len() as u32 - 1
            }
        }
    }

    /// The topic whose centroid has the greatest cosine to the vector, of at least `least`.
    pub(super) fn nearest(&mut self, vector: &[(u32, f32)], least: f32) -> Option<u32> {
        self.dots.resize(self.topics.len(), 0.0);
        for &(term, weight) in vector {
            let Some(postings) = self.postings.get(term as usize) else {
                continue;
            };
            for &(place, other) in postings {
                let dot = &mut self.dots[place as usize];
                if *dot == 0.0 {
                    self.near.push(place);
                }
                *dot += weight * other;
            }
        }
        let mut best = (least, None);
        for place in self.near.drain(..) {
            let dot = std::mem::take(&mut self.dots[place as usize]);
            let square = self.topics[place as usize].as_ref().map_or(0.0, |t| t.square);
            let cosine = dot / square.max(1e-12).sqrt();
            if cosine >= best.0 && (cosine > best.0 || best.1.is_none_or(|b| place < b)) {
                best = (cosine, Some(place));
            }
        }
        best.1
    }

    /// Adds a post's vector to a centroid, which keeps `most` terms.
    pub(super) fn add(&mut self, place: u32, vector: &[(u32, f32)], most: usize) {
        let Some(topic) = self.topics[place as usize].as_mut() else {
            return;
        };
        topic.texts += 1;
        for &(term, weight) in vector {
            if self.postings.len() <= term as usize {
                self.postings.resize_with(term as usize + 1, Vec::new);
            }
            let postings = &mut self.postings[term as usize];
            match postings.iter_mut().find(|(p, _)| *p == place) {
                Some((_, sum)) => {
                    topic.square += weight * (2.0 * *sum + weight);
                    *sum += weight;
                    if let Some((_, count)) = topic.terms.iter_mut().find(|(t, _)| *t == term) {
                        *count += 1;
                    }
                }
                None => {
                    topic.square += weight * weight;
                    postings.push((place, weight));
                    topic.terms.push((term, 1));
                }
            }
        }
        if topic.terms.len() > most + most / 2 {
            self.prune(place, most);
        }
    }

    /// Weight of a term in a centroid.
    pub(super) fn weight(&self, place: u32, term: u32) -> f32 {
        let postings = self.postings.get(term as usize);
        postings
            .and_then(|p| p.iter().find(|(at, _)| *at == place))
            .map_or(0.0, |(_, w)| *w)
    }

    /// The cosine of two centroids.
    pub(super) fn cosine(&self, a: u32, b: u32) -> f32 {
        let (Some(first), Some(second)) = (self.get(a), self.get(b)) else {
            return 0.0;
        };
        let dot: f32 = first
            .terms
            .iter()
            .map(|(t, _)| match second.terms.iter().any(|(o, _)| o == t) {
                true => self.weight(a, *t) * self.weight(b, *t),
                false => 0.0,
            })
            .sum();
        dot / (first.square * second.square).max(1e-12).sqrt()
    }

    /// Everything of `from` goes into `into`.
    pub(super) fn merge(&mut self, from: u32, into: u32, most: usize) {
        let Some(old) = self.get(from).cloned() else {
            return;
        };
        for (term, count) in &old.terms {
            let weight = self.weight(from, *term);
            let postings = &mut self.postings[*term as usize];
            let Some(topic) = self.topics[into as usize].as_mut() else {
                return;
            };
            match postings.iter_mut().find(|(p, _)| *p == into) {
                Some((_, sum)) => {
                    topic.square += weight * (2.0 * *sum + weight);
                    *sum += weight;
                    if let Some((_, all)) = topic.terms.iter_mut().find(|(t, _)| t == term) {
                        *all += count;
                    }
                }
                None => {
                    topic.square += weight * weight;
                    postings.push((into, weight));
                    topic.terms.push((*term, *count));
                }
            }
        }
        self.end(from);
        if let Some(topic) = self.topics[into as usize].as_mut() {
            topic.posts += old.posts;
            topic.texts += old.texts;
            topic.touched = topic.touched.max(old.touched);
            topic.samples.extend(old.samples);
            topic.samples.truncate(super::SAMPLES);
        }
        self.prune(into, most);
    }

    /// Forgets a topic.
    pub(super) fn end(&mut self, place: u32) {
        let Some(topic) = self.topics[place as usize].take() else {
            return;
        };
        for (term, _) in topic.terms {
            self.postings[term as usize].retain(|(p, _)| *p != place);
        }
        self.free.push(place);
    }

    fn prune(&mut self, place: u32, most: usize) {
        let Some(mut topic) = self.topics[place as usize].take() else {
            return;
        };
        let mut weighed: Vec<(f32, u32, u32)> = topic
            .terms
            .iter()
            .map(|(t, n)| (self.weight(place, *t), *t, *n))
            .collect();
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (weight, term, _) in weighed.iter().skip(most) {
            topic.square -= weight * weight;
            self.postings[*term as usize].retain(|(p, _)| *p != place);
        }
        topic.terms = weighed.iter().take(most).map(|(_, t, n)| (*t, *n)).collect();
        self.topics[place as usize] = Some(topic);
    }

    pub(super) fn bytes(&self) -> usize {
        let topics = self.topics.iter().flatten();
        let held = topics.map(|t| 120 + t.terms.capacity() * 8 + t.samples.len() * 80);
        held.sum::<usize>() + self.postings.iter().map(|p| 24 + p.capacity() * 8).sum::<usize>()
    }
}
