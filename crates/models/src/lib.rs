//! What models say of a post, and how they are trained.
//!
//! Weights come in as bytes and answers go out; reading files and running threads is the caller's. The fast tier here
//! is linear: hashed n-grams ([`features`]), a table of 8-bit weights ([`linear`]), a temperature ([`calibrate`]).
//!
//! - [`Models`] bundles [`Language`] and [`Sentiment`], with which every mention is scored;
//! - [`Classifier`] is any trained set of labels;
//! - [`train`] makes artefacts, [`metrics`] judges them, [`card`] describes them.

pub mod artefact;
mod bundle;
pub mod calibrate;
pub mod card;
mod classifier;
mod error;
pub mod evaluate;
pub mod features;
mod language;
pub mod linear;
pub mod metrics;
pub mod quantify;
mod sentiment;
pub mod train;

pub use bundle::{Models, Scored};
pub use classifier::{Classifier, Scratch};
pub use error::ModelError;
pub use language::{Identified, Language, Script, UNDETERMINED, code, dominant};
pub use sentiment::{Polarity, SENTIMENT_LABELS, Score, Sentiment};
