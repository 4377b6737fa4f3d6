//! The wire forms.

use crate::analytics::Value;
use crate::api::types::PolicyLabel;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What to measure and how to cut it: added to the filter of `GET /api/v1/measure`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct MeasureParams {
    /// Names of metrics, comma-separated (`docs/concepts/metrics.md`); one that begins with `=` is a formula over them.
    /// Default: `mentions`.
    pub metric: Option<String>,
    /// The first cut: `time`, `hour`, `weekday`, `week_hour`, or a dimension such as `monitor`, `source`, `lang`.
    pub by: Option<String>,
    /// The second cut, within each key of the first.
    pub then: Option<String>,
    /// Length of a bucket of a cut by time: `minute`, `5m`, `15m`, `hour`, `3h`, `6h`, `12h`, `day`, `week`, `month`,
    /// `quarter`, `year`; chosen to give 40 to 120 where absent.
    pub interval: Option<String>,
    /// Time zone of days and hours, as `Europe/Berlin` (default `UTC`).
    pub zone: Option<String>,
    /// Values of the first cut (default 10, at most 200). What is left is `other`, but for hashtags, terms, sites, links,
    /// entities, aspects and media: of these a text has several.
    pub limit: Option<usize>,
    /// Values of the second cut (default 10, at most 200).
    pub then_limit: Option<usize>,
    /// Compare with `previous`, the period of equal length before, or `year`, the same days 52 weeks before.
    pub compare: Option<String>,
}

/// The answer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Measured {
    /// Begin of the period.
    pub from: i64,
    /// End of the period, exclusive.
    pub to: i64,
    /// The time zone of its days.
    pub zone: String,
    /// The metrics in the order of the values.
    pub metrics: Vec<String>,
    /// The formulas among them, as they were read.
    pub formulas: Vec<Formulas>,
    /// The cuts, from the outside in.
    pub axes: Vec<Axis>,
    /// Values by row (key of the first cut), column (key of the second) and metric; one row of one column where there is
    /// no cut.
    pub cells: Vec<Vec<Vec<Value>>>,
    /// Values by row and metric, whatever the second cut says.
    pub rows: Vec<Vec<Value>>,
    /// Values by metric over everything under the filter.
    pub total: Vec<Value>,
    /// The same of the period compared with; `null` where none was asked for or the store does not reach back.
    pub before: Option<Before>,
    /// Commit generation the answer belongs to.
    pub generation: u64,
    /// What platforms whose data is part of this ask to be said with it.
    pub policy_labels: Vec<PolicyLabel>,
}

/// The figures of one question, as a part of an answer with several; the fields as in `Measured`.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Part {
    /// The metrics in the order of the values.
    pub metrics: Vec<String>,
    /// The cuts, from the outside in.
    pub axes: Vec<Axis>,
    /// Values by row, column and metric.
    pub cells: Vec<Vec<Vec<Value>>>,
    /// Values by row and metric.
    pub rows: Vec<Vec<Value>>,
    /// Values by metric over everything under the filter.
    pub total: Vec<Value>,
    /// The same of the period compared with.
    pub before: Option<Before>,
}

/// A formula of one's own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Formulas {
    /// Its place among the metrics.
    pub place: usize,
    /// The metrics it needs.
    pub needs: Vec<String>,
}

/// A cut and its keys.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Axis {
    /// What was asked for: `time`, `monitor`, …
    pub by: String,
    /// The keys, in order.
    pub keys: Vec<KeyView>,
}

/// A key of a cut.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct KeyView {
    /// The value; the hour or weekday as a number; the begin of a bucket; empty for what has no key of its own.
    pub key: String,
    /// What to show for it.
    pub label: String,
    /// Whether it stands for all values without a key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other: bool,
    /// Begin of a bucket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<i64>,
    /// End of a bucket, exclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<i64>,
    /// Whether its figures are kept back because too few people stand behind them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// An earlier period.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct Before {
    /// Its begin.
    pub from: i64,
    /// Its end, exclusive.
    pub to: i64,
    /// Values as in the period itself. A cut by time has its own buckets here, paired by their place; `other` has none.
    pub cells: Vec<Vec<Vec<Value>>>,
    /// Values by row and metric.
    pub rows: Vec<Vec<Value>>,
    /// Values by metric.
    pub total: Vec<Value>,
}
