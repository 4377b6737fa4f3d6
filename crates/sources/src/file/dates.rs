//! Times in the many forms that files have.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, fmt};

/// Reads a time and writes it as RFC 3339 in UTC. Understood: RFC 3339, the same with a blank and without zone
/// (taken as UTC) or without seconds or time of day, seconds, milliseconds or microseconds since 1970, RFC 2822, and
/// Twitter's `Tue Oct 31 22:10:47 +0000 2017`. `None` for anything else, such as the ambiguous `03/04/2019`.
pub fn to_rfc3339(text: &str) -> Option<String> {
    let text = text.trim();
    if is_rfc3339_utc(text) {
        return Some(text.to_owned());
    }
    read(text).map(|time| time.to_string())
}

/// The milliseconds since 1970 of a time as [`to_rfc3339`] writes it.
pub(super) fn to_millis(rfc3339: &str) -> Option<i64> {
    rfc3339.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// The form nearly all have; the digits are judged at admission.
fn is_rfc3339_utc(text: &str) -> bool {
    const SHAPE: &[u8] = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    bytes.len() >= 20
        && bytes.len() <= 30
        && SHAPE
            .iter()
            .zip(bytes)
            .all(|(s, b)| if *s == b'0' { b.is_ascii_digit() } else { s == b })
        && matches!(&bytes[19..], [b'Z'] | [b'.', .., b'Z'])
        && bytes[20..].iter().rev().skip(1).all(u8::is_ascii_digit)
}

fn read(text: &str) -> Option<Timestamp> {
    if let Some(time) = unix(text) {
        return Some(time);
    }
    let civil = |civil: DateTime| civil.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| civil(text.parse::<DateTime>().ok()?))
        .or_else(|| civil(text.strip_suffix(" UTC")?.parse::<DateTime>().ok()?))
        .or_else(|| civil(text.parse::<Date>().ok()?.at(0, 0, 0, 0)))
        .or_else(|| Timestamp::strptime("%a %b %d %H:%M:%S %z %Y", text).ok())
        .or_else(|| Some(fmt::rfc2822::parse(text).ok()?.timestamp()))
}

/// Seconds since 1970 with or without fraction, milliseconds or microseconds, told apart by their size.
fn unix(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < 9 || !digits.bytes().all(|b| b.is_ascii_digit() || b == b'.') {
        return None;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let whole: i64 = whole.parse().ok()?;
    match whole.unsigned_abs() {
        0..100_000_000_000 => {
            let nanos = format!("{:0<9}", fraction.get(..9).unwrap_or(fraction))
                .parse()
                .ok()?;
            Timestamp::new(whole, nanos).ok()
        }
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(whole).ok(),
        _ => Timestamp::from_microsecond(whole).ok(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_form_gives_rfc_3339_in_utc() {
        for (from, to) in [
            ("2026-07-04T12:00:00.123Z", "2026-07-04T12:00:00.123Z"),
            ("2025-12-05T10:16:59.78349200Z", "2025-12-05T10:16:59.78349200Z"),
            ("2026-07-04T14:00:00+02:00", "2026-07-04T12:00:00Z"),
            ("2026-07-04 14:00:00+0200", "2026-07-04T12:00:00Z"),
            ("2017-08-27 00:05:34", "2017-08-27T00:05:34Z"),
            ("2018-04-04 08:05", "2018-04-04T08:05:00Z"),
            ("2018-04-04 08:05:01 UTC", "2018-04-04T08:05:01Z"),
            ("2018-04-04", "2018-04-04T00:00:00Z"),
            ("Tue Oct 31 22:10:47 +0000 2017", "2017-10-31T22:10:47Z"),
            ("Tue, 31 Oct 2017 22:10:47 +0100", "2017-10-31T21:10:47Z"),
            ("1393349400", "2014-02-25T17:30:00Z"),
            ("1393349400.25", "2014-02-25T17:30:00.25Z"),
            ("1393349400.0", "2014-02-25T17:30:00Z"),
            ("1393349400123", "2014-02-25T17:30:00.123Z"),
            ("1393349400123456", "2014-02-25T17:30:00.123456Z"),
        ] {
            assert_eq!(to_rfc3339(from).as_deref(), Some(to), "{from}");
        }
    }

    #[test]
    fn what_is_no_time_or_ambiguous_is_not_guessed() {
        for text in [
            "",
            "yesterday",
            "03/04/2019",
            "2026-13-45",
            "12",
            "2026-07-04T12:00:00.Zx",
            "99999999999999999999",
        ] {
            assert_eq!(to_rfc3339(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[-0-9T:.Z+ ]{0,32}") {
            let _ = to_rfc3339(&text);
        }
    }
}
