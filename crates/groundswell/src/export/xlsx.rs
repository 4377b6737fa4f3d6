//! A workbook: the mentions, and the manifest on a sheet of its own. Rows go to an unnamed temporary file as they come,
//! so that an export of any size takes little memory.

use super::columns::{COLUMNS, Cell, cells};
use super::record::Record;
use super::{Manifest, Sink};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::fs::File;
use std::io::{Seek, Write};

/// Rows of a sheet, the header included; Excel knows no more.
const MAX_ROWS: u32 = 1 << 20;
/// Characters (UTF-16) of a cell; Excel knows no more.
const MAX_CHARS: usize = 32_767;

pub(super) struct Book<'w> {
    out: &'w mut dyn Write,
    workbook: Workbook,
    sheet: usize,
    row: u32,
    header: Format,
    time: Format,
}

impl<'w> Book<'w> {
    pub(super) fn new(out: &'w mut dyn Write) -> Self {
        Self {
            out,
            workbook: Workbook::new(),
            sheet: 0,
            row: MAX_ROWS,
            header: Format::new().set_bold(),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
        }
    }

    fn new_sheet(&mut self) -> Result<(), XlsxError> {
        self.sheet += 1;
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(match self.sheet {
            1 => "Mentions".to_owned(),
            n => format!("Mentions {n}"),
        })?;
        sheet.set_freeze_panes(1, 0)?;
        for (column, (name, _)) in (0..).zip(COLUMNS) {
            let width = match name {
                "text" => 60.0,
                "id" | "author" | "title" | "link" => 24.0,
                "created_at" | "seen_at" | "edited_at" => 19.0,
                _ => 12.0,
            };
            sheet.set_column_width(column, width)?;
        }
        for (column, (name, _)) in (0..).zip(COLUMNS) {
            sheet.write_string_with_format(0, column, name, &self.header)?;
        }
        self.row = 1;
        Ok(())
    }
}

impl Sink for Book<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let made = excel_time(&manifest.exported_at);
        let mut properties = DocProperties::new().set_title("Mentions");
        if let Some(made) = &made {
            properties = properties.set_creation_datetime(made);
        }
        self.workbook.set_properties(&properties);
        about(
            self.workbook.add_worksheet_with_constant_memory()?,
            manifest,
            &self.header,
        )?;
        self.new_sheet()?;
        self.workbook.worksheet_from_index(1)?.set_active(true);
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        if self.row == MAX_ROWS {
            self.new_sheet()?;
        }
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        for (column, cell) in (0..).zip(cells(record)) {
            match cell {
                Cell::Nothing => {}
                // A string is never read as a formula or a link, whatever it begins with.
                Cell::Text(text) => text_cell(sheet, self.row, column, text)?,
                Cell::List(values) => text_cell(sheet, self.row, column, &values.join(" "))?,
                Cell::Flag(flag) => sheet.write_boolean(self.row, column, flag).map(drop)?,
                Cell::Number(n) => sheet.write_number(self.row, column, n as f64).map(drop)?,
                Cell::Time(text) => match excel_time(text) {
                    Some(time) => {
                        sheet.write_datetime_with_format(self.row, column, &time, &self.time)?;
                    }
                    None => text_cell(sheet, self.row, column, text)?,
                },
            }
        }
        self.row += 1;
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        // The archive's directory is written by seeking, which a stream cannot.
        let mut file: File = tempfile::tempfile()?;
        self.workbook.save_to_writer(&mut file)?;
        file.rewind()?;
        std::io::copy(&mut file, self.out)?;
        Ok(self.out.flush()?)
    }
}

fn about(sheet: &mut Worksheet, manifest: &Manifest, header: &Format) -> Result<(), XlsxError> {
    sheet.set_name("About this export")?;
    sheet.set_column_width(0, 20.0)?.set_column_width(3, 60.0)?;
    let facts = [
        ("project", manifest.project.clone()),
        ("exported at", manifest.exported_at.clone()),
        ("published from", manifest.from.clone().unwrap_or_default()),
        ("published before", manifest.to.clone().unwrap_or_default()),
        ("posts", manifest.posts.to_string()),
        ("time zone", "UTC".to_owned()),
        (
            "cells",
            format!(
                "texts are cut after {MAX_CHARS} characters, where Excel ends a cell; JSONL and Parquet hold them whole"
            ),
        ),
    ];
    let mut row = 0;
    for (name, value) in facts {
        sheet.write_string_with_format(row, 0, name, header)?;
        sheet.write_string(row, 1, value)?;
        row += 1;
    }
    row += 1;
    for (column, name) in (0..).zip([
        "platform",
        "posts",
        "in full",
        "form of the others",
        "why",
        "label",
    ]) {
        sheet.write_string_with_format(row, column, name, header)?;
    }
    for p in &manifest.platforms {
        row += 1;
        sheet.write_string(row, 0, &p.platform)?;
        sheet.write_number(row, 1, p.posts as f64)?;
        sheet.write_number(row, 2, p.full as f64)?;
        sheet.write_string(row, 3, &p.form)?;
        sheet.write_string(row, 4, p.why)?;
        sheet.write_string(row, 5, p.label.unwrap_or_default())?;
    }
    Ok(())
}

fn text_cell(sheet: &mut Worksheet, row: u32, column: u16, text: &str) -> Result<(), XlsxError> {
    sheet.write_string(row, column, cut(text)).map(drop)
}

/// The text as far as a cell takes it.
fn cut(text: &str) -> &str {
    // No text has more UTF-16 units than bytes.
    if text.len() <= MAX_CHARS {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MAX_CHARS
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Excel's time, in UTC; `None` before 1900.
fn excel_time(rfc3339: &str) -> Option<ExcelDateTime> {
    let time: jiff::Timestamp = rfc3339.parse().ok()?;
    ExcelDateTime::from_timestamp(time.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::{MAX_CHARS, cut};

    #[test]
    fn a_text_is_cut_between_characters() {
        let long = "é".repeat(MAX_CHARS + 5);
        assert_eq!(cut(&long).chars().count(), MAX_CHARS);
        let pairs = "🫖".repeat(MAX_CHARS);
        assert_eq!(cut(&pairs).chars().count(), MAX_CHARS / 2);
        assert_eq!(cut("tea"), "tea");
    }
}
