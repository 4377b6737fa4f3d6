//! A cut with its keys, as an aggregation.

use crate::elastic::filter::{range, terms};
use crate::elastic::mapping::{QUARTERS, field, quarters};
use crate::{Clock, Key, WeekHour};
use foldhash::HashMap;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use post::Millis;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::ops::Range;

/// The aggregation of the keys, and of what has no key.
const KEYS: &str = "keys";
const OTHER: &str = "other";

/// A cut with its keys.
pub(super) struct Plan {
    pub(super) keys: Vec<Key>,
    pub(super) how: How,
}

pub(super) enum How {
    /// Begins of the buckets and the end of the last.
    Time(Vec<Millis>),
    /// A query for each key; a key behind them stands for what the last query finds, where there is one.
    Queries(Vec<Value>, Option<Value>),
    /// A field and the values that are keys; a key behind them stands for the others.
    Values(&'static str, Vec<String>),
}

impl Plan {
    /// The aggregations of some of the keys, each with `inner` in it.
    pub(super) fn aggregations(&self, some: Range<usize>, inner: &Map<String, Value>) -> Map<String, Value> {
        let mut aggs = Map::new();
        if some.is_empty() {
            return aggs;
        }
        let mut add = |name: &str, mut agg: Value| {
            if !inner.is_empty() {
                agg["aggs"] = Value::Object(inner.clone());
            }
            aggs.insert(name.to_owned(), agg);
        };
        match &self.how {
            How::Time(borders) => {
                let bucket =
                    |i: usize| json!({"key": i.to_string(), "from": borders[i], "to": borders[i + 1]});
                let ranges: Vec<Value> = some.map(bucket).collect();
                let agg = json!({"range": {"field": field::CREATED, "keyed": true, "ranges": ranges}});
                add(KEYS, agg);
            }
            How::Queries(queries, other) => {
                let wanted = some.start.min(queries.len())..some.end.min(queries.len());
                let named: Map<String, Value> = wanted.map(|i| (i.to_string(), queries[i].clone())).collect();
                if !named.is_empty() {
                    add(KEYS, json!({"filters": {"filters": named}}));
                }
                if let Some(other) = other.as_ref().filter(|_| some.end > queries.len()) {
                    add(OTHER, json!({"filter": other}));
                }
            }
            How::Values(name, values) => {
                let wanted = &values[some.start.min(values.len())..some.end.min(values.len())];
                if !wanted.is_empty() {
                    let agg = json!({"terms": {"field": name, "include": wanted, "size": wanted.len()}});
                    add(KEYS, agg);
                }
                if some.end > values.len() {
                    add(OTHER, json!({"filter": others(name, values)}));
                }
            }
        }
        aggs
    }

