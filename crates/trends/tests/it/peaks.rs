//! Peaks: what alarms, and what must not.

use trends::peaks::{Config, Direction, Kind, Meter, Placed, Scale, Series, ShareSeries};
use trends::random::Random;
use trends::snapshot;

const BIN: i64 = 300;
const DAY: i64 = 86_400;
const PER_WEEK: f64 = 0.05;

fn config() -> Config {
    Config::new(Scale::Count, Direction::Up, BIN as u32)
}

/// A Poisson count whose mean follows the day.
fn count(at: i64, random: &mut Random) -> f64 {
    let hour = (at.rem_euclid(DAY) as f64) / 3600.0;
    let mean = 12.0 + 8.0 * ((hour - 9.0) * std::f64::consts::PI / 12.0).sin();
    let (mut n, mut product, limit) = (0.0, random.share(), (-mean).exp());
    while product > limit {
        n += 1.0;
        product *= random.share();
    }
    n
}

/// A series that has lived for three weeks, and when it has come to.
fn lived(random: &mut Random) -> (Series, i64) {
    let (mut series, config) = (Series::new(), config());
    let end = 21 * DAY;
    for at in (0..end).step_by(BIN as usize) {
        let value = count(at, random);
        if let Some(reading) = series.push(at, Some(value), &config) {
            series.alarm(&reading, PER_WEEK, &config);
        }
    }
    (series, end)
}

/// Alarms of an ordinary span.
fn ordinary(series: &mut Series, from: i64, to: i64, random: &mut Random) -> usize {
    let config = config();
    (from..to)
        .step_by(BIN as usize)
        .filter(|at| {
            let value = count(*at, random);
            let reading = series.push(*at, Some(value), &config);
            reading.is_some_and(|r| series.alarm(&r, PER_WEEK, &config).is_some())
        })
        .count()
}

#[test]
fn a_burst_alarms_once_with_what_was_expected() {
    let mut random = Random::new(1);
    let (mut series, now) = lived(&mut random);
    let config = config();
    let mut alarms = Vec::new();
    for b in 0..24 {
        let value = count(now + b * BIN, &mut random) * 5.0;
        if let Some(r) = series.push(now + b * BIN, Some(value), &config) {
            alarms.extend(series.alarm(&r, PER_WEEK, &config));
        }
    }
    assert!((1..=4).contains(&alarms.len()), "{} alarms", alarms.len());
    let first = alarms[0];
    assert_eq!(first.reading.kind, Kind::Rise);
    assert!(first.reading.at < now + 3 * BIN && first.per_week <= PER_WEEK);
    assert!((3.0..20.0).contains(&first.reading.expected), "{first:?}");
}

#[test]
fn a_restart_in_mid_burst_gives_the_same_alarms() {
    let mut random = Random::new(2);
    let (mut series, now) = lived(&mut random);
    let config = config();
    let mut other = series.clone();
    for b in 0..12 {
        let value = count(now + b * BIN, &mut random) * 5.0;
        let at = now + b * BIN;
        let step = |s: &mut Series| {
            let reading = s.push(at, Some(value), &config);
            reading.and_then(|r| s.alarm(&r, PER_WEEK, &config))
        };
        assert_eq!(step(&mut series), step(&mut other));
        other = snapshot::read(&snapshot::write(&other).unwrap()).unwrap();
    }
    assert_eq!(series, other);
}

#[test]
fn days_that_nobody_listened_to_and_their_end_alarm_nobody() {
    let mut random = Random::new(3);
    let (mut series, now) = lived(&mut random);
    let back = now + 3 * DAY;
    for at in (now..back).step_by(BIN as usize) {
        assert_eq!(series.push(at, None, &config()), None);
    }
    assert_eq!(ordinary(&mut series, back, back + 3 * DAY, &mut random), 0);
}

#[test]
fn a_dead_silence_is_told_as_one_and_its_end_is_no_peak() {
    let mut random = Random::new(4);
    let (mut series, now) = lived(&mut random);
    let config = config();
    let mut kinds = Vec::new();
    for at in (now..now + 2 * DAY).step_by(BIN as usize) {
        if let Some(r) = series.push(at, Some(0.0), &config) {
            kinds.extend(series.alarm(&r, PER_WEEK, &config).map(|a| a.reading.kind));
        }
    }
    assert!(
        !kinds.is_empty() && kinds.iter().all(|k| *k == Kind::Silence),
        "{kinds:?}"
    );
    assert_eq!(
        ordinary(&mut series, now + 2 * DAY, now + 5 * DAY, &mut random),
        0
    );
}

