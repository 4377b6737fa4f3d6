//! Agreement beyond chance.

use crate::intervals::Z;
use crate::{Estimate, MIN_SAMPLE};

/// Cohen's kappa (1960, Educational and Psychological Measurement 20:37) of two that label the same things, with its
/// 95 % interval by the large-sample variance of Fleiss, Cohen and Everitt (1969, Psychological Bulletin 72:323).
/// `table[i][j]` counts what the first calls i and the second j. Not told below 30, nor where chance alone would agree
/// always.
pub fn kappa<const N: usize>(table: &[[u64; N]; N]) -> Option<Estimate> {
    let total: u64 = table.iter().flatten().sum();
    if total < MIN_SAMPLE {
        return None;
    }
    let n = total as f64;
    let p = |i: usize, j: usize| table[i][j] as f64 / n;
    let row: Vec<f64> = (0..N).map(|i| (0..N).map(|j| p(i, j)).sum()).collect();
    let column: Vec<f64> = (0..N).map(|j| (0..N).map(|i| p(i, j)).sum()).collect();
    let observed: f64 = (0..N).map(|i| p(i, i)).sum();
    let chance: f64 = (0..N).map(|i| row[i] * column[i]).sum();
    if chance >= 1.0 {
        return None;
    }
    let value = (observed - chance) / (1.0 - chance);
    let mut sum = 0.0;
    for i in 0..N {
        for j in 0..N {
            sum += match i == j {
                true => p(i, i) * (1.0 - (row[i] + column[i]) * (1.0 - value)).powi(2),
                false => (1.0 - value).powi(2) * p(i, j) * (column[i] + row[j]).powi(2),
            };
        }
    }
    let variance = (sum - (value - chance * (1.0 - value)).powi(2)) / (n * (1.0 - chance).powi(2));
    let half = Z * variance.max(0.0).sqrt();
    Some(Estimate {
        value,
        low: (value - half).max(-1.0),
        high: (value + half).min(1.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kappa_is_as_published() {
        let k = kappa(&[[20, 5], [10, 15]]).expect("enough");
        assert!((k.value - 0.4).abs() < 1e-12);
        // Standard errors 0.1270 and 0.0228; resampling the second table 2,000 times gives 0.0232.
        assert!(
            (k.low - 0.1511).abs() < 1e-4 && (k.high - 0.6489).abs() < 1e-4,
            "{k:?}"
        );
        let k = kappa(&[[200, 40, 10], [30, 300, 50], [5, 60, 150]]).expect("enough");
        assert!(
            (k.value - 0.6403).abs() < 1e-4 && (k.high - k.value - 0.0446).abs() < 1e-4,
            "{k:?}"
        );
        let all = kappa(&[[20, 0], [0, 20]]).expect("enough");
        assert_eq!((all.value, all.low, all.high), (1.0, 1.0, 1.0));
        assert_eq!(kappa(&[[10, 0], [0, 10]]), None, "too few");
        assert_eq!(kappa(&[[40, 0], [0, 0]]), None, "chance would agree always");
    }
}
