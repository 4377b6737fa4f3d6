//! Token buckets: so much at once, and so much a second. For requests, and for tries at signing in.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Names remembered; those whose bucket is full are forgotten first.
const MOST: usize = 100_000;

/// Buckets of one size, by name.
#[derive(Debug)]
pub(crate) struct Buckets {
    size: f64,
    per_ms: f64,
    left: Mutex<HashMap<String, (f64, i64)>>,
}

impl Buckets {
    /// Buckets that hold `size` and fill by `per_minute`.
    pub(crate) fn new(size: u32, per_minute: u32) -> Self {
        Self {
            size: f64::from(size),
            per_ms: f64::from(per_minute) / 60_000.0,
            left: Mutex::default(),
        }
    }

    /// Takes one out of a bucket; an empty one says in how many seconds there is one again.
    pub(crate) fn take(&self, name: &str, now: i64) -> Result<(), u64> {
        let mut all = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(name) {
            let (size, per_ms) = (self.size, self.per_ms);
            all.retain(|_, (left, at)| *left + (now - *at) as f64 * per_ms < size);
            if all.len() >= MOST {
                all.clear();
            }
        }
        let (left, at) = all.entry(name.to_owned()).or_insert((self.size, now));
        let since = (now - *at).max(0) as f64;
        *left = (*left + since * self.per_ms).min(self.size);
        *at = now;
        if *left >= 1.0 {
            *left -= 1.0;
            return Ok(());
        }
        let wait = (1.0 - *left) / self.per_ms / 1_000.0;
        Err((wait.ceil() as u64).max(1))
    }

    /// Says whether a bucket is empty, and in how many seconds it is not; takes nothing.
    pub(crate) fn look(&self, name: &str, now: i64) -> Result<(), u64> {
        self.take(name, now)?;
        self.give_back(name);
        Ok(())
    }

    /// Puts one back.
    pub(crate) fn give_back(&self, name: &str) {
        let mut all = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((left, _)) = all.get_mut(name) {
            *left = (*left + 1.0).min(self.size);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_bucket_says_when_it_has_something_again() {
        let buckets = Buckets::new(2, 6);
        assert_eq!(buckets.take("a", 0), Ok(()));
        assert_eq!(buckets.take("a", 0), Ok(()));
        assert_eq!(buckets.take("a", 0), Err(10));
        assert_eq!(buckets.take("b", 0), Ok(()));
        assert_eq!(buckets.take("a", 9_000), Err(1));
        assert_eq!(buckets.take("a", 10_000), Ok(()));
        buckets.give_back("a");
        assert_eq!(buckets.take("a", 10_000), Ok(()));
    }
}
