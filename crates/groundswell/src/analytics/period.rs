//! Periods to compare with.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use post::Millis;

/// What a period is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The period of equal length just before.
    Previous,
    /// The same days 52 weeks before, so that Mondays meet Mondays.
    Year,
}

impl Against {
    /// The name in the API.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "previous" => Some(Self::Previous),
            "year" => Some(Self::Year),
            _ => None,
        }
    }

    /// The period to compare with. Whole days of the zone stay whole days, also where the clock is turned between.
    pub fn of(self, from: Millis, to: Millis, zone: &TimeZone) -> Option<(Millis, Millis)> {
        let (begin, end) = (zoned(from, zone)?, zoned(to, zone)?);
        let days = match self {
            Against::Year => 364,
            Against::Previous if is_midnight(&begin) && is_midnight(&end) => {
                begin.date().until(end.date()).ok()?.get_days()
            }
            Against::Previous => {
                let length = to.checked_sub(from)?;
                return Some((from.checked_sub(length)?, from));
            }
        };
        let back = |at: &Zoned| {
            let moved = at.checked_sub(Span::new().days(days)).ok()?;
            Some(moved.timestamp().as_millisecond())
        };
        Some((back(&begin)?, back(&end)?))
    }
}

fn zoned(at: Millis, zone: &TimeZone) -> Option<Zoned> {
    Some(Timestamp::from_millisecond(at).ok()?.to_zoned(zone.clone()))
}

fn is_midnight(at: &Zoned) -> bool {
    at.start_of_day().is_ok_and(|begin| begin == *at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn whole_days_stay_whole_days_when_the_clock_is_turned() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        // 30 and 31 March 2026; the clock was put forward on the 29th.
        let (from, to) = (at("2026-03-29T22:00:00Z"), at("2026-03-31T22:00:00Z"));
        let before = (at("2026-03-27T23:00:00Z"), at("2026-03-29T22:00:00Z"));
        assert_eq!(Against::Previous.of(from, to, &berlin), Some(before));
        let year = (at("2025-03-30T22:00:00Z"), at("2025-04-01T22:00:00Z"));
        assert_eq!(Against::Year.of(from, to, &berlin), Some(year));
    }

    #[test]
    fn any_other_period_is_moved_by_its_length() {
        assert_eq!(
            Against::Previous.of(1_000, 1_600, &TimeZone::UTC),
            Some((400, 1_000))
        );
    }
}
