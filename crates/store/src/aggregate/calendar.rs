//! Buckets of time as people of a time zone know them: their days and weeks begin at their midnight, and a day of 23 or
//! 25 hours is one day.

use crate::Error;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use post::Millis;

/// The length of a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// So many minutes; a divisor of 60.
    Minutes(u8),
    /// So many hours of the local clock; a divisor of 24.
    Hours(u8),
    /// Days.
    Day,
    /// Weeks from Monday (ISO 8601).
    Week,
    /// Months.
    Month,
    /// Quarters of a year.
    Quarter,
    /// Years.
    Year,
}

impl Step {
    /// A bucket is not shorter than this many milliseconds.
    fn least_ms(self) -> i64 {
        const HOUR: i64 = 3_600_000;
        match self {
            Step::Minutes(n) => i64::from(n.max(1)) * 60_000,
            Step::Hours(n) => i64::from(n.max(1)) * HOUR,
            Step::Day => 24 * HOUR,
            Step::Week => 7 * 24 * HOUR,
            Step::Month => 28 * 24 * HOUR,
            Step::Quarter => 90 * 24 * HOUR,
            Step::Year => 365 * 24 * HOUR,
        }
    }
}

/// A length and a time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// The length.
    pub step: Step,
    /// The time zone.
    pub zone: TimeZone,
}

impl Calendar {
    /// In UTC.
    pub fn utc(step: Step) -> Self {
        Self {
            step,
            zone: TimeZone::UTC,
        }
    }

    /// The borders of the buckets that hold `from` to `to`, exclusive: their begins, then the end of the last. More than
    /// `most` buckets are refused without being made.
    pub fn borders(&self, from: Millis, to: Millis, most: usize) -> Result<Vec<Millis>, Error> {
        let about = to.saturating_sub(from) / self.step.least_ms();
        if about > most as i64 {
            return Err(Error::TooLarge(format!(
                "about {about} buckets of time are too many, at most {most} are allowed; take longer ones"
            )));
        }
        if from >= to {
            return Ok(Vec::new());
        }
        let borders = match self.step {
            Step::Minutes(n) => self.even(from, to, i64::from(n.max(1)) * 60_000),
            // An hour is an hour, also when the clock is turned.
            Step::Hours(0 | 1) => self.even(from, to, 3_600_000),
            _ => self.civil(from, to),
        };
        borders.ok_or_else(|| Error::Question("a time is beyond any calendar".to_owned()))
    }

    /// Buckets of one length, laid out from a full hour of the zone.
    fn even(&self, from: Millis, to: Millis, length: i64) -> Option<Vec<Millis>> {
        let local = Timestamp::from_millisecond(from).ok()?;
        let offset = i64::from(self.zone.to_offset(local).seconds()) * 1000;
        let first = (from + offset).div_euclid(length) * length - offset;
        let mut borders = vec![first];
        let mut at = first;
        while at < to {
            at = at.checked_add(length)?;
            borders.push(at);
        }
        Some(borders)
    }

    fn civil(&self, from: Millis, to: Millis) -> Option<Vec<Millis>> {
        let zoned = Timestamp::from_millisecond(from)
            .ok()?
            .to_zoned(self.zone.clone());
        let mut at = self.floor(zoned.datetime());
        let mut borders = Vec::new();
        loop {
            let border = self.instant(at)?;
            // Where the clock is put forward over a border, two borders are one instant.
            if borders.last().is_none_or(|last| *last < border) {
                borders.push(border);
            }
            if border >= to {
                return Some(borders);
            }
            at = at.checked_add(self.span()).ok()?;
        }
    }

    /// The begin of the bucket by the local clock.
    fn floor(&self, at: DateTime) -> DateTime {
        let day = at.date();
        let date = match self.step {
            Step::Minutes(_) | Step::Hours(_) | Step::Day => day,
            Step::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(Span::new().days(back)).unwrap_or(day)
            }
            Step::Month => day.first_of_month(),
            Step::Quarter => Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).unwrap_or(day),
            Step::Year => day.first_of_year(),
        };
        let hour = match self.step {
            Step::Hours(n) => at.hour() / n.max(1) as i8 * n.max(1) as i8,
            _ => 0,
        };
        date.to_datetime(Time::new(hour, 0, 0, 0).unwrap_or(Time::MIN))
    }

    fn span(&self) -> Span {
        match self.step {
            Step::Minutes(n) => Span::new().minutes(i64::from(n)),
            Step::Hours(n) => Span::new().hours(i64::from(n.max(1))),
            Step::Day => Span::new().days(1),
            Step::Week => Span::new().weeks(1),
            Step::Month => Span::new().months(1),
            Step::Quarter => Span::new().months(3),
            Step::Year => Span::new().years(1),
        }
    }

    fn instant(&self, at: DateTime) -> Option<Millis> {
        let zoned = self.zone.to_ambiguous_zoned(at).compatible().ok()?;
        Some(zoned.timestamp().as_millisecond())
    }
}
