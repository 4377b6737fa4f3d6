//! What a project knows of the mistakes on its own posts, mixed with what is known of them at large.

use super::calibration::Calibration;
use super::random::Random;

/// What the matrix that comes with the program weighs, in labelled posts of a class: so many labels of a project's own
/// move a column halfway.
pub const SHIPPED_WEIGHT: f64 = 30.0;

/// A labelled post of a project.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnLabel {
    /// Its language.
    pub lang: String,
    /// Its platform.
    pub platform: String,
    /// The place of its true class among the labels.
    pub truth: u16,
    /// The probability of each label, as the model gave it.
    pub soft: Vec<f32>,
    /// What it weighs: labels drawn at random weigh 1 in the mean, each in proportion to the posts it stands for; others
    /// weigh less, for nobody knows what they stand for.
    pub weight: f64,
}

/// The labels of a class: their weighted mean and what they weigh.
pub(super) struct Column {
    mean: Vec<f64>,
    /// Σw, or where that is less (Σw)² ÷ Σw²: the number of equally weighted posts that would say as much (Kish 1965,
    /// Survey Sampling).
    effective: f64,
}

pub(super) fn columns<'l>(classes: usize, own: impl Iterator<Item = &'l OwnLabel>) -> Vec<Column> {
    let mut sums = vec![(vec![0.0; classes], 0.0f64, 0.0f64); classes];
    for label in own.filter(|l| l.soft.len() == classes && l.weight > 0.0) {
        let Some((sum, weights, squares)) = sums.get_mut(usize::from(label.truth)) else {
            continue;
        };
        *weights += label.weight;
        *squares += label.weight * label.weight;
        for (s, &p) in sum.iter_mut().zip(&label.soft) {
            *s += label.weight * f64::from(p);
        }
    }
    let column = |(sum, weights, squares): (Vec<f64>, f64, f64)| Column {
        mean: sum
            .into_iter()
            .map(|s| s / weights.max(f64::MIN_POSITIVE))
            .collect(),
        effective: match squares > 0.0 {
            true => (weights * weights / squares).min(weights),
            false => 0.0,
        },
    };
    sums.into_iter().map(column).collect()
}

/// The mixed matrix. Column j is `(n_j · P_j + s · M_j) ÷ (n_j + s)`: `P_j` the project's weighted mean over its `n_j`
/// labels of class j (by what they weigh), `M_j` the shipped column, `s` = [`SHIPPED_WEIGHT`].
pub(super) fn mixed(matrix: &[f64], columns: &[Column]) -> Vec<f64> {
    let k = columns.len();
    let cell = |at: usize| {
        let (i, j) = (at / k, at % k);
        let column = &columns[j];
        (column.effective * column.mean[i] + SHIPPED_WEIGHT * matrix[at])
            / (column.effective + SHIPPED_WEIGHT)
    };
    (0..k * k).map(cell).collect()
}

/// The mixed matrix over a resampling of both.
pub(super) fn resampled(
    shipped: &Calibration,
    by_class: &[Vec<usize>],
    own: &[&OwnLabel],
    random: &mut Random,
) -> Vec<f64> {
    let matrix = shipped.resampled(by_class, random);
    let k = by_class.len();
    let of_class = |class: usize| -> Vec<&OwnLabel> {
        let is_of = |l: &&&OwnLabel| usize::from(l.truth) == class;
        own.iter().filter(is_of).copied().collect()
    };
    let mut drawn = Vec::with_capacity(own.len());
    for class in 0..k {
        let labels = of_class(class);
        drawn.extend((0..labels.len()).map(|_| labels[random.below(labels.len())]));
    }
    mixed(&matrix, &columns(k, drawn.into_iter()))
}
