//! The middle of some times.

use crate::Estimate;

/// The median of values with a 95 % interval between two of them, whatever their distribution: the number below the
/// median is binomial with ½ (Conover 1999, Practical Nonparametric Statistics, 3.2). Sorts the values. The ends are
/// `None` below six values, of which no two hold the median so surely; the median itself is `None` without any.
pub fn median(values: &mut [f64]) -> Option<(f64, Option<Estimate>)> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let middle = match n {
        0 => return None,
        _ if n % 2 == 1 => values[n / 2],
        _ => f64::midpoint(values[n / 2 - 1], values[n / 2]),
    };
    let interval = rank(n).map(|rank| Estimate {
        value: middle,
        low: values[rank - 1],
        high: values[n - rank],
    });
    Some((middle, interval))
}

/// The largest rank from 1 on such that the median lies between the value of this rank and that of the same rank from
/// above with at least 95 %.
fn rank(n: usize) -> Option<usize> {
    // P(Bin(n, ½) < rank) ≤ 2.5 %, in logarithms, so that no power runs out.
    let mut term = -(n as f64) * std::f64::consts::LN_2;
    let mut below = 0.0;
    for k in 0..n {
        below += term.exp();
        if below > 0.025 {
            return (k > 0).then_some(k);
        }
        term += ((n - k) as f64 / (k + 1) as f64).ln();
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ranks_are_those_of_the_tables() {
        // Conover 1999, table A3, and Hollander and Wolfe 1999.
        for (n, expected) in [
            (5, None),
            (6, Some(1)),
            (8, Some(1)),
            (10, Some(2)),
            (20, Some(6)),
            (100, Some(40)),
        ] {
            assert_eq!(rank(n), expected, "{n}");
        }
        assert!(rank(1_000_000).is_some_and(|r| (498_000..500_000).contains(&r)));
    }

    #[test]
    fn few_values_have_a_median_alone() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0, 1.0]), Some((2.0, None)));
        let (middle, interval) = median(&mut [5.0, 1.0, 9.0, 3.0, 7.0, 2.0]).unwrap();
        let interval = interval.unwrap();
        assert_eq!((middle, interval.low, interval.high), (4.0, 1.0, 9.0));
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_median(mut values in proptest::collection::vec(-1e6f64..1e6, 1..300)) {
            let (middle, interval) = median(&mut values).unwrap();
            let below = values.iter().filter(|v| **v < middle).count();
            let above = values.iter().filter(|v| **v > middle).count();
            prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
            if let Some(e) = interval {
                prop_assert!(e.low <= middle && middle <= e.high);
            }
        }
    }
}
