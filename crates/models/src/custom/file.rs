//! The file of a custom classifier.
//!
//! `GSCUSTM\0`, format version (u32), header length (u32), CRC-32 of all that follows (u32), header (JSON), then the
//! buckets of the n-grams (u32, ascending rows), their weights (i8) and, where there are any, of the states the means,
//! factors and weights (f32). Numbers are little-endian.

use super::error::CustomError;
use super::mix::Mix;
use super::model::{CustomModel, Parts};
use super::states::States;
use super::words::Words;
use super::{MAX_LABELS, corpus, outputs};
use crate::features::FeatureSpec;
use serde::{Deserialize, Serialize};

const MAGIC: &[u8; 8] = b"GSCUSTM\0";
/// The format this build writes and reads.
pub const FORMAT: u32 = 1;
const PREFIX: usize = 20;
/// Bounds what a foreign file can make us parse.
const MAX_HEADER: usize = 1 << 20;
/// The largest number of n-grams and of state values a header may claim.
const MAX_COUNT: usize = 1 << 26;

#[derive(Serialize, Deserialize)]
struct Header {
    id: String,
    tokeniser: u32,
    features: FeatureSpec,
    labels: Vec<String>,
    rows: usize,
    mix: Mix,
    thresholds: [f32; 2],
    buckets: usize,
    scale: Vec<f32>,
    bias: Vec<f32>,
    states: Option<StatesHeader>,
}

#[derive(Serialize, Deserialize)]
struct StatesHeader {
    encoder: String,
    width: usize,
    bias: Vec<f32>,
}

impl CustomModel {
    /// The bytes of the file.
    pub fn save(&self) -> Result<Vec<u8>, CustomError> {
        let parts = &self.parts;
        let buckets = parts.words.buckets();
        let header = Header {
            id: parts.id.clone(),
            tokeniser: text::TOKENISER_VERSION,
            features: corpus::SPEC,
            labels: parts.labels.clone(),
            rows: parts.rows,
            mix: parts.mix,
            thresholds: parts.thresholds,
            buckets: buckets.len(),
            scale: parts.words.scale.clone(),
            bias: parts.words.bias.clone(),
            states: parts.states.as_ref().map(|s| StatesHeader {
                encoder: parts.encoder.clone().unwrap_or_default(),
                width: s.mean.len(),
                bias: s.bias.clone(),
            }),
        };
        let mut body = serde_json::to_vec(&header).map_err(|e| CustomError::Header(e.to_string()))?;
        let length = body.len() as u32;
        body.extend(buckets.iter().flat_map(|b| b.to_le_bytes()));
        body.extend(parts.words.table.iter().map(|&w| w as u8));
        for values in parts.states.iter().flat_map(|s| [&s.mean, &s.factor, &s.weights]) {
            body.extend(values.iter().flat_map(|v| v.to_le_bytes()));
        }
        let mut out = Vec::with_capacity(PREFIX + body.len());
        out.extend_from_slice(MAGIC);
        out.extend(
            [FORMAT, length, crc32fast::hash(&body)]
                .into_iter()
                .flat_map(u32::to_le_bytes),
        );
        out.append(&mut body);
        Ok(out)
    }

    /// Reads the bytes of a file. Sizes, checksum, tokeniser and the sense of the numbers are checked.
    pub fn load(file: &[u8]) -> Result<Self, CustomError> {
        let (header, tables) = open(file)?;
        check(&header)?;
        let mut rest = Rest {
            bytes: tables,
            needed: file.len() - tables.len(),
            found: file.len(),
        };
        let width = outputs(header.labels.len());
        let buckets = rest.numbers(header.buckets, u32::from_le_bytes)?;
        let table = rest
            .take(header.buckets * width)?
            .iter()
            .map(|&b| b as i8)
            .collect();
        let states = header
            .states
            .as_ref()
            .map(|s| states(s, width, &mut rest))
            .transpose()?;
        if !rest.bytes.is_empty() {
            return Err(CustomError::Header(format!(
                "{} bytes left over",
                rest.bytes.len()
            )));
        }
        Ok(Self::new(Parts {
            id: header.id,
            labels: header.labels,
            rows: header.rows,
            mix: header.mix,
            thresholds: header.thresholds,
            words: Words::new(&buckets, table, header.scale, header.bias),
            states,
            encoder: header.states.map(|s| s.encoder),
        }))
    }
}

