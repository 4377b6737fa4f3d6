//! What models say of a post, and how they are trained.
//!
//! Weights come in as bytes and answers go out; reading files and running threads is the caller's.
//!
//! - [`Models`] is all of them, asked through a [`Reader`]: the fast tier ([`panel`]: hashed n-grams and a table of 8-bit
//!   weights) for every post, the full tier ([`encoder`]: a multilingual transformer) for those the caller chooses;
//! - [`blend`] makes one calibrated answer of what both tiers say;
//! - [`Language`] identifies languages, [`Classifier`] is any trained set of labels;
//! - [`custom`] makes classifiers of one's own out of a few dozen labelled posts;
//! - [`train`] and [`panel::train`] make artefacts, [`metrics`] judges them, [`card`] describes them.

pub mod artefact;
pub mod aspects;
pub mod blend;
pub mod calibrate;
pub mod card;
mod classifier;
pub mod comparison;
pub mod custom;
pub mod encoder;
pub mod entities;
mod error;
pub mod evaluate;
pub mod features;
pub mod hashtags;
mod language;
pub mod linear;
pub mod metrics;
mod pack;
pub mod panel;
pub mod phrases;
pub mod quantify;
mod sentiment;
mod spans;
mod suite;
pub mod target;
pub mod train;

pub use classifier::{Classifier, Scratch};
pub use error::ModelError;
pub use language::{Identified, Language, Script, UNDETERMINED, code, dominant};
pub use sentiment::{Polarity, SENTIMENT_LABELS, Score};
pub use suite::{Ask, FileBytes, Files, Label, LoadError, Models, Reader, Said, TASKS, Tier};
