//! Peaks on the Numenta Anomaly Benchmark.

use crate::nab::{self, File, PROFILES, Tally};
use crate::report::line;
use anyhow::Result;
use trends::peaks::{Config, Direction, Reading, Scale, Series};

/// The readings of one file.
struct Read<'f> {
    file: &'f File,
    config: Config,
    readings: Vec<Option<Reading>>,
}

pub(crate) fn run() -> Result<()> {
    let Some(files) = nab::load()? else { return Ok(()) };
    let reads: Vec<Read> = files.iter().map(read).collect();
    let (tweets, all): (Vec<&Read>, Vec<&Read>) = (
        reads
            .iter()
            .filter(|r| r.file.name.starts_with("realTweets/"))
            .collect(),
        reads.iter().collect(),
    );
    let thresholds = thresholds(&reads);
    for (i, profile) in PROFILES.iter().enumerate() {
        let score = |reads: &[&Read], threshold: f64| {
            let raw = reads
                .iter()
                .map(|r| r.file.score(&r.alarms(threshold), profile))
                .sum();
            let files: Vec<&File> = reads.iter().map(|r| r.file).collect();
            nab::normalised(raw, &files, profile)
        };
        let best = |reads: &[&Read]| {
            let scores = thresholds.iter().map(|t| (score(reads, *t), *t));
            scores.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
        };
        let (corpus, at) = best(&all);
        let (own, own_at) = best(&tweets);
        let goals = [("≥ 65", "≥ 55"), ("≥ 57", "—"), ("—", "—")][i];
        let name = profile.name;
        line(
            &format!(
                "NAB realTweets, {name}, at the corpus's threshold ({:.2e})",
                10f64.powf(-at)
            ),
            &format!("{:.1}", score(&tweets, at)),
            goals.0,
        );
        line(
            &format!(
                "NAB realTweets, {name}, at its own best threshold ({:.2e})",
                10f64.powf(-own_at)
            ),
            &format!("{own:.1}"),
            "",
        );
        line(
            &format!("NAB, all {} files given, {name}", files.len()),
            &format!("{corpus:.1}"),
            goals.1,
        );
    }
    hits(&tweets, &thresholds);
    Ok(())
}

/// Windows found at rates of false alarms that a person would bear.
fn hits(tweets: &[&Read], thresholds: &[f64]) {
    for (rate, goal) in [(0.05, "≥ 60 % of windows"), (1.0, "≥ 80 % of windows")] {
        let tallies = thresholds.iter().map(|t| {
            let tallies = tweets.iter().map(|r| r.file.tally(&r.alarms(*t)));
            tallies.fold(Tally::default(), |sum, t| Tally {
                hit: sum.hit + t.hit,
                windows: sum.windows + t.windows,
                false_alarms: sum.false_alarms + t.false_alarms,
                weeks: sum.weeks + t.weeks,
            })
        });
        let best = tallies
            .filter(|t| t.false_alarms as f64 <= rate * t.weeks)
            .max_by_key(|t| t.hit)
            .unwrap_or_default();
        line(
            &format!("NAB realTweets, windows hit at ≤ {rate} false alarms per series-week"),
            &format!(
                "{} of {} ({:.2})",
                best.hit,
                best.windows,
                best.false_alarms as f64 / best.weeks.max(1.0)
            ),
            goal,
        );
    }
}

fn read(file: &File) -> Read<'_> {
    let tweets = file.name.starts_with("realTweets/");
    let mut steps: Vec<i64> = file.times[..file.first_scored().max(2)]
        .windows(2)
        .map(|w| w[1] - w[0])
        .collect();
    steps.sort_unstable();
    let bin = steps[steps.len() / 2].max(60) as u32;
    let config = match tweets {
        true => Config::new(Scale::Count, Direction::Up, bin),
        false => Config::new(Scale::Figure, Direction::Both, bin),
    };
    let mut series = Series::new();
    let readings = file
        .times
        .iter()
        .zip(&file.values)
        .map(|(t, v)| series.push(*t, Some(*v), &config))
        .collect();
    Read {
        file,
        config,
        readings,
    }
}

impl Read<'_> {
    /// Rows with an alarm, where an alarm needs at least −log10 p = `threshold`: as [`Series::alarm`] gives them.
    fn alarms(&self, threshold: f64) -> Vec<usize> {
        let mut out = Vec::new();
        let mut last: Option<(i64, f64)> = None;
        for (row, reading) in self.readings.iter().enumerate() {
            let Some(r) = reading else { continue };
            let strength = -r.p.max(1e-300).log10();
            let resting = last.is_some_and(|(at, before)| {
                r.at < at + i64::from(self.config.refractory) && strength <= before.max(1.0) * 1.5
            });
            if strength >= threshold && !resting {
                out.push(row);
                last = Some((r.at, strength));
            }
        }
        out
    }
}

/// Thresholds worth trying: the strengths that were read.
fn thresholds(reads: &[Read]) -> Vec<f64> {
    let mut strengths: Vec<f64> = reads
        .iter()
        .flat_map(|r| r.readings.iter().flatten())
        .map(|r| -r.p.max(1e-300).log10())
        .filter(|s| *s > 0.7)
        .collect();
    strengths.sort_by(f64::total_cmp);
    let step = (strengths.len() / 400).max(1);
    let mut out: Vec<f64> = strengths.iter().step_by(step).copied().collect();
    out.extend(strengths.iter().rev().take(400).step_by(4));
    out.sort_by(f64::total_cmp);
    out.dedup();
    out
}