/// The header of a whole file, and what comes after it.
fn open(file: &[u8]) -> Result<(Header, &[u8]), CustomError> {
    if file.get(..8) != Some(MAGIC.as_slice()) {
        return Err(CustomError::Foreign { hint: hint(file) });
    }
    let truncated = |needed| CustomError::Truncated {
        needed,
        found: file.len(),
    };
    let number = |at: usize| {
        let four = file.get(at..).and_then(|b| b.first_chunk::<4>());
        four.map(|b| u32::from_le_bytes(*b)).ok_or(truncated(PREFIX))
    };
    let (found, length, expected) = (number(8)?, number(12)? as usize, number(16)?);
    if found != FORMAT {
        return Err(CustomError::Format {
            found,
            supported: FORMAT,
        });
    }
    if length > MAX_HEADER {
        return Err(CustomError::Header(format!(
            "header of {length} bytes, {MAX_HEADER} at most"
        )));
    }
    let body = &file[PREFIX..];
    let (header, tables) = body.split_at_checked(length).ok_or(truncated(PREFIX + length))?;
    let found = crc32fast::hash(body);
    if found != expected {
        return Err(CustomError::Checksum { expected, found });
    }
    let header = serde_json::from_slice(header).map_err(|e| CustomError::Header(e.to_string()))?;
    Ok((header, tables))
}

fn hint(file: &[u8]) -> Option<&'static str> {
    match file.get(..8)? {
        b"GSMODEL\0" => Some("; it is a model trained by `groundswell train` for a built-in task"),
        b"GSTENSR\0" => Some("; it is an encoder's file"),
        _ => None,
    }
}

fn check(header: &Header) -> Result<(), CustomError> {
    let bad = |m: &str| Err(CustomError::Header(m.to_owned()));
    if header.tokeniser != text::TOKENISER_VERSION {
        return Err(CustomError::Tokeniser {
            expected: text::TOKENISER_VERSION,
            found: header.tokeniser,
        });
    }
    let labels = header.labels.len();
    if !(2..=MAX_LABELS).contains(&labels) {
        return bad("too few or too many labels");
    }
    if header.features != corpus::SPEC {
        return bad("it reads features that this build does not make: train it anew");
    }
    let width = outputs(labels);
    let states_fit = header
        .states
        .as_ref()
        .is_none_or(|s| s.bias.len() == width && s.width <= MAX_COUNT);
    if header.scale.len() != width || header.bias.len() != width || !states_fit || header.buckets > MAX_COUNT
    {
        return bad("its sizes do not fit its labels");
    }
    let mut numbers = header.scale.iter().chain(&header.bias).chain(&header.thresholds);
    let of_states = header.states.iter().flat_map(|s| &s.bias);
    if !header.mix.is_valid()
        || !numbers.all(|v| v.is_finite())
        || !of_states.into_iter().all(|v| v.is_finite())
    {
        return bad("a number is out of range");
    }
    Ok(())
}

fn states(header: &StatesHeader, width: usize, rest: &mut Rest<'_>) -> Result<States, CustomError> {
    let mut read = |count: usize| {
        let values = rest.numbers(count, f32::from_le_bytes)?;
        match values.iter().all(|v| v.is_finite()) {
            true => Ok(values),
            false => Err(CustomError::Header("a weight is not a number".to_owned())),
        }
    };
    Ok(States {
        mean: read(header.width)?,
        factor: read(header.width)?,
        weights: read(header.width * width)?,
        bias: header.bias.clone(),
    })
}

/// What is still to be read.
struct Rest<'f> {
    bytes: &'f [u8],
    needed: usize,
    found: usize,
}

impl<'f> Rest<'f> {
    fn take(&mut self, count: usize) -> Result<&'f [u8], CustomError> {
        self.needed = self.needed.saturating_add(count);
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(CustomError::Truncated {
            needed: self.needed,
            found: self.found,
        })?;
        self.bytes = rest;
        Ok(taken)
    }

    fn numbers<T>(&mut self, count: usize, of: impl Fn([u8; 4]) -> T) -> Result<Vec<T>, CustomError> {
        Ok(self
            .take(count * 4)?
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| of(*b))
            .collect())
    }
}
