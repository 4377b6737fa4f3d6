//! At which hours of the week posts meet with more than their authors are used to.
//!
//! Each post is held against its own author: r = ln((e + 1) ÷ (m + 1)), where *e* is its engagement and *m* the median
//! engagement of the author's posts of the 30 days before it. An hour is told by the median of r, drawn toward the mean of
//! all hours as far as chance would move it (empirical Bayes, normal and normal: Efron and Morris 1975, JASA 70:311; the
//! spread between hours by DerSimonian and Laird 1986, Controlled Clinical Trials 7:177).

use crate::intervals::{Estimate, Z, two_sided};
use crate::median;
use std::collections::BTreeSet;
use std::f64::consts::FRAC_PI_2;

/// Hours of a week.
pub const HOURS: usize = 168;
/// Posts of an hour of the week at least.
pub const LEAST: usize = 10;
/// How far back an author's own median reaches, in milliseconds.
pub const HISTORY: i64 = 30 * 24 * 3_600_000;
/// Earlier posts that an author's median needs.
const OWN: usize = 3;
/// No hour is known more surely than this, on the logarithm: ties of small numbers hide their spread.
const FLOOR: f64 = 1e-6;

/// A post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posted {
    /// Its author.
    pub author: u64,
    /// When, in milliseconds.
    pub at: i64,
    /// The hour of the week, below [`HOURS`]; others are left out.
    pub hour: u16,
    /// What it met with.
    pub engagement: u64,
}

/// An hour of the week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HourOfWeek {
    /// Which.
    pub hour: u16,
    /// Posts whose authors have a median of their own.
    pub posts: u32,
    /// Their authors.
    pub authors: u32,
    /// The median of their ratios, as it was seen.
    pub seen: f64,
    /// The same drawn toward all hours, with its 95 % interval: 1 is what the authors are used to.
    pub ratio: Estimate,
    /// The probability that chance alone sets the hour so far apart from the others (two-sided, before it was drawn).
    pub p: f64,
}

/// What is known of the hours.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Times {
    /// Those with [`LEAST`] posts or more, in order.
    pub hours: Vec<HourOfWeek>,
    /// Posts that were held against their author's median.
    pub posts: u64,
    /// Posts whose authors had too few posts before.
    pub without_history: u64,
    /// The mean of all hours, as a ratio.
    pub usual: f64,
    /// The variance between hours, on the logarithm; 0 where they differ by no more than chance.
    pub between: f64,
}

/// The hours of the week of posts since `from`; those before only tell what their authors are used to.
pub fn times(posts: &[Posted], from: i64) -> Times {
    let mut sorted: Vec<&Posted> = posts.iter().filter(|p| usize::from(p.hour) < HOURS).collect();
    sorted.sort_unstable_by_key(|p| (p.author, p.at, p.engagement));
    let mut cells: Vec<Cell> = vec![Cell::default(); HOURS];
    let mut times = Times {
        usual: 1.0,
        ..Times::default()
    };
    for of_author in sorted.chunk_by(|a, b| a.author == b.author) {
        let mut own = Own::default();
        for (i, post) in of_author.iter().enumerate() {
            own.forget(of_author, post.at - HISTORY);
            if post.at >= from {
                match own.median() {
                    Some(median) => {
                        let cell = &mut cells[usize::from(post.hour)];
                        cell.ratios
                            .push(((post.engagement as f64 + 1.0) / (median + 1.0)).ln());
                        cell.authors.insert(post.author);
                        times.posts += 1;
                    }
                    None => times.without_history += 1,
                }
            }
            own.add(i, post.engagement);
        }
    }
    shrink(cells, &mut times);
    times
}

#[derive(Debug, Clone, Default)]
struct Cell {
    ratios: Vec<f64>,
    authors: BTreeSet<u64>,
}

/// The engagement of an author's last posts, in order.
#[derive(Default)]
struct Own {
    values: Vec<u64>,
    first: usize,
    next: usize,
}

impl Own {
    fn add(&mut self, place: usize, engagement: u64) {
        let at = self.values.partition_point(|v| *v < engagement);
        self.values.insert(at, engagement);
        self.next = place + 1;
    }

