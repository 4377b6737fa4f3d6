//! The rows of a file: CSV with whatever stands before its header, or the first sheet of a workbook that has a header.

use super::columns::Header;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// The header stands within the first so many rows.
const PREAMBLE: usize = 200;
/// Rows of one file at most.
const MAX_ROWS: usize = 1_000_000;

/// A file's header and what follows it, each row with its line (of a workbook: its row).
#[derive(Debug)]
pub(super) struct Table {
    pub(super) header: Header,
    pub(super) rows: Vec<(u64, Vec<String>)>,
}

/// Reads a file; what is wrong with it in words.
pub(super) fn read(bytes: &[u8]) -> Result<Table, String> {
    // A workbook is a ZIP archive.
    let rows = match bytes.starts_with(b"PK\x03\x04") {
        true => return workbook(bytes),
        false => lines(&decoded(bytes)?)?,
    };
    begin(rows).ok_or_else(|| NO_HEADER.to_owned())
}

const NO_HEADER: &str = "no header was found in the first 200 rows: it names a date, a text or title, and two more of \
    url, source, author, language, sentiment, query";

/// UTF-8, or UTF-16 with its mark, as spreadsheets save it.
fn decoded(bytes: &[u8]) -> Result<String, String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .collect();
        String::from_utf16(&units).map_err(|_| "the file is no UTF-16".to_owned())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
            Err(e) => {
                let line = bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
                Err(format!("line {line} is not UTF-8: save the file as UTF-8"))
            }
        },
    }
}

/// Rows of CSV. The delimiter is the one under which a header is found.
fn lines(text: &str) -> Result<Vec<(u64, Vec<String>)>, String> {
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        let mut found = false;
        for record in reader.records() {
            let record = record.map_err(|e| e.to_string())?;
            let line = record.position().map_or(0, csv::Position::line);
            let row: Vec<String> = record.iter().map(str::to_owned).collect();
            found = found || Header::read(&row).is_some();
            if !found && rows.len() == PREAMBLE {
                break;
            }
            if rows.len() == MAX_ROWS {
                return Err(format!("the file has more than {MAX_ROWS} rows: split it"));
            }
            rows.push((line, row));
        }
        if found {
            return Ok(rows);
        }
    }
    Err(NO_HEADER.to_owned())
}

fn workbook(bytes: &[u8]) -> Result<Table, String> {
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|e| format!("the workbook cannot be read: {e}"))?;
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            continue;
        };
        let first = range.start().map_or(0, |(row, _)| u64::from(row)) + 1;
        let rows = range
            .rows()
            .take(MAX_ROWS)
            .map(|row| row.iter().map(cell).collect());
        if let Some(table) = begin((first..).zip(rows).collect()) {
            return Ok(table);
        }
    }
    Err(NO_HEADER.to_owned())
}

fn cell(data: &Data) -> String {
    match data {
        Data::DateTime(at) => {
            let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        other => other.to_string(),
    }
}

/// What stands behind the header, without empty rows.
fn begin(rows: Vec<(u64, Vec<String>)>) -> Option<Table> {
    let at = rows
        .iter()
        .take(PREAMBLE + 1)
        .position(|(_, row)| Header::read(row).is_some())?;
    let header = Header::read(&rows[at].1)?;
    let is_full = |(_, row): &(u64, Vec<String>)| row.iter().any(|cell| !cell.trim().is_empty());
    let rows = rows.into_iter().skip(at + 1).filter(is_full).collect();
    Some(Table { header, rows })
}
