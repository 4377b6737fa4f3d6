//! Lines of any length, in bounded memory.

use std::io::{self, BufRead, Read};

/// A longer line (or CSV record, or element of an array) is refused.
pub const MAX_LINE_BYTES: usize = 10_000_000;

/// What [`Lines::next_line`] found.
pub(super) enum Line<'a> {
    /// A line without its end.
    Text(&'a str),
    /// A line that is not UTF-8 from this byte on.
    NotUtf8(usize),
    /// A line of this many bytes, which was skipped.
    TooLong(u64),
}

/// Cuts a reader into lines and counts them.
pub(super) struct Lines<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The number of the line returned last, from 1.
    pub(super) number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            number: 0,
        }
    }

    /// The next line that is not blank.
    pub(super) fn next_line(&mut self) -> io::Result<Option<Line<'_>>> {
        loop {
            self.buffer.clear();
            let limit = MAX_LINE_BYTES as u64 + 1;
            if self
                .reader
                .by_ref()
                .take(limit)
                .read_until(b'\n', &mut self.buffer)?
                == 0
            {
                return Ok(None);
            }
            self.number += 1;
            if self.buffer.len() > MAX_LINE_BYTES && !self.buffer.ends_with(b"\n") {
                let skipped = skip_line(&mut self.reader)?;
                let length = self.buffer.len() as u64 + skipped;
                self.buffer = Vec::new();
                return Ok(Some(Line::TooLong(length)));
            }
            if !self.buffer.trim_ascii().is_empty() {
                break;
            }
        }
        Ok(Some(match std::str::from_utf8(self.buffer.trim_ascii()) {
            Ok(text) => Line::Text(text),
            Err(e) => Line::NotUtf8(e.valid_up_to()),
        }))
    }
}

/// Reads up to and with the next line end; returns how many bytes stood before it.
fn skip_line(reader: &mut impl BufRead) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let available = reader.fill_buf()?;
        if available.is_empty() {
            return Ok(skipped);
        }
        if let Some(end) = available.iter().position(|b| *b == b'\n') {
            reader.consume(end + 1);
            return Ok(skipped + end as u64);
        }
        let all = available.len();
        reader.consume(all);
        skipped += all as u64;
    }
}
