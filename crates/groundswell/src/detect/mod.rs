//! What happens in the stream: detectors fed by the pipeline, and what they found.

mod finding;

pub use finding::{Detail, Finding, FindingKind, Metric, TrendWord};
