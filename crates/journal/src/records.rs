//! Walking the records of a segment file.

use crate::record::{self, HEAD, Head, MAX_PAYLOAD, PREFIX};
use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom};

/// Read ahead this much, so that small records cost no system call each.
const CHUNK: usize = 256 << 10;

/// Why there is no next record.
#[derive(Debug)]
pub(crate) enum Fault {
    Read(io::Error),
    Bad(&'static str),
}

/// Reads records one after the other, never past the end it is told: what lies behind may still be written.
pub(crate) struct Records {
    file: File,
    buffer: Vec<u8>,
    /// Bytes of `buffer` already handed out.
    used: usize,
    /// Place in the file of the next record.
    offset: u64,
}

impl Records {
    /// Reads on from `offset`.
    pub(crate) fn new(mut file: File, offset: u64) -> io::Result<Records> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Records {
            file,
            buffer: Vec::new(),
            used: 0,
            offset,
        })
    }

    /// Where the next record begins.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// The next record that ends at or before byte `end` of the file; `None` at `end`.
    pub(crate) fn next(&mut self, end: u64) -> Result<Option<(Head, &[u8])>, Fault> {
        let left = end.saturating_sub(self.offset);
        if left == 0 {
            return Ok(None);
        }
        if left < PREFIX as u64 {
            return Err(Fault::Bad("record is cut short"));
        }
        let prefix = self
            .peek(PREFIX, left)?
            .first_chunk()
            .copied()
            .unwrap_or_default();
        let (len, crc) = record::prefix(prefix);
        if !(HEAD..=MAX_PAYLOAD).contains(&len) {
            return Err(Fault::Bad("record has an impossible length"));
        }
        let whole = PREFIX + len;
        if whole as u64 > left {
            return Err(Fault::Bad("record is cut short"));
        }
        let payload = &self.peek(whole, left)?[PREFIX..whole];
        if crc32fast::hash(payload) != crc {
            return Err(Fault::Bad("record has another checksum"));
        }
        let head = record::head(payload).ok_or(Fault::Bad("record has an impossible head"))?;
        let start = self.used + PREFIX;
        self.used += whole;
        self.offset += whole as u64;
        Ok(Some((head, &self.buffer[start..start + len])))
    }

    /// At least `need` bytes from the offset on, reading no further than `left`.
    fn peek(&mut self, need: usize, left: u64) -> Result<&[u8], Fault> {
        let have = self.buffer.len() - self.used;
        if have < need {
            self.buffer.drain(..self.used);
            self.used = 0;
            let want = (need.max(CHUNK) as u64).min(left) as usize;
            self.buffer.resize(want, 0);
            if let Err(error) = self.file.read_exact(&mut self.buffer[have..]) {
                self.buffer.truncate(have);
                return Err(Fault::Read(error));
            }
        }
        Ok(&self.buffer[self.used..])
    }
}
