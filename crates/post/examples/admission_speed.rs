//! Microseconds that redaction and admission take: `admission_speed POSTS.jsonl[.gz] [ROUNDS]`, split by whether a
//! post holds personal data.
#![allow(clippy::unwrap_used)]

use post::{Admission, Mode, Policy, Pseudonyms, RawPost, Redactor};
use std::io::{BufRead, BufReader, Read};

/// Time this thread ran, in seconds. Read from the kernel, because other work on the machine would distort wall time.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    stat.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1e9
}

/// The best of some rounds, each long enough for the kernel's clock of a few milliseconds.
fn best(rounds: usize, posts: usize, mut work: impl FnMut()) -> f64 {
    let repeats = (200_000 / posts.max(1)).max(1);
    let once = |_| {
        let start = cpu_seconds();
        (0..repeats).for_each(|_| work());
        cpu_seconds() - start
    };
    (0..rounds).map(once).fold(f64::INFINITY, f64::min) / (repeats * posts.max(1)) as f64 * 1e6
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("a file of posts");
    let rounds: usize = arguments.next().map_or(5, |r| r.parse().unwrap());
    let file = std::fs::File::open(&path).unwrap();
    let input: Box<dyn Read> = if path.ends_with(".gz") {
        Box::new(flate2::read::GzDecoder::new(file))
    } else {
        Box::new(file)
    };
    let posts: Vec<RawPost> = BufReader::new(input)
        .lines()
        .filter_map(|l| serde_json::from_str(&l.unwrap()).ok())
        .collect();
    let redactor = Redactor::default();
    let (personal, ordinary): (Vec<_>, Vec<_>) =
        posts.iter().partition(|p| redactor.redact(&p.text).is_some());
    for (name, part) in [("ordinary", &ordinary), ("personal", &personal)] {
        let time = best(rounds, part.len(), || {
            for post in part {
                std::hint::black_box(redactor.redact(&post.text));
            }
        });
        println!("redaction, {} {name} posts: {time:.2} µs each", part.len());
    }
    let admission = Admission::new(Pseudonyms::new(&[1; 32]), &Policy::default());
    let time = best(rounds, posts.len(), || {
        for post in &posts {
            let _ = std::hint::black_box(admission.admit(post.clone(), Mode::Sealed, 1_700_000_000_000));
        }
    });
    println!("admission, with a copy of the raw post: {time:.2} µs each");
}
