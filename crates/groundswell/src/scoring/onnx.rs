//! A classifier of one's own as ONNX: a folder with `model.onnx`, `tokenizer.json` and `card.json`.
//!
//! The model takes `input_ids` and, if it wants them, `attention_mask` and `token_type_ids` (all `[posts, tokens]`), and
//! gives `logits` `[posts, labels]`; what the card says is held against it when it is loaded.

use rten::{Dimension, Model, NodeId, Value, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thiserror::Error;
use tokenizers::Tokenizer;

/// Larger models are not read.
const MAX_BYTES: u64 = 2 << 30;
/// Tokens of a post that are read where the card does not say.
const MAX_TOKENS: usize = 128;

/// Why a folder is no classifier.
#[derive(Debug, Error)]
pub enum OnnxError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The model and the card do not belong together.
    #[error("{}: {reason}", path.display())]
    Misfit {
        /// The folder.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The model failed on a text.
    #[error("the model failed: {0}")]
    Run(String),
}

/// What `card.json` says of the model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnnxCard {
    /// Name and version: `support-topic@3`.
    pub id: String,
    /// The labels in the order of the outputs.
    pub labels: Vec<String>,
    /// Languages (ISO 639-1) it answers for; empty for any.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Tokens of a post that are read; 128 where absent.
    pub max_tokens: Option<usize>,
    /// Divides logits before softmax; 1 where absent.
    pub temperature: Option<f32>,
    /// Whether each label is judged on its own, rather than one chosen.
    #[serde(default)]
    pub multi_label: bool,
    /// Anything else worth saying: data, licence, quality.
    #[serde(default)]
    pub notes: serde_json::Value,
}

/// A loaded classifier.
pub struct Onnx {
    card: OnnxCard,
    model: Model,
    tokenizer: Tokenizer,
    ids: NodeId,
    mask: Option<NodeId>,
    types: Option<NodeId>,
    logits: NodeId,
}

impl Onnx {
    /// Reads a folder, and tries the model out on a text, so that what does not fit is found now.
    pub fn load(folder: &Path) -> Result<Self, OnnxError> {
        let card_path = folder.join("card.json");
        let card: OnnxCard = serde_json::from_slice(&read(&card_path)?).map_err(|e| file(&card_path, e))?;
        let misfit = |reason: String| OnnxError::Misfit {
            path: folder.to_owned(),
            reason,
        };
        if card.labels.len() < 2 {
            return Err(misfit("the card names fewer than two labels".to_owned()));
        }
        if card.temperature.is_some_and(|t| !(t.is_finite() && t > 0.0)) {
            return Err(misfit("the card's temperature is not above 0".to_owned()));
        }
        let tokenizer_path = folder.join("tokenizer.json");
        let mut tokenizer =
            Tokenizer::from_bytes(read(&tokenizer_path)?).map_err(|e| file(&tokenizer_path, e))?;
        prepare(&mut tokenizer, &card).map_err(|e| file(&tokenizer_path, e))?;
        let model_path = folder.join("model.onnx");
        let model = Model::load(read(&model_path)?).map_err(|e| file(&model_path, e))?;
        let onnx = Self::fit(card, model, tokenizer).map_err(&misfit)?;
        let tried = onnx.probabilities(&["tea"])?;
        match tried.first().map(Vec::len) {
            Some(n) if n == onnx.card.labels.len() => Ok(onnx),
            found => Err(misfit(format!(
                "the model gives {} values a post, the card names {} labels",
                found.unwrap_or(0),
                onnx.card.labels.len()
            ))),
        }
    }

