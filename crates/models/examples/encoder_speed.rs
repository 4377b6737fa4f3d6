//! Posts per second of processor time of the encoder on one core, tokenising included:
//!
//! `cargo run --release -p models --example encoder_speed -- VOCABULARY WEIGHTS [BATCH] < posts.jsonl`

use models::encoder::{Encoder, Scratch};
use std::error::Error;
use std::time::Instant;

/// Seconds this thread has had the processor, from Linux's scheduler.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    Ok(line.split(' ').next().unwrap_or("0").parse::<f64>()? / 1e9)
}

/// The median rate of five runs of about a second each. The scheduler tells its time in coarse steps.
fn measure(name: &str, posts: usize, mut work: impl FnMut() -> usize) -> Result<(), Box<dyn Error>> {
    let mut rates = Vec::new();
    let mut pieces = 0;
    for _ in 0..5 {
        let start = cpu_seconds()?;
        let mut rounds = 0;
        while cpu_seconds()? - start < 1.0 {
            pieces = work();
            rounds += 1;
        }
        rates.push((rounds * posts) as f64 / (cpu_seconds()? - start));
    }
    rates.sort_unstable_by(f64::total_cmp);
    let mean = pieces as f64 / posts as f64;
    println!(
        "{name}: {:.0} posts/cpu-s (best {:.0}), {mean:.1} pieces a post",
        rates[2], rates[4]
    );
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [vocabulary, weights, ..] = arguments.as_slice() else {
        return Err("usage: encoder_speed VOCABULARY WEIGHTS [BATCH]".into());
    };
    let batch = arguments.get(2).map_or(Ok(32), |b| b.parse())?;
    let (vocabulary, weights) = (std::fs::read(vocabulary)?, std::fs::read(weights)?);
    let (start, cpu) = (Instant::now(), cpu_seconds()?);
    let encoder = Encoder::load(vocabulary, &weights)?;
    let (wall, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    println!(
        "{} layers loaded in {:.0} ms ({:.0} ms of processor time)",
        encoder.layers(),
        wall * 1e3,
        cpu * 1e3
    );
    let mut texts = Vec::new();
    for line in std::io::stdin().lines() {
        let post: serde_json::Value = serde_json::from_str(&line?)?;
        texts.push(post["text"].as_str().unwrap_or_default().to_owned());
    }
    let (mut scratch, mut out) = (Scratch::new(), Vec::new());
    measure("pieces alone", texts.len(), || {
        out.clear();
        let limit = encoder.max_tokens();
        texts
            .iter()
            .for_each(|t| encoder.pieces(t, limit, &mut scratch, &mut out));
        out.len()
    })?;
    let some = &texts[..texts.len().min(4 * batch)];
    measure(&format!("encoder, batches of {batch}"), some.len(), || {
        let counts = some.chunks(batch).map(|texts| {
            let encoded = encoder.encode(texts, &mut scratch);
            (0..encoded.len()).map(|i| encoded.pieces(i).len()).sum::<usize>()
        });
        counts.sum()
    })?;
    let status = std::fs::read_to_string("/proc/self/status")?;
    status
        .lines()
        .filter(|l| l.starts_with("VmRSS") || l.starts_with("Rss"))
        .for_each(|l| println!("{l}"));
    Ok(())
}