    fn forget(&mut self, posts: &[&Posted], before: i64) {
        while self.first < self.next && posts[self.first].at < before {
            let at = self.values.partition_point(|v| *v < posts[self.first].engagement);
            self.values.remove(at);
            self.first += 1;
        }
    }

    fn median(&self) -> Option<f64> {
        let n = self.values.len();
        if n < OWN {
            return None;
        }
        let (low, high) = (self.values[(n - 1) / 2] as f64, self.values[n / 2] as f64);
        Some(f64::midpoint(low, high))
    }
}

/// An hour before it is drawn toward the others.
struct Raw {
    hour: u16,
    posts: u32,
    authors: u32,
    middle: f64,
    variance: f64,
}

fn shrink(cells: Vec<Cell>, times: &mut Times) {
    let mut kept: Vec<(u16, Cell, f64)> = Vec::new();
    for (hour, mut cell) in cells.into_iter().enumerate() {
        if cell.ratios.len() < LEAST {
            continue;
        }
        if let Some((middle, _)) = median(&mut cell.ratios) {
            kept.push((hour as u16, cell, middle));
        }
    }
    let of_one = of_one(&kept);
    let raw: Vec<Raw> = kept
        .into_iter()
        .map(|(hour, cell, middle)| Raw {
            hour,
            posts: cell.ratios.len() as u32,
            authors: cell.authors.len() as u32,
            middle,
            variance: (of_one / cell.ratios.len() as f64).max(FLOOR),
        })
        .collect();
    let Some((mean, of_mean, between)) = pooled(&raw) else {
        return;
    };
    times.usual = mean.exp();
    times.between = between;
    times.hours = raw
        .iter()
        .map(|r| {
            let trust = between / (between + r.variance);
            let value = mean + trust * (r.middle - mean);
            let half = Z * (trust * r.variance + (1.0 - trust).powi(2) * of_mean).sqrt();
            HourOfWeek {
                hour: r.hour,
                posts: r.posts,
                authors: r.authors,
                seen: r.middle.exp(),
                ratio: Estimate {
                    value: value.exp(),
                    low: (value - half).exp(),
                    high: (value + half).exp(),
                },
                p: two_sided((r.middle - mean).abs() / r.variance.sqrt()),
            }
        })
        .collect();
}

/// The variance of the median of *n* posts × *n*: 1 ÷ (4 f²), where *f* is the density of posts at the median of their hour
/// (Cramér 1946, 28.5), over the middle half of all of them; that of a normal median where the middle half is all ties.
fn of_one(kept: &[(u16, Cell, f64)]) -> f64 {
    let mut away: Vec<f64> = kept
        .iter()
        .flat_map(|(_, cell, middle)| cell.ratios.iter().map(move |r| r - middle))
        .collect();
    away.sort_by(f64::total_cmp);
    let n = away.len();
    if n == 0 {
        return 0.0;
    }
    let width = away[n * 3 / 4] - away[n / 4];
    match width > 0.0 {
        // A half of them over the width: f = 0.5 ÷ width.
        true => width * width,
        false => FRAC_PI_2 * away.iter().map(|a| a * a).sum::<f64>() / n as f64,
    }
}

/// The mean of all hours, its variance, and the variance between them.
fn pooled(raw: &[Raw]) -> Option<(f64, f64, f64)> {
    let weighted = |between: f64| {
        let weights: Vec<f64> = raw.iter().map(|r| 1.0 / (r.variance + between)).collect();
        let sum: f64 = weights.iter().sum();
        let mean = raw.iter().zip(&weights).map(|(r, w)| r.middle * w).sum::<f64>() / sum;
        (weights, sum, mean)
    };
    if raw.is_empty() {
        return None;
    }
    let (weights, sum, mean) = weighted(0.0);
    let q: f64 = raw
        .iter()
        .zip(&weights)
        .map(|(r, w)| w * (r.middle - mean).powi(2))
        .sum();
    let squares: f64 = weights.iter().map(|w| w * w).sum();
    let room = sum - squares / sum;
    let between = match room > 0.0 {
        true => ((q - (raw.len() as f64 - 1.0)) / room).max(0.0),
        false => 0.0,
    };
    let (_, sum, mean) = weighted(between);
    Some((mean, 1.0 / sum, between))
}
