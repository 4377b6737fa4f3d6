//! A workbook with the numbers of a report: a sheet for each section that has any.

use crate::Error;
use crate::model::{Body, Report, Section};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// The report's numbers as a workbook.
pub fn xlsx(report: &Report) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(report.title.as_str());
    if let Ok(made) = ExcelDateTime::from_timestamp(report.made_at) {
        properties = properties.set_creation_datetime(&made);
    }
    workbook.set_properties(&properties);
    let bold = Format::new().set_bold();
    let about = workbook.add_worksheet();
    about.set_name("About")?.set_column_width(0, 100.0)?;
    let lines = [&report.title, &report.subject, &report.period, &report.made]
        .into_iter()
        .chain(report.draft.then_some(&DRAFT.to_owned()))
        .chain(&report.text)
        .chain(&report.labels)
        .cloned()
        .collect::<Vec<String>>();
    for (row, line) in (0..).zip(&lines) {
        about.write_string(row, 0, cut(line))?;
    }
    for (number, section) in (1..).zip(&report.sections) {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name(number, &section.title))?;
        write(sheet, section, &bold)?;
    }
    Ok(workbook.save_to_buffer()?)
}

const DRAFT: &str = "Draft: not approved yet";

fn write(sheet: &mut Worksheet, section: &Section, bold: &Format) -> Result<(), XlsxError> {
    sheet.write_string_with_format(0, 0, cut(&section.title), bold)?;
    sheet.write_string(1, 0, cut(section.note.as_deref().unwrap_or_default()))?;
    sheet.set_column_width(0, 28.0)?;
    let mut at = Sheet { sheet, bold, row: 3 };
    match &section.body {
        Body::Figures(list) => {
            at.head(&["figure", "value", "interval", "change"])?;
            for f in list {
                let change = f.change.as_ref().map_or("", |c| c.words.as_str());
                at.texts(&[
                    &f.label,
                    &f.value,
                    f.interval.as_deref().unwrap_or_default(),
                    change,
                ])?;
            }
        }
        Body::Lines(lines) => {
            let names: Vec<&str> = std::iter::once("")
                .chain(lines.lines.iter().map(|l| l.name.as_str()))
                .collect();
            at.head(&names)?;
            for (place, label) in lines.labels.iter().enumerate() {
                at.numbers(
                    label,
                    lines.lines.iter().map(|l| l.values.get(place).copied().flatten()),
                )?;
            }
        }
        Body::Bars(list) => {
            at.head(&["", "mentions", "share"])?;
            for bar in list {
                at.numbers(&bar.label, std::iter::once(Some(bar.value)))?;
                at.sheet
                    .write_string(at.row - 1, 2, cut(bar.note.as_deref().unwrap_or_default()))?;
            }
        }
        Body::Stacked(stacked) => {
            let names: Vec<&str> = std::iter::once("")
                .chain(stacked.parts.iter().map(|p| p.name.as_str()))
                .collect();
            at.head(&names)?;
            for (place, label) in stacked.labels.iter().enumerate() {
                at.numbers(label, stacked.parts.iter().map(|p| p.values.get(place).copied()))?;
            }
        }
        Body::Heat(heat) => {
            let names: Vec<&str> = std::iter::once("")
                .chain(heat.columns.iter().map(String::as_str))
                .collect();
            at.head(&names)?;
            for (label, values) in heat.rows.iter().zip(&heat.values) {
                at.numbers(label, values.iter().copied().map(Some))?;
            }
        }
        Body::Table(table) => {
            let names: Vec<&str> = table.columns.iter().map(|c| c.0.as_str()).collect();
            at.head(&names)?;
            for row in &table.rows {
                at.texts(&row.iter().map(String::as_str).collect::<Vec<_>>())?;
            }
        }
        Body::Text(list) => {
            for p in list {
                at.texts(&[p.lead.as_deref().unwrap_or_default(), &p.text])?;
            }
        }
        Body::Mentions(list) => {
            for s in list {
                at.texts(&[
                    &s.about,
                    s.text.as_deref().unwrap_or_default(),
                    s.link.as_deref().unwrap_or_default(),
                ])?;
            }
        }
        Body::Definitions(list) => {
            for d in list {
                at.texts(&[&d.word, &d.meaning])?;
            }
        }
    }
    Ok(())
}

struct Sheet<'s> {
    sheet: &'s mut Worksheet,
    bold: &'s Format,
    row: u32,
}

impl Sheet<'_> {
    fn head(&mut self, names: &[&str]) -> Result<(), XlsxError> {
        for (column, name) in (0..).zip(names) {
            self.sheet
                .write_string_with_format(self.row, column, cut(name), self.bold)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Strings stay strings, whatever they begin with.
    fn texts(&mut self, cells: &[&str]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            self.sheet.write_string(self.row, column, cut(cell))?;
        }
        self.row += 1;
        Ok(())
    }

    fn numbers(&mut self, label: &str, values: impl Iterator<Item = Option<f64>>) -> Result<(), XlsxError> {
        self.sheet.write_string(self.row, 0, cut(label))?;
        for (column, value) in (1..).zip(values) {
            if let Some(value) = value.filter(|v| v.is_finite()) {
                self.sheet.write_number(self.row, column, value)?;
            }
        }
        self.row += 1;
        Ok(())
    }
}

/// As much as a cell takes, and then some room for signs of two units.
fn cut(text: &str) -> String {
    text.chars().take(16_000).collect()
}

/// A sheet's name: unique, without the signs that Excel forbids, 31 characters at most.
fn name(number: usize, title: &str) -> String {
    let clean = title.chars().map(|c| match c {
        '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'' => ' ',
        c if c.is_control() => ' ',
        c => c,
    });
    format!(
        "{number} {}",
        clean.take(24).filter(|c| c.len_utf16() == 1).collect::<String>()
    )
}
