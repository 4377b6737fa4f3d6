//! A figure as it is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A figure, with its 95 % interval where it is an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, ToSchema)]
pub struct Value {
    /// The figure; `null` where it is not known, or not to be shown.
    pub value: Option<f64>,
    /// Lower end of the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// What it was made from, where it is a share or a mean: mentions or authors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// How it was estimated: `counts`, `pacc`, `audit`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub method: Option<Method>,
    /// What it takes for granted: `assumes your posts resemble the training data`, until enough posts of the project are
    /// labelled.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub caveat: Option<Caveat>,
    /// A share of a class, by EMQ instead of PACC. Of totals, and of rows by monitor, platform or language, of up to 200,000
    /// scored mentions; of more, `GET /api/v1/sentiment-shares` tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emq: Option<f64>,
    /// `uncertain: label 50 posts`, where the two disagree by more than the interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub advice: Option<Advice>,
}

/// What to do about an estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Advice {
    /// Two methods disagree: the posts differ from the labelled ones in more than shares.
    #[serde(rename = "uncertain: label 50 posts")]
    Label,
}

/// What an estimate takes for granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Caveat {
    /// No posts of the project are labelled.
    #[serde(rename = "assumes your posts resemble the training data")]
    Resemble,
}

/// How a share was estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Labels counted.
    Counts,
    /// Probabilities corrected by what the model is known to get wrong.
    Pacc,
    /// Posts drawn at random and labelled by hand, weighted.
    Audit,
}

impl Value {
    /// A figure that is no estimate.
    pub(super) fn plain(value: f64) -> Self {
        Self {
            value: value.is_finite().then_some(value),
            ..Self::default()
        }
    }

    /// A whole number.
    pub(super) fn count(n: u64) -> Self {
        Self::plain(n as f64)
    }

    /// A share by counting, with its interval.
    pub fn share(part: u64, whole: u64) -> Self {
        Self::estimate(trends::share(part, whole), whole, Method::Counts)
    }

    /// The same as an estimate with a relative standard error, in millionths: with what its interval was and this beside,
    /// as if one had nothing to do with the other. 0 changes nothing.
    pub(super) fn give_or_take(self, error: u32) -> Self {
        self.off_by(self.value.unwrap_or(0.0) * f64::from(error) / 1e6)
    }

    /// The same with a standard error, of a figure that is never less than 0.
    pub(super) fn off_by(self, error: f64) -> Self {
        let Some(value) = self.value.filter(|_| error > 0.0) else {
            return self;
        };
        let away = |end: Option<f64>| (end.unwrap_or(value) - value).abs().hypot(trends::Z * error);
        Self {
            low: Some((value - away(self.low)).max(0.0)),
            high: Some(value + away(self.high)),
            ..self
        }
    }

    /// A ratio of `n` things; unknown where there are none.
    pub fn ratio(part: f64, whole: f64, n: u64) -> Self {
        Self {
            value: (whole > 0.0).then(|| part / whole),
            n: Some(n),
            ..Self::default()
        }
    }

    /// A figure with its interval, from `n` things.
    pub fn interval(estimate: Option<trends::Estimate>, n: u64) -> Self {
        Self {
            value: estimate.map(|e| e.value),
            low: estimate.map(|e| e.low),
            high: estimate.map(|e| e.high),
            n: Some(n),
            ..Self::default()
        }
    }

    /// The same, taking something for granted.
    pub(super) fn granted(self, caveat: Option<Caveat>) -> Self {
        Self { caveat, ..self }
    }

    /// An estimate from `n` mentions; not shown where there were too few of them.
    pub(crate) fn estimate(estimate: Option<trends::Estimate>, n: u64, method: Method) -> Self {
        Self {
            value: estimate.map(|e| e.value),
            low: estimate.map(|e| e.low),
            high: estimate.map(|e| e.high),
            n: Some(n),
            method: Some(method),
            ..Self::default()
        }
    }
}
