//! How long to wait before trying again.

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::time::Duration;

/// Exponential back-off with jitter: the `n`-th wait is drawn evenly from the upper half of `min · 2ⁿ`, at most
/// `max`, so that clients cut off together do not come back together.
#[derive(Debug)]
pub struct Backoff {
    min: Duration,
    max: Duration,
    failures: u32,
    rng: StdRng,
}

impl Backoff {
    /// Waits between about `min` and `max`; the same seed gives the same waits.
    pub fn new(min: Duration, max: Duration, seed: u64) -> Self {
        Self {
            min,
            max,
            failures: 0,
            rng: StdRng::seed_from_u64(seed),
        }
    }

    /// The next wait.
    pub fn next_wait(&mut self) -> Duration {
        let full = self
            .min
            .saturating_mul(1u32.checked_shl(self.failures.min(31)).unwrap_or(u32::MAX))
            .min(self.max);
        self.failures = self.failures.saturating_add(1);
        full.mul_f64(self.rng.random_range(0.5..=1.0))
    }

    /// The next wait, but no shorter than what the server asked for (`Retry-After`).
    pub fn next_wait_at_least(&mut self, asked: Option<Duration>) -> Duration {
        let wait = self.next_wait();
        asked.map_or(wait, |a| wait.max(a.min(MAX_ASKED)))
    }

    /// Starts again from `min`: the connection proved good.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// A server may not send a source away for longer than this.
const MAX_ASKED: Duration = Duration::from_secs(3600);

/// Reads a `Retry-After` header given in seconds, whole or with a fraction.
pub fn retry_after(value: &str) -> Option<Duration> {
    let seconds: f64 = value.trim().parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MIN: Duration = Duration::from_millis(250);
    const MAX: Duration = Duration::from_secs(30);

    #[test]
    fn waits_double_with_jitter_up_to_the_maximum() {
        let mut backoff = Backoff::new(MIN, MAX, 7);
        for n in 0..40 {
            let full = MIN.saturating_mul(1 << n.min(20)).min(MAX);
            let wait = backoff.next_wait();
            assert!(
                wait >= full / 2 && wait <= full,
                "wait {n} was {wait:?} of {full:?}"
            );
        }
        backoff.reset();
        assert!(backoff.next_wait() <= MIN);
    }

    #[test]
    fn the_seed_decides_the_waits() {
        let draw = |seed| {
            let mut b = Backoff::new(MIN, MAX, seed);
            (0..8).map(|_| b.next_wait()).collect::<Vec<_>>()
        };
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }

    #[test]
    fn what_the_server_asks_for_is_honoured_and_bounded() {
        let mut backoff = Backoff::new(MIN, MAX, 1);
        assert_eq!(
            backoff.next_wait_at_least(retry_after("4")),
            Duration::from_secs(4)
        );
        assert_eq!(backoff.next_wait_at_least(retry_after("1e9")), MAX_ASKED);
        for bad in ["soon", "-1", "NaN", ""] {
            assert_eq!(retry_after(bad), None);
        }
        assert_eq!(retry_after("0.5"), Some(Duration::from_millis(500)));
    }
}
