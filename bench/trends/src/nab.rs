//! The Numenta Anomaly Benchmark, scored by its published definition (Lavin and Ahmad 2015, arXiv:1510.03336): a window
//! is worth what its first alarm is, the earlier the more; a missed window and every alarm outside cost.

use crate::input;
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// A profile: what false alarms and missed windows cost.
pub(crate) struct Profile {
    pub(crate) name: &'static str,
    false_alarm: f64,
    missed: f64,
}

/// The profiles of the benchmark's `profiles.json`.
pub(crate) const PROFILES: [Profile; 3] = [
    Profile {
        name: "standard",
        false_alarm: 0.11,
        missed: 1.0,
    },
    Profile {
        name: "low-FP",
        false_alarm: 0.22,
        missed: 1.0,
    },
    Profile {
        name: "low-FN",
        false_alarm: 0.11,
        missed: 2.0,
    },
];

/// One series with its labels.
pub(crate) struct File {
    pub(crate) name: String,
    /// Unix seconds, as if the times were UTC.
    pub(crate) times: Vec<i64>,
    pub(crate) values: Vec<f64>,
    /// First and last row of each window.
    windows: Vec<(usize, usize)>,
}

/// What alarms came to.
#[derive(Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) hit: usize,
    pub(crate) windows: usize,
    pub(crate) false_alarms: usize,
    pub(crate) weeks: f64,
}

/// All files of the corpus that are at hand.
pub(crate) fn load() -> Result<Option<Vec<File>>> {
    let Some(labels) = input::path("nab/labels/combined_windows.json") else {
        return Ok(None);
    };
    let labels: BTreeMap<String, Vec<(String, String)>> =
        serde_json::from_str(&std::fs::read_to_string(labels)?)?;
    labels
        .into_iter()
        .filter_map(|(name, windows)| Some((input::open(&format!("nab/data/{name}"))?, name, windows)))
        .map(|(file, name, windows)| read(file, name, &windows))
        .collect::<Result<_>>()
        .map(Some)
}

fn read(file: Box<dyn std::io::Read>, name: String, windows: &[(String, String)]) -> Result<File> {
    let (mut times, mut values) = (Vec::new(), Vec::new());
    for row in csv::Reader::from_reader(file).records() {
        let row = row?;
        times.push(seconds(&row[0])?);
        values.push(row[1].parse()?);
    }
    let row_of = |time: &str| {
        let time = seconds(time)?;
        let row = times.iter().position(|t| *t == time);
        row.with_context(|| format!("{name}: no row at {time}"))
    };
    let windows = windows
        .iter()
        .map(|(a, b)| Ok((row_of(a)?, row_of(b)?)))
        .collect::<Result<_>>()?;
    Ok(File {
        name,
        times,
        values,
        windows,
    })
}

fn seconds(time: &str) -> Result<i64> {
    let time: jiff::civil::DateTime = time.replace(' ', "T").parse()?;
    Ok(time.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_second())
}

/// The benchmark's sigmoid, −1 from three widths behind a window on.
fn sigmoid(y: f64) -> f64 {
    if y > 3.0 {
        -1.0
    } else {
        2.0 / (1.0 + (5.0 * y).exp()) - 1.0
    }
}

impl File {
    /// The first row that is scored: the first 15 % are for learning, 750 rows at most.
    pub(crate) fn first_scored(&self) -> usize {
        (0.15 * self.values.len() as f64).floor().min(750.0) as usize
    }

    fn window_of(&self, row: usize) -> Option<usize> {
        self.windows.iter().position(|(a, b)| (*a..=*b).contains(&row))
    }

    /// The raw score of alarms at these rows.
    pub(crate) fn score(&self, alarms: &[usize], profile: &Profile) -> f64 {
        let mut best = vec![-profile.missed; self.windows.len()];
        let mut cost = 0.0;
        for &row in alarms.iter().filter(|r| **r >= self.first_scored()) {
            match self.window_of(row) {
                Some(w) => {
                    let (a, b) = self.windows[w];
                    let y = -((b - row + 1) as f64) / (b - a + 1) as f64;
                    best[w] = best[w].max(sigmoid(y) / sigmoid(-1.0));
                }
                None => {
                    let behind = self.windows.iter().rev().find(|(_, b)| *b < row);
                    let y = behind.map_or(f64::INFINITY, |(a, b)| (row - b) as f64 / (b - a) as f64);
                    cost += profile.false_alarm * sigmoid(y);
                }
            }
        }
        best.iter().sum::<f64>() + cost
    }

    /// Windows hit, and alarms outside; those less than six hours apart are one.
    pub(crate) fn tally(&self, alarms: &[usize]) -> Tally {
        let first = self.first_scored();
        let scored = |w: &&(usize, usize)| w.1 >= first;
        let mut hit = vec![false; self.windows.len()];
        let mut tally = Tally {
            windows: self.windows.iter().filter(scored).count(),
            weeks: (self.times[self.times.len() - 1] - self.times[first]) as f64 / (7.0 * 86_400.0),
            ..Tally::default()
        };
        let mut before = i64::MIN;
        for &row in alarms.iter().filter(|r| **r >= first) {
            let apart = before == i64::MIN || self.times[row] - before > 6 * 3600;
            before = self.times[row];
            match self.window_of(row) {
                Some(w) => hit[w] = true,
                None => tally.false_alarms += usize::from(apart),
            }
        }
        tally.hit = hit.iter().filter(|h| **h).count();
        tally
    }
}

/// 0 for silence, 100 for perfection.
pub(crate) fn normalised(raw: f64, files: &[&File], profile: &Profile) -> f64 {
    let windows = files.iter().map(|f| f.windows.len()).sum::<usize>() as f64;
    100.0 * (raw + profile.missed * windows) / (windows * (1.0 + profile.missed))
}
