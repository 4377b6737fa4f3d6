//! From parameters to questions.

use super::types::MeasureParams;
use crate::analytics::formula::Formula;
use crate::analytics::metrics::{Metric, both};
use crate::analytics::period::Against;
use crate::api::access::Access;
use crate::api::filter::Asked;
use crate::api::{Failure, rules};
use jiff::tz::TimeZone;
use store::{Calendar, Choose, Clock, Cut, Dimension, Measures, Step};

/// Values of a cut, where no limit is given, and at most.
const LIMIT: usize = 10;
const MOST: usize = 200;
const MAX_METRICS: usize = 12;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A length of a bucket: name, length, about how many milliseconds.
pub(in crate::api) type Interval = (&'static str, Step, i64);

const INTERVALS: [Interval; 12] = [
    ("minute", Step::Minutes(1), MINUTE),
    ("5m", Step::Minutes(5), 5 * MINUTE),
    ("15m", Step::Minutes(15), 15 * MINUTE),
    ("hour", Step::Hours(1), HOUR),
    ("3h", Step::Hours(3), 3 * HOUR),
    ("6h", Step::Hours(6), 6 * HOUR),
    ("12h", Step::Hours(12), 12 * HOUR),
    ("day", Step::Day, DAY),
    ("week", Step::Week, 7 * DAY),
    ("month", Step::Month, 30 * DAY),
    ("quarter", Step::Quarter, 91 * DAY),
    ("year", Step::Year, 365 * DAY),
];
/// The intervals that are chosen of themselves.
const COMMON: [&str; 7] = ["minute", "5m", "15m", "hour", "6h", "day", "week"];
/// Buckets that a chosen interval gives at most.
const POINTS: i64 = 120;

/// A metric or a formula.
pub(super) enum Wanted {
    Metric(&'static Metric),
    Formula(Formula),
}

/// A question that was read.
pub(super) struct Asking {
    pub(super) names: Vec<String>,
    pub(super) wanted: Vec<Wanted>,
    /// The cuts and their names.
    pub(super) cuts: Vec<(String, Cut)>,
    pub(super) zone: TimeZone,
    pub(super) zone_name: String,
    pub(super) against: Option<Against>,
}

impl Asking {
    /// Reads the parameters.
    pub(super) fn read(p: &MeasureParams, asked: &Asked) -> Result<Self, Failure> {
        let zone_name = p.zone.as_deref().filter(|z| !z.is_empty()).unwrap_or("UTC");
        let zone = TimeZone::get(zone_name).map_err(|_| {
            Failure::Bad(format!(
                "`{zone_name:.64}` is no time zone; say it as Europe/Berlin"
            ))
        })?;
        let named = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
        };
        let names = metrics(p.metric.as_deref().unwrap_or_default());
        if names.len() > MAX_METRICS {
            return Err(Failure::TooLarge(format!(
                "{} metrics at once are too many, at most {MAX_METRICS} are answered",
                names.len()
            )));
        }
        let wanted = names.iter().map(|name| wanted(name)).collect::<Result<_, _>>()?;
        let limits = [p.limit, p.then_limit];
        let cuts = [named(&p.by), named(&p.then)];
        if cuts[0].is_none() && cuts[1].is_some() {
            return Err(Failure::Bad(
                "`then` needs `by`: the second cut is within the first".to_owned(),
            ));
        }
        let mut read = Vec::new();
        for (name, limit) in cuts.into_iter().zip(limits) {
            let Some(name) = name else { continue };
            let limit = limit.unwrap_or(LIMIT).clamp(1, MOST);
            let cut = cut(&name, limit, p.interval.as_deref(), &zone, asked)?;
            read.push((name, cut));
        }
        let against = match named(&p.compare) {
            None => None,
            Some(name) => Some(Against::from_name(&name).ok_or_else(|| {
                Failure::Bad(format!(
                    "`{name:.64}` is nothing to compare with; known: previous, year"
                ))
            })?),
        };
        Ok(Self {
            names,
            wanted,
            cuts: read,
            zone_name: zone_name.to_owned(),
            zone,
            against,
        })
    }

    /// Every metric that is needed, for itself or for a formula.
    pub(super) fn needed(&self) -> Vec<&'static Metric> {
        let mut needed: Vec<&'static Metric> = Vec::new();
        let mut add = |metric: &'static Metric| {
            if !needed.iter().any(|m| m.name == metric.name) {
                needed.push(metric);
            }
        };
        for wanted in &self.wanted {
            match wanted {
                Wanted::Metric(metric) => add(metric),
                Wanted::Formula(formula) => formula
                    .metrics()
                    .into_iter()
                    .filter_map(Metric::find)
                    .for_each(&mut add),
            }
        }
        needed
    }

    /// What the store has to measure.
    pub(super) fn measures(&self) -> Measures {
        let needed = self.needed().into_iter();
        needed.fold(Measures::default(), |sum, metric| both(sum, metric.measures))
    }

    /// The dimensions of the cuts.
    pub(super) fn dimensions(&self) -> impl Iterator<Item = Dimension> {
        self.cuts.iter().filter_map(|(_, cut)| match cut {
            Cut::Values(dimension, _) => Some(*dimension),
            _ => None,
        })
    }

    /// Refuses what may not be asked by those who may only see sums.
    pub(super) fn check(&self, access: &Access) -> Result<(), Failure> {
        let several = self.cuts.len() > 1;
        for dimension in self.dimensions() {
            rules::check_breakdown(access, dimension)?;
            if several {
                rules::check_series(access, Some(dimension))?;
            }
        }
        Ok(())
    }
}

