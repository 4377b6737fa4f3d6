//! CSV as of RFC 4180, with commas, semicolons or tabs. A broken record costs itself, not those after it.

use super::{Limits, Rows, RowsError};
use std::borrow::Cow;

/// A quoted field that goes on for so much longer than a text may be was never closed.
const SLACK: usize = 1_024;

pub(super) fn read(file: &[u8], limits: Limits) -> Result<Rows, RowsError> {
    let mut records = Records::new(file, &limits);
    let mut fields = Vec::new();
    let header = match records.next(&mut fields) {
        Some((_, Ok(()))) => Header::of(&fields)?,
        _ => return Err(RowsError::Empty),
    };
    let mut rows = Rows::default();
    while let Some((line, record)) = records.next(&mut fields) {
        match record {
            Err(reason) => rows.refuse(line, None, reason),
            Ok(()) if fields.len() == 1 && fields[0].is_empty() => {}
            Ok(()) if fields.len() != header.columns => {
                let message = format!("{} fields, the first line has {}", fields.len(), header.columns);
                rows.refuse(line, None, message);
            }
            Ok(()) => header.take(&mut rows, line, &fields, &limits)?,
        }
    }
    Ok(rows)
}

/// Where the columns stand.
struct Header {
    columns: usize,
    text: usize,
    label: usize,
    lang: Option<usize>,
}

impl Header {
    fn of(fields: &[Cow<'_, [u8]>]) -> Result<Self, RowsError> {
        let names: Vec<String> = fields
            .iter()
            .map(|f| String::from_utf8_lossy(f).trim().to_lowercase())
            .collect();
        let place = |name: &'static str| {
            let mut places = (0..names.len()).filter(|&i| names[i] == name);
            match (places.next(), places.next()) {
                (_, Some(_)) => Err(RowsError::TwiceColumn(name)),
                (place, None) => Ok(place),
            }
        };
        let needed = |missing: &'static str| {
            place(missing)?.ok_or_else(|| RowsError::NoColumn {
                missing,
                found: names.iter().take(20).cloned().collect(),
            })
        };
        Ok(Self {
            columns: names.len(),
            text: needed("text")?,
            label: needed("label")?,
            lang: place("lang")?,
        })
    }

    fn take(
        &self,
        rows: &mut Rows,
        line: usize,
        fields: &[Cow<'_, [u8]>],
        limits: &Limits,
    ) -> Result<(), RowsError> {
        let mut read = |place: usize, column: &str| {
            let text = std::str::from_utf8(&fields[place]).ok();
            if text.is_none() {
                rows.refuse(line, Some(column), "is not UTF-8; save the file as UTF-8");
            }
            text
        };
        let Some(text) = read(self.text, "text") else {
            return Ok(());
        };
        let Some(label) = read(self.label, "label") else {
            return Ok(());
        };
        let lang = match self.lang.map(|place| read(place, "lang")) {
            Some(None) => return Ok(()),
            lang => lang.flatten(),
        };
        rows.take(line, [text, label], lang, limits)
    }
}

struct Records<'f> {
    file: &'f [u8],
    at: usize,
    line: usize,
    separator: u8,
    longest: usize,
}

impl<'f> Records<'f> {
    fn new(file: &'f [u8], limits: &Limits) -> Self {
        let first = file
            .split(|&b| b == b'\n')
            .find(|l| !l.is_empty())
            .unwrap_or_default();
        let count = |s: u8| first.iter().filter(|&&b| b == s).count();
        let separator = [b',', b';', b'\t']
            .into_iter()
            .rev()
            .max_by_key(|&s| count(s))
            .unwrap_or(b',');
        Self {
            file,
            at: 0,
            line: 1,
            separator,
            longest: limits.text + SLACK,
        }
    }

    /// Reads the next record into `fields`: the line it begins on, and what is wrong with it.
    fn next(&mut self, fields: &mut Vec<Cow<'f, [u8]>>) -> Option<(usize, Result<(), String>)> {
        fields.clear();
        if self.at >= self.file.len() {
            return None;
        }
        let (start, line) = (self.at, self.line);
        loop {
            let field = match self.file.get(self.at) {
                Some(b'"') => self.quoted(),
                _ => Ok(Cow::Borrowed(self.plain())),
            };
            match field {
                Ok(field) => fields.push(field),
                Err(reason) => {
                    // What comes after the line on which the record began may be whole.
                    (self.at, self.line) = (start, line);
                    self.skip_line();
                    return Some((line, Err(reason)));
                }
            }
            match self.file.get(self.at) {
                Some(&b) if b == self.separator => self.at += 1,
                _ => break,
            }
        }
        self.skip_line();
        Some((line, Ok(())))
    }

    fn plain(&mut self) -> &'f [u8] {
        let rest = &self.file[self.at..];
        let end = rest.iter().position(|&b| b == self.separator || b == b'\n');
        let field = &rest[..end.unwrap_or(rest.len())];
        self.at += field.len();
        field.strip_suffix(b"\r").unwrap_or(field)
    }

    fn quoted(&mut self) -> Result<Cow<'f, [u8]>, String> {
        self.at += 1;
        let start = self.at;
        let mut doubled = false;
        loop {
            let Some(&b) = self.file.get(self.at).filter(|_| self.at - start <= self.longest) else {
                return Err("a quote is opened and never closed".to_owned());
            };
            match (b, self.file.get(self.at + 1)) {
                (b'"', Some(b'"')) => {
                    doubled = true;
                    self.at += 2;
                }
                (b'"', _) => break,
                _ => {
                    self.line += usize::from(b == b'\n');
                    self.at += 1;
                }
            }
        }
        let field = &self.file[start..self.at];
        self.at += 1;
        let rest = &self.file[self.at..];
        let ends =
            rest.first().is_none_or(|&b| b == self.separator || b == b'\n') || rest.starts_with(b"\r\n");
        if !ends {
            return Err(
                "something stands after a closing quote; write a quote inside of quotes twice".to_owned(),
            );
        }
        Ok(match doubled {
            false => Cow::Borrowed(field),
            true => Cow::Owned(undouble(field)),
        })
    }

    fn skip_line(&mut self) {
        let rest = &self.file[self.at..];
        match rest.iter().position(|&b| b == b'\n') {
            Some(end) => {
                self.at += end + 1;
                self.line += 1;
            }
            None => self.at = self.file.len(),
        }
    }
}

fn undouble(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut after_quote = false;
    for &b in field {
        after_quote = b == b'"' && !after_quote;
        if b != b'"' || after_quote {
            out.push(b);
        }
    }
    out
}
