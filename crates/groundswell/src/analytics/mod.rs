//! What is counted and how it is said: metrics with their definitions, formulas over them, periods to compare with.
//!
//! The store answers with [`store::Cell`]s; everything shown of them is worked out here, from one table ([`metrics`]),
//! of which `docs/concepts/metrics.md` is printed too.

pub mod around;
pub mod contrast;
pub mod counts;
pub mod formula;
mod honest;
pub mod metrics;
pub mod named;
pub mod period;
pub mod preference;
pub mod reference;
mod shares;
mod value;
pub mod voices;

pub use honest::{ClassShare, EstimatedPart, Honest};
pub use shares::Shares;
pub use value::{Advice, Caveat, Method, Value};
