//! Reading a file of posts.

use super::activity;
use super::columns::ColumnMap;
use super::elements::{Element, Elements};
use super::input::{Budget, Input, decompress, first_line, format_of_name, is_one_document, sniff};
use super::lines::{Line, Lines, MAX_LINE_BYTES};
use super::parquet::{MAGIC, MAX_BYTES, ParquetRows};
use super::row::{Doubt, Mapper, qualify};
use crate::error::{Refused, SourceError};
use crate::json;
use post::{Event, RawPost};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::VecDeque;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// The form of a file of posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// One JSON array of objects.
    Json,
    /// Comma-separated with a header.
    Csv,
    /// Tab-separated with a header.
    Tsv,
    /// Parquet.
    Parquet,
    /// ActivityStreams 2.0, a document or one a line. Found out by its `@context` in JSON of any form.
    Activitystreams,
}

/// How to read a file of posts.
#[derive(Debug, Clone, Default)]
pub struct FileOptions {
    /// The form; where absent, the file's ending decides, then its first byte.
    pub format: Option<Format>,
    /// Columns named by hand.
    pub map: ColumnMap,
    /// The platform of posts that do not say.
    pub platform: Option<String>,
    /// Leave ids as the file writes them. Otherwise a post with a platform gets the uid `<platform>:<id>`.
    pub keep_ids: bool,
}

/// The longest single object that a file may be.
const MAX_DOCUMENT: u64 = 256 << 20;

/// A line that is no post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// The file.
    pub file: Arc<str>,
    /// The line the post begins on, from 1.
    pub line: u64,
    /// A stable code for counters.
    pub code: &'static str,
    /// Why, in words.
    pub reason: String,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl From<BadLine> for Refused {
    fn from(bad: BadLine) -> Self {
        Refused::new(bad.code, format!("{}:{}", bad.file, bad.line), bad.reason)
    }
}

/// The posts of a file with their line numbers, in order. A bad line does not stop it.
pub struct FileReader {
    name: Arc<str>,
    rows: Rows,
    mapper: Mapper,
    /// Whether every row is an activity, as told.
    activities: bool,
    /// The platform of activities, and whether their ids stay as they are.
    platform: Option<String>,
    keep_ids: bool,
    /// Posts of a row that held several.
    more: VecDeque<(u64, RawPost)>,
    warnings: Vec<String>,
    bad_values: Vec<&'static str>,
    ended: bool,
}

enum Rows {
    Lines(Lines<Input>),
    /// One object over several lines.
    Whole(Option<Input>),
    Parquet(Box<ParquetRows>),
    Elements(Elements<Input>),
    Csv(Box<CsvRows>),
}

struct CsvRows {
    reader: csv::Reader<Budget>,
    header: Vec<String>,
    record: csv::ByteRecord,
}

