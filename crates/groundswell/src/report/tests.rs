//! Rules of definitions, periods and schedules.

use super::{Definition, Every, Form, Period, Schedule, SectionKind};
use jiff::Timestamp;
use jiff::tz::TimeZone;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("a time").as_millisecond()
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("a zone")
}

#[test]
fn periods_are_days_of_the_zone() {
    let days = |period: Period, now: &str| {
        let span = period.days(at(now), &berlin()).expect("a period");
        (
            span.first.to_string(),
            span.last.to_string(),
            (span.to - span.from) / 3_600_000,
        )
    };
    let told = |first: &str, last: &str, hours| (first.to_owned(), last.to_owned(), hours);
    // 23:30 in UTC is the next day in Berlin.
    assert_eq!(
        days(Period::LastDays(2), "2026-07-03T23:30:00Z"),
        told("2026-07-02", "2026-07-03", 48)
    );
    assert_eq!(
        days(Period::LastWeek, "2026-07-01T10:00:00Z"),
        told("2026-06-22", "2026-06-28", 168)
    );
    assert_eq!(
        days(Period::LastWeek, "2026-06-29T10:00:00Z"),
        told("2026-06-22", "2026-06-28", 168)
    );
    // March has an hour less where the clock goes forward.
    assert_eq!(
        days(Period::LastMonth, "2026-04-10T10:00:00Z"),
        told("2026-03-01", "2026-03-31", 31 * 24 - 1)
    );
    let (first, last) = (
        "2026-06-01".parse().expect("a day"),
        "2026-06-01".parse().expect("a day"),
    );
    assert_eq!(
        days(Period::Days { first, last }, "2030-01-01T00:00:00Z"),
        told("2026-06-01", "2026-06-01", 24)
    );
    assert!(Period::LastDays(0).check().is_err() && Period::LastDays(900).check().is_err());
    let before = "2026-05-31".parse().expect("a day");
    assert!(Period::Days { first, last: before }.check().is_err());
}

#[test]
fn a_schedule_is_due_at_its_hour() {
    let due = |every, now: &str| {
        let schedule = Schedule { every, hour: 8 };
        let due = schedule.last_due(at(now), &berlin()).expect("a time");
        Timestamp::from_millisecond(due).expect("a time").to_string()
    };
    // 2026-07-01 is a Wednesday; eight in Berlin is six in UTC.
    assert_eq!(due(Every::Day, "2026-07-01T06:00:00Z"), "2026-07-01T06:00:00Z");
    assert_eq!(due(Every::Day, "2026-07-01T05:59:59Z"), "2026-06-30T06:00:00Z");
    assert_eq!(
        due(Every::Week(1), "2026-07-01T12:00:00Z"),
        "2026-06-29T06:00:00Z"
    );
    assert_eq!(
        due(Every::Week(3), "2026-07-01T05:00:00Z"),
        "2026-06-24T06:00:00Z"
    );
    assert_eq!(
        due(Every::Month(1), "2026-07-01T07:00:00Z"),
        "2026-07-01T06:00:00Z"
    );
    assert_eq!(
        due(Every::Month(15), "2026-07-01T07:00:00Z"),
        "2026-06-15T06:00:00Z"
    );
    // In winter it is seven in UTC.
    assert_eq!(due(Every::Day, "2026-12-01T12:00:00Z"), "2026-12-01T07:00:00Z");
    assert!(
        Schedule {
            every: Every::Week(8),
            hour: 8
        }
        .check()
        .is_err()
    );
    assert!(
        Schedule {
            every: Every::Day,
            hour: 24
        }
        .check()
        .is_err()
    );
}

#[test]
fn what_leaves_the_house_shows_no_post() {
    let mut definition = Definition::named("July");
    assert!(definition.check().is_ok());
    assert!(!definition.chosen().contains(&SectionKind::Mentions));
    definition.sections = vec![SectionKind::Mentions];
    assert!(definition.check().is_err_and(|e| e.contains("internal")));
    definition.internal = true;
    assert!(definition.check().is_ok());
    assert_eq!(definition.chosen(), [SectionKind::Mentions]);
}

#[test]
fn what_cannot_be_used_is_named() {
    let with = |change: fn(&mut Definition)| {
        let mut definition = Definition::named("July");
        change(&mut definition);
        definition.check().err().unwrap_or_default()
    };
    assert!(with(|d| d.zone = "Mars/Base".to_owned()).contains("`Mars/Base`"));
    assert!(with(|d| d.logo = Some("PHN2Zz4=".to_owned())).contains("PNG"));
    assert!(with(|d| d.recipients = vec!["nobody".to_owned()]).contains("`nobody`"));
    assert!(with(|d| d.filter.from = Some(1)).contains("from"));
    assert!(with(|d| d.period = Period::LastDays(0)).contains("no day"));
    assert_eq!(
        Form::ALL.map(Form::name).map(Form::from_name),
        Form::ALL.map(Some)
    );
}
