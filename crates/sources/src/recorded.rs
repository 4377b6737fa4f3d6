//! Recorded input of a platform: a JSON document, JSON Lines, or recorded HTTP exchanges.

use crate::error::Refused;
use crate::json;
use crate::registry::ParseInput;
use serde_json::Value;
use std::io::{self, Read};

/// The most bytes of one recording that is read whole.
const MAX_DOCUMENT: u64 = 256 << 20;
/// A longer line is refused.
const MAX_LINE: usize = 32 << 20;

/// One recorded thing.
#[derive(Debug, Clone, PartialEq)]
pub enum Recorded {
    /// A JSON document, or a line of JSON Lines.
    Json(Value),
    /// The answer of a recorded exchange (`{"method","url","status","headers","body"}`).
    Exchange {
        /// The request's address.
        url: String,
        /// The answer's status.
        status: u16,
        /// Its body as it came.
        body: String,
    },
    /// Text that is no JSON, whole (an XML feed, Server-Sent Events).
    Text(String),
}

/// Takes each recorded thing, with its place.
pub type EachRecorded<'a> = &'a mut dyn FnMut(&str, Recorded);

/// Reads a recording: one JSON document, else JSON Lines, else text. Lines that are no JSON among those that are go to
/// `refuse`; half a surrogate pair is mended.
pub fn read(
    mut input: ParseInput,
    each: EachRecorded<'_>,
    refuse: &mut dyn FnMut(Refused),
) -> io::Result<()> {
    let mut bytes = Vec::new();
    input.reader.by_ref().take(MAX_DOCUMENT).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Ok(());
    }
    let looks_like_json = text.trim_start().starts_with(['{', '[', '"']);
    if !looks_like_json {
        each("", Recorded::Text(text.to_owned()));
        return Ok(());
    }
    match json::parse::<Value>(text) {
        Ok(value) => each("", recorded(value)),
        Err(whole) => lines(text, whole.to_string(), each, refuse),
    }
    Ok(())
}

fn lines(text: &str, whole: String, each: EachRecorded<'_>, refuse: &mut dyn FnMut(Refused)) {
    let mut any = false;
    for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let place = format!("line {}", number + 1);
        if line.len() > MAX_LINE {
            refuse(Refused::new(
                "too_long",
                place,
                format!("a line of {} bytes", line.len()),
            ));
            continue;
        }
        match json::parse::<Value>(line) {
            Ok(value) => {
                any = true;
                each(&place, recorded(value));
            }
            Err(_)
                if !any && number > 0 && text.lines().count() > 1 && !line.trim_start().starts_with('{') =>
            {
                // A document over several lines that is broken somewhere.
                refuse(Refused::new("malformed", "", whole));
                return;
            }
            Err(e) => refuse(Refused::new("malformed", place, e.to_string())),
        }
    }
}

fn recorded(value: Value) -> Recorded {
    let exchange = value.get("url").is_some() && value.get("status").is_some() && value.get("body").is_some();
    if !exchange {
        return Recorded::Json(value);
    }
    let body = match &value["body"] {
        Value::String(body) => body.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    Recorded::Exchange {
        url: value["url"].as_str().unwrap_or_default().to_owned(),
        status: value["status"]
            .as_u64()
            .and_then(|s| u16::try_from(s).ok())
            .unwrap_or(0),
        body,
    }
}
