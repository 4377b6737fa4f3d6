//! Which documents were made in chosen hours of the week.

use super::schema::column;
use super::snapshot::Part;
use crate::{Choice, Error, WeekHour};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::Millis;
use tantivy::columnar::Column;
use tantivy::{DocId, SegmentReader};

const HOUR: i64 = 3_600_000;
/// Hours of a week.
const WEEK: usize = 168;
/// From the first Monday's midnight to the epoch, a Thursday's.
const THURSDAY: i64 = 72;

/// A choice among hours of the week, for the documents of one segment.
pub(super) struct Hours {
    created: Column<i64>,
    zones: Vec<Zone>,
    /// Whether one of the chosen hours is wanted; else all but those left out.
    some: bool,
}

/// The chosen hours of one time zone.
struct Zone {
    /// From when on the clock is how far ahead of UTC, ascending; the first holds for what is earlier, too.
    turns: Vec<(Millis, i64)>,
    include: [bool; WEEK],
    exclude: [bool; WEEK],
}

impl Hours {
    /// `None` where all hours are chosen. The documents of the segment are of `first` to `last`.
    pub(super) fn of(
        choice: &Choice<WeekHour>,
        segment: &SegmentReader,
        part: &Part,
        (first, last): (Millis, Millis),
    ) -> Result<Option<Self>, Error> {
        if choice.is_all() {
            return Ok(None);
        }
        let created = segment.fast_fields().column_opt::<i64>(column::CREATED);
        let Some(created) = created.map_err(Error::index(&part.path))? else {
            return Ok(None);
        };
        let all = choice.include.iter().chain(&choice.exclude);
        let mut names: Vec<&TimeZone> = all.map(|hour| &hour.zone).collect();
        names.dedup();
        let zone = |zone: &TimeZone| Zone {
            turns: turns(zone, first, last),
            include: chosen(&choice.include, zone),
            exclude: chosen(&choice.exclude, zone),
        };
        Ok(Some(Self {
            created,
            zones: names.into_iter().map(zone).collect(),
            some: !choice.include.is_empty(),
        }))
    }

    /// Whether a document passes.
    pub(super) fn keeps(&self, doc: DocId) -> bool {
        let Some(at) = self.created.first(doc) else {
            return false;
        };
        let mut kept = !self.some;
        for zone in &self.zones {
            let hour = zone.hour(at);
            if zone.exclude[hour] {
                return false;
            }
            kept |= zone.include[hour];
        }
        kept
    }
}

impl Zone {
    fn hour(&self, at: Millis) -> usize {
        let turn = self.turns.partition_point(|(from, _)| *from <= at).max(1) - 1;
        let ahead = self.turns.get(turn).map_or(0, |(_, ahead)| *ahead);
        let hour = (at.saturating_add(ahead).div_euclid(HOUR) + THURSDAY).rem_euclid(WEEK as i64);
        hour as usize
    }
}

fn chosen(hours: &[WeekHour], zone: &TimeZone) -> [bool; WEEK] {
    let mut chosen = [false; WEEK];
    for hour in hours.iter().filter(|hour| hour.zone == *zone) {
        if let Some(place) = chosen.get_mut(usize::from(hour.hour)) {
            *place = true;
        }
    }
    chosen
}

/// How far a clock is ahead of UTC from `first` to `last`, and from when on.
fn turns(zone: &TimeZone, first: Millis, last: Millis) -> Vec<(Millis, i64)> {
    let instant = |at: Millis| Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN);
    let ahead = |at: Timestamp| i64::from(zone.to_offset(at).seconds()) * 1000;
    let mut turns = vec![(first, ahead(instant(first)))];
    for turn in zone.following(instant(first)) {
        let at = turn.timestamp();
        if at.as_millisecond() > last {
            break;
        }
        turns.push((at.as_millisecond(), ahead(at)));
    }
    turns
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        text.parse::<Timestamp>().unwrap().as_millisecond()
    }

    #[test]
    fn an_hour_of_the_week_is_that_of_the_clock_on_the_wall() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let zone = Zone {
            turns: turns(&berlin, at("2026-01-01T00:00:00Z"), at("2026-12-31T00:00:00Z")),
            include: [false; WEEK],
            exclude: [false; WEEK],
        };
        assert_eq!(zone.turns.len(), 3, "winter, summer, winter");
        // Nine on a Monday morning, in winter and in summer.
        assert_eq!(zone.hour(at("2026-01-05T08:30:00Z")), 9);
        assert_eq!(zone.hour(at("2026-07-06T07:30:00Z")), 9);
        // Half past two on the Sunday when the clock is put back comes twice.
        let sunday = 6 * 24 + 2;
        assert_eq!(zone.hour(at("2026-10-25T00:30:00Z")), sunday);
        assert_eq!(zone.hour(at("2026-10-25T01:30:00Z")), sunday);
        // When it is put forward, three follows one.
        assert_eq!(zone.hour(at("2026-03-29T00:59:59Z")), 6 * 24 + 1);
        assert_eq!(zone.hour(at("2026-03-29T01:00:00Z")), 6 * 24 + 3);
        // A zone of a quarter.
        let kathmandu = TimeZone::get("Asia/Kathmandu").unwrap();
        let zone = Zone {
            turns: turns(&kathmandu, 0, i64::MAX),
            include: [false; WEEK],
            exclude: [false; WEEK],
        };
        assert_eq!(zone.hour(at("2026-01-05T00:14:59Z")), 5);
        assert_eq!(zone.hour(at("2026-01-05T00:15:00Z")), 6);
    }
}
