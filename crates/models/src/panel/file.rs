//! The file of a panel: `GSPANEL\0`, format (u32), header length (u32), CRC-32 of what follows (u32), header (JSON), the
//! rows, the table toward a target. Numbers are little-endian.

use super::{Panel, PanelHeader, TargetHead};
use crate::error::ModelError;

const MAGIC: &[u8; 8] = b"GSPANEL\0";
/// The format this build writes and reads.
const FORMAT: u32 = 1;
const PREFIX: usize = 20;
/// A header is some kilobytes; this bounds what a foreign file can make us parse.
const MAX_HEADER: usize = 1 << 20;

impl Panel {
    /// Reads a file. Anything damaged, foreign or made for other tokens is an error.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let cut = |needed| ModelError::Truncated {
            needed,
            found: bytes.len(),
        };
        if bytes.get(..8) != Some(MAGIC) {
            return Err(ModelError::NotAModel);
        }
        let number = |at: usize| {
            let four = bytes.get(at..at + 4).and_then(|b| b.first_chunk::<4>());
            four.map(|b| u32::from_le_bytes(*b)).ok_or(cut(PREFIX))
        };
        let (format, length, expected) = (number(8)?, number(12)? as usize, number(16)?);
        if format != FORMAT {
            return Err(ModelError::Format {
                found: format,
                supported: FORMAT,
            });
        }
        if length > MAX_HEADER {
            return Err(ModelError::Header(format!("{length} bytes long")));
        }
        let body = &bytes[PREFIX..];
        let json = body.get(..length).ok_or(cut(PREFIX + length))?;
        let header = || -> Result<PanelHeader, ModelError> {
            serde_json::from_slice(json).map_err(|e| ModelError::Header(e.to_string()))
        };
        let found = crc32fast::hash(body);
        if found != expected {
            // A file that was cut off says so better by its length.
            if let Ok(needed) = header().and_then(|h| needed(&h))
                && body.len() < length + needed
            {
                return Err(cut(PREFIX + length + needed));
            }
            return Err(ModelError::Checksum { expected, found });
        }
        let header = header()?;
        if header.tokeniser != text::TOKENISER_VERSION {
            return Err(ModelError::Tokeniser {
                expected: text::TOKENISER_VERSION,
                found: header.tokeniser,
            });
        }
        header.target.as_ref().map_or(Ok(()), TargetHead::check)?;
        let tables = &body[length..];
        if tables.len() != needed(&header)? {
            return Err(ModelError::Header(
                "the tables have not the size their header asks for".to_owned(),
            ));
        }
        let (rows, near) = tables.split_at(header.width << header.features.bits);
        let signed = |b: &[u8]| b.iter().map(|&b| b as i8).collect();
        Panel::new(header, signed(rows), signed(near))
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let json = serde_json::to_vec(&self.header).map_err(|e| ModelError::Header(e.to_string()))?;
        let mut body = json.clone();
        body.extend(self.table.iter().chain(&self.near).map(|&w| w as u8));
        let mut out = Vec::with_capacity(PREFIX + body.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&(json.len() as u32).to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        out.extend_from_slice(&body);
        Ok(out)
    }
}

/// Bytes of the tables.
fn needed(header: &PanelHeader) -> Result<usize, ModelError> {
    if header.features.bits > 24 || header.width > super::MAX_WIDTH {
        return Err(ModelError::Header("features or rows out of range".to_owned()));
    }
    header.target.as_ref().map_or(Ok(()), TargetHead::check)?;
    Ok((header.width << header.features.bits) + header.target.as_ref().map_or(0, TargetHead::table_len))
}
