//! What is said of a trained classifier: how good it is, how that was measured, and what to mend in its labels.

use crate::metrics::Quality;
use serde::{Deserialize, Serialize};

/// How good a classifier is, on rows it was not trained on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Rows it learnt from.
    pub rows: usize,
    /// How many of them have each label, in the order of the labels.
    pub labels: Vec<LabelCount>,
    /// Parts into which the rows were divided: each was answered by a model of the others.
    pub folds: usize,
    /// Quality of the model where it reads all it can, by the answers for each part. The intervals are of resampled rows.
    pub quality: Quality,
    /// The same of its words alone, as where the encoder has no time; `None` if it never reads more.
    pub words: Option<Quality>,
    /// Share of right answers of whoever always says the most frequent label.
    pub most_frequent: f64,
    /// Expected calibration error before the temperature was fitted.
    pub ece_before: f64,
    /// Where it abstains.
    pub abstention: Abstention,
    /// What to know and mend.
    pub warnings: Vec<Warning>,
}

/// A label and how many rows have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// Rows.
    pub rows: usize,
}

/// What abstaining costs and gains.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Abstention {
    /// Share of the labelled rows that get an answer.
    pub answered: f64,
    /// Share of right answers among those.
    pub accuracy: f64,
    /// The same for other thresholds: share answered and accuracy, from all to the surest tenth.
    pub curve: Vec<[f64; 2]>,
}

/// Something to know about the labelled rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Warning {
    /// So few rows that the figures are rough.
    FewRows {
        /// Rows.
        rows: usize,
    },
    /// Labels with too few rows to be learnt or judged.
    FewOfLabel {
        /// The labels and their rows.
        labels: Vec<LabelCount>,
    },
    /// One label has most rows.
    Imbalance {
        /// The label.
        label: String,
        /// Its share of the rows.
        share: f64,
    },
    /// Rows that repeat a text. They stand in one part together, so that the figures are not better for it.
    Duplicates {
        /// Rows that repeat an earlier one.
        rows: usize,
        /// Texts that are repeated.
        texts: usize,
    },
    /// The same text with different labels.
    Contradictions {
        /// Texts.
        texts: usize,
        /// Rows of the first of them, counted from 0 in the rows given.
        examples: Vec<Vec<usize>>,
    },
    /// Rows without words.
    Wordless {
        /// Rows.
        rows: usize,
    },
    /// Not all rows were used.
    Sampled {
        /// Rows used.
        used: usize,
        /// Rows there are.
        of: usize,
    },
    /// The classifier is not surely better than the most frequent label.
    NoBetter {
        /// The lower end of the interval of its accuracy.
        accuracy: f64,
        /// The share of the most frequent label.
        most_frequent: f64,
    },
    /// Labels that are mistaken for each other.
    Confused {
        /// Pairs of the true and the given label, with the share of the first that is taken for the second.
        pairs: Vec<(String, String, f64)>,
    },
}

impl std::fmt::Display for Warning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let percent = |share: &f64| (share * 100.0).round();
        // What is counted is one or many, and what it does follows.
        let count = |n: &usize, one: &str, many: &str| format!("{n} {}", if *n == 1 { one } else { many });
        match self {
            Self::FewRows { rows } => {
                let rows = count(rows, "row", "rows");
                write!(f, "{rows}: take the figures with their wide intervals")
            }
            Self::FewOfLabel { labels } => {
                write!(f, "too few rows to learn or judge:")?;
                labels
                    .iter()
                    .try_for_each(|l| write!(f, " {} ({})", l.label, l.rows))
            }
            Self::Imbalance { label, share } => {
                write!(
                    f,
                    "{} % of the rows are {label}: label more of the others",
                    percent(share)
                )
            }
            Self::Duplicates { rows, texts } => {
                let rows = count(rows, "row repeats", "rows repeat");
                match texts {
                    1 => write!(f, "{rows} a text; repetitions teach nothing more"),
                    _ => write!(f, "{rows} one of {texts} texts; repetitions teach nothing more"),
                }
            }
            Self::Contradictions { texts, .. } => {
                write!(f, "{}", count(texts, "text has", "texts have"))?;
                write!(f, " different labels")
            }
            Self::Wordless { rows } => {
                write!(
                    f,
                    "{}",
                    count(rows, "row without words was", "rows without words were")
                )?;
                write!(f, " left out")
            }
            Self::Sampled { used, of } => write!(f, "{used} of {of} rows were used, drawn at random"),
            Self::NoBetter {
                accuracy,
                most_frequent,
            } => write!(
                f,
                "not surely better than always saying the most frequent label: {} % against {} %",
                percent(accuracy),
                percent(most_frequent)
            ),
            Self::Confused { pairs } => {
                write!(f, "often mistaken:")?;
                let one = |(truth, given, share): &(String, String, f64)| {
                    write!(f, " {truth} for {given} ({} %)", percent(share))
                };
                pairs.iter().try_for_each(one)
            }
        }
    }
}
