//! The file of a blend: `GSBLEND\0`, format (u32), CRC-32 of what follows (u32), then JSON: the checksums of the weights it
//! was learnt for, and a [`TaskBlend`] for each question by its name. Numbers are little-endian.

use super::{Blend, Question, TaskBlend};
use crate::error::ModelError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAGIC: &[u8; 8] = b"GSBLEND\0";
const FORMAT: u32 = 1;
const PREFIX: usize = 16;

#[derive(Serialize, Deserialize)]
struct Content {
    /// CRC-32 of the weights' files, as on their cards.
    panel: String,
    encoder: String,
    tasks: BTreeMap<String, TaskBlend>,
}

/// The weights a blend belongs to: checksums of their files ([`crate::artefact::Artefact::checksum`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights<'w> {
    /// Of the panel.
    pub panel: &'w str,
    /// Of the encoder.
    pub encoder: &'w str,
}

impl Blend {
    /// Reads a file. Anything damaged, foreign, or learnt for other weights than these is an error.
    pub fn load(bytes: &[u8], weights: Weights<'_>) -> Result<Self, ModelError> {
        if bytes.get(..8) != Some(MAGIC) {
            return Err(ModelError::NotAModel);
        }
        let number = |at: usize| {
            let four = bytes.get(at..at + 4).and_then(|b| b.first_chunk::<4>());
            four.map(|b| u32::from_le_bytes(*b)).ok_or(ModelError::Truncated {
                needed: PREFIX,
                found: bytes.len(),
            })
        };
        let (format, expected) = (number(8)?, number(12)?);
        if format != FORMAT {
            return Err(ModelError::Format {
                found: format,
                supported: FORMAT,
            });
        }
        let found = crc32fast::hash(&bytes[PREFIX..]);
        if found != expected {
            return Err(ModelError::Checksum { expected, found });
        }
        let bad = |reason: String| ModelError::Header(format!("the blend of both tiers: {reason}"));
        let content: Content = serde_json::from_slice(&bytes[PREFIX..]).map_err(|e| bad(e.to_string()))?;
        if content.panel != weights.panel || content.encoder != weights.encoder {
            return Err(bad(
                "it was learnt for other weights; `bench-models blend` learns it anew".to_owned(),
            ));
        }
        let mut out = Self::default();
        for (name, task) in content.tasks {
            let question = Question::named(&name).ok_or_else(|| bad(format!("there is no task {name:?}")))?;
            if !task.is_valid(question.labels()) {
                return Err(bad(format!("{name}: a weight or bias does not fit its labels")));
            }
            out.set(question, task);
        }
        Ok(out)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self, weights: Weights<'_>) -> Result<Vec<u8>, ModelError> {
        let content = Content {
            panel: weights.panel.to_owned(),
            encoder: weights.encoder.to_owned(),
            tasks: Question::all()
                .map(|q| (q.name().to_owned(), self.of(q).clone()))
                .collect(),
        };
        let json = serde_json::to_vec(&content).map_err(|e| ModelError::Header(e.to_string()))?;
        let mut out = MAGIC.to_vec();
        out.extend(FORMAT.to_le_bytes());
        out.extend(crc32fast::hash(&json).to_le_bytes());
        out.extend(json);
        Ok(out)
    }
}
