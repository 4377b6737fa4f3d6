//! VADER, and ONNX Runtime with an int8 MiniLM-L6, on the same tweets: `bench/models/rivals.sh` installs and runs them.

use crate::rows::Row;
use anyhow::{Context, Result};
use models::encoder::{Encoder, Scratch};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

/// Runs them and prints what they print.
pub(crate) fn run(encoder: &Encoder, tweets: &[&Row]) -> Result<()> {
    let folder = PathBuf::from("target/bench-models");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("rivals.jsonl");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path)?);
    let (mut scratch, mut pieces) = (Scratch::new(), Vec::new());
    for tweet in tweets {
        encoder.pieces(&tweet.text, encoder.max_tokens(), &mut scratch, &mut pieces);
        let line = serde_json::json!({
            "text": tweet.text, "label": tweet.class("sentiment"), "pieces": pieces.len(),
        });
        writeln!(file, "{line}")?;
    }
    file.flush()?;
    let mut script = Command::new("bench/models/rivals.sh");
    let done = script.arg(&path).status().context("bench/models/rivals.sh")?;
    if !done.success() {
        println!("the rivals did not run: {done}");
    }
    Ok(())
}