/// Splits a list of metrics.
fn metrics(list: &str) -> Vec<String> {
    let names: Vec<String> = list
        .split(',')
        .map(str::trim)
        .filter(|n| !n.is_empty())
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        vec!["mentions".to_owned()]
    } else {
        names
    }
}

fn wanted(name: &str) -> Result<Wanted, Failure> {
    if let Some(formula) = name.strip_prefix('=') {
        let read = Formula::parse(formula);
        return read
            .map(Wanted::Formula)
            .map_err(|e| Failure::Bad(format!("the formula `{formula:.100}` cannot be read: {e}")));
    }
    Metric::find(name).map(Wanted::Metric).ok_or_else(|| {
        let known: Vec<&str> = crate::analytics::metrics::METRICS
            .iter()
            .map(|m| m.name)
            .collect();
        Failure::Bad(format!(
            "there is no metric `{name:.64}`; known: {}",
            known.join(", ")
        ))
    })
}

fn cut(
    name: &str,
    limit: usize,
    interval: Option<&str>,
    zone: &TimeZone,
    asked: &Asked,
) -> Result<Cut, Failure> {
    Ok(match name {
        "time" => Cut::Time(Calendar {
            step: step(interval, asked)?,
            zone: zone.clone(),
        }),
        "hour" => Cut::Clock(Clock::Hour, zone.clone()),
        "weekday" => Cut::Clock(Clock::Weekday, zone.clone()),
        "week_hour" => Cut::Clock(Clock::WeekHour, zone.clone()),
        _ => {
            let dimension = dimension(name)?;
            let choose = match dimension.has_several() {
                true => Choose::Most(limit),
                false => Choose::Top(limit),
            };
            Cut::Values(dimension, choose)
        }
    })
}

fn dimension(name: &str) -> Result<Dimension, Failure> {
    Dimension::from_name(name).ok_or_else(|| {
        Failure::Bad(format!(
            "`{name:.64}` is nothing to cut by; known: time, hour, weekday, week_hour, {}",
            Dimension::NAMES.join(", ")
        ))
    })
}

/// The named step, or the shortest common one that gives at most [`POINTS`] buckets.
fn step(name: Option<&str>, asked: &Asked) -> Result<Step, Failure> {
    Ok(interval(name, asked)?.1)
}

/// The same with its name and its length: of months, quarters and years about that.
pub(in crate::api) fn interval(name: Option<&str>, asked: &Asked) -> Result<Interval, Failure> {
    let length = asked.to - asked.from;
    let found = match name.filter(|n| !n.is_empty()) {
        None => COMMON
            .iter()
            .filter_map(|name| INTERVALS.iter().find(|i| i.0 == *name))
            .find(|i| length / i.2 <= POINTS)
            .or(INTERVALS.iter().find(|i| i.0 == "week")),
        Some(name) => INTERVALS.iter().find(|i| i.0 == name),
    };
    let known = || INTERVALS.map(|i| i.0).join(", ");
    found
        .copied()
        .ok_or_else(|| Failure::Bad(format!("no such interval; known: {}", known())))
}