    fn fit(card: OnnxCard, model: Model, tokenizer: Tokenizer) -> Result<Self, String> {
        let name = |id: NodeId| {
            model
                .node_info(id)
                .and_then(|n| n.name())
                .unwrap_or("?")
                .to_owned()
        };
        let (mut ids, mut mask, mut types) = (None, None, None);
        for &input in model.input_ids() {
            match name(input).as_str() {
                "input_ids" => ids = Some(input),
                "attention_mask" => mask = Some(input),
                "token_type_ids" => types = Some(input),
                other => {
                    return Err(format!(
                        "the model wants an input `{other}`; known are input_ids, attention_mask and token_type_ids"
                    ));
                }
            }
        }
        let ids = ids.ok_or("the model has no input `input_ids`")?;
        let outputs = model.output_ids();
        let named = outputs.iter().copied().find(|&o| name(o) == "logits");
        let logits = named
            .or_else(|| outputs.first().copied())
            .ok_or("the model has no output")?;
        let shape = model
            .node_info(logits)
            .and_then(|n| n.shape())
            .unwrap_or_default();
        if let [_, Dimension::Fixed(n)] = shape.as_slice()
            && *n != card.labels.len()
        {
            return Err(format!(
                "the model gives {n} values a post, the card names {} labels",
                card.labels.len()
            ));
        }
        Ok(Self {
            card,
            model,
            tokenizer,
            ids,
            mask,
            types,
            logits,
        })
    }

    /// What the card says.
    pub fn card(&self) -> &OnnxCard {
        &self.card
    }

    /// The probability of each label for each text.
    pub fn probabilities(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>, OnnxError> {
        let run = |e: String| OnnxError::Run(e);
        let encodings = self
            .tokenizer
            .encode_batch(texts.to_vec(), true)
            .map_err(|e| run(e.to_string()))?;
        let longest = encodings.iter().map(|e| e.len()).max().unwrap_or(0).max(1);
        let shape = [texts.len(), longest];
        let mut inputs: Vec<(NodeId, ValueOrView<'_>)> = Vec::new();
        let parts = [(Some(self.ids), 0), (self.mask, 1), (self.types, 2)];
        for (node, which) in parts {
            let Some(node) = node else { continue };
            let of = |e: &tokenizers::Encoding, i: usize| {
                let values = [e.get_ids(), e.get_attention_mask(), e.get_type_ids()][which];
                values.get(i).copied().unwrap_or(0) as i32
            };
            let tensor = NdTensor::from_fn(shape, |[post, at]| of(&encodings[post], at));
            inputs.push((node, Value::from(tensor.into_dyn()).into()));
        }
        let [logits] = self
            .model
            .run_n(inputs, [self.logits], None)
            .map_err(|e| run(e.to_string()))?;
        let logits: NdTensor<f32, 2> = logits
            .try_into()
            .map_err(|e| run(format!("its output is no table of numbers: {e:?}")))?;
        let [posts, labels] = logits.shape();
        Ok((0..posts)
            .map(|post| self.calibrated((0..labels).map(|l| logits[[post, l]]).collect()))
            .collect())
    }

    fn calibrated(&self, mut values: Vec<f32>) -> Vec<f32> {
        let temperature = self.card.temperature.unwrap_or(1.0);
        if self.card.multi_label {
            values
                .iter_mut()
                .for_each(|v| *v = 1.0 / (1.0 + (-*v / temperature).exp()));
            return values;
        }
        let mut out = Vec::with_capacity(values.len());
        models::linear::softmax(&values, temperature, &mut out);
        out
    }
}

/// Cuts and pads as the model needs it, whatever the file says.
fn prepare(tokenizer: &mut Tokenizer, card: &OnnxCard) -> tokenizers::Result<()> {
    let truncation = tokenizers::TruncationParams {
        max_length: card.max_tokens.unwrap_or(MAX_TOKENS),
        ..Default::default()
    };
    tokenizer.with_truncation(Some(truncation))?;
    tokenizer.with_padding(None);
    Ok(())
}

fn read(path: &Path) -> Result<Vec<u8>, OnnxError> {
    let failed = |source| OnnxError::Read {
        path: path.to_owned(),
        source,
    };
    let bytes = std::fs::metadata(path).map_err(failed)?.len();
    if bytes > MAX_BYTES {
        return Err(file(path, format!("{bytes} bytes; {MAX_BYTES} at most are read")));
    }
    std::fs::read(path).map_err(failed)
}

fn file(path: &Path, reason: impl ToString) -> OnnxError {
    OnnxError::File {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}
