//! Everything `evaluate` says about a model on labelled posts.

use crate::calibrate::{brier, ece};
use crate::linear::argmax;
use crate::metrics::{ClassQuality, Confusion, Interval, bootstrap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const ROUNDS: usize = 500;
const SEED: u64 = 20;

/// One answer and its truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The probability of each class, in the order of the labels; empty where the model gives none.
    pub probabilities: Vec<f32>,
    /// The class given; `labels.len()` or more for none of them.
    pub given: u16,
    /// The true class.
    pub truth: u16,
    /// The language of the post, where known.
    pub lang: Option<String>,
}

impl Answer {
    /// An answer whose class is the likeliest one.
    pub fn of(probabilities: Vec<f32>, truth: u16, lang: Option<String>) -> Self {
        let given = argmax(&probabilities) as u16;
        Self {
            probabilities,
            given,
            truth,
            lang,
        }
    }
}

/// 95 % intervals by resampling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Intervals {
    /// Of the accuracy.
    pub accuracy: Interval,
    /// Of the mean F1 of the classes.
    pub macro_f1: Interval,
    /// Of the mean recall of the classes.
    pub macro_recall: Interval,
}

/// Quality on the posts of one language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupQuality {
    /// Posts.
    pub n: usize,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 of the classes that occur.
    pub macro_f1: f64,
    /// Mean recall of the classes that occur.
    pub macro_recall: f64,
    /// Expected calibration error.
    pub ece: f64,
}

/// Quality on labelled posts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Posts.
    pub n: usize,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 of the classes that occur among the truths.
    pub macro_f1: f64,
    /// Mean recall of the classes that occur among the truths.
    pub macro_recall: f64,
    /// Quality by label.
    pub per_class: BTreeMap<String, ClassQuality>,
    /// The labels in the order of the confusion matrix.
    pub labels: Vec<String>,
    /// Posts by true (row) and given (column) label.
    pub confusion: Vec<Vec<u64>>,
    /// Expected calibration error over 15 bins.
    pub ece: f64,
    /// Brier score, 0 to 2.
    pub brier: f64,
    /// 95 % intervals.
    pub intervals: Intervals,
    /// Quality by language of the post.
    pub by_lang: BTreeMap<String, GroupQuality>,
}

/// Compares answers with the truth. `labels` names the classes; a class above them is an unknown label.
pub fn evaluate(labels: &[String], answers: &[Answer]) -> Quality {
    let mut labels = labels.to_vec();
    let highest = answers
        .iter()
        .map(|a| usize::from(a.truth.max(a.given)) + 1)
        .max()
        .unwrap_or(0);
    while labels.len() < highest {
        labels.push(format!("unknown-{}", labels.len()));
    }
    let pairs: Vec<_> = answers.iter().map(|a| (a.truth, a.given)).collect();
    let confusion = Confusion::of(labels.len(), pairs.iter().copied());
    let figures = |c: &Confusion| [c.accuracy(), c.macro_f1(), c.macro_recall()];
    let [accuracy, macro_f1, macro_recall] = bootstrap(labels.len(), &pairs, ROUNDS, SEED, figures);
    let (probabilities, truth) = split(answers.iter());
    Quality {
        n: answers.len(),
        accuracy: confusion.accuracy(),
        macro_f1: confusion.macro_f1(),
        macro_recall: confusion.macro_recall(),
        per_class: labels
            .iter()
            .enumerate()
            .map(|(k, l)| (l.clone(), confusion.class(k)))
            .collect(),
        confusion: confusion.rows(),
        ece: ece(&probabilities, &truth),
        brier: brier(&probabilities, &truth),
        intervals: Intervals {
            accuracy,
            macro_f1,
            macro_recall,
        },
        by_lang: by_lang(labels.len(), answers),
        labels,
    }
}

fn by_lang(classes: usize, answers: &[Answer]) -> BTreeMap<String, GroupQuality> {
    let mut groups: BTreeMap<String, Vec<&Answer>> = BTreeMap::new();
    for a in answers {
        if let Some(lang) = &a.lang {
            groups.entry(lang.clone()).or_default().push(a);
        }
    }
    let quality = |group: Vec<&Answer>| {
        let confusion = Confusion::of(classes, group.iter().map(|a| (a.truth, a.given)));
        let (probabilities, truth) = split(group.iter().copied());
        GroupQuality {
            n: group.len(),
            accuracy: confusion.accuracy(),
            macro_f1: confusion.macro_f1(),
            macro_recall: confusion.macro_recall(),
            ece: ece(&probabilities, &truth),
        }
    };
    groups
        .into_iter()
        .map(|(lang, group)| (lang, quality(group)))
        .collect()
}

fn split<'a>(answers: impl Iterator<Item = &'a Answer>) -> (Vec<Vec<f32>>, Vec<u16>) {
    answers
        .filter(|a| !a.probabilities.is_empty())
        .map(|a| (a.probabilities.clone(), a.truth))
        .unzip()
}
