//! The one place that reads the clock.

/// Now, in milliseconds since 1970-01-01T00:00:00Z.
pub fn now() -> post::Millis {
    jiff::Timestamp::now().as_millisecond()
}
