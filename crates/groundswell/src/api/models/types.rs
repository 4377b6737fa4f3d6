//! Model cards as the API gives them.

use models::calibrate::Bin;
use models::card::{Card, DataSet};
use models::metrics::{Interval, Quality};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The card of a model for one task.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct ModelCard {
    /// Name and version, as every score carries it.
    pub id: String,
    /// The task.
    pub task: String,
    /// `fast` for the linear models, `full` for the encoder together with them.
    pub tier: String,
    /// Day of training.
    pub date: String,
    /// Size of the weights in bytes, shared by all tasks of the model.
    pub bytes: u64,
    /// The labels.
    pub labels: Vec<String>,
    /// Languages (ISO 639) it answers for; empty for any.
    pub languages: Vec<String>,
    /// What it was trained on.
    pub trained_on: Vec<TrainedOn>,
    /// How good it is on development data, set by set.
    pub validation: Vec<SetQuality>,
    /// How its probabilities relate to truth.
    pub calibration: Reliability,
    /// What it is known to get wrong.
    pub known_failures: Vec<String>,
}

/// A data set that went into a model.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct TrainedOn {
    /// Its name.
    pub name: String,
    /// Its licence, as its source states it.
    pub licence: String,
    /// Where it comes from.
    pub source: String,
    /// Texts used.
    pub texts: u64,
}

/// Quality on one set. Intervals are 95 %, by resampling.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct SetQuality {
    /// The set.
    pub set: String,
    /// Posts.
    pub n: u64,
    /// Share of right answers, with its interval.
    pub accuracy: [f64; 3],
    /// Mean F1 of the classes, with its interval.
    pub macro_f1: [f64; 3],
    /// Mean recall of the classes, with its interval.
    pub macro_recall: [f64; 3],
    /// Expected calibration error.
    pub ece: f64,
    /// The labels of the confusion matrix.
    pub labels: Vec<String>,
    /// Posts by true (row) and given (column) label.
    pub confusion: Vec<Vec<u64>>,
}

/// How probabilities relate to truth, over all development sets.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct Reliability {
    /// How they were calibrated.
    pub method: String,
    /// Expected calibration error before, where it was measured.
    pub ece_before: Option<f64>,
    /// Expected calibration error.
    pub ece: f64,
    /// Brier score.
    pub brier: f64,
    /// The reliability diagram: answers by how sure they are.
    pub bins: Vec<ReliabilityBin>,
}

/// One bin of a reliability diagram.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(in crate::api) struct ReliabilityBin {
    /// Answers in it.
    pub n: u64,
    /// Their mean probability.
    pub confidence: f64,
    /// The share of them that is right.
    pub accuracy: f64,
}

impl ModelCard {
    /// A card, as shown.
    pub(crate) fn of(card: &Card) -> Self {
        Self {
            id: card.id.clone(),
            task: card.task.clone(),
            tier: card.tier.clone(),
            date: card.date.clone(),
            bytes: card.bytes as u64,
            labels: card.labels.clone(),
            languages: card.languages.clone(),
            trained_on: card.trained_on.iter().map(TrainedOn::of).collect(),
            validation: card
                .validation
                .iter()
                .map(|(set, q)| SetQuality::of(set, q))
                .collect(),
            calibration: Reliability {
                method: card.calibration.method.clone(),
                ece_before: card.calibration.ece_before,
                ece: card.calibration.ece,
                brier: card.calibration.brier,
                bins: card
                    .calibration
                    .reliability
                    .iter()
                    .map(ReliabilityBin::of)
                    .collect(),
            },
            known_failures: card.known_failures.clone(),
        }
    }
}

impl TrainedOn {
    fn of(set: &DataSet) -> Self {
        Self {
            name: set.name.clone(),
            licence: set.licence.clone(),
            source: set.source.clone(),
            texts: set.texts as u64,
        }
    }
}

impl SetQuality {
    fn of(set: &str, q: &Quality) -> Self {
        let with = |value: f64, interval: &Interval| [value, interval[0], interval[1]];
        Self {
            set: set.to_owned(),
            n: q.n as u64,
            accuracy: with(q.accuracy, &q.intervals.accuracy),
            macro_f1: with(q.macro_f1, &q.intervals.macro_f1),
            macro_recall: with(q.macro_recall, &q.intervals.macro_recall),
            ece: q.ece,
            labels: q.labels.clone(),
            confusion: q.confusion.clone(),
        }
    }
}

impl ReliabilityBin {
    fn of(bin: &Bin) -> Self {
        Self {
            n: bin.n as u64,
            confidence: bin.confidence,
            accuracy: bin.accuracy,
        }
    }
}
