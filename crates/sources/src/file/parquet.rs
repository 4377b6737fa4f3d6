//! Parquet files, row by row.

use super::reader::Row;
use jiff::Timestamp;
use jiff::civil::date;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row as Record};
use serde_json::{Map, Number, Value};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How such a file begins.
pub(super) const MAGIC: &[u8] = b"PAR1";
/// More is not read from what is no file.
pub(super) const MAX_BYTES: u64 = 1 << 30;

/// The rows of a file.
pub(super) struct ParquetRows {
    rows: RowIter<'static>,
    number: u64,
}

impl ParquetRows {
    pub(super) fn new(input: impl ChunkReader + 'static) -> io::Result<Self> {
        // The library checks some of what it reads by panicking.
        let rows = guarded(|| {
            Ok(RowIter::from_file_into(Box::new(SerializedFileReader::new(
                input,
            )?)))
        })?;
        Ok(Self { rows, number: 0 })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<(u64, Row)>, (u64, io::Error)> {
        self.number += 1;
        let rows = &mut self.rows;
        match guarded(|| rows.next().transpose()) {
            Ok(row) => Ok(row.map(|r| (self.number, Ok(object(r))))),
            Err(e) => Err((self.number, e)),
        }
    }
}

fn guarded<T>(work: impl FnOnce() -> Result<T, ParquetError>) -> io::Result<T> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(done) => done.map_err(io::Error::other),
        Err(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "the file is broken")),
    }
}

fn object(row: Record) -> Map<String, Value> {
    row.into_columns()
        .into_iter()
        .map(|(name, field)| (name, value(&field)))
        .collect()
}

fn value(field: &Field) -> Value {
    match field {
        Field::Null => Value::Null,
        Field::Bool(b) => Value::Bool(*b),
        Field::Byte(n) => Value::from(*n),
        Field::Short(n) => Value::from(*n),
        Field::Int(n) => Value::from(*n),
        Field::Long(n) => Value::from(*n),
        Field::UByte(n) => Value::from(*n),
        Field::UShort(n) => Value::from(*n),
        Field::UInt(n) => Value::from(*n),
        Field::ULong(n) => Value::from(*n),
        Field::Float(n) => Number::from_f64(f64::from(*n)).map_or(Value::Null, Value::Number),
        Field::Double(n) => Number::from_f64(*n).map_or(Value::Null, Value::Number),
        Field::Str(text) => Value::String(text.clone()),
        Field::Bytes(bytes) => std::str::from_utf8(bytes.data()).map_or(Value::Null, Value::from),
        Field::Date(days) => day(*days).map_or(Value::Null, Value::String),
        Field::TimestampMillis(n) => time(Timestamp::from_millisecond(*n)),
        Field::TimestampMicros(n) => time(Timestamp::from_microsecond(*n)),
        Field::Group(row) => Value::Object(
            row.get_column_iter()
                .map(|(name, field)| (name.clone(), value(field)))
                .collect(),
        ),
        Field::ListInternal(list) => Value::Array(list.elements().iter().map(value).collect()),
        Field::MapInternal(map) => {
            let pair = |(key, field): &(Field, Field)| Some((value(key).as_str()?.to_owned(), value(field)));
            Value::Object(map.entries().iter().filter_map(pair).collect())
        }
        other @ (Field::Float16(_) | Field::Decimal(_) | Field::TimeMillis(_) | Field::TimeMicros(_)) => {
            Value::String(other.to_string())
        }
    }
}

fn time(time: Result<Timestamp, jiff::Error>) -> Value {
    time.map_or(Value::Null, |t| Value::String(t.to_string()))
}

fn day(days: i32) -> Option<String> {
    let day = date(1970, 1, 1)
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    Some(day.to_string())
}
