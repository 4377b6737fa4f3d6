//! The journal through its public interface, on real files.
#![allow(clippy::unwrap_used)]

mod checking;
mod crash;
mod damage;
mod golden;
#[cfg(feature = "kafka")]
mod kafka;
mod reading;
mod rewriting;
mod round_trip;
mod sealing;
mod support;
mod trimming;
