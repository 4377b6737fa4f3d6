//! The tensor container, the file of a vocabulary and of an encoder's weights (`docs/specs/encoder.md`).
//!
//! `GSTENSR\0`, format version (u32), header length (u32), CRC-32 of all that follows (u32), header (JSON padded with
//! spaces), then the tensors. Numbers are little-endian; tensors begin at multiples of 64 bytes.

use super::error::EncoderError;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const MAGIC: &[u8; 8] = b"GSTENSR\0";
/// The format this build reads.
pub const TENSOR_FORMAT: u32 = 1;
const PREFIX: usize = 20;
const ALIGNMENT: usize = 64;
/// Bounds what a foreign file can make us parse.
const MAX_HEADER: usize = 1 << 22;
/// Values in a group of a 4-bit tensor, and the bytes they take.
pub(super) const GROUP: usize = 32;
pub(super) const GROUP_BYTES: usize = 18;

/// How the values of a tensor are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Dtype {
    F32,
    U32,
    U8,
    I8,
    /// Groups of 32 values: an f16 scale and 16 bytes of two 4-bit values each.
    Q4,
}

#[derive(Debug, Deserialize)]
struct Entry {
    name: String,
    dtype: Dtype,
    shape: Vec<usize>,
    offset: usize,
}

#[derive(Deserialize)]
struct Header {
    id: String,
    kind: String,
    config: serde_json::Value,
    tensors: Vec<Entry>,
}

/// A container whose checksum and header are right. Tensors are checked when they are asked for.
pub(super) struct Container<'b> {
    header: Header,
    data: &'b [u8],
}

impl<'b> Container<'b> {
    pub(super) fn parse(bytes: &'b [u8], kind: &'static str) -> Result<Self, EncoderError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            return Err(EncoderError::NotTensors);
        }
        let truncated = |needed| EncoderError::Truncated {
            needed,
            found: bytes.len(),
        };
        let number = |at: usize| {
            bytes
                .get(at..)
                .and_then(|b| b.first_chunk::<4>())
                .map(|b| u32::from_le_bytes(*b))
                .ok_or(truncated(PREFIX))
        };
        let (found, length, expected) = (number(8)?, number(12)? as usize, number(16)?);
        if found != TENSOR_FORMAT {
            return Err(EncoderError::Format {
                found,
                supported: TENSOR_FORMAT,
            });
        }
        if length > MAX_HEADER || !(PREFIX + length).is_multiple_of(ALIGNMENT) {
            let reason = format!("{length} bytes long: too long, or the data after it is not aligned");
            return Err(EncoderError::Header(reason));
        }
        let body = &bytes[PREFIX..];
        let (header, data) = body.split_at_checked(length).ok_or(truncated(PREFIX + length))?;
        let found = crc32fast::hash(body);
        if found != expected {
            return Err(EncoderError::Checksum { expected, found });
        }
        let header: Header =
            serde_json::from_slice(header).map_err(|e| EncoderError::Header(e.to_string()))?;
        if header.kind != kind {
            return Err(EncoderError::Kind {
                expected: kind,
                found: header.kind,
            });
        }
        Ok(Self { header, data })
    }

    pub(super) fn id(&self) -> &str {
        &self.header.id
    }

    pub(super) fn config<T: DeserializeOwned>(&self) -> Result<T, EncoderError> {
        T::deserialize(&self.header.config).map_err(|e| EncoderError::Config(e.to_string()))
    }

    /// The shape of a tensor, for sizes that only its tensors know.
    pub(super) fn shape(&self, name: &str) -> Result<&[usize], EncoderError> {
        self.entry(name).map(|e| e.shape.as_slice())
    }

    fn entry(&self, name: &str) -> Result<&Entry, EncoderError> {
        let found = self.header.tensors.iter().find(|e| e.name == name);
        found.ok_or_else(|| EncoderError::tensor(name, "is missing"))
    }

    /// Where the bytes of a tensor lie in the data, once its type and shape are what is expected.
    pub(super) fn place(
        &self,
        name: &str,
        dtype: Dtype,
        shape: &[usize],
    ) -> Result<std::ops::Range<usize>, EncoderError> {
        let entry = self.entry(name)?;
        if entry.dtype != dtype || entry.shape != shape {
            let reason = format!(
                "{:?} {:?} instead of {dtype:?} {shape:?}",
                entry.dtype, entry.shape
            );
            return Err(EncoderError::tensor(name, reason));
        }
        let values = shape.iter().try_fold(1usize, |n, &s| n.checked_mul(s));
        let size = values.and_then(|n| dtype.bytes(n));
        let end = size.and_then(|s| entry.offset.checked_add(s));
        match end {
            Some(end) if end <= self.data.len() && entry.offset.is_multiple_of(ALIGNMENT) => {
                Ok(entry.offset..end)
            }
            _ => Err(EncoderError::tensor(
                name,
                "lies outside of the file or unaligned",
            )),
        }
    }

    /// The bytes of a tensor.
    pub(super) fn bytes(&self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<&'b [u8], EncoderError> {
        Ok(&self.data[self.place(name, dtype, shape)?])
    }

    /// The values of an f32 tensor, all finite.
    pub(super) fn f32(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let bytes = self.bytes(name, Dtype::F32, shape)?;
        let values: Vec<f32> = words(bytes).map(f32::from_bits).collect();
        if values.iter().all(|v| v.is_finite()) {
            Ok(values)
        } else {
            Err(EncoderError::tensor(name, "a value is not a number"))
        }
    }

    /// The values of a u32 tensor.
    pub(super) fn u32(&self, name: &str, shape: &[usize]) -> Result<Vec<u32>, EncoderError> {
        Ok(words(self.bytes(name, Dtype::U32, shape)?).collect())
    }

    /// Where the data begins in the file.
    pub(super) fn data_start(&self, file: &[u8]) -> usize {
        file.len() - self.data.len()
    }
}

impl Dtype {
    /// The bytes that so many values take.
    fn bytes(self, values: usize) -> Option<usize> {
        match self {
            Self::F32 | Self::U32 => values.checked_mul(4),
            Self::U8 | Self::I8 => Some(values),
            Self::Q4 => (values / GROUP).checked_mul(GROUP_BYTES),
        }
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b))
}
