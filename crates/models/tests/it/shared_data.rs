//! Floors on validation data that is not part of the repository; without it these tests say so and pass.

use crate::weights::MODELS;
use models::metrics::Confusion;
use models::{Reader, SENTIMENT_LABELS, Scratch};
use std::path::PathBuf;
use text::Tokens;

/// The rows of a file of the shared folder, or `None` with a notice.
fn rows(path: &str) -> Option<Vec<(String, String)>> {
    let shared = std::env::var_os("GROUNDSWELL_SHARED").map(PathBuf::from);
    let shared =
        shared.unwrap_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")));
    let Ok(content) = std::fs::read_to_string(shared.join("data").join(path)) else {
        println!("skipped: no {path} in the shared folder");
        return None;
    };
    let row = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        (
            row["text"].as_str().unwrap().to_owned(),
            row["label"].as_str().unwrap().to_owned(),
        )
    };
    Some(content.lines().map(row).collect())
}

fn sentiment(rows: &[(String, String)]) -> Confusion {
    let mut reader = Reader::new(&MODELS);
    let pairs = rows.iter().map(|(text, label)| {
        let said = reader.fast(&crate::weights::ask(text));
        // Abstaining counts as the class in the middle.
        let given = said.sentiment.map_or(1, |s| s.label as u16);
        (
            SENTIMENT_LABELS.iter().position(|l| l == label).unwrap() as u16,
            given,
        )
    });
    Confusion::of(3, pairs)
}

#[test]
fn english_tweets() {
    let Some(rows) = rows("tweeteval/jsonl/sentiment.val.jsonl") else {
        return;
    };
    let recall = sentiment(&rows).macro_recall();
    assert!(recall > 0.63, "macro-recall {recall}");
}

#[test]
fn tweets_of_eight_languages_without_being_told_which() {
    let names = [
        "arabic",
        "english",
        "french",
        "german",
        "hindi",
        "italian",
        "portuguese",
        "spanish",
    ];
    let sets: Vec<_> = names
        .iter()
        .filter_map(|n| rows(&format!("umsab_xlmt/jsonl/{n}.val.jsonl")))
        .collect();
    if sets.len() < names.len() {
        return;
    }
    let mean = sets.iter().map(|rows| sentiment(rows).macro_f1()).sum::<f64>() / sets.len() as f64;
    assert!(mean > 0.53, "mean macro-F1 {mean}");
}

#[test]
fn languages_of_tweets() {
    let sets = [
        ("arabic", "ar"),
        ("english", "en"),
        ("french", "fr"),
        ("german", "de"),
        ("italian", "it"),
        ("portuguese", "pt"),
        ("spanish", "es"),
    ];
    let mut scratch = Scratch::new();
    let (mut right, mut all) = (0, 0);
    for (name, expected) in sets {
        let Some(rows) = rows(&format!("umsab_xlmt/jsonl/{name}.val.jsonl")) else {
            return;
        };
        all += rows.len();
        right += rows
            .iter()
            .filter(|r| MODELS.language.identify(&Tokens::of(&r.0), &mut scratch).lang == expected)
            .count();
    }
    assert!(right as f64 / all as f64 > 0.97, "{right} of {all}");
}
