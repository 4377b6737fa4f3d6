//! Classifiers of one's own on the wire.

use crate::control::{ClassifierRow, ClassifierVersion};
use crate::scoring::own::{Card, Job};
use models::custom::{Report, RowProblem, Warning};
use models::metrics::{ClassQuality, Quality};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A classifier of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Classifier {
    /// Its id.
    pub id: String,
    /// Its project.
    pub project: String,
    /// Its name: the task of its labels, as in a filter by `name:label`.
    pub name: String,
    /// The version in force; `null` while none is used.
    pub active: Option<u32>,
    /// When it was made.
    pub created_at: i64,
    /// Labelled rows by label, most first.
    pub labels: Vec<LabelRows>,
    /// What is under way, or was last.
    pub job: Option<Job>,
}

/// A label and how many rows have it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct LabelRows {
    /// The label.
    pub label: String,
    /// Rows.
    pub rows: u64,
}

/// A classifier to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassifierInput {
    /// Its name, unlike those of the built-in tasks.
    pub name: String,
}

/// Labels to give.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelsInput {
    /// Each to a post of the project or to a text.
    pub labels: Vec<LabelInput>,
}

/// A label for a post or a text. An empty one takes the label away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LabelInput {
    /// The key of a post that is a mention of the project.
    pub post: Option<String>,
    /// A text brought along.
    pub text: Option<String>,
    /// The label.
    pub label: String,
}

/// What became of an imported file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportAnswer {
    /// Rows taken; a text that was there already has the new label.
    pub taken: u64,
    /// Rows left out.
    pub refused: u64,
    /// The first thousand of those, each with its fault.
    pub problems: Vec<ImportProblem>,
}

/// A row of a file that was left out.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportProblem {
    /// The line it begins on, from 1.
    pub line: u64,
    /// The column, where it is one's fault.
    pub column: Option<String>,
    /// What is wrong with it.
    pub message: String,
}

/// How to train or apply.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JobInput {
    /// `full` reads the encoder's states besides words: better, and some 10 ms a post. `fast` reads words alone. Training is
    /// `full` where this is absent, applying `fast`.
    pub tier: Option<JobTier>,
}

/// What is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum JobTier {
    /// Words alone.
    Fast,
    /// The encoder's states, too.
    Full,
}

/// A version to put in force.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActiveInput {
    /// Its number; `null` puts the classifier out of use.
    pub version: Option<u32>,
}

/// A text to classify.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextInput {
    /// The text.
    pub text: String,
    /// The version to ask; the one in force where absent, or else the newest.
    pub version: Option<u32>,
}

/// What a classifier says of a text.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClassAnswer {
    /// The likeliest label.
    pub label: String,
    /// Its calibrated probability.
    pub probability: f32,
    /// Whether the text belongs so little to any label that none would be stored.
    pub abstained: bool,
    /// All labels, likeliest first.
    pub probabilities: Vec<LabelProbability>,
    /// Name and version of the model.
    pub model: String,
}

/// A label and its probability.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelProbability {
    /// The label.
    pub label: String,
    /// Its calibrated probability.
    pub probability: f32,
}

/// A post worth labelling.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Suggestion {
    /// The post's key, for labelling it.
    pub post: String,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub text: String,
    /// What the classifier would say of it, where it has been trained.
    pub label: Option<String>,
    /// How likely it thinks that is.
    pub probability: Option<f32>,
}

/// A trained version.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Version {
    /// Its number, from 1.
    pub version: u32,
    /// When it was trained.
    pub created_at: i64,
    /// Whether it is in force.
    pub active: bool,
    /// The encoder it reads besides words.
    pub encoder: Option<String>,
    /// Size of the weights in bytes.
    pub bytes: u64,
    /// How good it is on rows it was not trained on.
    pub report: VersionReport,
}

/// How good a version is, by cross-validation. A figure with its interval is `[figure, low, high]`, 95 %, by resampling.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VersionReport {
    /// Rows it learnt from.
    pub rows: u64,
    /// Parts of the cross-validation. Rows that say the same stand in one part.
    pub folds: u64,
    /// Share of right answers.
    pub accuracy: [f64; 3],
    /// Mean F1 of the labels.
    pub macro_f1: [f64; 3],
    /// Share of right answers by words alone, as where the encoder has no time.
    pub words_accuracy: Option<[f64; 3]>,
    /// Share of right answers of whoever always says the most frequent label.
    pub most_frequent: f64,
    /// Expected calibration error before calibration, and after.
    pub ece: [f64; 2],
    /// Share of the labelled rows that get an answer, and of right answers among those.
    pub answered: [f64; 2],
    /// The same for other thresholds.
    pub curve: Vec<[f64; 2]>,
    /// Each label.
    pub labels: Vec<LabelQuality>,
    /// Rows by true (row) and given (column) label, in the order of the labels.
    pub confusion: Vec<Vec<u64>>,
    /// What to know and mend.
    pub warnings: Vec<ReportWarning>,
}

