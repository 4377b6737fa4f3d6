//! Shares of classes among many posts, which counting the likeliest labels gets wrong.
//!
//! A classifier that errs moves every share toward those of its training data; how much is known from its answers on
//! labelled posts ([`Calibration`]). Two corrections are made from soft answers:
//! - *PACC* (Bella, Ferri, Hernández-Orallo and Ramírez-Quintana 2010): the mean probabilities of the sample are a
//!   mixture of those of the classes; the shares are the mixture's weights, found by least squares on the simplex;
//! - *EMQ* (Saerens, Latinne and Decaestecker 2002): the shares under which the posteriors agree with themselves.
//!
//! PACC is what is shown, with the interval of a bootstrap of the sample and of the calibration; where EMQ falls
//! outside that interval, the answer is marked as uncertain. Both hold for a shift of the shares only: posts of another
//! kind than the labelled ones need labels of their own.

mod bins;
mod calibration;
mod emq;
mod error;
mod groups;
mod known;
mod own;
mod random;
mod simplex;
mod sums;

pub use bins::SoftBins;
pub use calibration::{Calibration, ENOUGH, MAX_CELLS};
pub use error::QuantifyError;
pub use groups::{Grouped, Level, Quantifiers};
pub use known::Known;
pub use own::{OwnLabel, SHIPPED_WEIGHT};
pub(crate) use random::Random;
pub use sums::SoftSums;

use calibration::check;
use serde::{Deserialize, Serialize};
use simplex::least_squares;

/// The 97.5 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;
/// Posts below which counts are shown and no shares.
pub const MIN_SAMPLE: u64 = 30;
/// Rounds of the bootstrap; fewer where many classes make the matrices large.
const ROUNDS: usize = 400;
const FEWEST_ROUNDS: usize = 100;
/// Numbers that all resampled matrices may hold together.
const MAX_MATRICES: usize = 1 << 21;

/// The share of one class, as the command `quantify` prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The class.
    pub class: String,
    /// Its share of the posts, 0 to 1; none below [`MIN_SAMPLE`] posts.
    pub share: Option<f64>,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// `pacc`, or `counts` where there are too few posts for shares.
    pub method: String,
    /// Posts in all.
    pub n: u64,
    /// Posts of which this class is the likeliest, uncorrected.
    pub count: u64,
}

/// The shares of all classes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quantified {
    /// Posts.
    pub n: u64,
    /// By class.
    pub shares: Vec<Share>,
    /// The shares by EMQ, which needs the answer of each post or [`SoftBins`]; none from [`SoftSums`] or for few posts.
    pub emq: Option<Vec<f64>>,
    /// Whether EMQ falls outside an interval of PACC: the posts differ from the labelled ones in more than shares.
    /// Labelling 50 of them tells.
    pub uncertain: bool,
}

/// Tells shares with one calibration.
#[derive(Debug, Clone)]
pub struct Quantifier {
    calibration: Calibration,
    prior: Vec<f64>,
    matrix: Vec<f64>,
    covariances: Vec<Vec<f64>>,
    /// The matrix over resamplings of the calibration.
    resampled: Vec<Vec<f64>>,
    seed: u64,
}

impl Quantifier {
    /// Prepares a calibration. The same seed gives the same intervals.
    pub fn new(calibration: Calibration, seed: u64) -> Self {
        let k = calibration.labels().len();
        let rounds = (MAX_MATRICES / (k * k)).clamp(FEWEST_ROUNDS, ROUNDS);
        let by_class = calibration.by_class();
        let mut random = Random::new(seed);
        let resampled = (0..rounds).map(|_| calibration.resampled(&by_class, &mut random));
        Self {
            prior: calibration.prior(),
            matrix: calibration.matrix(),
            covariances: calibration.covariances(),
            resampled: resampled.collect(),
            calibration,
            seed,
        }
    }

