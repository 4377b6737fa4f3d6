//! What happens in a stream: peaks and what explains them, trends, topics, copies, coordination, automation, relevance;
//! and the intervals and agreement that every figure needs.
//!
//! Pure and streaming: a detector is a state that posts and a clock are passed into, in bounded memory. Each state can be
//! written as a [`snapshot`] and taken up again. Nothing here knows a platform or a person: authors, posts and objects
//! are keys of 64 bits.

mod agreement;
pub mod automation;
pub mod bursts;
pub mod coordination;
pub mod copies;
pub mod explain;
pub mod hash;
pub mod insight;
mod intervals;
mod lift;
mod median;
pub mod peaks;
pub mod random;
pub mod relevance;
pub mod sketches;
pub mod snapshot;
pub mod tails;
pub mod terms;
pub mod topics;

pub use agreement::kappa;
pub use intervals::{Estimate, MIN_SAMPLE, Z, net_sentiment, share, two_sided, weighted_share};
pub use lift::lift;
pub use median::median;
