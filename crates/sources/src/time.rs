//! Times as platforms write them, as RFC 3339 in UTC.

use jiff::Timestamp;

/// Seconds since 1970.
pub(crate) fn from_seconds(seconds: i64) -> Option<String> {
    Some(Timestamp::from_second(seconds).ok()?.to_string())
}

/// Milliseconds since 1970.
pub(crate) fn from_millis(millis: i64) -> Option<String> {
    Some(Timestamp::from_millisecond(millis).ok()?.to_string())
}

/// Milliseconds since 1970 of an RFC 3339 time.
pub(crate) fn millis(text: &str) -> Option<i64> {
    Some(text.trim().parse::<Timestamp>().ok()?.as_millisecond())
}

/// RFC 3339, RFC 2822, `+0000` without a colon: whatever platforms write, in UTC; text that is no time is handed on,
/// for admission to count.
pub(crate) fn in_utc(text: &str) -> String {
    crate::file::to_rfc3339(text).unwrap_or_else(|| text.to_owned())
}
