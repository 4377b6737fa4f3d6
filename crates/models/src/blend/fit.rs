//! Learning how to pool: the weights and biases under which the true labels are likeliest, held near what is known
//! already. The loss is convex; Newton's method finds its one optimum.

use super::{ByLang, LEAST, Mix, TaskBlend};
use crate::linear::softmax;
use std::collections::BTreeMap;

/// What both tiers said of a post whose label is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The full tier's probabilities.
    pub full: Vec<f32>,
    /// The fast tier's; empty where it abstained.
    pub fast: Vec<f32>,
    /// The language the post was taken to be in.
    pub lang: String,
    /// The true label.
    pub truth: u16,
}

/// How to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Whether labels get biases. They help where labels are as frequent in posts as in the development rows, and cost
    /// recall of rare labels.
    pub biased: bool,
    /// Whether the fast tier's answers are mended, too. Its weights carry a calibration of their own, by the same rows.
    pub fast: bool,
    /// Rows of a language from which on it gets its own mix.
    pub enough: usize,
    /// How strongly a language's mix is held to that of all languages, in rows: the weight of the squared distance.
    pub hold: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            biased: false,
            fast: true,
            enough: 200,
            hold: 5.0,
        }
    }
}

/// How strongly the mix of all languages is held to where it starts.
const HOLD_ALL: f64 = 1.0;
/// Steps of Newton's method at most; some ten do.
const STEPS: usize = 40;

/// Learns from rows how a task's answers are pooled. What there are no rows for stays as it is by default.
pub fn fit(rows: &[&Seen], plan: Plan) -> TaskBlend {
    let mut out = TaskBlend::default();
    let answered: Vec<&Seen> = rows.iter().copied().filter(|r| !r.fast.is_empty()).collect();
    if plan.fast {
        out.fast = by_lang(&answered, &out.fast.all, plan);
    }
    let alone: Vec<&Seen> = rows.iter().copied().filter(|r| !r.full.is_empty()).collect();
    out.full = by_lang(&alone, &out.full.all, plan);
    let served: Vec<Seen> = answered
        .iter()
        .filter(|r| !r.full.is_empty())
        .map(|row| {
            let mut row = (*row).clone();
            let raw = std::mem::take(&mut row.fast);
            out.fast(&row.lang, &raw, &mut row.fast);
            row
        })
        .collect();
    out.both = by_lang(&served.iter().collect::<Vec<_>>(), &out.both.all, plan);
    out
}

fn by_lang(rows: &[&Seen], start: &Mix, plan: Plan) -> ByLang {
    let all = mix(rows, start, HOLD_ALL, plan.biased);
    let mut langs: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for row in rows {
        langs.entry(&row.lang).or_default().push(row);
    }
    let enough = langs.into_iter().filter(|(_, rows)| rows.len() >= plan.enough);
    let own = enough.map(|(lang, rows)| (lang.to_owned(), mix(&rows, &all, plan.hold, plan.biased)));
    ByLang {
        by_lang: own.collect(),
        all,
    }
}

/// The mix under which the rows are likeliest, held to `start`, whose weights of 0 stay 0. A weight that would be
/// negative is 0.
pub fn mix(rows: &[&Seen], start: &Mix, hold: f64, biased: bool) -> Mix {
    let labels = rows
        .iter()
        .map(|r| r.full.len().max(r.fast.len()))
        .max()
        .unwrap_or(0);
    let biases = if biased { labels } else { 0 };
    let origin: Vec<f64> = [start.full, start.fast]
        .into_iter()
        .chain((0..biases).map(|k| start.bias.get(k).copied().unwrap_or(0.0)))
        .map(f64::from)
        .collect();
    let mut is_free: Vec<bool> = origin
        .iter()
        .enumerate()
        .map(|(i, v)| i >= 2 || *v != 0.0)
        .collect();
    loop {
        let found = newton(rows, &origin, &is_free, hold);
        let Some(negative) = (0..2).find(|&i| is_free[i] && found[i] < 0.0) else {
            return Mix {
                full: found[0] as f32,
                fast: found[1] as f32,
                bias: found[2..].iter().map(|v| *v as f32).collect(),
            };
        };
        is_free[negative] = false;
    }
}

