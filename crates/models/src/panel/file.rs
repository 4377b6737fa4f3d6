//! The file of a panel: `GSPANEL\0`, format (u32), header length (u32), CRC-32 of what follows (u32), header (JSON), the
//! rows, the table toward a target. Numbers are little-endian. In format 2, written where it is
//! shorter, both tables are packed, each after its length (u32).

use super::{Panel, PanelHeader, TargetHead};
use crate::error::ModelError;
use crate::pack;

const MAGIC: &[u8; 8] = b"GSPANEL\0";
/// The newest format, whose tables are packed.
const FORMAT: u32 = 2;
/// The oldest, whose tables are as they are.
const OLDEST: u32 = 1;
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
        if !(OLDEST..=FORMAT).contains(&format) {
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
            if let Ok(header) = header()
                && let Ok(needed) = stored(&header, format, &body[length..])
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
        let bad = || ModelError::Header("the tables have not the size their header asks for".to_owned());
        if tables.len() != stored(&header, format, tables)? {
            return Err(bad());
        }
        let (rows, near) = (rows_len(&header), near_len(&header));
        if format == OLDEST {
            let signed = |b: &[u8]| b.iter().map(|&b| b as i8).collect();
            return Panel::new(header, signed(&tables[..rows]), signed(&tables[rows..]));
        }
        let (first, second) = packed(tables).ok_or_else(bad)?;
        let rows = pack::unpack(first, rows).ok_or_else(bad)?;
        let near = pack::unpack(second, near).ok_or_else(bad)?;
        Panel::new(header, rows, near)
    }

    /// The bytes of the file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, ModelError> {
        let json = serde_json::to_vec(&self.header).map_err(|e| ModelError::Header(e.to_string()))?;
        let tables = [&self.table, &self.near];
        let packed = tables.map(|t| pack::pack(t));
        let plain = self.table.len() + self.near.len();
        let is_packed = packed.iter().map(|p| 4 + p.len()).sum::<usize>() < plain;
        let mut body = json.clone();
        for (table, packed) in tables.into_iter().zip(&packed) {
            if is_packed {
                body.extend_from_slice(&(packed.len() as u32).to_le_bytes());
                body.extend_from_slice(packed);
            } else {
                body.extend(table.iter().map(|&w| w as u8));
            }
        }
        let mut out = Vec::with_capacity(PREFIX + body.len());
        out.extend_from_slice(MAGIC);
        let format = if is_packed { FORMAT } else { OLDEST };
        out.extend_from_slice(&format.to_le_bytes());
        out.extend_from_slice(&(json.len() as u32).to_le_bytes());
        out.extend_from_slice(&crc32fast::hash(&body).to_le_bytes());
        out.extend_from_slice(&body);
        Ok(out)
    }
}

/// Bytes that the tables take in the file, as far as these say so.
fn stored(header: &PanelHeader, format: u32, tables: &[u8]) -> Result<usize, ModelError> {
    if header.features.bits > 24 || header.width > super::MAX_WIDTH {
        return Err(ModelError::Header("features or rows out of range".to_owned()));
    }
    header.target.as_ref().map_or(Ok(()), TargetHead::check)?;
    if format == OLDEST {
        return Ok(rows_len(header) + near_len(header));
    }
    let first = 4 + length(tables).unwrap_or(0);
    let second = tables.get(first..).and_then(length).unwrap_or(0);
    Ok(first + 4 + second)
}

fn rows_len(header: &PanelHeader) -> usize {
    header.width << header.features.bits
}

fn near_len(header: &PanelHeader) -> usize {
    header.target.as_ref().map_or(0, TargetHead::table_len)
}

/// The length before a packed table.
fn length(bytes: &[u8]) -> Option<usize> {
    bytes.first_chunk::<4>().map(|b| u32::from_le_bytes(*b) as usize)
}

/// The two packed tables.
fn packed(tables: &[u8]) -> Option<(&[u8], &[u8])> {
    let first = tables.get(4..4 + length(tables)?)?;
    let rest = &tables[4 + first.len()..];
    Some((first, rest.get(4..4 + length(rest)?)?))
}
