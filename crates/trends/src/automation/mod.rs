//! Automation: what in an account's posting looks like a machine's, with reasons, and never a verdict on a person.
//!
//! Only how an account posts is looked at, not what it believes. Below five posts nothing is said, and what was said
//! expires. Every part of the score is a reason that can be read and argued with.

mod account;
mod score;

pub use account::{Account, Post};
pub use score::{Profile, Reason, Score, Verdict};
