//! Training a panel: all heads at once, by the regressions of [`crate::train::Dual`].
//!
//! A row may have labels of some heads only, and a label may be a distribution: what a larger model says of a post
//! (distillation; Hinton, Vinyals and Dean 2015). The head toward a target is fitted last, on the finished sentiment.
//! Deterministic for a seed.

mod calibrate;
mod fit;
mod toward;

use super::Panel;
use crate::error::ModelError;
use crate::features::FeatureSpec;
use std::ops::Range;

/// A post to learn from, or to calibrate by.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its text.
    pub text: String,
    /// Its language (ISO 639), where known.
    pub lang: Option<String>,
    /// The data set it comes from; classes are weighed within a set.
    pub set: String,
    /// Whether the classes of its set count as they come, whatever its heads' plans say.
    pub natural: bool,
    /// Labels of some heads, by the head's place in the plan.
    pub labels: Vec<(usize, Label)>,
    /// Labels toward targets.
    pub spots: Vec<Spot>,
    /// How much it counts.
    pub weight: f32,
}

/// What a head should say.
#[derive(Debug, Clone, PartialEq)]
pub enum Label {
    /// The class.
    Class(usize),
    /// A probability for each class: what a larger model says.
    Soft(Vec<f32>),
}

/// A label toward a target.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// Where the target stands, in bytes of the text; nowhere if the post was judged without saying where.
    pub spans: Vec<Range<usize>>,
    /// 0 negative, 1 neutral, 2 positive.
    pub class: usize,
}

/// A head to be trained.
#[derive(Debug, Clone)]
pub struct HeadPlan {
    /// The task.
    pub name: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// The penalty of an error against the size of the weights; larger fits closer.
    pub cost: f32,
    /// 0: classes count as they come; 1: each class of a set counts the same.
    pub balance: f32,
    /// How much looser rare features are held than frequent ones: the power of their inverse document frequency.
    pub rare: f32,
    /// Passes over the rows.
    pub passes: usize,
    /// Languages whose validation data has the classes as they come in posts: they get a bias.
    pub biased: Vec<String>,
}

/// The head toward a target.
#[derive(Debug, Clone)]
pub struct TargetPlan {
    /// Buckets of the neighbourhood, as a power of two.
    pub bits: u8,
    /// The penalty of an error.
    pub cost: f32,
    /// As in [`HeadPlan::balance`].
    pub balance: f32,
    /// The length of the neighbourhood's vector against the post's.
    pub length: f32,
    /// The variance of the weights of the sentiment values of the post's parts.
    pub dense_variance: f32,
    /// The share of the weights of sentiment from which the whole post's weights depart.
    pub from_sentiment: f32,
    /// The variance of the whole post's weights.
    pub post_variance: f32,
    /// How much looser rare features are held than frequent ones.
    pub rare: f32,
    /// Passes over the rows.
    pub passes: usize,
}

/// How to train.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Name and version.
    pub id: String,
    /// The heads. [`Row::spots`] are a further one, after them.
    pub heads: Vec<HeadPlan>,
    /// The head toward a target, if there shall be one; it needs a head named `sentiment`.
    pub target: Option<TargetPlan>,
    /// The features.
    pub features: FeatureSpec,
    /// The weight of a word feature.
    pub word_weight: f32,
    /// Seed of the order.
    pub seed: u64,
}

/// News of a training run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelProgress<'p> {
    /// The head being trained.
    pub head: &'p str,
    /// Passes done.
    pub pass: usize,
}

/// Trains a panel and calibrates it on `validation`.
pub fn train(
    plan: &Plan,
    rows: &[Row],
    validation: &[Row],
    progress: &mut dyn FnMut(PanelProgress<'_>),
) -> Result<Panel, ModelError> {
    if rows.is_empty() {
        return Err(ModelError::Data("no row to learn from".to_owned()));
    }
    check(plan, rows)?;
    let mut panel = fit::posts(plan, rows, progress)?;
    if let Some(target) = &plan.target {
        panel = toward::fit(plan, target, panel, rows, progress)?;
    }
    calibrate::fit(plan, panel, validation)
}

/// Every label must fit its head.
fn check(plan: &Plan, rows: &[Row]) -> Result<(), ModelError> {
    let bad = |m: String| Err(ModelError::Data(m));
    for row in rows {
        for (head, label) in &row.labels {
            let Some(plan) = plan.heads.get(*head) else {
                return bad(format!("a label of head {head}, there are {}", plan.heads.len()));
            };
            let n = plan.labels.len();
            let fits = match label {
                Label::Class(k) => *k < n,
                Label::Soft(p) => p.len() == n && p.iter().all(|p| (0.0..=1.0).contains(p)),
            };
            if !fits {
                return bad(format!("{}: {label:?} does not fit {n} labels", plan.name));
            }
        }
        if row.spots.iter().any(|s| s.class >= super::target::CLASSES) {
            return bad("toward a target there are 3 classes".to_owned());
        }
        if !(row.weight.is_finite() && row.weight > 0.0) {
            return bad(format!("a row's weight is {}", row.weight));
        }
    }
    Ok(())
}
