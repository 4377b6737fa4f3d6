//! Posts per second of one core's processor time, with the rivals on the same posts in the same run.

use crate::rivals;
use crate::rows::Row;
use anyhow::{Context, Result};
use models::encoder::{Encoder, Instructions, Scratch};
use models::{Ask, Models, Reader};
use std::time::Instant;
use text::Tokens;

/// Rounds of about a second each.
const ROUNDS: usize = 5;

/// Prints how long loading takes, and the memory it needs. Must come before the models are loaded elsewhere.
pub(crate) fn loading() -> Result<()> {
    let (before, start) = (resident_mb(), Instant::now());
    let models = groundswell::weights::embedded()?;
    println!(
        "== loading: {:.0} ms; resident {before:.0} MB before, {:.0} MB after",
        start.elapsed().as_secs_f64() * 1e3,
        resident_mb()
    );
    drop(models);
    Ok(())
}

/// Measures on the English tweets of the rows.
pub(crate) fn run(models: &Models, rows: &[Row]) -> Result<()> {
    let tweets: Vec<&Row> = rows.iter().filter(|r| r.set == "tweeteval").collect();
    let texts: Vec<&str> = tweets.iter().map(|r| r.text.as_str()).collect();
    println!("== speed, one core, {} real tweets (TweetEval)", texts.len());
    fast(models, &texts)?;
    if let Some(encoder) = &models.encoder {
        for instructions in [Instructions::Vnni, Instructions::Avx2] {
            let limited = groundswell::weights::embedded()?
                .encoder
                .map(|e| e.limited(instructions));
            if let Some(e) = limited.filter(|e| e.instructions() == instructions) {
                full(&e, &texts[..texts.len().min(256)])?;
            }
        }
        rivals::run(encoder, &tweets)?;
    }
    Ok(())
}

fn fast(models: &Models, texts: &[&str]) -> Result<()> {
    let mut reader = Reader::new(models);
    let mut tokens = Tokens::new();
    measure("tokens alone", texts.len(), || {
        texts.iter().for_each(|t| tokens.read(t));
    })?;
    measure("language", texts.len(), || {
        for t in texts {
            std::hint::black_box(reader.language(t));
        }
    })?;
    let asks: Vec<Ask<'_>> = texts
        .iter()
        .map(|t| Ask {
            text: (*t).into(),
            lang: "en".into(),
            targets: Vec::new(),
            words: false,
        })
        .collect();
    let panel = &models.panel;
    let heads = panel.header().heads.len();
    measure(&format!("fast tier, all {heads} heads"), texts.len(), || {
        for ask in &asks {
            std::hint::black_box(reader.fast(ask));
        }
    })
}

fn full(encoder: &Encoder, texts: &[&str]) -> Result<()> {
    let mut scratch = Scratch::new();
    let mut sorted = texts.to_vec();
    sorted.sort_by_key(|t| t.len());
    let name = format!(
        "full tier, {} layers, {:?}, batches of 32, tokenising included",
        encoder.layers(),
        encoder.instructions()
    );
    measure(&name, sorted.len(), || {
        for batch in sorted.chunks(32) {
            std::hint::black_box(encoder.encode(batch, &mut scratch).post(0));
        }
    })
}

/// Prints the median rate and its spread.
fn measure(name: &str, posts: usize, mut work: impl FnMut()) -> Result<()> {
    let mut rates = Vec::new();
    work();
    for _ in 0..ROUNDS {
        let (start, mut rounds) = (cpu_seconds()?, 0);
        while cpu_seconds()? - start < 1.0 {
            work();
            rounds += 1;
        }
        rates.push((rounds * posts) as f64 / (cpu_seconds()? - start));
    }
    rates.sort_unstable_by(f64::total_cmp);
    println!(
        "{name}: {:.0} posts/cpu-s ({:.0} to {:.0})",
        rates[ROUNDS / 2],
        rates[0],
        rates[ROUNDS - 1]
    );
    Ok(())
}

/// Seconds this thread has had the processor.
fn cpu_seconds() -> Result<f64> {
    Ok(scheduled()?.0)
}

/// The same, and the seconds for which it waited for one, from Linux's scheduler.
pub(crate) fn scheduled() -> Result<(f64, f64)> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").context("the scheduler's time")?;
    let mut fields = line.split(' ').map(|f| f.parse::<f64>().unwrap_or(0.0) / 1e9);
    Ok((fields.next().unwrap_or(0.0), fields.next().unwrap_or(0.0)))
}

/// Memory of this process that is resident now, in megabytes; 0 where it cannot be read.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:"));
    line.and_then(|l| l.split_whitespace().next()?.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
