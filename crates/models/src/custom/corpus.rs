//! The features of all rows, read once and used by every fold.

use crate::features::{FeatureSpec, Features};
use text::Tokens;

/// What the words' part reads. The buckets are many, so that hardly two n-grams share one; only those that occur are kept.
pub(super) const SPEC: FeatureSpec = FeatureSpec {
    bits: 24,
    word_ngrams: 2,
    char_min: 3,
    char_max: 5,
    social: true,
};

/// Rows as buckets of features: per row those of words, then those of characters.
#[derive(Debug, Default)]
pub(super) struct Corpus {
    starts: Vec<[usize; 2]>,
    buckets: Vec<u32>,
}

impl Corpus {
    pub(super) fn push(&mut self, tokens: &Tokens, features: &mut Features) {
        features.read(tokens, &SPEC);
        let at = self.buckets.len();
        self.buckets.extend_from_slice(features.words());
        self.starts.push([at, self.buckets.len()]);
        self.buckets.extend_from_slice(features.chars());
    }

    /// The buckets of a row's words and characters.
    pub(super) fn row(&self, row: u32) -> [&[u32]; 2] {
        let row = row as usize;
        let [start, chars] = self.starts[row];
        let end = self.starts.get(row + 1).map_or(self.buckets.len(), |s| s[0]);
        [&self.buckets[start..chars], &self.buckets[chars..end]]
    }
}
