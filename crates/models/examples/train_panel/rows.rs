//! Reading rows.

use crate::Options;
use models::panel::train::{Label, Row, Spot};
use serde_json::Value;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

const SENTIMENT: [&str; 3] = ["negative", "neutral", "positive"];

/// The heads with their labels. Toward a target there is a further one.
pub(crate) const HEADS: [(&str, &[&str]); 7] = [
    ("sentiment", &SENTIMENT),
    ("emotion", &["anger", "joy", "optimism", "sadness"]),
    ("offensive", &["not-offensive", "offensive"]),
    ("irony", &["literal", "irony"]),
    ("complaint", &["none", "complaint"]),
    ("question", &["none", "question"]),
    ("spam", &["none", "spam"]),
];

/// The rows of a file that have a label of some head. `soft`: what a larger model says.
pub(crate) fn read(path: &str, options: &Options, soft: bool) -> Result<Vec<Row>, Box<dyn Error>> {
    let mut out = Vec::new();
    for line in BufReader::new(File::open(path)?).lines() {
        let v: Value = serde_json::from_str(&line?)?;
        let text = v["text"].as_str().unwrap_or_default().to_owned();
        let set = if soft {
            "soft"
        } else {
            v["set"].as_str().unwrap_or("")
        };
        let weight = weight(set, options) * v["weight"].as_f64().unwrap_or(1.0) as f32;
        if weight <= 0.0 {
            continue;
        }
        let row = Row {
            labels: labels(&v),
            spots: spots(&v, &text),
            lang: v["lang"].as_str().map(str::to_owned),
            set: set.to_owned(),
            weight,
            text,
        };
        if !row.labels.is_empty() || !row.spots.is_empty() {
            out.push(row);
        }
    }
    Ok(out)
}

/// What a row of a set counts; `w:goemotions=0.2` says otherwise.
fn weight(set: &str, options: &Options) -> f32 {
    let group = set.split('-').next().unwrap_or(set);
    let default = match group {
        "umsab" => 2.0,
        "goemotions" => 0.2,
        "vader" | "semeval16s" | "germeval" => 0.5,
        "soft" => 0.5,
        _ => 1.0,
    };
    options.get(&format!("w:{group}"), default)
}

fn labels(v: &Value) -> Vec<(usize, Label)> {
    let mut out = Vec::new();
    for (head, (name, _)) in HEADS.iter().enumerate() {
        if let Some(p) = v["probabilities"][name].as_array() {
            out.push((
                head,
                Label::Soft(p.iter().map(|x| x.as_f64().unwrap_or(0.0) as f32).collect()),
            ));
        } else if let Some(class) = v["labels"][name].as_u64() {
            out.push((head, Label::Class(class as usize)));
        }
    }
    out
}

/// Spans are of characters in the file, of bytes here.
fn spots(v: &Value, text: &str) -> Vec<Spot> {
    let bytes: Vec<usize> = text.char_indices().map(|c| c.0).chain([text.len()]).collect();
    let byte = |i: &Value| {
        let i = i.as_u64().unwrap_or(0) as usize;
        bytes.get(i).copied().unwrap_or(text.len())
    };
    let class = |v: &Value| v.as_u64().unwrap_or(0) as usize;
    let mut out = Vec::new();
    for target in v["targets"].as_array().into_iter().flatten() {
        let spans = target[0].as_array().into_iter().flatten();
        out.push(Spot {
            spans: spans.map(|s| byte(&s[0])..byte(&s[1])).collect(),
            class: class(&target[1]),
        });
    }
    for whole in v["whole"].as_array().into_iter().flatten() {
        out.push(Spot {
            spans: Vec::new(),
            class: class(whole),
        });
    }
    out
}
