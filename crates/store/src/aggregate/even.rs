//! Buckets of one length.

use crate::{Error, Filter};
use post::Millis;

/// Buckets a series may have.
pub const MAX_BUCKETS: usize = 10_000;

const WEEK_MS: i64 = 7 * 24 * 3_600_000;
/// 1970-01-05, the first Monday.
const MONDAY_MS: i64 = 4 * 24 * 3_600_000;

/// Buckets of one length without holes.
#[derive(Debug, Clone)]
pub(crate) struct Even {
    interval_ms: i64,
    shift: i64,
    first: i64,
    len: usize,
}

impl Even {
    /// The buckets that reach over the filter's time; where it has no begin or end, from the oldest or to the newest
    /// mention, as `extent` says. They begin where `time + offset_ms` is a multiple of `interval_ms`, whole weeks on
    /// Monday. `None` where there is no time.
    pub(crate) fn over(
        filter: &Filter,
        interval_ms: i64,
        offset_ms: i64,
        extent: impl FnOnce() -> Result<Option<(Millis, Millis)>, Error>,
    ) -> Result<Option<Self>, Error> {
        if interval_ms <= 0 {
            return Err(Error::Question(format!(
                "an interval of {interval_ms} ms is none"
            )));
        }
        let (oldest, newest) = match (filter.from, filter.to) {
            (Some(from), Some(to)) => (from, to.saturating_sub(1)),
            _ => match extent()? {
                Some((oldest, newest)) => (
                    filter.from.unwrap_or(oldest),
                    filter.to.map_or(newest, |to| to.saturating_sub(1)),
                ),
                None => return Ok(None),
            },
        };
        if newest < oldest {
            return Ok(None);
        }
        let shift = if interval_ms % WEEK_MS == 0 {
            offset_ms - MONDAY_MS
        } else {
            offset_ms
        };
        let index = |at: Millis| at.saturating_add(shift).div_euclid(interval_ms);
        let (first, last) = (index(oldest), index(newest));
        let len = last.abs_diff(first) as usize + 1;
        if len > MAX_BUCKETS {
            return Err(Error::TooLarge(format!(
                "{len} buckets are too many, at most {MAX_BUCKETS} are allowed"
            )));
        }
        Ok(Some(Self {
            interval_ms,
            shift,
            first,
            len,
        }))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The bucket of a time.
    pub(crate) fn of(&self, at: Millis) -> Option<usize> {
        let index = at.saturating_add(self.shift).div_euclid(self.interval_ms) - self.first;
        usize::try_from(index).ok().filter(|i| *i < self.len)
    }

    /// The begin of the bucket of this number, which may be one past the last.
    pub(crate) fn begin(&self, bucket: usize) -> Millis {
        (self.first + bucket as i64).saturating_mul(self.interval_ms) - self.shift
    }

    /// Their begins.
    pub(crate) fn times(&self) -> Vec<Millis> {
        (0..self.len).map(|i| self.begin(i)).collect()
    }
}
