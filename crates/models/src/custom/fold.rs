//! Cross-validation: the values of every row by models of the other folds.

use super::corpus::Corpus;
use super::mix::Values;
use super::states::{Embeddings, States};
use super::words::Words;

/// What is learnt from.
pub(super) struct Learning<'a> {
    pub(super) corpus: &'a Corpus,
    pub(super) embeddings: Option<&'a Embeddings>,
    pub(super) classes: &'a [u16],
    /// How much each row counts.
    pub(super) costs: &'a [f32],
    pub(super) labels: usize,
    pub(super) seed: u64,
}

impl Learning<'_> {
    pub(super) fn words(&self, rows: &[u32]) -> Words<f32> {
        Words::fit(
            self.corpus,
            rows,
            self.classes,
            self.costs,
            self.labels,
            self.seed,
        )
    }

    pub(super) fn states(&self, rows: &[u32]) -> Option<States> {
        let all = self.embeddings?;
        Some(States::fit(
            all,
            rows,
            self.classes,
            self.costs,
            self.labels,
            self.seed,
        ))
    }

    /// The values of all rows, each by a model that has not seen its fold; `None` where `progress` said not to go on.
    pub(super) fn validate(
        &self,
        folds: &[u8],
        count: usize,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Option<Values> {
        let n = self.classes.len();
        let mut out = Values {
            words: vec![Vec::new(); n],
            states: self.embeddings.map(|_| vec![Vec::new(); n]),
        };
        let mut one = Vec::new();
        for fold in 0..count {
            if !progress(fold) {
                return None;
            }
            let (held, rows): (Vec<u32>, Vec<u32>) =
                (0..n as u32).partition(|&r| usize::from(folds[r as usize]) == fold);
            if held.is_empty() {
                continue;
            }
            let words = self.words(&rows);
            for &row in &held {
                words.values(self.corpus.row(row), self.labels, &mut out.words[row as usize]);
            }
            let (Some(states), Some(all), Some(values)) =
                (self.states(&rows), self.embeddings, &mut out.states)
            else {
                continue;
            };
            for &row in &held {
                states.values(
                    all.post(row as usize),
                    self.labels,
                    &mut one,
                    &mut values[row as usize],
                );
            }
        }
        Some(out)
    }
}
