//! How much planted personal data redaction finds, how much else it takes, and how long it needs; beside it Presidio's
//! recognisers on the same texts: `cargo run --release -p bench-redaction [-- --without-presidio]`.
//!
//! Two sets: made-up posts in seven languages (their development part, and the judged part on which nothing was tuned),
//! and the development part of Presidio's own synthetic set. Times are taken on real posts, too.

mod judge;
#[path = "../../../crates/post/tests/planted/mod.rs"]
mod planted;
mod presidio;
mod sets;
mod time;

use judge::{Found, judge};
use post::{Redactor, Secret};

fn main() -> anyhow::Result<()> {
    let redactor = Redactor::default();
    let texts = sets::all();
    let ours: Vec<Vec<Found>> = texts
        .iter()
        .map(|t| {
            let found = redactor.find(&t.text).into_iter();
            found
                .map(|(start, end, secret)| Found {
                    start,
                    end,
                    kind: kind(secret),
                })
                .collect()
        })
        .collect();
    judge("Groundswell", &texts, &ours);
    if !std::env::args().any(|a| a == "--without-presidio") {
        match presidio::run(&texts) {
            Ok(answers) => {
                let (found, micros): (Vec<_>, Vec<_>) = answers.into_iter().unzip();
                judge("Presidio", &texts, &found);
                time::print("all texts", micros);
            }
            Err(error) => println!("Presidio did not run: {error:#}"),
        }
    }
    time::measure(&redactor, &texts);
    Ok(())
}

fn kind(secret: Secret) -> &'static str {
    secret.placeholder().trim_matches(['[', ']'])
}
