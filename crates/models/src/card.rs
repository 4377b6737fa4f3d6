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

/// What is known of the data sets and of the models trained on them: `training/manifest.json`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// The sets, by the beginnings of their names.
    pub sets: Vec<DataSet>,
    /// What the model of each task is known to get wrong.
    pub known_failures: BTreeMap<String, Vec<String>>,
}

impl Manifest {
    /// Reads a manifest.
    pub fn load(manifest: &[u8]) -> Result<Self, ModelError> {
        serde_json::from_slice(manifest).map_err(|e| ModelError::Header(format!("manifest: {e}")))
    }

    /// A set of so many texts, with the licence and source of the longest name here that begins its own.
    pub fn data_set(&self, name: &str, texts: usize) -> DataSet {
        let known = self.sets.iter().filter(|s| name.starts_with(&s.name));
        let known = known.max_by_key(|s| s.name.len());
        DataSet {
            name: name.to_owned(),
            licence: known.map(|s| s.licence.clone()).unwrap_or_default(),
            source: known.map(|s| s.source.clone()).unwrap_or_default(),
            texts,
        }
    }

    /// What the model of a task is known to get wrong.
    pub fn failures(&self, task: &str) -> Vec<String> {
        self.known_failures.get(task).cloned().unwrap_or_default()
    }
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
    /// Expected calibration error on the validation data before, where it was measured.
    pub ece_before: Option<f64>,
    /// The same after.
    pub ece: f64,
    /// What perfectly calibrated answers of the same confidence would show by chance, where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ece_by_chance: Option<f64>,
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
    /// The tier: `fast` for the linear models, `full` for the encoder together with them.
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
    /// Reads a card.
    pub fn load(card: &[u8]) -> Result<Self, ModelError> {
        serde_json::from_slice(card).map_err(|e| ModelError::Header(format!("card: {e}")))
    }

    /// Reads the cards of a model that does several tasks.
    pub fn load_all(cards: &[u8]) -> Result<Vec<Self>, ModelError> {
        serde_json::from_slice(cards).map_err(|e| ModelError::Header(format!("cards: {e}")))
    }

    /// Holds the card against the weights it is said to be of, a file named `id`.
    pub fn check(&self, id: &str, weights: &[u8]) -> Result<(), ModelError> {
        let wrong = |reason: String| ModelError::Card {
            card: self.id.clone(),
            weights: id.to_owned(),
            reason,
        };
        if self.id != id {
            return Err(wrong("ids differ".to_owned()));
        }
        let found = Artefact::checksum(weights);
        if self.checksum != found {
            return Err(wrong(format!(
                "checksum {} on the card, {found} of the file",
                self.checksum
            )));
        }
        Ok(())
    }
}
