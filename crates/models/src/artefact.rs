//! The file of a trained model.
//!
//! `GSMODEL\0`, format version (u32), header length (u32), CRC-32 of all that follows (u32), header (JSON), then the
//! 8-bit tables of the heads in their order. Numbers are little-endian. A table that is mostly zeros is packed.

use crate::error::ModelError;
use crate::linear::{Linear, LinearHeader};
use crate::pack;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

const MAGIC: &[u8; 8] = b"GSMODEL\0";
/// The format this build writes and reads.
pub const FORMAT: u32 = 2;
/// The oldest format this build reads: it had no packed tables.
const OLDEST: u32 = 1;
const PREFIX: usize = 20;
/// A header is a few kilobytes; this bounds what a foreign file can make us parse.
const MAX_HEADER: usize = 1 << 20;

/// What an artefact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Language identification: one head per script.
    Language,
    /// A classifier of posts: one head.
    Classifier,
}

/// One linear model with its labels and calibration.
#[derive(Debug, Clone)]
pub struct Head {
    /// The script for language identification, the task for a classifier.
    pub name: String,
    /// The classes in the order of the outputs.
    pub labels: Vec<String>,
    /// Divides decision values before softmax.
    pub temperature: f32,
    /// Temperatures of languages that had enough validation data for their own.
    pub temperature_by_lang: BTreeMap<String, f32>,
    /// The model itself.
    pub linear: Linear,
}

/// A trained model with all it needs to be used.
#[derive(Debug, Clone)]
pub struct Artefact {
    /// What it is.
    pub kind: Kind,
    /// Name and version, `sentiment@1`; recorded with every score.
    pub id: String,
    /// Languages (ISO 639) it was trained on and answers for; empty for any.
    pub languages: Vec<String>,
    /// Its models.
    pub heads: Vec<Head>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    kind: Kind,
    id: String,
    tokeniser: u32,
    languages: Vec<String>,
    heads: Vec<HeadHeader>,
}

#[derive(Serialize, Deserialize)]
struct HeadHeader {
    name: String,
    labels: Vec<String>,
    temperature: f32,
    temperature_by_lang: BTreeMap<String, f32>,
    linear: LinearHeader,
    /// The bytes of its table, if that is packed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    packed: Option<usize>,
}

impl Artefact {
    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let tables: Vec<(Cow<'_, [u8]>, Option<usize>)> = self.heads.iter().map(stored).collect();
        let header = Header {
            kind: self.kind,
            id: self.id.clone(),
            tokeniser: text::TOKENISER_VERSION,
            languages: self.languages.clone(),
            heads: self
                .heads
                .iter()
                .zip(&tables)
                .map(|(head, table)| HeadHeader::of(head, table.1))
                .collect(),
        };
        let header = serde_json::to_vec(&header).map_err(|e| ModelError::Header(e.to_string()))?;
        let mut body = header.clone();
        tables.iter().for_each(|(table, _)| body.extend_from_slice(table));
        let mut out = Vec::with_capacity(PREFIX + body.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(header.len() as u32).to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        out.extend_from_slice(&body);
        Ok(out)
    }

    /// Reads the bytes of a file. Everything is checked: sizes, checksum, tokeniser, the sense of the numbers.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(ModelError::NotAModel);
        }
        let truncated = |needed| ModelError::Truncated {
            needed,
            found: bytes.len(),
        };
        let number = |at: usize| {
            bytes
                .get(at..at + 4)
                .and_then(|b| b.first_chunk::<4>())
                .map(|b| u32::from_le_bytes(*b))
                .ok_or(truncated(PREFIX))
        };
        let (format, length, expected) = (number(8)?, number(12)? as usize, number(16)?);
        if !(OLDEST..=FORMAT).contains(&format) {
            return Err(ModelError::Format {
                found: format,
                supported: FORMAT,
            });
        }
        if length > MAX_HEADER {
            return Err(ModelError::Header(format!(
                "{length} bytes long, {MAX_HEADER} at most"
            )));
        }
        let body = &bytes[PREFIX..];
        let header = body.get(..length).ok_or(truncated(PREFIX + length))?;
        let found = crc32fast::hash(body);
        if found != expected {
            return Err(ModelError::Checksum { expected, found });
        }
        let header: Header = serde_json::from_slice(header).map_err(|e| ModelError::Header(e.to_string()))?;
        if header.tokeniser != text::TOKENISER_VERSION {
            return Err(ModelError::Tokeniser {
                expected: text::TOKENISER_VERSION,
                found: header.tokeniser,
            });
        }
        let heads = read_heads(header.heads, &body[length..])?;
        Ok(Self {
            kind: header.kind,
            id: header.id,
            languages: header.languages,
            heads,
        })
    }

    /// CRC-32 of the file's bytes, which its card repeats.
    pub fn checksum(bytes: &[u8]) -> String {
        format!("{:08x}", crc32fast::hash(bytes))
    }
}

/// A head's table as it is written, and its length if it is packed.
fn stored(head: &Head) -> (Cow<'_, [u8]>, Option<usize>) {
    let packed = pack::pack(head.linear.table());
    if packed.len() < head.linear.table().len() / 2 {
        let length = packed.len();
        return (packed.into(), Some(length));
    }
    let plain: Vec<u8> = head.linear.table().iter().map(|&w| w as u8).collect();
    (plain.into(), None)
}

impl HeadHeader {
    fn of(head: &Head, packed: Option<usize>) -> Self {
        Self {
            name: head.name.clone(),
            labels: head.labels.clone(),
            temperature: head.temperature,
            temperature_by_lang: head.temperature_by_lang.clone(),
            linear: head.linear.header().clone(),
            packed,
        }
    }
}

fn read_heads(headers: Vec<HeadHeader>, tables: &[u8]) -> Result<Vec<Head>, ModelError> {
    let mut rest = tables;
    let mut heads = Vec::with_capacity(headers.len());
    for h in headers {
        if h.labels.len() != h.linear.bias.len() || h.labels.is_empty() {
            return Err(ModelError::Header(format!(
                "head {}: labels do not fit the classes",
                h.name
            )));
        }
        let temperatures = h.temperature_by_lang.values().chain([&h.temperature]);
        if !temperatures.into_iter().all(|t| t.is_finite() && *t > 0.0) {
            return Err(ModelError::Header(format!(
                "head {}: a temperature is not positive",
                h.name
            )));
        }
        if !h.linear.features.is_valid() {
            return Err(ModelError::Header(format!(
                "head {}: features out of range",
                h.name
            )));
        }
        let size = h.labels.len() << h.linear.features.bits;
        let needed = h.packed.unwrap_or(size);
        let Some((table, after)) = rest.split_at_checked(needed) else {
            return Err(ModelError::Truncated {
                needed,
                found: rest.len(),
            });
        };
        rest = after;
        let table = match h.packed {
            Some(_) => pack::unpack(table, size).ok_or_else(|| {
                ModelError::Header(format!("head {}: its packed table does not fit", h.name))
            })?,
            None => table.iter().map(|&b| b as i8).collect(),
        };
        let linear = Linear::new(h.linear, table)?;
        heads.push(Head {
            name: h.name,
            labels: h.labels,
            temperature: h.temperature,
            temperature_by_lang: h.temperature_by_lang,
            linear,
        });
    }
    if !rest.is_empty() {
        return Err(ModelError::Header(format!(
            "{} bytes left over after the last table",
            rest.len()
        )));
    }
    Ok(heads)
}
