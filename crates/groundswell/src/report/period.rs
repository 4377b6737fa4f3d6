//! The period of a report: a rule, and the days it means today.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span as Length, Timestamp, Zoned};
use post::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Days of a report at most.
const MAX_DAYS: u16 = 800;

/// Which days a report is about, by the calendar of its time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// So many days, the last of which is yesterday.
    LastDays(u16),
    /// The week before this one, from Monday.
    LastWeek,
    /// The month before this one.
    LastMonth,
    /// From the first day to the last, both included, as `2026-06-01`.
    Days {
        /// The first day.
        #[schema(value_type = String)]
        first: Date,
        /// The last day.
        #[schema(value_type = String)]
        last: Date,
    },
}

impl Default for Period {
    fn default() -> Self {
        Self::LastDays(7)
    }
}

/// The days that a rule means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first day's midnight.
    pub from: Millis,
    /// The midnight behind the last day.
    pub to: Millis,
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Period {
    /// What cannot be used, in words.
    pub fn check(&self) -> Result<(), String> {
        let days = match self {
            Self::LastDays(days) => i64::from(*days),
            Self::LastWeek | Self::LastMonth => return Ok(()),
            Self::Days { first, last } => i64::from((*last - *first).get_days()) + 1,
        };
        match days {
            ..=0 => Err("the period has no day".to_owned()),
            n if n > i64::from(MAX_DAYS) => Err(format!("the period is longer than {MAX_DAYS} days")),
            _ => Ok(()),
        }
    }

    /// The days meant at `now`.
    pub fn days(&self, now: Millis, zone: &TimeZone) -> Result<Span, jiff::Error> {
        let today = Timestamp::from_millisecond(now)?.to_zoned(zone.clone()).date();
        let (first, last) = match *self {
            Self::LastDays(days) => (
                today.checked_sub(Length::new().days(i64::from(days)))?,
                today.yesterday()?,
            ),
            Self::LastWeek => {
                let monday = today
                    .checked_sub(Length::new().days(i64::from(today.weekday().to_monday_zero_offset())))?;
                (monday.checked_sub(Length::new().days(7))?, monday.yesterday()?)
            }
            Self::LastMonth => {
                let last = today.first_of_month().yesterday()?;
                (last.first_of_month(), last)
            }
            Self::Days { first, last } => (first, last),
        };
        let midnight = |day: Date| -> Result<Millis, jiff::Error> {
            let at: Zoned = day.to_zoned(zone.clone())?;
            Ok(at.timestamp().as_millisecond())
        };
        Ok(Span {
            from: midnight(first)?,
            to: midnight(last.tomorrow()?)?,
            first,
            last,
        })
    }
}
