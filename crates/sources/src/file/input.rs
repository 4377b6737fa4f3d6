//! Opening what may be compressed, and telling what it is.

use super::lines::MAX_LINE_BYTES;
use super::reader::Format;
use flate2::read::MultiGzDecoder;
use std::io::{self, BufRead, BufReader, Read};

/// A buffered, decompressed input.
pub(super) type Input = BufReader<Box<dyn Read + Send>>;

const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The most of a first line that is looked at.
const FIRST: usize = 64 << 10;
const BOM: &[u8] = &[0xef, 0xbb, 0xbf];

/// Undoes gzip or zstd, told by the first bytes whatever the name, and drops a byte order mark.
pub(super) fn decompress(mut reader: Box<dyn Read + Send>) -> io::Result<Input> {
    let first = take_first(&mut reader, ZSTD.len())?;
    let (gzip, zstd) = (first.starts_with(GZIP), first == ZSTD);
    let whole: Box<dyn Read + Send> = Box::new(io::Cursor::new(first).chain(reader));
    let mut plain: Box<dyn Read + Send> = match (gzip, zstd) {
        (true, _) => Box::new(MultiGzDecoder::new(BufReader::new(whole))),
        (_, true) => Box::new(zstd::Decoder::new(whole)?),
        _ => whole,
    };
    let mut first = take_first(&mut plain, BOM.len())?;
    if first == BOM {
        first.clear();
    }
    Ok(BufReader::with_capacity(
        128 << 10,
        Box::new(io::Cursor::new(first).chain(plain)),
    ))
}

fn take_first(reader: &mut impl Read, bytes: usize) -> io::Result<Vec<u8>> {
    let mut first = Vec::with_capacity(bytes);
    reader.take(bytes as u64).read_to_end(&mut first)?;
    Ok(first)
}

/// The format a file's name tells, the ending of its compression aside.
pub(super) fn format_of_name(name: &str) -> Option<Format> {
    let lower = name.to_ascii_lowercase();
    let plain = [".gz", ".zst", ".gzip", ".zstd"]
        .iter()
        .find_map(|e| lower.strip_suffix(e))
        .unwrap_or(&lower);
    match plain.rsplit_once('.')?.1 {
        "jsonl" | "ndjson" | "jsonlines" => Some(Format::Jsonl),
        "json" => Some(Format::Json),
        "csv" => Some(Format::Csv),
        "tsv" => Some(Format::Tsv),
        "parquet" => Some(Format::Parquet),
        _ => None,
    }
}

/// The format the first byte tells: `{` begins JSON Lines, `[` an array, anything else a CSV header.
pub(super) fn sniff(input: &mut Input) -> Format {
    loop {
        let (blanks, first) = match input.fill_buf() {
            Ok(buffer) => {
                let blanks = buffer.iter().take_while(|b| b.is_ascii_whitespace()).count();
                (blanks, buffer.get(blanks).copied())
            }
            // The same error comes again where the rows are read, with its place.
            Err(_) => return Format::Jsonl,
        };
        match first {
            Some(b'{') => return Format::Jsonl,
            Some(b'[') => return Format::Json,
            Some(_) => return Format::Csv,
            None if blanks == 0 => return Format::Jsonl,
            None => input.consume(blanks),
        }
    }
}

/// The first line that is not blank, with what stands before it, and the input from its begin on. Longer lines are cut:
/// enough is seen to tell what the input is.
pub(super) fn first_line(mut input: Input) -> io::Result<(Vec<u8>, Input)> {
    let mut seen = Vec::new();
    while seen.trim_ascii().is_empty() && seen.len() < FIRST {
        let room = (FIRST - seen.len()) as u64;
        if input.by_ref().take(room).read_until(b'\n', &mut seen)? == 0 {
            break;
        }
    }
    let whole = io::Cursor::new(seen.clone()).chain(input);
    Ok((seen, BufReader::with_capacity(128 << 10, Box::new(whole))))
}

/// Whether the input is one JSON object over several lines: its first line is none by itself.
pub(super) fn is_one_document(first_line: &[u8]) -> bool {
    let line = first_line.trim_ascii();
    first_line.ends_with(b"\n") && line.starts_with(b"{") && !line.ends_with(b"}")
}

/// Bounds what is read for one CSV record: a quote that is never closed would otherwise swallow the file.
pub(super) struct Budget {
    input: Input,
    left: usize,
}

impl Budget {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            left: MAX_LINE_BYTES,
        }
    }

    /// To be called before each record.
    pub(super) fn renew(&mut self) {
        self.left = MAX_LINE_BYTES;
    }
}

impl Read for Budget {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let message = format!("a record of more than {MAX_LINE_BYTES} bytes; is a quote not closed?");
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let room = buffer.len().min(self.left);
        let read = self.input.read(&mut buffer[..room])?;
        self.left -= read;
        Ok(read)
    }
}
