//! The confusion matrix and what is read off it.

use serde::{Deserialize, Serialize};

/// Counts of answers by true and given class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    counts: Vec<u64>,
}

/// How well one class is told.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassQuality {
    /// Texts of the class.
    pub n: u64,
    /// Share of the answers of this class that are right; 0 where there is none.
    pub precision: f64,
    /// Share of the texts of this class that are found; 0 where there is none.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

impl Confusion {
    /// Counts of pairs of a true and a given class, each below `classes`; others are left out.
    pub fn of(classes: usize, pairs: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut counts = vec![0; classes * classes];
        for (truth, given) in pairs {
            let (truth, given) = (usize::from(truth), usize::from(given));
            if truth < classes && given < classes {
                counts[truth * classes + given] += 1;
            }
        }
        Self { classes, counts }
    }

    /// How many answers of `given` there are for texts of `truth`.
    pub fn count(&self, truth: usize, given: usize) -> u64 {
        self.counts[truth * self.classes + given]
    }

    /// Rows by true class, columns by given class.
    pub fn rows(&self) -> Vec<Vec<u64>> {
        self.counts
            .chunks(self.classes.max(1))
            .map(<[u64]>::to_vec)
            .collect()
    }

    /// Answers in all.
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Share of right answers; 0 for none.
    pub fn accuracy(&self) -> f64 {
        let right: u64 = (0..self.classes).map(|k| self.count(k, k)).sum();
        ratio(right, self.total())
    }

    /// Precision, recall and F1 of a class.
    pub fn class(&self, k: usize) -> ClassQuality {
        let n: u64 = (0..self.classes).map(|j| self.count(k, j)).sum();
        let given: u64 = (0..self.classes).map(|j| self.count(j, k)).sum();
        let right = self.count(k, k);
        ClassQuality {
            n,
            precision: ratio(right, given),
            recall: ratio(right, n),
            f1: ratio(2 * right, n + given),
        }
    }

    /// Mean F1 of the classes that occur among the truths.
    pub fn macro_f1(&self) -> f64 {
        self.mean(|c| c.f1)
    }

    /// Mean recall of the classes that occur among the truths.
    pub fn macro_recall(&self) -> f64 {
        self.mean(|c| c.recall)
    }

    fn mean(&self, of: impl Fn(ClassQuality) -> f64) -> f64 {
        let present: Vec<f64> = (0..self.classes)
            .map(|k| self.class(k))
            .filter(|c| c.n > 0)
            .map(of)
            .collect();
        present.iter().sum::<f64>() / present.len().max(1) as f64
    }
}

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}
