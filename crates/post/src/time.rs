//! Times of posts, as text and as milliseconds.

use crate::post::Millis;
use jiff::Timestamp;

/// Reads RFC 3339 with any number of fraction digits; `None` where it is no such time or lies outside the years 1990
/// to 2200, which no post can come from.
pub fn parse_time(text: &str) -> Option<Millis> {
    let millis = text.trim().parse::<Timestamp>().ok()?.as_millisecond();
    const Y1990: Millis = 631_152_000_000;
    const Y2200: Millis = 7_258_118_400_000;
    (Y1990..Y2200).contains(&millis).then_some(millis)
}

/// Writes a time as RFC 3339 in UTC with milliseconds.
pub fn to_rfc3339(time: Millis) -> String {
    Timestamp::from_millisecond(time).map_or_else(|_| String::new(), |t| format!("{t:.3}"))
}
