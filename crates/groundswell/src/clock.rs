//! The one place that reads the clock.

use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// Now, in milliseconds since 1970-01-01T00:00:00Z.
pub fn now() -> post::Millis {
    jiff::Timestamp::now().as_millisecond()
}

/// Nanoseconds since some moment of this process, for measuring how long something takes.
pub fn nanoseconds() -> u64 {
    u64::try_from(START.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
