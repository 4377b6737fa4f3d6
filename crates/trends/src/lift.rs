//! Whether two things are named together more often than chance would have it.

use crate::Estimate;
use crate::intervals::Z;

/// The lift of two things over `whole` votes, of which `a` name the one, `b` the other and `both` the two together:
/// both × whole ÷ (a × b), 1 where they are independent, with its 95 % interval on the logarithm. Its variance by the
/// delta method for a multinomial sample (Agresti 2013, Categorical Data Analysis, 16.1):
/// 1/both − 1/a − 1/b − 1/whole + 2 both ÷ (a b). Half a vote is added to `both` within the interval alone, so that none
/// together has an upper end. `None` where either is never named.
pub fn lift(both: u64, a: u64, b: u64, whole: u64) -> Option<Estimate> {
    if a == 0 || b == 0 || whole == 0 {
        return None;
    }
    let (n11, a, b, n) = (both as f64, a as f64, b as f64, whole as f64);
    let value = n11 * n / (a * b);
    let smoothed = n11 + 0.5;
    let variance = 1.0 / smoothed - 1.0 / a - 1.0 / b - 1.0 / n + 2.0 * n11 / (a * b);
    let half = Z * variance.max(0.0).sqrt();
    let centre = smoothed * n / (a * b);
    Some(Estimate {
        value,
        low: if both == 0 {
            0.0
        } else {
            (centre * (-half).exp()).min(value)
        },
        high: (centre * half.exp()).max(value),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn independent_things_have_a_lift_of_one() {
        let e = lift(100, 1_000, 1_000, 10_000).unwrap_or_default();
        assert!(
            (e.value - 1.0).abs() < 1e-12 && e.low < 1.0 && e.high > 1.0,
            "{e:?}"
        );
    }

    #[test]
    fn the_interval_is_that_of_the_delta_method() {
        // √(1/60.5 − 1/200 − 1/300 − 1/5000 + 120/60000) = 0.0999; 60.5 × 5000 ÷ 60000 = 5.0417.
        let e = lift(60, 200, 300, 5_000).unwrap_or_default();
        assert!((e.value - 5.0).abs() < 1e-12, "{e:?}");
        assert!(
            (e.low - 4.1448).abs() < 5e-3 && (e.high - 6.1325).abs() < 5e-3,
            "{e:?}"
        );
    }

    #[test]
    fn none_together_has_an_upper_end_and_none_named_has_nothing() {
        let e = lift(0, 50, 50, 1_000).unwrap_or_default();
        assert!(e.value == 0.0 && e.low == 0.0 && e.high > 0.2, "{e:?}");
        assert_eq!(lift(0, 0, 50, 1_000), None);
    }
}