/// A row, or its code and reason of refusal.
pub(super) type Row = Result<Map<String, Value>, (&'static str, String)>;

impl FileReader {
    /// Opens a file.
    pub fn open(path: impl AsRef<Path>, options: FileOptions) -> Result<Self, SourceError> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let fault = |source| SourceError::Read {
            path: path.display().to_string(),
            source,
        };
        let mut file = File::open(path).map_err(fault)?;
        // Parquet is read from its end.
        let mut first = [0; 4];
        if file.read(&mut first).map_err(fault)? == MAGIC.len() && first == MAGIC {
            let rows = ParquetRows::new(file).map_err(fault)?;
            return Ok(Self::new(Rows::Parquet(Box::new(rows)), &name, options));
        }
        file.rewind().map_err(fault)?;
        Self::from_reader(Box::new(file), &name, options).map_err(fault)
    }

    /// Reads posts from anything; `name` stands for it in messages, and its ending may tell the format.
    pub fn from_reader(reader: Box<dyn Read + Send>, name: &str, options: FileOptions) -> io::Result<Self> {
        let (first, mut input) = first_line(decompress(reader)?)?;
        if first.starts_with(MAGIC) {
            let mut bytes = Vec::new();
            input.take(MAX_BYTES).read_to_end(&mut bytes)?;
            let rows = ParquetRows::new(bytes::Bytes::from(bytes))?;
            return Ok(Self::new(Rows::Parquet(Box::new(rows)), name, options));
        }
        let format = options
            .format
            .or_else(|| format_of_name(name))
            .unwrap_or_else(|| sniff(&mut input));
        let rows = match format {
            Format::Parquet => {
                let message = "the input is no Parquet file";
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
            Format::Csv => Rows::Csv(Box::new(CsvRows::new(input, b',')?)),
            Format::Tsv => Rows::Csv(Box::new(CsvRows::new(input, b'\t')?)),
            // `.json` is used for all three forms.
            Format::Json | Format::Activitystreams if sniff(&mut input) == Format::Json => {
                Rows::Elements(Elements::new(input))
            }
            _ if is_one_document(&first) => Rows::Whole(Some(input)),
            _ => Rows::Lines(Lines::new(input)),
        };
        Ok(Self::new(rows, name, options))
    }

    fn new(rows: Rows, name: &str, options: FileOptions) -> Self {
        Self {
            name: Arc::from(name),
            rows,
            activities: options.format == Some(Format::Activitystreams),
            platform: options.platform.clone(),
            keep_ids: options.keep_ids,
            more: VecDeque::new(),
            mapper: Mapper::new(options.map, options.platform, options.keep_ids),
            warnings: Vec::new(),
            bad_values: Vec::new(),
            ended: false,
        }
    }

    /// What was not understood so far: each unknown column once, and each field of which a value was unusable once.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn bad(&self, line: u64, code: &'static str, reason: impl Into<String>) -> BadLine {
        BadLine {
            file: self.name.clone(),
            line,
            code,
            reason: reason.into(),
        }
    }

    /// The posts of an activity, of which the first is returned and the others wait; `None` for what is no post.
    fn activity(&mut self, line: u64, row: Map<String, Value>) -> Option<(u64, RawPost)> {
        let platform = self.platform.as_deref().unwrap_or(activity::PLATFORM);
        for mut post in activity::posts(row) {
            post.platform = Some(platform.to_owned());
            let ids = [
                &mut post.uid,
                &mut post.reply_to,
                &mut post.thread_root,
                &mut post.repost_of,
                &mut post.quote_of,
            ];
            if !self.keep_ids {
                ids.into_iter().flatten().for_each(|id| qualify(id, platform));
            }
            if !says_nothing(&post) {
                self.more.push_back((line, post));
            }
        }
        self.more.pop_front()
    }

    fn post(&mut self, line: u64, row: Map<String, Value>) -> Result<(u64, RawPost), BadLine> {
        let Self {
            mapper,
            warnings,
            bad_values,
            name,
            ..
        } = self;
        let post = mapper.post(row, &mut |doubt| match doubt {
            Doubt::UnknownColumn(column) => warnings.push(format!("{name}: column {column:?} is not used")),
            Doubt::BadValue(field) if !bad_values.contains(&field) => {
                bad_values.push(field);
                warnings.push(format!(
                    "{name}:{line}: {field} is not readable and left out (first such line)"
                ));
            }
            Doubt::BadValue(_) => {}
        });
        if says_nothing(&post) {
            return Err(self.bad(line, "no_text", "no text"));
        }
        Ok((line, post))
    }
}

/// A new post of which nothing can be read.
fn says_nothing(post: &RawPost) -> bool {
    post.event == Event::Create
        && post.text.is_empty()
        && post.title.is_none()
        && post.media.is_empty()
        && post.repost_of.is_none()
}

impl Iterator for FileReader {
    type Item = Result<(u64, RawPost), BadLine>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        if let Some(post) = self.more.pop_front() {
            return Some(Ok(post));
        }
        loop {
            return match self.rows.next_row() {
                Ok(Some((line, Err((code, reason))))) => Some(Err(self.bad(line, code, reason))),
                Ok(Some((line, Ok(row)))) if self.activities || activity::is_activity(&row) => {
                    match self.activity(line, row) {
                        Some(post) => Some(Ok(post)),
                        None => continue,
                    }
                }
                Ok(Some((line, Ok(row)))) => Some(self.post(line, row)),
                Ok(None) => {
                    self.ended = true;
                    None
                }
                Err((line, e)) => {
                    self.ended = true;
                    Some(Err(self.bad(line, "unreadable", format!("cannot read on: {e}"))))
                }
            };
        }
    }
}