    /// The same with labels of a project's own mixed into the matrix: `own::mixed` says how.
    #[must_use]
    pub fn mixed_with(&self, own: &[&OwnLabel], seed: u64) -> Self {
        if own.is_empty() {
            return self.clone();
        }
        let k = self.prior.len();
        let by_class = self.calibration.by_class();
        let mut random = Random::new(seed);
        let resampled =
            (0..self.resampled.len()).map(|_| own::resampled(&self.calibration, &by_class, own, &mut random));
        Self {
            resampled: resampled.collect(),
            matrix: own::mixed(&self.calibration.matrix(), &own::columns(k, own.iter().copied())),
            ..self.clone()
        }
    }

    /// What it was made of.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// The classes of which fewer than [`ENOUGH`] posts are labelled: intervals are wide because of them.
    pub fn weak(&self) -> Vec<&str> {
        let labels = self.calibration.labels().iter().map(String::as_str);
        let counts = self.calibration.counts();
        labels.zip(counts).filter(|l| l.1 < ENOUGH).map(|l| l.0).collect()
    }

    /// The shares among posts whose probabilities stand row by row in `soft`, in the order of the labels.
    pub fn shares(&self, soft: &[f32]) -> Result<Quantified, QuantifyError> {
        let k = self.prior.len();
        check(soft, k)?;
        let mut sums = SoftSums::new(k);
        soft.chunks_exact(k).try_for_each(|row| sums.add(row))?;
        if sums.n < MIN_SAMPLE {
            return Ok(self.counted(&sums));
        }
        let rows = sums.n as usize;
        let draw = |random: &mut Random| {
            let mut mean = vec![0.0; k];
            for _ in 0..rows {
                let at = random.below(rows) * k;
                mean.iter_mut()
                    .zip(&soft[at..at + k])
                    .for_each(|(m, &p)| *m += f64::from(p));
            }
            mean.iter_mut().for_each(|m| *m /= rows as f64);
            mean
        };
        let pacc = self.pacc(&mean(&sums));
        let out = self.with_interval(&sums, pacc, draw);
        Ok(out.beside(emq::emq(soft, None, &self.prior)))
    }

    /// The shares among posts whose answers were counted in bins, by both methods.
    pub fn shares_of_bins(&self, bins: &SoftBins) -> Result<Quantified, QuantifyError> {
        let out = self.shares_of_sums(&bins.sums)?;
        if bins.sums.n < MIN_SAMPLE {
            return Ok(out);
        }
        let (soft, weights) = bins.rows();
        Ok(out.beside(emq::emq(&soft, Some(&weights), &self.prior)))
    }

    /// The shares among posts of which only sums are kept. The sample's noise is that of a mixture of the labelled
    /// posts; EMQ is not to be had.
    pub fn shares_of_sums(&self, sums: &SoftSums) -> Result<Quantified, QuantifyError> {
        let k = self.prior.len();
        if sums.sums.len() != k || sums.counts.len() != k || sums.sums.iter().any(|s| !s.is_finite()) {
            return Err(QuantifyError::Classes(sums.sums.len()));
        }
        if sums.n < MIN_SAMPLE {
            return Ok(self.counted(sums));
        }
        let mean = mean(sums);
        let pacc = self.pacc(&mean);
        let factor = cholesky(&self.mixture_covariance(&pacc), k);
        let scale = 1.0 / (sums.n as f64).sqrt();
        let draw = |random: &mut Random| {
            let z: Vec<f64> = (0..k).map(|_| random.normal()).collect();
            let noise = |i: usize| (0..=i).map(|j| factor[i * k + j] * z[j]).sum::<f64>();
            mean.iter()
                .enumerate()
                .map(|(i, m)| m + scale * noise(i))
                .collect()
        };
        Ok(self.with_interval(sums, pacc, draw))
    }

    fn pacc(&self, mean: &[f64]) -> Vec<f64> {
        least_squares(&self.matrix, mean, None)
    }

