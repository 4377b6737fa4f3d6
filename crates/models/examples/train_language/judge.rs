//! How good a language model is, set by set.

use models::train::Labelled;
use models::{Language, Scratch};
use std::collections::BTreeMap;
use text::Tokens;

/// Prints the share of right answers, over all texts and as the mean of the languages.
pub(crate) fn print(model: &Language, sets: &[(String, Vec<Labelled>)]) {
    let (mut tokens, mut scratch) = (Tokens::new(), Scratch::new());
    let mut lingua = Vec::new();
    for (name, texts) in sets {
        let mut by_lang: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for l in texts {
            tokens.read(&l.text);
            let right = model.identify(&tokens, &mut scratch).lang == l.label;
            let count = by_lang.entry(&l.label).or_default();
            count.0 += f64::from(u8::from(right));
            count.1 += 1.0;
        }
        let right: f64 = by_lang.values().map(|c| c.0).sum();
        let mean = by_lang.values().map(|c| c.0 / c.1).sum::<f64>() / by_lang.len().max(1) as f64;
        if texts.first().is_some_and(|l| l.set.starts_with("lingua")) {
            lingua.push(mean);
        }
        let accuracy = right / texts.len().max(1) as f64;
        println!(
            "{name:32} n {:6} accuracy {:.2} mean of {} languages {:.2}",
            texts.len(),
            100.0 * accuracy,
            by_lang.len(),
            100.0 * mean
        );
    }
    let mean = lingua.iter().sum::<f64>() / lingua.len().max(1) as f64;
    println!("mean of {} lingua parts {:.2}", lingua.len(), 100.0 * mean);
}
