//! How well words are read: hashtags, named entities and terms, on development data, with 95 % intervals by resampling.
//!
//! `cargo run --release -p models --example words -- [MODELS [VAL.jsonl]]`
//!
//! Data is read from the shared folder (`GROUNDSWELL_SHARED`, else `../shared`); what is not there is skipped with a notice.
//! `VAL.jsonl`, as `training/encoder/data.py` writes it, adds the terms of other languages.

mod data;
mod figures;

use data::Spans;
use figures::{Counts, accuracy, report};
use models::encoder::{Encoded, Encoder, Scratch};
use models::{Files, Models, aspects, entities};
use std::collections::BTreeMap;
use std::error::Error;
use text::Tokens;

/// Posts that go through the encoder together.
const BATCH: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().unwrap_or_else(|| "models".to_owned());
    let file = |path: &str| std::fs::read(format!("{folder}/{path}"));
    let models = Models::load(Files {
        language: file("language/weights.gsm")?.into(),
        panel: file("panel/weights.gsp")?.into(),
        encoder: Some((
            file("encoder/vocabulary.gst")?.into(),
            file("encoder/weights.gst")?.into(),
        )),
        blend: None,
        hashtags: Some(file("words/hashtags.gsw")?.into()),
    })?;
    hashtags(&models)?;
    let encoder = models.encoder.as_ref().ok_or("no encoder")?;
    for set in ["wnut17", "btc", "tweebank"] {
        if let Some(rows) = data::entities(set)? {
            spans(&format!("entities {set}"), &rows, encoder, entities_of);
        }
    }
    if let Some(rows) = data::mams()? {
        spans("terms mams", &rows, encoder, terms_of);
    }
    if let Some(path) = arguments.next() {
        for (set, rows) in data::terms(&path)? {
            spans(&format!("terms {set}"), &rows, encoder, terms_of);
        }
    }
    Ok(())
}

fn hashtags(models: &Models) -> Result<(), Box<dyn Error>> {
    let table = models.hashtags.as_ref().ok_or("no table of hashtags")?;
    for set in ["train.stan_large", "dev.stan_large", "bansal"] {
        let Some(tags) = data::tags(set)? else { continue };
        let start = std::time::Instant::now();
        let right = |(tag, gold): &(String, Vec<String>)| {
            gold.contains(&data::plain_words(&table.segment(tag).join(" ")))
        };
        let right: Vec<bool> = tags.iter().map(right).collect();
        let micros = start.elapsed().as_secs_f64() * 1e6 / tags.len() as f64;
        println!("hashtags {set}: {}, {micros:.0} µs a tag", accuracy(&right));
    }
    Ok(())
}

type Found = Vec<(std::ops::Range<usize>, String)>;

fn entities_of(encoder: &Encoder, encoded: &Encoded<'_>, post: usize, text: &str) -> Found {
    let found = entities::read(encoder, encoded, post, text, &Tokens::of(text));
    found
        .into_iter()
        .map(|e| (e.place, e.kind.name().to_owned()))
        .collect()
}

fn terms_of(encoder: &Encoder, encoded: &Encoded<'_>, post: usize, text: &str) -> Found {
    let found = aspects::read(encoder, encoded, post, (text, "und"), &Tokens::of(text));
    found.into_iter().map(|a| (a.place, "term".to_owned())).collect()
}

/// Span F1: a span is right if its place and its kind are.
fn spans(
    name: &str,
    rows: &[(String, Spans)],
    encoder: &Encoder,
    read: impl Fn(&Encoder, &Encoded<'_>, usize, &str) -> Found,
) {
    let mut scratch = Scratch::new();
    let mut posts = Vec::new();
    let mut kinds: BTreeMap<String, Counts> = BTreeMap::new();
    for batch in rows.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|r| r.0.as_str()).collect();
        let encoded = encoder.encode(&texts, &mut scratch);
        for (post, (text, gold)) in batch.iter().enumerate() {
            let found = read(encoder, &encoded, post, text);
            let right = |s: &&(_, String)| found.contains(s);
            posts.push(Counts {
                right: gold.iter().filter(right).count(),
                found: found.len(),
                gold: gold.len(),
            });
            for span in gold {
                let of_kind = kinds.entry(span.1.clone()).or_default();
                of_kind.gold += 1;
                of_kind.right += usize::from(found.contains(span));
            }
            for (_, kind) in found {
                kinds.entry(kind).or_default().found += 1;
            }
        }
    }
    println!("{name}: {}", report(&posts));
    if kinds.len() > 1 {
        for (kind, counts) in kinds {
            println!("    {kind:13} F1 {:.1} of {}", 100.0 * counts.f1(), counts.gold);
        }
    }
}
