//! Quiet hours.

use super::{DAY, Definition, Quiet};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use post::Millis;

/// When the quiet time that `now` lies in ends; `None` where it lies in none.
pub(super) fn end(definition: &Definition, now: Millis) -> Option<Millis> {
    let zone = TimeZone::get(&definition.zone).unwrap_or(TimeZone::UTC);
    let mut at = Timestamp::from_millisecond(now).ok()?.to_zoned(zone);
    if !is_quiet(&definition.quiet, &at) {
        return None;
    }
    // From full hour to full hour: more than a week of it is no quiet time but an alert switched off.
    let last = now + 8 * DAY;
    while at.timestamp().as_millisecond() < last {
        at = next_hour(&at)?;
        if !is_quiet(&definition.quiet, &at) {
            break;
        }
    }
    Some(at.timestamp().as_millisecond())
}

fn next_hour(at: &Zoned) -> Option<Zoned> {
    let hour = at.with().minute(0).second(0).subsec_nanosecond(0).build().ok()?;
    hour.checked_add(1.hour()).ok()
}

fn is_quiet(quiet: &Quiet, at: &Zoned) -> bool {
    let (hour, day) = (at.hour() as u8, at.date().weekday().to_monday_one_offset() as u8);
    let by_hour = quiet.hours.is_some_and(|h| match h.from <= h.until {
        true => (h.from..h.until).contains(&hour),
        false => hour >= h.from || hour < h.until,
    });
    by_hour || quiet.days.contains(&day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::alerting::Hours;

    fn ends(quiet: &Quiet, at: &str) -> Option<String> {
        let definition: Definition = serde_json::from_value(serde_json::json!({
            "name": "a", "when": {"kind": "every_mention"}, "zone": "Europe/Berlin", "quiet": quiet,
        }))
        .unwrap();
        let now: Timestamp = at.parse().unwrap();
        end(&definition, now.as_millisecond())
            .map(|end| Timestamp::from_millisecond(end).unwrap().to_string())
    }

    #[test]
    fn quiet_hours_run_over_midnight_in_the_zone() {
        let nights = Quiet {
            hours: Some(Hours { from: 22, until: 7 }),
            days: Vec::new(),
        };
        // Berlin is an hour ahead in winter.
        assert_eq!(ends(&nights, "2026-01-07T20:59:59Z"), None);
        assert_eq!(
            ends(&nights, "2026-01-07T21:00:00Z").as_deref(),
            Some("2026-01-08T06:00:00Z")
        );
        assert_eq!(
            ends(&nights, "2026-01-08T05:30:00Z").as_deref(),
            Some("2026-01-08T06:00:00Z")
        );
        assert_eq!(ends(&nights, "2026-01-08T06:00:00Z"), None);
        // The clock is put forward in this night.
        assert_eq!(
            ends(&nights, "2026-03-28T22:00:00Z").as_deref(),
            Some("2026-03-29T05:00:00Z")
        );
    }

    #[test]
    fn quiet_days_and_hours_join() {
        let weekend = Quiet {
            hours: Some(Hours { from: 20, until: 8 }),
            days: vec![6, 7],
        };
        // Friday evening to Monday morning.
        assert_eq!(
            ends(&weekend, "2026-01-09T19:30:00Z").as_deref(),
            Some("2026-01-12T07:00:00Z")
        );
        assert_eq!(ends(&Quiet::default(), "2026-01-10T12:00:00Z"), None);
    }
}
