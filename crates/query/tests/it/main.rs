//! The query language and the matcher through their public interface.
#![allow(clippy::unwrap_used)]

mod generate;
mod language;
mod laws;
mod meaning;
mod problems;
mod together;
mod whole;
mod why;
mod workload;
