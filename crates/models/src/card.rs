//! Model cards: what weights are, where they come from, how good they are, where they fail.

use crate::artefact::Artefact;
use crate::calibrate::Bin;
use crate::error::ModelError;
use crate::metrics::Quality;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A data set that went into weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DataSet {
    /// Its name.
    pub name: String,
    /// Its licence, as its source states it.
    #[serde(default)]
    pub licence: String,
    /// Where it was read.
    #[serde(default)]
    pub source: String,
    /// Texts used, after deduplication.
    #[serde(default)]
    pub texts: usize,
}

/// How probabilities relate to truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// The method.
    pub method: String,
    /// The temperature of each head.
    pub temperature: BTreeMap<String, f32>,
    /// Temperatures by language, where a language had enough validation data.
    pub temperature_by_lang: BTreeMap<String, f32>,
    /// Expected calibration error on the validation data before, with a temperature of 1.
    pub ece_before: f64,
    /// The same after.
    pub ece: f64,
    /// Brier score after.
    pub brier: f64,
    /// The reliability diagram after.
    pub reliability: Vec<Bin>,
}

/// The card of a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Name and version.
    pub id: String,
    /// The task.
    pub task: String,
    /// The tier: `fast` for the linear models.
    pub tier: String,
    /// CRC-32 of the weights' file.
    pub checksum: String,
    /// Size of the weights' file in bytes.
    pub bytes: usize,
    /// The labels.
    pub labels: Vec<String>,
    /// Languages covered.
    pub languages: Vec<String>,
    /// Day of training.
    pub date: String,
    /// The seed.
    pub seed: u64,
    /// What it was trained on.
    pub trained_on: Vec<DataSet>,
    /// Quality on each validation set.
    pub validation: BTreeMap<String, Quality>,
    /// Calibration over all validation sets.
    pub calibration: Calibration,
    /// What it is known to get wrong.
    pub known_failures: Vec<String>,
}

impl Card {
    /// Reads a card and holds it against the bytes of its weights.
    pub fn load(card: &[u8], weights: &[u8]) -> Result<Self, ModelError> {
        let card: Self =
            serde_json::from_slice(card).map_err(|e| ModelError::Header(format!("card: {e}")))?;
        let artefact = Artefact::from_bytes(weights)?;
        let wrong = |reason: String| ModelError::Card {
            card: card.id.clone(),
            weights: artefact.id.clone(),
            reason,
        };
        if card.id != artefact.id {
            return Err(wrong("ids differ".to_owned()));
        }
        let found = Artefact::checksum(weights);
        if card.checksum != found {
            return Err(wrong(format!(
                "checksum {} on the card, {found} of the file",
                card.checksum
            )));
        }
        Ok(card)
    }
}
