//! The file of a table: `GSWORDS\0`, format (u32), header length (u32), CRC-32 of what follows (u32), header (JSON), then
//! letters, words and pairs. Numbers are little-endian.
//!
//! - Letters: 28³ costs.
//! - Words, in the order of their bytes: how many bytes each shares with the one before, how many follow, these, its cost.
//! - Pairs, word by word: how many follow it, then for each how far its number is from the one before (its own for the
//!   first) and the cost. Both numbers have seven bits to a byte, lowest first.

use super::Hashtags;
use super::cost::Costs;
use super::letters::{self, Letters};
use super::table::Table;
use crate::error::ModelError;
use serde::Deserialize;

const MAGIC: &[u8; 8] = b"GSWORDS\0";
/// The format this build reads.
const FORMAT: u32 = 1;
const PREFIX: usize = 20;
/// Bound what a foreign file can make us take.
const MAX_HEADER: usize = 1 << 16;
const MAX_WORDS: usize = 1 << 22;
const MAX_PAIRS: usize = 1 << 24;

#[derive(Deserialize)]
struct Header {
    id: String,
    kind: String,
    words: usize,
    pairs: usize,
    /// Bytes after the header.
    bytes: usize,
    costs: Costs,
}

pub(super) fn load(file: &[u8]) -> Result<Hashtags, ModelError> {
    if file.get(..8) != Some(MAGIC) {
        return Err(ModelError::Kind {
            expected: "hashtags",
            found: "something that does not begin with GSWORDS".to_owned(),
        });
    }
    let found = file.len();
    let number = |at: usize| {
        let four = file.get(at..at + 4).and_then(|b| b.first_chunk::<4>());
        let needed = PREFIX;
        four.map(|b| u32::from_le_bytes(*b))
            .ok_or(ModelError::Truncated { needed, found })
    };
    let (format, length, expected) = (number(8)?, number(12)? as usize, number(16)?);
    if format != FORMAT {
        let supported = FORMAT;
        return Err(ModelError::Format {
            found: format,
            supported,
        });
    }
    if length > MAX_HEADER {
        return Err(ModelError::Header(format!("{length} bytes long")));
    }
    let body = &file[PREFIX..];
    let cut = |needed| ModelError::Truncated { needed, found };
    let json = body.get(..length).ok_or(cut(PREFIX + length))?;
    let header = serde_json::from_slice::<Header>(json).map_err(|e| ModelError::Header(e.to_string()));
    let checksum = crc32fast::hash(body);
    if checksum != expected {
        return Err(match header {
            // A file that was cut off says so better by its length.
            Ok(h) if body.len() - length < h.bytes => cut((PREFIX + length).saturating_add(h.bytes)),
            _ => ModelError::Checksum {
                expected,
                found: checksum,
            },
        });
    }
    read(header?, &body[length..])
}

fn read(header: Header, bytes: &[u8]) -> Result<Hashtags, ModelError> {
    let bad = |reason: &str| Err(ModelError::Header(reason.to_owned()));
    if header.kind != "hashtags" {
        return Err(ModelError::Kind {
            expected: "hashtags",
            found: header.kind,
        });
    }
    if header.words > MAX_WORDS || header.pairs > MAX_PAIRS || !header.costs.is_finite() {
        return bad("words, pairs or costs out of range");
    }
    let mut rest = Rest(bytes);
    match rest.table(header.words, header.pairs) {
        Some(table) if rest.0.is_empty() => Ok(Hashtags {
            id: header.id,
            costs: header.costs,
            table,
        }),
        _ => bad("words and pairs are not what the header says"),
    }
}

/// What is still to be read; `None` where it is not as it should be.
struct Rest<'b>(&'b [u8]);

impl Rest<'_> {
    fn take(&mut self, count: usize) -> Option<&[u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    fn number(&mut self) -> Option<u32> {
        let mut value = 0;
        for shift in (0..28).step_by(7) {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn table(&mut self, words: usize, pairs: usize) -> Option<Table> {
        let letters = Letters::new(self.take(letters::SIZE)?);
        let mut table = Table {
            text: String::new(),
            ends: Vec::new(),
            costs: Vec::new(),
            rows: Vec::new(),
            seconds: Vec::new(),
            pair_costs: Vec::new(),
            letters,
        };
        let mut word = Vec::new();
        for _ in 0..words {
            self.word(&mut word, &mut table)?;
        }
        for _ in 0..words {
            self.followers(&mut table)?;
        }
        (table.seconds.len() == pairs).then_some(table)
    }

    fn word(&mut self, word: &mut Vec<u8>, table: &mut Table) -> Option<()> {
        let (shared, length) = (self.byte()? as usize, self.byte()? as usize);
        let more = self.take(length)?;
        // Search relies on the order.
        if shared > word.len() || more <= &word[shared..] {
            return None;
        }
        word.truncate(shared);
        word.extend_from_slice(more);
        table.text.push_str(str::from_utf8(word).ok()?);
        table.ends.push(u32::try_from(table.text.len()).ok()?);
        table.costs.push(self.byte()?);
        Some(())
    }

    fn followers(&mut self, table: &mut Table) -> Option<()> {
        let mut before = None;
        for _ in 0..self.number()? {
            let step = self.number()?;
            let second = match before {
                None => step,
                Some(b) if step > 0 => step.checked_add(b)?,
                Some(_) => return None,
            };
            if second as usize >= table.len() {
                return None;
            }
            before = Some(second);
            table.seconds.push(second);
            table.pair_costs.push(self.byte()?);
        }
        table.rows.push(table.seconds.len() as u32);
        Some(())
    }
}
