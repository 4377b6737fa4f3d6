//! Posts per second of processor time on one core:
//!
//! `cargo run --release -p models --example speed -- models < posts.jsonl`

use models::{Ask, Files, Models, Reader, Scratch};
use std::error::Error;
use text::Tokens;

/// Seconds this thread has had the processor, from Linux's scheduler.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(line.split(' ').next().unwrap_or("0").parse::<f64>()? / 1e9)
}

/// Runs `work` over all texts until the processor has worked for two seconds, and prints the rate. The scheduler tells
/// its time in coarse steps, so short runs mean nothing.
fn measure(name: &str, texts: &[String], mut work: impl FnMut(&str) -> f32) -> Result<(), Box<dyn Error>> {
    let start = cpu_seconds()?;
    let (mut rounds, mut sum) = (0, 0.0);
    while cpu_seconds()? - start < 2.0 {
        sum += texts.iter().map(|t| f64::from(work(t))).sum::<f64>();
        rounds += 1;
    }
    let rate = (rounds * texts.len()) as f64 / (cpu_seconds()? - start);
    println!(
        "{name}: {rate:.0} posts/cpu-s (mean {:.3})",
        sum / (rounds * texts.len()) as f64
    );
    Ok(())
}

fn ask<'t>(text: &'t str, lang: &'t str) -> Ask<'t> {
    Ask {
        text: text.into(),
        lang: lang.into(),
        targets: Vec::new(),
        words: false,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "models".to_owned());
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
    let mut texts = Vec::new();
    for line in std::io::stdin().lines() {
        let post: serde_json::Value = serde_json::from_str(&line?)?;
        texts.push(post["text"].as_str().unwrap_or_default().to_owned());
    }
    let (mut tokens, mut scratch) = (Tokens::new(), Scratch::new());
    measure("tokens alone", &texts, |t| {
        tokens.read(t);
        tokens.len() as f32
    })?;
    measure("language, tokens included", &texts, |t| {
        tokens.read(t);
        models.language.identify(&tokens, &mut scratch).confidence
    })?;
    let mut reader = Reader::new(&models);
    measure("all heads of the fast tier, language given", &texts, |t| {
        let said = reader.fast(&ask(t, "en"));
        said.sentiment.map_or(0.0, |s| s.confidence())
    })?;
    measure("language and all heads of the fast tier", &texts, |t| {
        let lang = reader.language(t);
        let said = reader.fast(&ask(t, lang));
        said.sentiment.map_or(0.0, |s| s.confidence())
    })?;
    let some: Vec<Ask<'_>> = texts.iter().take(512).map(|t| ask(t, "en")).collect();
    let fast: Vec<_> = some.iter().map(|a| reader.fast(a)).collect();
    let (some, fast): (Vec<_>, Vec<_>) = (some.iter().collect(), fast.iter().collect());
    let start = cpu_seconds()?;
    reader.full(&some, &fast);
    let rate = some.len() as f64 / (cpu_seconds()? - start);
    println!("the full tier, {} posts once: {rate:.0} posts/cpu-s", some.len());
    Ok(())
}
