//! Texts as the trainer sees them: rows of a table of weights, and with what factor each counts.

use crate::features::Features;
use crate::linear::norm;

/// Where the group of a feature stands beside its row.
const SHIFT: u32 = 30;
const ROW: u32 = (1 << SHIFT) - 1;
const CHARS: u32 = 0;
const WORDS: u32 = 1 << SHIFT;
const EXTRA: u32 = 2 << SHIFT;

/// Texts, each a list of rows in three groups with a factor each, and a few dense values.
#[derive(Debug)]
pub struct Examples {
    starts: Vec<usize>,
    /// Group and row, sorted by row, so that what recurs within a text is together.
    rows: Vec<u32>,
    /// Per text the factor of its characters, words and extra features.
    factors: Vec<[f32; 3]>,
    dense: Vec<f32>,
    dense_width: usize,
    word_weight: f32,
}

impl Examples {
    /// None yet; word features will count `word_weight` times a character feature.
    pub fn new(word_weight: f32) -> Self {
        Self::with_dense(word_weight, 0)
    }

    /// As [`Examples::new`], with `dense_width` dense values a text.
    pub fn with_dense(word_weight: f32, dense_width: usize) -> Self {
        Self {
            starts: vec![0],
            rows: Vec::new(),
            factors: Vec::new(),
            dense: Vec::new(),
            dense_width,
            word_weight,
        }
    }

    /// Adds a text.
    pub fn push(&mut self, features: &Features) {
        self.push_with(features, &[], 0.0, &[]);
    }

    /// Adds a text with further rows, whose vector is given the length `length`, and its dense values.
    pub fn push_with(&mut self, features: &Features, extra: &[u32], length: f32, dense: &[f32]) {
        let of = [features.words().len(), features.chars().len()];
        self.push_rows(features.words(), features.chars(), of, extra, length, dense);
    }

    /// As [`Examples::push_with`], with the rows of its words and characters, and how many of each the text has with those
    /// that have no row.
    pub(crate) fn push_rows(
        &mut self,
        words: &[u32],
        chars: &[u32],
        of: [usize; 2],
        extra: &[u32],
        length: f32,
        dense: &[f32],
    ) {
        debug_assert_eq!(dense.len(), self.dense_width);
        let at = self.rows.len();
        self.rows.extend(words.iter().map(|b| b | WORDS));
        self.rows.extend(chars.iter().map(|b| b | CHARS));
        self.rows.extend(extra.iter().map(|b| b | EXTRA));
        self.rows[at..].sort_unstable_by_key(|b| (b & ROW, *b));
        let norm = norm(of[0], of[1], self.word_weight);
        let extra = length / (extra.len() as f32).sqrt().max(1.0);
        self.starts.push(self.rows.len());
        self.factors.push([1.0 / norm, self.word_weight / norm, extra]);
        self.dense.extend_from_slice(dense);
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.factors.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.factors.is_empty()
    }

    /// Dense values of a text.
    pub fn dense_width(&self) -> usize {
        self.dense_width
    }

    /// The dense values of a text.
    pub fn dense(&self, i: usize) -> &[f32] {
        &self.dense[i * self.dense_width..(i + 1) * self.dense_width]
    }

    /// The rows of a text with their factors; a row may come several times.
    pub fn features(&self, i: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let factors = self.factors[i];
        self.of(i)
            .iter()
            .map(move |&b| ((b & ROW) as usize, factors[(b >> SHIFT) as usize]))
    }

    /// The rows of a text with the sum of their factors, each once.
    pub fn summed(&self, i: usize) -> impl Iterator<Item = (usize, f32)> + '_ {
        let factors = self.factors[i];
        self.of(i).chunk_by(|a, b| a & ROW == b & ROW).map(move |run| {
            let sum = run.iter().map(|b| factors[(b >> SHIFT) as usize]).sum();
            ((run[0] & ROW) as usize, sum)
        })
    }

    fn of(&self, i: usize) -> &[u32] {
        &self.rows[self.starts[i]..self.starts[i + 1]]
    }
}