    /// Covariance of the probabilities of a post drawn from a mixture of the classes.
    fn mixture_covariance(&self, shares: &[f64]) -> Vec<f64> {
        let k = shares.len();
        let column = |i: usize, j: usize| self.matrix[i * k + j];
        let mean: Vec<f64> = (0..k)
            .map(|i| (0..k).map(|j| column(i, j) * shares[j]).sum())
            .collect();
        let cell = |at: usize| {
            let (a, b) = (at / k, at % k);
            let within = |j: usize| self.covariances[j][at] + column(a, j) * column(b, j);
            (0..k).map(|j| shares[j] * within(j)).sum::<f64>() - mean[a] * mean[b]
        };
        (0..k * k).map(cell).collect()
    }

    fn with_interval(
        &self,
        sums: &SoftSums,
        pacc: Vec<f64>,
        draw: impl Fn(&mut Random) -> Vec<f64>,
    ) -> Quantified {
        let mut random = Random::new(self.seed ^ sums.n);
        let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(self.resampled.len()); pacc.len()];
        for matrix in &self.resampled {
            let shares = least_squares(matrix, &draw(&mut random), Some(&pacc));
            drawn.iter_mut().zip(shares).for_each(|(list, s)| list.push(s));
        }
        let share = |(k, list): (usize, &mut Vec<f64>)| {
            list.sort_unstable_by(f64::total_cmp);
            let (low, high) = by_chance(pacc[k], sums.n as f64);
            Share {
                share: Some(pacc[k]),
                low: Some(quantile(list, 0.025).min(low)),
                high: Some(quantile(list, 0.975).max(high)),
                method: "pacc".to_owned(),
                ..self.count(sums, k)
            }
        };
        Quantified {
            n: sums.n,
            shares: drawn.iter_mut().enumerate().map(share).collect(),
            emq: None,
            uncertain: false,
        }
    }

    fn counted(&self, sums: &SoftSums) -> Quantified {
        Quantified {
            n: sums.n,
            shares: (0..self.prior.len()).map(|k| self.count(sums, k)).collect(),
            emq: None,
            uncertain: false,
        }
    }

    fn count(&self, sums: &SoftSums, k: usize) -> Share {
        Share {
            class: self.calibration.labels()[k].clone(),
            share: None,
            low: None,
            high: None,
            method: "counts".to_owned(),
            n: sums.n,
            count: sums.counts[k],
        }
    }
}

impl Quantified {
    /// The same with what EMQ says beside it.
    fn beside(mut self, emq: Vec<f64>) -> Self {
        let outside = |(s, &e): (&Share, &f64)| s.low.is_some_and(|l| e < l) || s.high.is_some_and(|h| e > h);
        self.uncertain = self.shares.iter().zip(&emq).any(outside);
        self.emq = Some(emq);
        self
    }
}

/// Wilson's interval (1927) of a share of so many posts whose classes are known: no estimate is surer than that. Where one
/// stands at 0 or 1, most of the bootstrap stands there, too, and this is what its interval is then made of.
fn by_chance(share: f64, n: f64) -> (f64, f64) {
    let centre = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    let (low, high) = ((centre - half).max(0.0), (centre + half).min(1.0));
    (low.min(share), high.max(share))
}

fn mean(sums: &SoftSums) -> Vec<f64> {
    let n = sums.n.max(1) as f64;
    sums.sums.iter().map(|s| s / n).collect()
}

/// The q-quantile of sorted values, interpolated.
fn quantile(sorted: &[f64], q: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else {
        return 0.0;
    };
    let place = q * last as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    sorted[low] + (place - place.floor()) * (sorted[high] - sorted[low])
}

/// The lower factor of a covariance, which may be singular: probabilities sum to 1.
fn cholesky(matrix: &[f64], k: usize) -> Vec<f64> {
    let mut factor = vec![0.0f64; k * k];
    for j in 0..k {
        let known: f64 = (0..j).map(|c| factor[j * k + c] * factor[j * k + c]).sum();
        let pivot = matrix[j * k + j] - known;
        if pivot <= 1e-15 {
            continue;
        }
        let pivot = pivot.sqrt();
        factor[j * k + j] = pivot;
        for i in j + 1..k {
            let known: f64 = (0..j).map(|c| factor[i * k + c] * factor[j * k + c]).sum();
            factor[i * k + j] = (matrix[i * k + j] - known) / pivot;
        }
    }
    factor
}
