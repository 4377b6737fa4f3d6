//! Intervals of shares.

/// A figure with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// The 97.5 % point of the standard normal distribution.
pub const Z: f64 = 1.959_963_985;
/// Below this many, only counts are shown.
pub const MIN_SAMPLE: u64 = 30;

/// A share with its 95 % interval: Wilson's score interval (Wilson 1927, JASA 22:209), which stays inside 0 to 1 and
/// is honest for small counts.
pub fn share(part: u64, whole: u64) -> Option<Estimate> {
    if whole < MIN_SAMPLE {
        return None;
    }
    Some(weighted_share(part as f64 / whole as f64, whole as f64))
}

/// A share `p` with Wilson's interval for `n` equally weighted posts, which need not be a whole number: of weighted posts it
/// is (Σw)² ÷ Σw² (Kish 1965, Survey Sampling).
pub fn weighted_share(p: f64, n: f64) -> Estimate {
    let centre = (p + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    Estimate {
        value: p,
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    }
}

/// (positive − negative) ÷ scored with its 95 % interval: the difference of two shares of one multinomial sample has
/// the variance (p₊ + p₋ − (p₊ − p₋)²) ÷ n. The counts are taken after adding one to each class (Agresti and Min
/// 2005, Statistics in Medicine 24:729), which keeps the interval honest near the ends; the value itself is the plain
/// one.
pub fn net_sentiment(negative: u64, neutral: u64, positive: u64) -> Option<Estimate> {
    let scored = negative + neutral + positive;
    if scored < MIN_SAMPLE {
        return None;
    }
    let value = (positive as f64 - negative as f64) / scored as f64;
    let n = scored as f64 + 3.0;
    let (up, down) = ((positive as f64 + 1.0) / n, (negative as f64 + 1.0) / n);
    let centre = up - down;
    let half = Z * ((up + down - centre * centre) / n).sqrt();
    Some(Estimate {
        value,
        low: (centre - half).max(-1.0).min(value),
        high: (centre + half).min(1.0).max(value),
    })
}

/// The probability of a standard normal number further from 0 than `z` (Abramowitz and Stegun 1964, 7.1.26; off by less
/// than 1.5 × 10⁻⁷).
pub fn two_sided(z: f64) -> f64 {
    let x = z / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let poly = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    (poly * (-x * x).exp()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wilsons_interval_matches_the_published_example() {
        // 15 of 50: 0.191 to 0.438 (Newcombe 1998, Statistics in Medicine 17:857, method 3 gives these for 0.3, n = 50).
        let e = share(15, 50).unwrap_or_default();
        assert!(
            (e.low - 0.191).abs() < 0.001 && (e.high - 0.438).abs() < 0.001,
            "{e:?}"
        );
    }

    #[test]
    fn two_sided_probabilities_are_those_of_the_tables() {
        for (z, p) in [(0.0, 1.0), (1.0, 0.317_31), (1.96, 0.05), (3.0, 0.002_70)] {
            assert!((two_sided(z) - p).abs() < 2e-5, "{z}");
        }
    }

    #[test]
    fn small_samples_have_no_share() {
        assert!(share(5, 29).is_none());
        assert!(net_sentiment(10, 9, 10).is_none());
    }

    #[test]
    fn intervals_hold_their_value_and_stay_in_range() {
        for (neg, neu, pos) in [(0, 0, 30), (30, 0, 0), (0, 30, 0), (10, 10, 10), (400, 100, 37)] {
            let e = net_sentiment(neg, neu, pos).unwrap_or_default();
            assert!(
                -1.0 <= e.low && e.low <= e.value && e.value <= e.high && e.high <= 1.0,
                "{e:?}"
            );
        }
        let (narrow, wide) = (net_sentiment(1000, 1000, 2000), net_sentiment(10, 10, 20));
        let width = |e: Option<Estimate>| e.map_or(0.0, |e| e.high - e.low);
        assert!(width(narrow) < width(wide) / 5.0);
    }
}
