//! What is kept of a trained version.

use serde::{Deserialize, Serialize};
use trends::hash;
use trends::relevance::{Features, Input, Model, Vector, threshold};
use trends::snapshot::{self, SnapshotError, State};

/// What is three times likelier to be irrelevant is never called relevant, however much the others make up for it.
const LEAST: f64 = 0.25;

/// The weights, and the stream they were trained in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Artefact {
    /// The model.
    pub(crate) model: Model,
    /// The language of most mentions.
    pub(crate) lang: String,
    /// Probabilities of the unjudged mentions of that time: by them the threshold is chosen and drift is measured.
    pub(crate) stream: Vec<f32>,
}

impl State for Artefact {
    const KIND: [u8; 4] = *b"mrel";
    const VERSION: u16 = 1;
}

/// What is said of a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Card {
    /// Judged mentions it learned from.
    pub(crate) judged: usize,
    /// Of these, how many are relevant.
    pub(crate) relevant: usize,
    /// Unjudged mentions that told it how rare words are.
    pub(crate) stream: usize,
    /// Size of the weights in bytes.
    pub(crate) bytes: usize,
}

impl Artefact {
    /// Reads one.
    pub(crate) fn load(bytes: &[u8]) -> Result<Self, SnapshotError> {
        snapshot::read(bytes)
    }

    /// Its bytes.
    pub(crate) fn save(&self) -> Result<Vec<u8>, SnapshotError> {
        snapshot::write(self)
    }

    /// The probability that a mention is relevant.
    pub(crate) fn probability(&self, features: &mut Features, text: &str, lang: &str, author: u64) -> f64 {
        self.model
            .probability(&vector(features, text, lang, author, &self.lang))
    }

    /// The threshold of a wanted precision, at least one quarter; `None` where no threshold reaches it.
    pub(crate) fn threshold(&self, wanted: f64) -> Option<f64> {
        let stream: Vec<f64> = self.stream.iter().map(|p| f64::from(*p)).collect();
        threshold(&stream, wanted).map(|t| t.max(LEAST))
    }

    /// The share of the stream of that time that lies below a threshold.
    pub(crate) fn below(&self, threshold: f64) -> f64 {
        let below = self.stream.iter().filter(|p| f64::from(**p) < threshold).count();
        below as f64 / self.stream.len().max(1) as f64
    }
}

/// What a model sees of a mention, in a stream that is mostly in `most`.
pub(super) fn vector(features: &mut Features, text: &str, lang: &str, author: u64, most: &str) -> Vector {
    let is_known = lang != "und";
    let input = Input {
        text,
        author,
        language: if is_known { hash::text(lang) } else { 0 },
        is_foreign: is_known && lang != most,
        dense: &[],
    };
    features.read(&input, trends::relevance::Config::default().bits)
}