/// How well a label is told.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LabelQuality {
    /// The label.
    pub label: String,
    /// Rows that have it.
    pub rows: u64,
    /// Share of the answers of this label that are right.
    pub precision: f64,
    /// Share of the rows of this label that are found.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// Something to know about the labelled rows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReportWarning {
    /// A stable code: `few_rows`, `few_of_label`, `imbalance`, `duplicates`, `contradictions`, `wordless`, `sampled`,
    /// `no_better`, `confused`, `gone`.
    pub code: String,
    /// The same in words.
    pub message: String,
}

impl Classifier {
    pub(super) fn of(row: ClassifierRow, labels: Vec<(String, u64)>, job: Option<Job>) -> Self {
        Self {
            id: row.id,
            project: row.project,
            name: row.name,
            active: row.active,
            created_at: row.created_at,
            labels: labels
                .into_iter()
                .map(|(label, rows)| LabelRows { label, rows })
                .collect(),
            job,
        }
    }
}

impl ImportProblem {
    pub(super) fn of(problem: RowProblem) -> Self {
        Self {
            line: problem.line as u64,
            column: problem.column,
            message: problem.message,
        }
    }
}

impl Version {
    pub(super) fn of(row: &ClassifierVersion, active: Option<u32>) -> Result<Self, serde_json::Error> {
        let card: Card = serde_json::from_str(&row.card)?;
        let mut report = VersionReport::of(&card.report);
        if card.gone > 0 {
            report.warnings.push(ReportWarning {
                code: "gone".to_owned(),
                message: format!(
                    "{} labelled posts are gone from the store and taught nothing",
                    card.gone
                ),
            });
        }
        Ok(Self {
            version: row.version,
            created_at: row.created_at,
            active: active == Some(row.version),
            encoder: card.encoder,
            bytes: card.bytes as u64,
            report,
        })
    }
}

impl VersionReport {
    fn of(report: &Report) -> Self {
        let quality = &report.quality;
        let with = |value: f64, [low, high]: [f64; 2]| [value, low, high];
        let accuracy = |q: &Quality| with(q.accuracy, q.intervals.accuracy);
        let abstention = &report.abstention;
        Self {
            rows: report.rows as u64,
            folds: report.folds as u64,
            accuracy: accuracy(quality),
            macro_f1: with(quality.macro_f1, quality.intervals.macro_f1),
            words_accuracy: report.words.as_ref().map(accuracy),
            most_frequent: report.most_frequent,
            ece: [report.ece_before, quality.ece],
            answered: [abstention.answered, abstention.accuracy],
            curve: abstention.curve.clone(),
            labels: quality
                .labels
                .iter()
                .map(|l| LabelQuality::of(l, quality.per_class.get(l)))
                .collect(),
            confusion: quality.confusion.clone(),
            warnings: report.warnings.iter().map(ReportWarning::of).collect(),
        }
    }
}

impl LabelQuality {
    fn of(label: &str, quality: Option<&ClassQuality>) -> Self {
        let quality = quality.copied().unwrap_or(ClassQuality {
            n: 0,
            precision: 0.0,
            recall: 0.0,
            f1: 0.0,
        });
        Self {
            label: label.to_owned(),
            rows: quality.n,
            precision: quality.precision,
            recall: quality.recall,
            f1: quality.f1,
        }
    }
}

impl ReportWarning {
    fn of(warning: &Warning) -> Self {
        let code = match warning {
            Warning::FewRows { .. } => "few_rows",
            Warning::FewOfLabel { .. } => "few_of_label",
            Warning::Imbalance { .. } => "imbalance",
            Warning::Duplicates { .. } => "duplicates",
            Warning::Contradictions { .. } => "contradictions",
            Warning::Wordless { .. } => "wordless",
            Warning::Sampled { .. } => "sampled",
            Warning::NoBetter { .. } => "no_better",
            Warning::Confused { .. } => "confused",
        };
        Self {
            code: code.to_owned(),
            message: warning.to_string(),
        }
    }
}
