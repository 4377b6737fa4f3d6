//! How many of what is shown are meant, told by every judgment and by the model's view of what nobody judged.

use crate::intervals::{self, Estimate, Z};

/// Judged mentions below which nothing is told.
const LEAST: usize = 5;

/// The mentions of a monitor, each with the classifier's probability. Of judged ones it is that of a classifier which did
/// not see them.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pool<'a> {
    /// Those that nobody judged.
    pub open: &'a [f64],
    /// Those that were drawn at random, of themselves and of `open`, and whether they are meant.
    pub random: &'a [(f64, bool)],
    /// Those that were judged for what they are: they stand for themselves.
    pub picked: &'a [(f64, bool)],
}

/// The share of what reaches the threshold that is meant, with its 95 % interval. `None` below five judged mentions that
/// reach it, or where none of them was drawn at random.
///
/// The picked ones are a stratum of which all is known. Of the rest the classifier says how many it expects to be meant, and
/// the random ones say how far it is off: the difference estimator (Särndal, Swensson and Wretman 1992, *Model Assisted
/// Survey Sampling*, 6.3; as prediction-powered inference in Angelopoulos et al. 2023, *Science* 382:669). It is unbiased
/// however bad the classifier is, and the better it is, the less its errors scatter.
///
/// Of few random mentions the scatter seen is no measure of the scatter there is: one meant and one not meant are added to
/// them, as Agresti and Coull do for a share, it is taken to be no less than the classifier itself expects, and Student's
/// quantile stands for the normal one. The ends are Wilson's at the number of mentions that would give this variance, which
/// holds them within 0 and 1.
pub fn share_meant(pool: &Pool<'_>, threshold: f64) -> Option<Estimate> {
    let shown = |all: &[(f64, bool)]| -> Vec<(f64, f64)> {
        let reaching = all.iter().filter(|(p, _)| *p >= threshold);
        reaching.map(|(p, y)| (*p, f64::from(u8::from(*y)))).collect()
    };
    let (random, picked) = (shown(pool.random), shown(pool.picked));
    if random.is_empty() || random.len() + picked.len() < LEAST {
        return None;
    }
    let open: Vec<f64> = pool.open.iter().copied().filter(|p| *p >= threshold).collect();
    let rest = (open.len() + random.len()) as f64;
    let all = rest + picked.len() as f64;
    let expected = (open.iter().sum::<f64>() + random.iter().map(|(p, _)| p).sum::<f64>()) / rest;

    let drawn_or_open = open.iter().chain(random.iter().map(|(p, _)| p));
    let doubt = drawn_or_open.map(|p| p * (1.0 - p)).sum::<f64>() / rest;
    let errors = Mean::of(random.iter().map(|(p, y)| y - p), expected, doubt);
    let of_rest = (expected + errors.value).clamp(0.0, 1.0);
    // What was drawn is known; only the others are guessed at.
    let drawn = random.len() as f64;
    let variance = errors.variance * (1.0 - drawn / rest) * (rest / all).powi(2);
    let meant = picked.iter().map(|(_, y)| y).sum::<f64>() + of_rest * rest;
    let value = meant / all;
    let freedom = drawn + 1.0;
    let student = 1.0 + (Z * Z + 1.0) / (4.0 * freedom);
    let drawn_in = (value * drawn + 1.0) / (drawn + 2.0);
    let n = drawn_in * (1.0 - drawn_in) / (variance * student * student).max(1e-12);
    Some(intervals::weighted_share(value, n.min(all)))
}

/// A mean and the variance of it.
struct Mean {
    value: f64,
    variance: f64,
}

impl Mean {
    /// Of values with one meant and one not meant added in the scatter, where `expected` was expected; each scatters by
    /// `least` or more.
    fn of(values: impl Iterator<Item = f64> + Clone, expected: f64, least: f64) -> Self {
        let n = values.clone().count() as f64;
        let value = values.clone().sum::<f64>() / n;
        let scatter: f64 = values.map(|v| (v - value) * (v - value)).sum();
        let added = (1.0 - expected).powi(2) + expected.powi(2);
        Self {
            value,
            variance: ((scatter + added) / (n + 1.0)).max(least) / n,
        }
    }
}
