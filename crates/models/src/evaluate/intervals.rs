//! Intervals of the figures of classes and languages.

use crate::metrics::{Answer, Confusion, Interval, bootstrap};
use crate::quantify::Random;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const ROUNDS: usize = 300;
const SEED: u64 = 21;
/// Posts of a language below which an interval says nothing.
const FEWEST: usize = 30;

/// 95 % intervals of one class's figures, by resampling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ClassIntervals {
    /// Of its precision.
    pub precision: Interval,
    /// Of its recall.
    pub recall: Interval,
    /// Of its F1.
    pub f1: Interval,
}

/// 95 % intervals of a language's figures, by resampling.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LangIntervals {
    /// Of the accuracy.
    pub accuracy: Interval,
    /// Of the mean F1 of the classes.
    pub macro_f1: Interval,
}

/// Of every class that occurs among truths or answers.
pub(super) fn by_class(labels: &[String], answers: &[Answer]) -> BTreeMap<String, ClassIntervals> {
    let pairs: Vec<_> = answers.iter().map(|a| (a.truth, a.given)).collect();
    let mut drawn: Vec<[Vec<f64>; 3]> = vec![Default::default(); labels.len()];
    let mut random = Random::new(SEED);
    for _ in 0..ROUNDS {
        let sample = (0..pairs.len()).map(|_| pairs[random.below(pairs.len())]);
        let confusion = Confusion::of(labels.len(), sample);
        for (k, lists) in drawn.iter_mut().enumerate() {
            let q = confusion.class(k);
            lists
                .iter_mut()
                .zip([q.precision, q.recall, q.f1])
                .for_each(|(list, v)| list.push(v));
        }
    }
    let occurs = |k: usize| {
        pairs
            .iter()
            .any(|p| usize::from(p.0) == k || usize::from(p.1) == k)
    };
    let intervals = |lists: &mut [Vec<f64>; 3]| {
        let [precision, recall, f1] = lists.each_mut().map(|list| interval(list));
        ClassIntervals {
            precision,
            recall,
            f1,
        }
    };
    drawn
        .iter_mut()
        .enumerate()
        .filter(|(k, _)| occurs(*k))
        .map(|(k, lists)| (labels[k].clone(), intervals(lists)))
        .collect()
}

/// Of every language with enough posts.
pub(super) fn by_lang(classes: usize, answers: &[Answer]) -> BTreeMap<String, LangIntervals> {
    let mut groups: BTreeMap<&str, Vec<(u16, u16)>> = BTreeMap::new();
    for a in answers {
        if let Some(lang) = &a.lang {
            groups.entry(lang).or_default().push((a.truth, a.given));
        }
    }
    let figures = |c: &Confusion| [c.accuracy(), c.macro_f1()];
    groups
        .into_iter()
        .filter(|(_, pairs)| pairs.len() >= FEWEST)
        .map(|(lang, pairs)| {
            let [accuracy, macro_f1] = bootstrap(classes, &pairs, ROUNDS, SEED, figures);
            (lang.to_owned(), LangIntervals { accuracy, macro_f1 })
        })
        .collect()
}

fn interval(values: &mut [f64]) -> Interval {
    values.sort_unstable_by(f64::total_cmp);
    let at = |q: f64| values[((values.len() - 1) as f64 * q).round() as usize];
    [at(0.025), at(0.975)]
}
