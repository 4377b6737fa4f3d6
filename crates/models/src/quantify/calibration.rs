//! What is known of a classifier's errors: its soft answers on posts of known class.

use super::{QuantifyError, random::Random};
use serde::{Deserialize, Serialize};

/// Cells (posts × classes) a calibration may hold.
pub const MAX_CELLS: usize = 1 << 24;
/// Posts of a class from which on its column of the matrix is taken as well known.
pub const ENOUGH: usize = 100;

/// Soft answers on posts whose class is known, not seen in training: out-of-fold predictions of the whole pipeline, or a
/// labelled set of its own. (With features fitted on all the data, the matrix flatters the classifier and the shares
/// get worse than counting.)
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Calibration {
    labels: Vec<String>,
    truth: Vec<u16>,
    /// Rows of one probability per label.
    soft: Vec<f32>,
}

#[derive(Deserialize)]
struct Raw {
    labels: Vec<String>,
    truth: Vec<u16>,
    soft: Vec<f32>,
}

impl TryFrom<Raw> for Calibration {
    type Error = QuantifyError;

    fn try_from(raw: Raw) -> Result<Self, QuantifyError> {
        Self::new(raw.labels, raw.truth, raw.soft)
    }
}

impl Calibration {
    /// `truth` holds the class of each post, `soft` a probability per post and label, post by post. Every class needs
    /// a post.
    pub fn new(labels: Vec<String>, truth: Vec<u16>, soft: Vec<f32>) -> Result<Self, QuantifyError> {
        let k = labels.len();
        if k < 2 {
            return Err(QuantifyError::Classes(k));
        }
        if soft.len() != truth.len() * k || soft.len() > MAX_CELLS {
            return Err(QuantifyError::Size {
                posts: truth.len(),
                classes: k,
                cells: soft.len(),
            });
        }
        check(&soft, k)?;
        let mut counts = vec![0usize; k];
        for &t in &truth {
            *counts
                .get_mut(usize::from(t))
                .ok_or(QuantifyError::Classes(usize::from(t) + 1))? += 1;
        }
        if let Some(k) = counts.iter().position(|&n| n == 0) {
            return Err(QuantifyError::Unlabelled(labels[k].clone()));
        }
        Ok(Self { labels, truth, soft })
    }

    /// The classes in the order of the probabilities.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The number of posts.
    pub fn len(&self) -> usize {
        self.truth.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.truth.is_empty()
    }

    /// The true class of each post.
    pub fn truth(&self) -> &[u16] {
        &self.truth
    }

    /// The probabilities, post by post.
    pub fn soft(&self) -> &[f32] {
        &self.soft
    }

    /// Posts of each class.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.labels.len()];
        self.truth.iter().for_each(|&t| counts[usize::from(t)] += 1);
        counts
    }

    /// Shares of the classes here: the prior under which the probabilities were learned.
    pub fn prior(&self) -> Vec<f64> {
        let n = self.len() as f64;
        self.counts().iter().map(|&c| c as f64 / n).collect()
    }

    /// The matrix of PACC (Bella and others 2010): row i, column j is the mean probability of class i over the posts
    /// of class j.
    pub fn matrix(&self) -> Vec<f64> {
        self.matrix_of(0..self.len())
    }

    /// The same over a resampling of the posts of each class.
    pub(crate) fn resampled(&self, by_class: &[Vec<usize>], random: &mut Random) -> Vec<f64> {
        let draw = by_class
            .iter()
            .flat_map(|posts| std::iter::repeat_n(posts, posts.len()))
            .map(|posts| posts[random.below(posts.len())]);
        self.matrix_of(draw)
    }

    fn matrix_of(&self, posts: impl Iterator<Item = usize>) -> Vec<f64> {
        let k = self.labels.len();
        // Summed by class first, so that the probabilities of a post are added in one run.
        let mut sums = vec![0.0f64; k * k];
        let mut counts = vec![0.0f64; k];
        for post in posts {
            let class = usize::from(self.truth[post]);
            counts[class] += 1.0;
            let row = &self.soft[post * k..(post + 1) * k];
            for (s, &p) in sums[class * k..(class + 1) * k].iter_mut().zip(row) {
                *s += f64::from(p);
            }
        }
        let mean = |i: usize, j: usize| sums[j * k + i] / counts[j].max(1.0);
        (0..k * k).map(|at| mean(at / k, at % k)).collect()
    }

    /// The posts of each class.
    pub(crate) fn by_class(&self) -> Vec<Vec<usize>> {
        let mut posts = vec![Vec::new(); self.labels.len()];
        for (i, &t) in self.truth.iter().enumerate() {
            posts[usize::from(t)].push(i);
        }
        posts
    }

    /// The covariance of the probabilities within each class, k × k a class.
    pub(crate) fn covariances(&self) -> Vec<Vec<f64>> {
        let k = self.labels.len();
        let matrix = self.matrix();
        let mut out = vec![vec![0.0; k * k]; k];
        for (row, &t) in self.soft.chunks_exact(k).zip(&self.truth) {
            let class = usize::from(t);
            let gap: Vec<f64> = (0..k)
                .map(|i| f64::from(row[i]) - matrix[i * k + class])
                .collect();
            for (i, a) in gap.iter().enumerate() {
                for (o, b) in out[class][i * k..(i + 1) * k].iter_mut().zip(&gap) {
                    *o += a * b;
                }
            }
        }
        for (covariance, n) in out.iter_mut().zip(self.counts()) {
            let n = (n as f64 - 1.0).max(1.0);
            covariance.iter_mut().for_each(|c| *c /= n);
        }
        out
    }
}

/// Whether rows of `k` are probabilities: finite, not negative, a sum of 1 within 2 %.
pub(crate) fn check(soft: &[f32], k: usize) -> Result<(), QuantifyError> {
    let bad = |row: &[f32]| {
        let sum: f32 = row.iter().sum();
        !row.iter().all(|p| p.is_finite() && *p >= 0.0) || (sum - 1.0).abs() > 0.02
    };
    if !soft.len().is_multiple_of(k) {
        return Err(QuantifyError::Size {
            posts: soft.len() / k,
            classes: k,
            cells: soft.len(),
        });
    }
    match soft.chunks_exact(k).position(bad) {
        Some(row) => Err(QuantifyError::Probabilities { row }),
        None => Ok(()),
    }
}
