//! Reading rows.

use crate::Options;
use models::panel::train::{Label, Row, Spot};
use models::{SENTIMENT_LABELS, TASKS};
use serde_json::Value;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

/// Whether a post is about a crisis: learnt for the trends, and asked by name.
const RELEVANCE: (&str, &[&str]) = ("relevance", &["off-topic", "informative"]);

/// The heads with their labels. Toward a target there is a further one.
pub(crate) fn heads() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    let sentiment = ("sentiment", &SENTIMENT_LABELS[..]);
    [sentiment].into_iter().chain(TASKS).chain([RELEVANCE])
}

/// How many heads there are, those toward a target left out.
pub(crate) const HEADS: usize = TASKS.len() + 2;

/// The feelings of GoEmotions in the order of the rows' numbers.
const FEELINGS: [&str; 28] = [
    "admiration",
    "amusement",
    "anger",
    "annoyance",
    "approval",
    "caring",
    "confusion",
    "curiosity",
    "desire",
    "disappointment",
    "disapproval",
    "disgust",
    "embarrassment",
    "excitement",
    "fear",
    "gratitude",
    "grief",
    "joy",
    "love",
    "nervousness",
    "optimism",
    "pride",
    "realization",
    "relief",
    "remorse",
    "sadness",
    "surprise",
    "neutral",
];

/// The place of a head.
fn place(name: &str) -> usize {
    heads().position(|h| h.0 == name).unwrap_or(HEADS)
}

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
        let spots = spots(&v, &text);
        let row = Row {
            labels: labels(&v, set, &spots, options),
            spots,
            lang: v["lang"].as_str().map(str::to_owned),
            set: set.to_owned(),
            natural: is_natural(set, options),
            weight,
            text,
        };
        if soft {
            out.extend(apart(row, options));
        } else if !row.labels.is_empty() || !row.spots.is_empty() {
            out.push(row);
        }
    }
    Ok(out)
}

/// A row for each of a row's soft labels, which count `w:soft:HEAD` each.
fn apart(row: Row, options: &Options) -> Vec<Row> {
    let weight = |name: &str| {
        let default = if name == "emotion" { 0.03 } else { row.weight };
        options.get(&format!("w:soft:{name}"), default)
    };
    let one = |(head, label): &(usize, Label)| Row {
        labels: vec![(*head, label.clone())],
        weight: weight(heads().nth(*head).map_or("", |h| h.0)),
        ..row.clone()
    };
    row.labels.iter().map(one).collect()
}

/// Sets judged by accuracy or its like: their classes count as they come.
fn is_natural(set: &str, options: &Options) -> bool {
    let group = set.split('-').next().unwrap_or(set);
    let is = matches!(
        group,
        "wisesight" | "dong" | "mams" | "semeval14" | "semeval16" | "newsmtsc"
    );
    options.get(&format!("natural:{group}"), f32::from(u8::from(is))) > 0.0
}

/// What a row of a set counts; `w:goemotions=0.2` says otherwise.
fn weight(set: &str, options: &Options) -> f32 {
    let group = set.split('-').next().unwrap_or(set);
    let default = match group {
        "dong" => 20.0,
        "umsab" => 3.0,
        "mams" => 2.0,
        "afrisenti" | "wisesight" => 1.5,
        "soft" | "topic" => 0.5,
        "entity" | "davidson" => 0.3,
        "goemotions" => 0.05,
        _ => 1.0,
    };
    options.get(&format!("w:{group}"), default)
}

fn labels(v: &Value, set: &str, spots: &[Spot], options: &Options) -> Vec<(usize, Label)> {
    let mut out = Vec::new();
    let reviews = options.get("reviews", 0.0) > 0.0;
    let listed = |key: &str, name: &str| options.text(key).map(|o| o.split(',').any(|o| o == name));
    let asked = |name: &str| listed("only", name) != Some(false) && listed("leave", name) != Some(true);
    for (head, (name, all)) in heads().enumerate().filter(|h| asked(h.1.0)) {
        let soft = v["probabilities"][name].as_array();
        if let Some(p) = soft.filter(|_| listed("soft", name) != Some(false)) {
            out.push((
                head,
                Label::Soft(p.iter().map(|x| x.as_f64().unwrap_or(0.0) as f32).collect()),
            ));
        } else if let Some(class) = v["labels"][name].as_u64() {
            out.push((head, Label::Class(class as usize)));
        } else if let Some(class) = v[name].as_str().and_then(|l| class(all, l)) {
            out.push((head, Label::Class(class)));
        }
    }
    if let (true, Some(class)) = (asked("emotion"), feeling(&v["labels"]["feelings"])) {
        out.push((place("emotion"), Label::Class(class)));
    }
    // Davidson and others tell hate, offence and neither apart: 0 is neither.
    if let (true, Some(class)) = (asked("offensive"), v["labels"]["hate"].as_u64()) {
        out.push((place("offensive"), Label::Class(usize::from(class > 0))));
    }
    // A post that says one thing toward every brand it names says it as a whole: all there is in Russian.
    let alike = spots.windows(2).all(|s| s[0].class == s[1].class);
    if let (true, true, Some(spot)) = (asked("sentiment"), alike, spots.first())
        && (set.starts_with("sentirueval") || (reviews && set.starts_with("semeval16")))
    {
        out.push((place("sentiment"), Label::Class(spot.class)));
    }
    out
}

/// The class of this label; the encoder calls `not-spam` what is `none` here.
fn class(labels: &[&str], label: &str) -> Option<usize> {
    let label = if label == "not-spam" { "none" } else { label };
    labels.iter().position(|l| *l == label)
}

/// The emotion of a comment whose feelings all belong to it.
fn feeling(feelings: &Value) -> Option<usize> {
    let one = |name: &str| match name {
        "anger" | "annoyance" | "disgust" => Some(0),
        "joy" | "amusement" | "excitement" | "love" => Some(1),
        "optimism" | "caring" => Some(2),
        "sadness" | "disappointment" | "grief" | "remorse" => Some(3),
        _ => None,
    };
    let place = |v: &Value| FEELINGS.get(v.as_u64()? as usize).and_then(|f| one(f));
    let mut all = feelings.as_array()?.iter().map(place);
    let first = all.next()??;
    all.all(|e| e == Some(first)).then_some(first)
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
