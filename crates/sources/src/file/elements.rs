//! The elements of a JSON array, one at a time, in bounded memory.

use super::lines::MAX_LINE_BYTES;
use std::io::{self, BufRead};

/// Cuts `[ {…}, {…} ]` into its elements without building the array.
pub(super) struct Elements<R> {
    reader: R,
    element: Vec<u8>,
    /// The line the last element began on, from 1.
    pub(super) line: u64,
    at_line: u64,
    opened: bool,
    done: bool,
}

/// What [`Elements::next_element`] found.
pub(super) enum Element<'a> {
    /// The bytes of an element, which may or may not be JSON.
    Bytes(&'a [u8]),
    /// An element longer than allowed, skipped.
    TooLong(u64),
    /// The input ended within the array, or something stands where none may.
    Broken(&'static str),
}

impl<R: BufRead> Elements<R> {
    pub(super) fn new(reader: R) -> Self {
        Self {
            reader,
            element: Vec::new(),
            line: 1,
            at_line: 1,
            opened: false,
            done: false,
        }
    }

    pub(super) fn next_element(&mut self) -> io::Result<Option<Element<'_>>> {
        if self.done {
            return Ok(None);
        }
        if !self.opened {
            self.opened = true;
            if self.skip_blank()? != Some(b'[') {
                return self.broken("the input is no JSON array");
            }
            self.reader.consume(1);
        }
        loop {
            match self.skip_blank()? {
                None => return self.broken("the input ends within the array"),
                Some(b',') => self.reader.consume(1),
                Some(b']') => {
                    self.done = true;
                    return Ok(None);
                }
                Some(_) => break,
            }
        }
        self.line = self.at_line;
        let Some(length) = self.read_element()? else {
            return self.broken("the input ends within an element");
        };
        Ok(Some(if length > MAX_LINE_BYTES as u64 {
            Element::TooLong(length)
        } else {
            Element::Bytes(&self.element)
        }))
    }

    fn broken(&mut self, why: &'static str) -> io::Result<Option<Element<'_>>> {
        self.done = true;
        self.line = self.at_line;
        Ok(Some(Element::Broken(why)))
    }

    /// Skips blanks; returns the byte that follows, which is not consumed.
    fn skip_blank(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.reader.fill_buf()?.first().copied() {
                None => return Ok(None),
                Some(b) if b.is_ascii_whitespace() => {
                    self.at_line += u64::from(b == b'\n');
                    self.reader.consume(1);
                }
                Some(b) => return Ok(Some(b)),
            }
        }
    }

    /// Reads up to the comma or bracket that ends an element; `None` at the end of input. Returns its length, of
    /// which only the allowed part is kept.
    fn read_element(&mut self) -> io::Result<Option<u64>> {
        self.element.clear();
        let (mut depth, mut in_string, mut escaped, mut length) = (0u32, false, false, 0u64);
        loop {
            let chunk = self.reader.fill_buf()?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let mut end = None;
            for (i, &b) in chunk.iter().enumerate() {
                self.at_line += u64::from(b == b'\n');
                if in_string {
                    (in_string, escaped) = (escaped || b != b'"', !escaped && b == b'\\');
                    continue;
                }
                match b {
                    b'"' => in_string = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' if depth > 0 => depth -= 1,
                    b',' | b']' if depth == 0 => {
                        end = Some(i);
                        break;
                    }
                    _ => {}
                }
            }
            let taken = end.unwrap_or(chunk.len());
            length += taken as u64;
            let room = (MAX_LINE_BYTES + 1).saturating_sub(self.element.len());
            self.element.extend_from_slice(&chunk[..taken.min(room)]);
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(Some(length));
            }
        }
    }
}
