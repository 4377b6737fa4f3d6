//! Development data of the shared folder. Spans are bytes of the text.

use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::ops::Range;
use std::path::PathBuf;

pub(crate) type Spans = Vec<(Range<usize>, String)>;
/// A hashtag with the ways to part it that are right.
pub(crate) type Tag = (String, Vec<String>);
pub(crate) type Rows = Vec<(String, Spans)>;

/// The rows of a file of the shared folder, or `None` with a notice.
fn rows(path: &str) -> Result<Option<Vec<Value>>, Box<dyn Error>> {
    let shared = std::env::var_os("GROUNDSWELL_SHARED").map_or_else(|| "../shared".into(), PathBuf::from);
    let Ok(content) = std::fs::read_to_string(shared.join("data").join(path)) else {
        println!("skipped: no {path} in the shared folder");
        return Ok(None);
    };
    let rows: Result<_, _> = content.lines().map(serde_json::from_str).collect();
    Ok(Some(rows?))
}

fn strings(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// Small letters without apostrophes, one space between words.
pub(crate) fn plain_words(text: &str) -> String {
    let text = text.to_lowercase().replace(['\'', '’', '_'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Hashtags with the ways to part them that are right.
pub(crate) fn tags(set: &str) -> Result<Option<Vec<Tag>>, Box<dyn Error>> {
    let tag = |row: &Value| {
        let gold = strings(&row["segmentations"]).into_iter().map(plain_words);
        (
            row["hashtag"].as_str().unwrap_or_default().to_owned(),
            gold.collect(),
        )
    };
    let rows = rows(&format!("hashtag_seg/{set}.jsonl"))?;
    Ok(rows.map(|rows| rows.iter().map(tag).collect()))
}

/// Our kinds for those of the sets.
fn kind(tag: &str) -> Option<&'static str> {
    Some(match tag {
        "PER" | "person" => "person",
        "ORG" | "corporation" | "group" => "organisation",
        "LOC" | "location" => "location",
        "product" => "product",
        "creative-work" | "MISC" => "other",
        _ => return None,
    })
}

/// The development part of a set of named entities; handles, which are never ours, are left out of its spans.
pub(crate) fn entities(set: &str) -> Result<Option<Rows>, Box<dyn Error>> {
    let rows = rows(&format!("ner/{set}/dev.jsonl"))?;
    Ok(rows.map(|rows| rows.iter().map(tagged).collect()))
}

/// Tokens as the training writes them (`training/encoder/data.py`).
fn tagged(row: &Value) -> (String, Spans) {
    let (mut text, mut spans, mut open) = (String::new(), Spans::new(), false);
    for (token, tag) in strings(&row["tokens"]).into_iter().zip(strings(&row["tags"])) {
        let token = if token.trim().is_empty() {
            "_"
        } else {
            token.trim()
        };
        if !text.is_empty() && !text.ends_with(['#', '@']) {
            text.push(' ');
        }
        let start = text.len();
        text.push_str(token);
        match (tag.get(2..).and_then(kind), spans.last_mut()) {
            (_, Some(last)) if open && tag.starts_with("I-") => last.0.end = text.len(),
            (Some(kind), _) => spans.push((start..text.len(), kind.to_owned())),
            _ => {}
        }
        open = tag != "O";
    }
    spans.retain(|s| !text[s.0.clone()].starts_with('@') && !text[..s.0.start].ends_with('@'));
    (text, spans)
}

/// The terms of the development part of MAMS.
pub(crate) fn mams() -> Result<Option<Rows>, Box<dyn Error>> {
    let Some(rows) = rows("target_sentiment/mams/ATSA.val.jsonl")? else {
        return Ok(None);
    };
    let mut posts: BTreeMap<String, Spans> = BTreeMap::new();
    for row in &rows {
        let text = row["text"].as_str().unwrap_or_default();
        let places = posts.entry(text.to_owned()).or_default();
        places.extend(span(text, &row["from"], &row["to"]));
    }
    Ok(Some(posts.into_iter().collect()))
}

/// The terms of the judged rows the encoder's training writes, by set.
pub(crate) fn terms(path: &str) -> Result<BTreeMap<String, Rows>, Box<dyn Error>> {
    let mut sets: BTreeMap<String, Rows> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let set = row["set"].as_str().unwrap_or_default();
        if !set.starts_with("semeval14") && !set.starts_with("semeval16") {
            continue;
        }
        let text = row["text"].as_str().unwrap_or_default();
        let targets = row["targets"].as_array().into_iter().flatten();
        let places = targets.filter_map(|t| t[0].as_array()).flatten();
        let mut spans: Spans = places.filter_map(|p| span(text, &p[0], &p[1])).collect();
        spans.sort_by_key(|s| (s.0.start, s.0.end));
        spans.dedup();
        let rows = sets.entry(set.to_owned()).or_default();
        rows.push((text.to_owned(), spans));
    }
    Ok(sets)
}

/// A term's place, given in characters.
fn span(text: &str, from: &Value, to: &Value) -> Option<(Range<usize>, String)> {
    let byte = |at: &Value| {
        let at = at.as_u64()? as usize;
        text.char_indices().map(|c| c.0).chain([text.len()]).nth(at)
    };
    Some((byte(from)?..byte(to)?, "term".to_owned()))
}
