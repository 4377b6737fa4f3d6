//! Comma-separated values. Lines before the header that begin with `#` are the manifest, as the CSV dialect of the W3C
//! has comments (CSV on the Web, `commentPrefix`).

use super::columns::{COLUMNS, Cell, cells};
use super::record::Record;
use super::{Manifest, Sink};
use std::io::Write;

pub(super) struct Table<'w>(pub(super) &'w mut dyn Write);

impl Sink for Table<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let pretty = serde_json::to_string_pretty(manifest)?;
        for line in pretty.lines() {
            writeln!(self.0, "# {line}")?;
        }
        self.row(COLUMNS.map(|(name, _)| name.to_owned()))
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        self.row(cells(record).map(|cell| match cell {
            Cell::Nothing => String::new(),
            Cell::Text(text) | Cell::Time(text) => harmless(text),
            Cell::Number(n) => n.to_string(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::List(values) => harmless(&values.join(" ")),
        }))
    }

    fn end(&mut self) -> anyhow::Result<()> {
        Ok(self.0.flush()?)
    }
}

impl Table<'_> {
    fn row(&mut self, values: [String; COLUMNS.len()]) -> anyhow::Result<()> {
        let mut writer = ::csv::WriterBuilder::new().from_writer(&mut self.0);
        writer.write_record(&values)?;
        Ok(writer.flush()?)
    }
}

/// A strangers' text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection). Some
/// programs drop space before they look, and some know the signs of East Asian keyboards.
fn harmless(text: &str) -> String {
    let first = text.chars().next();
    let signs = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    match text.trim_start().chars().next() {
        Some(c) if signs.contains(&c) => format!("'{text}"),
        _ if matches!(first, Some('\t' | '\r' | '\n')) => format!("'{text}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_text_begins_a_formula() {
        let dangerous = [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\nx", "  =1", "＝1", "\u{a0}=1",
        ];
        for text in dangerous {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "a kettle = tea", "#tea", "5 - 3", " tea", "'=1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
