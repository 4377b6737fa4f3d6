//! Tests through the public interface.
#![allow(clippy::unwrap_used, missing_docs)]

mod artefacts;
mod blend;
mod calibration;
mod comparison;
mod custom;
mod features;
mod metrics;
mod panel;
mod quantify;
mod shared_data;
mod suite;
mod target;
mod training;
mod weights;
mod words;
mod words_files;
