//! What the questions about relevance are answered with.

use crate::api::types::Estimate;
use crate::control::Chosen;
use crate::scoring::own::Job;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How a monitor's relevance stands: `GET /api/v1/monitors/{id}/relevance`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RelevanceState {
    /// The monitor.
    pub(crate) monitor: String,
    /// The version of its model in force; `null` while there is none.
    pub(crate) version: Option<u32>,
    /// Judged mentions, corrections among them.
    pub(crate) judged: usize,
    /// Of these, how many are relevant.
    pub(crate) relevant: usize,
    /// Of these, how many were drawn at random: intervals rest on them.
    pub(crate) at_random: usize,
    /// The share of the monitor's mentions that is relevant; `null` before anything drawn at random is judged, and under
    /// five judgments.
    pub(crate) before: Option<Estimate>,
    /// The share of what the model calls relevant that is.
    pub(crate) precision: Option<Estimate>,
    /// The share of what is relevant that the model calls so.
    pub(crate) recall: Option<Estimate>,
    /// How far the model's probabilities are off in the mean (expected calibration error); `null` under 50 judgments.
    pub(crate) calibration_error: Option<f64>,
    /// The precision that is wanted.
    pub(crate) wanted_precision: f64,
    /// The probability from which on a mention is relevant.
    pub(crate) threshold: Option<f64>,
    /// Whether some threshold is expected to reach the wanted precision.
    pub(crate) reachable: bool,
    /// Whether what is not relevant is left out where nobody asks for it.
    pub(crate) hide: bool,
    /// The share of mentions that the model calls irrelevant, of those it saw when it was trained.
    pub(crate) removed_share: Option<f64>,
    /// Stored mentions that carry `relevant`.
    pub(crate) stored_relevant: u64,
    /// Stored mentions that carry `irrelevant`.
    pub(crate) stored_irrelevant: u64,
    /// Stored mentions, whatever they carry.
    pub(crate) stored: u64,
    /// How the scores of the newest mentions differ from those of the time of training (population stability index);
    /// above 0.2 it is time to judge more. `null` under 200 on either side.
    pub(crate) drift: Option<f64>,
    /// Training or applying, under way or ended.
    pub(crate) job: Option<Job>,
}

/// A mention to be judged.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ToJudge {
    /// Its id.
    pub(crate) mention: String,
    /// How it was chosen: to be said again with the judgment.
    pub(crate) how: Chosen,
    /// Its platform.
    pub(crate) platform: String,
    /// When its post was published.
    pub(crate) created_at: i64,
    /// Its language.
    pub(crate) lang: String,
    /// Its headline.
    pub(crate) title: Option<String>,
    /// Its text.
    pub(crate) text: String,
    /// The probability that it is relevant, by the version in force.
    pub(crate) probability: Option<f64>,
}

/// How many to judge.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct NextParams {
    /// Mentions to judge, 1 to 50; 10 where absent.
    pub(crate) count: Option<usize>,
}

/// Judgments.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgmentsInput {
    /// At most 1,000.
    pub(crate) judgments: Vec<JudgmentInput>,
}

/// One judgment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JudgmentInput {
    /// The mention's id.
    pub(crate) mention: String,
    /// Whether the monitor means it; `null` takes the judgment away.
    pub(crate) relevant: Option<bool>,
    /// How the mention was chosen, as it was said with it; `found` where absent.
    pub(crate) how: Option<Chosen>,
}

/// What is wanted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ThresholdInput {
    /// The precision that is wanted of what is called relevant, 0.5 to 0.99; the threshold follows from it.
    pub(crate) wanted_precision: f64,
    /// Whether what is not relevant is left out where nobody asks for it; as it is where absent.
    pub(crate) hide: Option<bool>,
}

/// A version of the model.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RelevanceVersionView {
    /// Its number.
    pub(crate) version: u32,
    /// Whether it is in force.
    pub(crate) active: bool,
    /// When it was trained.
    pub(crate) created_at: i64,
    /// Judged mentions it learned from.
    pub(crate) judged: usize,
    /// Of these, how many are relevant.
    pub(crate) relevant: usize,
    /// Size of its weights in bytes.
    pub(crate) bytes: usize,
}

/// Which version is put in force.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelevanceActiveInput {
    /// The version; `null` puts none in force.
    pub(crate) version: Option<u32>,
}

/// What would make the query better.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Refinements {
    /// Words to exclude, the best first, by what was judged.
    pub(crate) excluding: Vec<ExcludingView>,
    /// Words to add, the best first, by what the model says of posts that the query does not match. Nobody judged those.
    pub(crate) adding: Vec<AddingView>,
}

/// A word to exclude.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExcludingView {
    /// The word, hashtag or pair of words.
    pub(crate) term: String,
    /// Judged mentions with it.
    pub(crate) judged: usize,
    /// Their authors.
    pub(crate) authors: usize,
    /// Precision of the query now.
    pub(crate) before: Estimate,
    /// Precision without the mentions that have it.
    pub(crate) after: Estimate,
    /// The share of what is relevant that would be lost.
    pub(crate) lost: Estimate,
    /// The query with it.
    pub(crate) query: String,
}

/// A word to add.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AddingView {
    /// The word, hashtag or pair of words.
    pub(crate) term: String,
    /// Recent posts that have it and that the query does not match.
    pub(crate) posts: usize,
    /// The share of up to 20 of them that the model takes for relevant.
    pub(crate) relevant: Option<Estimate>,
    /// Some of their texts.
    pub(crate) samples: Vec<String>,
    /// The query with it.
    pub(crate) query: String,
}
