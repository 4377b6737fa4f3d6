//! Posts tokenised per CPU second of one thread: `tokenise_speed POSTS.jsonl.gz [ROUNDS]`.
#![allow(clippy::unwrap_used)]

use flate2::read::GzDecoder;
use std::io::{BufRead, BufReader};

/// User and system time of this process in seconds. Read from the kernel, because other work on the machine would
/// distort wall time.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let file = std::fs::File::open(arguments.next().expect("a file of posts")).unwrap();
    let rounds: usize = arguments.next().map_or(10, |r| r.parse().unwrap());
    let texts: Vec<String> = BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| {
            let post: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
            post["text"].as_str().unwrap_or_default().to_owned()
        })
        .collect();
    let mut tokens = text::Tokens::new();
    let mut best = f64::INFINITY;
    let mut count = 0;
    for _ in 0..rounds {
        let start = cpu_seconds();
        count = 0;
        for text in &texts {
            tokens.read(text);
            count += tokens.len();
        }
        best = best.min(cpu_seconds() - start);
    }
    let posts = texts.len() as f64;
    println!(
        "{:.0} posts/cpu-s, {:.0} ns a post, {:.1} tokens a post",
        posts / best,
        best / posts * 1e9,
        count as f64 / posts
    );
}
