//! How good a model is on labelled posts, as the command `evaluate` prints it.
//!
//! The figures are those of [`crate::metrics`]; here they are made from rows that hold labels as words, with intervals
//! for each class and language and the bins of the reliability diagram beside them.

mod intervals;
mod rows;

pub use intervals::{ClassIntervals, LangIntervals};
pub use rows::{EvaluateError, Evaluator};

use crate::calibrate::Bin;
use crate::metrics::Quality;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything told of a model on labelled posts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Figures, confusion matrix and figures by language.
    #[serde(flatten)]
    pub quality: Quality,
    /// 95 % intervals of each class's figures.
    pub class_intervals: BTreeMap<String, ClassIntervals>,
    /// 95 % intervals of the figures by language, for languages with 30 posts and more.
    pub lang_intervals: BTreeMap<String, LangIntervals>,
    /// The reliability diagram.
    pub reliability: Vec<Bin>,
    /// Posts the model answered without standing by it. They are judged like all others.
    pub abstained: usize,
    /// Quality on the posts it stands by, where it abstained from some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
}

/// Quality on the posts a model stands by.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Answered {
    /// Posts.
    pub n: usize,
    /// Share of right answers.
    pub accuracy: f64,
    /// Mean F1 of the classes that occur.
    pub macro_f1: f64,
}