impl Rows {
    /// The next row and the line it begins on; an error ends the file.
    fn next_row(&mut self) -> Result<Option<(u64, Row)>, (u64, io::Error)> {
        match self {
            Rows::Lines(lines) => {
                let row = match lines.next_line() {
                    Ok(None) => return Ok(None),
                    Ok(Some(Line::Text(text))) => json_row(text),
                    Ok(Some(Line::NotUtf8(at))) => Err(not_utf8(at)),
                    Ok(Some(Line::TooLong(bytes))) => Err(too_long(bytes)),
                    Err(e) => return Err((lines.number + 1, e)),
                };
                Ok(Some((lines.number, row)))
            }
            Rows::Elements(elements) => {
                let row = match elements.next_element() {
                    Ok(None) => return Ok(None),
                    Ok(Some(Element::Bytes(bytes))) => match std::str::from_utf8(bytes) {
                        Ok(text) => json_row(text),
                        Err(e) => Err(not_utf8(e.valid_up_to())),
                    },
                    Ok(Some(Element::TooLong(bytes))) => Err(too_long(bytes)),
                    Ok(Some(Element::Broken(why))) => Err(("malformed", why.to_owned())),
                    Err(e) => return Err((elements.line, e)),
                };
                Ok(Some((elements.line, row)))
            }
            Rows::Whole(input) => match input.take() {
                Some(input) => whole(input).map(|row| Some((1, row))).map_err(|e| (1, e)),
                None => Ok(None),
            },
            Rows::Parquet(rows) => rows.next_row(),
            Rows::Csv(rows) => rows.next_row(),
        }
    }
}

/// One object that is the whole input.
fn whole(input: Input) -> io::Result<Row> {
    let mut bytes = Vec::new();
    let read = input.take(MAX_DOCUMENT + 1).read_to_end(&mut bytes)? as u64;
    if read > MAX_DOCUMENT {
        return Ok(Err((
            "too_long",
            format!("a document of more than {MAX_DOCUMENT} bytes"),
        )));
    }
    Ok(match std::str::from_utf8(&bytes) {
        Ok(text) => json_row(text),
        Err(e) => Err(not_utf8(e.valid_up_to())),
    })
}

fn json_row(text: &str) -> Row {
    json::parse(text).map_err(|e| ("malformed", e.to_string()))
}

fn not_utf8(at: usize) -> (&'static str, String) {
    ("invalid_utf8", format!("invalid UTF-8 at byte {at}"))
}

fn too_long(bytes: u64) -> (&'static str, String) {
    ("too_long", format!("{bytes} bytes, more than {MAX_LINE_BYTES}"))
}

impl CsvRows {
    fn new(input: Input, delimiter: u8) -> io::Result<Self> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(Budget::new(input));
        let header = reader.byte_headers().map_err(io_error)?;
        let name = |bytes| std::str::from_utf8(bytes).map(|n| n.trim().to_owned());
        let header: Vec<String> = header
            .iter()
            .map(name)
            .collect::<Result<_, _>>()
            .map_err(io::Error::other)?;
        Ok(Self {
            reader,
            header,
            record: csv::ByteRecord::new(),
        })
    }

    fn next_row(&mut self) -> Result<Option<(u64, Row)>, (u64, io::Error)> {
        self.reader.get_mut().renew();
        match self.reader.read_byte_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => {
                let line = self.record.position().map_or(0, csv::Position::line);
                Ok(Some((line, self.row())))
            }
            Err(e) => Err((self.reader.position().line(), io_error(e))),
        }
    }

    fn row(&self) -> Row {
        let (found, expected) = (self.record.len(), self.header.len());
        if found != expected {
            return Err((
                "malformed",
                format!("{found} fields, where the header has {expected}"),
            ));
        }
        let mut row = Map::with_capacity(expected);
        for (name, field) in self.header.iter().zip(&self.record) {
            let field = std::str::from_utf8(field).map_err(|e| {
                (
                    "invalid_utf8",
                    format!("invalid UTF-8 at byte {} of {name}", e.valid_up_to()),
                )
            })?;
            row.insert(name.clone(), Value::String(field.to_owned()));
        }
        Ok(row)
    }
}

fn io_error(e: csv::Error) -> io::Error {
    match e.into_kind() {
        csv::ErrorKind::Io(e) => e,
        other => io::Error::other(format!("{other:?}")),
    }
}
