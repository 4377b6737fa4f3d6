//! Time partitions: which one a post belongs to, and how its folder is called.

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use post::{Millis, Post};

/// The length of a partition, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Period {
    /// A day, for a firehose.
    Day,
    /// A week from Monday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year, for archives.
    Year,
}

/// A partition: a period and its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Span {
    period: Period,
    start: Date,
}

impl Span {
    /// The partition of a post: of `period`, or where it was older than `archive.1` milliseconds when it was seen, of
    /// `archive.0`. It follows from the post alone, so that a replay never makes a second copy elsewhere.
    pub(crate) fn of_post(post: &Post, period: Period, archive: (Period, Millis)) -> Self {
        let age = post.seen_at.saturating_sub(post.created_at);
        let period = if age > archive.1 { archive.0 } else { period };
        Self::holding(post.created_at, period)
    }

    /// The partition of this period that holds this time. Times outside the years 1 to 9998 go to their ends.
    pub(crate) fn holding(at: Millis, period: Period) -> Self {
        let day = Timestamp::from_millisecond(at)
            .map(|t| t.to_zoned(TimeZone::UTC).date())
            .unwrap_or(if at < 0 { Date::MIN } else { Date::MAX })
            .clamp(date(1, 1, 1), date(9998, 12, 31));
        let start = match period {
            Period::Day => day,
            Period::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(SignedDuration::from_hours(24 * back))
                    .unwrap_or(day)
            }
            Period::Month => day.first_of_month(),
            Period::Year => day.first_of_year(),
        };
        Span { period, start }
    }

    /// Whether mentions of this time belong here.
    pub(crate) fn holds(self, at: Millis) -> bool {
        Self::holding(at, self.period) == self
    }

    /// The first millisecond after the partition.
    pub(crate) fn end(self) -> Millis {
        let next = match self.period {
            Period::Day => self.start.tomorrow(),
            Period::Week => self.start.checked_add(SignedDuration::from_hours(24 * 7)),
            Period::Month => self.start.last_of_month().tomorrow(),
            Period::Year => self.start.last_of_year().tomorrow(),
        };
        next.map_or(Millis::MAX, millis)
    }

    /// The first millisecond of the partition.
    pub(crate) fn start(self) -> Millis {
        millis(self.start)
    }

    /// The name of its folder: `month-2013-05-01`.
    pub(crate) fn folder(self) -> String {
        let name = match self.period {
            Period::Day => "day",
            Period::Week => "week",
            Period::Month => "month",
            Period::Year => "year",
        };
        format!("{name}-{}", self.start)
    }

    /// The partition of this folder name, if it is one.
    pub(crate) fn of_folder(name: &str) -> Option<Self> {
        let (period, start) = name.split_once('-')?;
        let period = match period {
            "day" => Period::Day,
            "week" => Period::Week,
            "month" => Period::Month,
            "year" => Period::Year,
            _ => return None,
        };
        Some(Span {
            period,
            start: start.parse().ok()?,
        })
    }
}

fn millis(day: Date) -> Millis {
    day.to_zoned(TimeZone::UTC)
        .map_or(Millis::MAX, |z| z.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_partition_holds_its_times(at in -62_000_000_000_000i64..253_000_000_000_000, p in 0usize..4) {
            let period = [Period::Day, Period::Week, Period::Month, Period::Year][p];
            let span = Span::holding(at, period);
            prop_assert!(span.start() <= at && at < span.end());
            prop_assert_eq!(Span::holding(span.start(), period), span);
            prop_assert_eq!(Span::holding(span.end() - 1, period), span);
            prop_assert_eq!(Span::of_folder(&span.folder()), Some(span));
        }
    }

    #[test]
    fn far_times_have_a_partition() {
        for at in [Millis::MIN, Millis::MAX] {
            let span = Span::holding(at, Period::Month);
            assert_eq!(Span::of_folder(&span.folder()), Some(span));
        }
        assert_eq!(Span::holding(0, Period::Week).folder(), "week-1969-12-29");
        assert_eq!(Span::of_folder("lost+found"), None);
    }
}
