//! Reading lines of files: plain, gzip or zstd, or standard input, with numbers and a bound on their length.

use anyhow::{Context, Result};
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A longer line is refused: no post or query has 16 MB.
pub(crate) const LONGEST_LINE: usize = 16 << 20;

const GZIP: &[u8] = &[0x1F, 0x8B];
const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];

/// Opens a file, or standard input for `-`. What is compressed is told by its first bytes.
pub(crate) fn open(path: &Path) -> Result<Box<dyn BufRead>> {
    let raw: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(
            File::open(path).with_context(|| format!("cannot open {}", path.display()))?,
        ))
    };
    unpack(raw).with_context(|| format!("cannot read {}", path.display()))
}

fn unpack(mut raw: Box<dyn BufRead>) -> io::Result<Box<dyn BufRead>> {
    let head = raw.fill_buf()?;
    Ok(if head.starts_with(GZIP) {
        Box::new(BufReader::new(MultiGzDecoder::new(raw)))
    } else if head.starts_with(ZSTD) {
        Box::new(BufReader::new(zstd::Decoder::with_buffer(raw)?))
    } else {
        raw
    })
}

/// What `-` is called in messages.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

/// One line, without its end.
pub(crate) struct Line {
    /// From 1.
    pub(crate) number: u64,
    /// Its bytes, or that it is too long.
    pub(crate) bytes: Result<Vec<u8>, TooLong>,
}

/// A line over [`LONGEST_LINE`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the line is longer than {} MB", LONGEST_LINE >> 20)]
pub(crate) struct TooLong;

/// The lines that are not blank. Ends after an error of the device.
pub(crate) struct Lines {
    reader: Box<dyn BufRead>,
    number: u64,
    failed: bool,
}

impl Lines {
    pub(crate) fn new(reader: Box<dyn BufRead>) -> Self {
        Self {
            reader,
            number: 0,
            failed: false,
        }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut bytes = Vec::new();
            let most = LONGEST_LINE as u64 + 1;
            if self.reader.by_ref().take(most).read_until(b'\n', &mut bytes)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            let whole = bytes.last() == Some(&b'\n');
            if !whole && bytes.len() > LONGEST_LINE {
                self.reader.skip_until(b'\n')?;
                return Ok(Some(Line {
                    number: self.number,
                    bytes: Err(TooLong),
                }));
            }
            bytes.truncate(bytes.trim_ascii_end().len());
            if self.number == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
                bytes.drain(..3);
            }
            if !bytes.trim_ascii_start().is_empty() {
                return Ok(Some(Line {
                    number: self.number,
                    bytes: Ok(bytes),
                }));
            }
        }
    }
}

impl Iterator for Lines {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let line = self.read().transpose();
        self.failed = matches!(line, Some(Err(_)));
        line
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write;

    fn numbered(bytes: Vec<u8>) -> Vec<(u64, String)> {
        let reader = unpack(Box::new(io::Cursor::new(bytes))).unwrap();
        let text = |l: Line| {
            (
                l.number,
                l.bytes
                    .map_or("too long".into(), |b| String::from_utf8(b).unwrap()),
            )
        };
        Lines::new(reader).map(|l| text(l.unwrap())).collect()
    }

    #[test]
    fn blank_lines_are_skipped_but_counted() {
        let expected = vec![(1, "a".to_owned()), (3, "b".to_owned())];
        assert_eq!(numbered(b"\xEF\xBB\xBFa\r\n \nb".to_vec()), expected);
    }

    #[test]
    fn compressed_input_is_told_by_its_first_bytes() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"a\nb\n").unwrap();
        let expected = vec![(1, "a".to_owned()), (2, "b".to_owned())];
        assert_eq!(numbered(gzip.finish().unwrap()), expected);
        assert_eq!(numbered(zstd::encode_all(&b"a\nb\n"[..], 1).unwrap()), expected);
    }

    #[test]
    fn a_line_too_long_is_refused_and_the_next_one_read() {
        let mut bytes = vec![b'x'; LONGEST_LINE + 1];
        bytes.extend(b"\nb\n");
        assert_eq!(
            numbered(bytes),
            vec![(1, "too long".to_owned()), (2, "b".to_owned())]
        );
    }

    #[test]
    fn a_broken_archive_is_an_error_once() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"a\nb\n").unwrap();
        let mut bytes = gzip.finish().unwrap();
        bytes.truncate(bytes.len() - 6);
        let reader = unpack(Box::new(io::Cursor::new(bytes))).unwrap();
        assert_eq!(Lines::new(reader).filter(Result::is_err).count(), 1);
    }
}
