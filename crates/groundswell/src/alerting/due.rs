//! When digests come.

use super::{Definition, Every, HOUR};
use crate::report::{Every as Cycle, Schedule};
use jiff::tz::TimeZone;
use post::Millis;

/// The last time a digest was due at or before `now`.
pub(super) fn last(definition: &Definition, every: Every, hour: u8, now: Millis) -> Option<Millis> {
    let zone = TimeZone::get(&definition.zone).unwrap_or(TimeZone::UTC);
    let every = match every {
        Every::Hour => return Some(now.div_euclid(HOUR) * HOUR),
        Every::Day => Cycle::Day,
        Every::Week(day) => Cycle::Week(day),
    };
    Schedule { every, hour }.last_due(now, &zone).ok()
}

/// The times within `(from, to]`, the oldest first, each with the time before.
pub(super) fn all(
    definition: &Definition,
    (every, hour): (Every, u8),
    from: Millis,
    to: Millis,
) -> Vec<(Millis, Millis)> {
    let mut times = Vec::new();
    let mut at = last(definition, every, hour, to);
    while let Some(due) = at.filter(|due| *due > from) {
        at = last(definition, every, hour, due - 1);
        times.extend(at.map(|before| (before, due)));
    }
    times.reverse();
    times
}
