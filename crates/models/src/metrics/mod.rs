//! How good answers are, against the truth.

mod bootstrap;
mod confusion;
mod report;

pub use bootstrap::{Interval, bootstrap};
pub use confusion::{ClassQuality, Confusion};
pub use report::{Answer, GroupQuality, Intervals, Quality, evaluate};
