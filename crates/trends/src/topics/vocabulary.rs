//! The terms that topics are made of, and how rare they are.

use super::is_topical;
use crate::hash::KeyMap;
use crate::terms::Terms;
use serde::{Deserialize, Serialize};

/// Terms by number, with the number of posts they stood in. Counts are halved now and then, so that what was frequent
/// last year is not for ever; terms that nobody says any more make room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    numbers: KeyMap<u64, u32>,
    /// Posts, and the term itself.
    terms: Vec<(f32, String)>,
    free: Vec<u32>,
    posts: f32,
    room: usize,
}

/// Counts are halved when so many posts stand behind them.
const HALVED: f32 = 1_000_000.0;

impl Vocabulary {
    pub(super) fn new(room: usize) -> Self {
        Self {
            numbers: KeyMap::default(),
            terms: Vec::new(),
            free: Vec::new(),
            posts: 0.0,
            room: room.max(1024),
        }
    }

    /// The unit vector of a post, after counting it: each term once, weighted by its rarity.
    pub(super) fn read(&mut self, terms: &Terms, vector: &mut Vec<(u32, f32)>) {
        vector.clear();
        self.posts += 1.0;
        for term in terms.list().iter().filter(|t| is_topical(t.kind)) {
            let number = match self.numbers.get(&term.key) {
                Some(number) => *number,
                None => self.number(term.key, terms.text(term)),
            };
            self.terms[number as usize].0 += 1.0;
            vector.push((number, self.rarity(number)));
        }
        let norm = vector.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|(_, w)| *w /= norm);
        if self.posts > HALVED {
            self.posts /= 2.0;
            self.terms.iter_mut().for_each(|(n, _)| *n /= 2.0);
        }
    }

    /// ln(1 + posts ÷ posts with the term), damped: a word that nobody else uses is a name, or a slip of the pen.
    fn rarity(&self, number: u32) -> f32 {
        (self.posts / self.terms[number as usize].0.max(0.5))
            .ln_1p()
            .powf(0.7)
    }

    fn number(&mut self, key: u64, text: String) -> u32 {
        if self.numbers.len() >= self.room {
            self.forget();
        }
        let number = match self.free.pop() {
            Some(number) => {
                self.terms[number as usize] = (0.0, text);
                number
            }
            None => {
                self.terms.push((0.0, text));
                self.terms.len() as u32 - 1
            }
        };
        self.numbers.insert(key, number);
        number
    }

    /// Frees the rarer half. A freed number that still stands in a centroid stands there for another term from then on;
    /// rare terms weigh little in centroids of many posts, and those of few are soon forgotten.
    fn forget(&mut self) {
        let mut counts: Vec<f32> = self.numbers.values().map(|n| self.terms[*n as usize].0).collect();
        let middle = counts.len() / 2;
        let (_, median, _) = counts.select_nth_unstable_by(middle, f32::total_cmp);
        let median = *median;
        let (terms, free) = (&mut self.terms, &mut self.free);
        self.numbers.retain(|_, n| {
            let (count, text) = &mut terms[*n as usize];
            let keep = *count > median;
            if !keep {
                text.clear();
                free.push(*n);
            }
            keep
        });
    }

    /// Posts with a term, and the term.
    pub(super) fn term(&self, number: u32) -> (f32, &str) {
        let (count, text) = &self.terms[number as usize];
        (*count, text)
    }

    pub(super) fn bytes(&self) -> usize {
        self.terms.iter().map(|(_, t)| t.capacity() + 32).sum::<usize>() + self.numbers.capacity() * 13
    }
}
