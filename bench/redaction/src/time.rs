//! Microseconds for each post.

use crate::sets::{Text, shared};
use flate2::read::GzDecoder;
use post::Redactor;
use serde_json::Value;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::Instant;

/// Each text is read so often in a row, and its mean taken: the clock is too coarse for one.
const REPEATS: u32 = 20;

/// Median and 95th percentile on real posts that hold nothing, on real ones that do, and on the planted ones.
pub(crate) fn measure(redactor: &Redactor, texts: &[Text]) {
    println!("\n== time, on one thread");
    let planted: Vec<&str> = texts
        .iter()
        .filter(|t| !t.planted.is_empty())
        .map(|t| t.text.as_str())
        .collect();
    print("planted texts", times(redactor, &planted));
    let posts = real_posts();
    if posts.is_empty() {
        return;
    }
    let all: Vec<&str> = posts.iter().map(String::as_str).collect();
    let (personal, ordinary): (Vec<&str>, Vec<&str>) = all.iter().partition(|p| !redactor.find(p).is_empty());
    print("ordinary posts", times(redactor, &ordinary));
    print("real posts with personal data", times(redactor, &personal));
    println!(
        "of {} real posts {} hold personal data ({:.3} %)",
        all.len(),
        personal.len(),
        100.0 * personal.len() as f64 / all.len() as f64
    );
    if std::env::args().any(|a| a == "--show") {
        for post in personal {
            for (start, end, secret) in redactor.find(post) {
                let from = post.floor_char_boundary(start.saturating_sub(30));
                let to = post.ceil_char_boundary((end + 20).min(post.len()));
                println!(
                    "{secret:?}\t{}\t{}",
                    &post[start..end],
                    post[from..to].replace('\n', " ")
                );
            }
        }
    }
}

/// The workload's posts, which are real.
fn real_posts() -> Vec<String> {
    let Some(file) = shared("workload/posts.jsonl.gz").and_then(|p| File::open(p).ok()) else {
        return Vec::new();
    };
    let text = |line: String| {
        serde_json::from_str::<Value>(&line).ok()?["text"]
            .as_str()
            .map(str::to_owned)
    };
    BufReader::new(GzDecoder::new(file))
        .lines()
        .map_while(Result::ok)
        .filter_map(text)
        .collect()
}

fn times(redactor: &Redactor, texts: &[&str]) -> Vec<f64> {
    let time = |text: &&str| {
        let start = Instant::now();
        for _ in 0..REPEATS {
            black_box(redactor.find(black_box(text)));
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(REPEATS)
    };
    texts.iter().map(time).collect()
}

pub(crate) fn print(what: &str, mut micros: Vec<f64>) {
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| {
        micros
            .get(((micros.len() as f64 - 1.0) * share) as usize)
            .copied()
            .unwrap_or(0.0)
    };
    let mean = micros.iter().sum::<f64>() / micros.len().max(1) as f64;
    println!(
        "{what}: median {:.2} µs, p95 {:.2} µs, mean {mean:.2} µs ({} texts)",
        at(0.5),
        at(0.95),
        micros.len()
    );
}