/// The numbers that minimise the loss, those that are not free being the origin's, or 0 if that had been left.
fn newton(rows: &[&Seen], origin: &[f64], is_free: &[bool], hold: f64) -> Vec<f64> {
    let start = |(v, free): (&f64, &bool)| if *free { *v } else { 0.0 };
    let mut at: Vec<f64> = origin.iter().zip(is_free).map(start).collect();
    let mut loss = f64::INFINITY;
    let mut step = vec![0.0; at.len()];
    for _ in 0..STEPS {
        let mut state = State::at(rows, &at, origin, hold);
        // A step that leads uphill is halved until it does not.
        for _ in 0..20 {
            if state.loss <= loss {
                break;
            }
            for (a, s) in at.iter_mut().zip(&mut step) {
                *s /= 2.0;
                *a += *s;
            }
            state = State::at(rows, &at, origin, hold);
        }
        loss = state.loss;
        step = solve(state.curvature, state.slope, is_free);
        at.iter_mut().zip(&step).for_each(|(a, s)| *a -= s);
        if step.iter().all(|s| s.abs() < 1e-6) {
            break;
        }
    }
    at
}

/// Loss, slope and curvature at a place.
struct State {
    loss: f64,
    slope: Vec<f64>,
    curvature: Vec<Vec<f64>>,
}

impl State {
    fn at(rows: &[&Seen], at: &[f64], origin: &[f64], hold: f64) -> Self {
        let n = at.len();
        let mut out = Self {
            loss: 0.0,
            slope: vec![0.0; n],
            curvature: vec![vec![0.0; n]; n],
        };
        for i in 0..n {
            let away = at[i] - origin[i];
            out.loss += hold * away * away;
            out.slope[i] += 2.0 * hold * away;
            out.curvature[i][i] += 2.0 * hold;
        }
        let (mut values, mut p) = (Vec::new(), Vec::new());
        for row in rows {
            let labels = row.full.len().max(row.fast.len());
            let log = |p: &[f32], k: usize| p.get(k).map_or(0.0, |p| f64::from(p.max(LEAST).ln()));
            // What each number adds to the value of a label.
            let part = |k: usize, i: usize| match i {
                0 => log(&row.full, k),
                1 => log(&row.fast, k),
                _ => f64::from(u8::from(i - 2 == k)),
            };
            values.clear();
            values.extend((0..labels).map(|k| (0..n).map(|i| at[i] * part(k, i)).sum::<f64>() as f32));
            softmax(&values, 1.0, &mut p);
            let truth = usize::from(row.truth);
            out.loss -= f64::from(p.get(truth).copied().unwrap_or(0.0).max(1e-12)).ln();
            let mean: Vec<f64> = (0..n)
                .map(|i| (0..labels).map(|k| f64::from(p[k]) * part(k, i)).sum())
                .collect();
            for i in 0..n {
                out.slope[i] += mean[i] - part(truth, i);
                for j in 0..=i {
                    let second: f64 = (0..labels)
                        .map(|k| f64::from(p[k]) * part(k, i) * part(k, j))
                        .sum();
                    let covariance = second - mean[i] * mean[j];
                    out.curvature[i][j] += covariance;
                    if i != j {
                        out.curvature[j][i] += covariance;
                    }
                }
            }
        }
        out
    }
}

/// The step of Newton's method over the free numbers, by Gauss and Jordan; the penalty keeps the matrix positive.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>, is_free: &[bool]) -> Vec<f64> {
    let n = right.len();
    let free: Vec<usize> = (0..n).filter(|&i| is_free[i]).collect();
    for &i in &free {
        let pivot = matrix[i][i].max(1e-12);
        let (row, value) = (matrix[i].clone(), right[i]);
        for &j in free.iter().filter(|&&j| j != i) {
            let factor = matrix[j][i] / pivot;
            free.iter().for_each(|&k| matrix[j][k] -= factor * row[k]);
            right[j] -= factor * value;
        }
    }
    (0..n)
        .map(|i| match is_free[i] {
            true => right[i] / matrix[i][i].max(1e-12),
            false => 0.0,
        })
        .collect()
}
