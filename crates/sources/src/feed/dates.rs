//! Dates as feeds write them.

use crate::file::to_rfc3339;
use jiff::civil::date;
use jiff::tz::{Offset, TimeZone};

/// A time in UTC (RFC 3339): RFC 3339, RFC 822 and 2822, and what people make of them: wrong weekdays, two-digit years,
/// zones by name, months written out. What cannot be read is handed on, for admission to count.
pub(super) fn in_utc(text: &str) -> String {
    let text = text.trim();
    to_rfc3339(text)
        .or_else(|| loose(text))
        .unwrap_or_else(|| text.to_owned())
}

/// Day, month by name, year, time of day and zone, wherever they stand; the weekday is not believed.
fn loose(text: &str) -> Option<String> {
    let (mut day, mut month, mut year, mut time, mut zone) = (None, None, None, None, 0);
    let parts = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|p| !p.is_empty());
    for part in parts {
        if part.contains(':') && time.is_none() {
            time = Some(clock(part)?);
        } else if let Some(minutes) = zone_minutes(part).filter(|_| time.is_some()) {
            zone = minutes;
        } else if let Some(number) = month_of(part) {
            month = month.or(Some(number));
        } else if let Ok(number) = part
            .trim_end_matches(['.', 't', 'h', 's', 'n', 'r', 'd'])
            .parse::<i16>()
        {
            match (day, number) {
                (None, 1..=31) => day = Some(number),
                (_, 0..=49) if part.len() == 2 => year = Some(2000 + number),
                (_, 50..=99) if part.len() == 2 => year = Some(1900 + number),
                _ => year = Some(number),
            }
        }
    }
    let (hour, minute, second) = time.unwrap_or((0, 0, 0));
    let day = date(1970, 1, 1)
        .with()
        .year(year?)
        .month(month?)
        .day(i8::try_from(day?).ok()?)
        .build()
        .ok()?;
    let civil = day.to_datetime(jiff::civil::Time::new(hour, minute, second, 0).ok()?);
    let zone = TimeZone::fixed(Offset::from_seconds(zone * 60).ok()?);
    Some(civil.to_zoned(zone).ok()?.timestamp().to_string())
}

fn clock(text: &str) -> Option<(i8, i8, i8)> {
    let mut parts = text
        .split(':')
        .map(|p| p.split('.').next().unwrap_or(p).parse::<i8>());
    let hour = parts.next()?.ok()?;
    let minute = parts.next()?.ok()?;
    let second = parts.next().and_then(Result::ok).unwrap_or(0).min(59);
    Some((hour, minute, second))
}

fn month_of(text: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let start = text.get(..3)?.to_ascii_lowercase();
    MONTHS
        .iter()
        .position(|m| *m == start)
        .and_then(|at| i8::try_from(at + 1).ok())
}

/// Minutes ahead of UTC.
fn zone_minutes(text: &str) -> Option<i32> {
    let digits = text
        .strip_prefix("GMT")
        .or_else(|| text.strip_prefix("UTC"))
        .unwrap_or(text);
    if let Some(sign) = match digits.chars().next() {
        Some('+') => Some(1),
        Some('-') => Some(-1),
        _ => None,
    } {
        let number: i32 = digits[1..].replace(':', "").parse().ok()?;
        return (number <= 1400).then_some(sign * (number / 100 * 60 + number % 100));
    }
    let hours = match text.to_ascii_uppercase().as_str() {
        "GMT" | "UTC" | "UT" | "Z" => 0,
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "BST" | "CET" | "MEZ" => 1,
        "CEST" | "MESZ" | "EET" => 2,
        "EEST" | "MSK" => 3,
        "JST" | "KST" => 9,
        _ => return None,
    };
    Some(hours * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_shapes_are_read() {
        for (from, to) in [
            ("Sat, 07 Sep 2002 00:00:01 GMT", "2002-09-07T00:00:01Z"),
            ("Mon, 07 Sep 2002 00:00:01 EST", "2002-09-07T05:00:01Z"),
            ("7 September 2002 9:05 PM +0200", "2002-09-07T07:05:00Z"),
            ("Thu, 01 Jan 04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
            ("Jan 5, 2012 10:00:00 GMT+01:00", "2012-01-05T09:00:00Z"),
            ("Fri, 31 May 2019 12:17:58 -0700", "2019-05-31T19:17:58Z"),
            ("2003-07-01T08:55:07+0200", "2003-07-01T06:55:07Z"),
            ("05 Jan 2012", "2012-01-05T00:00:00Z"),
            ("gestern", "gestern"),
            ("", ""),
        ] {
            assert_eq!(in_utc(from), to, "{from}");
        }
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[0-9:+a-zA-Z, é-]{0,40}") {
            let _ = in_utc(&text);
        }
    }
}