#[test]
fn an_edited_monitor_that_brings_four_times_as_much_alarms_nobody() {
    let mut random = Random::new(9);
    let (mut series, now) = lived(&mut random);
    let config = config();
    series.edited();
    for at in (now..now + 4 * DAY).step_by(BIN as usize) {
        let value = (0..4).map(|_| count(at, &mut random)).sum();
        let reading = series.push(at, Some(value), &config);
        assert_eq!(reading.and_then(|r| series.alarm(&r, PER_WEEK, &config)), None);
    }
}

#[test]
fn duplicate_and_late_bins_change_nothing() {
    let mut random = Random::new(5);
    let (mut series, now) = lived(&mut random);
    let before = series.clone();
    assert_eq!(series.push(now - BIN, Some(900.0), &config()), None);
    assert_eq!(series.push(now - 5 * BIN, Some(900.0), &config()), None);
    assert_eq!(series, before);
}

#[test]
fn a_clock_that_jumps_a_month_and_back_alarms_nobody() {
    let mut random = Random::new(6);
    let (mut series, now) = lived(&mut random);
    let ahead = now + 30 * DAY;
    assert_eq!(ordinary(&mut series, ahead, ahead + 3600, &mut random), 0);
    assert_eq!(ordinary(&mut series, now, now + 3 * DAY, &mut random), 0);
}

#[test]
fn a_month_filled_in_at_once_is_history_and_no_news() {
    let mut meter = Meter::new(BIN as u32, 2);
    let now = 100 * DAY;
    meter.tick(now, true, |_| {});
    for minute in 0..30 * 24 * 60 {
        assert_eq!(meter.add(now - 2 * 3600 - minute * 60, 1.0, now), Placed::Late);
    }
    assert_eq!(meter.add(now + DAY, 1.0, now), Placed::Ahead);
    assert_eq!(meter.add(now - 10, 1.0, now), Placed::Counted);
    let mut bins = Vec::new();
    for later in 1..=4 {
        meter.tick(now + later * BIN, true, |b| bins.push(b.value));
    }
    assert_eq!(bins.iter().flatten().sum::<f64>(), 1.0, "{bins:?}");
}

#[test]
fn a_meter_that_slept_gives_unknown_bins_and_no_empty_ones() {
    let mut meter = Meter::new(BIN as u32, 1);
    meter.tick(1_000_000, true, |_| {});
    for step in 1..10 {
        meter.add(1_000_000 + step * BIN, 3.0, 1_000_000 + step * BIN);
        meter.tick(1_000_000 + step * BIN, true, |b| assert!(b.value.is_some()));
    }
    for jump in [DAY, -2 * DAY, 3600] {
        meter.tick(1_000_000 + 10 * BIN + jump, true, |b| assert_eq!(b.value, None));
    }
}

#[test]
fn more_negative_mentions_than_usual_alarm_and_the_usual_share_does_not() {
    let config = config();
    let (mut series, mut random) = (ShareSeries::new(), Random::new(8));
    let mut day = |series: &mut ShareSeries, from: i64, to: i64, share: f64| {
        let mut alarms = 0;
        for at in (from..to).step_by(BIN as usize) {
            let part = (0..20).filter(|_| random.share() < share).count() as u64;
            let reading = series.push(at, part, 20, &config);
            alarms += reading
                .filter(|r| series.alarm(r, PER_WEEK, &config))
                .map_or(0, |_| 1);
        }
        alarms
    };
    assert_eq!(day(&mut series, 0, 21 * DAY, 0.2), 0);
    assert_eq!(day(&mut series, 21 * DAY, 21 * DAY + 4 * 3600, 0.45), 1);
}

#[test]
fn a_series_and_ten_thousand_monitors_fit_their_memory() {
    let series = Series::new();
    assert!(series.bytes() * 80_000 <= 100_000_000, "{} bytes", series.bytes());
}

#[test]
fn rare_series_that_begin_with_silence_alarm_no_more_often_than_is_asked() {
    // As the app asks: two days of warm-up, no record rule; 200 series of one in half a day to a fortnight.
    let config = Config {
        warm_up: 2 * DAY as u32,
        record: 1.0,
        ..config()
    };
    let (mut random, mut alarms) = (Random::new(77), 0);
    for n in 0..200 {
        let (mean, mut series) = ([0.00025, 0.0005, 0.002, 0.007][n % 4], Series::new());
        for at in (0..18 * DAY).step_by(BIN as usize) {
            let value = f64::from(u8::from(random.share() < mean));
            let reading = series.push(at, Some(value), &config);
            let rise = reading.filter(|r| r.kind == Kind::Rise);
            alarms += usize::from(rise.is_some_and(|r| series.alarm(&r, 0.1, &config).is_some()));
        }
    }
    // Over 16 days 46 are asked for.
    assert!(alarms <= 46, "{alarms} alarms");
}
