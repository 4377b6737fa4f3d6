//! The query language and the matcher through their public interface.
#![allow(clippy::unwrap_used)]

mod generate;
mod import;
mod language;
mod laws;
mod lenient;
mod lints;
mod meaning;
mod problems;
mod reference;
mod together;
mod why;
mod workload;
