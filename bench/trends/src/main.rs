//! The detectors of `trends` beside the goals of their issue: `make bench-trends`.
//!
//! `bench-trends [--only peaks|synthetic|bursts|topics|copies|coordination|explain|relevance|cost]…`: labelled and recorded
//! data are read from the folder that GROUNDSWELL_SHARED names (default `../shared`); a part whose data are absent says so
//! and is skipped.

mod bursts;
mod clusters;
mod coordination;
mod copies;
mod cost;
mod explain;
mod input;
mod nab;
mod peaks;
mod relevance;
mod report;
mod synthetic;

use anyhow::{Context, Result, bail};

/// A part's name, and what prints its rows.
type Part = (&'static str, fn() -> Result<()>);

/// The parts, in the order of the table.
const PARTS: [Part; 9] = [
    ("peaks", peaks::run),
    ("synthetic", synthetic::run),
    ("bursts", bursts::run),
    ("topics", clusters::run),
    ("copies", copies::run),
    ("coordination", coordination::run),
    ("explain", explain::run),
    ("relevance", relevance::run),
    ("cost", cost::run),
];

fn main() -> Result<()> {
    let mut only: Vec<String> = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only" => only.push(words.next().context("--only needs a value")?),
            other => bail!("no such argument: {other}"),
        }
    }
    if let Some(unknown) = only.iter().find(|o| PARTS.iter().all(|(name, _)| name != o)) {
        bail!("no such part: {unknown}");
    }
    report::head();
    for (name, run) in PARTS {
        if only.is_empty() || only.iter().any(|o| o == name) {
            run().with_context(|| name.to_owned())?;
        }
    }
    Ok(())
}
