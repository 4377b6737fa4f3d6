//! Posts in recorded forms: frames a line, pages of the API, exported records, recorded HTTP exchanges.

use super::frame::{self, Collection};
use super::record;
use crate::error::Refused;
use crate::json;
use crate::registry::{Each, ParseInput};
use crate::source::SourceEvent;
use post::{Counts, RawPost};
use serde_json::{Map, Value};
use std::io::{self, BufRead, Read};

/// The most bytes a document that is not line by line may have.
const MAX_DOCUMENT: u64 = 512 << 20;
/// The most bytes of one line.
const MAX_LINE: u64 = 32 << 20;

/// Reads frames or API answers, one a line or one JSON document in all, and hands on each post found.
pub fn parse(input: ParseInput, each: Each<'_>) -> io::Result<()> {
    let mut reader = io::BufReader::new(input.reader);
    let mut first = Vec::new();
    while first.iter().all(u8::is_ascii_whitespace) {
        first.clear();
        if reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut first)? == 0 {
            return Ok(());
        }
    }
    let whole_line = serde_json::from_slice::<serde::de::IgnoredAny>(&first).is_ok();
    if !whole_line && starts_document(&first) {
        reader.take(MAX_DOCUMENT).read_to_end(&mut first)?;
        match serde_json::from_slice::<Value>(&first) {
            Ok(value) => walk(&value, &input.name, each),
            Err(_) if is_lines(&first) => return by_line(&mut &first[..], &input.name, each),
            Err(e) => each(Err(Refused::new("malformed", input.name, e.to_string()))),
        }
        return Ok(());
    }
    by_line(&mut (&first[..]).chain(reader), &input.name, each)
}

fn starts_document(first: &[u8]) -> bool {
    matches!(first.trim_ascii_start().first(), Some(b'[' | b'{'))
}

/// Whether the line after the first is a document of its own, so that the first is only a bad line.
fn is_lines(bytes: &[u8]) -> bool {
    let second = bytes
        .split(|b| *b == b'\n')
        .filter(|l| !l.trim_ascii().is_empty())
        .nth(1);
    second.is_some_and(|line| serde_json::from_slice::<Map<String, Value>>(line).is_ok())
}

fn by_line(reader: &mut dyn BufRead, name: &str, each: Each<'_>) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        if reader.take(MAX_LINE).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let place = format!("{name}:{number}");
        match std::str::from_utf8(&line) {
            Ok(text) if text.trim().is_empty() => {}
            Ok(text) => one_line(text.trim(), &place, each),
            Err(e) => {
                let message = format!("invalid UTF-8 at byte {}", e.valid_up_to());
                each(Err(Refused::new("invalid_utf8", place, message)));
            }
        }
    }
    Ok(())
}

fn one_line(text: &str, place: &str, each: Each<'_>) {
    if let Ok(decoded) = frame::decode(text) {
        if let Some(event) = decoded.item.into_event() {
            each(Ok(event));
        }
        return;
    }
    match json::parse::<Value>(text) {
        Ok(value) => walk(&value, place, each),
        Err(e) => each(Err(Refused::new("malformed", place, e.to_string()))),
    }
}

/// Finds posts wherever they lie in a document. A post found is not searched for the posts it quotes.
fn walk(value: &Value, place: &str, each: Each<'_>) {
    match value {
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                walk(item, &format!("{place}/{i}"), each);
            }
        }
        Value::Object(fields) => object(fields, value, place, each),
        _ => {}
    }
}

fn object(fields: &Map<String, Value>, value: &Value, place: &str, each: Each<'_>) {
    if fields.contains_key("did") && (fields.contains_key("commit") || fields.contains_key("kind")) {
        match frame::decode(&value.to_string()) {
            Ok(decoded) => decoded
                .item
                .into_event()
                .into_iter()
                .for_each(|event| each(Ok(event))),
            Err(e) => each(Err(Refused {
                place: place.to_owned(),
                ..e
            })),
        }
        return;
    }
    let uri = fields.get("uri").and_then(Value::as_str);
    let record = fields
        .get("record")
        .or_else(|| fields.get("value"))
        .filter(|r| r.is_object());
    if let (Some(uri), Some(record)) = (uri, record) {
        match view(uri, record, fields) {
            Ok(Some(post)) => each(Ok(SourceEvent::Post(Box::new(post)))),
            Ok(None) => {}
            Err(e) => each(Err(Refused::new("malformed", place, format!("record: {e}")))),
        }
        return;
    }
    if let (Some(Value::String(body)), true) = (fields.get("body"), fields.contains_key("status")) {
        match json::parse::<Value>(body) {
            Ok(body) => walk(&body, &format!("{place}/body"), each),
            Err(e) => each(Err(Refused::new(
                "malformed",
                format!("{place}/body"),
                e.to_string(),
            ))),
        }
        return;
    }
    for (key, child) in fields {
        walk(child, &format!("{place}/{key}"), each);
    }
}

/// A post view of the API (`uri`, `author`, `record`, counts) or an exported record (`uri`, `value`); `None` where
/// the record is no post.
pub(super) fn view(
    uri: &str,
    record: &Value,
    fields: &Map<String, Value>,
) -> Result<Option<RawPost>, serde_json::Error> {
    let mut parts = uri.trim_start_matches("at://").splitn(3, '/');
    let (Some(did), Some(nsid), Some(rkey)) = (parts.next(), parts.next(), parts.next()) else {
        return Ok(None);
    };
    let Some(collection) = Collection::from_nsid(nsid) else {
        return Ok(None);
    };
    let mut post = record::map(did, collection, rkey, &record.to_string())?;
    post.created_at = post.created_at.or_else(|| text(fields, "indexedAt"));
    let count = |name: &str| fields.get(name).and_then(Value::as_u64);
    post.counts = Counts {
        likes: count("likeCount"),
        reposts: count("repostCount"),
        replies: count("replyCount"),
        quotes: count("quoteCount"),
        views: None,
    };
    post.quoted_text = quoted(fields).map(str::to_owned);
    if let (Some(Value::Object(from)), Some(author)) = (fields.get("author"), post.author.as_mut()) {
        author.handle = text(from, "handle");
        author.name = text(from, "displayName").filter(|n| !n.is_empty());
        author.followers = from.get("followersCount").and_then(Value::as_u64);
        author.verified = from
            .get("verification")
            .and_then(|v| v.get("verifiedStatus"))
            .map(|s| s.as_str() == Some("valid"));
    }
    Ok(Some(post))
}

/// The text of the post that a view shows as quoted, alone or beside media.
fn quoted(fields: &Map<String, Value>) -> Option<&str> {
    let record = fields.get("embed")?.get("record")?;
    let record = record.get("record").unwrap_or(record);
    record
        .get("value")?
        .get("text")?
        .as_str()
        .filter(|t| !t.is_empty())
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    fields.get(name).and_then(Value::as_str).map(str::to_owned)
}
