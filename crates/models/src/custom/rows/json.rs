//! A JSON object a line.

use super::{Limits, Rows, RowsError};
use serde_json::{Map, Value};

pub(super) fn read(file: &[u8], limits: Limits) -> Result<Rows, RowsError> {
    let mut rows = Rows::default();
    for (i, line) in file.split(|&b| b == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<Value>(line) {
            Ok(Value::Object(fields)) => take(&mut rows, i + 1, &fields, &limits)?,
            Ok(_) => rows.refuse(i + 1, None, "is no JSON object"),
            Err(e) => {
                let reason = e.to_string();
                let reason = reason.split(" at line").next().unwrap_or_default();
                rows.refuse(i + 1, None, format!("{reason} at character {}", e.column()));
            }
        }
    }
    Ok(rows)
}

fn take(rows: &mut Rows, line: usize, fields: &Map<String, Value>, limits: &Limits) -> Result<(), RowsError> {
    let mut found = [None; 3];
    for (place, column) in found.iter_mut().zip(["text", "label", "lang"]) {
        match fields.get(column) {
            Some(Value::String(s)) => *place = Some(s.as_str()),
            None | Some(Value::Null) if column == "lang" => {}
            None => {
                rows.refuse(line, Some(column), "is missing");
                return Ok(());
            }
            Some(_) => {
                rows.refuse(line, Some(column), "is not a string");
                return Ok(());
            }
        }
    }
    let [text, label, lang] = found;
    rows.take(
        line,
        [text.unwrap_or_default(), label.unwrap_or_default()],
        lang,
        limits,
    )
}