    /// Calls `each` with the number of each key that was met and its bucket in an answer to [`Plan::aggregations`].
    pub(super) fn buckets<'v>(&self, answer: &'v Value, mut each: impl FnMut(usize, &'v Value)) {
        match &self.how {
            How::Time(_) => named(answer, &mut each),
            How::Queries(queries, _) => {
                named(answer, &mut each);
                if let Some(bucket) = answer.get(OTHER) {
                    each(queries.len(), bucket);
                }
            }
            How::Values(_, values) => {
                let places: HashMap<&str, usize> =
                    values.iter().enumerate().map(|(i, v)| (v.as_str(), i)).collect();
                for bucket in answer[KEYS]["buckets"].as_array().into_iter().flatten() {
                    if let Some(place) = bucket["key"].as_str().and_then(|key| places.get(key)) {
                        each(*place, bucket);
                    }
                }
                if let Some(bucket) = answer.get(OTHER) {
                    each(values.len(), bucket);
                }
            }
        }
    }
}

/// Calls `each` with the buckets that are called by the number of their key.
fn named<'v>(answer: &'v Value, each: &mut impl FnMut(usize, &'v Value)) {
    for (name, bucket) in answer[KEYS]["buckets"].as_object().into_iter().flatten() {
        if let Ok(place) = name.parse::<usize>() {
            each(place, bucket);
        }
    }
}

/// What has values in a field, but none of these.
fn others(name: &str, values: &[String]) -> Value {
    json!({"bool": {
        "filter": [{"exists": {"field": name}}],
        "must_not": [terms(name, values.to_vec())],
    }})
}

/// A query for each place of a cycle, for times from `from` to `to`.
///
/// A document carries its quarter of the week in UTC. While a zone's clock is ahead of UTC by one offset, a place of the
/// cycle is a set of such quarters; where the clock is turned in between, each offset has its times and its set.
pub(super) fn cycle(clock: Clock, zone: &TimeZone, from: Millis, to: Millis) -> Vec<Value> {
    let offsets = offsets(zone, from, to);
    (0..clock.len())
        .map(|i| quarters_of(&offsets, |local| in_cycle(clock, local) == i))
        .collect()
}

/// The times a filter on hours of the week is laid out for where it has no begin or no end: from 1970 to 2100.
const AGES: (Millis, Millis) = (0, 4_102_444_800_000);

/// What is of one of these hours of the week, each in its time zone.
pub(in crate::elastic) fn in_hours(hours: &[WeekHour], from: Option<Millis>, to: Option<Millis>) -> Value {
    let (from, to) = (from.unwrap_or(AGES.0), to.unwrap_or(AGES.1));
    let mut zones: Vec<&TimeZone> = hours.iter().map(|hour| &hour.zone).collect();
    zones.dedup();
    let of = |zone: &TimeZone| {
        let theirs: Vec<usize> = hours
            .iter()
            .filter(|hour| hour.zone == *zone)
            .map(|hour| usize::from(hour.hour))
            .collect();
        quarters_of(&offsets(zone, from, to), |local| {
            theirs.contains(&in_cycle(Clock::WeekHour, local))
        })
    };
    let any: Vec<Value> = zones.into_iter().map(of).collect();
    json!({"bool": {"should": any, "minimum_should_match": 1}})
}

/// What is of the quarters of the local week that `is_in` tells.
fn quarters_of(offsets: &BTreeMap<i64, Times>, is_in: impl Fn(i64) -> bool) -> Value {
    let ways: Vec<Value> = offsets
        .iter()
        .map(|(offset, times)| {
            let quarters = (0..QUARTERS).filter(|q| is_in(q + quarters(*offset)));
            let quarters: Vec<i64> = quarters.collect();
            let times: Vec<Value> = times
                .iter()
                .map(|(begin, end)| range(field::CREATED, *begin, *end))
                .collect();
            json!({"bool": {
                "filter": [
                    {"terms": {field::QUARTER: quarters}},
                    {"bool": {"should": times, "minimum_should_match": 1}},
                ],
            }})
        })
        .collect();
    json!({"bool": {"should": ways, "minimum_should_match": 1}})
}

fn in_cycle(clock: Clock, local_quarter: i64) -> usize {
    let hour = local_quarter.rem_euclid(QUARTERS) / 4;
    let place = match clock {
        Clock::Hour => hour % 24,
        Clock::Weekday => hour / 24,
        Clock::WeekHour => hour,
    };
    place as usize
}

/// Begin and end of a time; open where `None`.
type Times = Vec<(Option<Millis>, Option<Millis>)>;

/// How far the clock is ahead of UTC in milliseconds, and when, from `from` to `to`.
fn offsets(zone: &TimeZone, from: Millis, to: Millis) -> BTreeMap<i64, Times> {
    let mut found: BTreeMap<i64, Times> = BTreeMap::new();
    let instant = |at: Millis| Timestamp::from_millisecond(at).unwrap_or(Timestamp::MIN);
    let ahead = |at: Timestamp| i64::from(zone.to_offset(at).seconds()) * 1000;
    let mut begin = None;
    let mut offset = ahead(instant(from));
    for turn in zone.following(instant(from)) {
        let at = turn.timestamp().as_millisecond();
        if at >= to {
            break;
        }
        found.entry(offset).or_default().push((begin, Some(at)));
        begin = Some(at);
        offset = ahead(turn.timestamp());
    }
    found.entry(offset).or_default().push((begin, None));
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_turned_has_two_offsets() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let at = |text: &str| text.parse::<Timestamp>().unwrap().as_millisecond();
        let (from, to) = (at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
        let (march, october) = (at("2026-03-29T01:00:00Z"), at("2026-10-25T01:00:00Z"));
        let found = offsets(&berlin, from, to);
        assert_eq!(found[&3_600_000], [(None, Some(march)), (Some(october), None)]);
        assert_eq!(found[&7_200_000], [(Some(march), Some(october))]);
        assert_eq!(offsets(&TimeZone::UTC, from, to).len(), 1);
    }
}
