//! Peaks on made-up counts, of which the truth is known.

use crate::report::line;
use anyhow::Result;
use trends::peaks::{Config, Direction, Kind, Scale, Series};
use trends::random::Random;
use trends::tails::negative_binomial;

const BIN: i64 = 300;
const WEEK: i64 = 7 * 86_400;
/// The counts vary so much more than Poisson ones, through a gamma-distributed rate of this size.
const SIZE: f64 = 8.0;

/// A series with the shape of a week, negative binomial around its mean.
struct Made {
    per_hour: f64,
    random: Random,
    cached: Vec<f64>,
}

impl Made {
    fn new(per_hour: f64, seed: u64) -> Self {
        // Day and night, and a weaker weekend; the mean over the week is 1.
        let raw = |h: usize| {
            let day = 1.0 + 0.8 * (2.0 * std::f64::consts::PI * ((h % 24) as f64 - 9.0) / 24.0).sin();
            day * if h / 24 >= 5 { 0.7 } else { 1.0 }
        };
        let mean = (0..168).map(raw).sum::<f64>() / 168.0;
        Self {
            per_hour,
            random: Random::new(seed),
            cached: (0..168).map(|h| raw(h) / mean).collect(),
        }
    }

    fn mean(&self, at: i64) -> f64 {
        self.per_hour * BIN as f64 / 3600.0 * self.cached[((at / 3600) % 168) as usize]
    }

    fn draw(&mut self, at: i64, times: f64) -> f64 {
        let mean = self.mean(at) * times;
        let rate = gamma(SIZE, &mut self.random) * mean / SIZE;
        poisson(rate, &mut self.random)
    }
}

/// Marsaglia and Tsang 2000 (ACM TOMS 26:363), for a shape of at least 1.
fn gamma(shape: f64, random: &mut Random) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let x = normal(random);
        let v = (1.0 + c * x).powi(3);
        if v > 0.0 && random.share().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
            return d * v;
        }
    }
}

fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - random.share()).ln()).sqrt();
    radius * (2.0 * std::f64::consts::PI * random.share()).cos()
}

fn poisson(mean: f64, random: &mut Random) -> f64 {
    if mean > 60.0 {
        return (mean + mean.sqrt() * normal(random)).round().max(0.0);
    }
    let limit = (-mean).exp();
    let mut n = 0.0;
    let mut product = random.share();
    while product > limit {
        n += 1.0;
        product *= random.share();
    }
    n
}

pub(crate) fn run() -> Result<()> {
    for per_hour in [2.0, 10.0, 60.0, 600.0] {
        for asked in [0.25, 1.0] {
            let (measured, silences) = false_alarms(per_hour, asked);
            line(
                &format!("made-up series, {per_hour}/h, {asked} false alarms a week asked: measured"),
                &format!("{measured:.2} ({silences:.2} silent)"),
                &format!("{:.2}–{:.2}", asked * 0.7, asked * 1.3),
            );
        }
    }
    for per_hour in [10.0, 20.0, 60.0, 600.0] {
        for asked in [0.25, 1.0] {
            let (ours, oracle) = recall(per_hour, asked);
            line(
                &format!("×3 for 30 min at {per_hour}/h, {asked} false alarms a week asked: recall"),
                &format!("{ours:.3} ({oracle:.3})"),
                "≥ 0.95 (an oracle)",
            );
        }
    }
    Ok(())
}

/// Alarms per week on series without any peak, after four weeks of learning; and those among them for silence.
fn false_alarms(per_hour: f64, asked: f64) -> (f64, f64) {
    let config = Config::new(Scale::Count, Direction::Up, BIN as u32);
    let (mut alarms, mut silent, mut weeks) = (0, 0, 0);
    for seed in 0..12 {
        let mut made = Made::new(per_hour, 77 + seed);
        let mut series = Series::new();
        for bin in 0..(24 * WEEK / BIN) {
            let at = bin * BIN;
            let Some(reading) = series.push(at, Some(made.draw(at, 1.0)), &config) else {
                continue;
            };
            if let Some(alarm) = series.alarm(&reading, asked, &config)
                && at >= 4 * WEEK
            {
                alarms += 1;
                silent += usize::from(alarm.reading.kind == Kind::Silence);
            }
        }
        weeks += 20;
    }
    (
        f64::from(alarms) / f64::from(weeks),
        silent as f64 / f64::from(weeks),
    )
}

/// The share of bursts that are found by their end; and the share that a test would find that knows the true mean, the
/// noise and the very half-hour, and is asked for the same rate of false alarms over all half-hours of a week.
fn recall(per_hour: f64, asked: f64) -> (f64, f64) {
    let config = Config::new(Scale::Count, Direction::Up, BIN as u32);
    let (mut found, mut oracle, mut bursts) = (0, 0, 0);
    for seed in 0..6 {
        let mut made = Made::new(per_hour, 1234 + seed);
        let mut series = Series::new();
        for bin in 0..10 * WEEK / BIN {
            let at = bin * BIN;
            if at >= 4 * WEEK && at % (7 * 3600) == 0 {
                bursts += 1;
                let (told, counts) = burst(&mut made, &series, at, asked, &config);
                found += usize::from(told);
                let mean: f64 = (0..6).map(|b| made.mean(at + b * BIN)).sum();
                let p = 10f64.powf(-negative_binomial(counts, mean, SIZE * 6.0));
                oracle += usize::from(p <= asked / 336.0);
            }
            let value = made.draw(at, 1.0);
            if let Some(r) = series.push(at, Some(value), &config) {
                series.alarm(&r, asked, &config);
            }
        }
    }
    (
        found as f64 / f64::from(bursts),
        oracle as f64 / f64::from(bursts),
    )
}

/// Goes on with a copy of the series through a burst: whether it alarms by its end, and the counts of the burst.
fn burst(made: &mut Made, series: &Series, at: i64, asked: f64, config: &Config) -> (bool, f64) {
    let mut series = series.clone();
    let (mut told, mut sum) = (false, 0.0);
    for b in 0..6 {
        let then = at + b * BIN;
        let value = made.draw(then, 3.0);
        sum += value;
        let reading = series.push(then, Some(value), config);
        told |= reading.is_some_and(|r| r.p <= config.threshold(asked));
    }
    (told, sum)
}
