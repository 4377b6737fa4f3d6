//! What happens in the stream: detectors fed by the pipeline, and what they found.

mod finding;
mod place;

pub use finding::{Detail, Finding, FindingKind, Metric, TrendWord};
pub(crate) use place::group_name;
pub use place::{Placer, Upkeep};
