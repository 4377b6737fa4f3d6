//! Parquet: typed columns, times in UTC, lists as lists; the manifest stands in the file's metadata under
//! `groundswell_export`.

use super::columns::{COLUMNS, Cell, Kind, cells};
use super::record::Record;
use super::{Manifest, Sink};
use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::column::writer::ColumnWriter;
use ::parquet::data_type::ByteArray;
use ::parquet::errors::{ParquetError, Result};
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use std::fmt::Write as _;
use std::io::Write;
use std::sync::Arc;

/// Rows written together.
const GROUP: usize = 10_000;

pub(super) struct Rows<'w> {
    /// Taken by the writer when it begins.
    out: Option<&'w mut (dyn Write + Send)>,
    writer: Option<SerializedFileWriter<&'w mut (dyn Write + Send)>>,
    columns: Vec<Column>,
    rows: usize,
}

/// Values of one column, and how deep each is defined and repeated.
#[derive(Default)]
struct Column {
    texts: Vec<ByteArray>,
    numbers: Vec<i64>,
    flags: Vec<bool>,
    defined: Vec<i16>,
    repeated: Vec<i16>,
}

impl<'w> Rows<'w> {
    pub(super) fn new(out: &'w mut (dyn Write + Send)) -> Self {
        Self {
            out: Some(out),
            writer: None,
            columns: empty(),
            rows: 0,
        }
    }

    fn flush(&mut self) -> Result<()> {
        let Some(writer) = self.writer.as_mut().filter(|_| self.rows > 0) else {
            return Ok(());
        };
        self.rows = 0;
        let mut group = writer.next_row_group()?;
        for column in std::mem::replace(&mut self.columns, empty()) {
            let Some(mut open) = group.next_column()? else {
                break;
            };
            column.write(open.untyped())?;
            open.close()?;
        }
        group.close().map(drop)
    }
}

impl Sink for Rows<'_> {
    fn begin(&mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let about = KeyValue::new("groundswell_export".to_owned(), serde_json::to_string(manifest)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?))
            .set_created_by(concat!("groundswell ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_key_value_metadata(Some(vec![about]))
            .build();
        let schema = Arc::new(parse_message_type(&schema())?);
        if let Some(out) = self.out.take() {
            self.writer = Some(SerializedFileWriter::new(out, schema, Arc::new(properties))?);
        }
        Ok(())
    }

    fn record(&mut self, record: &Record<'_>) -> anyhow::Result<()> {
        for (column, cell) in self.columns.iter_mut().zip(cells(record)) {
            column.push(cell);
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.flush()?;
        }
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        self.flush()?;
        if let Some(writer) = self.writer.take() {
            writer.into_inner()?.flush()?;
        }
        Ok(())
    }
}

fn empty() -> Vec<Column> {
    COLUMNS.iter().map(|_| Column::default()).collect()
}

/// Parquet's notation of [`COLUMNS`].
fn schema() -> String {
    let mut out = "message mentions {".to_owned();
    for (name, kind) in COLUMNS {
        // Writing to a string never fails.
        let _ = match kind {
            Kind::Text => write!(out, " optional binary {name} (STRING);"),
            Kind::Number => write!(out, " optional int64 {name};"),
            Kind::Flag => write!(out, " optional boolean {name};"),
            Kind::Time => write!(out, " optional int64 {name} (TIMESTAMP(MILLIS,true));"),
            Kind::List => write!(
                out,
                " optional group {name} (LIST) {{ repeated group list {{ required binary element (STRING); }} }}"
            ),
        };
    }
    out + " }"
}

impl Column {
    fn push(&mut self, cell: Cell<'_>) {
        match cell {
            Cell::Text(text) => self.texts.push(text.into()),
            Cell::Flag(flag) => self.flags.push(flag),
            Cell::Number(n) => self.numbers.push(i64::try_from(n).unwrap_or(i64::MAX)),
            Cell::Time(text) => match text.parse::<jiff::Timestamp>() {
                Ok(time) => self.numbers.push(time.as_millisecond()),
                Err(_) => return self.level(0, 0),
            },
            Cell::List(values) => return self.push_list(values),
            Cell::Nothing => return self.level(0, 0),
        }
        self.level(1, 0);
    }

    fn push_list(&mut self, values: &[String]) {
        if values.is_empty() {
            self.level(1, 0);
        }
        for (place, value) in values.iter().enumerate() {
            self.texts.push(value.as_str().into());
            self.level(2, i16::from(place > 0));
        }
    }

    fn level(&mut self, defined: i16, repeated: i16) {
        self.defined.push(defined);
        self.repeated.push(repeated);
    }

    fn write(&self, writer: &mut ColumnWriter<'_>) -> Result<()> {
        let (defined, repeated) = (Some(&self.defined[..]), Some(&self.repeated[..]));
        match writer {
            ColumnWriter::ByteArrayColumnWriter(w) => w.write_batch(&self.texts, defined, repeated),
            ColumnWriter::Int64ColumnWriter(w) => w.write_batch(&self.numbers, defined, repeated),
            ColumnWriter::BoolColumnWriter(w) => w.write_batch(&self.flags, defined, repeated),
            _ => Err(ParquetError::General(
                "a column of a kind never asked for".to_owned(),
            )),
        }
        .map(drop)
    }
}
