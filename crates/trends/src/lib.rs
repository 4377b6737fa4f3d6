//! What counts say: for now the intervals of shares; windows, peaks and trends come to stand beside them.
//!
//! Pure: counts are passed in, and so is the clock where one is needed.

mod agreement;
mod intervals;
mod lift;
mod median;

pub use agreement::kappa;
pub use intervals::{Estimate, MIN_SAMPLE, Z, net_sentiment, share, weighted_share};
pub use lift::lift;
pub use median::median;
